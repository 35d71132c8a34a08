"""How much each sign says for a row meaning a subject, in bits. Pure.

A sign that agrees weighs the more the fewer subjects share it: a trade name of one firm says much, a hall of two
hundred stalls little. One that differs weighs against by how often departments still write the old or the wrong one.
Every weight is the logarithm to base two of how much likelier the sign is between a row and its own subject than
between a row and any other: weights add up to the odds, and each can be said in a sentence.
"""

from collections.abc import Sequence
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


def weighed(pairs: pl.DataFrame, rows: Side, subjects: Side, total: int) -> pl.DataFrame:
    """``pairs`` (row, subject) with what each sign says: its level, how many subjects share it, and its bits.

    ``total`` is how many subjects there are; ``subjects`` holds all of them, for a sign weighs by how many share it.
    A sign one side says nothing of weighs nothing. Of several names or doors the one that says most counts.
    """
    wanted = pairs.select(id=pl.col("subject")).unique()
    said = {
        "code": _code(pairs, rows, subjects, wanted),
        "name": _name(pairs, rows, subjects, wanted, total),
        "door": _door(pairs, rows, subjects, wanted, total),
        "person": _person(pairs, rows, subjects, wanted, total),
        "phone": _plain(pairs, rows.phones, subjects.phones, wanted, "phone", total),
        "region": _plain(pairs, rows.regions, subjects.regions, wanted, "region", total),
    }
    out = pairs
    for sign in SIGNS:
        best = said[sign].sort("row", "subject", "bits", "level", descending=[False, False, True, False])
        best = best.unique(["row", "subject"], keep="first", maintain_order=True).select(
            "row", "subject", pl.col("level").alias(sign), pl.col("shared").alias(f"{sign}_shared"),
            pl.col("bits").alias(f"{sign}_bits"),
        )  # fmt: skip
        out = out.join(best, on=["row", "subject"], how="left", maintain_order="left")
    filled = [pl.col(sign).fill_null("") for sign in SIGNS]
    filled += [pl.col(f"{sign}_shared").fill_null(0) for sign in SIGNS]
    filled += [pl.col(f"{sign}_bits").fill_null(0.0) for sign in SIGNS]
    # A road lies in its district: where the door agrees, the district says nothing more.
    twice = (pl.col("door_bits") > 0) & (pl.col("region_bits") > 0)
    out = out.with_columns(filled).with_columns(region_bits=pl.when(twice).then(0.0).otherwise("region_bits"))
    return out.with_columns(bits=pl.sum_horizontal(f"{sign}_bits" for sign in SIGNS))


Level = tuple[str, pl.Expr, str]
# Two firms of one place and line may not bear one name (企业名称登记管理规定 art 17); shops and persons may.
_FIRM = "(?:公司|合作社|合伙企业|集团|事务所)$"


def _levels(lines: pl.DataFrame, sign: str, levels: Sequence[Level], total: int, *, otherwise: str) -> pl.DataFrame:
    """The first level of each line that holds: (row, subject, level, shared, bits)."""
    level: Any = pl.when(False).then(pl.lit(""))
    shared: Any = pl.when(False).then(pl.lit(0, pl.UInt32))
    bits: Any = pl.when(False).then(0.0)
    for code, holds, count in levels:
        level = level.when(holds).then(pl.lit(code))
        shared = shared.when(holds).then(pl.col(count))
        bits = bits.when(holds).then((SEEN[f"{sign}.{code}"] * total / pl.col(count)).log(2))
    return lines.with_columns(
        level=level.otherwise(pl.lit(otherwise)), shared=shared.otherwise(pl.lit(0, pl.UInt32)),
        bits=bits.otherwise(FIXED.get(f"{sign}.{otherwise}", 0.0)),
    )  # fmt: skip


