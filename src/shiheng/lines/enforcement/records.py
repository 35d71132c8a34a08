"""What a penalty says in the file of the business: the decision as it stands, published or not, of each party."""

from collections.abc import Mapping
from typing import Any

from shiheng.lines.enforcement.facts import PENALTIES
from shiheng.procedures.definition import Recorded

NOT_YET, PUBLIC, STOPPED = "未公示", "公示中", "停止公示"
MENDED = "准予信用修复，提前停止公示"
SUMS = (("fine", "罚款"), ("gains_taken", "没收违法所得"), ("goods_taken", "没收非法财物，价值"))
UNDONE = frozenset({"annulled", "open"})


def _words(facts: Mapping[str, Any], titles: list[str]) -> str:
    """What was imposed, in one sentence."""
    sums = [f"{title}{facts[name] / 100:.2f}元" for name, title in SUMS if facts.get(name)]
    bare = [title for title in titles if title not in {"罚款", "没收违法所得", "没收非法财物"}]
    return "；".join((*bare, *sums)) + "。"


def penalty(course: Any, party: int | None, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A decision by the ordinary procedure; none before it is taken, or where it was undone."""
    made = course.last("decide", party=party)
    if made is None or course.party_state(party) in UNDONE:
        return None
    opened, found = course.opened.facts, course.last("conclude")
    titles = [PENALTIES.get(code, code) for code in made.facts.get("penalties") or ()]
    shown = course.last("publish", "unpublish", "repaired", "unrepaired", party=party)
    public, mended = shown and shown.step in {"publish", "unrepaired"}, shown and shown.step == "repaired"
    facts = {
        "title": opened.get("summary"), "document": said["paper"]("enforcement.penalty_decision", party),
        "case": said["number"], "procedure": "普通程序", "fact": found.facts.get("facts") if found else None,
        "types": "、".join(titles), "punishment": _words(made.facts, titles), "fine": str(made.facts.get("fine") or 0),
        "confiscated_gains": str(made.facts.get("gains_taken") or 0),
        "confiscated_goods": str(made.facts.get("goods_taken") or 0), "office": said["bureau"],
        "published": shown.day.isoformat() if public else None,
        "stopped_for": MENDED if mended else None,
    }  # fmt: skip
    state = NOT_YET if shown is None else PUBLIC if public else STOPPED
    return {"day": made.day, "state": state, "title": opened.get("summary") or "", "facts": facts}


def on_the_spot(course: Any, _party: int | None, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A penalty on the spot: never published."""
    made = course.last("decide")
    if made is None:
        return None
    opened = course.opened.facts
    titles = [PENALTIES.get(code, code) for code in made.facts.get("penalties") or ()]
    facts = {
        "title": opened.get("summary"), "document": said["paper"]("enforcement.spot_decision") or said["number"],
        "case": said["number"], "procedure": "简易程序", "fact": opened.get("story"), "types": "、".join(titles),
        "punishment": _words(made.facts, titles), "basis": made.facts.get("basis"),
        "fine": str(made.facts.get("fine") or 0), "office": said["bureau"],
    }  # fmt: skip
    return {"day": made.day, "state": NOT_YET, "title": opened.get("summary") or "", "facts": facts}


CASE = (Recorded("penalty", penalty, "party"),)
SPOT = (Recorded("penalty", on_the_spot, "party"),)
