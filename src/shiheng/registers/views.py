"""Registers on the desk: all of them, one as a list, as of a day, in figures; what is due; an empty form to fill in."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Coalesce, Least
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.registers import bulk, figures, queries, tables
from shiheng.registers.contents import all_on, named
from shiheng.registers.definition import GROUPS, STANDINGS, Register
from shiheng.registers.models import Act, Entry
from shiheng.registers.reading import headings
from shiheng.ui import exports, forms
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

FAR = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One register among all of them."""

    register: Register
    count: int
    late: int
    keeps: bool


@needs(May.READ_REGISTERS)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """名录台账: every register by its group, with how many stand on it and how many are past their day."""
    who, today = who_at(request), clock.today()
    counts, late = _counts(who), _counts(who, late=True)
    groups = [
        (title, [
            Shelf(register, counts.get(register.code, 0), late.get(register.code, 0), queries.may_keep(who, register))
            for register in all_on(today) if register.group == group
        ])
        for group, title in GROUPS.items()
    ]  # fmt: skip
    context = {"groups": [(title, held) for title, held in groups if held], "late": sum(late.values())}
    return render(request, "registers/overview.html", context)


def _counts(who: Who, *, late: bool = False) -> dict[str, int]:
    rows = queries.everywhere(who).filter(ended=False)
    if late:
        rows = rows.filter(queries.standing_as("over", clock.today()))
    return dict(rows.order_by().values_list("register").annotate(Count("pk")))


@needs(May.READ_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, code: str) -> HttpResponseBase:
    """One register: sought, filtered, exported; a step for many; as it stood on a day."""
    who, today = who_at(request), clock.today()
    register = named(code, on=today)
    day, fault = _asked_day(request)
    table = tables.table_of(register, who)
    rows: QuerySet[Any]
    if day is None:
        rows = queries.visible_to(who, register).select_related("subject")
        found = table.read(request, rows, steps=bulk.steps_of(register, who))
        if found.wants_step:
            return found.step_response()
    else:
        rows = queries.stood_on(who, register, day, known=_asked_moment(request))
        found = replace(table, columns=[replace(c, sort=None) for c in table.columns]).read(request, rows)
    if found.wants_export:
        return found.response()
    context = {
        "register": register,
        "listing": found,
        "keeps": queries.may_keep(who, register),
        "day": day,
        "known": request.GET.get("known", ""),
        "day_fault": fault,
        "today": today,
        "stands": [(s, f"{reverse('register', args=[code])}?standing={s.code}") for s in STANDINGS],
    }
    return render(request, "registers/list.html", context)


def _asked_day(request: HttpRequest) -> tuple[date | None, str]:
    """The day a list is asked for as of, and what is wrong with it."""
    text = request.GET.get("on", "").strip()
    if not text:
        return None, ""
    try:
        day = forms.day_of(text)
    except ValueError as fault:
        return None, str(say(str(fault)))
    if day > clock.today():
        return None, _("不能晚于今天")
    return day, ""


def _asked_moment(request: HttpRequest) -> datetime | None:
    """Until the end of which day it was to be known."""
    try:
        day = forms.day_of(request.GET.get("known", "").strip())
    except ValueError:
        return None
    return datetime.combine(day, time.max, tzinfo=clock.SHANGHAI)


@needs(May.READ_REGISTERS)
@require_safe
def numbers(request: HttpRequest, code: str) -> HttpResponseBase:
    """A register in figures: by place, by month, by its own facts; each opens its rows."""
    who = who_at(request)
    register = named(code, on=clock.today())
    context = {"register": register, "parts": figures.of(who, register)}
    return render(request, "registers/figures.html", context)


@needs(May.READ_REGISTERS)
@require_safe
def form(request: HttpRequest, code: str) -> HttpResponseBase:  # noqa: ARG001 - the shape of every view
    """An empty workbook in the register's own headings, with what may be chosen in each column."""
    register = named(code, on=clock.today())
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    _write_form(file, register, headings(register))
    file.seek(0)
    name = f"{say(register.title)}_导入模板.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=exports.XLSX_TYPE)


def _write_form(file: Any, register: Register, titles: Iterable[str]) -> None:
    from shiheng.registers.definition import choices_of

    offered = {i.title or n: list(choices_of(i).values()) for n, i in register.facts.model_fields.items()}
    required = {i.title or n for n, i in register.facts.model_fields.items() if i.is_required()}
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("导入")  # not shown: the sheet's own name
    head, must = (
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({"bold": True, "bottom": 1, "color": "red"}),
    )
    text = book.add_format({"num_format": "@"})
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title, must if title in required else head)
        sheet.set_column(at, at, 22, text)
        choices = offered.get(title, [])
        if choices and len("".join(choices)) + len(choices) < 255:
            sheet.data_validation(1, at, 10_000, at, {"validate": "list", "source": choices})
    sheet.freeze_panes(1, 0)
    book.close()


