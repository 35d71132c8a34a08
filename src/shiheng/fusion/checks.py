"""The contract held against rows: which are accepted, which are quarantined, and every reason. Pure.

A row is refused for all its faults at once, so that a department mends it once. Whole columns are judged in one step
where their texts are surely standard; the rest is standardised text by text, each distinct one once, and only the rows
that are refused are gone through one by one, for their reasons.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypedDict

import polars as pl

from shiheng.fusion.definition import Column, Source
from shiheng.fusion.rows import Chunk, Row, chunk_of
from shiheng.fusion.standard import Judged, Reason, Standard, bare_sums, storable, with_currency
from shiheng.fusion.statement import Marks
from shiheng.kernel.errors import Refused


class Refusal(TypedDict):
    """A refused row: its number, its cells under the file's headers, its reasons, and where it says it is."""

    row: int
    raw: dict[str, str]
    reasons: list[Reason]
    region: str
    address: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How one file's header meets the contract: the column of the contract for each place, or none."""

    header: tuple[str, ...]
    columns: tuple[Column | None, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A chunk after the contract. ``accepted`` has ``row`` and one text column a contract column present.

    ``readable`` counts the rows that had cells to judge, ``missing`` those of them without a value, by column.
    """

    accepted: pl.DataFrame
    refused: list[Refusal]
    marks: Marks = field(default_factory=Marks)
    readable: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)

    def between(self, first: int, height: int) -> "Checked":
        """The rows from one number on, without the counts."""
        start, end = (int(self.accepted["row"].search_sorted(n)) for n in (first, first + height))
        refused = [r for r in self.refused if first <= r["row"] < first + height]
        return Checked(self.accepted.slice(start, end - start), refused, self.marks)


def _plain(header: str) -> str:
    return "".join(header.split()).strip("\ufeff").replace("(", "（").replace(")", "）").lower()


def lay_out(source: Source, header: Sequence[str]) -> Layout:
    """Match a file's header with the contract, by any agreed title; refuses the file whole when it cannot serve."""
    titles = {_plain(h): column for column in source.columns for h in column.headers}
    columns = [titles.get(_plain(h)) for h in header]
    for at, column in enumerate(columns):
        if column is not None and column in columns[:at]:
            # A layout may carry one fact twice under two agreed titles; the first is read, the rest stay in the file.
            columns[at] = None
    present = {c.name for c in columns if c is not None}
    missing = [c.title for c in source.columns if c.required and c.name not in present]
    if missing:
        raise Refused(
            "file.columns",
            f"缺少必需的列：{'、'.join(missing)}。文件的列名是：{'、'.join(header[:30])}。请按“{source.title}”契约的列名导出。",
        )
    by_name = source.by_name and source.by_name.name in present and not present.isdisjoint(_second(source))
    if not any(name in present for name in source.identify) and not by_name:
        named = "、".join(source.column(n).title for n in source.identify)
        raise Refused("file.identify", f"没有任何可归户的列（{named}），无法知道每一行说的是谁。")
    return Layout(tuple(header), tuple(columns))


def personal_places(source: Source, header: Sequence[str]) -> list[str]:
    """What is personal under each header, also where a fact comes again under another title; empty where nothing is."""
    titles = {_plain(h): column.sensitive for column in source.columns for h in column.headers}
    return [titles.get(_plain(h), "") for h in header]


def _second(source: Source) -> set[str]:
    """The columns one of which must bear a name out, where rows are told apart by name."""
    return {source.statements[said] for said in source.by_name.second} if source.by_name else set()


def under_headers(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """A row's cells under the file's own headers, every one of them: a header that comes again is numbered."""
    shown: dict[str, str] = {}
    for at, (title, cell) in enumerate(zip(header, cells, strict=False), 1):
        name = storable(title)
        shown[name if name and name not in shown else f"{name}（第 {at} 列）"] = storable(cell)
    if beyond := cells[len(header) :]:
        shown["（多出的列）"] = storable(" | ".join(beyond))
    return shown


class Checker:
    """A contract made ready for one file: its layout and its memory of distinct values.

    ``twins`` are the values that come more than once in the file, hashed (see ``keys``), by column that must not;
    ``all_deleted`` says that every row of the file takes back what it names.
    """

    def __init__(
        self,
        source: Source,
        layout: Layout,
        known_on: date,
        *,
        twins: Mapping[str, pl.Series] | None = None,
        all_deleted: bool = False,
    ) -> None:
        self.source = source
        self.layout = layout
        self.twins = {name: hashes for name, hashes in (twins or {}).items() if hashes.len()}
        self.all_deleted = all_deleted
        self.standards = [
            (at, column.name, Standard(column, source, known_on))
            for at, column in enumerate(layout.columns)
            if column is not None
        ]
        places = {name: at for at, name, _ in self.standards}
        self.place_of = places
        self.currency_of = {
            c.name: places[c.currency_column]
            for c in source.columns
            if c.currency_column and c.currency_column in places
        }
        self.nulls = frozenset(n for c in source.columns for n in c.nulls)
        self.identifying = [n for n in source.identify if n in places]
        self.second = sorted(_second(source) & set(places))
        self.unique = [name for _, name, standard in self.standards if standard.column.unique]

    # --- a whole chunk ------------------------------------------------------------------------------------------------
    def check(self, rows: Chunk | Sequence[Row]) -> Checked:
        """Hold the contract against one chunk of rows; accepted + refused = rows, always."""
        chunk = rows if isinstance(rows, Chunk) else chunk_of(rows, len(self.layout.header))
        frame = chunk.frame
        judged = self._judge(frame)
        marks = self._marks(chunk)
        marked = chunk.numbers.is_in(sorted(marks.deleted | marks.none | marks.unknown))
        wrong = pl.repeat(False, frame.height, eager=True, dtype=pl.Boolean)
        twins: dict[str, pl.Series] = {}
        for name, column in judged.items():
            if column.refused is not None:
                wrong |= column.refused
            if column.unfilled is not None:
                wrong |= column.unfilled & ~marked
            if name in self.twins:
                twins[name] = column.values.hash().is_in(self.twins[name]) & column.values.is_not_null()
                wrong |= twins[name]
        wrong |= ~self._named(judged, frame.height)
        values = pl.DataFrame({"row": chunk.numbers, **{name: column.values for name, column in judged.items()}})
        refused = [self._refuse(row, _unreadable(row)) for row in chunk.broken]
        if wrong.any():
            refused += self._gone_through(chunk, wrong, marked, twins)
            refused.sort(key=lambda r: r["row"])
            values = values.filter(~wrong)
        return Checked(values, refused, marks, frame.height, _missing(judged))

    def keys(self, rows: Chunk) -> dict[str, pl.Series]:
        """Hashes of the standard values of the columns in which no value may come twice."""
        held = [(at, name, standard) for at, name, standard in self.standards if name in self.unique]
        found = {name: standard.judge(rows.frame[str(at)]).values for at, name, standard in held}
        return {name: values.drop_nulls().hash() for name, values in found.items()}

    def _judge(self, frame: pl.DataFrame) -> dict[str, Judged]:
        def one(at_name: tuple[int, str, Standard]) -> tuple[str, Judged]:
            at, name, standard = at_name
            raw = frame[str(at)]
            if name in self.currency_of:
                raw = bare_sums(raw, frame[str(self.currency_of[name])], self.nulls)
            return name, standard.judge(raw)

        if frame.height < _WORTH_SHARING:
            return dict(map(one, self.standards))
        return dict(self._threads.map(one, self.standards))

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        """As many as there are processors, kept for the whole file: each remembers the patterns it has compiled."""
        return ThreadPoolExecutor(pl.thread_pool_size(), thread_name_prefix="columns")

    def _named(self, judged: Mapping[str, Judged], height: int) -> pl.Series:
        """Rows that say whom they speak of; a code that is there and wrong has been named already."""
        found = pl.repeat(False, height, eager=True, dtype=pl.Boolean)
        for name in self.identifying:
            found |= judged[name].values.is_not_null()
            if (refused := judged[name].refused) is not None:
                found |= refused
        if self.second and self.source.by_name and self.source.by_name.name in judged:
            borne_out = pl.repeat(False, height, eager=True, dtype=pl.Boolean)
            for name in self.second:
                borne_out |= judged[name].values.is_not_null()
            found |= borne_out & judged[self.source.by_name.name].values.is_not_null()
        return found

    def _marks(self, chunk: Chunk) -> Marks:
        """Rows that take back, found nothing, or could not ask."""
        source = self.source

        def rows_with(name: str, words: Sequence[str]) -> frozenset[int]:
            if name not in self.place_of or not words:
                return frozenset()
            said = chunk.frame[str(self.place_of[name])].str.strip_chars().is_in(list(words))
            return frozenset(chunk.numbers.filter(said))

        deleted = rows_with(source.deleted.column, source.deleted.values) if source.deleted else frozenset()
        if self.all_deleted:
            deleted = frozenset(chunk.numbers)
        if not (source.absent and source.absent.column):
            return Marks(deleted)
        absent = source.absent
        return Marks(deleted, rows_with(absent.column, absent.none), rows_with(absent.column, absent.unknown))

    # --- the rows that are refused ------------------------------------------------------------------------------------
    def _gone_through(
        self, chunk: Chunk, wrong: pl.Series, marked: pl.Series, twins: Mapping[str, pl.Series]
    ) -> list[Refusal]:
        twin = {name: found.filter(wrong).to_list() for name, found in twins.items()}
        rows = zip(chunk.numbers.filter(wrong), chunk.frame.filter(wrong).iter_rows(), strict=True)
        excused = marked.filter(wrong).to_list()
        out = []
        for at, (number, cells) in enumerate(rows):
            reasons = self.reasons(
                cells, excused=excused[at], twins={name for name, found in twin.items() if found[at]}
            )
            if not reasons:
                raise RuntimeError(f"row {number} was refused as a column and is right as a row")
            out.append(self._refuse(Row(number, list(cells)), reasons))
        return out

    def reasons(
        self, cells: Sequence[str], *, excused: bool = False, twins: frozenset[str] | set[str] = frozenset()
    ) -> list[Reason]:
        """Everything the contract has against one row; an excused one may leave required columns empty."""
        values: dict[str, str | None] = {}
        reasons: list[Reason] = []
        faulty = set()
        for at, name, standard in self.standards:
            cell = cells[at]
            if name in self.currency_of:
                cell = with_currency(cell, cells[self.currency_of[name]], self.nulls)
            values[name], reason = standard(cell)
            if reason and not (excused and reason["code"] == f"{name}.missing"):
                reasons.append(reason)
                faulty.add(name)
            if name in twins:
                reasons.append(standard.duplicate(values[name]))
        # A code that is there and wrong has been named already; that there is none at all is a reason of its own.
        by_name = self.source.by_name and values.get(self.source.by_name.name) and any(map(values.get, self.second))
        if not by_name and not any(values[n] or n in faulty for n in self.identifying):
            titles = "、".join(self.source.column(n).title for n in self.identifying or self.source.identify)
            reasons.append(Reason(code="row.unnamed", column=titles, message=f"{titles}都没有填，无法归户。"))
        return reasons

    def _refuse(self, row: Row, reasons: list[Reason]) -> Refusal:
        return Refusal(
            row=row.number,
            raw=under_headers(self.layout.header, row.cells),
            reasons=reasons,
            region=self._first(row, "region") or self._first(row, "uscc")[2:8],
            address=self._first(row, "address"),
        )

    def _first(self, row: Row, kind: str) -> str:
        """The cell of the first column of a kind, as it stands; a row that could not be split has none."""
        if len(row.cells) != len(self.layout.header):
            return ""
        return next((row.cells[at].strip() for at, c in enumerate(self.layout.columns) if c and c.kind == kind), "")


# Smaller chunks are judged sooner than they are handed to other threads.
_WORTH_SHARING = 2_000


def _unreadable(row: Row) -> list[Reason]:
    code, message = row.fault or ("row.unreadable", "")
    return [Reason(code=code, column="", message=message)]


def _missing(judged: Mapping[str, Judged]) -> dict[str, int]:
    """How many readable rows have no value, by column: neither a standard one nor one that was refused."""
    counts = {}
    for name, column in judged.items():
        refused = 0 if column.refused is None else int(column.refused.sum())
        counts[name] = column.values.null_count() - refused
    return counts
