"""Letters of the invented bureau and what was made of them by today: read, judged, found to repeat, handled together;
learned from, and a proposal laid where an issue came to its limit."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.catalogue.queries import calendar
from shiheng.city import days, files, letters
from shiheng.city.letters import Letter
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.procedures import actions
from shiheng.procedures.models import Proceeding, Sketch
from shiheng.procedures.triage import actions as triage
from shiheng.procedures.triage import groups, kept, sketches, watch
from shiheng.subjects.models import Subject


def live(today: date, told: Callable[[str], object] = lambda _words: None) -> None:
    """Do what is missing of all that was done with letters by ``today``."""
    people = {name: _who(name) for name in (files.CLERK, files.CHIEF)}
    firms = list(Subject.objects.filter(scope__startswith=days.DISTRICT, live=True, status="active").order_by("-pk"))
    plan = letters.letters()
    sketches.refresh()
    made: list[tuple[Letter, Proceeding]] = []
    for place, letter in enumerate(plan):
        told(f"{place + 1}/{len(plan)}")
        firm = firms[letter.firm * 7 % len(firms)] if firms else None
        made.append((letter, _letter(place, letter, firm, today, people)))
    if firms:
        _together(made, today, people)
    _judge(made, today, people)
    _learn(people[files.CHIEF])
    with clock.standing_at(_moment(today, 8)):
        watch.run()


def _letter(place: int, letter: Letter, firm: Subject | None, today: date, people: dict[str, Who]) -> Proceeding:
    received, clerk = today - timedelta(days=letter.ago), people[files.CLERK]
    first, second = ("reporter", "target") if letter.code == files.REPORT else ("complainant", "trader")
    standing = [actions.Standing(first, letter.person, {"phone": letter.phone})]
    if firm:
        standing.append(actions.Standing(second, firm.name, subject=firm.pk))
    with clock.standing_at(_moment(received, 10)):
        made = actions.open_file(
            clerk, letter.code, letter.facts, parties=standing, subject=firm.pk if firm else None, scope=days.DISTRICT,
            key=_key(place, "open"),
        )  # fmt: skip
    for done in letter.done:
        day = _worked(received + timedelta(days=done.after))
        if day > today:
            break
        with clock.standing_at(_moment(day, 16)):
            actions.take(people[done.by], made.pk, done.step, done.facts, key=_key(place, done.step))
    return made


def _together(made: list[tuple[Letter, Proceeding]], today: date, people: dict[str, Who]) -> None:
    """The gym: six complaints in one group, accepted in one act; one left, the others mediate together."""
    rows = [row for letter, row in made if letter.role == "gym"]
    clerk = people[files.CLERK]
    with clock.standing_at(_moment(today, 9)):
        group = groups.form(clerk, [row.pk for row in rows], title=letters.GROUP_TITLE, key=_key("group"))
        groups.take(
            clerk, group.pk, "accept", files.ACCEPT, [row.pk for row in rows], papers=True, key=_key("group", "accept")
        )
        groups.leave(clerk, group.pk, rows[-1].pk, why=letters.LEFT_WHY, key=_key("group", "leave"))
        chosen = [row.pk for row in rows[:-1]]
        groups.take(clerk, group.pk, "mediate", letters.TOGETHER, chosen, key=_key("group", "mediate"))


def _judge(made: list[tuple[Letter, Proceeding]], today: date, people: dict[str, Who]) -> None:
    """Some letters were judged as suggested, a few otherwise; the repeated complaint was found to be one."""
    clerk = people[files.CLERK]
    rows = [row.pk for letter, row in made[::5] if letter.role != "repeated"]
    with clock.standing_at(_moment(today, 9)):
        for n, sketch in enumerate(Sketch.objects.filter(pk__in=rows).order_by("pk")):
            kind = letters.CORRECTED.get(sketch.kind, sketch.kind) if n % 4 == 3 else sketch.kind
            wants = sketch.wants or "complaint"
            chosen = {"kind": kind, "wants": wants, "urgent": sketch.urgent, "tags": sketch.tags}
            triage.judge(clerk, sketch.pk, chosen, key=_key("judge", sketch.pk))
        twice = [row.pk for letter, row in made if letter.role == "repeated" and letter.code == files.COMPLAINT]
        triage.same(clerk, twice[0], twice[1], is_same=True, key=_key("same"))


def _learn(chief: Who) -> None:
    """The district learned from what it closed, once; with too few closed it did not."""
    for bureau in kept.bureaux():
        if bureau.path == days.DISTRICT and kept.kept(bureau.path) is None:
            with suppress(Refused):
                kept.learn(bureau, who=chief)


def _worked(day: date) -> date:
    """The day itself or the next working day."""
    while not calendar().is_workday(day):
        day += timedelta(days=1)
    return day


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)


def _who(name: str) -> Who:
    return who_of(Account.objects.get(username=name))


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:letters:" + ":".join(map(str, words)))
