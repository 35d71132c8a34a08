"""The statement lake: one Parquet part for each chunk of a batch, written once, whole, before any row mentions it.

Layout: ``<root>/statements/source=<code>/batch=<id>/part-<n>.parquet``; part *n* holds the rows from ``n * CHUNK + 1``,
so a reader that knows a row knows its part.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from shiheng.columnar import engine

CHUNK = 20_000
SCHEMA = {
    "batch": pl.Int64,
    "source": pl.String,
    "row": pl.Int64,
    "field": pl.String,
    "value": pl.String,
    "day": pl.Date,
}


def part_of(row: int) -> int:
    """The part that holds a row (rows count from 1)."""
    return (row - 1) // CHUNK


def _folder(root: Path, source: str, batch: int) -> Path:
    return root / "statements" / f"source={source}" / f"batch={batch}"


def part_path(root: Path, source: str, batch: int, part: int) -> Path:
    return _folder(root, source, batch) / f"part-{part:06d}.parquet"


def write_part(root: Path, source: str, batch: int, part: int, statements: pl.DataFrame) -> Path:
    """Write one part so that it is there whole or not at all; writing it again with the same rows changes nothing."""
    path = part_path(root, source, batch, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    statements.write_parquet(fresh, compression="zstd", compression_level=3, row_group_size=50_000, statistics=True)
    with fresh.open("rb") as held:
        os.fsync(held.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return path


def read_part(root: Path, source: str, batch: int, part: int) -> pl.DataFrame:
    """The statements of one part: ``row, field, value, day``."""
    return pl.read_parquet(part_path(root, source, batch, part))


def parts(root: Path) -> Iterator[tuple[str, int, int]]:
    """Every part there is: (source, batch, part), in order."""
    for path in sorted(root.glob("statements/source=*/batch=*/part-*.parquet")):
        source, batch, part = path.parts[-3:]
        yield source.removeprefix("source="), int(batch.removeprefix("batch=")), int(part[5:-8])


def statements_of(root: Path, wanted: pl.DataFrame, *, fields: Sequence[str] = ()) -> pl.DataFrame:
    """The statements of given rows (``subject, batch, source, row``); only the parts they lie in are read.

    Gives ``subject, batch, source, row, field, value, day``; of all fields, or of those named.
    """
    if wanted.is_empty():
        return pl.DataFrame(schema={"subject": pl.Int64, **SCHEMA})
    places = wanted.select("batch", "source", part=(pl.col("row") - 1) // CHUNK).unique().sort("batch", "part")
    files = [str(part_path(root, source, batch, part)) for batch, source, part in places.iter_rows()]
    return engine.query(
        """
        SELECT w.subject, w.batch, w.source, s.row, s.field, s.value, s.day
        FROM read_parquet(?, hive_partitioning = true, hive_types = {'batch': BIGINT, 'source': VARCHAR}) AS s
        JOIN wanted AS w ON s.batch = w.batch AND s.row = w.row
        WHERE s.row BETWEEN ? AND ? AND (len(?) = 0 OR s.field IN ?)
        """,
        [files, int(wanted["row"].min()), int(wanted["row"].max()), list(fields), list(fields)],  # type: ignore[arg-type]
        tables={"wanted": wanted},
    ).select("subject", *SCHEMA)
