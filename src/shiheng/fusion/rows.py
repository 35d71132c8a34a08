"""Rows of a file as read: one by one, or many at once as columns of text. Pure.

What could be read lies in a frame, one text column a place of the header, so that a contract is held against a whole
column in one step. What could not be read stands beside it, row by row, with its fault; no row is in both or neither.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its number in the file (from 1, without the header), its cells as text, why it is unreadable."""

    number: int
    cells: list[str]
    fault: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows ``first`` to ``first + height - 1``: readable ones in ``frame`` (with their ``numbers``), others broken.

    Columns of ``frame`` are named ``0``, ``1`` … after their place in the header; no cell is null.
    """

    first: int
    height: int
    numbers: pl.Series
    frame: pl.DataFrame
    broken: tuple[Row, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Every row, in order."""
        good = (Row(n, list(cells)) for n, cells in zip(self.numbers, self.frame.iter_rows(), strict=True))
        return _merged(good, self.broken)

    def lines(self) -> Iterator[bytes]:
        """Every row's cells as read, joined by the unit separator: what the ledger proves."""
        if not self.broken:
            yield from self._joined().to_list()
            return
        waiting = iter(self.broken)
        broken = next(waiting, None)
        for number, line in zip(self.numbers.to_list(), self._joined().to_list(), strict=True):
            while broken and broken.number < number:
                yield line_of(broken)
                broken = next(waiting, None)
            yield line
        while broken:
            yield line_of(broken)
            broken = next(waiting, None)

    def _joined(self) -> pl.Series:
        joined = self.frame.select(pl.concat_str(pl.all(), separator="\x1f").cast(pl.Binary))
        return joined.to_series() if joined.width else pl.Series(dtype=pl.Binary)

    def between(self, first: int, height: int) -> "Chunk":
        """The part of it from one row number on."""
        start = int(self.numbers.search_sorted(first, side="left"))
        end = int(self.numbers.search_sorted(first + height, side="left"))
        broken = tuple(row for row in self.broken if first <= row.number < first + height)
        return Chunk(
            first, height, self.numbers.slice(start, end - start), self.frame.slice(start, end - start), broken
        )


def line_of(row: Row) -> bytes:
    """A single row as ``Chunk.lines`` gives it."""
    return "\x1f".join(row.cells).encode("utf-8", "backslashreplace")


def _merged(good: Iterable[Row], broken: Iterable[Row]) -> Iterator[Row]:
    waiting = iter(broken)
    held = next(waiting, None)
    for row in good:
        while held and held.number < row.number:
            yield held
            held = next(waiting, None)
        yield row
    while held:
        yield held
        held = next(waiting, None)


def frame_of(rows: Sequence[Sequence[str]], width: int) -> pl.DataFrame:
    """Cells row by row as a frame of text columns."""
    schema = {str(at): pl.String for at in range(width)}
    if not rows:
        return pl.DataFrame(schema=schema)
    return pl.DataFrame([list(column) for column in zip(*rows, strict=True)], schema=schema, orient="col")


def chunk_of(rows: Sequence[Row], width: int) -> Chunk:
    """Consecutive rows as one chunk."""
    good = [row for row in rows if row.fault is None]
    numbers = pl.Series([row.number for row in good], dtype=pl.Int64)
    broken = tuple(row for row in rows if row.fault is not None)
    first = rows[0].number if rows else 1
    return Chunk(first, len(rows), numbers, frame_of([row.cells for row in good], width), broken)


def gathered(rows: Iterable[Row], width: int, size: int) -> Iterator[Chunk]:
    """Rows that come one by one, ``size`` at a time."""
    held: list[Row] = []
    for row in rows:
        held.append(row)
        if len(held) == size:
            yield chunk_of(held, width)
            held = []
    if held:
        yield chunk_of(held, width)


def evened(chunks: Iterable[Chunk], size: int) -> Iterator[Chunk]:
    """The same rows in chunks of exactly ``size``, but for the last."""
    held: list[Chunk] = []
    count = 0
    for chunk in chunks:
        if not chunk.height:
            continue
        held.append(chunk)
        count += chunk.height
        if count < size:
            continue
        whole = joined(held)
        first = whole.first
        while count >= size:
            yield whole.between(first, size)
            first += size
            count -= size
        held = [whole.between(first, count)] if count else []
    if held:
        yield joined(held)


def together(chunks: Iterable[Chunk], least: int) -> Iterator[Chunk]:
    """The same rows in chunks of no fewer than ``least``, but for the last; none is cut."""
    held: list[Chunk] = []
    count = 0
    for chunk in chunks:
        held.append(chunk)
        count += chunk.height
        if count >= least:
            yield joined(held)
            held, count = [], 0
    if count:
        yield joined(held)


def joined(chunks: Sequence[Chunk]) -> Chunk:
    """Consecutive chunks as one."""
    if len(chunks) == 1:
        return chunks[0]
    return Chunk(
        chunks[0].first,
        sum(c.height for c in chunks),
        pl.concat([c.numbers for c in chunks], rechunk=True),
        pl.concat([c.frame for c in chunks], rechunk=True),
        tuple(row for c in chunks for row in c.broken),
    )
