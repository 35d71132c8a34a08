"""A refused row under its contract: what each cell says, what it was taken for, what it may have meant, and whether
mended cells would pass. Nothing is written here.

The header comes from the file itself, because a row is kept as titles and cells, and no database promises their order.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl
from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast

from shiheng.columnar import lake
from shiheng.fusion import personal, reading, repair, sources
from shiheng.fusion.checks import Checker, Layout, lay_out, personal_places, under_headers
from shiheng.fusion.definition import Column, Source
from shiheng.fusion.models import Batch, Quarantined
from shiheng.fusion.repair import Repair
from shiheng.fusion.rows import Row
from shiheng.fusion.standard import Reason, Standard, with_currency
from shiheng.fusion.standardise import NO_END
from shiheng.fusion.statement import NONE, UNKNOWN
from shiheng.kernel import masking
from shiheng.ledger import files
from shiheng.subjects import layout
from shiheng.subjects.models import Subject

BEYOND = "（多出的列）"  # not shown: the key under which a row keeps the cells past its header
_UNREAD = re.compile(r"\\x[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a refused row: under which title of the file, as received, as understood, and what is wrong."""

    title: str
    raw: str
    column: Column | None = None
    value: str | None = None
    reasons: tuple[str, ...] = ()
    repair: Repair | None = None
    personal: str = ""
    field: str = ""

    @property
    def said(self) -> str:
        """As received, masked where it is personal."""
        return self._masked(self.raw)

    @property
    def read(self) -> str:
        """What it was taken for, in words."""
        if self.value is None:
            return ""
        if self.personal:
            return self._masked(self.value)
        words = {NONE: "查无", UNKNOWN: "未取得", NO_END: "长期"}
        return words.get(self.value) or layout.written(self.field, self.value, Subject.STATUSES)

    @property
    def proposed(self) -> str:
        return self._masked(self.repair.proposed) if self.repair else ""

    @property
    def shown(self) -> str:
        """What a form may begin with: the proposal, else the cell; nothing of what is personal."""
        return "" if self.personal else (self.repair.proposed if self.repair else self.raw)

    @property
    def faulty(self) -> bool:
        return bool(self.reasons or self.repair)

    def _masked(self, text: str) -> str:
        return masking.mask(text, self.personal) if self.personal and text else text


