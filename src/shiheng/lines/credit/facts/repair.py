"""信用修复、异议更正: what is told from the application to its execution."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

KINDS = {
    "abnormal": "移出经营异常名录", "mark": "恢复个体工商户正常记载状态", "serious": "提前移出严重违法失信名单",
    "penalty": "提前停止公示行政处罚信息",
}  # fmt: skip
SEVERAL = {"ordinary": "一般领域", "grave": "食品、药品、特种设备领域"}
NEVER = {
    "none": "没有", "stopped": "责令停产停业", "restricted": "限制开展生产经营活动", "career": "限制从业",
    "lowered": "降低资质等级", "revoked": "吊销许可证件、营业执照",
}  # fmt: skip
"""Penalties whose publication is never stopped early (公示规定 art 14)."""
REPLIES = {"corrected": "更正", "deleted": "撤下", "kept": "信息无误，维持", "marked": "标注异议和答复"}


class Repair(BaseModel):
    """申请信用修复"""

    summary: str = fact("申请事项摘要", max_length=120)
    kind: str = fact("修复的种类", choices=KINDS, indexed=True)
    document: str = fact("决定书编号", max_length=80, hint="列入、标记或者处罚决定书的编号。")
    about: str = fact("所涉的记录", max_length=280, default="", hint="网上提出的由平台填写。")
    since: date = fact("列入、公示的日期")
    field: str = fact("处罚领域", choices=SEVERAL, default="ordinary")
    never: str = fact("处罚种类中有没有不得提前停止公示的", choices=NEVER, default="none")
    done: bool = fact("已自觉履行义务", default=False, group="条件")
    harmless: bool = fact("已主动消除危害后果和不良影响", default=False)
    again: bool = fact("因同一类违法行为再次受到处罚", default=False)
    listed: bool = fact("还在经营异常名录或者严重违法失信名单", default=False)
    promise: str = fact("信用承诺", widget="textarea", max_length=1000)


class Withdrawn(BaseModel):
    """撤回"""

    why: str = fact("撤回的原因", max_length=300)


class Asking(BaseModel):
    """要求补正"""

    items: str = fact("需要补正的材料", max_length=500)
    until: date = fact("补正的期限")


class Given(BaseModel):
    """收到补正"""

    items: str = fact("收到的材料", max_length=500)


class Refused(BaseModel):
    """不予受理、不予修复"""

    why: str = fact("理由", widget="textarea", max_length=1000)
    told: bool = fact("已书面告知理由和救济途径", default=False)


class Checked(BaseModel):
    """核查"""

    way: str = fact("核查方式", choices=("网上核实", "书面核实", "实地核实"))
    finding: str = fact("核查的情况", widget="textarea", max_length=1000)


class Granted(BaseModel):
    """准予修复"""

    document: str = fact("决定书编号", max_length=80)


class Executed(BaseModel):
    """停止公示、解除措施"""

    receivers: list[str] = fact("已通知的系统", min_length=1, hint="每行一个：国家企业信用信息公示系统、信用中国……")


class Revoked(BaseModel):
    """撤销修复"""

    why: str = fact("查明的虚假情况", max_length=1000)
    document: str = fact("决定书编号", max_length=80)


class Correction(BaseModel):
    """提出异议、更正申请"""

    summary: str = fact("哪一条信息有误", max_length=200)
    where: str = fact("公示的位置", max_length=200, default="")
    about: str = fact("所涉的记录", max_length=280, default="", hint="网上提出的由平台填写。")
    wrong: str = fact("现在的内容", widget="textarea", max_length=1000)
    right: str = fact("认为正确的内容", widget="textarea", max_length=1000)
    proof: str = fact("证明材料", max_length=500)


class Inquired(BaseModel):
    """向来源核实"""

    body: str = fact("信息来源单位", max_length=100)
    asked: str = fact("核实的内容", max_length=500)


class Replied(BaseModel):
    """来源答复"""

    reply: str = fact("来源单位的答复", widget="textarea", max_length=1000)


class Decided(BaseModel):
    """更正决定"""

    result: str = fact("处理结果", choices=REPLIES)
    why: str = fact("理由", widget="textarea", max_length=1000)
    shown: str = fact("在这条信息旁边显示的说明", max_length=500, default="")


class Statement(BaseModel):
    """对公示信息的说明"""

    summary: str = fact("说明哪一条信息", max_length=200)
    about: str = fact("所涉的记录", max_length=280, default="", hint="网上提出的由平台填写。")
    text: str = fact("说明的内容", widget="textarea", max_length=500)


class Cleared(BaseModel):
    """核对说明"""

    cleared: bool = fact("不含他人个人信息、国家秘密和违法内容", default=False)
