"""A version of a data set as files: CSV, JSON and Parquet written side by side, row by row, in flat memory."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

FORMS = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8",
         "parquet": "application/vnd.apache.parquet"}  # fmt: skip
AT_ONCE = 20_000
#: Where a spreadsheet would run a cell as a formula, its text is written behind an apostrophe.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows, and each file's digest and size."""

    rows: int
    files: dict[str, dict[str, Any]]


class Files:
    """The files of one version on their way; ``close`` ends them all."""

    def __init__(self, folder: Path, name: str, columns: Sequence[tuple[str, str]], about: Mapping[str, Any]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.codes = [code for code, _title in columns]
        self.paths = {form: folder / f"{name}.{form}" for form in (*FORMS, "rows")}
        self._schema = pa.schema([(code, pa.string()) for code in self.codes])
        self._csv = self.paths["csv"].open("w", encoding="utf-8-sig", newline="")
        self._table = csv.writer(self._csv)
        self._table.writerow([title for _code, title in columns])
        self._json = self.paths["json"].open("w", encoding="utf-8")
        head = json.dumps({**about, "columns": [{"code": c, "title": t} for c, t in columns]}, ensure_ascii=False)
        self._json.write(head[:-1] + ', "rows": [')
        self._parquet = pq.ParquetWriter(self.paths["parquet"], self._schema, compression="zstd")
        self._hashes = pq.ParquetWriter(self.paths["rows"], _ROWS, compression="zstd")
        self._held: list[list[str]] = []
        self.rows = 0

    def add(self, row: Mapping[str, str]) -> None:
        values = [row.get(code, "") for code in self.codes]
        self._table.writerow(["'" + text if text.startswith(FORMULA) else text for text in values])
        said = json.dumps({code: text for code, text in zip(self.codes, values, strict=True) if text},
                          ensure_ascii=False)  # fmt: skip
        self._json.write((",\n" if self.rows else "\n") + said)
        self._held.append(values)
        self.rows += 1
        if len(self._held) >= AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        columns = [[values[n] for values in self._held] for n in range(len(self.codes))]
        self._parquet.write_table(pa.table([pa.array(c, pa.string()) for c in columns], schema=self._schema))
        ids = [values[0] for values in self._held]
        marks = [sha256("\x1f".join(values).encode()).hexdigest()[:16] for values in self._held]
        self._hashes.write_table(pa.table([pa.array(ids, pa.string()), pa.array(marks, pa.string())], schema=_ROWS))
        self._held.clear()

    def close(self) -> Written:
        self._flush()
        self._json.write("\n]}\n")
        for handle in (self._csv, self._json, self._parquet, self._hashes):
            handle.close()
        return Written(self.rows, {form: _digest(path) for form, path in self.paths.items()})


_ROWS = pa.schema([("id", pa.string()), ("mark", pa.string())])


def _digest(path: Path) -> dict[str, Any]:
    made = sha256()
    with path.open("rb") as held:
        while block := held.read(1 << 20):
            made.update(block)
    return {"sha256": made.hexdigest(), "size": path.stat().st_size}


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two versions, by the numbers of rows."""

    added: list[str]
    changed: list[str]
    removed: list[str]


def difference(before: Path | None, after: Path) -> Difference:
    """The rows that came, changed and went, from the digests of two versions."""
    now = pl.read_parquet(after)
    if before is None:
        return Difference(now["id"].to_list(), [], [])
    then = pl.read_parquet(before)
    both = now.join(then, on="id", how="inner", suffix="_then")
    return Difference(
        now.join(then, on="id", how="anti")["id"].sort().to_list(),
        both.filter(pl.col("mark") != pl.col("mark_then"))["id"].sort().to_list(),
        then.join(now, on="id", how="anti")["id"].sort().to_list(),
    )


def rows_at(path: Path, *, offset: int = 0, limit: int = 0, ids: Sequence[str] | None = None) -> list[dict[str, str]]:
    """Rows of a version's Parquet file: a page of them, or those with these numbers."""
    frame = pl.scan_parquet(path)
    if ids is not None:
        frame = frame.filter(pl.col("id").is_in(list(ids)))
    if limit:
        frame = frame.slice(offset, limit)
    return frame.collect().to_dicts()
