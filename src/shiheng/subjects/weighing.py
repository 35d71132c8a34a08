"""A small learner: gradient-boosted trees over columns of numbers, for what hand-set points cannot say. Pure.

Each tree asks a few questions ("is this sign above that?") and adds a little to one level's score; each next one is
grown on what the ones before still get wrong. The same table and levels always give the same trees, they are kept as
plain numbers, and every score can be taken apart again into what each column brought to it. Where a value is not
there a table holds ``ABSENT``, which lies below every other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ABSENT = -1.0
Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Growth:
    """How trees are grown: how many for each level, how deep, and how careful each is."""

    rounds: int = 240
    depth: int = 5
    step: float = 0.07
    # Of the columns and of the rows, how many each tree sees.
    columns: float = 0.15
    rows: float = 0.6
    # How much must stand behind a leaf, and how much it is held back.
    least: float = 6.0
    held: float = 5.0
    bins: int = 48
    seed: int = 20


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees of one depth, one a row: tree ``t`` speaks for level ``t % levels``.

    ``column`` and ``edge`` of each question, at ``q`` its answers at ``2q+1`` (not above the edge) and ``2q+2``;
    ``value`` of each place in a tree, questions and leaves. ``start`` is the score of each level before any tree.
    """

    levels: int
    start: NDArray[np.float64]
    column: NDArray[np.int64]
    edge: NDArray[np.float64]
    value: NDArray[np.float64]

    def scores(self, table: Table) -> NDArray[np.float64]:
        """The score of each level (a column) for each row of a table."""
        rows = np.arange(len(table))
        told = np.tile(self.start, (len(table), 1))
        depth = int(np.log2(self.value.shape[1] + 1)) - 1
        for tree in range(len(self.column)):
            at = np.zeros(len(table), dtype=np.int64)
            for _ in range(depth):
                above = table[rows, self.column[tree, at]] > self.edge[tree, at]
                at = 2 * at + 1 + above
            told[:, tree % self.levels] += self.value[tree, at]
        return told

    def one(self, row: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """For one row: the score of each level, and what each column (a row here) brought to each of them."""
        trees = np.arange(len(self.column))
        brought = np.zeros((len(row), self.levels))
        at = np.zeros(len(trees), dtype=np.int64)
        before = self.value[:, 0]
        while at.size and 2 * at[0] + 1 < self.value.shape[1]:
            asked = self.column[trees, at]
            at = 2 * at + 1 + (row[asked] > self.edge[trees, at])
            after = self.value[trees, at]
            np.add.at(brought, (asked, trees % self.levels), after - before)
            before = after
        scores = self.start.copy()
        np.add.at(scores, trees % self.levels, before)
        return scores, brought

    def as_data(self) -> dict[str, Any]:
        """As plain numbers, to be kept."""
        return {
            "levels": self.levels,
            "start": [round(float(n), 6) for n in self.start],
            "column": self.column.tolist(),
            # Where nothing is asked everything goes one way, and infinity is no number in JSON.
            "edge": [[None if np.isinf(n) else float(n) for n in tree] for tree in self.edge],
            "value": [[round(float(n), 6) for n in tree] for tree in self.value],
        }


def trees(data: dict[str, Any]) -> Trees:
    """Trees from what ``as_data`` gave; raises ``ValueError`` or ``KeyError`` where it is no such thing."""
    edge = np.array([[np.inf if n is None else n for n in tree] for tree in data["edge"]], dtype=np.float64)
    column, value = np.array(data["column"], dtype=np.int64), np.array(data["value"], dtype=np.float64)
    start = np.array(data["start"], dtype=np.float64)
    if column.ndim != 2 or column.shape != edge.shape or value.shape != (len(column), 2 * column.shape[1] + 1):
        raise ValueError("trees of unlike shapes")
    if start.shape != (data["levels"],) or len(column) % data["levels"]:
        raise ValueError("not as many trees for each level")
    return Trees(data["levels"], start, column, edge, value)


def shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores as how likely each level is; each row sums to one."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    told: NDArray[np.float64] = raised / raised.sum(axis=-1, keepdims=True)
    return told


def learn(table: Table, truth: Sequence[int], levels: int, growth: Growth | None = None) -> Trees:
    """Trees that tell the level of a row, from rows whose level is known (0 to ``levels`` - 1)."""
    growth = growth or Growth()
    if len(table) != len(truth) or not len(table):
        raise ValueError("a level for each row, and at least one row")
    chance = np.random.default_rng(growth.seed)
    edges = [_edges(column, growth.bins) for column in table.T]
    width = max(map(len, edges)) + 1
    # Row-wise, so that the columns one tree sees are cut out at once.
    binned = np.stack([np.searchsorted(e, column) for e, column in zip(edges, table.T, strict=True)], axis=1)
    known = np.eye(levels)[np.asarray(truth)]
    start = np.log(np.maximum(known.mean(axis=0), 1e-6))
    scores = np.tile(start, (len(table), 1))
    count = max(1, round(growth.columns * table.shape[1]))
    seen = max(1, round(growth.rows * len(table)))
    grown: list[tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]] = []
    for _ in range(growth.rounds):
        told = shares(scores)
        for level in range(levels):
            columns = np.sort(chance.choice(table.shape[1], count, replace=False))
            rows = np.sort(chance.choice(len(table), seen, replace=False))
            wrong = (told - known)[:, level]
            weight = np.maximum(told[:, level] * (1 - told[:, level]), 1e-6)
            asked, split, value = _tree(binned[np.ix_(rows, columns)], wrong[rows], weight[rows], width, growth)
            column = columns[asked]
            at = np.zeros(len(table), dtype=np.int64)
            for _deep in range(growth.depth):
                at = 2 * at + 1 + (binned[np.arange(len(table)), column[at]] > split[at])
            scores[:, level] += value[at]
            edge = [edges[c][s] if s < len(edges[c]) else np.inf for c, s in zip(column, split, strict=True)]
            grown.append((column, np.array(edge), value))
    return Trees(levels, start, *(np.array(part) for part in zip(*grown, strict=True)))


