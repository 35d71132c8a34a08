"""The consumer council's desk, disputes put to the enterprise first, and matters passed between regions.

No instrument that was read says within how many days a council, an enterprise or a partner region acts: each count here
is a choice of the bureau, to be checked (待核对).
"""

from datetime import date

from pydantic import BaseModel

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.lines.complaints import facts
from shiheng.procedures.definition import (
    Basis,
    Bond,
    Guard,
    Limit,
    PartyKind,
    Procedure,
    State,
    Step,
    declare,
    fact,
)

SINCE = date(2026, 4, 15)
COUNCIL, ODR, REGION = "complaints.council", "complaints.odr", "complaints.region"
COUNTED = "投诉举报处理办法"
ENTRUSTED = Basis("市场监督管理投诉举报处理办法", "第十九条", SINCE, verified=True)
FIRMS = Basis("市场监督管理投诉举报处理办法", "第六条", SINCE, verified=True, note="2026 年施行的文本。")
CHOSEN = Basis(LOCAL_CHOICE, note="天数由本局确定，待核对。")
COMPLAINANT = PartyKind("complainant", "投诉人", masked=True, most=200)
TRADER = PartyKind("trader", "被投诉人", subject=True)
PARTIES = (("complainant", "complainant"), ("trader", "trader"))
TAKEN = (
    ("summary", "summary"), ("kind", "kind"), ("story", "story"), ("amount", "amount"), ("number_", "outer_number"),
)  # fmt: skip


class CouncilMatter(BaseModel):
    """消费者组织接待登记"""

    summary: str = fact("投诉事项", max_length=120)
    channel: str = fact("接收渠道", choices=facts.CHANNELS, indexed=True)
    outer_number: str = fact("来源编号", max_length=80, default="")
    kind: str = fact("问题类别", choices=facts.CLASSES, indexed=True)
    story: str = fact("事实经过", widget="textarea", max_length=4000)
    claims: list[str] = fact("投诉请求", choices=facts.CLAIMS, min_length=1)
    amount: int = fact("争议金额", widget="money", ge=0, default=0)


class HandOn(BaseModel):
    """转市场监督管理部门"""

    to: str = fact("转交单位", max_length=100)
    why: str = fact("转交的理由", widget="textarea", max_length=500)


class TakeUp(BaseModel):
    """组织调解"""

    way: str = fact("调解方式", choices={"site": "现场调解", "remote": "网上视频调解", "phone": "电话调解"})
    complainant_agrees: bool = fact("投诉人同意调解", default=False)
    trader_agrees: bool = fact("被投诉人同意调解", default=False)
    room: str = fact("会议号或者地点", max_length=120, default="")


class Failed(BaseModel):
    """调解不成"""

    result: str = fact("办理结果", max_length=500, hint="双方各持什么意见，建议消费者走哪条途径。")


class Settled(BaseModel):
    """达成和解"""

    result: str = fact("办理结果", max_length=500, hint="和解内容：退款、更换、赔偿多少。")
    recovered: int = fact("挽回损失", widget="money", ge=0, default=0)


class Answered(BaseModel):
    """收到办理结果"""

    result: str = fact("办理结果", max_length=500)


class TellBack(BaseModel):
    """告知消费者"""

    told_by: str = fact("告知方式", choices=facts.TOLD_BY)
    proof: str = fact("告知证明", max_length=200, default="")


AGREED = Guard(
    "consent",
    "调解须经投诉人和被投诉人双方同意。",
    lambda _course, given: bool(given.get("complainant_agrees") and given.get("trader_agrees")),
    basis=ENTRUSTED,
)

