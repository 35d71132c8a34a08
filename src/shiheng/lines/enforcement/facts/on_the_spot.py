"""当场处罚: what is told on the spot, and how the money goes to the bank."""

from pydantic import BaseModel

from shiheng.lines.enforcement.facts.inquiry import TOPICS
from shiheng.procedures.definition import fact

SPOT_PENALTIES = {"1A": "警告", "2A": "罚款"}
CASH_GROUNDS = {
    "small": "一百元以下的罚款",
    "hard": "不当场收缴事后难以执行",
    "remote": "边远、水上、交通不便地区，经当事人提出",
}


class Spot(BaseModel):
    """当场发现的违法行为"""

    summary: str = fact("违法事实摘要", max_length=120)
    topic: str = fact("违法行为类别", choices=TOPICS, indexed=True)
    violation: str = fact("违法行为", taken_from="violations", widget="select")
    person: bool = fact("当事人是自然人", default=False)
    place: str = fact("地点", max_length=200)
    story: str = fact("违法事实和现场情况", widget="textarea", max_length=2000)
    cards: bool = fact("已出示执法证件", default=False)
    evidence: str = fact("收集的证据", max_length=500)


class SpotTold(BaseModel):
    """当场告知"""

    proposal: str = fact("拟处罚的内容、事实、理由和依据", widget="textarea", max_length=1000)
    rights: bool = fact("已告知陈述、申辩的权利", default=False)


class SpotDefence(BaseModel):
    """记录陈述、申辩"""

    story: str = fact("陈述、申辩的内容", widget="textarea", max_length=1000, hint="没有提出的写“没有陈述申辩”。")
    checked: str = fact("复核情况", max_length=500)


class SpotDecided(BaseModel):
    """当场处罚决定"""

    penalties: list[str] = fact("处罚种类", choices=SPOT_PENALTIES, min_length=1)
    fine: int = fact("罚款", widget="money", ge=0, default=0)
    basis: str = fact("处罚依据", max_length=300)
    signed: str = fact("当事人签收", choices=("已签收", "拒绝签收，已注明"))
    remedies: bool = fact("已告知复议的途径和期限", default=False, hint="对当场处罚不服的，先申请行政复议。")


class SpotCash(BaseModel):
    """当场收缴罚款"""

    ground: str = fact("当场收缴的情形", choices=CASH_GROUNDS)
    asked: bool = fact("当事人提出当场缴纳", default=False)
    receipt: str = fact("财政部门统一制发的票据号码", max_length=60)


class SpotHanded(BaseModel):
    """罚款上交"""

    slip: str = fact("交款凭证", max_length=60)


class SpotPaid(BaseModel):
    """自行到银行缴纳"""

    slip: str = fact("罚没票据号码", max_length=60)


class SpotArchived(BaseModel):
    """归档"""

    number: str = fact("档案号", max_length=60)
