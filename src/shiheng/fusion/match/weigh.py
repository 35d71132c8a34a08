"""How much each sign says for a row meaning a subject, in bits. Pure.

A sign that agrees weighs the more the fewer subjects share it: a trade name of one firm says much, a hall of two
hundred stalls little. One that differs weighs against by how often departments still write the old or the wrong one.
Every weight is the logarithm to base two of how much likelier the sign is between a row and its own subject than
between a row and any other: weights add up to the odds, and each can be said in a sentence.
"""

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any

import polars as pl
from rapidfuzz import fuzz, process

from shiheng.fusion.match.sides import Side

VERSION = "2026.1"
SIGNS = ("code", "name", "door", "person", "phone", "region")

# How often a row shows its own subject's sign at this level, of those where the two can be compared: set by hand.
SEEN = {
    "name.firm": 0.70, "name.full": 0.70, "name.base": 0.70, "name.trade_line": 0.30, "name.heard": 0.08,
    "name.trade": 0.20, "name.trade_heard": 0.06, "name.holds": 0.12, "name.held": 0.05,
    "door.unit": 0.75, "door.whole": 0.60, "door.number": 0.30, "door.other_unit": 0.04, "door.road": 0.20,
    "door.other_number": 0.01,
    "person.same": 0.86, "person.heard": 0.03, "phone.same": 0.75, "region.same": 0.90,
}  # fmt: skip
# What a level weighs whoever else shares it; names that only look alike, by how much of their sound agrees.
FIXED = {
    "code.same": 18.0, "code.slip": 10.0, "code.differs": -6.0, "name.differs": -5.0, "door.differs": -3.6,
    "person.differs": -3.3, "phone.differs": -1.0, "region.differs": -3.5,
}  # fmt: skip
NEAR = ((0.86, 11.0), (0.75, 6.0), (0.60, 1.5))
# The same trade name in another trade is another firm more often than not.
OTHER_TRADE = -4.0
# Below so many names one thread compares them sooner than several are woken.
_FEW = 2_000

# Of each line of a subject, how many lines of all subjects are alike, and in what.
SHARED: dict[str, dict[str, list[str]]] = {
    "names": {
        "n_full": ["full"], "n_base": ["base"], "n_heard": ["heard"], "n_trade": ["trade"],
        "n_trade_heard": ["trade_heard"], "n_trade_line": ["trade", "line"],
    },
    "doors": {
        "n_whole": ["whole"], "n_road": ["road"], "n_number": ["road", "number"], "n_unit": ["road", "number", "unit"],
    },
    "persons": {"n_person": ["person"], "n_heard": ["person_heard"]},
    "phones": {"n": ["phone"]},
    "codes": {},
    "regions": {"n": ["region"]},
}  # fmt: skip


def counted(subjects: Side) -> Side:
    """All subjects' lines in the order of their ids, each with how many are alike; of the codes those that are sure."""

    def beside(name: str) -> pl.DataFrame:
        lines: pl.DataFrame = getattr(subjects, name)
        lines = lines.filter("sure") if name == "codes" else lines
        alike = (pl.len().over(columns).alias(n) for n, columns in SHARED[name].items())
        return lines.with_columns(alike).sort("id", maintain_order=True).rechunk()

    return Side(*(beside(f.name) for f in fields(Side)))


def weighed(pairs: pl.DataFrame, rows: Side, subjects: Side, total: int) -> pl.DataFrame:
    """``pairs`` (row, subject) with what each sign says: its level, how many subjects share it, and its bits.

    ``total`` is how many subjects there are; ``subjects`` are the ``counted`` lines of those in ``pairs``, for a sign
    weighs by how many of all share it.
    A sign one side says nothing of weighs nothing. Of several names or doors the one that says most counts.
    """
    # Nothing to be optimised here: as one plan it only saves going to and fro for each step.
    said = {
        "code": _code(pairs, rows, subjects),
        "name": _name(pairs, rows, subjects, total),
        "door": _met(pairs, rows.doors, subjects.doors).select("row", "subject", *_door(total)),
        "person": _met(pairs, rows.persons, subjects.persons).select("row", "subject", *_person(total)),
        "phone": _met(pairs, rows.phones, subjects.phones).select("row", "subject", *_plain("phone", total)),
        "region": _met(pairs, rows.regions, subjects.regions).select("row", "subject", *_plain("region", total)),
    }
    out = pairs.lazy()
    for sign in SIGNS:
        best = said[sign].sort("row", "subject", "bits", "level", descending=[False, False, True, False])
        best = best.unique(["row", "subject"], keep="first", maintain_order=True).select(_named(sign))
        out = out.join(best, on=["row", "subject"], how="left", maintain_order="left")
    for step in _summed():
        out = out.with_columns(step)
    return out.collect(optimizations=pl.QueryOptFlags.none())


