"""A list as a file: CSV for every program, XLSX for officers; the rows and columns are those of the list.

A cell that begins with ``= + - @`` would run as a formula when a spreadsheet opens it. In CSV such text gets a leading
apostrophe; in XLSX it is written as text and marked as quoted, so its value stays untouched. Numbers stay numbers.
"""

import csv
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

import xlsxwriter
from django.conf import settings
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from shiheng.kernel import clock
from shiheng.ui import formats
from shiheng.ui.tables import Column, titles
from shiheng.ui.wording import say

if TYPE_CHECKING:
    from shiheng.ui.tables import Listing

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767


def respond(listing: "Listing") -> HttpResponseBase:
    """The file the listing's URL asks for."""
    rows = listing.export_rows()
    title = str(say(listing.table.title))
    name = f"{title}_{clock.today():%Y%m%d}"
    if listing.export_kind == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            csv_lines(listing.columns, rows), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
        return response
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    write_xlsx(file, title, listing.columns, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)


def plain(column: Column, row: Any) -> Any:
    """A cell's value for a file: money in yuan, moments in Shanghai time, a badge its word."""
    value = column.of(row)
    if value is None:
        return None
    if column.kind == "badge" and isinstance(value, tuple):
        value = value[0]
    if column.kind == "badge":
        value = say(value)
    if column.kind == "money":
        return formats.yuan(value)
    if isinstance(value, datetime):
        return value.astimezone(clock.SHANGHAI).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, int | float | Decimal | date) and not isinstance(value, bool):
        return value
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)


def guarded(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula, made plain text again."""
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return value


class _Echo:
    """A file that hands back what is written to it: the csv module's way to stream."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: list[Column], rows: Iterator[Any]) -> Iterator[str]:
    """UTF-8 with a byte order mark, so that Excel in Chinese reads it right."""
    writer = csv.writer(_Echo())
    language = translation.get_language() or settings.LANGUAGE_CODE  # lines are sent after the request was answered
    heads = titles(columns)

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow([guarded(t) for t in heads])
        for row in rows:
            with translation.override(language):
                line = writer.writerow([guarded(_csv_text(plain(c, row))) for c in columns])
            yield line

    return lines()


def _csv_text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Decimal):
        return _Number(f"{value:f}")
    return value


class _Number(str):
    """A number already written out: a leading minus is its sign, not a formula."""

    __slots__ = ()

    def startswith(self, *_: Any) -> bool:
        return False


def write_xlsx(file: IO[bytes], title: str, columns: list[Column], rows: Iterator[Any]) -> None:
    """One sheet, written row by row in constant memory."""
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = book.add_worksheet(_sheet_name(title))
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F7"})
    looks = {
        "text": book.add_format({"num_format": "@"}),
        "quoted": book.add_format({"num_format": "@", "quote_prefix": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "number": book.add_format({"num_format": "General"}),
    }
    widths = {"day": 12, "moment": 19, "money": 16, "number": 12, "code": 22, "badge": 12}
    for n, (column, heading) in enumerate(zip(columns, titles(columns), strict=True)):
        sheet.set_column(n, n, widths.get(column.kind, 28))
        sheet.write_string(0, n, heading, head)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows, 1):
        for n, column in enumerate(columns):
            _write_cell(sheet, line, n, column, plain(column, row), looks)
    book.close()


def _write_cell(sheet: Any, line: int, n: int, column: Column, value: Any, looks: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(line, n, value, looks["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(line, n, datetime(value.year, value.month, value.day), looks["day"])  # noqa: DTZ001
    elif isinstance(value, int | float | Decimal) and -(10**15) < value < 10**15:
        sheet.write_number(line, n, float(value), looks["money" if column.kind == "money" else "number"])
    else:
        text = str(value)[:LONGEST_CELL]
        sheet.write_string(line, n, text, looks["quoted" if text.startswith(RISKY) else "text"])


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\")[:31] or "列表"
