"""A walk through a procedure on paper: any step that is open, with any contents its model takes, on any later day."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from shiheng.catalogue.choices import offered
from shiheng.kernel.calendars import published_calendar
from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures.course import Course, Party, Passage
from shiheng.procedures.definition import OPENING, Procedure, Rules, Step
from shiheng.registers.definition import choices_of, hint_of

CALENDAR = published_calendar()
PEOPLE = ("chuang", "zhang", "cha", "shi")
WORKING = frozenset({"quiet", "ask_hearing", "announce", "arrived", "pay", "settle", "demand", "publish"})
DECIDING = frozenset({"file", "decide", "discuss", "defer", "apply_court", "close"})
Broken = Callable[[Course, Passage], str]
"""What a passage just taken breaks; empty when it breaks nothing."""


@dataclass
class Walked:
    """What a walk came by. ``held_back``: how often a step was refused by one guard alone, and by each whether the law
    would have been broken without it."""

    steps: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    parties: Counter[str] = field(default_factory=Counter)
    files: int = 0
    broken: list[str] = field(default_factory=list)
    held_back: dict[tuple[str, str], Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))


Path = tuple[tuple[int, str, Mapping[str, Any]], ...]
"""A way into a file: so many days after, which step, with what contents; its first part opens the file."""


@dataclass(frozen=True)
class Walker:
    """How to walk: by what rules a passage is judged, what the catalogue answers, who is about."""

    rules: Mapping[str, Broken]
    first: date
    longest: int = 40
    yes: float = 0.7
    seldom: bool = False  # steps seldom taken are taken rather
    catalogue: Rules | None = None
    people: tuple[str, ...] = PEOPLE
    paths: tuple["Path", ...] = ()  # some files have come so far already


def contents(
    model: type[BaseModel] | None, draw: random.Random, *, day: date | None = None, yes: float = 0.7,
    told: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Contents a model takes: any choice, any truth, some words, sometimes nothing where it may be; often what was
    told before."""
    found: dict[str, Any] = {}
    for name, info in (model.model_fields if model else {}).items():
        if not info.is_required() and draw.random() < 0.4 and bool not in _kinds(info):
            continue
        again = told is not None and name in told and bool not in _kinds(info) and draw.random() < 0.7
        found[name] = told[name] if again and told else _value(info, draw, day, yes, told or {})
    return {name: value for name, value in found.items() if value is not None}


def _kinds(info: FieldInfo) -> set[Any]:
    return {info.annotation, *get_args(info.annotation)}


def _value(info: FieldInfo, draw: random.Random, day: date | None, yes: float, told: Mapping[str, Any]) -> Any:
    kinds, source = _kinds(info), str(hint_of(info).get("taken_from") or "")
    choices = list(_offered(source, str(told.get("violation") or ""))) if source else list(choices_of(info))
    if bool in kinds:
        return draw.random() < yes
    if list[str] in kinds:
        return draw.sample(choices, draw.randint(1, min(3, len(choices)))) if choices else None if source else ["字"]
    if choices:
        return draw.choice(choices)
    if int in kinds:
        known = [value for value in told.values() if isinstance(value, int) and not isinstance(value, bool)]
        return draw.choice((0, 1, draw.randrange(100_000), draw.randrange(20_000_000), *known))
    if date in kinds:
        later = day + timedelta(days=draw.choice((0, 3, 15, 40))) if day else date(2026, 12, 31)
        return later.isoformat()
    if "pattern" in str(info.metadata):
        return f"{day or date(2026, 12, 30)} 09:30"
    return str(hint_of(info).get("widget") or "字")


_SOURCES: dict[tuple[str, str], list[str]] = {}


def _offered(source: str, violation: str) -> list[str]:
    if (source, violation) not in _SOURCES:
        _SOURCES[source, violation] = list(offered(source, on=date(2026, 5, 1), told={"violation": violation}))
    return _SOURCES[source, violation]


def walk(
    procedure: Procedure, steps: int, *, seed: int, rules: Mapping[str, Broken], first: date, longest: int = 40
) -> Walked:
    """So many accepted steps in files one after another; stops at the first rule a step breaks."""
    return walk_as(Walker(rules, first, longest), procedure, steps, seed=seed)


def walk_as(walker: Walker, procedure: Procedure, steps: int, *, seed: int) -> Walked:
    """The same, by a walker's own ways."""
    draw, seen = random.Random(seed), Walked()
    while sum(seen.steps.values()) < steps and not seen.broken:
        _file(walker, procedure, draw, seen)
    return seen


