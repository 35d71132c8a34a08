"""The lists as tables: what their pages and their exports show."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.catalogue.lists.definition import AUDIENCES, MEASURES, METHODS, PARTS, Duty
from shiheng.catalogue.powers.definition import KINDS
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say


def _keeps(getter: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda rows, wanted: [row for row in rows if getter(row) == wanted]


def _has(getter: Callable[[Any], str]) -> Callable[[Any, Any], Any]:
    return lambda rows, wanted: [row for row in rows if wanted.casefold() in getter(row).casefold()]


def _basis(row: Any) -> str:
    return str(row.basis.words(_))


def _flagged(getter: Callable[[Any], bool]) -> Callable[[Any, Any], Any]:
    return lambda rows, on: [row for row in rows if getter(row)] if on else rows


TITLE = Filter("q", "名称含", apply=_has(lambda row: row.title))
FIELD = Filter("field", "业务领域含", apply=_has(lambda row: row.field))


def _key(row: Any) -> tuple[str, str]:
    return ("重点", "warn") if row.key else ("一般", "plain")


CHECKLISTS = Table(
    "checklists",
    "检查表",
    [
        Column("title", "名称", sort="title", kind="link", href=lambda row: reverse("checklist", args=[row.code])),
        Column("field", "业务领域", sort="field"),
        Column("subjects", "检查对象"),
        Column("points", "项数", lambda row: len(row.points), kind="number"),
        Column("keys", "重点项", lambda row: sum(point.key for point in row.points), kind="number"),
        Column("in_force_from", "施行日期", kind="day", sort="in_force_from"),
        Column("power", "所依职权", kind="code", hidden=True),
        Column("code", "编码", kind="code", hidden=True),
    ],
    [TITLE, FIELD],
    empty="没有符合条件的检查表。",
    row_label="title",
)

POINTS = Table(
    "checklist-points",
    "检查项",
    [
        Column("number", "序号", kind="code"),
        Column("key", "类别", _key, kind="badge"),
        Column("text", "检查内容"),
        Column("guidance", "检查方法"),
        Column("basis", "依据", _basis),
    ],
    empty="没有检查项。",
    row_label="text",
)

SPOT_CHECKS = Table(
    "spot-checks",
    "随机抽查事项清单",
    [
        Column("title", "抽查事项", sort="title"),
        Column(
            "key", "类别", lambda row: ("重点检查事项", "warn") if row.key else ("一般检查事项", "plain"), kind="badge"
        ),
        Column("field", "业务领域", sort="field"),
        Column("subjects", "抽查对象"),
        Column("methods", "方式", lambda row: _("、").join(say(METHODS[one]) for one in row.methods)),
        Column("frequency", "比例和频次"),
        Column("level", "实施层级", hidden=True),
        Column("partners", "联合部门"),
        Column("basis", "依据", _basis),
        Column(
            "checklist",
            "检查表",
            kind="code",
            href=lambda row: reverse("checklist", args=[row.checklist]) if row.checklist else None,
        ),
        Column("power", "所依职权", kind="code", href=lambda row: reverse("power", args=[row.power]), hidden=True),
        Column("code", "编码", kind="code", hidden=True),
    ],
    [
        TITLE,
        FIELD,
        Filter("key", "只看重点", "flag", apply=_flagged(lambda row: row.key)),
        Filter("joint", "只看联合抽查", "flag", apply=_flagged(lambda row: bool(row.partners))),
    ],
    empty="没有符合条件的抽查事项。",
    row_label="title",
)

LENIENCY = Table(
    "leniency",
    "减免责清单",
    [
        Column("number", "序号", kind="code", sort="number"),
        Column("title", "事项名称", sort="title"),
        Column("part", "类别", lambda row: say(PARTS[row.part]), sort="part"),
        Column("code", "基本编码", kind="code", hidden=True),
        Column("basis", "设定依据", _basis),
        Column("circumstances", "适用情形"),
        Column("penal_basis", "处罚依据"),
        Column("band", "裁量幅度"),
        Column("measures", "配套监管措施"),
        Column("months", "首次回溯（月）", kind="number", hidden=True),
        Column("note", "备注", hidden=True),
        Column(
            "violation",
            "违法行为",
            kind="code",
            href=lambda row: reverse("violation", args=[row.violation]) if row.violation else None,
        ),
    ],
    [
        TITLE,
        Filter("part", "类别", "choice", choices=list(PARTS.items()), apply=_keeps(lambda row: row.part)),
    ],
    default_sort="number",
    empty="没有符合条件的事项。",
    row_label="title",
)


@dataclass(frozen=True, slots=True)
class Taught:
    """A duty of law education and what of it was done this year."""

    duty: Duty
    held: int
    people: int
    last: date | None

    @property
    def code(self) -> str:
        return self.duty.code


def _fulfilled(row: Taught) -> tuple[str, str]:
    if row.held >= row.duty.a_year:
        return "已完成", "ok"
    return ("进行中", "wait") if row.held else ("未开展", "warn")


EDUCATION = Table(
    "law-education",
    "普法责任清单",
    [
        Column(
            "content", "普法内容", "duty.content", kind="link", href=lambda row: reverse("law-duty", args=[row.code])
        ),
        Column("audience", "普法对象", lambda row: say(AUDIENCES[row.duty.audience]), sort="duty.audience"),
        Column("instrument", "法律法规", "duty.instrument", sort="duty.instrument"),
        Column("way", "方式", "duty.way"),
        Column("unit", "责任科室", "duty.unit"),
        Column("a_year", "每年次数", "duty.a_year", kind="number"),
        Column("held", "本年已开展", kind="number", sort="held"),
        Column("people", "受众人数", kind="number", sort="people"),
        Column("state", "状态", _fulfilled, kind="badge"),
        Column("last", "最近一次", kind="day", hidden=True),
    ],
    [
        Filter(
            "audience", "普法对象", "choice", choices=list(AUDIENCES.items()), apply=_keeps(lambda r: r.duty.audience)
        ),
        Filter("q", "内容含", apply=_has(lambda row: row.duty.content + row.duty.instrument)),
        Filter("open", "只看未完成", "flag", apply=_flagged(lambda row: row.held < row.duty.a_year)),
    ],
    empty="没有符合条件的普法责任。",
    row_label="duty.content",
)

ACTIVITIES = Table(
    "law-activities",
    "普法活动",
    [
        Column("day", "日期", kind="day", sort="day"),
        Column("title", "活动"),
        Column("place", "地点"),
        Column("people", "受众人数", kind="number", sort="people"),
        Column("by", "登记人", kind="person"),
    ],
    default_sort="-day",
    empty="还没有登记过活动。",
)

NEGATIVE = Table(
    "negative-list",
    "市场准入负面清单",
    [
        Column("number", "序号", kind="code"),
        Column("title", "事项"),
        Column(
            "measure",
            "类别",
            lambda row: (MEASURES[row.measure], "late" if row.measure == "banned" else "warn"),
            kind="badge",
        ),
        Column("permit", "许可证件"),
        Column("authority", "主管部门"),
        Column("words", "识别词", lambda row: _("、").join(row.words), hidden=True),
        Column("basis", "依据", _basis, hidden=True),
    ],
    [
        Filter("q", "事项含", apply=_has(lambda row: row.title + " ".join(row.words))),
        Filter("measure", "类别", "choice", choices=list(MEASURES.items()), apply=_keeps(lambda row: row.measure)),
    ],
    empty="没有符合条件的事项。",
    row_label="title",
)

REVIEWS = Table(
    "legal-reviews",
    "重大执法决定法制审核目录",
    [
        Column("title", "审核事项"),
        Column("decision", "决定种类", lambda row: say(KINDS[row.decision])),
        Column("materials", "送审材料"),
        Column("basis", "依据", _basis),
        Column("note", "说明", "basis.note", hidden=True),
    ],
    empty="没有审核事项。",
    row_label="title",
)
