"""A small learner: a weight for each word and level, added up (multinomial logistic regression over words). Pure.

The weights are held back towards nought, so that a word seen seldom moves little. The same rows always give the same
weights.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shiheng.subjects.weighing import shares

Numbers = NDArray[np.float64]
Rows = Sequence[Collection[str]]
# A word in fewer rows than this is not learned.
LEAST = 4
HELD = 60.0
ROUNDS = 60
# How many steps the next is judged by, and when no step is worth taking.
_REMEMBERED, _STILL = 8, 1e-4


@dataclass(frozen=True, slots=True)
class Weights:
    """``weight`` has a row for each word, with a number for each level; ``start`` stands before any word."""

    words: Mapping[str, int]
    weight: Numbers
    start: Numbers

    def scores(self, rows: Rows) -> Numbers:
        """The score of each level (a column) for each row of words; words not learned say nothing."""
        known = [[self.words[word] for word in row if word in self.words] for row in rows]
        return np.array([self.start + self.weight[at].sum(axis=0) for at in known]).reshape(-1, len(self.start))

    def of(self, words: Sequence[str]) -> Numbers:
        """What each of some learned words brings to each level."""
        return self.weight[[self.words[word] for word in words]].reshape(-1, len(self.start))

    def as_data(self) -> dict[str, Any]:
        """As plain numbers, to be kept."""
        weight = np.round(self.weight, 4).tolist()
        return {"start": self.start.tolist(), "words": {word: weight[at] for word, at in self.words.items()}}


def weights(data: Mapping[str, Any]) -> Weights:
    """Weights from what ``as_data`` gave; raises ``ValueError`` or ``KeyError`` where it is no such thing."""
    start = np.array(data["start"], dtype=np.float64)
    told = data["words"]
    weight = np.array(list(told.values()), dtype=np.float64).reshape(len(told), len(start))
    return Weights({word: at for at, word in enumerate(told)}, weight, start)


def learn(rows: Rows, truth: Sequence[int], levels: int, *, held: float = HELD, least: int = LEAST) -> Weights:
    """Weights that tell the level of a row by its words, from rows whose level is known (0 to ``levels`` - 1)."""
    if len(rows) != len(truth) or not len(rows):
        raise ValueError("a level for each row, and at least one row")
    counted = Counter(word for row in rows for word in row)
    words = {word: at for at, word in enumerate(sorted(word for word, n in counted.items() if n >= least))}
    known = [np.array(sorted({words[word] for word in row if word in words}), dtype=np.int64) for row in rows]
    # Behind the words stands one that every row has: the start.
    flat = np.concatenate([np.append(row, len(words)) for row in known])
    of = np.repeat(np.arange(len(rows)), [len(row) + 1 for row in known])
    is_so = np.eye(levels)[np.asarray(truth)]
    back = np.full(len(words) + 1, held)
    back[-1] = 0.0

    def wrong(flatly: Numbers) -> tuple[float, Numbers]:
        """How wrong the weights are, and which way that rises."""
        # A level at a time: what lies side by side is added up many times faster.
        weight = flatly.reshape(levels, -1)
        told = shares(np.stack([np.bincount(of, level[flat], len(rows)) for level in weight], axis=1))
        loss = -np.log(np.maximum((told * is_so).sum(axis=1), 1e-12)).sum() + 0.5 * (back * weight**2).sum()
        off = np.ascontiguousarray((told - is_so).T)
        rise = np.stack([np.bincount(flat, level[of], weight.shape[1]) for level in off]) + back * weight
        return float(loss), rise.ravel()

    least_wrong = _lowest(wrong, np.zeros((len(words) + 1) * levels)).reshape(levels, -1).T
    return Weights(words, least_wrong[:-1], least_wrong[-1])


def _lowest(wrong: Any, at: Numbers) -> Numbers:
    """Where a smooth function is lowest, step by step downhill (L-BFGS)."""
    loss, rise = wrong(at)
    steps: list[tuple[Numbers, Numbers]] = []
    for _ in range(ROUNDS):
        way, by = rise.copy(), []
        for moved, turned in reversed(steps):
            by.append(_dot(moved, way) / _dot(turned, moved))
            way -= by[-1] * turned
        way *= _dot(*steps[-1]) / _dot(steps[-1][1], steps[-1][1]) if steps else 1 / max(1.0, abs(rise).sum())
        for (moved, turned), so in zip(steps, reversed(by), strict=True):
            way += (so - _dot(turned, way) / _dot(turned, moved)) * moved
        step = 1.0
        while (found := wrong(at - step * way))[0] > loss - 1e-4 * step * _dot(rise, way) and step > 1e-6:
            step /= 2
        moved, turned = -step * way, found[1] - rise
        gained = loss - found[0]
        if gained <= 0:
            break
        at, (loss, rise) = at + moved, found
        if gained < _STILL * abs(loss):
            break
        if _dot(moved, turned) > 0:
            steps = [*steps, (moved, turned)][-_REMEMBERED:]
    return at


def _dot(one: Numbers, other: Numbers) -> float:
    """Not by the mathematics library: it parts long sums by how many processors there are, and adds up otherwise."""
    return float((one * other).sum())
