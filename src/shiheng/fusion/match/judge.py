"""Whom each row means, how sure that is, and who has to decide. Pure.

Of everybody who shares a key with a row those with the rarest keys are weighed. Their odds and the odds that the row
means nobody in the register share one certainty: two subjects that agree alike get half of it each, so that a tie is
told from a match without a rule of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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
_SLICE = 200_000


@dataclass(frozen=True, slots=True)
class Register:
    """All subjects, prepared once: their lines and the keys that lead to them."""

    subjects: Side
    keys: pl.DataFrame
    total: int


def register(subjects: Side, *, total: int) -> Register:
    """The subjects as they are asked; a key of a crowd is left out."""
    held = keys(subjects).with_columns(pl.len().over("key").alias("n")).filter(pl.col("n") <= CROWD)
    return Register(subjects, held, max(total, SMALLEST))


def judge(rows: Side, ids: pl.Series, known: Register, *, barred: pl.DataFrame | None = None) -> pl.DataFrame:
    """The likeliest subjects of each row of ``ids``, best first, at most ``SHOWN``; none where nobody comes near.

    Columns: row, rank from 1, subject, likely (0 to 1), decision (of the row), bits, and of every sign its level, how
    many share it and its bits. ``barred`` are (row, subject) a person has said are not one. The order in which anything
    came changes nothing.
    """
    return pl.concat([_judged(rows, part, known, barred) for part in _parts(ids)])


def _parts(ids: pl.Series) -> Iterator[pl.Series]:
    for start in range(0, max(len(ids), 1), _SLICE):
        yield ids.slice(start, _SLICE)


def _judged(rows: Side, ids: pl.Series, known: Register, barred: pl.DataFrame | None) -> pl.DataFrame:
    asked = rows.of(ids)
    pairs = candidates(asked, known)
    if barred is not None:
        pairs = pairs.join(barred, on=["row", "subject"], how="anti")
    return decide(weigh.weighed(pairs, asked, known.subjects, known.total), known.total)


def candidates(rows: Side, known: Register) -> pl.DataFrame:
    """(row, subject) that share a key; of a row at most ``KEPT``, those that share the rarest."""
    asked = keys(rows)
    met = asked.join(known.keys, on="key", suffix="_s")
    rare = (known.total / pl.col("n")).log(2)
    met = met.group_by(row=pl.col("id"), subject=pl.col("id_s")).agg(rare.sum().alias("hit"))
    met = met.sort("row", "hit", "subject", descending=[False, True, False])
    return met.group_by("row", maintain_order=True).head(KEPT).select("row", "subject")


def decide(weighed: pl.DataFrame, total: int) -> pl.DataFrame:
    """Pairs as ``judge`` gives them: the odds of each against all others of its row and against nobody at all.

    Alone, a name decides only where the law lets one firm bear it; otherwise a second sign has to agree.
    """
    odds = (pl.col("bits") - pl.lit(total).log(2)).clip(-80, 80)
    shared = weighed.with_columns(weight=pl.lit(2.0).pow(odds) * (1 - OUTSIDE))
    shared = shared.with_columns(likely=pl.col("weight") / (pl.col("weight").sum().over("row") + OUTSIDE))
    ranked = shared.sort("row", "likely", "subject", descending=[False, True, False]).drop("weight")
    ranked = ranked.with_columns(rank=pl.int_range(1, pl.len() + 1).over("row"))
    agree = pl.sum_horizontal((pl.col(f"{sign}_bits") > 0).cast(pl.Int8) for sign in weigh.SIGNS)
    alone = (pl.col("name") == "firm") & (pl.col("name_shared") == 1)
    second = pl.col("likely").shift(-1, fill_value=0.0)
    decision = (
        pl.when((pl.col("likely") >= AUTOMATIC) & ((agree >= SIGNS_TO_AGREE) | alone)).then(pl.lit("auto"))
        .when((pl.col("likely") >= WORTH_A_LOOK) & (second * 2 >= pl.col("likely"))).then(pl.lit("tie"))
        .when(pl.col("likely") >= WORTH_A_LOOK).then(pl.lit("ask"))
        .otherwise(pl.lit("none"))
    )  # fmt: skip
    ranked = ranked.with_columns(decision=decision.over("row")).with_columns(pl.col("decision").first().over("row"))
    return ranked.filter(pl.col("rank") <= SHOWN)
