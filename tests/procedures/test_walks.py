"""Any walk through complaints and reports keeps to the law; with any one guard gone, some walk does not."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from shiheng.procedures.contents import procedure_of
from shiheng.procedures.course import Course, Passage
from shiheng.procedures.definition import reached
from tests.procedures.walking import CALENDAR, Broken, walk, without

FIRST = date(2026, 4, 15)
STEPS = 50_000


def _mediated(course: Course, said: Passage) -> str:
    both = said.facts.get("complainant_agrees") and said.facts.get("trader_agrees")
    return "" if said.step != "mediate" or both else "mediated without the consent of both"


def _beforehand(_course: Course, said: Passage) -> str:
    bare = said.step == "mediate" and said.facts["way"] == "site" and not said.facts.get("at_place")
    return "on site, and nobody was told when and where" if bare else ""


def _remedies(_course: Course, said: Passage) -> str:
    return "refused, and no other way told" if said.step == "refuse" and not said.facts.get("remedies") else ""


def _early(course: Course, said: Passage) -> str:
    """Counted here by hand: sixty days after acceptance, and every day of an appraisal left out."""
    if said.step != "terminate" or said.facts["ground"] != "T5":
        return ""
    accepted = course.last("accept")
    assert accepted is not None
    day, left, begun = accepted.day, 60, None
    spans = []
    for passage in course.live:
        if passage.step == "appraise":
            begun = passage.day
        if passage.step == "appraised" and begun:
            spans.append((begun, passage.day))
            begun = None
    while left:
        day += timedelta(days=1)
        if begun and day >= begun:
            return "ended for want of time while the clock stood still"
        left -= not any(first <= day <= last for first, last in spans)
    while CALENDAR.kind_of(day).is_festival:
        day += timedelta(days=1)
    return "" if said.day > day else "ended for want of time that was not over"


def _recusal(course: Course, said: Passage) -> str:
    open_ = course.last("recusal") is not None and not course.since("recusal", "recusal_decided")
    return "mediated while a recusal was open" if open_ and said.step in {"settle", "mediate"} else ""


COMPLAINT: Mapping[str, Broken] = {
    "consent": _mediated, "beforehand": _beforehand, "remedies": _remedies, "not_early": _early,
    "recusal_open": _recusal,
}  # fmt: skip


def _four_eyes(course: Course, said: Passage) -> str:
    by = course.last("verify")
    own = said.step in {"file", "no_file", "longer"} and by is not None and by.actor == said.actor
    return "decided by whoever verified" if own else ""


def _longer_once(course: Course, said: Passage) -> str:
    return "made longer twice" if said.step == "longer" and course.has("longer") else ""


REPORT: Mapping[str, Broken] = {"apart": _four_eyes, "once": _longer_once}


@pytest.mark.parametrize(("code", "rules"), [("complaints.complaint", COMPLAINT), ("complaints.report", REPORT)])
def test_no_walk_breaks_the_law_and_every_state_and_step_is_walked(code: str, rules: Mapping[str, Broken]) -> None:
    procedure = procedure_of(code, on=FIRST)
    seen = walk(procedure, STEPS, seed=7, rules=rules, first=FIRST)
    assert seen.broken == []
    assert sum(seen.steps.values()) >= STEPS
    taken = [step for step in procedure.steps if not step.by_house]  # what the house takes comes of other files
    assert {step.code for step in taken if seen.steps[step.code] < 50} == set()
    assert {state.code for state in procedure.states if seen.states[state.code] < 50} == set()
    assert reached(procedure, [procedure.first]) == {state.code for state in procedure.states}


GUARDS = [
    ("refuse", "remedies"), ("mediate", "consent"), ("mediate", "beforehand"), ("mediate", "recusal_open"),
    ("settle", "recusal_open"), ("terminate", "not_early"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "guard"), GUARDS)
def test_with_any_one_guard_gone_some_walk_breaks_the_law(step: str, guard: str) -> None:
    procedure = procedure_of("complaints.complaint", on=FIRST)
    seen = walk(without(procedure, step, guard), STEPS, seed=11, rules=COMPLAINT, first=FIRST)
    assert [one for one in seen.broken if one.startswith(f"{guard}:")], f"{step} without {guard} breaks nothing"


def test_every_guard_is_among_those_that_were_taken_away() -> None:
    procedure = procedure_of("complaints.complaint", on=FIRST)
    assert {(step.code, guard.code) for step in procedure.steps for guard in step.guards} == set(GUARDS)
