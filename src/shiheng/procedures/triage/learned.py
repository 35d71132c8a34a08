"""What closed files teach of classes: a weight for every two or three characters and class. Pure.

A small linear learner over pieces of text (``subjects.linear``). It is measured on letters it has not seen, copies of
one letter staying together, and keeps silent below the confidence at which, on those, it was right often enough.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shiheng.procedures.triage.likeness import plain
from shiheng.subjects import linear
from shiheng.subjects.weighing import shares

Numbers = NDArray[np.float64]
FOLDS = 5
LEAST_FILES, LEAST_EACH, LEAST_CLASSES = 40, 5, 2
HELD, LEAST_SEEN = 1.0, 2
RIGHT_ENOUGH = 0.9
"""Of what is told at the confidence kept, so much was right on letters not seen."""
CONFIDENCES = tuple(n / 100 for n in range(30, 100, 5))
SILENT = 0.99
MOST_REASONS = 6


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed letter: its words, the class it was handled as, and what is the same for copies of one letter."""

    text: str
    kind: str
    same: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How one class did on letters not seen: how many there were, were told, were told rightly."""

    so: int
    told: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.told)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.so)


@dataclass(frozen=True, slots=True)
class Measured:
    """How the learner did on letters not seen: told at all, told rightly; each class; what always guessing the
    commonest class would have had, and what the first guess without abstaining had."""

    files: int
    told: int
    right: int
    first_right: int
    commonest: int
    confidence: float
    classes: Mapping[str, Tally]

    @property
    def accuracy(self) -> float:
        """Of what it told."""
        return self.right / max(1, self.told)


@dataclass(frozen=True, slots=True)
class Guess:
    """A class with its share and the pieces of the text that weighed most for it; ``sure``: above the confidence."""

    kind: str
    share: float
    reasons: tuple[str, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned."""

    kinds: tuple[str, ...]
    weights: linear.Weights
    confidence: float

    def guess(self, text: str) -> Guess | None:
        """The likeliest class of a text; none where nothing of it was ever seen."""
        held = sorted(pieces(text) & self.weights.words.keys())
        if not held:
            return None
        told = shares(self.weights.scores([held]))[0]
        at = int(told.argmax())
        brought = self.weights.of(held)
        spoken = brought[:, at] - (brought.sum(axis=1) - brought[:, at]) / max(1, len(self.kinds) - 1)
        share = float(told[at])
        return Guess(self.kinds[at], share, _reasons(held, spoken), share >= self.confidence)

    def as_data(self) -> dict[str, Any]:
        """As plain numbers, to be kept."""
        return {"kinds": list(self.kinds), "weights": self.weights.as_data(), "confidence": self.confidence}


def model_of(data: Mapping[str, Any]) -> Model:
    """What ``as_data`` gave; raises ``ValueError``, ``KeyError`` or ``TypeError`` where it is no such thing."""
    kinds, weights = tuple(map(str, data["kinds"])), linear.weights(data["weights"])
    if len(weights.start) != len(kinds):
        raise ValueError("a weight for each class")
    return Model(kinds, weights, float(data["confidence"]))


def pieces(text: str) -> frozenset[str]:
    """Every two and every three characters that stand side by side."""
    bare = plain(text)
    return frozenset(bare[at : at + size] for size in (2, 3) for at in range(len(bare) - size + 1))


def lacking(closed: Sequence[Closed]) -> str:
    """What there is too little of to learn from: ``files`` or ``classes``; empty where enough."""
    if len(closed) < LEAST_FILES:
        return "files"
    return "classes" if len(_kinds(closed)) < LEAST_CLASSES else ""


def learn(closed: Sequence[Closed], *, told: Callable[[str], None] = lambda _: None) -> tuple[Model, Measured]:
    """What closed letters teach, and how it does on letters it has not seen. Raises ``ValueError`` where too little.

    A class with too few letters is not learned; its letters are still told to be something else when it is measured.
    """
    if short := lacking(closed):
        raise ValueError(short)
    kinds = _kinds(closed)
    rows = [pieces(one.text) for one in closed]
    folds = _folds(closed)
    scores = np.zeros((len(closed), len(kinds)))
    for fold in range(FOLDS):
        told(f"{fold + 1}/{FOLDS + 1}")
        seen, unseen = (np.flatnonzero(at).tolist() for at in (folds != fold, folds == fold))
        if unseen:
            scores[unseen] = shares(_weights(closed, rows, seen, kinds).scores([rows[at] for at in unseen]))
    told(f"{FOLDS + 1}/{FOLDS + 1}")
    confidence = _confidence(closed, kinds, scores)
    model = Model(kinds, _weights(closed, rows, range(len(closed)), kinds), confidence)
    return model, _measured(closed, kinds, scores, confidence)


def _kinds(closed: Sequence[Closed]) -> tuple[str, ...]:
    counted = Counter(one.kind for one in closed if one.kind)
    return tuple(sorted(kind for kind, n in counted.items() if n >= LEAST_EACH))


def _folds(closed: Sequence[Closed]) -> NDArray[np.int64]:
    """Which fold each letter is in; copies of one letter stay together."""
    same = {one.same or f"#{at}": 0 for at, one in enumerate(closed)}
    order = np.random.default_rng(0).permutation(len(same)) % FOLDS
    fold = dict(zip(same, order.tolist(), strict=True))
    return np.array([fold[one.same or f"#{at}"] for at, one in enumerate(closed)])


def _weights(
    closed: Sequence[Closed], rows: Sequence[frozenset[str]], chosen: Sequence[int], kinds: tuple[str, ...]
) -> linear.Weights:
    known = [at for at in chosen if closed[at].kind in kinds]
    truth = [kinds.index(closed[at].kind) for at in known]
    return linear.learn([rows[at] for at in known], truth, len(kinds), held=HELD, least=LEAST_SEEN)


def _confidence(closed: Sequence[Closed], kinds: tuple[str, ...], scores: Numbers) -> float:
    """The lowest confidence from which on it was right often enough."""
    first = [kinds[at] == one.kind for one, at in zip(closed, scores.argmax(axis=1), strict=True)]
    right, share = np.array(first), scores.max(axis=1)
    for confidence in CONFIDENCES:
        told = share >= confidence
        if told.any() and right[told].mean() >= RIGHT_ENOUGH:
            return confidence
    return SILENT


def _measured(closed: Sequence[Closed], kinds: tuple[str, ...], scores: Numbers, confidence: float) -> Measured:
    first = [kinds[at] for at in scores.argmax(axis=1)]
    sure = scores.max(axis=1) >= confidence
    so = Counter(one.kind for one in closed)
    told = Counter(kind for kind, is_sure in zip(first, sure, strict=True) if is_sure)
    right = Counter(
        one.kind for one, kind, is_sure in zip(closed, first, sure, strict=True) if is_sure and one.kind == kind
    )
    return Measured(
        files=len(closed), told=int(sure.sum()), right=sum(right.values()),
        first_right=sum(one.kind == kind for one, kind in zip(closed, first, strict=True)),
        commonest=max(so.values()), confidence=confidence,
        classes={kind: Tally(so[kind], told[kind], right[kind]) for kind in sorted(so)},
    )  # fmt: skip


def _reasons(held: Sequence[str], spoken: Numbers) -> tuple[str, ...]:
    """The pieces that weighed most, none inside another that weighed more."""
    found: list[str] = []
    for at in np.argsort(-spoken, kind="stable").tolist():
        piece = held[at]
        if spoken[at] <= 0 or len(found) == MOST_REASONS:
            break
        if not any(piece in one or one in piece for one in found):
            found.append(piece)
    return tuple(found)
