"""The shape of a statement: source S said, on day D, that field F is V — one long row, never edited.

Frames here are Polars: ``row`` (Int64, from 1), ``field`` (String), ``value`` (String, never null), ``day`` (Date).
The batch and the source stand in the path of the lake, so that a part can be written before any row knows its number.

A value is one of three: there (有), asked for and not there (查无, ``NONE``), or not obtained (未取得, ``UNKNOWN``): a
source that failed has said nothing, and must not read as one that found nothing. A row may also take back what was said
before it (``DELETED``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

SCHEMA = {"row": pl.Int64, "field": pl.String, "value": pl.String, "day": pl.Date}

# Private-use characters: no department's text holds them, and every database and file format keeps them.
NONE = "\ue001"
UNKNOWN = "\ue002"
DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Marks:
    """Rows of a file that say more than their values: those that take back, found nothing, or could not ask."""

    deleted: frozenset[int] = frozenset()
    none: frozenset[int] = frozenset()
    unknown: frozenset[int] = frozenset()

    def every(self) -> frozenset[int]:
        """All of them."""
        return self.deleted | self.none | self.unknown


def from_accepted(
    accepted: pl.DataFrame,
    statements: Mapping[str, str],
    day: str | None,
    default_day: object,
    *,
    identify: tuple[str, ...] = (),
    facts: frozenset[str] = frozenset(),
    marks: Marks | None = None,
) -> pl.DataFrame:
    """Accepted rows (one column a contract column, plus ``row``) as statements, ordered by row and field.

    ``day`` names the column that dates the row; rows without it are dated by the day the file was known. Of rows that
    found nothing, every empty column says so, but those that identify; of a record, its ``facts`` only.
    """
    said_on = pl.lit(default_day, dtype=pl.Date)
    if day and day in accepted.columns:
        said_on = pl.coalesce(pl.col(day).str.to_date("%Y-%m-%d"), said_on)
    wide = accepted.select(
        "row",
        said_on.alias("day"),
        *(pl.col(column).alias(f"={said}") for said, column in statements.items() if column in accepted.columns),
    )
    if marks:
        wide = _absent(wide, statements, identify, facts, marks)
    long = wide.unpivot(index=["row", "day"], variable_name="field", value_name="value").drop_nulls("value")
    long = long.with_columns(pl.col("field").str.slice(1))
    if marks and marks.deleted:
        gone = accepted.filter(pl.col("row").is_in(sorted(marks.deleted))).select("row")
        said = {field.partition(".")[0] if "." in field else "" for field in statements}
        taken = [f"{kind}.{DELETED}" for kind in sorted(said - {""})] or [DELETED]
        said_then = gone.join(wide.select("row", "day"), on="row")
        long = pl.concat(
            [long, *(said_then.select("row", "day", field=pl.lit(f), value=pl.lit("1")) for f in taken)],
            how="diagonal",
        )
    return (
        long
        # A 15-digit number in the code column is the old registration number.
        .with_columns(
            pl.when((pl.col("field") == "uscc") & (pl.col("value").str.len_chars() == 15))
            .then(pl.lit("regno"))
            .otherwise(pl.col("field"))
            .alias("field")
        )
        .unique(["row", "field", "value"])
        .select("row", "field", "value", "day")
        .sort("row", "field", "value")  # a row may say two numbers of one field: their order is not left to chance
        .cast(SCHEMA)  # type: ignore[arg-type]
    )


def _absent(
    wide: pl.DataFrame, statements: Mapping[str, str], identify: tuple[str, ...], facts: frozenset[str], marks: Marks
) -> pl.DataFrame:
    """Empty cells of rows that found nothing, or could not ask, say that instead of nothing."""
    named = [
        f"={said}"
        for said, column in statements.items()
        if (said.partition(".facts.")[2] in facts if "." in said else column not in identify)
    ]
    held = [name for name in named if name in wide.columns]
    for rows, word in ((marks.none, NONE), (marks.unknown, UNKNOWN)):
        if rows:
            here = pl.col("row").is_in(sorted(rows))
            wide = wide.with_columns(
                pl.when(here & pl.col(name).is_null()).then(pl.lit(word)).otherwise(pl.col(name)).alias(name)
                for name in held
            )
    return wide
