"""The desk of the legal section of the invented bureau by today: through the same doors as anybody, each act once."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.catalogue.queries import calendar
from shiheng.city import days, oversight
from shiheng.city.oversight import About, Act, Matter
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.procedures import actions
from shiheng.procedures.models import Passage, Proceeding


def live(today: date, told: Callable[[str], object] = lambda _words: None) -> None:
    """Do what is missing of all that was done by ``today``; what is about a file the city has not is left out."""
    plan, people, made = oversight.matters(), _people(), dict[str, Proceeding]()
    for place, matter in enumerate(plan, start=1):
        told(f"{place}/{len(plan)}")
        about = _earlier(matter.about, made) if matter.about else None
        if matter.about is not None and about is None:
            continue
        try:
            made[matter.name] = _matter(place, matter, about, today, people)
        except Refused as why:
            if not why.code.startswith("bond."):
                raise  # a holiday made the earlier file later than was thought: nothing follows from it yet


def _people() -> dict[str, Who]:
    names = {act.by for matter in oversight.matters() for act in matter.acts} | {m.by for m in oversight.matters()}
    names |= {act.other for matter in oversight.matters() for act in matter.acts if act.other}
    return {name: who_of(Account.objects.get(username=name)) for name in names}


def _earlier(about: About, made: Mapping[str, Proceeding]) -> Proceeding | None:
    if about.matter:
        return made.get(about.matter)
    held = Proceeding.objects.filter(procedure=about.code, scope__startswith=days.DISTRICT)
    rows = list((held.filter(state=about.state) if about.state else held).order_by("received_on", "pk")[:20])
    return rows[about.nth % len(rows)] if rows else None


def _matter(place: int, matter: Matter, about: Proceeding | None, today: date, people: Mapping[str, Who]) -> Proceeding:
    # Nobody appeals against what was not done yet.
    last = max(about.passages.values_list("day", flat=True)) if about else date.min
    received = _worked(min(max(today - timedelta(days=matter.ago), last), today))
    received = min(received, today)
    kind, name = matter.party
    parties = [actions.Standing(kind, name, {"phone": f"1990000{3000 + place}"})] if name else []
    with clock.standing_at(_moment(received, 9)):
        held = actions.open_file(
            people[matter.by], matter.code, _dated(matter.facts, received, place), parties=parties,
            scope=days.DISTRICT, about=about.pk if about else None, key=_key(place, "open"),
        )  # fmt: skip
    taken = list(Passage.objects.filter(proceeding=held).order_by("number").values_list("day", flat=True))
    last = taken[-1]
    for number, act in enumerate(matter.acts, start=1):
        if number < len(taken):  # done when this was interrupted
            continue
        last = max(_worked(received + timedelta(days=act.after)), last)
        if last > today:
            break
        _act(held, place, number, act, last, people)
    return held


def _act(held: Proceeding, place: int, number: int, act: Act, day: date, people: Mapping[str, Who]) -> None:
    with clock.standing_at(_moment(day, 15)):
        actions.take(
            people[act.by], held.pk, act.step, _dated(act.facts, day, place), party=act.party,
            officers=[people[act.other].key] if act.other else [], key=_key(place, number, act.step),
        )  # fmt: skip
        for form in oversight.PAPERS.get((held.procedure, act.step), ()):
            actions.make_paper(people[act.by], held.pk, form, key=_key(place, number, form))


def _dated(facts: Mapping[str, Any], day: date, place: int) -> dict[str, Any]:
    """Days written as ``+12`` become days; numbers of papers get a number."""
    found: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, str) and value[:1] in {"+", "-"} and value[1:].isdigit():
            found[name] = (day + timedelta(days=int(value))).isoformat()
        elif value is not None:
            found[name] = value.format(n=place) if isinstance(value, str) else value
    return found


def _worked(day: date) -> date:
    """The day itself or the next working day."""
    while not calendar().is_workday(day):
        day += timedelta(days=1)
    return day


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:oversight:" + ":".join(map(str, words)))