@cache
def _named(sign: str) -> list[pl.Expr]:
    level, shared, bits = (pl.col(column) for column in ("level", "shared", "bits"))
    return [pl.col("row", "subject"), level.alias(sign), shared.alias(f"{sign}_shared"), bits.alias(f"{sign}_bits")]


@cache
def _summed() -> list[list[pl.Expr]]:
    """What is not said weighs nothing; and the sum of the rest."""
    filled = [pl.col(sign).fill_null("") for sign in SIGNS]
    filled += [pl.col(f"{sign}_shared").fill_null(0) for sign in SIGNS]
    filled += [pl.col(f"{sign}_bits").fill_null(0.0) for sign in SIGNS]
    # A road lies in its district: where the door agrees, the district says nothing more.
    twice = (pl.col("door_bits") > 0) & (pl.col("region_bits") > 0)
    region = pl.when(twice).then(0.0).otherwise("region_bits").alias("region_bits")
    return [filled, [region], [pl.sum_horizontal(f"{sign}_bits" for sign in SIGNS).alias("bits")]]


Level = tuple[str, pl.Expr, str]
# Two firms of one place and line may not bear one name (企业名称登记管理规定 art 17); shops and persons may.
_FIRM = "(?:公司|合作社|合伙企业|集团|事务所)$"


def _levels(sign: str, levels: Sequence[Level], total: int, *, otherwise: str) -> list[pl.Expr]:
    """The first level of each line that holds, as level, shared and bits."""
    level: Any = pl.when(False).then(pl.lit(""))
    shared: Any = pl.when(False).then(pl.lit(0, pl.UInt32))
    bits: Any = pl.when(False).then(0.0)
    for code, holds, count in levels:
        level = level.when(holds).then(pl.lit(code))
        shared = shared.when(holds).then(pl.col(count))
        bits = bits.when(holds).then((SEEN[f"{sign}.{code}"] * total / pl.col(count)).log(2))
    return [
        level.otherwise(pl.lit(otherwise)).alias("level"),
        shared.otherwise(pl.lit(0, pl.UInt32)).alias("shared"),
        bits.otherwise(FIXED.get(f"{sign}.{otherwise}", 0.0)).alias("bits"),
    ]


def _met(pairs: pl.DataFrame, rows: pl.DataFrame, subjects: pl.DataFrame) -> pl.LazyFrame:
    """Every line of a row beside every line of its subject (``…_s``)."""
    met = pairs.lazy().join(rows.lazy(), left_on="row", right_on="id")
    return met.join(subjects.lazy(), left_on="subject", right_on="id", suffix="_s")


_OUT = ("row", "subject", "level", "shared", "bits")


def _code(pairs: pl.DataFrame, rows: Side, subjects: Side) -> pl.LazyFrame:
    lines = _met(pairs, rows.codes, subjects.codes).filter(pl.col("kind") == pl.col("kind_s"))
    same = pl.col("code") == pl.col("code_s")
    level = (
        pl.when(same & pl.col("sure")).then(pl.lit("same")).when(same).then(pl.lit("slip"))
        .when("sure").then(pl.lit("differs")).otherwise(pl.lit(""))
    )  # fmt: skip
    weights = {code: FIXED[f"code.{code}"] for code in ("same", "slip", "differs")}
    lines = lines.with_columns(level=level).filter(pl.col("level") != "")
    bits = pl.col("level").replace_strict(weights, default=0.0, return_dtype=pl.Float64)
    return lines.with_columns(bits=bits, shared=pl.lit(1, pl.UInt32)).select(_OUT)


