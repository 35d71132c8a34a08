"""How good a side's links are: pairwise precision, recall and F1 against the truth, in all and by source and slip."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Score:
    right: int
    said: int
    true: int

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(links: pl.DataFrame, truth: pl.DataFrame) -> Score:
    links = links.unique(["source", "row", "subject"])
    right = links.join(truth, on=["source", "row", "subject"], how="semi").height
    return Score(right, links.height, truth.height)


def by_source(links: pl.DataFrame, truth: pl.DataFrame) -> dict[str, Score]:
    sources = truth["source"].unique().sort().to_list()
    of = pl.col("source")
    return {source: score(links.filter(of == source), truth.filter(of == source)) for source in sources}


def missed(links: pl.DataFrame, truth: pl.DataFrame) -> dict[str, float]:
    """Slip → the share of its rows left unlinked or linked wrongly; a row without an address is a kind of its own."""
    right = links.join(truth, on=["source", "row", "subject"], how="semi").select("source", "row")
    held = truth.join(right.with_columns(right=pl.lit(value=True)), on=["source", "row"], how="left")
    shares = held.group_by("slip").agg(missed=pl.col("right").is_null().mean())
    found = {slip or "none": share for slip, share in shares.sort("slip").iter_rows()}
    bare = held.filter(pl.col("address") == "none")
    return {**found, "no address": bare["right"].is_null().mean() or 0.0}  # type: ignore[dict-item]
