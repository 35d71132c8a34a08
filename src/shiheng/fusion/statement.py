"""The shape of a statement: source S said, on day D, that field F is V — one long row, never edited.

Frames here are Polars: ``row`` (Int64, from 1), ``field`` (String), ``value`` (String, never null), ``day`` (Date).
The batch and the source stand in the path of the lake, so that a part can be written before any row knows its number.

A value is one of three: there (有), asked for and not there (查无, ``NONE``), or not obtained (未取得, ``UNKNOWN``): a
source that failed has said nothing, and must not read as one that found nothing.
"""

from dataclasses import dataclass

import polars as pl

SCHEMA = {"row": pl.Int64, "field": pl.String, "value": pl.String, "day": pl.Date}

# Private-use characters: no department's text holds them, and every database and file format keeps them.
NONE = "\ue001"
UNKNOWN = "\ue002"


@dataclass(frozen=True, slots=True)
class Marks:
    """Rows of a file that say more than their values: those that take back, found nothing, or could not ask."""

    deleted: frozenset[int] = frozenset()
    none: frozenset[int] = frozenset()
    unknown: frozenset[int] = frozenset()


def from_accepted(
    accepted: pl.DataFrame, statements: dict[str, str], day: str | None, default_day: object
) -> pl.DataFrame:
    """Accepted rows (one column a contract column, plus ``row``) as statements, ordered by row and field.

    ``day`` names the column that dates the row; rows without it are dated by the day the file was known.
    """
    said_on = pl.lit(default_day, dtype=pl.Date)
    if day and day in accepted.columns:
        said_on = pl.coalesce(pl.col(day).str.to_date("%Y-%m-%d"), said_on)
    wide = accepted.select(
        "row",
        said_on.alias("day"),
        *(pl.col(column).alias(f"={said}") for said, column in statements.items() if column in accepted.columns),
    )
    long = wide.unpivot(index=["row", "day"], variable_name="field", value_name="value").drop_nulls("value")
    return (
        long.with_columns(pl.col("field").str.slice(1))
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
