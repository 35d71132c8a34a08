"""The everyday of the invented bureau by today: a leave, a batch of the earlier system, a holiday that waits."""

from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import SYSTEM
from shiheng.accounts.queries import who_of
from shiheng.catalogue.actions import load_calendar
from shiheng.catalogue.queries import calendar
from shiheng.city import everyday
from shiheng.kernel import clock
from shiheng.ledger import files
from shiheng.procedures.duty import actions as duty
from shiheng.procedures.models import Leave, Move
from shiheng.procedures.moves import actions as moves
from shiheng.procedures.takeover import actions as takeover


def live(today: date) -> None:
    """Do what is missing of all that was done by ``today``."""
    people = {account.username: account for account in Account.objects.filter(username__in=everyday.PEOPLE)}
    chief, clerk = people.get(everyday.CHIEF), people.get(everyday.CLERK)
    if chief is None or clerk is None:
        return
    who = who_of(chief)
    with clock.standing_at(_moment(today, 9)):
        held = files.keep(everyday.batch(today).encode(), sealed=True)
        batch = takeover.begin(who, "complaints.complaint", held, everyday.BATCH_NAME, key=_key("batch"))
        takeover.confirm(who, batch.pk, key=_key("batch", "take"))
    deputy = people.get(everyday.DEPUTY, chief)
    since, until = (today + timedelta(days=n) for n in (everyday.AWAY_FROM, everyday.AWAY_UNTIL))
    if not Leave.objects.exists():
        with clock.standing_at(_moment(today, 10)):
            duty.enter_leave(who, clerk.pk, deputy.pk, since=since, until=until, reason=everyday.REASON,
                             key=_key("leave"))  # fmt: skip
    if not Move.objects.exists():
        day = calendar().next_workday(today + timedelta(days=1))
        with clock.standing_at(_moment(today, 11)):
            load_calendar(everyday.storm(day), who=SYSTEM, key="city:storm", filename=everyday.STOPPED)
            for move in moves.notice():
                moves.reckon(move.pk)


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "everyday:" + ":".join(map(str, words)))