declare(
    Procedure(
        code=COUNCIL,
        title="消费者组织投诉",
        in_force_from=SINCE,
        group="complaints",
        about="消费者组织接待的消费投诉：自行调解，或者转市场监督管理部门，结果告知消费者。",
        facts=CouncilMatter,
        title_from="summary",
        first="pending",
        states=(
            State("pending", "待分流"),
            State("mediating", "消费者组织调解中", "ok"),
            State("handed", "已转市场监督管理部门", "wait"),
            State("done", "已有结果，待告知", "warn"),
            State("closed", "已告知消费者", "done", ended=True),
        ),
        parties=(COMPLAINANT, TRADER),
        series="{place}消协投诉〔{year}〕{n}号",  # not shown: the number itself
        tells="result",
        counted_by=("channel", "kind"),
        steps=(
            Step("take_up", "由消费者组织调解", ("pending",), "mediating", facts=TakeUp, guards=(AGREED,)),
            Step("hand_on", "转市场监督管理部门", ("pending", "mediating"), "handed", facts=HandOn),
            Step("settle", "达成和解", ("mediating",), "done", facts=Settled),
            Step("fail", "调解不成", ("mediating",), "done", facts=Failed),
            Step("answered", "收到市场监督管理部门的结果", ("handed",), "done", facts=Answered),
            Step("tell", "告知消费者", ("done",), "closed", facts=TellBack, served=True),
        ),
        limits=(
            Limit("sorted", "分流", 5, "个工作日", COUNTED, CHOSEN, ("open",), ("take_up", "hand_on")),
            Limit("told", "告知消费者结果", 5, "个工作日", COUNTED, CHOSEN, ("settle", "fail", "answered"), ("tell",)),
        ),
    )
)


class Dispute(BaseModel):
    """交企业先行和解"""

    summary: str = fact("争议", max_length=120)
    outer_number: str = fact("投诉编号", max_length=80)
    kind: str = fact("问题类别", choices=facts.CLASSES, indexed=True)
    story: str = fact("事实经过", widget="textarea", max_length=4000)
    amount: int = fact("争议金额", widget="money", ge=0, default=0)
    consumer_agrees: bool = fact("消费者同意先与企业和解", default=False)


class NotSettled(BaseModel):
    """和解不成"""

    result: str = fact("办理结果", max_length=500, hint="企业怎样答复，消费者为什么不接受。")


STILL_OPEN = Guard("open", "投诉已经办结，不能再交企业和解。", lambda course, _given: not course.ended, of_file=True)
WILLING = Guard(
    "consent", "消费者同意先与企业和解的，才交企业办理。",
    lambda course, _given: bool(course.facts.get("consumer_agrees")), of_file=True,
)  # fmt: skip

declare(
    Procedure(
        code=ODR,
        title="在线消费纠纷先行和解",
        in_force_from=SINCE,
        group="complaints",
        about="被投诉人是在线消费纠纷解决（ODR）企业的，经消费者同意先交企业和解；不成的，投诉照常办理，原期限不停。",
        facts=Dispute,
        title_from="summary",
        first="sent",
        states=(
            State("sent", "待交企业"),
            State("waiting", "企业和解中", "ok"),
            State("settled", "已和解", "done", ended=True),
            State("failed", "和解不成，转回投诉办理", "done", ended=True),
        ),
        parties=(COMPLAINANT, TRADER),
        series="{place}在线和解〔{year}〕{n}号",  # not shown: the number itself
        basis=(FIRMS,),
        tells="result",
        counted_by=("kind",),
        bond=Bond(
            "spawned", ("complaints.complaint", COUNCIL), needed=True, guards=(STILL_OPEN,), parties=PARTIES,
            facts=TAKEN, listed="complaints.odr_firms",
        ),
        steps=(
            Step("put", "交企业办理", ("sent",), "waiting", guards=(WILLING,)),
            Step("settle", "达成和解", ("waiting",), "settled", facts=Settled),
            Step("fail", "和解不成，转回", ("sent", "waiting"), "failed", facts=NotSettled),
        ),
        limits=(
            Limit("firm", "企业和解", 10, "个工作日", COUNTED, CHOSEN, ("put",), ("settle", "fail"), drafts="fail"),
        ),
    )
)  # fmt: skip


class RegionMatter(BaseModel):
    """跨区域消费维权"""

    summary: str = fact("事项", max_length=120)
    channel: str = fact("接收渠道", choices=facts.CHANNELS, indexed=True)
    outer_number: str = fact("来源编号", max_length=80, default="", hint="对方的转办编号；本地转出的写本地投诉编号。")
    direction: str = fact("方向", choices={"out": "转合作地区", "in": "合作地区转来"}, indexed=True)
    partner: str = fact("合作地区消费者组织", max_length=100, indexed=True)
    kind: str = fact("问题类别", choices=facts.CLASSES, indexed=True)
    story: str = fact("情况说明", widget="textarea", max_length=4000)
    amount: int = fact("争议金额", widget="money", ge=0, default=0)


