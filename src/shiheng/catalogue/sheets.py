"""Reading a small table out of an uploaded CSV or XLSX file: rows with their line, or a refusal that says why not."""

import csv
import io
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from shiheng.catalogue.definition import COLUMNS, REQUIRED, SheetRow
from shiheng.kernel.errors import Refused

LARGEST = 2 * 1024 * 1024
MOST_ROWS = 5_000


def read(content: bytes, filename: str) -> list[SheetRow]:
    """The rows of a holiday table under its header line; blank lines are left out."""
    if len(content) > LARGEST:
        raise Refused("calendar.size", "文件超过2MB。放假安排表每天一行，请确认选对了文件。")
    grid = grid_of(content, PurePath(filename).suffix.lower())
    header_at = next((place for place, row in enumerate(grid) if any(_text(cell) for cell in row)), None)
    if header_at is None:
        raise Refused("calendar.empty", "文件里没有内容。")
    titles = [_text(cell) for cell in grid[header_at]]
    missing = [title for title in REQUIRED if title not in titles]
    if missing:
        told = {"line": header_at + 1, "missing": "、".join(missing), "columns": "、".join(COLUMNS)}
        raise Refused("calendar.columns", _("第%(line)s行缺少列：%(missing)s。表头应为：%(columns)s。") % told)
    rows = [
        SheetRow(line, {title: cell for title, cell in zip(titles, row, strict=False) if title in COLUMNS})
        for line, row in enumerate(grid[header_at + 1 :], start=header_at + 2)
        if any(_text(cell) for cell in row)
    ]
    if not rows:
        raise Refused("calendar.empty", "文件只有表头，没有日期行。")
    if len(rows) > MOST_ROWS:
        told = {"rows": len(rows), "most": MOST_ROWS}
        raise Refused("calendar.size", _("文件有%(rows)s行，一次最多%(most)s行。") % told)
    return rows


def grid_of(content: bytes, suffix: str) -> list[list[Any]]:
    """The cells of the first sheet, whatever kind of file it is."""
    if suffix in {".xlsx", ".xls", ".ods"}:
        try:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
        except (CalamineError, ValueError, IndexError):
            raise Refused("calendar.file", "打不开这个表格文件。请用 Excel 或 WPS 另存为 xlsx 后再上传。") from None
    if suffix not in {".csv", ".txt"}:
        given = suffix or _("无扩展名")
        raise Refused("calendar.file", _("不支持“%(suffix)s”文件，请上传 csv 或 xlsx。") % {"suffix": given})
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return list(csv.reader(io.StringIO(text, newline="")))
    raise Refused("calendar.file", "读不出文件中的文字。请另存为 UTF-8 编码的 csv 后再上传。")


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()
