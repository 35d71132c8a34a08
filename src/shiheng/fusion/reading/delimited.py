"""Delimited text as rows, at the speed of columns where a block of lines is in order and line by line where it is not.

A line without quotes is in order when its cells and separators add up to its length; one with quotes when every quoted
cell is closed properly and its separators are as many as the header's. All of these are parsed in one step. Every other
line (bytes that cannot be read, stray or open quotes, a CR of its own, too few or too many cells) is read by itself, as
the whole file would be if it were all like that.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import compress

import polars as pl
import pyarrow as pa

from shiheng.fusion.reading.landed import (
    LONGEST_LINE,
    Lines,
    Openable,
    detect_charset,
    open_bytes,
    readable,
    split_lines,
)
from shiheng.fusion.rows import Chunk, Row, frame_of

# A quoted field may hold line breaks; one that runs on longer than this was never closed.
LONGEST_RECORD = 200
csv.field_size_limit(LONGEST_LINE)
_BOM = b"\xef\xbb\xbf"
_QUOTED = r'"(?:[^"]|"")*"'
# What Python calls blank.
_BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace())


def seen(raw: bytes, charset: str) -> str:
    """Bytes as far as they can be read; what cannot is written ``\\xNN``, so nothing is hidden."""
    return raw.decode(charset, "backslashreplace")


@dataclass(frozen=True, slots=True)
class Line:
    """A physical line as far as it can be read, and where it cannot."""

    text: str
    fault: tuple[str, str] | None


def decode(line: bytes, charset: str) -> Line:
    if len(line) >= LONGEST_LINE:
        return Line(seen(line, charset), ("row.long", f"这一行超过 {LONGEST_LINE >> 20} MB，可能缺少换行。"))
    try:
        return Line(line.decode(charset), None)
    except UnicodeDecodeError as problem:
        named = "GB18030" if charset == "gb18030" else "UTF-8"
        where = f"第 {problem.start + 1} 个字节（\\x{line[problem.start]:02x}）"
        return Line(seen(line, charset), ("row.bytes", f"{where}不是有效的 {named} 编码。"))


class Splitter:
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


@dataclass(slots=True)
class _Reader:
    """One file being read: its lines, how they are cut, and how many rows there have been."""

    lines: Lines
    charset: str
    valid: bool
    splitter: Splitter
    width: int = 0
    wide: int = 0
    number: int = 0
    # Whether blocks have been ragged so far: then parsing them strictly first is a waste.
    ragged: bool = False
    regular: str = ""
    schema: dict[str, type[pl.String]] = field(default_factory=dict)
    room: io.BytesIO = field(default_factory=io.BytesIO)

    def header(self, first: bytes) -> list[str]:
        """The column names, which may run on over quoted line breaks."""
        taken = [first]
        text = decode(first, self.charset).text.removeprefix("\ufeff")
        lone = text
        while self.splitter.is_open(text) and len(taken) <= LONGEST_RECORD:
            more = self.lines.line()
            if more is None:
                break
            taken.append(more)
            text += decode(more, self.charset).text
        if self.splitter.is_open(text):
            text = lone
            self.lines.give_back(taken[1:])
        names = [cell.strip() for cell in self.splitter.cells(text)]
        self.wide = len(names)
        while names and not names[-1]:
            names.pop()
        self.width = len(names)
        at = re.escape(self.splitter.separator)
        cell = rf'(?:[^"\r{at}]*|{_QUOTED})'
        self.regular = rf"^{cell}(?:{at}{cell})*$"
        self.schema = {str(n): pl.String for n in range(self.wide)}
        return names

    # --- one record ---------------------------------------------------------------------------------------------------
    def record(self, raws: list[bytes], at: int, more: Callable[[], bytes | None]) -> tuple[Row | None, int]:
        """The record that begins at one of ``raws`` (with number 0; None for a blank line) and where the next begins.

        What is read beyond ``raws`` is appended to it.
        """
        held = [decode(raws[at], self.charset)]
        whole = True
        if self.splitter.is_open(held[0].text):
            whole = False
            while len(held) < LONGEST_RECORD and not whole:
                if at + len(held) == len(raws):
                    line = more()
                    if line is None:
                        break
                    raws.append(line)
                held.append(decode(raws[at + len(held)], self.charset))
                whole = '"' in held[-1].text and not self.splitter.is_open("".join(h.text for h in held))
            whole = whole and len(self.splitter.cells("".join(h.text for h in held))) == self.width
            if not whole:
                held = held[:1]
        return self._row(held, whole=whole), at + len(held)

    def _row(self, record: list[Line], *, whole: bool) -> Row | None:
        text = record[0].text if len(record) == 1 else "".join(line.text for line in record)
        if not text.strip():
            return None
        if not whole:
            return Row(0, [text.rstrip("\r\n")], ("row.quote", "引号没有闭合，无法分列。"))
        cells = self.splitter.cells(text)
        while len(cells) > self.width and not cells[-1].strip():
            cells.pop()
        fault = next((line.fault for line in record if line.fault), None)
        if fault is None and len(cells) != self.width:
            fault = ("row.width", f"应有 {self.width} 列，实有 {len(cells)} 列。")
        return Row(0, cells, fault)

    # --- a block of lines ---------------------------------------------------------------------------------------------
    def chunks(self) -> Iterator[Chunk]:
        for taken in self.lines.each():
            if isinstance(taken, list):
                row, after = self.record(taken, 0, self.lines.line)
                self.lines.give_back(taken[after:])
                yield self._numbered(pl.Series([False]), None, {0: row} if row else {})
            else:
                chunk = self._block(taken)
                del taken
                yield chunk

    def _block(self, block: bytes) -> Chunk:
        text, bad = (block, []) if self.valid else readable(block, self.charset, self.room)
        if not bad and not self.ragged and (frame := self._all_in_order(text)) is not None:
            first = self.number + 1
            self.number += frame.height
            return Chunk(first, frame.height, pl.int_range(first, self.number + 1, dtype=pl.Int64, eager=True), frame)
        return self._sorted_out(block, text, bad)

    def _parse(self, text: bytes, *, quotes: bool, ragged: bool) -> pl.DataFrame:
        return pl.read_csv(
            text,
            has_header=False,
            separator=self.splitter.separator,
            quote_char='"' if quotes else None,
            schema=self.schema,
            infer_schema=False,
            empty_string_is_null=False,
            extra_columns="ignore" if ragged else "raise",
            missing_columns="insert" if ragged else "raise",
        )

    def _all_in_order(self, text: bytes) -> pl.DataFrame | None:
        """The block in one step, if no line of it is odd: none is too wide, and separators are as many as they should.

        Then none is too narrow either.
        """
        plain = self.wide == self.width > 1 and self.splitter.separator != "\t"
        if not plain or b'"' in text or text.startswith(_BOM) or not _cr_at_ends_only(text):
            return None
        try:
            frame = self._parse(text, quotes=False, ragged=False)
        except pl.exceptions.PolarsError:
            self.ragged = True
            return None
        characters = pl.Series(pa.Array.from_buffers(pa.uint8(), len(text), [None, pa.py_buffer(text)]))
        found = (characters == ord(self.splitter.separator)).sum()
        return frame if found == frame.height * (self.width - 1) else None

    def _sorted_out(self, block: bytes, text: bytes, bad: list[int]) -> Chunk:
        """The block with its odd lines taken out and read by themselves."""
        lines = pl.read_lines(text).to_series()
        # The bytes as they came, for lines read by themselves; those of the text, for the parser.
        texts = _Raws(text, lines)
        raws = texts if text is block else _Raws(block, None)
        kept = pl.repeat(True, lines.len(), eager=True, dtype=pl.Boolean)
        rows: dict[int, Row | None] = {}
        if bad:
            kept = kept.scatter(bad, False)
        if _BOM in text:
            kept &= ~lines.str.starts_with("\ufeff")  # the parser takes one for the beginning of a file
        if b"\r" in text:
            kept &= ~lines.str.contains("\r", literal=True)
        quoted = lines.str.contains('"', literal=True) if b'"' in block else kept & False
        if b'"' in block:
            irregular = self._irregular(lines, quoted)
            kept = kept.scatter(irregular, False) if irregular else kept
            if suspects := [at for at in sorted({*irregular, *bad}) if b'"' in raws[at]]:
                self._take_open(raws, suspects, rows)
            kept = kept.scatter(list(rows), False) if rows else kept
        kept, frame = self._parse_kept(text if kept.all() else texts.without(kept), lines, kept, quoted)
        for at in (~kept).arg_true().to_list():
            if at not in rows:
                rows[at], _ = self.record([raws[at]], 0, lambda: None)
        return self._numbered(kept, frame, rows)

    def _irregular(self, lines: pl.Series, quoted: pl.Series) -> list[int]:
        """Places of lines with quotes not all properly closed, or with more or fewer cells than there should be."""
        places = quoted.arg_true()
        held = lines.gather(places)
        regular = held.str.contains(self.regular)
        separators = held.str.replace_all(_QUOTED, "").str.count_matches(self.splitter.separator, literal=True)
        return places.filter(~(regular & (separators == self.wide - 1))).to_list()

    def _take_open(self, raws: "_Raws", suspects: list[int], rows: dict[int, Row | None]) -> None:
        """Records that run over several lines, each at the line that opens it; the other lines they took have none."""
        lines, after = raws.all(), 0
        height = len(lines)
        for at in suspects:
            if at >= after and self.splitter.is_open(decode(lines[at], self.charset).text):
                rows[at], after = self.record(lines, at, self.lines.line)
                rows |= dict.fromkeys(range(at + 1, min(after, height)))
        self.lines.give_back(lines[max(after, height) :])

    def _parse_kept(
        self, parsed: bytes, lines: pl.Series, kept: pl.Series, quoted: pl.Series
    ) -> tuple[pl.Series, pl.DataFrame | None]:
        """The lines that are in order, parsed; those that turn out not to be are no longer kept."""
        if not kept.any():
            return kept, None
        frame = self._parse(parsed, quotes=b'"' in parsed, ragged=True)
        if frame.height != kept.sum():
            return kept & False, None
        held, has_quotes = lines.filter(kept), quoted.filter(kept)
        cells = frame.select(pl.sum_horizontal(pl.all().str.len_bytes())).to_series()
        left = held.str.len_bytes().cast(pl.Int64) - cells.cast(pl.Int64) - (self.wide - 1)
        # One separator more at the end is an empty cell more, which is no fault.
        right = has_quotes | (left == 0) | ((left == 1) & held.str.ends_with(self.splitter.separator))
        if self.wide > self.width:
            right &= frame.select(pl.all_horizontal(pl.nth(range(self.width, self.wide)) == "")).to_series()
        if self.wide == 1 or self.splitter.separator == "\t":
            right &= frame.select(pl.any_horizontal(pl.all().str.strip_chars(_BLANKS) != "")).to_series()
        if not right.all():
            frame = frame.filter(right)
            kept = kept.clone().scatter(kept.arg_true().filter(~right), False)
        return kept, frame.select(pl.nth(range(self.width)))

    def _numbered(self, kept: pl.Series, frame: pl.DataFrame | None, rows: dict[int, Row | None]) -> Chunk:
        """Rows of the frame and those read by themselves, numbered in the order of their lines."""
        own = {at: row for at, row in sorted(rows.items()) if row is not None}
        there = kept.clone().scatter(list(own), True) if own else kept
        numbers = there.cast(pl.Int64).cum_sum() + self.number
        first, height = self.number + 1, int(there.sum())
        self.number += height
        single = [replace(row, number=numbers[at]) for at, row in own.items()]
        good = [row for row in single if row.fault is None]
        broken = tuple(row for row in single if row.fault is not None)
        places = numbers.filter(kept)
        if frame is None:
            frame = frame_of([], self.width)
        if good:
            places = pl.concat([places, pl.Series([row.number for row in good], dtype=pl.Int64)])
            order = places.arg_sort()
            frame = pl.concat([frame, frame_of([row.cells for row in good], self.width)])[order]
            places = places[order]
        return Chunk(first, height, places, frame, broken)


def _cr_at_ends_only(text: bytes) -> bool:
    return b"\r" not in text or text.count(b"\r") == text.count(b"\r\n")


class _Raws:
    """The lines of a block as bytes, cut only when they are wanted."""

    def __init__(self, block: bytes, lines: pl.Series | None) -> None:
        self.block = block
        self._ends: pl.Series | None = None
        self._cut: list[bytes] = []
        breaks = 2 if b"\r" in block else 1
        if lines is not None:
            # Where every line ends alike, each is as long as its text and its ending.
            ends = (lines.str.len_bytes() + breaks).cum_sum()
            self._ends = ends if breaks == 1 or block.count(b"\r\n") == lines.len() else None

    def all(self) -> list[bytes]:
        self._cut = self._cut or split_lines(self.block)
        return self._cut.copy()

    def __getitem__(self, at: int) -> bytes:
        if self._ends is None:
            self._cut = self._cut or split_lines(self.block)
            return self._cut[at]
        return self.block[self._ends[at - 1] if at else 0 : self._ends[at]]

    def without(self, kept: pl.Series) -> bytes:
        """The bytes of the kept lines."""
        if self._ends is None:
            return b"".join(compress(self.all(), kept))
        out, last = [], 0
        gone = (~kept).arg_true().to_list()
        for at in gone:
            start = self._ends[at - 1] if at else 0
            out.append(self.block[last:start])
            last = self._ends[at]
        out.append(self.block[last:])
        return b"".join(out)


def read_csv(path: Openable) -> tuple[str, list[str], Iterator[Chunk]]:
    """The charset, the header and the rows of a delimited file."""
    charset, valid = detect_charset(path)
    stream = open_bytes(path)
    lines = Lines(stream)
    first = b""
    while (line := lines.line()) is not None:
        if decode(line, charset).text.strip("\ufeff \t\r\n"):
            first = line
            break
    text = decode(first, charset).text.removeprefix("\ufeff")
    reader = _Reader(lines, charset, valid, Splitter(max(",\t;|", key=text.count)))
    header = reader.header(first)

    def chunks() -> Iterator[Chunk]:
        with stream:
            yield from reader.chunks()

    return charset, header, chunks()
