"""A walk through a procedure on paper: any step that is open, with any contents its model takes, on any later day."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, get_args

from pydantic import BaseModel

from shiheng.kernel.calendars import published_calendar
from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures.course import Course, Party, Passage
from shiheng.procedures.definition import OPENING, Procedure, Step
from shiheng.registers.definition import choices_of, hint_of

CALENDAR = published_calendar()
PEOPLE = ("chuang", "zhang", "cha", "shi")
Broken = Callable[[Course, Passage], str]
"""What a passage just taken breaks; empty when it breaks nothing."""


@dataclass
class Walked:
    """What a walk came by."""

    steps: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    files: int = 0
    broken: list[str] = field(default_factory=list)


def contents(model: type[BaseModel] | None, draw: random.Random) -> dict[str, Any]:
    """Contents a model takes: any choice, any truth, some words, sometimes nothing where it may be."""
    found: dict[str, Any] = {}
    for name, info in (model.model_fields if model else {}).items():
        kinds = {info.annotation, *get_args(info.annotation)}
        offered = list(choices_of(info))
        if not info.is_required() and draw.random() < 0.4:
            continue
        if bool in kinds:
            found[name] = draw.random() < 0.7
        elif offered:
            found[name] = [draw.choice(offered)] if list[str] in kinds or str not in kinds else draw.choice(offered)
        elif int in kinds:
            found[name] = draw.randrange(0, 100_000)
        elif date in kinds:
            found[name] = "2026-12-31"
        elif hint_of(info).get("widget") == "textarea":
            found[name] = draw.choice(("字", "甲、乙"))
        else:
            found[name] = str(hint_of(info).get("widget") or "字")
    return found


def walk(
    procedure: Procedure, steps: int, *, seed: int, rules: Mapping[str, Broken], first: date, longest: int = 40
) -> Walked:
    """So many accepted steps in files one after another; stops at the first rule a step breaks."""
    draw, seen = random.Random(seed), Walked()
    while sum(seen.steps.values()) < steps and not seen.broken:
        _file(procedure, draw, seen, rules, first, longest)
    return seen


def _file(
    procedure: Procedure, draw: random.Random, seen: Walked, rules: Mapping[str, Broken], first: date, longest: int
) -> None:
    day = first + timedelta(days=draw.randrange(200))
    kinds = [kind.code for kind in procedure.parties if not kind.later]
    course = Course(procedure, parties=tuple(Party(n, kind) for n, kind in enumerate(kinds, start=1)))
    course = course.after(_said(1, OPENING, day, draw.choice(PEOPLE), contents(procedure.facts, draw)))
    seen.files += 1
    seen.states[course.state] += 1
    for _ in range(longest):
        open_ = procedure.steps_from(course.state)
        if not open_ or course.ended:
            return
        step = draw.choice(open_)
        day += timedelta(days=draw.choice((0, 0, 1, 2, 5, 30)))
        party = course.next_party if step.adds else None
        if step.of_party:
            if not (several := course.of_kind(step.of_party)):
                continue
            party = draw.choice(several)
        said = _said(len(course.passages) + 1, step.code, day, draw.choice(PEOPLE), contents(step.facts, draw), party)
        also = tuple(one for one in PEOPLE if one != said.actor)[: step.officers - 1]
        if course.objections(
            step, actor=said.actor, party=party, facts=said.facts, officers=also, day=day, calendar=CALENDAR
        ):
            continue
        found = [f"{name}: {why}" for name, rule in rules.items() if (why := rule(course, said))]
        seen.broken += found
        course = course.after(said)
        seen.steps[step.code] += 1
        seen.states[course.state] += 1
        if found:
            return


def _said(
    number: int, step: str, day: date, actor: str, facts: Mapping[str, Any], party: int | None = None
) -> Passage:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    return Passage(number, step, day, at, actor, facts=facts, party=party)


def without(procedure: Procedure, step: str, guard: str) -> Procedure:
    """The same procedure with one guard of one step gone."""

    def bare(held: Step) -> Step:
        return replace(held, guards=tuple(g for g in held.guards if g.code != guard)) if held.code == step else held

    return replace(procedure, steps=tuple(map(bare, procedure.steps)))
