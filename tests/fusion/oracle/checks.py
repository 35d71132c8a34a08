"""The contract held row by row, text by text: slow, plain, and what the fast check must agree with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from shiheng.fusion.checks import Checked, Layout, Reason, Refusal, under_headers
from shiheng.fusion.definition import Column, Source
from shiheng.fusion.standard import storable
from shiheng.fusion.standardise import BY_KIND


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its number in the file (from 1, without the header), its cells as text, why it is unreadable."""

    number: int
    cells: list[str]
    fault: tuple[str, str] | None = None


# How many distinct texts of a column are remembered.
REMEMBERED = 100_000
# A sum without a unit.
_BARE = re.compile(r"\d[\d,]*(\.\d+)?")


class _Standard:
    """Standard values of one column, each distinct text worked out once."""

    def __init__(self, column: Column, known_on: date) -> None:
        self.column = column
        self.nulls = frozenset(column.nulls)
        self.latest = known_on.isoformat() if column.not_after_delivery else ""
        self.known: dict[str, tuple[str | None, Reason | None]] = {}

    def __call__(self, raw: str) -> tuple[str | None, Reason | None]:
        if len(self.known) >= REMEMBERED:
            self.known.clear()  # a column of all different texts must not grow with the file
        found = self.known[raw] = self._work_out(raw)
        return found

    def _work_out(self, raw: str) -> tuple[str | None, Reason | None]:
        column = self.column
        stripped = raw.strip(" \t\r\n\u3000")
        if not stripped or stripped in self.nulls:
            return None, self._reason(
                "missing", f"“{column.title}”是必需的，这一行没有填。"
            ) if column.required else None
        value, fault = BY_KIND[column.kind](stripped)
        if fault:
            return None, self._reason(column.kind, fault + "。")
        if value is None:
            return None, None
        if column.codes and value not in column.codes:
            return None, self._reason("unlisted", f"“{value}”不在“{column.title}”的代码表中。")
        if column.codes:
            value = column.codes[value]
        if column.max_length and len(value) > column.max_length:
            return None, self._reason("long", f"“{column.title}”长 {len(value)} 字，超过 {column.max_length} 字。")
        if self.latest and value > self.latest:
            return None, self._reason("future", f"“{column.title}”为 {value}，晚于报送日 {self.latest}。")
        return value, None

    def _reason(self, code: str, message: str) -> Reason:
        return Reason(code=f"{self.column.name}.{code}", column=self.column.title, message=storable(message))


class Checker:
    """A contract made ready for one file: its layout and its memory of distinct values."""

    def __init__(self, source: Source, layout: Layout, known_on: date) -> None:
        self.source = source
        self.layout = layout
        self.standards = [
            (at, column.name, _Standard(column, known_on))
            for at, column in enumerate(layout.columns)
            if column is not None
        ]
        places = {name: at for at, name, _ in self.standards}
        self.currency_of = {
            c.name: places[c.currency_column]
            for c in source.columns
            if c.currency_column and c.currency_column in places
        }
        self.nulls = frozenset(n for c in source.columns for n in c.nulls)
        self.identifying = [n for n in source.identify if any(n == name for _, name, _ in self.standards)]

    def check(self, rows: Sequence[Row]) -> Checked:
        """Hold the contract against one chunk of rows; accepted + refused = rows, always."""
        kept: dict[str, list[str | None]] = {name: [] for _, name, _ in self.standards}
        numbers: list[int] = []
        refused: list[Refusal] = []
        for row in rows:
            if row.fault:
                refused.append(self._refuse(row, [Reason(code=row.fault[0], column="", message=row.fault[1])]))
                continue
            values: dict[str, str | None] = {}
            reasons: list[Reason] = []
            faulty = set()
            for at, name, standard in self.standards:
                cell = row.cells[at]
                if name in self.currency_of:
                    cell = self._with_currency(name, cell, row.cells)
                values[name], reason = standard.known.get(cell) or standard(cell)
                if reason:
                    reasons.append(reason)
                    faulty.add(name)
            # A code that is there and wrong has been named already; that there is none at all is a reason of its own.
            if not any(values[n] or n in faulty for n in self.identifying):
                titles = "、".join(self.source.column(n).title for n in self.identifying)
                message = f"{titles}都没有填，无法归户。"
                reasons.append(Reason(code="row.unnamed", column=titles, message=message))
            if reasons:
                refused.append(self._refuse(row, reasons))
                continue
            numbers.append(row.number)
            for name, value in values.items():
                kept[name].append(value)
        accepted = pl.DataFrame({"row": numbers, **kept}, schema={"row": pl.Int64, **dict.fromkeys(kept, pl.String)})
        return Checked(accepted, refused)

    def _with_currency(self, name: str, cell: str, cells: Sequence[str]) -> str:
        """A sum in ten thousands whose currency stands in a column of its own, spelt as one."""
        if not _BARE.fullmatch(cell.strip()):
            return cell
        currency = cells[self.currency_of[name]].strip()
        return f"{cell.strip()}万{currency if currency and currency not in self.nulls else '人民币元'}"

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
