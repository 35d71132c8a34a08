"""Files as departments make them: CSV in two character sets, XLSX, JSON; streamed, and byte for byte repeatable."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

import xlsxwriter

from shiheng.city.dirt import BAD_BYTE


class Writer(Protocol):
    """A file being written, row by row."""

    rows: int

    def write(self, values: Sequence[str]) -> None: ...

    def close(self) -> None: ...


def writer(path: Path, form: str, charset: str, header: Sequence[str], days: Sequence[int] = ()) -> Writer:
    """A writer for a form; ``days`` are the columns that XLSX keeps as real dates."""
    if form == "csv":
        return Csv(path, charset, header)
    if form == "xlsx":
        return Xlsx(path, header, days)
    return Json(path, header)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Csv:
    """Comma-separated, quoted where needed, CRLF as spreadsheets on Windows write it."""

    def __init__(self, path: Path, charset: str, header: Sequence[str]) -> None:
        self.rows = 0
        self._charset = charset.removesuffix("-sig")
        self._file = path.open("wb", buffering=1 << 20)
        if charset.endswith("-sig"):
            self._file.write(b"\xef\xbb\xbf")
        self._file.write(self._line(header))

    def write(self, values: Sequence[str]) -> None:
        self.rows += 1
        self._file.write(self._line(values))

    def _line(self, values: Sequence[str]) -> bytes:
        text = ",".join(_quoted(v) if "," in v or '"' in v or "\n" in v else v for v in values) + "\r\n"
        if BAD_BYTE in text:
            return b"\xff".join(part.encode(self._charset) for part in text.split(BAD_BYTE))
        return text.encode(self._charset)

    def close(self) -> None:
        self._file.close()


class Xlsx:
    """A spreadsheet whose day columns are real dates where the text is one."""

    def __init__(self, path: Path, header: Sequence[str], days: Sequence[int]) -> None:
        self.rows = 0
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
        self._book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
        self._sheet = self._book.add_worksheet("Sheet1")
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._days = frozenset(days)
        self._sheet.write_row(0, 0, header)

    def write(self, values: Sequence[str]) -> None:
        self.rows += 1
        for column, value in enumerate(values):
            if column in self._days and (day := _day(value)):
                self._sheet.write_datetime(self.rows, column, datetime(day.year, day.month, day.day), self._day)  # noqa: DTZ001
            elif value:
                self._sheet.write_string(self.rows, column, value)

    def close(self) -> None:
        self._book.close()


class Json:
    """An interface's answer saved to a file: one array of objects, an object a line."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.rows = 0
        self._header = header
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write("[")

    def write(self, values: Sequence[str]) -> None:
        self._file.write(",\n" if self.rows else "\n")
        self.rows += 1
        self._file.write(json.dumps(dict(zip(self._header, values, strict=True)), ensure_ascii=False))

    def close(self) -> None:
        self._file.write("\n]\n")
        self._file.close()


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _day(text: str) -> date | None:
    try:
        day = date(*(int(part) for part in text.split("-")))
    except (TypeError, ValueError):
        return None
    return day if 1900 < day.year < 9999 else None
