"""先行赔付台账: what markets, platforms and traders paid ahead as they promised, complaint by complaint."""

from datetime import date

from pydantic import BaseModel

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.lines.complaints.advance import KINDS, PAYMENTS
from shiheng.registers.definition import Basis, Register, State, declare, fact


class Payment(BaseModel):
    """先行赔付"""

    case: str = fact("投诉编号", indexed=True, max_length=60)
    payer: str = fact("赔付人", indexed=True, max_length=200)
    kind: str = fact("种类", indexed=True, choices=KINDS)
    promise: str = fact("依据的承诺", indexed=True, max_length=120)
    times: int = fact("赔付次数", indexed=True, ge=1, default=1)
    amount: int = fact("赔付金额", indexed=True, widget="money", ge=0)
    paid_on: date = fact("最近赔付日期", indexed=True)


declare(
    Register(
        code=PAYMENTS,
        title="先行赔付台账",
        in_force_from=date(2021, 1, 1),
        group="commitments",
        about="谁承诺、谁赔付、赔了多少：由投诉案卷登记的每一笔先行赔付、首负责任和惩罚性赔偿自动记入。",
        facts=Payment,
        basis=(Basis(LOCAL_CHOICE, note="本局自定，没有统一规定。"),),
        bound="thing",
        key=("case",),
        name="payer",
        owned=True,
        states=(State("on", "已赔付", "ok"), State("withdrawn", "登记已撤回", "done", ended=True)),
        moves=(),
        counted_by=("kind", "payer"),
    )
)
