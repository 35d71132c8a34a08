"""Rows of cells out of a CSV or workbook somebody brought, one after the other, or a refusal that says what to do."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import PurePath
from typing import IO, Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from shiheng.kernel.errors import Refused

WORKBOOKS = (".xlsx", ".xls", ".ods")
TEXTS = (".csv", ".txt")
ACCEPTED = ",".join((*WORKBOOKS, *TEXTS))
ENCODINGS = ("utf-8-sig", "gb18030")


def rows(file: IO[bytes], filename: str) -> Iterator[list[Any]]:
    """Every row of the first sheet, or of the text, as it stands: blank ones too. Raises ``Refused``."""
    suffix = PurePath(filename).suffix.lower()
    if suffix in WORKBOOKS:
        return _sheet(file)
    if suffix in TEXTS:
        return _text(file)
    told = {"suffix": suffix or _("无扩展名")}
    raise Refused("file.kind", _("不支持“%(suffix)s”文件，请用 xlsx 或 csv。") % told)


def _sheet(file: IO[bytes]) -> Iterator[list[Any]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
        sheet = workbook.get_sheet_by_index(0)
    except (CalamineError, ValueError, IndexError, OSError):
        raise Refused("file.workbook", _("打不开这个表格文件。请用 Excel 或 WPS 另存为 xlsx 后再传。")) from None
    return iter(sheet.iter_rows())


def _text(file: IO[bytes]) -> Iterator[list[Any]]:
    encoding = _encoding_of(file)
    return csv.reader(io.TextIOWrapper(file, encoding=encoding, newline=""))


def _encoding_of(file: IO[bytes]) -> str:
    """In which of the two encodings every byte can be read."""
    for encoding in ENCODINGS:
        file.seek(0)
        decoder = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            while piece := decoder.read(1 << 20):
                if "\x00" in piece:
                    raise UnicodeError
        except UnicodeError:
            continue
        else:
            return encoding
        finally:
            decoder.detach()
            file.seek(0)
    raise Refused("file.encoding", _("读不出文件中的文字。请另存为 UTF-8 编码的 csv，或改用 xlsx。"))


def plain(cell: Any) -> str:
    """A cell as somebody would have typed it: whole numbers without a point, days as 2026-11-21, no blanks around."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"  # not shown: read again by forms
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return unicodedata.normalize("NFKC", str(cell)).strip()
