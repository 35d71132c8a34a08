"""What a complaint says in the file of the trader, once it is accepted. A report says nothing anywhere."""

from collections.abc import Mapping
from typing import Any

from shiheng.lines.complaints.facts import CHANNELS
from shiheng.procedures.definition import Recorded

RESULTS = {"settle": "达成调解协议", "terminate": "终止调解"}


def complaint(course: Any, _party: int | None, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """An accepted complaint and how it ended; what was asked and by whom stays in the file."""
    taken = course.last("accept")
    if taken is None:
        return None
    opened, ended = course.opened, course.last("settle", "terminate")
    facts = {
        "title": opened.facts.get("kind"), "type": "投诉", "channel": CHANNELS.get(opened.facts.get("channel"), ""),
        "said": opened.facts.get("summary"), "amount": str(opened.facts.get("amount") or 0),
        "accepted": taken.day.isoformat(), "closed": ended.day.isoformat() if ended else None,
        "result": RESULTS.get(ended.step) if ended else None,
        "refunded": str(ended.facts.get("recovered") or 0) if ended and ended.step == "settle" else None,
        "office": said["bureau"], "publish": "同意" if opened.facts.get("publish") else None,
    }  # fmt: skip
    state = "已办结" if ended else "已受理"
    return {"day": opened.day, "state": state, "title": opened.facts.get("kind") or "", "facts": facts}


COMPLAINT = (Recorded("complaint", complaint, "trader"),)
