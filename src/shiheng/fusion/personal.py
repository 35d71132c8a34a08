"""What is personal in departments' rows: sealed before it reaches a disk, masked wherever it is shown.

Only columns a contract calls sensitive are, and only sources with such columns pay for it. A row that could not be
split into its columns is sealed cell by cell: nobody can tell which of them is personal.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from shiheng.fusion.checks import Refusal, personal_places, under_headers
from shiheng.fusion.definition import Source
from shiheng.fusion.rows import Row
from shiheng.fusion.statement import NONE, UNKNOWN
from shiheng.kernel import masking, sealing
from shiheng.kernel.sealing import DataKey
from shiheng.ledger import keyring

# Faults after which cells still stand under their headers.
ALIGNED = frozenset({"row.unnamed", "row.bytes"})
# What a cell is called that may hold anything.
ROW = "row"


def sealed_values(accepted: pl.DataFrame, source: Source, key: DataKey) -> pl.DataFrame:
    """Accepted rows with every sensitive column that is said anything of sealed; each distinct value once."""
    said = set(source.said().values())
    for name, kind in source.sensitive().items():
        if name in said and name in accepted.columns:
            accepted = accepted.with_columns(_sealed_column(accepted[name], kind, key))
    return accepted


def _sealed_column(values: pl.Series, kind: str, key: DataKey) -> pl.Series:
    words = [w for w in values.drop_nulls().unique().to_list() if w not in {NONE, UNKNOWN}]
    return values.replace(words, [sealing.seal(w, key, kind) for w in words])


def sealed_raw(source: Source, header: Sequence[str], refusal: Refusal, key: DataKey) -> dict[str, str]:
    """A refused row as it is kept: what is personal in it sealed."""
    faults = {reason["code"] for reason in refusal["reasons"] if reason["code"].startswith("row.")}
    kinds = _kinds(source, header, len(refusal["raw"]), faults)
    return {
        title: sealing.seal(cell, key, kind) if kind else cell
        for (title, cell), kind in zip(refusal["raw"].items(), kinds, strict=True)
    }


def _kinds(source: Source, header: Sequence[str], width: int, faults: set[str]) -> list[str]:
    """What is personal in each cell of a row; in every one, where the cells cannot be told apart."""
    if width != len(header) or not faults <= ALIGNED:
        return [ROW] * width
    return personal_places(source, header)


def row_under_headers(source: Source, header: Sequence[str], row: Row, *, whole: bool = False) -> dict[str, str]:
    """A landed row under its file's headers, masked, or as it stands when ``whole``."""
    cells = under_headers(header, row.cells)
    if whole or not source.sensitive():
        return cells
    kinds = _kinds(source, header, len(cells), {row.fault[0]} if row.fault else set())
    return {
        title: masking.mask(cell, kind) if kind else cell
        for (title, cell), kind in zip(cells.items(), kinds, strict=True)
    }


def shown(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Kept values as pages show them: what is sealed is masked."""
    return {title: keyring.shown(value) if isinstance(value, str) else value for title, value in raw.items()}


def opened(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Kept values as they came, for checking and repairing a row; never for a page. Raises ``UnreadableError``."""
    return {title: keyring.unsealed(value) if isinstance(value, str) else value for title, value in raw.items()}


def sealed_titles(raw: Mapping[str, Any]) -> set[str]:
    """Under which titles kept values are sealed."""
    return {title for title, value in raw.items() if is_sealed(value)}


def is_sealed(value: Any) -> bool:
    """Whether a kept value is sealed."""
    return isinstance(value, str) and sealing.parse(value) is not None


def personal_cells(source: Source, header: Sequence[str], row: Row) -> dict[str, tuple[str, str]]:
    """Header → (what is personal under it, the value) of a landed row."""
    cells = under_headers(header, row.cells)
    kinds = _kinds(source, header, len(cells), {row.fault[0]} if row.fault else set())
    return {title: (kind, cell) for (title, cell), kind in zip(cells.items(), kinds, strict=True) if kind and cell}
