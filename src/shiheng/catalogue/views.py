"""The calendar of a year, loading a holiday table, trying out a period, and the code tables."""

import csv
import io
from typing import Annotated

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.catalogue import grid, queries, sheets
from shiheng.catalogue.actions import FaultyTable, load_calendar
from shiheng.catalogue.definition import COLUMNS
from shiheng.catalogue.models import CodeEntry
from shiheng.kernel import clock
from shiheng.kernel.calendars import statutory_days
from shiheng.kernel.errors import Missing, Problem
from shiheng.ui import formats, forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table

FIRST_YEAR, LAST_YEAR = 2004, 2099


class Upload(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: Annotated[
        UploadedFile,
        Field(
            title="放假安排表",
            description="csv 或 xlsx，不超过 2 MB，每天一行，列为：日期、是否上班、名称、文号",
            json_schema_extra={"accept": ".csv,.xlsx"},
        ),
    ]


@needs(May.SEE_DESK)
def year(request: HttpRequest) -> HttpResponse:
    """A year at a glance: days off, make-up days, and what is still provisional."""
    today = clock.today()
    chosen = _year(request.GET.get("year", ""), today.year)
    calendar = queries.calendar()
    days = calendar.year(chosen)
    context = {
        "year": chosen,
        "before": chosen - 1 if chosen > FIRST_YEAR else None,
        "after": chosen + 1 if chosen < LAST_YEAR else None,
        "months": grid.months(calendar, chosen, today=today),
        "spans": grid.spans(days),
        "workdays": sum(1 for day in days if day.is_workday),
        "reason": grid.reason(calendar, chosen),
        "edition": grid.edition(calendar),
        "may_keep": who_at(request).may(May.KEEP_CALENDAR),
        "loads": queries.loads()[:10],
    }
    return render(request, "catalogue/year.html", context)


def _year(given: str, default: int) -> int:
    if not given:
        return default
    if not (given.isascii() and given.isdigit() and FIRST_YEAR <= int(given[:5]) <= LAST_YEAR):
        span = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise Missing("calendar.year", _("日历可查%(first)s年至%(last)s年，请核对网址中的年份。") % span)
    return int(given)


@needs(May.KEEP_CALENDAR)
def load(request: HttpRequest) -> HttpResponse:
    """Upload a holiday table; a faulty one is shown back line by line and nothing of it is kept."""
    form = forms.from_model(Upload, code="catalogue.calendar")
    refused: FaultyTable | None = None
    if request.method == "POST" and (value := form.read(request)):
        name = value.file.name or ""
        try:
            rows = sheets.read(value.file.read(sheets.LARGEST + 1), name)
            done = load_calendar(rows, who=who_at(request), key=form.key, filename=name)
        except FaultyTable as problem:
            refused = problem
        except Problem as problem:
            form.refuse(problem)
        else:
            told = {"days": done.rows, "changed": done.changed}
            messages.success(request, _("已载入放假安排：共%(days)s天，其中%(changed)s天有变动。") % told)
            first = done.load.days.order_by("day").values_list("day", flat=True).first()
            return htmx.redirect(request, reverse("calendar") + (f"?year={first.year}" if first else ""))
    context = {"form": form, "refused": refused, "columns": _columns(), "sample_year": _next_unsettled()}
    return render(request, "catalogue/load.html", context, status=422 if refused else form.status)


_COLUMN_NOTES = (
    ("日期", "必填", "如 2027-10-01；Excel 的日期格也可以"),
    ("是否上班", "必填", "“是”或“否”"),
    ("名称", "选填", "节假日名称，如 国庆节；调休上班可写 国庆节调休"),
    ("文号", "工作日放假和周末上班时必填", "依据的通知名称或文号"),
)


def _columns() -> list[tuple[str, str, str, str]]:
    """The columns of the file: the Chinese title it must have, what that means, whether it must be there, a note."""
    return [
        (title, _(title) if _(title) != title else "", _(required), _(note)) for title, required, note in _COLUMN_NOTES
    ]


def _next_unsettled() -> int:
    settled = queries.calendar().settled
    return next(y for y in range(clock.today().year, LAST_YEAR + 1) if y not in settled)


@needs(May.KEEP_CALENDAR)
def sample(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """A table to fill in: the statutory holidays of the next year without a notice, as the rules fix them."""
    chosen = _next_unsettled()
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(COLUMNS)
    notice = f"国务院办公厅关于{chosen}年部分节假日安排的通知"
    rest = "否"  # not shown: the file is Chinese
    sheet.writerows([day.isoformat(), rest, name, notice] for day, name in statutory_days(chosen).items())
    return HttpResponse(
        "\ufeff" + out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="calendar-{chosen}.csv"'},
    )


def _entry_state(entry: CodeEntry) -> tuple[str, str]:
    if not entry.current:
        return "已停用", "done"
    return ("已核对", "plain") if entry.verified else ("未核对", "warn")


CODE_TABLES = Table(
    "code-tables",
    "代码表",
    [
        Column("title", "名称", sort="title", kind="link", href=lambda row: reverse("code-table", args=[row.code])),
        Column("code", "表代码", kind="code", hidden=True),
        Column("edition", "版本"),
        Column("size", "代码数", sort="size", kind="number"),
        Column("unverified", "未核对", sort="unverified", kind="number", hint="只凭记忆或整理数据登记，使用前核对"),
        Column("source", "来源"),
        Column("licence", "使用许可", hidden=True),
    ],
    [Filter("q", "名称", lookup="title__icontains")],
    default_sort="title",
    empty="还没有代码表。系统启动时会载入自带的代码表；如果一直为空，请系统管理员查看启动记录。",
)

ENTRIES = Table(
    "code-entries",
    "代码",
    [
        Column("code", "代码", sort="code", kind="code"),
        Column("title", "名称", sort="title"),
        Column("parent", "上级代码", sort="parent", kind="code"),
        Column("state", "状态", _entry_state, kind="badge"),
        Column("since", "启用", kind="day", hidden=True),
        Column("note", "说明"),
    ],
    [
        Filter("code", "代码开头", lookup="code__istartswith"),
        Filter("title", "名称含", lookup="title__icontains"),
        Filter("parent", "上级代码", lookup="parent__iexact"),
        Filter(
            "unverified", "只看未核对", kind="flag", apply=lambda rows, on: rows.filter(verified=False) if on else rows
        ),
    ],
    default_sort="position",
    empty="没有符合条件的代码。请缩短代码或名称再查。",
)


@needs(May.SEE_DESK)
def code_tables(request: HttpRequest) -> HttpResponseBase:
    """All code tables with their source."""
    listing = CODE_TABLES.read(request, queries.tables())
    if listing.wants_export:
        return listing.response()
    return render(request, "catalogue/code_tables.html", {"listing": listing})


@needs(May.SEE_DESK)
def code_table(request: HttpRequest, code: str) -> HttpResponseBase:
    """One code table and its entries."""
    table = get_object_or_404(queries.tables(), code=code)
    listing = ENTRIES.read(request, queries.entries(code))
    if listing.wants_export:
        return listing.response()
    about = [
        ("版本", table.edition),
        ("施行日期", formats.day(table.in_force_from) if table.in_force_from else _("未核实")),
        ("来源", table.source),
        ("使用许可", table.licence),
        ("说明", table.note),
    ]
    return render(request, "catalogue/code_table.html", {"table": table, "about": about, "listing": listing})
