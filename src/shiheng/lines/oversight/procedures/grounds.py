"""The articles these files rest on, and the conditions several of them share."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.procedures.definition import ANYONE, OPENING, Basis, Guard, Role, Step

RECONSIDERATION, LITIGATION, RULES, MONTHS = "行政复议法", "行政诉讼法", "行政处罚程序规定", "民法典"
STAFF = (*ANYONE, Role.LEGAL_REVIEWER)
"""Whoever handles files, and the legal section."""
LEADS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DEPUTY_HEAD, Role.BUREAU_HEAD)
CASES = ("complaints.", "enforcement.", "oversight.rehandling")
"""Files in which the bureau acts towards people: what is appealed against, and whose handlers stand back."""
SINCE = date(2024, 1, 1)
UNREAD = "条次和内容凭记忆，未见原文，待核对。"


def handled(*steps: Step) -> tuple[Step, ...]:
    """Steps that the legal section takes too, where no post is named."""
    return tuple(replace(step, by=STAFF) if step.by == ANYONE else step for step in steps)


def review(article: str) -> Basis:
    """An article of the reconsideration law as revised in 2023."""
    return Basis("行政复议法", article, SINCE, verified=True)


def suit(article: str) -> Basis:
    """An article of the litigation law as amended in 2017: a summary of it was read, the text itself is not at hand."""
    return Basis("行政诉讼法", article, date(2017, 7, 1), note="按摘要核对；原文未载入，待核对。")


def unread_suit(article: str) -> Basis:
    """An article of the litigation law that was not read for what it is cited for."""
    return Basis("行政诉讼法", article, date(2017, 7, 1), note=UNREAD)


def rules(article: str) -> Basis:
    """An article of the rules of penalty procedure as amended in 2022."""
    return Basis("市场监督管理行政处罚程序规定", article, date(2022, 11, 1), verified=True)


def chosen(note: str = "") -> Basis:
    """No instrument says so: the bureau chose."""
    return Basis(LOCAL_CHOICE, note=note)


OURS = chosen()
TERM = chosen("期限以交办、决定文书写明的日期为准。")


def ahead(_course: Any, given: Mapping[str, Any]) -> bool:
    """Whether the term named lies after the day of the step."""
    day, until = given.get("day_"), given.get("until")
    return not (day and until) or date.fromisoformat(str(until)) > day


LATER = Guard("until_past", "新的期限须晚于办理当日。", ahead, basis=OURS)


def lost(course: Any, _given: Mapping[str, Any]) -> bool:
    """Whether the act was found wanting."""
    from_remedies = course.facts.get("outcome") in LOST
    return from_remedies and course.has("decide", "judge", "judge_second")


def ordered_anew(course: Any, _given: Mapping[str, Any]) -> bool:
    """Whether the bureau was told to handle the matter anew, and no longer may appeal against it."""
    told = course.has("decide") or course.has("effective", "perform") or course.state == "effective"
    return told and bool(course.facts.get("redo"))


LOST = frozenset({"revoked", "partly", "changed", "unlawful", "void", "ordered"})
OPEN = OPENING
