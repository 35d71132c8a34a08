"""A department's file as rows: CSV, XLSX, JSON or Parquet, UTF-8 or GB18030, read so that one bad byte never loses the
file and one bad row never loses itself.

The usual readers give up the whole file at one bad byte, or hide ragged rows. Here each record is read on its own: what
cannot be read comes back as a ``Row`` with its fault and the cells as far as they could be seen.
"""

import csv
import gzip
import io
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, cast

from shiheng.fusion.checks import Row
from shiheng.kernel.errors import Refused

# A quoted field may hold line breaks; one that runs on longer than this was never closed.
LONGEST_RECORD = 200
csv.field_size_limit(16 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Table:
    """A file opened: how it was understood, its header, and its rows, to be read once."""

    media: str
    charset: str
    header: list[str]
    rows: Iterator[Row]


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(stream.readline, b"")


def _open(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked when it is gzip (a truncated archive is refused with what was readable counted)."""
    with path.open("rb") as probe:
        packed = probe.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def sniff(path: Path, filename: str) -> str:
    """``csv``, ``xlsx``, ``json`` or ``parquet``, by the first bytes and not by the name alone."""
    try:
        with _open(path) as stream:
            head = stream.read(4096)
    except (OSError, EOFError):
        raise Refused("file.unreadable", f"文件 {filename} 的压缩包已损坏，无法解开，请重新导出后再报送。") from None
    if not head.strip():
        raise Refused("file.empty", f"文件 {filename} 是空的，没有任何内容。")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("file.xls", f"文件 {filename} 是旧版 .xls，请另存为 .xlsx 或 CSV 后再报送。")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"[", b"{"}:
        return "json"
    return "csv"


def detect_charset(path: Path) -> str:
    """``utf-8`` or ``gb18030``: the one that reads every line, else the one that fails on fewer lines.

    Detectors that look at the first bytes only are wrong on files cut in the middle of a character; a strict pass over
    the whole file costs milliseconds and is right.
    """
    bad = {"utf-8": 0, "gb18030": 0}
    with _open(path) as stream:
        for line in _lines(stream):
            if line.isascii():
                continue
            for charset in bad:
                try:
                    line.decode(charset)
                except UnicodeDecodeError:
                    bad[charset] += 1
    return "utf-8" if bad["utf-8"] <= bad["gb18030"] else "gb18030"


def seen(raw: bytes, charset: str) -> str:
    """Bytes as far as they can be read; what cannot is written ``\\xNN``, so nothing is hidden."""
    return raw.decode(charset, "backslashreplace")


@dataclass(frozen=True, slots=True)
class _Line:
    """A physical line as far as it can be read, and where it cannot."""

    text: str
    fault: tuple[str, str] | None


def _decode(line: bytes, charset: str) -> _Line:
    try:
        return _Line(line.decode(charset), None)
    except UnicodeDecodeError as problem:
        named = "GB18030" if charset == "gb18030" else "UTF-8"
        where = f"第 {problem.start + 1} 个字节（\\x{line[problem.start]:02x}）"
        return _Line(seen(line, charset), ("row.bytes", f"{where}不是有效的 {named} 编码。"))


class _Splitter:
    """Physical lines joined into records by their quotes.

    Only a quote at the beginning of a cell opens it, and only one before a separator or the end closes it; a stray
    quote inside a cell is text. A quote that never closes would swallow the rest of the file: past ``LONGEST_RECORD``
    lines, at the end, or when the joined cells do not fit the header, the first line is given up alone and reading goes
    on with the next.
    """

    def __init__(self, separator: str) -> None:
        at = re.escape(separator)
        self.separator = separator
        self.closed = re.compile(rf'(?:^|(?<={at}))"(?:[^"]|"")*"(?={at}|\r?\n?$)')
        self.open = re.compile(rf'(?:^|{at})"')

    def is_open(self, text: str) -> bool:
        return '"' in text and bool(self.open.search(self.closed.sub("", text)))

    def cells(self, text: str) -> list[str]:
        return next(csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), delimiter=self.separator), [])

    def records(self, lines: Iterator[_Line], width: int) -> Iterator[tuple[list[_Line], bool]]:
        """The lines of each record, and whether its quotes close."""
        waiting: deque[_Line] = deque()
        while True:
            line = waiting.popleft() if waiting else next(lines, None)
            if line is None:
                return
            if not self.is_open(line.text):
                yield [line], True
                continue
            held = [line]
            closed = False
            while len(held) < LONGEST_RECORD and not closed:
                more = waiting.popleft() if waiting else next(lines, None)
                if more is None:
                    break
                held.append(more)
                closed = '"' in more.text and not self.is_open("".join(h.text for h in held))
            if closed and len(self.cells("".join(h.text for h in held))) == width:
                yield held, True
            else:
                yield [line], False
                waiting.extendleft(reversed(held[1:]))


def _read_csv(path: Path) -> Table:
    charset = detect_charset(path)
    stream = _open(path)
    lines = (_decode(line, charset) for line in _lines(stream))
    first = next((line.text for line in lines if line.text.strip("\ufeff \t\r\n")), "").removeprefix("\ufeff")
    splitter = _Splitter(max(",\t;|", key=first.count))
    header = [cell.strip() for cell in splitter.cells(first)]
    while header and not header[-1]:
        header.pop()

    def rows() -> Iterator[Row]:
        number = 0
        with stream:
            for held, whole in splitter.records(lines, len(header)):
                text = held[0].text if len(held) == 1 else "".join(line.text for line in held)
                if not text.strip():
                    continue
                number += 1
                if not whole:
                    yield Row(number, [text.rstrip("\r\n")], ("row.quote", "引号没有闭合，无法分列。"))
                    continue
                cells = splitter.cells(text)
                while len(cells) > len(header) and not cells[-1].strip():
                    cells.pop()
                fault = next((line.fault for line in held if line.fault), None)
                if fault is None and len(cells) != len(header):
                    fault = ("row.width", f"应有 {len(header)} 列，实有 {len(cells)} 列。")
                yield Row(number, cells, fault)

    return Table("csv", charset, header, rows())


def as_text(value: Any) -> str:
    """A spreadsheet's or JSON's value as a department would have typed it: whole floats without ``.0``, days as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _read_xlsx(path: Path, filename: str) -> Table:
    from python_calamine import CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        grid = sheet.iter_rows()
        header = [as_text(c).strip() for c in next(grid, [])]
    except Exception as problem:  # noqa: BLE001 - the reader raises many kinds; each means the same to the sender
        raise Refused("file.unreadable", f"文件 {filename} 不是完好的 XLSX：{problem}。请重新导出。") from None
    while header and not header[-1]:
        header.pop()

    def rows() -> Iterator[Row]:
        number = 0
        for cells in grid:
            text = [as_text(c) for c in cells]
            if not any(t.strip() for t in text):
                continue
            number += 1
            while len(text) > len(header) and not text[-1].strip():
                text.pop()
            text += [""] * (len(header) - len(text))  # a sheet does not store its empty right edge
            wide = len(text) > len(header)
            fault = ("row.width", f"应有 {len(header)} 列，实有 {len(text)} 列。") if wide else None
            yield Row(number, text, fault)

    return Table("xlsx", "", header, rows())


def _objects(text: str) -> Iterator[tuple[Any, str]]:
    """The objects of a JSON array, of ``{"data": [...]}`` or of JSON lines; a broken one as ``(None, its text)``."""
    decoder = json.JSONDecoder()
    at = text.find("{")
    head = text[:at].strip()
    if not head.startswith("[") and at >= 0:
        try:
            whole = decoder.decode(text)
        except ValueError:
            whole = None
        listed = next((v for v in whole.values() if isinstance(v, list)), None) if isinstance(whole, dict) else None
        if listed is not None and all(isinstance(v, dict) for v in listed):
            yield from ((v, "") for v in listed)
            return
    while 0 <= at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
            yield value, ""
        except ValueError:
            # Go on at the next object that begins a line or follows a comma.
            ends = [e for e in (text.find("\n{", at + 1), text.find("},{", at + 1), text.find("}, {", at + 1)) if e > 0]
            end = min(ends, default=len(text))
            yield None, text[at : end + 1].strip()
            at = end + 1
        at = text.find("{", at)


def _read_json(path: Path) -> Table:
    charset = detect_charset(path)
    with _open(path) as stream:
        text = seen(stream.read().removeprefix(b"\xef\xbb\xbf"), charset)
    header: dict[str, None] = {}
    for value, _broken in _objects(text):
        if isinstance(value, dict):
            header.update(dict.fromkeys(value))
    names = list(header)

    def rows() -> Iterator[Row]:
        for number, (value, broken) in enumerate(_objects(text), 1):
            if not isinstance(value, dict):
                yield Row(number, [broken], ("row.json", "不是有效的 JSON 对象，请检查引号、逗号与括号。"))
                continue
            cells = [as_text(value.get(n)) for n in names]
            bad = any("\\x" in c for c in cells)
            yield Row(number, cells, ("row.bytes", "含有无法解码的字节（显示为 \\xNN）。") if bad else None)

    return Table("json", charset, names, rows())


def _read_parquet(path: Path, filename: str) -> Table:
    import pyarrow.parquet as pq

    try:
        held = pq.ParquetFile(path)
    except Exception as problem:  # noqa: BLE001 - see above
        raise Refused("file.unreadable", f"文件 {filename} 不是完好的 Parquet：{problem}。") from None
    header = list(held.schema_arrow.names)

    def rows() -> Iterator[Row]:
        number = 0
        for batch in held.iter_batches(batch_size=20_000):
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield Row(number, [as_text(v) for v in values])

    return Table("parquet", "", header, rows())


def read(path: Path, filename: str) -> Table:
    """Open a landed file. Raises ``Refused`` when the file as a whole is of no known form."""
    media = sniff(path, filename)
    if media == "xlsx":
        return _read_xlsx(path, filename)
    if media == "parquet":
        return _read_parquet(path, filename)
    table = _read_json(path) if media == "json" else _read_csv(path)
    if not table.header:
        raise Refused("file.header", f"文件 {filename} 没有表头，第一行应是列名。")
    return table
