"""Which of several statements wins a field, and why; what a subject held over time. Pure.

Statements come in as Polars frames with ``subject, field, value, day, source, batch, row, known_on, rank`` where
``rank`` is the source's authority for the field (1 is the owner, 9 knows it by the way).
"""

import polars as pl

UNRANKED = 9

# Who speaks for a field decides first; then the newer day; then what reached us later; then the later row of a file.
ORDER = ["rank", "day", "known_on", "batch", "row"]
DESCENDING = [False, True, True, True, True]


def winners(statements: pl.DataFrame) -> pl.DataFrame:
    """One row for each (subject, field): the winning statement, ``others`` (further values said) and ``why``."""
    ranked = statements.sort(["subject", "field", *ORDER], descending=[False, False, *DESCENDING], nulls_last=True)
    grouped = ranked.group_by("subject", "field", maintain_order=True).agg(
        pl.col("value", "day", "source", "batch", "row", "known_on", "rank").first(),
        (pl.col("value").n_unique() - 1).alias("others"),
        pl.len().alias("said"),
        (pl.col("rank").first() < pl.col("rank").max()).alias("by_rank"),
        (pl.col("day").first() > pl.col("day").min()).alias("by_day"),
    )
    why = (
        pl.when(pl.col("said") == 1)
        .then(pl.lit("唯一来源"))
        .when(pl.col("others") == 0)
        .then(pl.format("{} 次报送一致", pl.col("said")))
        .when(pl.col("by_rank"))
        .then(pl.lit("该字段的权威来源"))
        .when(pl.col("by_day"))
        .then(pl.format("日期最新（{}）", pl.col("day").cast(pl.String)))
        .otherwise(pl.lit("同日多说，取后到的一行"))
    )
    return grouped.with_columns(why.alias("why")).drop("by_rank", "by_day")


def spans(statements: pl.DataFrame, field: str) -> pl.DataFrame:
    """Each value a subject ever had in ``field``: ``first_day``, ``last_day`` (when the next began), ``current``.

    Only the best-ranked source that speaks of the field is heard: two sources' spellings are not a change.
    """
    own = statements.filter(pl.col("field") == field)
    own = own.filter(pl.col("rank") == pl.col("rank").min().over("subject"))
    own = own.sort(["subject", "day", "known_on", "batch", "row"])
    held = own.group_by("subject", "value", maintain_order=True).agg(
        pl.col("day").min().alias("first_day"),
        pl.col("day").max().alias("last_said"),
        pl.col("source").last(),
        pl.struct("day", "known_on", "batch", "row").last().alias("last_at"),
    )
    held = held.sort(["subject", "last_at"]).with_columns(
        (pl.int_range(pl.len()).over("subject") == pl.len().over("subject") - 1).alias("current"),
        pl.col("first_day").shift(-1).over("subject").alias("next_first"),
    )
    return held.select(
        "subject",
        "value",
        "first_day",
        pl.when(pl.col("current")).then(None).otherwise(pl.max_horizontal("next_first", "last_said")).alias("last_day"),
        "current",
        "source",
    )
