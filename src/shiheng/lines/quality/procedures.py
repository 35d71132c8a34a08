"""不合格商品: published, told to whoever sells it, off every shelf and looked at, treated; then it is over."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.kernel.periods import Roll
from shiheng.lines.quality import facts
from shiheng.procedures.definition import (
    ANYONE,
    Basis,
    Guard,
    Limit,
    PartyKind,
    Procedure,
    Recorded,
    Role,
    State,
    Step,
    declare,
)

SINCE = date(2021, 4, 29)
LEADS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DEPUTY_HEAD, Role.BUREAU_HEAD)
FOOD = Basis("食品安全法", "第六十三条", date(2025, 12, 1), verified=True, note="2021 年修正文本。")
GOODS = Basis("产品质量法", "第十七条", date(2018, 12, 29), verified=True, note="2018 年修正文本。")
ONLINE = Basis("食品安全法", "第八十七条", date(2025, 12, 1), verified=True, note="2021 年修正文本：依法公布检验结果。")
FOLLOW = Basis("食品安全抽样检验管理办法", "第四十五条", note="核查处置的条文和九十日未见原文，待核对。")
COUNTED = "民法典"
CHOSEN = Basis(LOCAL_CHOICE, note="法律要求立即停止销售；核查的天数由本局设定。")


def tells(course: Any, _party: int | None, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The result in the file of whoever was sampled, from the day it is published; with what became of it."""
    shown, opened = course.last("publish"), course.opened.facts
    if shown is None or course.state == "withdrawn":
        return None
    treated, sellers = course.last("treat"), course.of_kind("seller")
    off = sum(course.party_state(number) in {"off", "none"} for number in sellers)
    told = {
        "title": opened.get("summary"), "batch": opened.get("batch"), "failed_item": opened.get("item"),
        "maker": opened.get("maker"), "report_number": opened.get("report"), "office": said["bureau"],
        "sellers_told": str(len(sellers)), "sellers_off": str(off),
        "follow_up": facts.TREATMENTS.get(treated.facts.get("way")) if treated else "处理中",
    }  # fmt: skip
    return {"day": shown.day, "state": "", "title": str(opened.get("summary")), "facts": told}


def _all_off(course: Any, _given: Any) -> bool:
    sellers = course.of_kind("seller")
    return bool(sellers) and all(course.party_state(number) in {"off", "none"} for number in sellers)


SELLER = (
    State("told", "已发送", "wait"), State("said", "已报告下架，待核查", "wait"), State("on", "仍在销售", "late"),
    State("off", "已核查下架", "done"), State("none", "没有销售这一批", "done"),
)  # fmt: skip


def _handling(code: str, title: str, what: str, law: Basis, public: Basis, follow: Basis, record: str) -> Procedure:
    """The handling of one kind of goods under its own law."""
    sent = Guard(
        "sent", "还没有发送给任何销售者。", lambda course, _given: bool(course.of_kind("seller")), of_file=True
    )
    off = Guard("off", "还有销售者没有核查下架。", _all_off, basis=law, of_file=True)
    treated = Guard("treated", "还没有登记后处理。", lambda course, _given: course.has("treat"), basis=follow,
                    of_file=True)  # fmt: skip
    return Procedure(
        code=code, title=title, in_force_from=SINCE, group="quality",
        about=what,
        facts=facts.Failed, title_from="summary", first="final",
        states=(
            State("final", "待公布"), State("public", "已公布，处置中", "warn"),
            State("closed", "已办结", "done", ended=True), State("withdrawn", "结论已撤销", "done", ended=True),
        ),
        steps=(
            Step("publish", "公布", ("final",), "public", by=LEADS, facts=facts.Published, basis=public),
            Step("send", "发送销售者", ("public",), facts=facts.Sent, adds="seller", basis=law),
            Step("confirm", "销售者报告下架", ("public",), facts=facts.Confirmed, of_party="seller",
                 party_from=("told", "on"), party_to="said", by_public=True, basis=law),
            Step("cleared", "核查：已下架", ("public",), facts=facts.Checked, of_party="seller",
                 party_from=("told", "said", "on"), party_to="off", basis=law),
            Step("absent", "核查：没有销售这一批", ("public",), facts=facts.Checked, of_party="seller",
                 party_from=("told", "said"), party_to="none", basis=law),
            Step("found", "核查：仍在销售", ("public",), facts=facts.Checked, of_party="seller",
                 party_from=("told", "said"), party_to="on", basis=law,
                 about="责令立即停止销售；涉嫌违法的另行立案。"),
            Step("treat", "后处理", ("public",), facts=facts.Treated, basis=follow),
            Step("close", "办结", ("public",), "closed", by=LEADS, facts=facts.Ended, guards=(sent, off, treated),
                 basis=follow),
            Step("annul", "结论撤销", ("final", "public"), "withdrawn", by=LEADS, facts=facts.Ended, served=True,
                 about="复检合格或者结论错误的，撤下公布。"),
        ),
        limits=(
            Limit("shelf", "核查销售者下架", 5, "个工作日", COUNTED, CHOSEN, ("send",),
                  ("cleared", "absent"), each=True),
            Limit("follow", "完成核查处置", 90, "日", COUNTED, follow, ("open",), ("close", "annul"),
                  roll=Roll.NONE),
        ),
        parties=(
            PartyKind("unit", "被抽样单位", subject=True, most=1),
            PartyKind("seller", "销售者", subject=True, later=True, states=SELLER, most=2000),
        ),
        series="{place}市监不合〔{year}〕{n}号",  # not shown: the number itself
        basis=(law, public), opened_by=ANYONE, counted_by=("item",),
        records=(Recorded(record, tells, "unit"),),
    )  # fmt: skip


FOODS = "抽样检验不合格的食品：公布，把名单发送给销售者，核查下架，后处理，全部办完以后办结。"
OTHERS = "监督抽查不合格的商品：公布，把名单发送给销售者，核查下架，后处理，全部办完以后办结。"
declare(_handling("quality.failed_food", "不合格食品处置", FOODS, FOOD, ONLINE, FOLLOW, "failed_food"))
declare(_handling("quality.failed_goods", "不合格商品处置", OTHERS, GOODS, GOODS, GOODS, "failed_goods"))
