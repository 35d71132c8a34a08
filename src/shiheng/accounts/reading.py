"""Reading a workbook in a declared layout: every cell that cannot be used is named by sheet, row and column."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from shiheng.accounts.layouts import Sheet
from shiheng.kernel.errors import Refused

MOST_ROWS = 20_000
MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell (``row`` as the spreadsheet counts; 0: the whole sheet) and what to do."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        told = {"sheet": self.sheet, "row": self.row, "column": self.column, "message": _(self.message)}
        if self.row and self.column:
            return _("工作表“%(sheet)s”第 %(row)s 行“%(column)s”列：%(message)s") % told
        if self.row:
            return _("工作表“%(sheet)s”第 %(row)s 行：%(message)s") % told
        if self.column:
            return _("工作表“%(sheet)s”“%(column)s”列：%(message)s") % told
        return _("工作表“%(sheet)s”：%(message)s") % told


@dataclass(slots=True)
class Page:
    """The rows of one sheet as text, each with its row number, and the faults found on the way."""

    sheet: Sheet
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def blame(self, row: int, name: str, message: str) -> None:
        column = next((c.title for c in self.sheet.columns if c.field == name), name)
        self.faults.append(Fault(self.sheet.title, row, column, message))


def read(file: BinaryIO | bytes, *sheets: Sheet) -> list[Page]:
    """The declared sheets of a workbook; refused as a whole only when it is no workbook at all."""
    content = file if isinstance(file, bytes) else file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise Refused("workbook.large", _("文件超过 %(most)s MB，请拆分后分次导入。") % {"most": most})
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        names = book.sheet_names
        pages = [
            _page(sheet, book.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False))
            if sheet.title in names
            else _absent(sheet, names)
            for sheet in sheets
        ]
    except (CalamineError, ValueError, OSError) as error:
        raise Refused(
            "workbook.unreadable", "这不是可读的 Excel 文件（.xlsx）。请用本页的模板重新保存后再上传。"
        ) from error
    return pages


def _absent(sheet: Sheet, names: Iterable[str]) -> Page:
    page = Page(sheet)
    if sheet.required:
        told = {"sheet": sheet.title, "names": "、".join(names) or _("无")}
        page.blame(0, "", _("缺少工作表“%(sheet)s”。文件中的工作表：%(names)s") % told)
    return page


def _page(sheet: Sheet, grid: list[list[Any]]) -> Page:
    page = Page(sheet)
    titles = [text_of(cell) for cell in grid[0]] if grid else []
    known = {c.title: c for c in sheet.columns}
    for title in dict.fromkeys(t for t in titles if t):
        if title not in known:
            page.blame(1, title, "不认识这一列。请使用模板中的列名，或删去此列")
        elif titles.count(title) > 1:
            page.blame(1, title, "这一列出现了不止一次，请只保留一列")
    for column in sheet.columns:
        if column.required and column.title not in titles:
            page.blame(1, column.field, "缺少这一列")
    if page.faults:
        return page
    for number, cells in enumerate(grid[1:], start=2):
        values = dict(zip(titles, map(text_of, cells), strict=False))
        row = {c.field: values.get(c.title, "") for c in sheet.columns}
        if not any(row.values()):
            continue
        if len(page.rows) >= MOST_ROWS:
            page.blame(number, "", _("超过 %(most)s 行，请拆分后分次导入") % {"most": MOST_ROWS})
            break
        for column in sheet.columns:
            if column.required and not row[column.field]:
                page.blame(number, column.field, "不能为空")
        page.rows.append((number, row))
    return page


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without a decimal point, days as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def day_of(text: str) -> date | None:
    """A day as officers write it: ``2026-01-31``, ``2026/1/31``, ``2026.1.31``, ``20260131``; else ``None``."""
    plain = text.replace("年", "-").replace("月", "-").replace("日", "")  # not shown: read only
    plain = plain.replace("/", "-").replace(".", "-").strip()
    if plain.isdigit() and len(plain) == 8:
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    parts = plain.split("-")
    if len(parts) != 3 or not all(p.isdigit() for p in parts):
        return None
    try:
        return date(*map(int, parts))
    except (ValueError, OverflowError):
        return None
