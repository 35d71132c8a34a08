"""Any walk through the files of the legal section keeps its rules; with any one guard gone, some walk breaks one."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest

from shiheng.procedures.contents import procedure_of
from shiheng.procedures.course import Course, Passage
from shiheng.procedures.definition import reached
from tests.procedures.walking import CALENDAR, Broken, walk, without

FIRST = date(2026, 4, 15)
STEPS = 15_000
LOST = {"revoked", "partly", "changed", "unlawful", "void", "ordered"}


def when(*steps: str, is_wrong: Callable[[Course, Passage], bool]) -> Broken:
    """A rule of some steps: in words where one of them was taken wrongly."""
    return lambda course, said: f"{said.step} wrongly" if said.step in steps and is_wrong(course, said) else ""


def _cause(_course: Course, said: Passage) -> bool:
    has = said.facts.get("cause", "none") != "none"
    return has if said.facts["outcome"] not in LOST else not has


def _redo(_course: Course, said: Passage) -> bool:
    if not said.facts.get("redo"):
        return False
    return said.facts["outcome"] not in LOST or not said.facts.get("redo_until")


def _past(_course: Course, said: Passage) -> bool:
    return date.fromisoformat(said.facts["until"]) <= said.day


def _too_late(course: Course, said: Passage) -> bool:
    assert course.opened is not None
    day, left = course.opened.day, 15
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.is_workday(day)
    return said.day > day


def _unfinished(course: Course, _said: Passage) -> bool:
    tasked = [passage.party for passage in course.taken("task")]
    finished = {passage.party for passage in course.taken("task_done")}
    return not set(tasked) <= finished


def _content(course: Course) -> str:
    rating = course.last("feedback")
    return str(rating.facts["content_with"]) if rating else ""


def _unrated(course: Course, _said: Passage) -> bool:
    answered, rated = course.last("reply"), course.last("feedback")
    return rated is None or (answered is not None and rated.number < answered.number)


def _sides(course: Course) -> set[str]:
    """The sides with somebody who came and did not leave."""
    left = {passage.party for passage in course.taken("leave")}
    return {str(passage.facts["side"]) for passage in course.taken("add_member") if passage.party not in left}


def _answer_over(course: Course, said: Passage) -> bool:
    """Whether the term of answering was over, reckoned by the day it shows in the course before the step."""
    held = course.clock("answer", CALENDAR)
    return held is not None and held.receipt.due_day is not None and said.day > held.receipt.due_day


def _asking(course: Course) -> bool:
    """Whether the last third party asked has not answered."""
    asked, said = course.last("third"), course.last("third_said")
    return asked is not None and (said is None or said.number < asked.number)


def _over_an_objection(course: Course, said: Passage) -> bool:
    answer = course.last("third_said")
    objected = answer is not None and answer.facts["opinion"] == "objects"
    return said.facts["reply_kind"] == "open" and objected and not said.facts.get("interest")


def _for_a_third_unasked(course: Course, said: Passage) -> bool:
    kept = said.facts["reply_kind"] in {"refused", "partly"} and said.facts.get("reply_ground") == "third"
    return kept and not course.has("third")


RULES: Mapping[str, Mapping[str, Broken]] = {
    "disclosure": {
        "third_open": when("draft", is_wrong=lambda course, _s: _asking(course)),
        "joint_asked": when("joint_said", is_wrong=lambda course, _s: not course.has("ask_joint")),
        "reasons": when("delay", is_wrong=lambda course, _s: not course.has("ask_reasons")),
        "until_past": when("delay", is_wrong=_past),
        "grounded": when("draft", is_wrong=lambda _c, said: said.facts["reply_kind"] in {"refused", "partly"}
                         and not said.facts.get("reply_ground")),
        "named": when("draft", is_wrong=lambda _c, said: said.facts["reply_kind"] == "elsewhere"
                      and not said.facts.get("reply_body")),
        "third_heard": when("draft", is_wrong=_over_an_objection),
        "third_asked": when("draft", is_wrong=_for_a_third_unasked),
        "reasons_asked": when("draft", is_wrong=lambda course, said: said.facts["reply_kind"] == "excessive"
                              and not course.has("ask_reasons")),
        "undelayed": when("extend", is_wrong=lambda course, _s: course.has("delay")),
        "in_time": when("extend", is_wrong=_answer_over),
        "apart": when("sign", is_wrong=lambda course, said: said.actor in {p.actor for p in course.taken("draft")}),
    },
    "reconsideration": {
        "evidence": when("draft", is_wrong=lambda _c, said: not said.facts.get("evidence")),
        "head": when("hear", is_wrong=lambda _c, said: said.facts["form"] == "hearing"
                     and not said.facts.get("head") and not said.facts.get("why_not")),
        "was_summary": when("to_ordinary", is_wrong=lambda course, _s: course.facts["kind"] != "summary"),
        "cause": when("decide", is_wrong=_cause),
        "redo": when("decide", is_wrong=_redo),
        "answered": when("decide", is_wrong=lambda course, said: not course.has("submit")
                         and not said.facts.get("unanswered")),
        "anew": when("comply", is_wrong=lambda course, said: bool(course.facts.get("redo"))
                     and not said.facts.get("rehandling")),
        "apart": when("sign", is_wrong=lambda course, said: said.actor in {p.actor for p in course.taken("draft")}),
    },
    "suit": {
        "evidence": when("draft", is_wrong=lambda _c, said: not said.facts.get("evidence")),
        "head": when("appear", is_wrong=lambda _c, said: said.facts["head"] == "staff"
                     and not said.facts.get("why_not")),
        "cause": when("judge", "judge_second", is_wrong=_cause),
        "redo": when("judge", "judge_second", is_wrong=_redo),
        "copy": when("appeal", is_wrong=lambda _c, said: said.facts["by"] != "bureau"
                     and not said.facts.get("received")),
        "anew": when("perform", is_wrong=lambda course, said: bool(course.facts.get("redo"))
                     and not said.facts.get("rehandling")),
    },
    "rehandling": {
        "until_past": when("extend", is_wrong=_past),
        "same": when("redecide", is_wrong=lambda course, said: bool(said.facts.get("same"))
                     and course.facts["cause"] != "procedure"),
    },
    "liability": {
        "heard": when("inquire", is_wrong=lambda _c, said: not said.facts.get("heard")),
        "interviewed": when("hold", is_wrong=lambda course, _s: not course.has("notify", "interview")),
    },
    "callback": {
        "reached": when("conclude", is_wrong=lambda course, _s: not course.has("call")
                        and len(course.taken("unreached")) < 3),
        "passed": when("conclude", is_wrong=lambda _c, said: said.facts["finding"] == "线索移交"
                       and not said.facts.get("passed_to")),
    },
    "assistance": {
        "we_got": when("inquire", "delay", "unable", is_wrong=lambda course, _s: course.facts["direction"] == "sent"),
        "we_sent": when("send", is_wrong=lambda course, _s: course.facts["direction"] == "received"),
        "in_time": when("delay", is_wrong=_too_late),
        "used": when("answer", is_wrong=lambda _c, said: bool(said.facts.get("recognised"))
                     and not said.facts.get("used")),
    },
    "consultation": {
        "several": when("minute", is_wrong=lambda _c, said: said.facts["count"] < 2),
        "agreed": when("minute", is_wrong=lambda _c, said: not said.facts.get("agreed")
                       and not said.facts.get("dissent")),
    },
    "supervised": {
        "until_past": when("extend", is_wrong=_past),
        "apart": when("submit", "return", is_wrong=lambda course, said: said.actor in
                      {p.actor for p in course.taken("report")}),
    },
    "proposal": {
        "talked": when("sign", is_wrong=lambda course, _s: not course.has("talk")),
        "feedback": when("again", "close", is_wrong=_unrated),
        "not_content": when("again", is_wrong=lambda course, _s: _content(course) != "不满意"),
        "content": when("close", is_wrong=lambda course, _s: _content(course) == "不满意"),
        "until_past": when("again", is_wrong=_past),
    },
    "joint_meeting": {
        "until_past": when("task", is_wrong=_past),
        "tasked": when("close", is_wrong=lambda course, _s: not course.has("task")),
        "all_done": when("close", is_wrong=_unfinished),
    },
    "lead": {
        "until_past": when("hand", "progress", "tell_progress", is_wrong=_past),
        "we_sent": when("hand", is_wrong=lambda course, _s: course.facts["direction"] == "received"),
        "we_got": when("take", "send_back", is_wrong=lambda course, _s: course.facts["direction"] == "sent"),
    },
    "joint": {
        "until_past": when("task", is_wrong=_past),
        "both_sides": when("meet", is_wrong=lambda course, _s: not {"ours", "police"} <= _sides(course)),
        "met": when("close", is_wrong=lambda course, _s: not course.has("meet")),
        "concluded": when("close", is_wrong=lambda course, _s: not course.has("result")),
        "tasks_done": when("close", is_wrong=_unfinished),
    },
}  # fmt: skip


@pytest.mark.parametrize("code", RULES)
def test_no_walk_breaks_a_rule_and_every_state_and_step_is_walked(code: str) -> None:
    procedure = procedure_of(f"oversight.{code}", on=FIRST)
    seen = walk(procedure, STEPS, seed=7, rules=RULES[code], first=FIRST)
    assert seen.broken == []
    assert {step.code for step in procedure.steps if seen.steps[step.code] < 20} == set()
    assert {state.code for state in procedure.states if seen.states[state.code] < 20} == set()
    assert reached(procedure, [procedure.first]) == {state.code for state in procedure.states}


GUARDS = [
    (code, step.code, guard.code)
    for code in RULES
    for step in procedure_of(f"oversight.{code}", on=FIRST).steps
    for guard in step.guards
]


@pytest.mark.parametrize(("code", "step", "guard"), GUARDS)
def test_with_any_one_guard_gone_some_walk_breaks_its_rule(code: str, step: str, guard: str) -> None:
    procedure = procedure_of(f"oversight.{code}", on=FIRST)
    seen = walk(without(procedure, step, guard), STEPS, seed=11, rules=RULES[code], first=FIRST)
    assert [one for one in seen.broken if one.startswith(f"{guard}:")], f"{step} without {guard} breaks nothing"


def test_every_guard_of_every_file_of_the_section_is_among_those_taken_away() -> None:
    assert len(GUARDS) >= 33
    assert {guard for _code, _step, guard in GUARDS} <= {name for rules in RULES.values() for name in rules}
