"""经营异常名录、标记: what is told when a business is listed or marked, asks to leave, objects."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

NO_REPORT, NOT_PUBLISHED, FALSE, UNREACHABLE, NAME = "1", "2", "3", "4", "5"
GROUNDS = {
    NO_REPORT: "未按规定的期限公示年度报告",
    NOT_PUBLISHED: "未按责令的期限公示有关企业信息",
    FALSE: "公示信息隐瞒真实情况、弄虚作假",
    UNREACHABLE: "通过登记的住所或者经营场所无法联系",
    NAME: "企业名称被责令停止使用，逾期未办理名称变更",
}
"""As departments' lists call them; the last by 企业名称登记管理规定 art 23."""
MARKS = {
    NO_REPORT: "未按规定报送年度报告",
    FALSE: "年度报告隐瞒真实情况、弄虚作假",
    UNREACHABLE: "经营场所、联系方式无法联系",
}
BACK = {"returned": "退回，有邮局退件证明", "signed": "已签收", "waiting": "还没有结果"}
EXITS = {
    "reported": "补报年度报告并公示",
    "published": "履行公示义务",
    "corrected": "更正公示的信息",
    "moved": "办理住所、经营场所变更登记",
    "reached": "可以通过登记的住所、经营场所联系",
    "renamed": "办理名称变更登记",
}
FITS = {
    NO_REPORT: {"reported"}, NOT_PUBLISHED: {"published"}, FALSE: {"corrected"}, UNREACHABLE: {"moved", "reached"},
    NAME: {"renamed"},
}  # fmt: skip
"""By which way each ground is left."""


class Listing(BaseModel):
    """登记拟列入的情形"""

    summary: str = fact("事由摘要", max_length=120)
    ground: str = fact("列入的情形", choices=GROUNDS, indexed=True)
    year: int | None = fact("未报送的年度", ge=2013, le=2100, default=None, hint="只在未公示年度报告时填写。")
    story: str = fact("发现的经过", widget="textarea", max_length=2000)


class Marking(BaseModel):
    """登记拟标记的情形"""

    summary: str = fact("事由摘要", max_length=120)
    ground: str = fact("标记的情形", choices=MARKS, indexed=True)
    year: int | None = fact("未报送的年度", ge=2013, le=2100, default=None)
    story: str = fact("发现的经过", widget="textarea", max_length=2000)


class Ordered(BaseModel):
    """责令限期公示"""

    document: str = fact("责令通知书编号", max_length=80)
    until: date = fact("履行的期限")
    items: str = fact("应当公示的信息", max_length=500)


class Posted(BaseModel):
    """寄出专用信函"""

    letter: str = fact("邮件号码", max_length=40)
    address: str = fact("寄往的地址", max_length=200, hint="登记的住所或者经营场所。")


class Returned(BaseModel):
    """专用信函的结果"""

    result: str = fact("结果", choices=BACK)
    proof: str = fact("退件或者签收证明", max_length=200)


class Confirmed(BaseModel):
    """查实"""

    finding: str = fact("查实的情况", widget="textarea", max_length=2000)
    evidence: str = fact("依据的材料", max_length=500)


class Listed(BaseModel):
    """列入、标记决定"""

    document: str = fact("决定书编号", max_length=80)
    remedies: bool = fact("已写明复议、诉讼的途径和期限", default=False)


class NotListed(BaseModel):
    """不予列入"""

    why: str = fact("理由", max_length=1000)


class Asked(BaseModel):
    """申请移出、恢复"""

    exit: str = fact("申请的事由", choices=EXITS)
    proof: str = fact("提交的材料", max_length=500)
    person: str = fact("申请人", max_length=60, hint="到窗口办理的，核对身份并留存签字的申请书。")


class Verified(BaseModel):
    """查实申请的情况"""

    finding: str = fact("查实的情况", widget="textarea", max_length=1000)


class Removed(BaseModel):
    """移出、恢复决定"""

    document: str = fact("决定书编号", max_length=80)


class Kept(BaseModel):
    """不予移出、不予恢复"""

    document: str = fact("决定书编号", max_length=80)
    why: str = fact("理由", max_length=1000)


class Objected(BaseModel):
    """提出异议"""

    story: str = fact("异议的理由和证据", widget="textarea", max_length=2000)


class Answered(BaseModel):
    """对异议的处理"""

    document: str = fact("书面答复编号", max_length=80)
    why: str = fact("理由", widget="textarea", max_length=2000)


class Withdrawn(BaseModel):
    """撤回申请"""

    why: str = fact("撤回的原因", max_length=300)


class News(BaseModel):
    """信用修复的结果"""

    case: str = fact("修复案号", max_length=80)
    outcome: str = fact("结果", max_length=100)
    on: date = fact("日期")
