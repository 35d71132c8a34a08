"""Whether something is written in about more than before. Pure.

The plainest test there is: of all letters about one thing in this time and in the ``BEFORE`` times as long before it, a
letter falls into this one with a chance of one in ``BEFORE + 1`` if nothing changed. How likely as many as there are,
or more, would then be, is reckoned exactly; where that is less than one in a thousand it is a peak.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

BEFORE = 4
UNLIKELY = 0.001
LEAST = 3
SIZES = (4, 3, 2)
_CHINESE = re.compile("[\u4e00-\u9fff]+")  # not shown: what a word is made of


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing letters are about: how many now, how many in all the times before, how likely that is by chance."""

    value: str
    now: int
    before: int
    chance: float

    @property
    def usual(self) -> float:
        """How many there were in one such time before."""
        return self.before / BEFORE

    @property
    def peak(self) -> bool:
        return self.now >= LEAST and self.chance < UNLIKELY


def chance(now: int, before: int) -> float:
    """How likely ``now`` or more of ``now + before`` would fall into this time if nothing changed."""
    whole, share = now + before, 1 / (BEFORE + 1)
    if now <= 0:
        return 1.0
    # From the far end, so that small terms are added before large ones.
    return min(1.0, sum(_binomial(whole, n, share) for n in range(whole, now - 1, -1)))


def _binomial(whole: int, n: int, share: float) -> float:
    log = math.lgamma(whole + 1) - math.lgamma(n + 1) - math.lgamma(whole - n + 1)
    return math.exp(log + n * math.log(share) + (whole - n) * math.log(1 - share))


def spots(now: Mapping[str, int], before: Mapping[str, int]) -> list[Spot]:
    """Every thing written in about now: peaks first, the least likely on top, then the most."""
    held = [Spot(value, n, before.get(value, 0), chance(n, before.get(value, 0))) for value, n in now.items() if n]
    return sorted(held, key=lambda spot: (not spot.peak, spot.chance if spot.peak else 0.0, -spot.now, spot.value))


def words(now: Iterable[str], before: Iterable[str], *, most: int = 12) -> list[Spot]:
    """Which pieces of two to four characters stand in more titles now than before; none inside another that does as
    well."""
    counted, usual = _held(now), _held(before)
    rising = [spot for spot in spots({w: n for w, n in counted.items() if n >= LEAST}, usual) if spot.peak]
    found: list[Spot] = []
    for spot in sorted(rising, key=lambda one: (-one.now, -len(one.value), one.chance, one.value)):
        inside = [one for one in found if spot.value in one.value and spot.now <= one.now * 1.25]
        overlaps = [one for one in found if spot.now <= one.now and _overlap(spot.value, one.value)]
        if not inside and not overlaps:
            found.append(spot)
    return sorted(found, key=lambda one: (one.chance, -one.now, one.value))[:most]


def _held(titles: Iterable[str]) -> Counter[str]:
    """In how many titles each piece stands."""
    return Counter(piece for title in titles for piece in set(_pieces(title)))


def _pieces(title: str) -> Iterator[str]:
    for run in _CHINESE.findall(title):
        for size in SIZES:
            yield from (run[at : at + size] for at in range(len(run) - size + 1))


def _overlap(one: str, other: str) -> bool:
    """Whether one begins where the other ends, or either stands in the other."""
    if one in other or other in one:
        return True
    return any(one[-n:] == other[:n] or other[-n:] == one[:n] for n in range(1, min(len(one), len(other))))
