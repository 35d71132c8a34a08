"""The reading of a file line by line, each by itself: slow, plain, and what the fast one must agree with."""

import csv
import gzip
import json
import re
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

from shiheng.fusion.rows import Row
from shiheng.kernel.errors import Refused

# A quoted field may hold line breaks; one that runs on longer than this was never closed.
LONGEST_RECORD = 200
LONGEST_LINE = 16 * 1024 * 1024
csv.field_size_limit(LONGEST_LINE)
_BROKEN_ARCHIVE = (gzip.BadGzipFile, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class Table:
    """A file opened: how it was understood, its header, and its rows, to be read once."""

    media: str
    charset: str
    header: list[str]
    rows: Iterator[Row]


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Physical lines, none longer than ``LONGEST_LINE``; a lone CR ends a line where no LF does (old spreadsheets)."""
    rest = b""
    while piece := stream.readline(LONGEST_LINE):
        line, rest = rest + piece, b""
        if line.endswith(b"\n") or b"\r" not in line:
            yield line
        else:
            *whole, rest = line.splitlines(keepends=True)
            yield from whole
    if rest:
        yield rest


def _packed(path: Path) -> bool:
    with path.open("rb") as probe:
        return probe.read(2) == b"\x1f\x8b"


def _open(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked when it is gzip."""
    return cast("IO[bytes]", gzip.open(path, "rb")) if _packed(path) else path.open("rb")


def sniff(path: Path, filename: str) -> str:
    """``csv``, ``xlsx``, ``json`` or ``parquet``, by the first bytes and not by the name alone."""
    with _open(path) as stream:
        head = stream.read(4096)
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
    unreadable = _unreadable(path, "utf-8")
    return "utf-8" if not unreadable or unreadable <= _unreadable(path, "gb18030") else "gb18030"


def _unreadable(path: Path, charset: str) -> int:
    bad = 0
    with _open(path) as stream:
        for line in _lines(stream):
            try:
                line.decode(charset)
            except UnicodeDecodeError:
                bad += 1
    return bad


def seen(raw: bytes, charset: str) -> str:
    """Bytes as far as they can be read; what cannot is written ``\\xNN``, so nothing is hidden."""
    return raw.decode(charset, "backslashreplace")


@dataclass(frozen=True, slots=True)
class _Line:
    """A physical line as far as it can be read, and where it cannot."""

    text: str
    fault: tuple[str, str] | None


def _decode(line: bytes, charset: str) -> _Line:
    if len(line) >= LONGEST_LINE:
        return _Line(seen(line, charset), ("row.long", f"这一行超过 {LONGEST_LINE >> 20} MB，可能缺少换行。"))
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
        """The cells of a record; one the ``csv`` module will not read (a CR outside quotes) comes back uncut."""
        text = text.rstrip("\r\n")
        if '"' not in text:
            return text.split(self.separator)
        try:
            return next(csv.reader([text], delimiter=self.separator), [])
        except csv.Error:
            return [text]

    def header(self, first: str, lines: Iterator[_Line]) -> tuple[list[str], Iterator[_Line]]:
        """The column names, which may run on over quoted line breaks, and the lines that come after them."""
        text = first
        held: list[_Line] = []
        while self.is_open(text) and len(held) < LONGEST_RECORD and (more := next(lines, None)):
            held.append(more)
            text += more.text
        if self.is_open(text):
            text, lines = first, chain(held, lines)
        names = [cell.strip() for cell in self.cells(text)]
        while names and not names[-1]:
            names.pop()
        return names, lines

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
    lines: Iterator[_Line] = (_decode(line, charset) for line in _lines(stream))
    first = next((line.text for line in lines if line.text.strip("\ufeff \t\r\n")), "").removeprefix("\ufeff")
    splitter = _Splitter(max(",\t;|", key=first.count))
    header, lines = splitter.header(first, lines)

    def rows() -> Iterator[Row]:
        number = 0
        with stream:
            for record, whole in splitter.records(lines, len(header)):
                text = record[0].text if len(record) == 1 else "".join(line.text for line in record)
                if not text.strip():
                    continue
                number += 1
                if not whole:
                    yield Row(number, [text.rstrip("\r\n")], ("row.quote", "引号没有闭合，无法分列。"))
                    continue
                cells = splitter.cells(text)
                while len(cells) > len(header) and not cells[-1].strip():
                    cells.pop()
                fault = next((line.fault for line in record if line.fault), None)
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


_UNREADABLE = re.compile(r"\\x[0-9a-f]{2}|\\ud[89a-f][0-9a-f]{2}")


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
            # Half a surrogate pair is no character: it is shown as it was written.
            cells = [as_text(value.get(n)).encode("utf-8", "backslashreplace").decode() for n in names]
            bad = any(_UNREADABLE.search(c) for c in cells)
            yield Row(number, cells, ("row.bytes", "含有无法解码的字节（显示为 \\xNN）。") if bad else None)

    shown = [name.encode("utf-8", "backslashreplace").decode() for name in names]
    return Table("json", charset, shown, rows())


def read(path: Path, filename: str) -> Table:
    """CSV or JSON, whichever it is."""
    return _read_json(path) if sniff(path, filename) == "json" else _read_csv(path)
