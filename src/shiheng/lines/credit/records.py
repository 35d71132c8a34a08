"""What lists and marks say in the file of the business: from the decision to its leaving, and nothing where undone."""

from collections.abc import Mapping
from typing import Any

from shiheng.lines.credit.facts.listing import EXITS, GROUNDS, MARKS
from shiheng.lines.credit.facts.repair import REPLIES
from shiheng.lines.credit.facts.serious import FIELDS
from shiheng.procedures.definition import Recorded

OFF = ("remove", "leave", "expire", "repaired")
REPAIRED = "准予信用修复"


def _left_for(course: Any, left: Any) -> str:
    """Why an entry left its list: by repair, for a told reason, or for what was asked."""
    if left.step == "repaired":
        return REPAIRED
    asked = course.last("ask")
    return left.facts.get("why") or (EXITS.get(asked.facts.get("exit"), "") if asked else "")


def _entry(course: Any, said: Mapping[str, Any], title: str, **more: Any) -> Mapping[str, Any] | None:
    listed = course.last("list")
    if listed is None or course.has("revoke", "annul"):
        return None
    left = course.last(*OFF)
    back = course.last("unrepaired")
    gone = left is not None and left.number > max(listed.number, back.number if back else 0)
    why = _left_for(course, left) if gone else None
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


def _beside(course: Any, said: Mapping[str, Any], day: Any, title: str, text: str) -> Mapping[str, Any] | None:
    about = str(course.opened.facts.get("about") or "")
    if not about or not text:
        return None
    facts = {"about": about, "text": text, "document": said["number"]}
    return {"day": day, "state": "", "title": title, "facts": facts}


def correction(course: Any, _party: int | None, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The answer to a correction, beside what it was asked for; nothing while nothing is decided."""
    made = course.last("decide")
    if made is None:
        return None
    told = REPLIES.get(made.facts.get("result"), "")
    text = "：".join(filter(None, (told, made.facts.get("shown"))))
    return _beside(course, said, made.day, "异议答复", text)


def statement(course: Any, _party: int | None, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the business says to a line, beside it as long as it is shown."""
    if course.state != "shown":
        return None
    return _beside(course, said, course.last("show").day, "当事人说明", str(course.opened.facts.get("text") or ""))


CORRECTION = (Recorded("reply", correction, "firm"),)
REPLY = (Recorded("reply", statement, "firm"),)
ABNORMAL = (Recorded("abnormal", abnormal, "firm"),)
MARK = (Recorded("abnormal", mark, "firm"),)
SERIOUS = (Recorded("serious", serious, "firm"),)
