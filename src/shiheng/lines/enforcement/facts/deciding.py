"""From the end of the inquiry to the decision and its service."""

from datetime import date

from pydantic import BaseModel

from shiheng.lines.enforcement.facts import PENALTIES, SERVED_BY
from shiheng.procedures.definition import fact

STAGES = {"first": "一般情形", "refused": "拒不改正、逾期未改正", "serious": "情节严重"}
GRADES = {
    "none": "不予处罚",
    "reduced": "减轻处罚",
    "lighter": "从轻处罚",
    "general": "一般处罚",
    "heavier": "从重处罚",
}


class Concluding(BaseModel):
    """调查终结"""

    facts: str = fact("查明的事实和证据", widget="textarea", max_length=8000)
    nature: str = fact("案件性质", max_length=500)
    gaps: str = fact("证据不足的说明", widget="textarea", max_length=1000, default="",
                     hint="构成要件还没有证据的，写明为什么不影响认定。")  # fmt: skip
    goods: int = fact("货值金额", widget="money", ge=0, default=0, group="裁量")
    gains: int = fact("违法所得", widget="money", ge=0, default=0)
    turnover: int = fact("违法经营额", widget="money", ge=0, default=0)
    fee: int = fact("广告费用", widget="money", ge=0, default=0)
    capital: int = fact("虚报、抽逃的金额", widget="money", ge=0, default=0)
    stage: str = fact("情形", choices=STAGES, default="first")
    factors: list[str] = fact("情节", taken_from="factors", default=[])
    grade: str = fact("裁量等级", choices=GRADES, default="", widget="select", hint="留空的按情节提出。")
    proposal: str = fact("处理意见和依据", widget="textarea", max_length=2000, group="审核")
    replies: list[str] = fact("对退回意见的逐条回应", default=[], hint="审核退回过的，按退回意见的次序每条一行。")
    public_interest: bool = fact("涉及重大公共利益", default=False)
    difficult: bool = fact("案件疑难复杂", default=False)
    legal_relations: int = fact("涉及的法律关系", ge=1, le=20, default=1)


class Reviewing(BaseModel):
    """审核"""

    kind: str = fact("审核种类", choices={"legal": "法制审核", "case": "案件审核"})
    settled: bool = fact("退回的意见已经逐条落实", default=False, hint="退回过的，逐条核对回应以后勾选。")
    opinion: str = fact("审核意见", widget="textarea", max_length=2000)


class ReviewingAgain(BaseModel):
    """告知、听证后的法制审核"""

    opinion: str = fact("审核意见", widget="textarea", max_length=2000)


class Returning(BaseModel):
    """审核退回"""

    ask: str = fact("建议", choices={"correct": "纠正", "supplement": "补充调查", "other": "其他"})
    points: list[str] = fact("逐条意见", min_length=1, hint="每条一行，写明依据的条款。")


class Noticing(BaseModel):
    """行政处罚告知"""

    penalties: list[str] = fact("拟处罚的种类", choices=PENALTIES, min_length=1)
    fine: int = fact("拟罚款", widget="money", ge=0, default=0)
    gains_taken: int = fact("拟没收违法所得", widget="money", ge=0, default=0)
    goods_taken: int = fact("拟没收非法财物价值", widget="money", ge=0, default=0)
    person: bool = fact("当事人是自然人", default=False)
    reasons: str = fact("事实、理由和依据", widget="textarea", max_length=4000)
    spoke: bool = fact("已告知陈述、申辩的权利", default=False)
    hearing: bool = fact("已告知要求听证的权利", default=False)
    way: str = fact("送达方式", choices=SERVED_BY)
    proof: str = fact("送达证明", max_length=200)


class Defending(BaseModel):
    """陈述、申辩"""

    story: str = fact("陈述、申辩的内容", widget="textarea", max_length=4000)
    accepted: bool = fact("采纳", default=False)
    checked: str = fact("复核情况和理由", widget="textarea", max_length=2000)


class Quiet(BaseModel):
    """没有陈述、申辩"""

    how: str = fact("情形", choices={"written": "书面放弃", "expired": "期限届满没有提出"})


class AskHearing(BaseModel):
    """要求听证"""

    how: str = fact("提出方式", choices=("书面", "当场在送达回证上提出"))


class HearingNotice(BaseModel):
    """听证通知"""

    on: date = fact("听证日期")
    place: str = fact("听证地点", max_length=200)
    host: str = fact("听证主持人", max_length=60)
    open_: bool = fact("公开举行", default=True)


class Heard(BaseModel):
    """举行听证"""

    signed: str = fact("笔录", choices=("当事人已签字", "当事人拒绝签字，已注明"))
    report: str = fact("听证报告的意见", widget="textarea", max_length=2000)


class NotHeard(BaseModel):
    """听证终止"""

    why: str = fact("情形", choices=("当事人撤回听证要求", "无正当理由不出席", "未经许可中途退出"))


class Discussing(BaseModel):
    """集体讨论"""

    session: str = fact("集体讨论记录编号", max_length=60)
    present: list[str] = fact("出席人员", min_length=2, hint="每人一行。")
    opinions: str = fact("各人意见", widget="textarea", max_length=4000)
    resolution: str = fact("讨论结论", widget="textarea", max_length=1000)


class Deciding(BaseModel):
    """行政处罚决定"""

    penalties: list[str] = fact("处罚种类", choices=PENALTIES, min_length=1)
    fine: int = fact("罚款", widget="money", ge=0, default=0)
    gains_taken: int = fact("没收违法所得", widget="money", ge=0, default=0)
    goods_taken: int = fact("没收非法财物价值", widget="money", ge=0, default=0)
    deviates: str = fact("偏离裁量基准的理由", widget="textarea", max_length=1000, default="")
    answered: str = fact("陈述、申辩和听证意见的采纳情况", widget="textarea", max_length=2000, default="")
    new_facts: bool = fact("处罚加重是因为查明了新的违法事实，已重新告知", default=False)
    remedies: bool = fact("写明复议、诉讼的途径和期限", default=False)


class Sparing(BaseModel):
    """不予行政处罚等决定"""

    outcome: str = fact(
        "处理结果",
        choices={
            "no_penalty": "不予行政处罚",
            "not_established": "违法事实不成立",
            "agency": "移送其他行政机关",
            "judicial": "移送司法机关",
        },
    )
    leniency: str = fact("减免责清单事项", taken_from="leniency", widget="select", default="")
    first_time: bool = fact("经查是初次违法", default=False)
    harm: str = fact("危害后果", choices={"none": "没有造成危害后果", "slight": "危害后果轻微"}, default="")
    corrected: bool = fact("已经改正", default=False)
    educated: bool = fact("已对当事人进行教育", default=False)
    why: str = fact("理由", widget="textarea", max_length=2000)


class Serving(BaseModel):
    """送达决定书"""

    way: str = fact("送达方式", choices=SERVED_BY)
    confirmed: bool = fact("有签字的送达地址确认书并同意电子送达", default=False)
    receiver: str = fact("收件人", max_length=60)
    proof: str = fact("送达证明", max_length=200)
    told_publish: bool = fact("已书面告知将公示行政处罚信息", default=False)


class Announcing(BaseModel):
    """公告送达"""

    where: str = fact("公告的地方", max_length=200)
    tried: str = fact("用尽其他方式的经过", widget="textarea", max_length=1000)
    told_publish: bool = fact("公告写明将公示行政处罚信息", default=False)


class Arrived(BaseModel):
    """公告期满，视为送达"""

    proof: str = fact("公告的证明", max_length=200)
