"""What is told at each step of a reconsideration and of a suit."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

ACTS = ("行政处罚", "投诉处理", "举报处理", "行政许可", "行政强制", "登记管理", "信息公开", "列入名录", "其他")
ORDINARY, SUMMARY = "ordinary", "summary"
KINDS = {ORDINARY: "普通程序", SUMMARY: "简易程序"}
UPHELD = {"upheld": "维持", "rejected": "驳回复议请求", "dismissed": "驳回复议申请"}
SETTLED = {"mediated": "调解结案", "withdrawn": "撤回申请，终止"}
LOST = {
    "revoked": "撤销", "partly": "部分撤销", "changed": "变更", "unlawful": "确认违法", "void": "确认无效",
    "ordered": "责令履行",
}  # fmt: skip
OUTCOMES = {**UPHELD, **SETTLED, **LOST}
WON_SUIT = {"rejected": "驳回诉讼请求", "dismissed": "驳回起诉"}
SETTLED_SUIT = {"mediated": "调解结案", "withdrawn": "准予撤诉"}
VERDICTS = {**WON_SUIT, **SETTLED_SUIT, **LOST}
CAUSES = {
    "facts": "事实不清、证据不足",
    "law": "适用依据错误",
    "procedure": "违反法定程序",
    "power": "超越或者滥用职权",
    "clearly": "明显不当",
    "omission": "未履行法定职责",
    "late": "超过法定期限",
    "unanswered": "未按期答复、举证",
    "other": "其他",
}
NO_CAUSE = "none"
WHY_LOST = {NO_CAUSE: "没有被否定", **CAUSES}
SENT_BY = ("直接送交", "邮寄", "网上提交", "机要交换")
HEADS = {"first": "主要负责人", "deputy": "分管负责人", "staff": "负责人未出庭，委托工作人员"}
LOSS = "撤销、变更、确认违法等结果必须写明。"


class Reconsideration(BaseModel):
    """收到复议申请书副本"""

    summary: str = fact("被复议的行为", max_length=200, hint="一句话：哪个决定、什么行为。")
    body: str = fact("复议机关", max_length=100)
    case_number: str = fact("复议案号", max_length=80)
    kind: str = fact(
        "审理程序", choices=KINDS, indexed=True, hint="答复期限不同：普通程序十日，简易程序五日，都是工作日。"
    )
    act: str = fact("行为种类", choices=ACTS, indexed=True)
    unit: str = fact("经办单位", max_length=100, indexed=True, hint="作出原行为的科室、监管所。")
    request: str = fact("复议请求", widget="textarea", max_length=2000)
    accepted_on: date | None = fact("复议机关受理日期", default=None)


class Answering(BaseModel):
    """拟制答复"""

    opinion: str = fact("答复意见", widget="textarea", max_length=4000)
    grounds: str = fact("依据", widget="textarea", max_length=1000, hint="作出行为所依据的规定。")
    evidence: bool = fact("证据目录已从案卷列出", default=False)


class Signing(BaseModel):
    """审签"""

    view: str = fact("审签意见", max_length=500)


class Sending(BaseModel):
    """提交"""

    way: str = fact("提交方式", choices=SENT_BY)
    proof: str = fact("提交证明", max_length=200, hint="签收人、邮件单号。")


class Hearing(BaseModel):
    """听证或者听取意见"""

    form: str = fact("方式", choices={"hearing": "听证", "opinions": "听取意见"})
    held_on: date = fact("日期")
    place: str = fact("地点", max_length=100)
    appeared: str = fact("本局到场人员", max_length=200, hint="姓名、职务；负责人到场的写明。")
    head: bool = fact("负责人参加", default=False)
    why_not: str = fact("负责人未参加的理由", max_length=500, default="")


class ToOrdinary(BaseModel):
    """转为普通程序"""

    kind: str = fact("审理程序", choices={ORDINARY: KINDS[ORDINARY]}, default=ORDINARY)
    accepted_on: date = fact("复议机关受理日期")
    document: str = fact("通知书编号", max_length=80)


class Suspending(BaseModel):
    """中止"""

    why: str = fact("中止的理由", max_length=500)
    document: str = fact("通知书编号", max_length=80)


class Resuming(BaseModel):
    """恢复"""

    document: str = fact("通知书编号", max_length=80)


class Prolonging(BaseModel):
    """延长审理"""

    document: str = fact("延期通知书编号", max_length=80)


class Deciding(BaseModel):
    """复议结果"""

    outcome: str = fact("结果", choices=OUTCOMES, indexed=True)
    document: str = fact("决定书编号", max_length=80)
    cause: str = fact("被否定的原因", choices=WHY_LOST, indexed=True, default=NO_CAUSE, hint=LOSS)
    reasons: str = fact("主要理由", widget="textarea", max_length=2000, default="")
    redo: bool = fact("责令重新处理", default=False)
    redo_until: date | None = fact("重新处理的期限", default=None, hint="决定书写明的最后一日。")
    unanswered: str = fact("未提交答复的原因", max_length=500, default="")


class Complying(BaseModel):
    """履行"""

    how: str = fact("履行情况", widget="textarea", max_length=1000)
    rehandling: str = fact("重新处理案卷编号", max_length=80, default="", hint="责令重新处理的必须填写。")


class Withdrawal(BaseModel):
    """撤回申请、撤诉"""

    document: str = fact("终止文书编号", max_length=80)
    why: str = fact("说明", max_length=500, default="")
    outcome: str = fact("结果", choices={"withdrawn": "撤回，终止"}, default="withdrawn")


class Suit(BaseModel):
    """收到应诉通知"""

    summary: str = fact("被诉的行为", max_length=200)
    court: str = fact("受理法院", max_length=100)
    case_number: str = fact("案号", max_length=80)
    act: str = fact("行为种类", choices=ACTS, indexed=True)
    unit: str = fact("经办单位", max_length=100, indexed=True)
    claims: str = fact("诉讼请求", widget="textarea", max_length=2000)
    reconsidered: bool = fact("经过复议", default=False)
    joint: bool = fact("与复议机关共同被告", default=False)


class Appearing(BaseModel):
    """开庭"""

    held_on: date = fact("开庭日期")
    head: str = fact("出庭负责人", choices=HEADS, indexed=True)
    appeared: str = fact("出庭人员", max_length=200, hint="姓名、职务，代理律师。")
    why_not: str = fact("负责人未出庭的理由", max_length=500, default="")


class Judging(BaseModel):
    """裁判"""

    form: str = fact("文书种类", choices={"judgment": "判决", "ruling": "裁定"})
    outcome: str = fact("结果", choices=VERDICTS, indexed=True)
    document: str = fact("裁判文书编号", max_length=80)
    served_on: date = fact("裁判送达日期")
    cause: str = fact("被否定的原因", choices=WHY_LOST, indexed=True, default=NO_CAUSE, hint=LOSS)
    reasons: str = fact("主要理由", widget="textarea", max_length=2000, default="")
    redo: bool = fact("判令重新处理", default=False)
    redo_until: date | None = fact("重新处理的期限", default=None)


class Appeal(BaseModel):
    """上诉"""

    by: str = fact("谁上诉", choices={"other": "对方", "bureau": "本局", "both": "双方"})
    court: str = fact("二审法院", max_length=100)
    received: date | None = fact("收到上诉状副本", default=None, hint="对方上诉的填写。")


class Effective(BaseModel):
    """生效"""

    effective_on: date = fact("生效日期")


class Third(BaseModel):
    """第三人"""

    name: str = fact("名称", max_length=300)
    subject: str = fact("主体", widget="code", max_length=60, default="")
