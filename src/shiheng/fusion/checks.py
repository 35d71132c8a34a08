"""The contract held against rows: which are accepted, which are quarantined, and every reason. Pure.

A row is refused for all its faults at once, so that a department mends it once. Whole columns are judged in one step
where their texts are surely standard; the rest is standardised text by text, each distinct one once, and only the rows
that are refused are gone through one by one, for their reasons.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict

import polars as pl

from shiheng.fusion.definition import Column, Source
from shiheng.fusion.rows import Chunk, Row, chunk_of
from shiheng.fusion.standard import Judged, Reason, Standard, bare_sums, storable, with_currency
from shiheng.fusion.statement import Marks
from shiheng.kernel.errors import Refused

# How many chunks are checked at once: while one is gone through row by row, the columns of the other are judged.
AHEAD = 2


class Refusal(TypedDict):
    """A refused row: its number, its cells under the file's headers, its reasons, and where it says it is."""

    row: int
    raw: dict[str, str]
    reasons: list[Reason]
    region: str
    address: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How one file's header meets the contract: the column of the contract for each place, or none.

    ``all_deleted`` says that every row of the file takes back what it names.
    """

    header: tuple[str, ...]
    columns: tuple[Column | None, ...]
    all_deleted: bool = False


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

    @property
    def height(self) -> int:
        """All rows, accepted or refused."""
        return self.accepted.height + len(self.refused)

    def followed_by(self, other: "Checked") -> "Checked":
        """These rows and the next, without the counts."""
        mine, others = self.marks, other.marks
        marks = Marks(mine.deleted | others.deleted, mine.none | others.none, mine.unknown | others.unknown)
        return Checked(pl.concat([self.accepted, other.accepted]), self.refused + other.refused, marks)

    def between(self, first: int, height: int) -> "Checked":
        """The rows from one number on, without the counts."""
        start, end = (int(self.accepted["row"].search_sorted(n)) for n in (first, first + height))
        refused = [r for r in self.refused if first <= r["row"] < first + height]
        return Checked(self.accepted.slice(start, end - start), refused, self.marks)


def _plain(header: str) -> str:
    return "".join(header.split()).strip("\ufeff").replace("(", "（").replace(")", "）").lower()


def lay_out(source: Source, header: Sequence[str], *, all_deleted: bool = False) -> Layout:
    """Match a file's header with the contract, by any agreed title; refuses the file whole when it cannot serve.

    A file that only takes back (``all_deleted``) need not repeat what it takes back: whose it is and which is enough.
    """
    titles = {_plain(h): column for column in source.columns for h in column.headers}
    columns = [titles.get(_plain(h)) for h in header]
    for at, column in enumerate(columns):
        if column is not None and column in columns[:at]:
            # A layout may carry one fact twice under two agreed titles; the first is read, the rest stay in the file.
            columns[at] = None
    present = {c.name for c in columns if c is not None}
    needed = source.taken_back_by() if all_deleted else frozenset(c.name for c in source.columns if c.required)
    missing = [c.title for c in source.columns if c.name in needed - present]
    if missing and all_deleted:
        raise Refused(
            "file.keys",
            f"删除清单缺少指明删除哪一条的列：{'、'.join(missing)}。文件的列名是：{'、'.join(header[:30])}。"
            f"删除清单只需要指明主体和记录的列，请按“{source.title}”契约的列名补上。",
        )
    if missing:
        raise Refused(
            "file.columns",
            f"缺少必需的列：{'、'.join(missing)}。文件的列名是：{'、'.join(header[:30])}。请按“{source.title}”契约的列名导出。",
        )
    by_name = source.by_name and source.by_name.name in present and not present.isdisjoint(_second(source))
    if not any(name in present for name in source.identify) and not by_name:
        named = "、".join(source.column(n).title for n in source.identify)
        raise Refused("file.identify", f"没有任何可归户的列（{named}），无法知道每一行说的是谁。")
    return Layout(tuple(header), tuple(columns), all_deleted)


def personal_places(source: Source, header: Sequence[str]) -> list[str]:
    """What is personal under each header, also where a fact comes again under another title; empty where nothing is."""
    titles = {_plain(h): column.sensitive for column in source.columns for h in column.headers}
    return [titles.get(_plain(h), "") for h in header]


def _second(source: Source) -> set[str]:
    """The columns one of which must bear a name out, where rows are told apart by name.

    Where the name may be a natural person's, so does that person's own number: it makes no business of them.
    """
    if source.by_name is None:
        return set()
    found = {source.statements[said] for said in source.by_name.second}
    if source.record and source.record.person_name == source.by_name.name and source.record.person_id:
        found.add(source.record.person_id)
    return found


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

    ``twins`` are the values that come more than once in the file, hashed (see ``keys``), by column that must not.
    """

    def __init__(
        self, source: Source, layout: Layout, known_on: date, *, twins: Mapping[str, pl.Series] | None = None
    ) -> None:
        self.source = source
        self.layout = layout
        self.twins = {name: hashes for name, hashes in (twins or {}).items() if hashes.len()}
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
        self._names = list(under_headers(layout.header, [""] * len(layout.header)))
        kinds = [column.kind if column else "" for column in layout.columns]
        self._places = [kinds.index(kind) if kind in kinds else None for kind in ("region", "uscc", "address")]
        self.unique = [name for _, name, standard in self.standards if standard.column.unique]

    # --- a whole chunk ------------------------------------------------------------------------------------------------
    def check(self, rows: Chunk | Sequence[Row]) -> Checked:
        """Hold the contract against one chunk of rows; accepted + refused = rows, always."""
        chunk = rows if isinstance(rows, Chunk) else chunk_of(rows, len(self.layout.header))
        frame = chunk.frame
        judged = self._judge(frame, self.standards)
        marks = self._marks(chunk)
        faults = self._faults(judged, *(_among(chunk, rows) for rows in (marks.every(), marks.deleted)))
        unnamed = ~self._named(judged, frame.height)
        wrong = unnamed.clone()
        for places in faults.values():
            wrong |= places
        values = pl.DataFrame({"row": chunk.numbers, **{name: column.values for name, column in judged.items()}})
        refused = [self._refuse(row.number, row.cells, _unreadable(row)) for row in chunk.broken]
        if wrong.any():
            refused += self._gone_through(chunk, values, wrong, unnamed, faults)
            refused.sort(key=lambda r: r["row"])
            values = values.filter(~wrong)
        return Checked(values, refused, marks, frame.height, _missing(judged))

    def each(self, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Checked]]:
        """Every chunk with what the contract says of it; the next ones are checked while the caller has this one."""
        with ThreadPoolExecutor(AHEAD, thread_name_prefix="checking") as checking:
            waiting: deque[tuple[Chunk, Future[Checked]]] = deque()
            for chunk in chunks:
                waiting.append((chunk, checking.submit(self.check, chunk)))
                if len(waiting) > AHEAD:
                    first, done = waiting.popleft()
                    yield first, done.result()
            for chunk, done in waiting:
                yield chunk, done.result()

    def _faults(
        self, judged: Mapping[str, Judged], marked: pl.Series | None, deleted: pl.Series | None
    ) -> dict[tuple[str, str], pl.Series]:
        """Where each column is at fault, by column and kind of fault; a marked row may leave required ones empty.

        One that takes back must name what it takes back: without the key it would be accepted and change nothing.
        """
        found: dict[tuple[str, str], pl.Series] = {}
        for name, column in judged.items():
            if column.refused is not None:
                found[name, "refused"] = column.refused
            if column.unfilled is not None:
                found[name, "unfilled"] = column.unfilled if marked is None else column.unfilled & ~marked
            if deleted is not None and name in self.source.taken_back_by():
                keyless = column.values.is_null() & deleted
                if column.refused is not None:
                    keyless &= ~column.refused
                found[name, "unfilled"] = found.get((name, "unfilled"), keyless) | keyless
            if name in self.twins:
                hashes = column.values.hash()
                found[name, "twin"] = hashes.is_in(self.twins[name]) & column.values.is_not_null()
        return found

    def keys(self, rows: Chunk) -> dict[str, pl.Series]:
        """Hashes of the standard values of the columns in which no value may come twice."""
        judged = self._judge(rows.frame, [s for s in self.standards if s[1] in self.unique])
        return {name: column.values.drop_nulls().hash() for name, column in judged.items()}

    def _judge(self, frame: pl.DataFrame, standards: Sequence[tuple[int, str, Standard]]) -> dict[str, Judged]:
        """Every column judged: all of them at once as far as that goes, in as many threads as there are."""
        if not standards:
            return {}
        for at, name, _ in standards:
            if name in self.currency_of:
                spelt = bare_sums(frame[str(at)], frame[str(self.currency_of[name])], self.nulls)
                frame = frame.with_columns(spelt.alias(str(at)))
        lengths = pl.col([str(at) for at, _, _ in standards]).str.len_bytes()
        least, most = (of.fill_null(0).name for of in (lengths.min(), lengths.max()))
        bounds = frame.select(least.suffix("-"), most.suffix("+")).row(0)
        shortest, longest = bounds[: len(standards)], bounds[len(standards) :]
        ready = {at: standard.ready(frame[str(at)]) for at, _, standard in standards}
        looked = frame.lazy().with_columns(**{f"ready{at}": made for at, made in ready.items() if made is not None})
        first, then, last = [], [], []
        for (at, _, standard), *ends in zip(standards, shortest, longest, strict=True):
            look = standard.look(at, ready=ready[at] is not None, lengths=ends)
            first += look.first
            then += look.then
            last += look.last
        seen = looked.with_columns(first).with_columns(then).select(*map(str, ready), *last).collect()
        unsure = _unsure(seen, [at for at in ready if seen[f"unsure{at}"].any()])
        empties = {at: seen[f"empty{at}"] if f"empty{at}" in seen.columns else None for at in ready}
        return {
            name: standard.judged(seen[f"value{at}"], unsure.get(at), empties[at]) for at, name, standard in standards
        }

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
        if self.layout.all_deleted:
            deleted = frozenset(chunk.numbers)
        if not (source.absent and source.absent.column):
            return Marks(deleted)
        absent = source.absent
        return Marks(deleted, rows_with(absent.column, absent.none), rows_with(absent.column, absent.unknown))

    # --- the rows that are refused ------------------------------------------------------------------------------------
    def _gone_through(
        self,
        chunk: Chunk,
        values: pl.DataFrame,
        wrong: pl.Series,
        unnamed: pl.Series,
        faults: Mapping[tuple[str, str], pl.Series],
    ) -> list[Refusal]:
        """The reasons of the rows that are wrong, column by column in the order of the file."""
        read = chunk.frame.filter(wrong).rows()
        marks = {f"{name}.{kind}": places for (name, kind), places in faults.items()}
        twins = [name for name, kind in faults if kind == "twin"]
        marked = pl.DataFrame(
            {"row": chunk.numbers, "unnamed": unnamed, **marks, **{f"value {name}": values[name] for name in twins}}
        )
        told = marked.filter(wrong).to_dict(as_series=False)
        reasons: list[list[Reason]] = [[] for _ in read]
        for at, name, standard in self.standards:
            for kind in _FAULTS:
                for row in _places(told.get(f"{name}.{kind}", ())):
                    if kind == "twin":
                        reasons[row].append(standard.duplicate(told[f"value {name}"][row]))
                    elif kind == "unfilled":
                        reasons[row].append(standard.missing())
                    elif (reason := standard(self._cell(read[row], at, name))[1]) is not None:
                        reasons[row].append(reason)
        for row in _places(told["unnamed"]):
            reasons[row].append(self._unnamed())
        out = []
        for number, cells, why in zip(told["row"], read, reasons, strict=True):
            if not why:
                raise RuntimeError(f"row {number} was refused as a column and is right as a row")
            out.append(self._refuse(number, cells, why))
        return out

    def _cell(self, cells: Sequence[str], at: int, name: str) -> str:
        if name in self.currency_of:
            return with_currency(cells[at], cells[self.currency_of[name]], self.nulls)
        return cells[at]

    def reasons(self, cells: Sequence[str]) -> list[Reason]:
        """Everything the contract has against one row by itself; of one that takes back, its keys must be there."""
        values: dict[str, str | None] = {}
        reasons: list[Reason] = []
        faulty = set()
        for at, name, standard in self.standards:
            values[name], reason = standard(self._cell(cells, at, name))
            if self.layout.all_deleted and (reason is None or reason == standard.missing()):
                reason = standard.missing() if name in self.source.taken_back_by() and values[name] is None else None
            if reason:
                reasons.append(reason)
                faulty.add(name)
        by_name = self.source.by_name and values.get(self.source.by_name.name) and any(map(values.get, self.second))
        if not by_name and not any(values[n] or n in faulty for n in self.identifying):
            reasons.append(self._unnamed())
        return reasons

    def _unnamed(self) -> Reason:
        """A code that is there and wrong has been named already; that there is none at all is a reason of its own."""
        titles = "、".join(self.source.column(n).title for n in self.identifying or self.source.identify)
        return Reason(code="row.unnamed", column=titles, message=f"{titles}都没有填，无法归户。")

    def _refuse(self, row: int, cells: Sequence[str], reasons: list[Reason]) -> Refusal:
        if len(cells) != len(self._names):
            # A row that could not be split says nowhere in particular where it is.
            raw = under_headers(self.layout.header, cells)
            return Refusal(row=row, raw=raw, reasons=reasons, region="", address="")
        if "\x00" in "".join(cells):
            raw = under_headers(self.layout.header, cells)
        else:
            raw = dict(zip(self._names, cells, strict=True))
        at, code_at, address_at = self._places
        region = "" if at is None else cells[at].strip()
        if not region and code_at is not None:
            region = cells[code_at].strip()[2:8]
        address = "" if address_at is None else cells[address_at].strip()
        return Refusal(row=row, raw=raw, reasons=reasons, region=region, address=address)


_FAULTS = ("refused", "unfilled", "twin")


def _places(marks: Sequence[bool]) -> list[int]:
    return [place for place, marked in enumerate(marks) if marked]


def _among(chunk: Chunk, rows: frozenset[int]) -> pl.Series | None:
    """Where a chunk has these rows; None where there are none."""
    return chunk.numbers.is_in(sorted(rows)) if rows else None


def _unsure(seen: pl.DataFrame, columns: Sequence[int]) -> dict[int, tuple[pl.Series, pl.Series]]:
    """Places and texts of which the first look was not sure, of all columns in one step."""
    if not columns:
        return {}
    asked = [(pl.col(f"unsure{at}"), pl.col(str(at))) for at in columns]
    found = seen.select(
        *(unsure.arg_true().implode() for unsure, _ in asked), *(raw.filter(unsure).implode() for unsure, raw in asked)
    )
    return {at: (found[f"unsure{at}"][0], found[str(at)][0]) for at in columns}


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