def _file(walker: Walker, procedure: Procedure, draw: random.Random, seen: Walked) -> None:
    day = walker.first + timedelta(days=draw.randrange(200))
    kinds = [kind.code for kind in procedure.parties if not kind.later]
    course = Course(procedure, parties=tuple(Party(n, kind) for n, kind in enumerate(kinds, start=1)))
    told = contents(procedure.facts, draw, day=day, yes=walker.yes)
    path = draw.choice(walker.paths) if walker.paths and draw.random() < 0.6 else ()
    told |= path[0][2] if path else {}
    course = course.after(_said(1, OPENING, day, draw.choice(walker.people[:2]), told))
    course, day = _along(walker, course, day, path[1:])
    seen.files += 1
    seen.states[course.state] += 1
    for _ in range(walker.longest):
        open_ = [step for step in procedure.steps_from(course.state) if not step.by_house]  # those come of other files
        if not open_ or course.ended:
            return
        step = _chosen(walker, course, open_, draw, seen)
        day += timedelta(days=draw.choice((0, 0, 1, 2, 5, 30)))
        party = course.next_party if step.adds else None
        if step.of_party:
            able = [n for n in course.of_kind(step.of_party)
                    if not step.party_from or course.party_state(n) in step.party_from]  # fmt: skip
            if not able:
                continue
            party = draw.choice(able)
        actor, other = draw.sample(walker.people, 2)
        careful = walker.yes if not walker.seldom or draw.random() < 0.75 else 0.4
        facts = contents(step.facts, draw, day=day, yes=careful, told=course.facts)
        officers = (other,) if step.officers > 1 and draw.random() < 0.9 else ()
        said = replace(_said(len(course.passages) + 1, step.code, day, actor, facts), party=party, officers=officers)
        objections = course.objections(
            step, actor=said.actor, facts=said.facts, day=day, calendar=CALENDAR, party=party, officers=officers,
            rules=walker.catalogue,
        )  # fmt: skip
        if objections:
            if len(objections) == 1 and objections[0].code in walker.rules:
                guard = objections[0].code
                seen.held_back[step.code, guard][any(rule(course, said) for rule in walker.rules.values())] += 1
            continue
        found = [f"{name}: {why}" for name, rule in walker.rules.items() if (why := rule(course, said))]
        seen.broken += found
        course = course.after(said)
        seen.steps[step.code] += 1
        seen.states[course.state] += 1
        if party:
            seen.parties[f"{step.party_kind}.{course.party_state(party)}"] += 1
        if found:
            return


def _along(walker: Walker, course: Course, day: date, path: Path) -> tuple[Course, date]:
    """Down a path that is open all the way: the case's officers do the work, others review and decide."""
    for later, code, facts in path:
        step = course.procedure.step(code)
        assert step is not None
        day += timedelta(days=later)
        worker = code in WORKING or step.officers > 1
        actor = walker.people[0] if worker else walker.people[-1 if code in DECIDING else -2]
        party = course.next_party if step.adds else (course.of_kind(step.of_party) or (None,))[0]
        said = replace(_said(len(course.passages) + 1, code, day, actor, facts), party=party,
                       officers=(walker.people[1],) if step.officers > 1 else ())  # fmt: skip
        objections = course.objections(step, actor=actor, facts=facts, day=day, calendar=CALENDAR, party=party,
                                       officers=said.officers, rules=walker.catalogue)  # fmt: skip
        assert objections == [], (code, objections)
        course = course.after(said)
    return course, day


def _chosen(walker: Walker, course: Course, open_: tuple[Step, ...], draw: random.Random, seen: Walked) -> Step:
    if not walker.seldom:
        return draw.choice(open_)
    weights = [_wanted(course, step, seen) for step in open_]
    return draw.choices(open_, weights)[0]


def _wanted(course: Course, step: Step, seen: Walked) -> float:
    """The rarer a step and where it leads, the rather; what ends a file seldom, for there is more to see in it."""
    found = 1 / (1 + seen.steps[step.code])
    if step.to and step.to != course.state:
        found += 2 / (1 + seen.states[step.to])
    if step.party_to:
        found += 1 / (1 + seen.parties[f"{step.party_kind}.{step.party_to}"])
    return found * (0.02 if step.to and course.procedure.state(step.to).ended else 1)


def _said(number: int, step: str, day: date, actor: str, facts: Mapping[str, Any]) -> Passage:
    return Passage(number, step, day, datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI), actor, facts=facts)


def without(procedure: Procedure, step: str, guard: str) -> Procedure:
    """The same procedure with one guard of one step gone."""

    def bare(held: Step) -> Step:
        return replace(held, guards=tuple(g for g in held.guards if g.code != guard)) if held.code == step else held

    return replace(procedure, steps=tuple(map(bare, procedure.steps)))


def guards_of(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Every step with each of its guards."""
    return ((step.code, guard.code) for step in procedure.steps for guard in step.guards)
