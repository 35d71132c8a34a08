"""What is on the desk of the invented bureau by today: through the same doors as anybody, each act once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.catalogue.queries import calendar
from shiheng.city import days, files
from shiheng.city.files import Done, Matter
from shiheng.kernel import clock
from shiheng.procedures import actions, correcting
from shiheng.procedures.duty import actions as duty
from shiheng.procedures.models import Passage, Proceeding
from shiheng.subjects.models import Subject


def live(today: date, told: Callable[[str], object] = lambda _words: None) -> None:
    """Do what is missing of all that was done by ``today``."""
    people = {name: _who(name) for name in (files.CLERK, files.CHIEF, files.BESIDE)}
    plan = files.matters()
    firms = list(Subject.objects.filter(scope__startswith=days.DISTRICT, live=True, status="active").order_by("pk"))
    for place, matter in enumerate(plan):
        told(f"{place + 1}/{len(plan)}")
        firm = firms[place * 17 % len(firms)] if firms else None
        _matter(place, matter, firm, today, people)
    _mistake(people)


def _matter(place: int, matter: Matter, firm: Subject | None, today: date, people: dict[str, Who]) -> None:
    received, clerk = today - timedelta(days=matter.ago), people[files.CLERK]
    standing = []
    first, second = {
        "complaints.report": ("reporter", "target"),
        "complaints.complaint": ("complainant", "trader"),
        files.RIGHTS: ("holder", "infringer"),
    }.get(matter.code, ("asker", ""))
    if matter.person:
        standing.append(actions.Standing(first, matter.person, {"phone": matter.phone}))
    if second and firm:
        standing.append(actions.Standing(second, firm.name, subject=firm.pk))
    with clock.standing_at(_moment(received, 9)):
        made = actions.open_file(
            clerk, matter.code, matter.facts, parties=standing, subject=firm.pk if firm and second else None,
            scope=days.DISTRICT, key=_key(place, "open"),
        )  # fmt: skip
    if place % 3 == 0 and place % 2:
        chief = people[files.CHIEF]
        with clock.standing_at(_moment(received, 17)):
            duty.assign(chief, [made.pk], chief.account_id or 0, reason=files.GIVEN, key=_key(place, "assign"))
    for done in matter.done:
        day = _worked(received + timedelta(days=done.after))
        if day > today:
            break
        with clock.standing_at(_moment(day, 15)):
            beside = [people[files.BESIDE].key] if done.step in files.BY_TWO else []
            _step(made, place, done, people[done.by], beside)


def _worked(day: date) -> date:
    """The day itself or the next working day."""
    while not calendar().is_workday(day):
        day += timedelta(days=1)
    return day


def _step(made: Proceeding, place: int, done: Done, who: Who, beside: list[str]) -> None:
    facts = {name: value.format(n=place + 1) if isinstance(value, str) else value for name, value in done.facts.items()}
    actions.take(who, made.pk, done.step, facts, officers=beside, key=_key(place, done.step, done.after))


def _mistake(people: dict[str, Who]) -> None:
    """One step that was a slip, taken back by the chief."""
    slip = Passage.objects.filter(step="ask_proof", voided_at=None, proceeding__state="proof").order_by("pk").first()
    if slip is not None:
        correcting.void(
            people[files.CHIEF], slip.proceeding_id, slip.number, reason=files.MISTAKE, key=_key("void", slip.pk)
        )


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)


def _who(name: str) -> Who:
    return who_of(Account.objects.get(username=name))


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:files:" + ":".join(map(str, words)))