# -- what is due


def _register_title(row: Entry) -> str:
    from shiheng.kernel.errors import Missing

    try:
        return str(say(named(row.register, on=clock.today()).title))
    except Missing:
        return row.register


def _end(row: Entry) -> date | None:
    return min((day for day in (row.until, row.due) if day), default=None)


def _left(row: Entry) -> int | None:
    end = _end(row)
    return (end - clock.today()).days if end else None


DUE = Table(
    "registers-due",
    "到期与超期",
    [
        Column("title", "名称", "title", sort="title", kind="link",
               href=lambda row: reverse("register-entry", args=[row.register, row.pk])),
        Column("register", "名录", _register_title),
        Column("end", "到期日", _end, kind="day", sort="end"),
        Column("left", "剩余天数", _left, kind="number"),
        Column("standing", "效力", lambda row: (say(queries.standing_of(row).title), queries.standing_of(row).tone),
               kind="badge"),
        Column("until", "有效期止", "until", sort="until", kind="day", hidden=True),
        Column("due", "到期应办日", "due", sort="due", kind="day", hidden=True),
    ],
    [
        Filter("standing", "效力", "choice",
               apply=lambda rows, code: rows.filter(queries.standing_as(code, clock.today())),
               choices=[(s.code, s.title) for s in STANDINGS if s.code in {"soon", "over"}]),
        Filter("register", "名录", "choice", "register",
               choices=lambda: [(r.code, r.title) for r in all_on(clock.today()) if r.warns and not r.over_since]),
    ],
    default_sort="-end",
    empty="没有 60 日内到期或者已经超期的条目。",
)  # fmt: skip


@needs(May.READ_REGISTERS)
@require_safe
def due(request: HttpRequest) -> HttpResponseBase:
    """到期提醒: every entry whose term or due day is past or near, over all registers."""
    today = clock.today()
    rows = queries.everywhere(who_at(request))
    watched = [register.code for register in all_on(today) if register.warns and not register.over_since]
    near = queries.standing_as("over", today) | queries.standing_as("soon", today)
    end = Least(Coalesce("until", Value(FAR)), Coalesce("due", Value(FAR)))
    ending = rows.filter(near, register__in=watched).annotate(end=end)
    found = DUE.read(request, ending)
    return found.response() if found.wants_export else render(request, "registers/due.html", {"listing": found})


def _act_state(row: Act) -> tuple[str, str]:
    return str(say(Act.STATES.get(row.state, row.state))), STATE_TONES.get(row.state, "plain")


ACTS = Table(
    "register-acts",
    "批量办理",
    [
        Column("number", "编号", "pk", kind="link", href=lambda row: reverse("register-act", args=[row.pk])),
        Column("register", "名录", _register_title),
        Column("kind", "办理", lambda row: say(Act.KINDS.get(row.kind, row.kind))),
        Column("filename", "文件", "filename"),
        Column("rows", "行数", "rows", kind="number"),
        Column("taken", "办成", "taken", kind="number"),
        Column("faulty", "有误", "faulty", kind="number"),
        Column("state", "状态", _act_state, kind="badge"),
        Column("by", "办理人", "by", kind="person"),
        Column("at", "办理时间", "at", kind="moment"),
    ],
    [
        Filter("state", "状态", "choice", "state", choices=list(Act.STATES.items())),
        Filter("kind", "办理", "choice", "kind", choices=[("import", "批量导入"), ("bulk", "批量办理")]),
    ],
    default_sort="-pk",
    empty="还没有批量办理。",
)  # fmt: skip
STATE_TONES = {
    "preview": "wait", "running": "wait", "reading": "wait", "undoing": "wait", "done": "ok", "refused": "late",
    "undone": "done", "dropped": "done",
}  # fmt: skip


@needs(May.KEEP_REGISTERS)
@require_safe
def acts(request: HttpRequest) -> HttpResponseBase:
    """批量办理: imports and steps for many, each with its way back."""
    found = ACTS.read(request, queries.acts_visible_to(who_at(request)))
    return found.response() if found.wants_export else render(request, "registers/acts.html", {"listing": found})
