"""What lists and marks say in the file of the business: from the decision to its leaving, and nothing where undone."""

from collections.abc import Mapping
from typing import Any

from shiheng.lines.credit.facts.listing import EXITS, GROUNDS, MARKS
from shiheng.lines.credit.facts.serious import FIELDS
from shiheng.procedures.definition import Recorded

OFF = ("remove", "leave", "expire")


def _entry(course: Any, said: Mapping[str, Any], title: str, **more: Any) -> Mapping[str, Any] | None:
    listed = course.last("list")
    if listed is None or course.has("revoke", "annul"):
        return None
    left = course.last(*OFF)
    gone = left is not None and left.number > listed.number
    asked = course.last("ask")
    why = left.facts.get("why") or (EXITS.get(asked.facts.get("exit"), "") if asked else "") if gone else None
    facts = {
        "title": title, "office": said["bureau"], "document": listed.facts.get("document"), **more,
        "removed": left.day.isoformat() if gone else None, "removed_for": why,
        "removed_by": said["bureau"] if gone else None,
    }  # fmt: skip
    return {"day": listed.day, "state": "", "title": title, "until": left.day if gone else None, "facts": facts}


def abnormal(course: Any, _party: int | None, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return _entry(course, said, GROUNDS.get(course.opened.facts.get("ground"), ""))


def mark(course: Any, _party: int | None, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return _entry(course, said, MARKS.get(course.opened.facts.get("ground"), ""))


def serious(course: Any, _party: int | None, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return _entry(course, said, "列入严重违法失信名单", reason=FIELDS.get(course.opened.facts.get("field")))


ABNORMAL = (Recorded("abnormal", abnormal, "firm"),)
MARK = (Recorded("abnormal", mark, "firm"),)
SERIOUS = (Recorded("serious", serious, "firm"),)
