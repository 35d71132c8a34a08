"""台账: every file of a procedure with the days of its events and its sums; totals by office, month and facts."""

import calendar
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.procedures import tables
from shiheng.procedures.books import queries
from shiheng.procedures.books.definition import Book, Event, Sum
from shiheng.procedures.books.queries import MONTH, UNIT, Row, Span
from shiheng.procedures.contents import all_on, procedure_of
from shiheng.procedures.definition import Procedure
from shiheng.registers.contents import shown
from shiheng.registers.definition import choices_of
from shiheng.ui import formats
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say


@needs(May.READ_FILES)
@require_safe
def first(request: HttpRequest) -> HttpResponseBase:
    """The procedures that have a ledger."""
    held = [one for one in all_on(clock.today()) if one.book]
    return render(request, "procedures/books/all.html", {"procedures": held})


@needs(May.READ_FILES)
@require_safe
@never_cache
def book(request: HttpRequest, code: str) -> HttpResponseBase:
    """The ledger of one procedure in a year or a month."""
    who, today = who_at(request), clock.today()
    procedure = procedure_of(code, on=today)
    held: Book | None = procedure.book
    if held is None:
        raise Missing("book.unknown", _("“%(title)s”没有台账。") % {"title": say(procedure.title)})
    year, month = _year(request, today), _month(request)
    found = queries.rows(who, procedure, held, _span(year, month))
    table = _table(procedure, held, found).read(request, found)
    if table.wants_export:
        return table.response()
    splits = {UNIT: str(_("承办单位")), MONTH: str(_("月份")),
              **{name: str(say(procedure.told[name].title or name)) for name in held.by}}  # fmt: skip
    by = request.GET.get("by", UNIT) if request.GET.get("by", UNIT) in splits else UNIT
    asked = {"year": str(year), "by": by} | ({"month": str(month)} if month else {})
    lines = queries.totals(held, found, by, asked, _titles(procedure, by, found))
    first = queries.first_year(who, procedure) or today.year
    context = {
        "procedure": procedure, "book": held, "listing": table, "splits": splits.items(), "by": by,
        "by_title": splits[by], "year": year, "month": month, "years": range(today.year, first - 1, -1),
        "months": range(1, 13), "heads": [one.title for one in queries.columns_of(held)],
        "lines": [(line.title, [_cell(cell) for cell in line.cells]) for line in lines],
    }  # fmt: skip
    return render(request, "procedures/books/book.html", context)


def _cell(cell: tuple[str, int, str, bool]) -> tuple[str, str, str]:
    head, number, href, money = cell
    return head, formats.money_text(number) if money else str(number), href if number else ""


def _year(request: HttpRequest, today: date) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdigit() and 1990 < int(text[:5]) <= today.year else today.year


def _month(request: HttpRequest) -> int | None:
    text = request.GET.get("month", "")
    return int(text) if text.isdigit() and 0 < int(text[:3]) < 13 else None


def _span(year: int, month: int | None) -> Span:
    if month is None:
        return Span(date(year, 1, 1), date(year, 12, 31))
    return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _titles(procedure: Procedure, by: str, found: list[Row]) -> dict[str, str]:
    """What the values of a split are called, in their order."""
    if by == UNIT:
        return dict(sorted({row.file.scope: row.unit for row in found}.items()))
    if by == MONTH:
        months = {f"{day:%Y-%m}" for row in found for held in row.within.values() for day in held}
        return {month: month for month in sorted(months)}
    titles = {code: str(say(title)) for code, title in choices_of(procedure.told[by]).items()}
    return {**titles, "-": str(_("还没有"))}


def _table(procedure: Procedure, held: Book, found: list[Row]) -> Table:
    """The rows: what each file is, when its events happened, its sums; each total above is a filter of them."""
    columns = [
        Column("number", "编号", lambda row: row.file.number, kind="link",
               href=lambda row: reverse("file", args=[row.file.pk])),
        Column("title", "名称", lambda row: row.file.title),
        Column("unit", "承办单位", "unit", sort="unit", hidden=True),
        Column("party", "当事人", "party"),
        *(Column(f"f-{name}", procedure.told[name].title or name, partial(_fact, procedure, name)) for name in held.by),
    ]  # fmt: skip
    filters = [
        Filter("event", "发生了什么", "choice", apply=_with,
               choices=[(one.code, one.title) for one in queries.columns_of(held) if isinstance(one, Event)]),
        Filter("at", "承办单位", "choice", apply=lambda rows, path: [row for row in rows if row.file.scope == path],
               choices=sorted({(row.file.scope, row.unit) for row in found})),
        *(Filter(f"f-{name}", procedure.told[name].title or name, "choice", apply=partial(_told, name),
                 choices=[*choices_of(procedure.told[name]).items(), ("-", "还没有")]) for name in held.by),
        Filter("year", "年份", apply=lambda rows, _year: rows),
        Filter("month", "月份", apply=lambda rows, _month: rows),
    ]  # fmt: skip
    for one in queries.columns_of(held):
        columns += _columns(one)
    columns.append(Column("state", "状态", lambda row: tables.state_of(row.file), kind="badge"))
    return Table("book", held.title, columns, filters, empty="这段时间没有这样的案卷。", row_label="title")


def _columns(one: Event | Sum) -> list[Column]:
    if isinstance(one, Sum):
        return [Column(one.code, one.title, partial(_summed, one.code), kind="money")]
    day = Column(one.code, f"{one.title}日期", partial(_day, one.code), kind="day", hidden=one.seldom)
    if not one.each:
        return [day]
    times = Column(f"{one.code}-times", f"{one.title}次数", partial(_times, one.code), kind="number")
    return [times, *([Column(f"{one.code}-told", f"{one.title}意见", partial(_words, one.code))] if one.tells else [])]


def _fact(procedure: Procedure, name: str, row: Row) -> str:
    return shown(procedure.told[name], row.facts.get(name))


def _with(rows: list[Row], code: str) -> list[Row]:
    return [row for row in rows if row.times(code)]


def _told(name: str, rows: list[Row], value: str) -> list[Row]:
    return [row for row in rows if str(row.facts.get(name) or "-") == value]


def _summed(code: str, row: Row) -> int:
    return row.sum(code)


def _day(code: str, row: Row) -> Any:
    return row.days.get(code)


def _times(code: str, row: Row) -> int:
    return row.times(code)


def _words(code: str, row: Row) -> str:
    return "；".join(filter(None, row.told.get(code, ())))
