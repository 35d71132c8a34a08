"""The lists of the 权责清单 pages: columns, filters, and rows made of entries of the list."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.catalogue.powers import comparing, definition
from shiheng.catalogue.powers.definition import KINDS, LEVELS, STATES, STATUSES, Power, read_limit
from shiheng.catalogue.powers.effective import Entry
from shiheng.catalogue.powers.models import PowerChange, UpperCatalogue
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

STATUS_TONES = {"kept": "plain", "add": "ok", "amend": "wait", "cancel": "done", "devolve": "warn", "entrust": "warn"}
STATE_TONES = {
    "draft": "wait",
    "checked": "wait",
    "approved": "warn",
    "published": "ok",
    "returned": "late",
    "undone": "done",
}
COMPARED_TONES = {"same": "ok", "different": "warn", "lacking": "late", "gone": "late"}
UPPER_TONES = {"preview": "wait", "current": "ok", "past": "done", "dropped": "done"}


def told_levels(levels: Iterable[str]) -> str:
    return str(_("、").join(say(LEVELS[level]) for level in levels))


def told_limit(text: str) -> str:
    limit = read_limit(text)
    return limit.words(say) if limit else ""


def _keeps(getter: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda rows, wanted: [row for row in rows if getter(row) == wanted]


def _has(getter: Callable[[Any], str]) -> Callable[[Any, Any], Any]:
    return lambda rows, wanted: [row for row in rows if wanted.casefold() in getter(row).casefold()]


def fields(held: Iterable[Power]) -> list[tuple[str, str]]:
    return [(name, name) for name in sorted({power.field for power in held})]


def powers(held: Iterable[Entry], *, public: bool = False) -> Table:
    """The list itself, for officers or for everybody; filters offer what is on it."""
    rows = list(held)
    name = "public-power" if public else "power"
    return Table(
        "public-powers" if public else "powers",
        "权责清单",
        [
            Column(
                "title",
                "职权名称",
                "power.title",
                sort="power.title",
                kind="link",
                href=lambda row: reverse(name, args=[row.code]),
            ),
            Column("kind", "职权类别", lambda row: say(KINDS[row.power.kind]), sort="power.kind"),
            Column("field", "业务领域", "power.field", sort="power.field"),
            Column("basis", "设定依据", lambda row: row.power.basis.words(_)),
            Column("levels", "行使层级", lambda row: told_levels(row.power.levels)),
            Column("unit", "责任科室", "power.unit", sort="power.unit", hidden=public),
            Column("statutory", "法定期限", lambda row: told_limit(row.power.statutory)),
            Column("promised", "承诺期限", lambda row: told_limit(row.power.promised), hidden=True),
            Column(
                "status",
                "状态",
                lambda row: (STATUSES[row.status], STATUS_TONES[row.status]),
                kind="badge",
                sort="status",
            ),
            Column("since", "生效日期", lambda row: row.changed_on or row.power.in_force_from, kind="day", hidden=True),
            Column("code", "职权编码", kind="code", sort="code", hidden=True),
            Column("base_code", "基本编码", "power.base_code", kind="code", hidden=True),
            Column("entrusted_to", "受委托组织", hidden=True),
        ],
        [
            Filter("q", "名称含", apply=_has(lambda row: row.power.title)),
            Filter("kind", "职权类别", "choice", choices=list(KINDS.items()), apply=_keeps(lambda row: row.power.kind)),
            Filter(
                "field",
                "业务领域",
                "choice",
                choices=fields(row.power for row in rows),
                apply=_keeps(lambda row: row.power.field),
            ),
            Filter("status", "状态", "choice", choices=list(STATUSES.items()), apply=_keeps(lambda row: row.status)),
            Filter(
                "level",
                "行使层级",
                "choice",
                choices=list(LEVELS.items()),
                apply=lambda rows, level: [r for r in rows if level in r.power.levels],
            ),
            Filter("instrument", "依据含", apply=_has(lambda row: str(row.power.basis))),
            Filter(
                "unverified",
                "只看条文待核对",
                "flag",
                apply=lambda rows, on: [r for r in rows if not r.power.basis.verified] if on else rows,
            ),
        ],
        empty="没有符合条件的职权。",
        row_label="power.title",
    )


CHANGES = Table(
    "power-changes",
    "清单调整",
    [
        Column("title", "职权名称", sort="title", kind="link", href=lambda row: reverse("power-change", args=[row.pk])),
        Column("what", "调整", lambda row: say(definition.CHANGES[row.what]), sort="what"),
        Column("trigger", "调整原因", lambda row: say(definition.TRIGGERS[row.trigger])),
        Column("in_force_from", "生效日期", kind="day", sort="in_force_from"),
        Column("state", "状态", lambda row: (STATES[row.state], STATE_TONES[row.state]), kind="badge", sort="state"),
        Column("drafted_by", "起草人", kind="person"),
        Column("checked_by", "审核人", kind="person", hidden=True),
        Column("approved_by", "批准人", kind="person", hidden=True),
        Column("drafted_at", "起草时间", kind="moment", sort="drafted_at"),
        Column("published_at", "公布时间", kind="moment", sort="published_at"),
        Column("instrument", "依据文件", hidden=True),
        Column("reason", "理由", hidden=True),
    ],
    [
        Filter("state", "状态", "choice", "state", choices=list(STATES.items())),
        Filter("what", "调整", "choice", "what", choices=list(definition.CHANGES.items())),
        Filter("q", "名称含", lookup="title__icontains"),
        Filter("from", "生效日期", "day_range", "in_force_from"),
    ],
    default_sort="-pk",
    empty="还没有调整过清单。打开一项职权可以起草变更、取消、下放、委托。",
)

COMPARED = Table(
    "powers-compare",
    "目录比对",
    [
        Column(
            "title",
            "职权名称",
            sort="title",
            kind="link",
            href=lambda row: reverse("powers-compare-one", args=[row.key]),
        ),
        Column(
            "status",
            "比对结果",
            lambda row: (comparing.STATUSES[row.status], COMPARED_TONES[row.status]),
            kind="badge",
            sort="status",
        ),
        Column("kind", "职权类别", lambda row: say(KINDS[row.kind]), sort="kind"),
        Column("fields", "不同之处", lambda row: _("、").join(say(definition.FIELDS[d.name]) for d in row.differences)),
        Column("base_code", "基本编码", lambda row: row.theirs.base_code if row.theirs else "", kind="code"),
        Column("code", "本级职权编码", lambda row: row.ours.code if row.ours else "", kind="code", hidden=True),
        Column("line", "上级目录行号", lambda row: row.theirs.line if row.theirs else None, kind="number", hidden=True),
    ],
    [
        Filter(
            "status",
            "比对结果",
            "choice",
            choices=list(comparing.STATUSES.items()),
            apply=_keeps(lambda row: row.status),
        ),
        Filter("kind", "职权类别", "choice", choices=list(KINDS.items()), apply=_keeps(lambda row: row.kind)),
        Filter("q", "名称含", apply=_has(lambda row: row.title)),
        Filter(
            "differs",
            "不同之处",
            "choice",
            choices=list(definition.FIELDS.items()),
            apply=lambda rows, name: [r for r in rows if any(d.name == name for d in r.differences)],
        ),
    ],
    empty="没有符合条件的比对结果。",
    row_label="title",
)

UPPERS = Table(
    "upper-catalogues",
    "上级目录",
    [
        Column("title", "名称", kind="link", href=lambda row: reverse("upper-catalogue", args=[row.pk])),
        Column("issued_by", "发布机关"),
        Column("issued_on", "发布日期", kind="day", sort="issued_on"),
        Column("rows", "行数", kind="number"),
        Column("accepted", "读入", kind="number"),
        Column("faulty", "有误", kind="number"),
        Column("state", "状态", lambda row: (UpperCatalogue.STATES[row.state], UPPER_TONES[row.state]), kind="badge"),
        Column("loaded_by", "载入人", kind="person"),
        Column("loaded_at", "载入时间", kind="moment", sort="loaded_at"),
    ],
    default_sort="-pk",
    empty="还没有载入过上级目录。",
)


def change_facts(row: PowerChange) -> list[tuple[str, str, str]]:
    """What a change sets, field by field: title, as it stood, as it will."""
    return [
        (say(definition.FIELDS[name]), told(name, row.before.get(name)), told(name, value))
        for name, value in row.content.items()
        if name in definition.FIELDS
    ]


def told(name: str, value: Any) -> str:
    """A value of a power's field in words."""
    if value in (None, "", []):
        return "—"
    if name == "kind":
        return str(say(KINDS[value]))
    if name == "levels":
        return told_levels(value.split() if isinstance(value, str) else value)
    if name in {"statutory", "promised"}:
        return told_limit(value)
    return str(value)