@dataclass(frozen=True)
class Sheet:
    """The header of one batch's file held against the contract in force."""

    batch: Batch
    source: Source
    header: tuple[str, ...]

    @cached_property
    def titles(self) -> list[str]:
        """The file's own titles as a row is kept under them: each once."""
        return list(under_headers(self.header, self.header))

    @cached_property
    def known_on(self) -> date:
        return self.batch.said_on

    @cached_property
    def checker(self) -> Checker:
        return Checker(self.source, self.layout, self.known_on)

    @cached_property
    def layout(self) -> Layout:
        return lay_out(self.source, self.header, all_deleted=self.batch.delivery == "deletions")

    @cached_property
    def standards(self) -> dict[int, Standard]:
        return {at: standard for at, _, standard in self.checker.standards}

    def cells(self, row: Quarantined) -> list[str]:
        """The row's cells in the order of the file; more or fewer than the header if it came so."""
        raw = personal.opened(row.raw)
        held = [raw[title] for title in self.titles if title in raw]
        return [*held, *raw[BEYOND].split(" | ")] if BEYOND in raw else held

    def kinds(self, row: Quarantined) -> list[str]:
        """What is personal under each header; where cells are not under their own, any of them may be."""
        if any(personal.is_sealed(cell) for cell in row.raw.values()) and len(row.raw) != len(self.titles):
            return [personal.ROW] * len(self.titles)
        return personal_places(self.source, self.header)

    def view(self, row: Quarantined) -> list[Cell]:
        """The row cell by cell, each with its reasons and the proposal for it."""
        cells = self.cells(row)
        proposals = self.proposals(row)
        kinds = self.kinds(row)
        fields = {column: said for said, column in self.source.statements.items()}
        out = []
        for at, title in enumerate(self.titles):
            standard = self.standards.get(at)
            raw = cells[at] if at < len(cells) else ""
            if standard is None:
                out.append(Cell(title, raw, repair=proposals.get(title), personal=kinds[at]))
                continue
            value, _ = standard(self._whole(at, cells))
            own = tuple(
                r["message"] for r in row.reasons if r["code"].partition(".")[0] == standard.column.name
            )  # fmt: skip
            field_ = fields.get(standard.column.name, "")
            out.append(Cell(title, raw, standard.column, value, own, proposals.get(title), kinds[at], field_))
        if BEYOND in row.raw:
            raw = personal.opened({BEYOND: row.raw[BEYOND]})[BEYOND]
            out.append(Cell(BEYOND, raw, personal=personal.ROW if self.source.sensitive() else ""))
        return out

    def _whole(self, at: int, cells: Sequence[str]) -> str:
        """A cell as it is judged: a sum together with its currency."""
        name = self.standards[at].column.name
        if at >= len(cells):
            return ""
        currency = self.checker.currency_of.get(name)
        if currency is None or currency >= len(cells):
            return cells[at]
        return with_currency(cells[at], cells[currency], self.checker.nulls)

    def proposals(self, row: Quarantined) -> dict[str, Repair]:
        """Title → what the cell may have meant, where only one thing fits."""
        found = repair.propose(self.source, self.layout, self.cells(row), row.reasons, known_on=self.known_on)
        by_name = {s.column.name: self.titles[at] for at, s in self.standards.items()}
        return {by_name[name]: proposal for name, proposal in found.items()}

    def accepted(self, row: Quarantined) -> list[str] | None:
        """The row's cells with every proposal taken; None when there is none, or the row would still be refused."""
        cells = self.cells(row)
        if any(reason["code"] == "row.width" for reason in row.reasons):
            return repair.rejoined(self.source, self.layout, cells, self.known_on)
        proposals = self.proposals(row)
        if not proposals or len(cells) != len(self.header):
            return None
        mended = [proposals[t].proposed if t in proposals else c for t, c in zip(self.titles, cells, strict=True)]
        return None if self.faults(row, mended) else mended

    def mended(self, row: Quarantined, changes: Mapping[str, str]) -> list[str]:
        """The row's cells with some of them changed; what is missing of a short row is empty."""
        cells = self.cells(row)
        return [changes.get(t, cells[at] if at < len(cells) else "") for at, t in enumerate(self.titles)]

    def faults(self, row: Quarantined, cells: Sequence[str]) -> list[Reason]:
        """Everything the contract has against mended cells."""
        found = [
            Reason(code="row.bytes", column=title, message=f"“{title}”仍含无法读出的字节，请按原文改写。")
            for title, cell in zip(self.titles, cells, strict=True)
            if _UNREAD.search(cell)
        ]
        refused = self.checker.check([Row(row.row, list(cells))]).refused
        return [*found, *(refused[0]["reasons"] if refused else ()), *self._twins(row, cells)]

    def _twins(self, row: Quarantined, cells: Sequence[str]) -> Iterator[Reason]:
        """A value that must not come twice and stands in another row of the file, accepted, open or mended."""
        for at, standard in self.standards.items():
            name = standard.column.name
            value = standard(cells[at])[0] if name in self.checker.unique else None
            if value is not None and (self._accepted_with(name, value) or self._open_with(row, at, value)):
                yield standard.duplicate(value)

    def _accepted_with(self, name: str, value: str) -> bool:
        said = [f for f, column in self.source.said().items() if column == name]
        root = settings.HOME / "lake"
        parts = [lake.part_path(root, self.batch.source, self.batch.pk, n) for n in range(self.batch.checked_chunks)]
        if not said or not parts:
            return False
        here = pl.col("field").is_in(said) & (pl.col("value") == value)
        return not pl.scan_parquet(parts).filter(here).head(1).collect().is_empty()

    def _open_with(self, row: Quarantined, at: int, value: str) -> bool:
        title, standard = self.titles[at], self.standards[at]
        others = Quarantined.objects.filter(batch=self.batch, state__in=["open", "mended", "returned"])
        alike = others.exclude(pk=row.pk).alias(text=Cast("reasons", TextField()))
        alike = alike.filter(text__contains=f"{standard.column.name}.duplicate")
        cells = (personal.opened(other.raw).get(title, "") for other in alike.iterator(chunk_size=500))
        return any(standard(cell)[0] == value for cell in cells)


def sheet_of(batch: Batch) -> Sheet:
    """The sheet of a batch. Raises ``Refused`` when the file no longer meets its contract at all."""
    table = reading.read(files.KeptFile(batch.file), batch.filename)
    return Sheet(batch, sources.find(batch.source), tuple(table.header))


@dataclass
class Sheets:
    """The sheets of several batches, each opened once."""

    held: dict[int, Sheet] = field(default_factory=dict)

    def of(self, row: Quarantined) -> Sheet:
        if row.batch_id not in self.held:
            self.held[row.batch_id] = sheet_of(row.batch)
        return self.held[row.batch_id]
