"""The public's counter of the invented bureau: letters by the net, followed and added to by those who sent them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.catalogue.queries import calendar
from shiheng.city import counter, days
from shiheng.city.counter import Letter
from shiheng.kernel import clock
from shiheng.procedures import actions
from shiheng.procedures.actions import Standing
from shiheng.procedures.contents import procedure_of
from shiheng.procedures.models import Proceeding
from shiheng.services import actions as services
from shiheng.services import letters
from shiheng.subjects.models import Subject

REQUESTS = 1000
"""From here on the places of requests for information: their keys stay apart from those of letters."""


def live(today: date, told: Callable[[str], object] = lambda _words: None) -> None:
    """Do what is missing of all that was sent and done by ``today``."""
    clerk = who_of(Account.objects.get(username=counter.CLERK))
    firms = list(Subject.objects.filter(scope__startswith=days.DISTRICT, live=True, status="active").order_by("pk"))
    plan = counter.letters()
    for place, letter in enumerate(plan):
        told(f"{place + 1}/{len(plan)}")
        _letter(place, letter, firms[(place * 41 + 5) % len(firms)] if firms else None, today, clerk)
    for place, letter in enumerate(counter.requests(), start=REQUESTS):
        _letter(place, letter, None, today, clerk)


def _letter(place: int, letter: Letter, firm: Subject | None, today: date, clerk: Who) -> None:
    sent = today - timedelta(days=letter.ago)
    with clock.standing_at(_moment(sent, 20)):
        procedure = procedure_of(letter.code, on=sent)
        kind, trader = letters.writer(procedure), letters.meant(procedure)
        parties = [Standing(kind.code, letter.person or "匿名", {"phone": letter.phone})] if kind else []  # not shown
        parties += [Standing(trader.code, firm.name, subject=firm.pk)] if trader and firm else []
        facts = {**letter.facts, "anonymous": True} if kind and kind.hidden and not letter.person else letter.facts
        made, _code = services.send(letter.code, facts, parties=parties, scope=days.DISTRICT, key=_key(place, "send"))
    acts = [(after, step, facts, "") for after, step, facts in letter.done]
    acts += [(after, said, {}, text) for after, said, text in letter.said]
    for after, act, given, text in sorted(acts, key=lambda one: one[0]):
        day = sent + timedelta(days=after) if not given else _worked(sent + timedelta(days=after))
        if day > today:
            return
        with clock.standing_at(_moment(day, 16)):
            _act(made, place, act, given, text, clerk)
    if letter.rated:
        _rate(made, place, letter.rated, today)


def _act(made: Proceeding, place: int, act: str, given: dict[str, object], text: str, clerk: Who) -> None:
    made.refresh_from_db()
    person = services.sender(made)
    if given:
        head = who_of(Account.objects.get(username=counter.CHIEF)) if act in counter.SIGNED else clerk
        actions.take(head, made.pk, act, given, key=_key(place, act))
    elif person and act == "withdraw" and made.ended:
        return  # done when this was played before
    elif person and act == "withdraw":
        services.withdraw(made, person, text, key=_key(place, act))
    elif person:
        services.add(made, person, act, text, key=_key(place, act))


def _rate(made: Proceeding, place: int, rated: tuple[int, str], today: date) -> None:
    made.refresh_from_db()
    person = services.sender(made)
    if person and made.ended and made.ended_on and made.ended_on < today:
        with clock.standing_at(_moment(made.ended_on + timedelta(days=1), 19)):
            services.rate(made, person, *rated, key=_key(place, "rate"))


def _worked(day: date) -> date:
    """The day itself or the next working day."""
    while not calendar().is_workday(day):
        day += timedelta(days=1)
    return day


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:counter:" + ":".join(map(str, words)))