class Passing(BaseModel):
    """转出"""

    document: str = fact("转办函编号", max_length=60)
    told_by: str = fact("转出方式", choices=("协作平台", "函件", "电子邮件"))


class Helping(BaseModel):
    """协助办理"""

    plan: str = fact("协助安排", max_length=500, hint="联系经营者、组织网上调解。")


class Replying(BaseModel):
    """答复转出地区"""

    reply: str = fact("答复内容", widget="textarea", max_length=2000)
    recovered: int = fact("挽回损失", widget="money", ge=0, default=0)


class Declining(BaseModel):
    """无法协助"""

    why: str = fact("无法协助的理由", max_length=500)


OUT = Guard(
    "direction", "只有本地转出的事项才转合作地区。",
    lambda course, _given: course.facts.get("direction") == "out", of_file=True,
)  # fmt: skip
IN = Guard(
    "direction", "只有合作地区转来的事项才在本地协助。",
    lambda course, _given: course.facts.get("direction") == "in", of_file=True,
)  # fmt: skip

declare(
    Procedure(
        code=REGION,
        title="跨区域消费维权协作",
        in_force_from=SINCE,
        group="complaints",
        about="经营者在合作地区的，转当地消费者组织协助；合作地区转来的，在本地协助并答复，消费者不用跑。",
        facts=RegionMatter,
        title_from="summary",
        first="pending",
        states=(
            State("pending", "待转出或者待协助"),
            State("passed", "已转合作地区", "wait"),
            State("answered", "对方已答复，待告知", "warn"),
            State("closed", "已告知消费者", "done", ended=True),
            State("helping", "本地协助中", "ok"),
            State("replied", "已答复转出地区", "done", ended=True),
            State("declined", "无法协助，已退回", "done", ended=True),
        ),
        parties=(COMPLAINANT, TRADER),
        series="{place}消协跨区〔{year}〕{n}号",  # not shown: the number itself
        tells="result",
        counted_by=("direction", "partner"),
        bond=Bond(
            "spawned", ("complaints.complaint", COUNCIL), guards=(STILL_OPEN,), parties=PARTIES, facts=TAKEN,
        ),
        steps=(
            Step("pass", "转合作地区", ("pending",), "passed", facts=Passing, guards=(OUT,)),
            Step("answered", "收到对方答复", ("passed",), "answered", facts=Answered),
            Step("tell", "告知消费者", ("answered",), "closed", facts=TellBack, served=True),
            Step("help", "开始协助", ("pending",), "helping", facts=Helping, guards=(IN,)),
            Step("reply", "答复转出地区", ("helping",), "replied", facts=Replying),
            Step("decline", "无法协助，退回", ("pending", "helping"), "declined", facts=Declining, guards=(IN,)),
        ),
        limits=(
            Limit("first", "转出或者开始协助", 5, "个工作日", COUNTED, CHOSEN, ("open",),
                  ("pass", "help", "decline")),
            Limit("partner", "合作地区答复", 15, "个工作日", COUNTED, CHOSEN, ("pass",), ("answered",)),
            Limit("help", "协助并答复", 15, "个工作日", COUNTED, CHOSEN, ("help",), ("reply", "decline")),
            Limit("told", "告知消费者结果", 5, "个工作日", COUNTED, CHOSEN, ("answered",), ("tell",)),
        ),
    )
)  # fmt: skip
HANDED = Guard(
    "handed", "先在本案办理“转市场监督管理部门”，再登记投诉。",
    lambda course, _given: course.procedure.code not in {COUNCIL, REGION} or course.state in {"handed", "helping"},
    of_file=True,
)  # fmt: skip
FROM_COUNCIL = Bond("spawned", (COUNCIL, REGION), guards=(HANDED,), parties=PARTIES, facts=TAKEN)
"""How a complaint is opened from what a council handed on."""
