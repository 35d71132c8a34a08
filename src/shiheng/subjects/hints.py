"""A pair of addresses as words, for a weighing that is learned: what both write, what only one writes, and how it ends.

A hint says which side it is of (the fuller or the other), whether the run it stands in is shared or left over, and the
characters; figures are all written 0, since which number it is tells nothing. Together with them the signs of
``likeness``, alone and in twos. Pure; the order of the two does not matter.
"""

import re
from collections.abc import Iterator
from itertools import combinations

from shiheng.subjects import likeness
from shiheng.subjects.traits import Side, sides

_DIGITS = re.compile(r"\d+")
_PAIRED = (
    "road", "number", "name", "building", "finest", "gate", "run", "alike", "pieces", "district", "crossing", "village",
)  # fmt: skip
# How a hint begins that is of the text and of no sign.
WRITTEN = ("A", "B", "ends")
_SHORT = 3
_PATTERN = 6


def hints(one: str, other: str) -> frozenset[str]:
    """Every hint of a pair, each once."""
    a, b = sides(one, other)
    return frozenset((*_written("A", a, b), *_written("B", b, a), *_signs(a, b)))


def _written(which: str, side: Side, across: Side) -> Iterator[str]:
    runs = _runs(side.rest, across.rest)
    for at, (shared, text) in enumerate(runs):
        head = f"{which}{'=' if shared else '-'}"
        marked = f"^{_DIGITS.sub('0', text)}$"
        for long in (1, 2, 3):
            yield from (head + marked[n : n + long] for n in range(len(marked) - long + 1))
        if at == 0:
            yield f"{head}first:{marked[1:3]}"
        if at == len(runs) - 1:
            yield from (f"{head}last:{marked[-3:-1]}", f"{head}last:{marked[-2:-1]}")
    yield f"{which}~{''.join('=' if shared else '-' for shared, _ in runs)[:_PATTERN]}"


def _runs(text: str, across: str) -> list[tuple[bool, str]]:
    """A text cut into what stands in runs of two or more that the other has, and what does not."""
    pairs = {across[at : at + 2] for at in range(len(across) - 1)}
    held = [text[at : at + 2] in pairs for at in range(len(text) - 1)]
    runs: list[tuple[bool, str]] = []
    for at, character in enumerate(text):
        shared = (at < len(held) and held[at]) or (at > 0 and held[at - 1])
        if runs and runs[-1][0] == shared:
            runs[-1] = (shared, runs[-1][1] + character)
        else:
            runs.append((shared, character))
    return runs


def _signs(a: Side, b: Side) -> Iterator[str]:
    told = likeness.signs(a.told, b.told)
    yield from (f"{sign}={level}" for sign, level in told.items())
    yield from (f"{x}={told[x]}&{y}={told[y]}" for x, y in combinations(_PAIRED, 2))
    kinds = [[kind[:_SHORT] for kind, _ in side.told.told] for side in (a, b)]
    for which, side in zip("AB", kinds, strict=True):
        yield f"{which}:{'-'.join(side)}"
    yield f"ends:{'-'.join(kinds[0][-1:])}|{'-'.join(kinds[1][-1:])}"
    yield f"ends:{'-'.join(kinds[0][-2:])}|{'-'.join(kinds[1][-2:])}"
