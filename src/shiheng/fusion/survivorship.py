"""Which of several statements wins a field, and why; what a subject held over time. Pure.

Statements come in as Polars frames with ``subject, field, value, day, source, batch, row, known_on, rank`` where
``rank`` is the source's authority for the field (1 is the owner, 9 knows it by the way). ``closed`` works out which of
them their source no longer says: ``closed_on`` is the day it stopped, null where it still does.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from shiheng.fusion.statement import DELETED, NONE, UNKNOWN

UNRANKED = 9

# What a source says now is what it said last: a later delivery replaces an earlier one, whatever day its rows carry
# (a full file is dated by its delivery, a change by its approval, often weeks before). Rows of one delivery follow
# their days. Between sources, who speaks for the field decides first, then the newer day.
DELIVERY = ["known_on", "batch", "day", "row"]


_ORDER = ["known_on", "batch", "row"]


def closings(batches: list[tuple[int, str, str, str, date]]) -> dict[int, date]:
    """Batch → the day a later full snapshot of the same source and sender took its place.

    ``batches`` are those in force as (number, source, scope, delivery, known on); a full snapshot says all its source
    has to say, so whatever came before it holds only as far as it says so again.
    """
    stopped: dict[int, date] = {}
    newest: dict[tuple[str, str], date] = {}
    for number, source, scope, delivery, known_on in sorted(batches, key=lambda b: (b[4], b[0]), reverse=True):
        if (source, scope) in newest:
            stopped[number] = newest[source, scope]
        if delivery == "snapshot":
            newest[source, scope] = known_on
    return stopped


def closed(statements: pl.DataFrame, stopped: Mapping[int, date]) -> pl.DataFrame:
    """The statements with ``closed_on``: closed by a snapshot (``stopped``), or taken back by a later row.

    A row that takes back closes what its source said of the subject up to and with itself; rows that take back records
    are left for ``records``, which knows keys. Where a source could not obtain a value, what it had said before stands.
    """
    if stopped:
        days = pl.DataFrame({"batch": list(stopped), "closed_on": list(stopped.values())})
        said = statements.join(days.cast({"batch": pl.Int64, "closed_on": pl.Date}), on="batch", how="left")
    else:
        said = statements.with_columns(pl.lit(None, dtype=pl.Date).alias("closed_on"))
    if (said["field"] == DELETED).any():
        said = _taken_back(said)
    of_subject = ~said["field"].str.contains(".", literal=True)
    if ((said["value"] == UNKNOWN) & of_subject).any():
        # Records know which of them could not be asked of.
        said = pl.concat([_kept_where_unknown(said.filter(of_subject)), said.filter(~of_subject)], how="diagonal")
    return said


def _taken_back(said: pl.DataFrame) -> pl.DataFrame:
    places = said.select(_ORDER).unique().sort(_ORDER).with_row_index("place")
    said = said.join(places, on=_ORDER, how="left")
    marks = said.filter(pl.col("field") == DELETED).select("subject", "source", "place", taken_on="known_on")
    rest = said.filter(pl.col("field") != DELETED).sort("place")
    found = rest.join_asof(
        marks.sort("place"), on="place", by=["subject", "source"], strategy="forward", check_sortedness=False
    )
    about_subject = ~pl.col("field").str.contains(".", literal=True)
    return found.with_columns(
        pl.when(about_subject)
        .then(pl.min_horizontal("closed_on", "taken_on"))
        .otherwise("closed_on")
        .alias("closed_on")
    ).drop("place", "taken_on")


def _kept_where_unknown(said: pl.DataFrame) -> pl.DataFrame:
    """Drop what could not be obtained; the last word before it is closed when that is, not earlier."""
    key = ["subject", "field", "source"]
    last = said.sort(_ORDER).group_by(key, maintain_order=True).last()
    failed = last.filter(pl.col("value") == UNKNOWN).select(*key, reopened="closed_on", failed=pl.lit(True))
    heard = said.filter(pl.col("value") != UNKNOWN)
    latest = heard.sort(_ORDER).group_by(key, maintain_order=True).agg(pl.struct(_ORDER).last().alias("_last"))
    heard = heard.join(failed, on=key, how="left").join(latest, on=key, how="left")
    again = pl.col("failed").is_not_null() & (pl.struct(_ORDER) == pl.col("_last"))
    return heard.with_columns(pl.when(again).then("reopened").otherwise("closed_on").alias("closed_on")).drop(
        "reopened", "failed", "_last"
    )


def winners(statements: pl.DataFrame) -> pl.DataFrame:
    """One row for each (subject, field): the winning statement, ``others`` (further values said) and ``why``.

    What a source no longer says (``closed_on``) has no vote.
    """
    key = ["subject", "field"]
    if "closed_on" in statements.columns:
        statements = statements.filter(pl.col("closed_on").is_null()).drop("closed_on")
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


_RECORDED = {"day", "state", "until", "person_name", "person_id"}


def last_words(statements: pl.DataFrame) -> pl.DataFrame:
    """For subjects nobody speaks of any more, what was said last of each field; of the others, a name nobody repeats.

    The same columns as ``winners``; a file is never left without the name it is looked up by.
    """
    if "closed_on" not in statements.columns:
        return winners(statements).clear()
    spoken = statements.filter(pl.col("closed_on").is_null()).select("subject", "field").unique()
    silent = statements.join(spoken, on="subject", how="anti")
    nameless = statements.filter(pl.col("field") == "name").join(spoken, on=["subject", "field"], how="anti")
    left = pl.concat([silent, nameless]).unique(maintain_order=True)
    ended = left.group_by("subject", "field").agg(pl.col("closed_on").max())
    why = pl.format("来源自 {} 起不再报送，这是最后所报", pl.col("closed_on").cast(pl.String))
    won = winners(left.drop("closed_on"))
    return won.join(ended, on=["subject", "field"], how="left").with_columns(why.alias("why")).drop("closed_on")


def records(statements: pl.DataFrame) -> list[dict[str, Any]]:
    """Statements of many-per-subject fields (``kind.key``, ``kind.day``, ``kind.state``, ``kind.facts.*``) as records.

    Rows of one source with the same key are one record; what was said later of it stands. Each comes with ``subject,
    kind, source, key, day, state, until, facts``, ``batch, row`` of the row that spoke last, and ``gone_on``: the day
    its source took it back or sent a full list without it, null while it stands there. A record its source
    took back stands as ``deleted``; a later row brings it back.

    ``absent`` names the facts without a value of which more is known than nothing: ``none``, the source looked and
    there is none; ``unknown``, it could not tell and never told before (what it told before stands).
    """
    many = statements.filter(pl.col("field").str.contains(".", literal=True))
    if many.is_empty():
        return []
    split = pl.col("field").str.splitn(".", 3).struct
    many = many.with_columns(split.field("field_0").alias("kind"), split.field("field_1").alias("part"))
    many = many.with_columns(split.field("field_2").alias("fact"))
    if "closed_on" not in many.columns:
        many = many.with_columns(pl.lit(None, dtype=pl.Date).alias("closed_on"))
    at = ["subject", "source", "kind", "batch", "row"]
    keyed = many.join(many.filter(pl.col("part") == "key").select(*at, pl.col("value").alias("key")), on=at)
    marked = (pl.col("part") == DELETED) | ((pl.col("part") == "change") & (pl.col("value") == "deleted"))
    taken = keyed.filter(marked).select(*at, taken=pl.lit(True)).unique()
    keyed = keyed.filter(pl.col("part") != DELETED).join(taken, on=at, how="left")
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
                "until": None,
                "facts": {},
                "absent": {},
            },
        )
        record["batch"], record["row"] = line["batch"], line["row"]
        record["deleted"] = bool(line["taken"])
        record["gone_on"] = line["known_on"] if line["taken"] else line["closed_on"]
        if line["fact"]:
            _tell(record, line["fact"], line["value"])
        elif line["value"] in {NONE, UNKNOWN}:
            continue
        elif line["part"] in _RECORDED:
            record[line["part"]] = line["value"]
    for record in found.values():
        if record.pop("deleted"):
            record["state"] = "deleted"
    return [found[name] for name in sorted(found)]


def _tell(record: dict[str, Any], fact: str, value: str) -> None:
    facts, absent = record["facts"], record["absent"]
    if value == UNKNOWN:
        if fact not in facts:
            absent.setdefault(fact, "unknown")
    elif value == NONE:
        facts.pop(fact, None)
        absent[fact] = "none"
    else:
        absent.pop(fact, None)
        facts[fact] = value


def spans(statements: pl.DataFrame, field: str) -> pl.DataFrame:
    """Each value a subject ever had in ``field``: ``first_day``, ``last_day`` (when the next began), ``current``.

    Only the source whose word wins the field is heard: two sources' spellings are not a change. What it no longer says
    ended on the day it stopped.
    """
    own = statements.filter(pl.col("field") == field)
    if "closed_on" not in own.columns:
        own = own.with_columns(pl.lit(None, dtype=pl.Date).alias("closed_on"))
    own = own.join(_heard(own), on=["subject", "source"], how="semi")
    own = own.sort(["subject", *DELIVERY, "value"], descending=[False] * 5 + [True])
    own = own.with_columns(pl.col("day").shift(-1).over("subject").alias("next_day"))
    held = (
        own.filter(pl.col("value") != NONE)
        .group_by("subject", "value", maintain_order=True)
        .agg(
            pl.col("day").min().alias("first_day"),
            pl.col("day").max().alias("last_said"),
            pl.col("source", "next_day", "closed_on").last(),
            pl.struct(*DELIVERY).last().alias("last_at"),
        )
    )
    # What was said last of all has no next day: that is what the subject has now, if its source still says so.
    held = held.with_columns(pl.coalesce("next_day", "closed_on").alias("next_day"))
    held = held.with_columns(pl.col("next_day").is_null().alias("current")).sort("subject", "last_at", "current")
    return held.select(
        "subject",
        "value",
        "first_day",
        pl.when(pl.col("current")).then(None).otherwise(pl.max_horizontal("next_day", "last_said")).alias("last_day"),
        "current",
        "source",
    )


def _heard(own: pl.DataFrame) -> pl.DataFrame:
    """For each subject the source that is heard of a field: the one that wins it, else the one that last did."""
    won = winners(own)
    silent = own.join(won, on="subject", how="anti").drop("closed_on")
    return pl.concat([won.select("subject", "source"), winners(silent).select("subject", "source")])
