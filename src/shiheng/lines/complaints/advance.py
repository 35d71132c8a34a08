"""先行赔付、首负责任和短斤缺两惩罚性赔偿: who promised, and each payment as the complaint records it."""

from datetime import date
from typing import Any

from pydantic import BaseModel

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.procedures.definition import Basis, Flow, Kept, Known, Step, fact

PAYMENTS = "complaints.advance_payments"
KINDS = {
    "advance": "先行赔付",
    "first": "首负责任赔付",
    "short": "短斤缺两惩罚性赔偿",
    "platform": "平台先行赔付",
}


class Advanced(BaseModel):
    """先行赔付"""

    kind: str = fact("种类", choices=KINDS)
    payer: str = fact("赔付人", max_length=200, hint="市场开办者、柜台出租者、平台或者经营者。")
    promise: str = fact(
        "依据的承诺", max_length=120, hint="名录和条目，例如“放心消费承诺单位：恒达食品店”；没有承诺的写明依据。"
    )
    amount: int = fact("赔付金额", widget="money", ge=1)
    base: int = fact("其中货款", widget="money", ge=0, default=0)
    paid_on: date = fact("赔付日期")
    receipt: str = fact("收条、转账凭证", max_length=100)


def advance(came_from: tuple[str, ...]) -> Step:
    """The step in which a payment ahead of any duty is recorded; there may be several."""
    return Step(
        "advance", "登记先行赔付", came_from, facts=Advanced, basis=Basis(LOCAL_CHOICE),
        about="市场、平台、经营者按承诺先行赔付的，每一笔记一次；列入先行赔付台账。",
    )  # fmt: skip


def payments_of(course: Any, _number: int, known: Known) -> Kept | None:
    """What was paid in one complaint, all payments together."""
    held = course.taken("advance")
    if not held:
        return None
    last = held[-1].facts
    facts = {
        "case": known.number[:60], "payer": str(last["payer"])[:200], "kind": last["kind"],
        "promise": str(last["promise"])[:120], "times": len(held),
        "amount": sum(int(passage.facts.get("amount") or 0) for passage in held), "paid_on": last["paid_on"],
    }  # fmt: skip
    return Kept(facts, "on", subject=known.subject)


FLOW = Flow(PAYMENTS, "", payments_of, "withdrawn")
