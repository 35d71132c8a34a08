"""行政许可信息: what of a permit decision is published within seven working days."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.kernel.registry import declare
from shiheng.publication.notices.definition import PUBLISHABLES, TERMS, Due, Field, Publishable, Term, TermPlan
from shiheng.subjects.definition import Basis

SINCE = date(2018, 7, 1)
DOUBLE = Basis("国家发展改革委关于双公示的通知", "", note="原文待核对。")


def while_valid(facts: Mapping[str, Any], _published: date) -> Term:
    until = str(facts.get("valid_until") or "")
    try:
        return Term(date.fromisoformat(until), "许可有效期内公示，期限待核对", DOUBLE)
    except ValueError:
        return Term(None, "许可没有截止日期，长期公示，期限待核对", DOUBLE)


declare(
    PUBLISHABLES,
    Publishable(
        "permit", SINCE, "行政许可信息", "permit", ("valid",),
        (
            Field("document", "行政许可决定文书号", "fact.document"),
            Field("party", "行政相对人名称", "subject.name"),
            Field("uscc", "统一社会信用代码", "subject.uscc"),
            Field("permit", "许可证书名称", "record.title"),
            Field("number", "许可编号", "fact.number"),
            Field("content", "许可内容", "fact.content"),
            Field("day", "许可决定日期", "record.day", kind="day"),
            Field("until", "有效期至", "fact.valid_until", kind="day"),
            Field("office", "许可机关", "fact.issuer"),
        ),
        (Due("double", "双公示", 7, "行政处罚程序规定", DOUBLE),),
        {"own": "permit.valid"},
        ("national", "district", "site", "credit"),
        (DOUBLE,),
        number=("fact.number", "record.key"),
        sources=("bureau", "permits", "food_permits"),
        within=60,
        lead="六十日内作出的行政许可决定。",
    ),
)  # fmt: skip
declare(TERMS, TermPlan("permit.valid", SINCE, "许可有效期内（待核对）", while_valid))
