"""Which of several statements wins a field, and why; what a subject held over time. Pure.

Statements come in as Polars frames with ``subject, field, value, day, source, batch, row, known_on, rank`` where
``rank`` is the source's authority for the field (1 is the owner, 9 knows it by the way).
"""

from typing import Any

import polars as pl

UNRANKED = 9

# What a source says now is what it said last: a later delivery replaces an earlier one, whatever day its rows carry
# (a full file is dated by its delivery, a change by its approval, often weeks before). Rows of one delivery follow
# their days. Between sources, who speaks for the field decides first, then the newer day.
DELIVERY = ["known_on", "batch", "day", "row"]


def winners(statements: pl.DataFrame) -> pl.DataFrame:
    """One row for each (subject, field): the winning statement, ``others`` (further values said) and ``why``."""
    key = ["subject", "field"]
    # Within one row nothing but the value itself is left to tell two apart; every run tells them apart alike.
    ranked = statements.sort([*key, "source", *DELIVERY, "value"], descending=[False] * 3 + [True] * 4 + [False])
    by_source = ranked.group_by(*key, "source", maintain_order=True).agg(
        pl.col("value", "day", "batch", "row", "known_on", "rank").first(),
        pl.len().alias("said"),
        (pl.col("batch") == pl.col("batch").first()).sum().alias("in_delivery"),
    )
    best = by_source.sort([*key, "rank", "day", "known_on", "source"], descending=[False] * 3 + [True] * 2 + [False])
    won = best.group_by(*key, maintain_order=True).agg(
        pl.col("value", "day", "source", "batch", "row", "known_on", "rank", "in_delivery").first(),
        pl.len().alias("sources"),
        pl.col("said").sum(),
        (pl.col("rank").first() < pl.col("rank").max()).alias("by_rank"),
    )
    others = statements.group_by(key).agg((pl.col("value").n_unique() - 1).alias("others"))
    why = (
        pl.when(pl.col("said") == 1)
        .then(pl.lit("唯一来源"))
        .when(pl.col("others") == 0)
        .then(pl.format("{} 次报送一致", pl.col("said")))
        .when((pl.col("sources") > 1) & pl.col("by_rank"))
        .then(pl.lit("该字段的权威来源"))
        .when(pl.col("sources") > 1)
        .then(pl.format("日期最新（{}）", pl.col("day").cast(pl.String)))
        .when(pl.col("in_delivery") > 1)
        .then(pl.lit("同批多说，取日期最新、靠后的一行"))
        .otherwise(pl.format("最近一次报送（{}）", pl.col("known_on").cast(pl.String)))
    )
    return won.join(others, on=key).with_columns(why.alias("why")).drop("by_rank", "in_delivery", "sources", "said")


def records(statements: pl.DataFrame) -> list[dict[str, Any]]:
    """Statements of many-per-subject fields (``kind.key``, ``kind.day``, ``kind.state``, ``kind.facts.*``) as records.

    Rows of one source with the same key are one record; what was said later of it stands. Each comes with ``subject,
    kind, source, key, day, state, facts`` and ``batch, row`` of the row that spoke last. A record whose last row its
    department marked deleted stands as ``deleted``; a later row brings it back.
    """
    many = statements.filter(pl.col("field").str.contains(".", literal=True))
    if many.is_empty():
        return []
    split = pl.col("field").str.splitn(".", 3).struct
    many = many.with_columns(split.field("field_0").alias("kind"), split.field("field_1").alias("part"))
    many = many.with_columns(split.field("field_2").alias("fact"))
    at = ["subject", "source", "kind", "batch", "row"]
    keyed = many.join(many.filter(pl.col("part") == "key").select(*at, pl.col("value").alias("key")), on=at)
    found: dict[tuple[int, str, str, str], dict[str, Any]] = {}
    for line in keyed.sort(*DELIVERY, "field").iter_rows(named=True):
        name = (line["subject"], line["kind"], line["source"], line["key"])
        record = found.setdefault(
            name,
            {
                "subject": name[0],
                "kind": name[1],
                "source": name[2],
                "key": name[3],
                "day": None,
                "state": "",
                "facts": {},
            },
        )
        if (record.get("batch"), record.get("row")) != (line["batch"], line["row"]):
            record["batch"], record["row"], record["deleted"] = line["batch"], line["row"], False
        if line["fact"]:
            record["facts"][line["fact"]] = line["value"]
        elif line["part"] in {"day", "state"}:
            record[line["part"]] = line["value"]
        elif line["part"] == "change":
            record["deleted"] = line["value"] == "deleted"
    for record in found.values():
        if record.pop("deleted"):
            record["state"] = "deleted"
    return [found[name] for name in sorted(found)]


def spans(statements: pl.DataFrame, field: str) -> pl.DataFrame:
    """Each value a subject ever had in ``field``: ``first_day``, ``last_day`` (when the next began), ``current``.

    Only the source whose word wins the field is heard: two sources' spellings are not a change.
    """
    own = statements.filter(pl.col("field") == field)
    own = own.join(winners(own), on=["subject", "source"], how="semi")
    own = own.sort(["subject", *DELIVERY, "value"], descending=[False] * 5 + [True])
    own = own.with_columns(pl.col("day").shift(-1).over("subject").alias("next_day"))
    held = own.group_by("subject", "value", maintain_order=True).agg(
        pl.col("day").min().alias("first_day"),
        pl.col("day").max().alias("last_said"),
        pl.col("source", "next_day").last(),
        pl.struct(*DELIVERY).last().alias("last_at"),
    )
    # What was said last of all has no next day: that is what the subject has now.
    held = held.with_columns(pl.col("next_day").is_null().alias("current")).sort("subject", "last_at", "current")
    return held.select(
        "subject",
        "value",
        "first_day",
        pl.when(pl.col("current")).then(None).otherwise(pl.max_horizontal("next_day", "last_said")).alias("last_day"),
        "current",
        "source",
    )
