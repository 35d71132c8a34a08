"""Goods a case holds, counted from what its steps say, and what the register of goods says of each.

What came in is what was released, confiscated, done away with, handed over and what is still held: every step moves
some from one to another, and the last step about a thing moves all that is left.
"""

import re
from typing import Any

from shiheng.lines.enforcement.procedures.grounds import Given, coercion, law
from shiheng.procedures.definition import Flow, Guard, Kept, Known, Stock

REGISTER = "enforcement.seized_goods"
_COUNT = re.compile(r"\s*(\d{1,12})\s*(\S{0,10})")
SETTLED = {"confiscated": "confiscated", "handed": "handed", "seized": "handed"}
"""Where goods go whose preservation ends so; however else it ends, they are given back."""


def counted(facts: Given) -> tuple[int, str]:
    """How many came in and of what: as counted, or as the words of the list begin."""
    found = _COUNT.match(str(facts.get("quantity") or ""))
    count = facts.get("count") or (int(found[1]) if found else 0) or 1
    return int(count), str((found[2] if found else "") or "件")  # not shown: a unit


def stock_of(course: Any, number: int, known: Known | None = None) -> Stock | None:
    """One thing a case holds or held; nothing where no step took it."""
    taken = course.last("seize", "preserve", party=number)
    if taken is None:
        return None
    count, unit = counted(taken.facts)
    parts = {"released": 0, "confiscated": 0, "gone": 0, "handed": 0}
    place = str(taken.facts.get("place") or "")
    for passage in course.live:
        if passage.party != number:
            continue
        step, some = passage.step, int(passage.facts.get("count") or 0)
        rest = count - sum(parts.values())
        if step == "release_part":
            parts["released"] += min(some, rest)
        elif step == "release":
            parts["released"] += rest
        elif step == "confiscate":
            parts["confiscated"] += rest
        elif step == "dispose":
            parts["gone"] += rest
        elif step == "hand_goods":
            parts["handed"] += rest
        elif step == "preserved_settled":
            parts[SETTLED.get(str(passage.facts.get("how")), "released")] += rest
        elif step == "goods_out":
            some = min(some, parts["confiscated"])
            parts["confiscated"] -= some
            parts["gone"] += some
        elif step == "store":
            place = str(passage.facts.get("place") or place)
    due = known.due.get("seizure") or known.due.get("preserved") if known else None
    value = int(taken.facts.get("value") or 0)
    return Stock(known.name if known else "", unit, place, count, value=value, due=due, **parts)


def _left(course: Any, given: Given) -> Stock | None:
    return stock_of(course, int(given.get("party_") or 0))


def _fewer(course: Any, given: Given) -> bool:
    held = _left(course, given)
    return held is None or not given.get("count") or 0 < int(given["count"]) < held.held


def _there(course: Any, given: Given) -> bool:
    held = _left(course, given)
    return held is None or not given.get("count") or 0 < int(given["count"]) <= held.confiscated


FEWER = Guard("fewer", "部分解除的数量须少于仍在保管的数量；全部解除的，请办理“解除查封、扣押”。", _fewer,
              basis=coercion("第二十八条"))  # fmt: skip
THERE = Guard("there", "处置的数量不能超过没收在库的数量。", _there, basis=law("第七十四条"))


def _state(course: Any, number: int, stock: Stock) -> str:
    """How the register calls it: where most of the last of it went."""
    if stock.held:
        taken = course.last("seize", "preserve", party=number)
        if taken.step == "preserve":
            return "preserved"
        return "sealed" if taken.facts.get("kind") == "sealing" else "seized"
    if stock.confiscated:
        return "confiscated"
    settled = course.last("preserved_settled", party=number)
    if settled is not None and settled.facts.get("how") == "seized":
        return "converted"
    return "handed" if stock.handed else "disposed" if stock.gone else "released"


def entry_of(course: Any, number: int, known: Known) -> Kept | None:
    """What the register of goods says of one thing."""
    stock = stock_of(course, number, known)
    if stock is None:
        return None
    facts = {
        "number": f"{known.number}-{number}", "thing": stock.thing[:100], "case": known.number[:60],
        "count": stock.count, "unit": stock.unit[:10], "value": stock.value or None, "kept_at": stock.place[:80],
        "decide_by": stock.due, "held": stock.held, "released": stock.released, "confiscated": stock.confiscated,
        "gone": stock.gone, "handed": stock.handed,
    }  # fmt: skip
    return Kept({name: value for name, value in facts.items() if value is not None}, _state(course, number, stock))


FLOWS = tuple(Flow(REGISTER, kind, entry_of, "withdrawn", stock_of) for kind in ("measure", "preserved"))
