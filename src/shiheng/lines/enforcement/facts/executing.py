"""After service: payment, deferral, demand, court; remedies; publication; closing and archive."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact


class Paying(BaseModel):
    """缴款"""

    amount: int = fact("缴纳罚没款", widget="money", ge=1)
    late: int = fact("其中加处罚款", widget="money", ge=0, default=0)
    slip: str = fact("罚没票据号码", max_length=60)


class Deferring(BaseModel):
    """延期、分期缴纳"""

    kind: str = fact("方式", choices={"defer": "延期缴纳", "instalments": "分期缴纳"})
    until: date = fact("最后缴纳日期")
    asked: bool = fact("当事人书面申请并证明确有经济困难", default=False)
    number: str = fact("延期、分期缴纳罚款通知书编号", max_length=60)


class Demanding(BaseModel):
    """催告"""

    number: str = fact("履行催告书编号", max_length=60)
    owed: int = fact("催缴罚没款", widget="money", ge=0)
    late: int = fact("催缴加处罚款", widget="money", ge=0, default=0)
    proof: str = fact("送达证明", max_length=200)


class Applying(BaseModel):
    """申请人民法院强制执行"""

    court: str = fact("人民法院", max_length=100)
    number: str = fact("强制执行申请书编号", max_length=60)
    owed: int = fact("申请执行罚没款", widget="money", ge=0)
    late: int = fact("申请执行加处罚款", widget="money", ge=0, default=0)


class CourtEnded(BaseModel):
    """法院执行结束"""

    ruling: str = fact("裁定书编号", max_length=60)
    received: int = fact("执行到位", widget="money", ge=0, default=0)


class Settled(BaseModel):
    """确认履行完毕"""

    other: str = fact("其他处罚的履行情况", max_length=300, default="", hint="停产停业、吊销、没收财物等。")


class Remedied(BaseModel):
    """当事人申请复议、提起诉讼"""

    kind: str = fact("途径", choices={"reconsideration": "行政复议", "suit": "行政诉讼"})
    body: str = fact("复议机关、人民法院", max_length=100)
    document: str = fact("受理通知编号", max_length=60, default="")


class RemedyOver(BaseModel):
    """复议、诉讼结束"""

    outcome: str = fact(
        "结果",
        choices={"upheld": "维持、驳回", "changed": "变更", "annulled": "撤销、确认违法", "withdrawn": "撤回"},
    )
    document: str = fact("决定书、判决书编号", max_length=60)


class Annulled(BaseModel):
    """决定被撤销、变更"""

    document: str = fact("依据的决定书、判决书编号", max_length=60)
    refund: int = fact("应退还罚没款", widget="money", ge=0, default=0)


class Reopening(BaseModel):
    """重新处理"""

    document: str = fact("责令重新作出行政行为的文书编号", max_length=60)
    until: date = fact("重新处理的期限")


class Publishing(BaseModel):
    """公示行政处罚信息"""

    summary: str = fact("信息摘要", max_length=300)
    masked: bool = fact("已隐去依法不应公开的内容", default=False)
    until: date | None = fact("公示截止日期", default=None, hint="留空的按公示规定的最长期限。")


class Withdrawing(BaseModel):
    """撤回公示"""

    why: str = fact("撤回的原因", max_length=300)


class Mended(BaseModel):
    """信用修复的结果"""

    case: str = fact("修复案号", max_length=80)
    outcome: str = fact("结果", max_length=100)
    on: date = fact("日期")


class Closing(BaseModel):
    """结案"""

    ground: str = fact(
        "结案的情形",
        choices={
            "performed": "处罚决定执行完毕",
            "court": "人民法院裁定终结执行",
            "terminated": "案件终止调查",
            "spared": "不予处罚、违法事实不成立、移送",
            "other": "其他应当结案的情形",
        },
    )


class Archiving(BaseModel):
    """归档"""

    number: str = fact("档案号", max_length=60)
    pages: int = fact("正卷页数", ge=1)
    side: int = fact("副卷页数", ge=0, default=0)
