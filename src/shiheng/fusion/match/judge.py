"""Whom each row means, how sure that is, and who has to decide. Pure.

Of everybody who shares a key with a row those with the rarest keys are weighed. Their odds and the odds that the row
means nobody in the register share one certainty: two subjects that agree alike get half of it each, so that a tie is
told from a match without a rule of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
import polars as pl

from shiheng.fusion.match import weigh
from shiheng.fusion.match.sides import Side, keys

# A key that leads to more subjects than this brings nobody together.
CROWD = 60
# Subjects of a row that are weighed.
KEPT = 12
# Of a hundred rows without a code, how many speak of somebody the register does not hold.
OUTSIDE = 0.03
AUTOMATIC = 0.9
WORTH_A_LOOK = 0.05
SIGNS_TO_AGREE = 2
# Subjects of a row that a person is shown.
SHOWN = 3
# Below so many subjects a sign would weigh too little: however few are loaded, a city holds more.
SMALLEST = 10_000
_SLICE = 25_000
# Rarity is added up in whole steps, so that it comes out the same in whatever order keys are met.
_STEPS = 2**20


@dataclass(frozen=True, slots=True)
class Register:
    """All subjects, prepared once: their counted lines by id, and the keys that lead to them, sorted.

    Both are only ever searched and never gone through, so that they may as well lie on a disk.
    """

    lines: Side
    keys: pl.DataFrame
    total: int
    places: tuple[str, ...] = ()


def register(subjects: Side, *, total: int, places: Sequence[str] = ()) -> Register:
    """The subjects as they are asked; a key of a crowd is left out. ``places`` are those their addresses name."""
    ids = pl.concat([getattr(subjects, f.name)["id"] for f in fields(Side)]).unique().sort()
    held = pl.concat([keys(part) for part in _parts(subjects, ids)])
    held = held.with_columns(pl.len().over("key").alias("n")).filter(pl.col("n") <= CROWD)
    held = held.select("key", "id").sort("key", "id").rechunk()
    return Register(weigh.counted(subjects), held, max(total, SMALLEST), tuple(places))


def judge(rows: Side, ids: pl.Series, known: Register, *, barred: pl.DataFrame | None = None) -> pl.DataFrame:
    """The likeliest subjects of each of ``rows``, best first, at most ``SHOWN``; none where nobody comes near.

    ``ids`` are those of ``rows``.

    Columns: row, rank from 1, subject, likely (0 to 1), decision (of the row), bits, and of every sign its level, how
    many share it and its bits. ``barred`` are (row, subject) a person has said are not one. The order in which anything
    came changes nothing.
    """
    return pl.concat([_judged(part, known, barred) for part in _parts(rows, ids)])


def _parts(rows: Side, ids: pl.Series) -> Iterator[Side]:
    if len(ids) <= _SLICE:
        yield rows
        return
    for start in range(0, len(ids), _SLICE):
        yield rows.of(ids.slice(start, _SLICE))


def _judged(rows: Side, known: Register, barred: pl.DataFrame | None) -> pl.DataFrame:
    pairs = candidates(rows, known)
    if barred is not None:
        pairs = pairs.join(barred, on=["row", "subject"], how="anti", maintain_order="left")
    return decide(weigh.weighed(pairs, rows, lines_of(pairs["subject"], known), known.total), known.total)


def candidates(rows: Side, known: Register) -> pl.DataFrame:
    """(row, subject) that share a key; of a row at most ``KEPT``, those that share the rarest."""
    asked = keys(rows).sort("key", "id")
    first, count = _found(known.keys["key"], asked["key"])
    rare = np.round(np.log2(known.total / np.arange(1, CROWD + 1)) * _STEPS).astype(np.int64)
    met = pl.LazyFrame(
        {
            "row": np.repeat(asked["id"].to_numpy(), count),
            "subject": known.keys["id"].gather(_places(first, count)),
            "hit": np.repeat(rare[np.maximum(count, 1) - 1], count),
        }
    )
    met = met.group_by("row", "subject").agg(pl.col("hit").sum())
    met = met.sort("row", "hit", "subject", descending=[False, True, False])
    best = met.group_by("row", maintain_order=True).head(KEPT).select("row", "subject")
    return best.collect(optimizations=pl.QueryOptFlags.none())


def lines_of(subjects: pl.Series, known: Register) -> Side:
    """The lines of some subjects."""
    wanted = subjects.unique().sort()
    parts = (getattr(known.lines, f.name) for f in fields(Side))
    return Side(*(lines[_places(*_found(lines["id"], wanted))] for lines in parts))


def _found(held: pl.Series, wanted: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Where each of ``wanted`` begins in the sorted ``held``, and how often it is there."""
    among, asked = held.to_numpy(), wanted.to_numpy()
    first = np.searchsorted(among, asked, "left")
    return first, np.searchsorted(among, asked, "right") - first


def _places(first: np.ndarray, count: np.ndarray) -> np.ndarray:
    """All places of stretches that begin at ``first`` and are ``count`` long."""
    before = np.cumsum(count) - count
    return np.repeat(first - before, count) + np.arange(count.sum())


def decide(weighed: pl.DataFrame, total: int) -> pl.DataFrame:
    """Pairs as ``judge`` gives them: the odds of each against all others of its row and against nobody at all.

    Alone, a name decides only where the law lets one firm bear it; otherwise a second sign has to agree.
    """
    weight, *steps = _decided(total)
    ranked = weighed.lazy().with_columns(weight).sort("row", "weight", "subject", descending=[False, True, False])
    for step in steps:
        ranked = ranked.with_columns(step)
    return ranked.drop("weight").filter(pl.col("rank") <= SHOWN).collect(optimizations=pl.QueryOptFlags.none())


@cache
def _decided(total: int) -> list[pl.Expr]:
    """Step by step: weight, the best first, then likely, rank and decision."""
    odds = (pl.col("bits") - pl.lit(total).log(2)).clip(-80, 80)
    weight = pl.lit(2.0).pow(odds) * (1 - OUTSIDE)
    # Added one by one: a sum may be taken in another order for one row than for many, and end in another figure.
    whole = pl.col("weight").cum_sum().last().over("row") + OUTSIDE
    agree = pl.sum_horizontal((pl.col(f"{sign}_bits") > 0).cast(pl.Int8) for sign in weigh.SIGNS)
    alone = (pl.col("name") == "firm") & (pl.col("name_shared") == 1)
    second = pl.col("likely").shift(-1, fill_value=0.0)
    decision = (
        pl.when((pl.col("likely") >= AUTOMATIC) & ((agree >= SIGNS_TO_AGREE) | alone)).then(pl.lit("auto"))
        .when((pl.col("likely") >= WORTH_A_LOOK) & (second * 2 >= pl.col("likely"))).then(pl.lit("tie"))
        .when(pl.col("likely") >= WORTH_A_LOOK).then(pl.lit("ask"))
        .otherwise(pl.lit("none"))
    )  # fmt: skip
    return [
        weight.alias("weight"),
        (pl.col("weight") / whole).alias("likely"),
        pl.int_range(1, pl.len() + 1).over("row").alias("rank"),
        decision.over("row").alias("decision"),
        pl.col("decision").first().over("row"),
    ]
