"""What a penalty case comes to: which elements nothing proves yet, the band of the fine, what each party owes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shiheng.kernel.errors import Refused
from shiheng.lines.enforcement.facts.deciding import GRADES
from shiheng.lines.enforcement.procedures.grounds import Given, law, rules
from shiheng.lines.enforcement.procedures.guards import late_due, owed, unproved
from shiheng.procedures.definition import Book, Event, Figure, Sum, Told

EARLY = frozenset({"clue", "verifying", "not_filed"})
OWING = frozenset({"served", "demanded", "applied"})


def proof(course: Any, given: Given, _names: Mapping[int, str]) -> Sequence[Told]:
    """Each element of the violation alleged, and whether anything gathered speaks to it."""
    if course.state in EARLY:
        return ()
    elements = given["rules_"].elements(str(course.facts.get("violation") or ""), given["day_"])
    bare = unproved(course, given, elements)
    return [
        Told(title, "还没有证据" if title in bare else "已有证据", "warn" if title in bare else "ok")
        for title in elements
    ]


def band(course: Any, given: Given, _names: Mapping[int, str]) -> Sequence[Told]:
    """The grade and the range of the fine by the discretion in force, as the inquiry ended."""
    concluded = course.last("conclude")
    if concluded is None:
        return ()
    try:
        found = given["rules_"].band(str(course.facts.get("violation") or ""), concluded.facts, given["day_"])
    except Refused as why:
        return (Told("裁量等级", why.message, "warn"),)
    if found is None:
        return ()
    return (
        Told("法定罚款幅度", (found.least, found.most)),
        Told("裁量等级", GRADES[found.grade]),
        Told("裁量罚款幅度", (found.low, found.high), "ok"),
    )


def money(course: Any, given: Given, names: Mapping[int, str]) -> Sequence[Told]:
    """What each party still owes, and what may be claimed today because it is late."""
    told = []
    for number in course.of_kind("party"):
        if course.party_state(number) not in OWING:
            continue
        asked = {**given, "party_": number}
        rest, late = owed(course, asked), late_due(course, asked)
        told.append(Told("尚未缴纳的罚没款", rest, "warn" if rest else "ok", of=names.get(number, "")))
        if late and rest:
            told.append(Told("截至今日的加处罚款上限", late, "late", of=names.get(number, "")))
    return told


PARTS = {"first": "首违不罚", "none": "免予处罚"}  # not shown: beside the item of the list, as the list calls it
WINDOW = 24
"""Months "first time" looks back where the list of leniency does not say: the bureau's own choice, to be checked."""
DECIDED_STATES = frozenset({"executing", "closing", "closed", "archived", "not_filed", "transferred"})


def first_time(course: Any, given: Given, _names: Mapping[int, str]) -> Sequence[Told]:
    """Whether the business was dealt with before, within the window of each item of the list for this violation."""
    if course.state in DECIDED_STATES:
        return ()
    items = given["rules_"].leniency(str(course.facts.get("violation") or ""), given["day_"])
    held = given.get("earlier_")
    if held is None:
        return (Told("是否初次违法", "没有登记主体，不能自动核对，请人工查询", "warn"),)
    told: list[Told] = []
    for title, part, months in items or (("", "", None),):
        since = _back(given["day_"], months or WINDOW)
        within = [one for one in held if one.day >= since]
        words = "窗口期内有处理记录：不是初次" if within else "窗口期内没有处理记录：初次"
        told.append(
            Told(title or "减免责清单没有本违法行为的事项", words, "warn" if within else "ok", of=PARTS.get(part, ""))
        )
        told.append(Told("窗口期（月）" if months else "窗口期（月，本局未定，待核对）", str(months or WINDOW)))
    return [*told, *(Told("以前的处理", f"{one.day} {one.title} {one.number}") for one in held[:5])]


def _back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


FIGURES = (
    Figure("证据与构成要件", proof, basis=rules("第四十八条")),
    Figure("初次违法核对", first_time, basis=law("第三十三条")),
    Figure("裁量", band, basis=law("第三十四条")),
    Figure("罚没款", money, basis=law("第七十二条")),
)

BOOK = Book(
    "行政处罚案件台账",
    (
        Event("filed", "立案", ("file",)),
        Event("not_filed", "不予立案", ("no_file",), seldom=True),
        Event("returned", "审核退回", ("review_return",), each=True, tells="points"),
        Event("heard", "听证", ("hear",), seldom=True),
        Event("decided", "处罚决定", ("decide",), each=True),
        Event("spared", "不予处罚", ("spare",), seldom=True),
        Event("paid", "缴款", ("pay",), seldom=True),
        Event("remedied", "复议、诉讼", ("remedy",), seldom=True),
        Event("transferred", "移送公安机关", ("police_sent",), seldom=True),
        Event("closed", "结案", ("close", "terminate")),
    ),
    (
        Sum("money", "罚没款", ("decide",), ("fine", "gains_taken"), "decided", latest=True),
        Sum("goods", "没收物品价值", ("decide",), ("goods_taken",), "decided", latest=True),
        Sum("collected", "入库", ("pay",), ("amount",), "paid"),
    ),
    by=("topic", "source", "mode"),
    received="线索",
)
SPOT_BOOK = Book(
    "当场处罚台账",
    (Event("decided", "当场处罚", ("decide",)), Event("paid", "收缴", ("cash", "paid"))),
    (Sum("money", "罚款", ("decide",), ("fine",), "decided", latest=True),),
    by=("topic",),
)