def _met(pairs: pl.DataFrame, rows: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    """Every line of a row beside every line of its subject (``…_s``)."""
    return pairs.join(rows, left_on="row", right_on="id").join(subjects, left_on="subject", right_on="id", suffix="_s")


def _shared(lines: pl.DataFrame, wanted: pl.DataFrame, **by: Sequence[str]) -> pl.DataFrame:
    """Subjects' lines with how many lines of all subjects are alike; then those of the wanted alone."""
    counted = lines.with_columns(pl.len().over(columns).alias(name) for name, columns in by.items())
    return counted.join(wanted, on="id", how="semi")


_OUT = ("row", "subject", "level", "shared", "bits")


def _code(pairs: pl.DataFrame, rows: Side, subjects: Side, wanted: pl.DataFrame) -> pl.DataFrame:
    known = subjects.codes.filter("sure").join(wanted, on="id", how="semi")
    lines = _met(pairs, rows.codes, known).filter(pl.col("kind") == pl.col("kind_s"))
    same = pl.col("code") == pl.col("code_s")
    level = (
        pl.when(same & pl.col("sure")).then(pl.lit("same")).when(same).then(pl.lit("slip"))
        .when("sure").then(pl.lit("differs")).otherwise(pl.lit(""))
    )  # fmt: skip
    weights = {code: FIXED[f"code.{code}"] for code in ("same", "slip", "differs")}
    lines = lines.with_columns(level=level).filter(pl.col("level") != "")
    bits = pl.col("level").replace_strict(weights, default=0.0, return_dtype=pl.Float64)
    return lines.with_columns(bits=bits, shared=pl.lit(1, pl.UInt32)).select(_OUT)


def _name(pairs: pl.DataFrame, rows: Side, subjects: Side, wanted: pl.DataFrame, total: int) -> pl.DataFrame:
    known = _shared(
        subjects.names, wanted, n_full=["full"], n_base=["base"], n_heard=["heard"], n_trade=["trade"],
        n_trade_heard=["trade_heard"], n_trade_line=["trade", "line"],
    )  # fmt: skip
    lines = _met(pairs, rows.names, known)
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
    lines = _levels(lines, "name", levels, total, otherwise="")
    other = pl.col("level").is_in(["trade", "trade_heard"]) & (pl.col("line") != "") & (pl.col("line_s") != "")
    lines = lines.with_columns(bits=pl.when(other).then(pl.col("bits") + OTHER_TRADE).otherwise("bits"))
    return pl.concat([lines.filter(pl.col("level") != "").select(_OUT), _near(lines.filter(pl.col("level") == ""))])


def _near(lines: pl.DataFrame) -> pl.DataFrame:
    """Names that agree in no part: by how much of their sound does."""
    share = process.cpdist(
        lines["heard"].to_list(), lines["heard_s"].to_list(), scorer=fuzz.ratio, workers=-1, score_cutoff=50
    )
    lines = lines.with_columns(pl.Series("share", share, dtype=pl.Float64) / 100)
    level: Any = pl.when(False).then(pl.lit(""))
    bits: Any = pl.when(False).then(0.0)
    for least, worth in NEAR:
        level = level.when(pl.col("share") >= least).then(pl.lit("near"))
        bits = bits.when(pl.col("share") >= least).then(worth)
    lines = lines.with_columns(level=level.otherwise(pl.lit("differs")), bits=bits.otherwise(FIXED["name.differs"]))
    return lines.select(_OUT)


def _door(pairs: pl.DataFrame, rows: Side, subjects: Side, wanted: pl.DataFrame, total: int) -> pl.DataFrame:
    known = _shared(
        subjects.doors, wanted, n_whole=["whole"], n_road=["road"], n_number=["road", "number"],
        n_unit=["road", "number", "unit"],
    )  # fmt: skip
    lines = _met(pairs, rows.doors, known)
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
    return _levels(lines, "door", levels, total, otherwise="differs").select(_OUT)


def _person(pairs: pl.DataFrame, rows: Side, subjects: Side, wanted: pl.DataFrame, total: int) -> pl.DataFrame:
    known = _shared(subjects.persons, wanted, n_person=["person"], n_heard=["person_heard"])
    lines = _met(pairs, rows.persons, known)
    levels = [
        ("same", pl.col("person") == pl.col("person_s"), "n_person"),
        ("heard", pl.col("person_heard") == pl.col("person_heard_s"), "n_heard"),
    ]
    return _levels(lines, "person", levels, total, otherwise="differs").select(_OUT)


def _plain(
    pairs: pl.DataFrame, rows: pl.DataFrame, subjects: pl.DataFrame, wanted: pl.DataFrame, sign: str, total: int
) -> pl.DataFrame:
    lines = _met(pairs, rows, _shared(subjects, wanted, n=[sign]))
    same = [("same", pl.col(sign) == pl.col(f"{sign}_s"), "n")]
    return _levels(lines, sign, same, total, otherwise="differs").select(_OUT)
