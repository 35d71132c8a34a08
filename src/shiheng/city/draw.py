"""Small seeded draws: only ``Random.random`` is used, whose sequence Python promises never to change."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from math import exp, log
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def stream(seed: int, *parts: object) -> Random:
    """An own stream for one part of the city; parts never disturb each other."""
    return Random(f"{seed}/" + "/".join(str(p) for p in parts))  # noqa: S311 - a city, not a secret


def pick(rng: Random, options: Sequence[T]) -> T:
    return options[int(rng.random() * len(options))]


def between(rng: Random, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``, both included."""
    return low + int(rng.random() * (high - low + 1))


def some(rng: Random, options: Sequence[T], count: int) -> list[T]:
    """``count`` different options in drawn order (all of them when there are fewer)."""
    left = list(options)
    return [left.pop(int(rng.random() * len(left))) for _ in range(min(count, len(left)))]


def shuffled(rng: Random, options: Sequence[T]) -> list[T]:
    return [o for _, o in sorted(((rng.random(), o) for o in options), key=lambda pair: pair[0])]


def waiting(rng: Random, mean: float) -> float:
    """An exponential waiting time."""
    return -log(1.0 - rng.random()) * mean


def share(rng: Random, centre: float, spread: float = 1.1) -> float:
    """A number between 0 and 1 around ``centre``: a logistic of a bell-shaped draw (the sum of three uniforms)."""
    bell = (rng.random() + rng.random() + rng.random() - 1.5) * 2.0 * spread
    return 1.0 / (1.0 + exp(-(log(centre / (1.0 - centre)) + bell)))


class Weighted(Generic[T]):
    """Options with weights, drawn with one ``random()`` and a bisection."""

    __slots__ = ("_edges", "_options")

    def __init__(self, options: Sequence[tuple[T, float]]) -> None:
        kept = [(o, w) for o, w in options if w > 0]
        self._options = [o for o, _ in kept]
        self._edges = list(accumulate(w for _, w in kept))

    def draw(self, rng: Random) -> T:
        at = rng.random() * self._edges[-1]
        return self._options[min(bisect(self._edges, at), len(self._options) - 1)]