def _edges(column: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    """Where a column may be cut: between its values, or between so many parts of like size."""
    values = np.unique(column)
    if len(values) > bins:
        values = np.unique(np.quantile(column, np.linspace(0, 1, bins), method="nearest"))
    return (values[:-1] + values[1:]) / 2


def _tree(
    binned: NDArray[np.int64], wrong: NDArray[np.float64], weight: NDArray[np.float64], width: int, growth: Growth
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """One tree: the column and the cut of each question, and the value of each place in it.

    A question that would part nothing worth parting has a cut no value lies above, and passes its own value down.
    """
    questions = 2**growth.depth - 1
    asked = np.zeros(questions, dtype=np.int64)
    split = np.full(questions, width, dtype=np.int64)
    value = np.zeros(2 * questions + 1)
    value[0] = -growth.step * wrong.sum() / (weight.sum() + growth.held)
    count = binned.shape[1]
    place = binned + width * np.arange(count)
    node = np.zeros(len(binned), dtype=np.int64)
    told = [np.repeat(what, count) for what in (wrong, weight)]
    for deep in range(growth.depth):
        first, nodes = 2**deep - 1, 2**deep
        spot = (place + (node * count * width)[:, None]).ravel()
        shape = (nodes, count, width)
        sums = [np.bincount(spot, what, nodes * count * width).reshape(shape).cumsum(axis=2) for what in told]
        (low_g, low_h), (all_g, all_h) = sums, [s[:, :, -1:] for s in sums]
        high_g, high_h = all_g - low_g, all_h - low_h
        gain = low_g**2 / (low_h + growth.held) + high_g**2 / (high_h + growth.held)
        gain -= all_g**2 / (all_h + growth.held)
        gain[(low_h < growth.least) | (high_h < growth.least)] = 0.0
        best = gain.reshape(nodes, -1).argmax(axis=1)
        for n in range(nodes):
            at = first + n
            c, s = divmod(int(best[n]), width)
            if gain[n, c, s] <= 1e-9:
                value[2 * at + 1 : 2 * at + 3] = value[at]
                continue
            asked[at], split[at] = c, s
            value[2 * at + 1] = -growth.step * low_g[n, c, s] / (low_h[n, c, s] + growth.held)
            value[2 * at + 2] = -growth.step * high_g[n, c, s] / (high_h[n, c, s] + growth.held)
        here = first + node
        node = 2 * node + (binned[np.arange(len(binned)), asked[here]] > split[here])
    return asked, split, value
