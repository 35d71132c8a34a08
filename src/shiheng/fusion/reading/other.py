"""Spreadsheets, JSON and Parquet as rows of text."""

import codecs
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import polars as pl

from shiheng.fusion.reading.landed import Openable, detect_charset, open_bytes, open_seekable
from shiheng.fusion.rows import Chunk, Row, gathered
from shiheng.kernel.errors import Refused

SIZE = 20_000
# How much of a JSON text is held at once. An object that is longer is taken for a broken one, and so is one that is
# broken only further on than this.
WINDOW = 16 * 1024 * 1024


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


def read_xlsx(path: Openable, filename: str) -> tuple[list[str], Iterator[Chunk]]:
    """The first sheet. The library holds all of it: a sheet has at most 1,048,576 rows."""
    from python_calamine import CalamineWorkbook

    try:
        with open_seekable(path) as stream:
            sheet = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0)
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

    return header, gathered(rows(), len(header), SIZE)


_UNREADABLE = re.compile(r"\\x[0-9a-f]{2}|\\ud[89a-f][0-9a-f]{2}")


class _Text:
    """A JSON text of any length through a window that moves on; what cannot be decoded is written ``\\xNN``."""

    def __init__(self, path: Openable, charset: str) -> None:
        self._stream = open_bytes(path)
        self._decoder = codecs.getincrementaldecoder(charset)("backslashreplace")
        self.held = ""
        self.ended = False
        self._more(WINDOW)
        self.held = self.held.removeprefix("\ufeff")

    def _more(self, size: int) -> None:
        piece = self._stream.read(size)
        self.ended = len(piece) < size and not self._stream.peek(1) if hasattr(self._stream, "peek") else not piece
        self.held += self._decoder.decode(piece, final=not piece or self.ended)
        if self.ended:
            self._stream.close()

    def moved(self, at: int) -> int:
        """Forget what lies before a place when the window must be filled up after it; gives the place again."""
        if self.ended or len(self.held) - at >= WINDOW:
            return at
        self.held = self.held[at:]
        self._more(WINDOW)
        return 0

    def rest(self) -> str:
        """All of it, however long."""
        while not self.ended:
            self._more(WINDOW)
        return self.held


def _wrapped(text: _Text) -> list[Any] | None:
    """The objects of an interface's answer, ``{"data": [...]}``: one object, held whole."""
    at = text.held.find("{")
    if at < 0 or text.held[:at].strip().startswith("["):
        return None
    decoder = json.JSONDecoder()
    try:
        _, end = decoder.raw_decode(text.held, at)
    except ValueError:
        end = -1
    if end >= 0 and text.held[end:].strip():
        return None  # more than one
    if end < 0 and text.ended:
        return None
    try:
        whole = decoder.decode(text.rest())
    except ValueError:
        return None
    listed = next((v for v in whole.values() if isinstance(v, list)), None) if isinstance(whole, dict) else None
    return listed if listed is not None and all(isinstance(v, dict) for v in listed) else None


def _objects(path: Openable, charset: str) -> Iterator[tuple[Any, str]]:
    """The objects of a JSON array, of ``{"data": [...]}`` or of JSON lines; a broken one as ``(None, its text)``."""
    text = _Text(path, charset)
    listed = _wrapped(text)
    if listed is not None:
        yield from ((v, "") for v in listed)
        return
    decoder = json.JSONDecoder()
    at = text.held.find("{")
    while True:
        while at < 0 and not text.ended:
            text.moved(len(text.held))
            at = text.held.find("{")
        if at < 0:
            return
        try:
            value, at = decoder.raw_decode(text.held, at)
            yield value, ""
        except ValueError:
            if not text.ended and len(text.held) - at < WINDOW:
                at = text.moved(at)
                continue
            # Go on at the next object that begins a line or follows a comma.
            joints = ("\n{", "},{", "}, {")
            ends = [e for e in (text.held.find(joint, at + 1) for joint in joints) if e > 0]
            end = min(ends, default=len(text.held))
            yield None, text.held[at : end + 1].strip()
            at = end + 1
        at = text.held.find("{", at)


def read_json(path: Openable) -> tuple[str, list[str], Iterator[Chunk]]:
    """Objects as rows: the first pass finds all their keys, the second their values. A window of it is held."""
    charset, _ = detect_charset(path)
    header: dict[str, None] = {}
    for value, _broken in _objects(path, charset):
        if isinstance(value, dict):
            header.update(dict.fromkeys(value))
    names = list(header)

    def rows() -> Iterator[Row]:
        for number, (value, broken) in enumerate(_objects(path, charset), 1):
            if not isinstance(value, dict):
                yield Row(number, [broken], ("row.json", "不是有效的 JSON 对象，请检查引号、逗号与括号。"))
                continue
            # Half a surrogate pair is no character: it is shown as it was written.
            cells = [as_text(value.get(n)).encode("utf-8", "backslashreplace").decode() for n in names]
            bad = any(_UNREADABLE.search(c) for c in cells)
            yield Row(number, cells, ("row.bytes", "含有无法解码的字节（显示为 \\xNN）。") if bad else None)

    shown = [name.encode("utf-8", "backslashreplace").decode() for name in names]
    return charset, shown, gathered(rows(), len(names), SIZE)


def read_parquet(path: Openable, filename: str) -> tuple[list[str], Iterator[Chunk]]:
    """A row group's batches, one after another."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def refusal(problem: Exception) -> Refused:
        return Refused("file.unreadable", f"文件 {filename} 不是完好的 Parquet：{problem}。请重新导出。")

    try:
        held = pq.ParquetFile(open_seekable(path))
    except Exception as problem:  # noqa: BLE001 - see above
        raise refusal(problem) from None
    header = list(held.schema_arrow.names)

    def text_of(column: Any) -> pl.Series:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            return pl.Series(column, dtype=pl.String).fill_null("")
        return pl.Series([as_text(v) for v in column.to_pylist()], dtype=pl.String)

    def chunks() -> Iterator[Chunk]:
        first = 1
        try:
            for batch in held.iter_batches(batch_size=SIZE):
                height = batch.num_rows
                frame = pl.DataFrame({str(at): text_of(column) for at, column in enumerate(batch.columns)})
                numbers = pl.int_range(first, first + height, dtype=pl.Int64, eager=True)
                yield Chunk(first, height, numbers, frame)
                first += height
        except (OSError, ValueError) as problem:  # what pyarrow raises at a damaged page
            raise refusal(problem) from None

    return header, chunks()
