"""行政处罚信息: what of a decision is published, by when, and for how long by each reading of the law in force."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.kernel.registry import declare
from shiheng.publication.notices.definition import (
    LOWER_FINE,
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

PPI, PPI_SINCE = "市场监督管理行政处罚信息公示规定", date(2021, 9, 1)
REPAIR, REPAIR_SINCE = "信用修复管理办法", date(2026, 4, 1)
RULES = "行政处罚程序规定"
DOUBLE = Basis("国家发展改革委关于双公示的通知", "", note="原文待核对。")
UNSET = "较低数额的标准由省级以上市场监管部门规定，本局未取得，暂按五千元，待核对。"
BARE, LIGHT = frozenset({"警告"}), frozenset({"警告", "通报批评"})
LONG = frozenset({
    "吊销许可证件", "限制从业", "责令关闭", "限制开展生产经营活动", "降低资质等级", "责令停产停业", "暂扣许可证件",
})  # fmt: skip


def ppi(article: str) -> Basis:
    return Basis(PPI, article, PPI_SINCE, verified=True)


def repair(article: str) -> Basis:
    return Basis(REPAIR, article, REPAIR_SINCE, note="条次待核对。")


def kinds(facts: Mapping[str, Any]) -> frozenset[str]:
    """The kinds of penalty a record names."""
    return frozenset(one for one in str(facts.get("types") or "").split("、") if one)


def light(facts: Mapping[str, Any]) -> bool:
    """Criticism in a circular, or a fine below the bar and nothing else."""
    fine = int(facts.get("fine") or 0)
    return kinds(facts) <= LIGHT | {"罚款"} and fine <= LOWER_FINE


def by_bureaus(facts: Mapping[str, Any], published: date) -> Term:
    """The rules of market supervision: three months or three years."""
    if kinds(facts) <= BARE:
        return Term(None, "仅给予警告的行政处罚不公示", ppi("第二条"), never=True)
    if light(facts):
        return Term(months_after(published, 3), f"通报批评或者较低数额罚款，公示三个月。{UNSET}", ppi("第十三条"))
    return Term(months_after(published, 36), "公示三年", ppi("第十三条"))


def by_government(facts: Mapping[str, Any], published: date) -> Term:
    """The rules of credit repair since 2026: minor, general and serious, each at most so long."""
    if kinds(facts) <= BARE:
        return Term(None, "轻微失信信息原则上不公示", repair("分类规定"), never=True)
    if light(facts):
        return Term(months_after(published, 3), f"轻微失信信息，最长公示三个月。{UNSET}", repair("分类规定"))
    if kinds(facts) & LONG:
        return Term(months_after(published, 36), "严重失信信息，最长公示三年", repair("分类规定"))
    return Term(months_after(published, 12), "一般失信信息，最长公示一年", repair("分类规定"))


def by_trial(facts: Mapping[str, Any], published: date) -> Term:
    """Before the rules of 2026 the credit sites followed the deciding department's term."""
    return by_bureaus(facts, published)


def kept_out(facts: Mapping[str, Any]) -> str:
    """Why a decision never is published."""
    if facts.get("procedure") == "简易程序":
        return "简易程序的处罚不公示"
    return "仅给予警告的行政处罚不公示" if kinds(facts) <= BARE else ""


PENALTY = Publishable(
    "penalty", PPI_SINCE, "行政处罚信息", "penalty", ("公示中",),
    (
        Field("document", "行政处罚决定书文号", "fact.document"),
        Field("party", "行政相对人名称", "subject.name"),
        Field("uscc", "统一社会信用代码", "subject.uscc"),
        Field("act", "违法行为类型", "fact.title", mask=WORDS),
        Field("fact", "违法事实", "fact.fact", mask=WORDS),
        Field("basis", "处罚依据", "fact.basis", mask=WORDS),
        Field("types", "处罚种类", "fact.types"),
        Field("punishment", "行政处罚内容", "fact.punishment", mask=WORDS),
        Field("fine", "罚款金额", "fact.fine", kind="money"),
        Field("day", "处罚决定日期", "record.day", kind="day"),
        Field("office", "作出行政处罚决定的机关", "fact.office"),
    ),
    (
        Due("double", "双公示", 7, RULES, DOUBLE),
        Due("national", "国家企业信用信息公示系统", 20, RULES, ppi("第九条")),
    ),
    {"own": "penalty.bureaus", "bureaus": "penalty.bureaus", "government": "penalty.government"},
    ("national", "district", "site", "credit"),
    (ppi("第四条"), ppi("第九条")),
    number=("fact.document", "fact.case"),
    kept_out=kept_out,
    lead="普通程序作出的行政处罚决定，送达后公示；仅给予警告的和当场处罚的不公示。",
)  # fmt: skip
declare(PUBLISHABLES, PENALTY)
for plan in (
    TermPlan("penalty.bureaus", PPI_SINCE, "行政处罚信息公示规定（2021）", by_bureaus),
    TermPlan("penalty.government", PPI_SINCE, "信用修复规则施行前", by_trial),
    TermPlan("penalty.government", REPAIR_SINCE, "信用修复管理办法（2026）", by_government),
):
    declare(TERMS, plan)
