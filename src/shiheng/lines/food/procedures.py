"""食品经营许可: asked for at the counter, examined, decided in twenty working days, handed over in ten.

行政许可法 arts 42, 44, 45 and 82 were read as amended 2019-04-23.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shiheng.lines.food import facts
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
    told,
)

LAW, COUNTED, SINCE = "行政许可法", "行政许可法", date(2019, 4, 23)
LEADS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DEPUTY_HEAD, Role.BUREAU_HEAD)
FOOD = Basis("食品安全法", "第三十五条", date(2025, 12, 1), verified=True, note="2021 年修正文本。")


def law(article: str, *, verified: bool = False) -> Basis:
    """An article of 行政许可法."""
    return Basis(LAW, article, SINCE, verified=verified, note="" if verified else "条文待核对。")


def permit(course: Any, _party: int | None, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The permit in the file of the business, from the day it was granted."""
    made = course.last("grant")
    if made is None:
        return None
    facts_ = {"title": "食品经营许可证", "number": made.facts.get("number"), "office": said["bureau"],
              "content": course.opened.facts.get("scope"), "valid_until": made.facts.get("until")}  # fmt: skip
    until = date.fromisoformat(str(made.facts["until"]))
    return {"day": made.day, "state": "valid", "title": "食品经营许可证", "until": until, "facts": facts_}


FITS = Guard("fits", "现场核查结论须为符合。", lambda course, _given: _fits(course), basis=FOOD, of_file=True)
TOLD = Guard("told", "须书面说明理由，并告知复议、诉讼的权利。", told("told"), basis=law("第三十八条"))


def _fits(course: Any) -> bool:
    last = course.last("examine")
    return bool(last and last.facts.get("result") == "yes")


declare(
    Procedure(
        code="food.licence", title="食品经营许可", in_force_from=SINCE, group="permits",
        about="从事食品销售、餐饮服务依法取得许可；受理、现场核查、决定、送达。登记时查询从业禁止人员和信用措施。",
        facts=facts.Application, title_from="summary", first="applied",
        states=(
            State("applied", "待受理"), State("asked", "待补正", "wait"), State("accepted", "审查中", "ok"),
            State("granted", "已准予，待送达", "ok"), State("done", "已发证", "done", ended=True),
            State("refused", "不予许可", "done", ended=True), State("withdrawn", "已撤回", "done", ended=True),
        ),
        steps=(
            Step("ask", "一次告知补正", ("applied",), "asked", facts=facts.Asked, basis=law("第三十二条")),
            Step("supply", "收到补正", ("asked",), "applied", facts=facts.Supplied, basis=law("第三十二条")),
            Step("accept", "受理", ("applied",), "accepted", basis=law("第三十二条")),
            Step("examine", "现场核查", ("accepted",), facts=facts.Examined, officers=2, basis=law("第三十四条")),
            Step("longer", "延长十日", ("accepted",), facts=facts.Longer, once=True, by=LEADS,
                 basis=law("第四十二条", verified=True)),
            Step("grant", "准予许可", ("accepted",), "granted", by=LEADS, facts=facts.Granted, guards=(FITS,),
                 apart_from=("examine",), basis=FOOD),
            Step("refuse", "不予许可", ("accepted",), "refused", by=LEADS, facts=facts.Refused, guards=(TOLD,),
                 basis=law("第三十八条"), served=True),
            Step("hand", "送达许可证", ("granted",), "done", facts=facts.Handed,
                 basis=law("第四十四条", verified=True), served=True),
            Step("withdraw", "撤回申请", ("applied", "asked", "accepted"), "withdrawn", facts=facts.Withdrawn),
        ),
        limits=(
            Limit("acceptance", "决定是否受理", 5, "日", COUNTED, law("第三十二条"), ("open", "supply"),
                  ("accept", "ask", "withdraw")),
            Limit("decision", "作出许可决定", 20, "日", COUNTED, law("第四十二条", verified=True), ("accept",),
                  ("grant", "refuse", "withdraw"), extended=("longer",), extension=10),
            Limit("handing", "送达许可证", 10, "日", COUNTED, law("第四十四条", verified=True), ("grant",), ("hand",)),
        ),
        parties=(
            PartyKind("firm", "申请人", subject=True, most=1),
            PartyKind("head", "法定代表人、负责人", masked=True, most=1),
        ),
        series="{place}市监食许〔{year}〕{n}号",  # not shown: the number itself
        basis=(FOOD, law("第四十二条", verified=True)), opened_by=ANYONE, counted_by=("kind",),
        records=(Recorded("permit", permit, "firm"),),
    )
)  # fmt: skip
