"""A proposal for a campaign, laid when an issue is written in about often enough: a chief decides, and tells why."""

from datetime import date

from pydantic import BaseModel

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.procedures.definition import Basis, Limit, Procedure, Role, State, Step, declare, fact

LEADS = (Role.SECTION_CHIEF, Role.DEPUTY_HEAD, Role.BUREAU_HEAD, Role.CITY_OFFICIAL)


class Proposal(BaseModel):
    """专项行动建议"""

    summary: str = fact("建议事项", max_length=120)
    tag: str = fact("专题", max_length=40, indexed=True)
    code: str = fact("专题代码", max_length=20, default="", hint="平台按词表统计提出的，由平台填写；自己提出的留空。")
    count: int = fact("期间收到", ge=0, indexed=True)
    limit: int = fact("达到多少件提出", ge=0, default=0)
    since: date = fact("统计自")
    until: date = fact("统计至")


class Starting(BaseModel):
    """开展专项行动"""

    plan: str = fact("行动安排", widget="textarea", max_length=2000, hint="查哪些对象、谁去、查什么。")
    ends: date = fact("计划结束日期")


class Declining(BaseModel):
    """不开展"""

    why: str = fact("理由", widget="textarea", max_length=1000)


class Finishing(BaseModel):
    """总结"""

    checked: int = fact("检查户次", ge=0)
    cases: int = fact("立案件数", ge=0)
    result: str = fact("行动结果", widget="textarea", max_length=2000)


declare(
    Procedure(
        code="complaints.campaign_lead",
        title="专项行动建议",
        in_force_from=date(2020, 1, 1),
        group="complaints",
        about="同一专题的来信在一段时间里达到规定件数，平台提出建议，由负责人决定是否开展专项行动。",
        facts=Proposal,
        title_from="summary",
        first="pending",
        states=(
            State("pending", "待决定"),
            State("running", "行动中", "ok"),
            State("finished", "已总结", "done", ended=True),
            State("declined", "不开展", "done", ended=True),
        ),
        steps=(
            Step("start", "开展专项行动", ("pending",), "running", facts=Starting, by=LEADS),
            Step("decline", "不开展", ("pending",), "declined", facts=Declining, by=LEADS),
            Step("finish", "总结", ("running",), "finished", facts=Finishing),
        ),
        limits=(
            Limit(
                "decide", "决定是否开展", 5, "个工作日", "投诉举报处理办法", Basis(LOCAL_CHOICE), ("open",),
                ("start", "decline"),
            ),
        ),
        series="{place}市监专项建议〔{year}〕{n}号",  # not shown: the number itself
        counted_by=("tag",),
    )
)  # fmt: skip
