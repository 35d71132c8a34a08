"""Rows of cases for pages to stand on: evidence carried over, goods that are held and counted, a reward."""

from types import SimpleNamespace
from typing import Any


def lending(cast: SimpleNamespace, held: Any) -> dict[str, Any]:
    """A case opened from the complaint with all of its evidence: pictures and a sound."""
    from shiheng.procedures import actions
    from shiheng.procedures.models import Carried, Evidence

    clue = {"summary": "无证经营", "source": "complaint", "topic": "食品安全", "violation": "food.unlicensed",
            "found_on": "2026-11-20", "place": "江口", "story": "没有证。", "mode": "own"}  # fmt: skip
    items = list(Evidence.objects.filter(proceeding=held, withdrawn_at=None).values_list("pk", flat=True))
    made = actions.open_file(
        cast.who("clerk"), "enforcement.case", clue, parties=[actions.Standing("party", "恒达食品店")],
        scope="4499.01.", about=held.pk, carried=items,
    )  # fmt: skip
    rows = Carried.objects.filter(proceeding=made)
    sound = rows.filter(evidence__media__startswith="audio/").values_list("number", flat=True)[0]
    picture = rows.filter(evidence__media__startswith="image/").values_list("number", flat=True)[0]
    return {"lending_case": made.pk, "carried": picture, "carried_sound": sound, **_goods(cast, made, len(items))}


def _goods(cast: SimpleNamespace, made: Any, rows: int) -> dict[str, Any]:
    """As many things seized in the case, each in a place of its own, and as many stocktakings of the first place."""
    from shiheng.procedures import actions
    from shiheng.procedures.flowing import actions as flowing
    from shiheng.procedures.models import Goods

    chief, clerk = cast.who("chief"), cast.who("clerk")
    actions.take(chief, made.pk, "verify", {"plan": "核查"}, officers=[clerk.key])
    seized = {"kind": "seizure", "quantity": "12 箱", "number": "扣 1", "approver": "局长", "cards": True,
              "filmed": True, "listed": True}  # fmt: skip
    for n in range(rows):
        facts = {**seized, "name": f"糕点{n}", "place": f"{n}号库"}
        actions.take(chief, made.pk, "seize", facts, officers=[clerk.key])
    first = Goods.objects.order_by("pk")[0]
    for _ in range(rows):
        taken = flowing.take_stock(chief, "0号库", {first.pk: 11}, other="李窗")
    return {"place": "0号库", "stocktake": taken.pk, **_reward(cast)}


def _reward(cast: SimpleNamespace) -> dict[str, Any]:
    """A reward the chief handles, for a report."""
    from shiheng.procedures import actions

    told = {"summary": "后厨用回收油", "channel": "counter", "kind": "食品安全", "leads": "每晚收油桶。"}
    report = actions.open_file(cast.who("chief"), "complaints.report", told, scope="4499.01.")
    asked = {"summary": "举报奖励申请", "code": "K7Q2M9XA", "case": "案 1", "fined": 100}
    standing = [actions.Standing("applicant", "卓报喜", {"phone": "13655556666"})]
    made = actions.open_file(
        cast.who("chief"), "complaints.reward", asked, parties=standing, scope="4499.01.", about=report.pk
    )
    return {"reward": made.pk}