def _name(pairs: pl.DataFrame, rows: Side, subjects: Side, total: int) -> pl.LazyFrame:
    other = pl.col("level").is_in(["trade", "trade_heard"]) & (pl.col("line") != "") & (pl.col("line_s") != "")
    lines = _met(pairs, rows.names, subjects.names).with_columns(_names(total))
    lines = lines.with_columns(bits=pl.when(other).then(pl.col("bits") + OTHER_TRADE).otherwise("bits"))
    made = lines.select(*_OUT, "heard", "heard_s").collect(optimizations=pl.QueryOptFlags.none())
    agree = pl.col("level") != ""
    return pl.concat([made.lazy().filter(agree).select(_OUT), _near(made.filter(~agree)).lazy()])


# Making these takes longer than judging one row with them, so they are made once a size of the register.
@cache
def _names(total: int) -> list[pl.Expr]:
    same = {c: pl.col(c) == pl.col(f"{c}_s") for c in ("full", "base", "heard", "trade", "trade_heard", "line")}
    long, long_s = (pl.col(column).str.len_chars() >= 2 for column in ("trade_heard", "trade_heard_s"))
    levels = [
        ("firm", same["full"] & pl.col("full").str.contains(_FIRM), "n_full"),
        ("full", same["full"], "n_full"),
        ("base", same["base"], "n_base"),
        ("trade_line", same["trade"] & same["line"] & (pl.col("line") != ""), "n_trade_line"),
        ("heard", same["heard"], "n_heard"),
        ("trade", same["trade"] & long_s, "n_trade"),
        ("trade_heard", same["trade_heard"] & long_s, "n_trade_heard"),
        ("holds", long_s & pl.col("heard").str.starts_with(pl.col("trade_heard_s")), "n_trade_heard"),
        ("held", long & pl.col("heard_s").str.starts_with(pl.col("trade_heard")), "n_trade_heard"),
    ]
    return _levels("name", levels, total, otherwise="")


def _near(lines: pl.DataFrame) -> pl.DataFrame:
    """Names that agree in no part: by how much of their sound does."""
    one, other = lines["heard"].to_list(), lines["heard_s"].to_list()
    workers = -1 if len(one) > _FEW else 1
    share = process.cpdist(one, other, scorer=fuzz.ratio, workers=workers, score_cutoff=50)
    lines = lines.with_columns(pl.Series("share", share, dtype=pl.Float64) / 100)
    level: Any = pl.when(False).then(pl.lit(""))
    bits: Any = pl.when(False).then(0.0)
    for least, worth in NEAR:
        level = level.when(pl.col("share") >= least).then(pl.lit("near"))
        bits = bits.when(pl.col("share") >= least).then(worth)
    lines = lines.with_columns(level=level.otherwise(pl.lit("differs")), bits=bits.otherwise(FIXED["name.differs"]))
    return lines.select(_OUT)


@cache
def _door(total: int) -> list[pl.Expr]:
    road = (pl.col("road") == pl.col("road_s")) & (pl.col("road") != "")
    number = road & (pl.col("number") == pl.col("number_s")) & (pl.col("number") != "")
    levels = [
        ("unit", number & (pl.col("unit") == pl.col("unit_s")), "n_unit"),
        ("whole", pl.col("whole") == pl.col("whole_s"), "n_whole"),
        ("number", number & ((pl.col("unit") == "") | (pl.col("unit_s") == "")), "n_number"),
        ("other_unit", number, "n_number"),
        ("road", road & ((pl.col("number") == "") | (pl.col("number_s") == "")), "n_road"),
        ("other_number", road, "n_road"),
    ]
    return _levels("door", levels, total, otherwise="differs")


@cache
def _person(total: int) -> list[pl.Expr]:
    levels = [
        ("same", pl.col("person") == pl.col("person_s"), "n_person"),
        ("heard", pl.col("person_heard") == pl.col("person_heard_s"), "n_heard"),
    ]
    return _levels("person", levels, total, otherwise="differs")


@cache
def _plain(sign: str, total: int) -> list[pl.Expr]:
    same = [("same", pl.col(sign) == pl.col(f"{sign}_s"), "n")]
    return _levels(sign, same, total, otherwise="differs")
