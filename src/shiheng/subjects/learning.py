"""How much each sign of a pair of addresses weighs, learned from pairs people judged. Pure.

Two small learners look at every pair: weights for its hints (``linear``) and trees over its traits (``weighing``).
What they say is added up, and leans a little towards the seldom levels, so that each level is told as well as the
others. How well that works is measured on pairs the learners have not seen, fold by fold, addresses that were asked
together staying together; what is kept is learned from all.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shiheng.subjects import linear, weighing
from shiheng.subjects.hints import WRITTEN, hints
from shiheng.subjects.traits import NAMES, Rarity, rarity, table

Numbers = NDArray[np.float64]
LEVELS = 3
FOLDS = 3
# Pairs of addresses, and of each level, without which nothing is learned.
LEAST_PAIRS, LEAST_EACH = 500, 50
# How the two learners share the say, and what the scores of the second and the third level may be raised by.
MIXES = (0.3, 0.4, 0.5, 0.6, 0.7)
LEANS = tuple(float(lean) for lean in np.arange(-0.2, 1.21, 0.1))
# A piece of an address that stands in fewer is as rare as any.
_LEAST_HELD = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """Two addresses and the level somebody found: 0 none, 1 in part, 2 wholly the same place."""

    one: str
    other: str
    level: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How a way of telling did on pairs whose level is known: for each level how many were told, so, and both."""

    told: tuple[int, ...]
    so: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def pairs(self) -> int:
        return sum(self.so)

    @property
    def accuracy(self) -> float:
        return sum(self.right) / max(1, self.pairs)

    def precision(self, level: int) -> float:
        return self.right[level] / max(1, self.told[level])

    def recall(self, level: int) -> float:
        return self.right[level] / max(1, self.so[level])

    @property
    def macro_f1(self) -> float:
        each = [2 * r / max(1, t + s) for r, t, s in zip(self.right, self.told, self.so, strict=True)]
        return sum(each) / len(each)


