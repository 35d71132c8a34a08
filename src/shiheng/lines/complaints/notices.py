"""消费投诉信息: what is told of a complaint once it has ended, where the complainant agreed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.kernel.registry import declare
from shiheng.publication.notices.definition import (
    PUBLISHABLES,
    TERMS,
    WORDS,
    Due,
    Field,
    Publishable,
    Term,
    TermPlan,
    months_after,
)
from shiheng.subjects.definition import Basis

SINCE = date(2026, 4, 15)
LAW = Basis("市场监督管理投诉举报处理办法", "第三十八条", SINCE, verified=True)
RULE = Basis("市场监督管理投诉信息公示暂行规则", "", note="未见原文，公示内容、时限和期限待核对。")


def kept_out(facts: Mapping[str, Any]) -> str:
    return "" if facts.get("publish") else "投诉人没有同意公示"


def year(_facts: Mapping[str, Any], published: date) -> Term:
    return Term(months_after(published, 12), "投诉信息公示一年，期限待核对", RULE)


declare(
    PUBLISHABLES,
    Publishable(
        "complaint", SINCE, "消费投诉信息", "complaint", ("已办结",),
        (
            Field("trader", "被投诉人名称", "subject.name"),
            Field("uscc", "统一社会信用代码", "subject.uscc"),
            Field("address", "地址", "subject.address"),
            Field("issue", "投诉问题", "fact.title", mask=WORDS),
            Field("result", "处理结果", "fact.result"),
            Field("office", "处理部门", "fact.office"),
            Field("closed", "办结时间", "fact.closed", kind="day"),
        ),
        (Due("complaint", "投诉信息公示", 20, "投诉举报处理办法", RULE),),
        {"own": "complaint.year"},
        ("site",),
        (LAW, RULE),
        number=(),
        decided="fact.closed",
        kept_out=kept_out,
        lead="已经办结、投诉人同意公示的消费投诉；投诉人的姓名、诉求和金额不公示。",
    ),
)  # fmt: skip
declare(TERMS, TermPlan("complaint.year", SINCE, "投诉信息公示（待核对）", year))