def tally(truth: Sequence[int], told: Sequence[int]) -> Tally:
    """What was told against what is so, pair by pair."""
    said, so = Counter(told), Counter(truth)
    right = Counter(t for t, s in zip(truth, told, strict=True) if t == s)
    return Tally(*(tuple(counted[level] for level in range(LEVELS)) for counted in (said, so, right)))


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a learned weighing says of a pair: its level, two scores that rise with being near one another and with
    being told to the same end, and what each sign brought to the level (the text as a whole under ``text``)."""

    level: int
    near: float
    same: float
    brought: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Weighing:
    """What was learned: how rare pieces of addresses are, both learners, and how they are added up."""

    rare: Rarity
    weights: linear.Weights
    trees: weighing.Trees
    mix: float
    lean: tuple[float, float]

    def weigh(self, one: str, other: str, *, nearer: float = 0.0) -> Weighed:
        """One pair, of which is known that they are so much nearer; which comes first makes no difference."""
        said = hints(one, other)
        row = table([(one, other)], self.rare)[0]
        grown, by_column = self.trees.one(row)
        scores = _added(self.weights.scores([said])[0], grown, self.mix, self.lean) + np.array([0.0, nearer, nearer])
        level = int(scores.argmax())
        none, some, whole = scores
        brought: dict[str, float] = defaultdict(float)
        for name, by in zip(NAMES, _for(by_column, level), strict=True):
            brought[name.split(".")[0]] += (1 - self.mix) * by
        words = sorted(said & self.weights.words.keys())
        for word, by in zip(words, _for(self.weights.of(words), level), strict=True):
            written = word.startswith(WRITTEN)
            named = ["text"] if written else [sign.partition("=")[0] for sign in word.split("&")]
            for sign in named:
                brought[sign] += self.mix * by / len(named)
        return Weighed(level, float(max(some, whole) - none), float(whole - max(none, some)), brought)

    def as_data(self) -> dict[str, Any]:
        """As plain numbers, to be kept."""
        return {
            "traits": list(NAMES),
            "rare": {"texts": self.rare.texts, "held": dict(self.rare.held)},
            "weights": self.weights.as_data(),
            "trees": self.trees.as_data(),
            "mix": self.mix,
            "lean": list(self.lean),
        }


def weighing_of(data: Mapping[str, Any]) -> Weighing:
    """What ``as_data`` gave; raises ``ValueError``, ``KeyError`` or ``TypeError`` where it is no such thing, also where
    it was learned from other traits than are told today."""
    if data["traits"] != list(NAMES):
        raise ValueError("learned from other traits")
    trees = weighing.trees(data["trees"])
    if trees.column.size and int(trees.column.max()) >= len(NAMES):
        raise ValueError("trees of a trait there is not")
    first, second = data["lean"]
    return Weighing(
        Rarity(int(data["rare"]["texts"]), dict(data["rare"]["held"])),
        linear.weights(data["weights"]), trees, float(data["mix"]), (float(first), float(second)),
    )  # fmt: skip


def learn(
    judged: Sequence[Judged], *, growth: weighing.Growth | None = None, told: Callable[[str], None] = lambda _: None
) -> tuple[Weighing, Tally]:
    """What pairs teach, and how well it tells pairs it has not seen. ``told`` hears how far it is.

    Raises ``ValueError`` where there are too few pairs, of any level, or of different addresses.
    """
    if short := lacking(judged):
        raise ValueError(short)
    truth = np.array([pair.level for pair in judged])
    words = [hints(pair.one, pair.other) for pair in judged]
    folds = _folds(judged)
    scores = np.zeros((2, len(judged), LEVELS))
    for fold in range(FOLDS):
        told(f"{fold + 1}/{FOLDS + 1}")
        seen, unseen = (np.flatnonzero(at).tolist() for at in (folds != fold, folds == fold))
        rare, weights, trees = _learned([judged[at] for at in seen], [words[at] for at in seen], growth)
        asked = [judged[at] for at in unseen]
        scores[0, unseen] = weights.scores([words[at] for at in unseen])
        scores[1, unseen] = trees.scores(table(((pair.one, pair.other) for pair in asked), rare))
    said = np.zeros(len(judged), dtype=np.int64)
    for fold in range(FOLDS):
        # How they are added up is chosen, too, on pairs other than those told.
        mix, lean = _best(scores[:, folds != fold], truth[folds != fold])
        said[folds == fold] = _added(scores[0, folds == fold], scores[1, folds == fold], mix, lean).argmax(axis=1)
    told(f"{FOLDS + 1}/{FOLDS + 1}")
    rare, weights, trees = _learned(judged, words, growth)
    mix, lean = _best(scores, truth)
    return Weighing(rare, weights, trees, mix, lean), tally(truth.tolist(), said.tolist())


def lacking(judged: Sequence[Judged]) -> str:
    """What there is too little of to learn from: ``pairs``, ``levels`` or ``addresses``; empty where enough."""
    counted = Counter(pair.level for pair in judged)
    if len(judged) < LEAST_PAIRS:
        return "pairs"
    if any(counted[level] < LEAST_EACH for level in range(LEVELS)):
        return "levels"
    return "addresses" if len({pair.one for pair in judged}) < FOLDS else ""


def _learned(
    judged: Sequence[Judged], words: Sequence[frozenset[str]], growth: weighing.Growth | None
) -> tuple[Rarity, linear.Weights, weighing.Trees]:
    truth = [pair.level for pair in judged]
    rare = rarity((text for pair in judged for text in (pair.one, pair.other)), least=_LEAST_HELD)
    weights = linear.learn(words, truth, LEVELS)
    return rare, weights, weighing.learn(table(((p.one, p.other) for p in judged), rare), truth, LEVELS, growth)


def _folds(judged: Sequence[Judged]) -> NDArray[np.int64]:
    """Which fold each pair is in; pairs of one first address stay together."""
    asked = {text: at for at, text in enumerate(dict.fromkeys(pair.one for pair in judged))}
    order = np.random.default_rng(0).permutation(len(asked)) % FOLDS
    return np.array([order[asked[pair.one]] for pair in judged])


def _added(words: Numbers, grown: Numbers, mix: float, lean: tuple[float, float]) -> Numbers:
    added: Numbers = mix * words + (1 - mix) * grown + np.array([0.0, *lean])
    return added


def _best(scores: Numbers, truth: NDArray[np.int64]) -> tuple[float, tuple[float, float]]:
    """The adding up with the best macro-F1."""
    best: tuple[float, float, tuple[float, float]] = (-1.0, 0.5, (0.0, 0.0))
    for mix in MIXES:
        added = _added(scores[0], scores[1], mix, (0.0, 0.0))
        best = max([best, *((f1, mix, lean) for f1, lean in _leaning(added, truth))], key=lambda found: found[0])
    return best[1:]


def _leaning(scores: Numbers, truth: NDArray[np.int64]) -> Iterator[tuple[float, tuple[float, float]]]:
    so = np.bincount(truth, minlength=LEVELS)
    for lean in product(LEANS, LEANS):
        said = (scores + np.array([0.0, *lean])).argmax(axis=1)
        right = np.bincount(truth[said == truth], minlength=LEVELS)
        yield float((2 * right / np.maximum(1, so + np.bincount(said, minlength=LEVELS))).mean()), lean


def _for(added: Numbers, level: int) -> list[float]:
    """What speaks for a level, row by row: what was added to it, over what was added to the others."""
    others = (added.sum(axis=1) - added[:, level]) / (LEVELS - 1)
    spoken: list[float] = (added[:, level] - others).tolist()
    return spoken
