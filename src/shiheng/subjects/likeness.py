"""In what two addresses are alike and in what they differ, sign by sign. Pure; their order does not matter.

Each sign is one word (its level). What a pair says together, and what an officer is told of it, is in ``comparing``.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from shiheng.subjects import naming
from shiheng.subjects.addresses import either
from shiheng.subjects.elements import Elements

_KIND = re.compile(f"(?:{either(naming.words('place_kinds.txt'))})+$")
_OFFICE = re.compile(r"(?:街道办事处|街道办|街道|办事处|镇|乡|市|区|县)$")
_TURN = re.compile(r"[东南西北中]?(?:大道|大街|路|街|巷|道|线)(?:[东南西北中]段|[东南西北中])?$")
_GATE = re.compile(r"(?:(?:[东南西北]+|[a-z]|\d号?|正|侧|大|后|前)门|口)$")
# What so many addresses hold that sharing it says little: a pair of characters with one of these counts for less.
_COMMON = re.compile(
    either([*naming.words("place_kinds.txt"), *naming.words("provinces.txt"), *naming.words("place_common.txt")])
)
_PIECE = (0.2, 0.6, 1.0)
_FIGURES = re.compile(r"\d+")
# Numbers of one road so far apart may still be one front.
NEXT_DOORS = 4
COUNTED = ("unit", "phase", "area", "floor", "room")

PIECES = (0.3, 0.7, 1.1, 1.7, 2.3, 3, 4, 5, 6, 8)
ALIKE = (0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.6, 0.8)
FOUND = (0.4, 0.55, 0.7, 0.9)
RUN = (4, 7, 9)


def signs(one: Elements, other: Elements) -> dict[str, str]:
    """Every sign of a pair with its level. What only one side tells is ``one``, what neither tells ``none``."""
    road = _road(one, other)
    shared, every = _pieces(one.whole, other.whole)
    number = _number(one, other, "on" if road in {"same", "found", "like"} else "off")
    counted = {kind: _told(one.of(kind), other.of(kind), figures) for kind in COUNTED}
    return {
        "district": _district(one, other),
        "town": _named(one, other, "town", _place),
        "village": _named(one, other, "village", own),
        "road": road,
        "number": number,
        "door": _door(one, other, number),
        "crossing": _crossing(one, other),
        "name": _name(one, other),
        "building": _building(one, other),
        **counted,
        "gate": str(sum(gated(side) for side in (one, other))),
        "finest": "-".join(sorted((finest(one), finest(other)))),
        "pieces": str(_step(shared, PIECES)),
        "alike": str(_step(shared / every if every else 0.0, ALIKE)),
        "run": str(_step(run(one.whole, other.whole), RUN)),
    }


@lru_cache(maxsize=65_536)
def own(name: str) -> str:
    """A name without the words that say what kind of place it is: 春晖 of 春晖花园小区."""
    return _KIND.sub("", name) or name


@lru_cache(maxsize=65_536)
def figures(text: str) -> tuple[str, ...]:
    """The figures of a number without noughts before them; a number without figures stands for itself."""
    return tuple(str(int(figure)) for figure in _FIGURES.findall(text)) or (text,)


def _place(text: str) -> str:
    return _OFFICE.sub("", text) if len(text) > 2 else text


def _step(value: float, edges: Iterable[float]) -> int:
    return sum(value >= edge for edge in edges)


def _told(one: Iterable[str], other: Iterable[str], key: Callable[[str], object]) -> str:
    a, b = {key(text) for text in one}, {key(text) for text in other}
    if not a and not b:
        return "none"
    if not a or not b:
        return "one"
    return "same" if a & b else "differs"


def _named(one: Elements, other: Elements, kind: str, key: Callable[[str], str]) -> str:
    """As ``_told``, but ``found`` where what one side names stands somewhere in the other."""
    a, b = one.of(kind), other.of(kind)
    level = _told(a, b, key)
    beside = any(key(text) in other.whole for text in a) or any(key(text) in one.whole for text in b)
    return "found" if level in {"one", "differs"} and beside else level


def _district(one: Elements, other: Elements) -> str:
    a, b = ([_place(text) for text in side.of("city", "district")] for side in (one, other))
    if any(place in other.whole for place in a) or any(place in one.whole for place in b):
        return "same"
    both = any(one.of(kind) and other.of(kind) for kind in ("city", "district"))
    return "differs" if both else "one" if a or b else "none"


def _road(one: Elements, other: Elements) -> str:
    level = _named(one, other, "road", str)
    if level != "differs":
        return level
    met = ((a, b) for a in one.of("road") for b in other.of("road"))
    like = any(_TURN.sub("", a) == _TURN.sub("", b) or a.endswith(b) or b.endswith(a) for a, b in met)
    return "like" if like else level


def _number(one: Elements, other: Elements, on: str) -> str:
    """``same``, ``like`` (the first figure is), ``near`` or ``differs``; on a road both have, or off it."""
    a, b = ([figures(text) for text in side.of("number")] for side in (one, other))
    level = _told(one.of("number"), other.of("number"), figures)
    if level == "differs":
        if {number[0] for number in a} & {number[0] for number in b}:
            level = "like"
        elif any(abs(x - y) <= NEXT_DOORS for x in _counts(a) for y in _counts(b)):
            level = "near"
    return f"{level}-{on}"


def _door(one: Elements, other: Elements, number: str) -> str:
    """At one number of one road: how many of the two tell a name or building there."""
    if number != "same-on":
        return "none"
    return str(sum(bool(side.of("name", "zone", "building")) for side in (one, other)))


def _crossing(one: Elements, other: Elements) -> str:
    """``same`` where both are told by a crossing of the same two roads."""
    if not one.crossing and not other.crossing:
        return "none"
    both = one.crossing and other.crossing
    return ("same" if len({*one.of("road")} & {*other.of("road")}) > 1 else "differs") if both else "one"


def _counts(numbers: list[tuple[str, ...]]) -> list[int]:
    return [int(figure) for number in numbers for figure in number if figure.isdigit()]


def _building(one: Elements, other: Elements) -> str:
    """As ``_told``; ``number`` where one side calls a building what the other calls a number or a room."""
    level = _told(one.of("building")[-1:], other.of("building")[-1:], figures)
    if level == "one":
        lone, rest = (one, other) if one.of("building") else (other, one)
        called = {figures(text) for text in rest.of("number", "room")}
        if called & {figures(text) for text in lone.of("building")}:
            return "number"
    return level


def _name(one: Elements, other: Elements) -> str:
    """How much of the last, most particular name of each side stands in the other: the less and the more of both."""
    held = []
    for side, across in ((one, other), (other, one)):
        names = [name for name in side.of("name", "zone") if len(name) > 1]
        held += [_step(run(own(name), across.whole) / len(own(name)), FOUND) for name in names[-1:]]
    return f"{min(held)}{max(held)}" if held else "none"


def gated(side: Elements) -> bool:
    return bool(side.of("gate")) or any(_GATE.search(remark) for remark in side.remarks)


# What is told below a building, and the way to it, is not where a place is told to.
_ENDS = {
    "zone": "name", "phase": "area", "group": "village", "unit": "building",
    "floor": "", "room": "", "offset": "", "gate": "", "city": "", "province": "",
}  # fmt: skip


def finest(side: Elements) -> str:
    return next((end for kind, text in reversed(side.told) if len(text) > 1 and (end := _ENDS.get(kind, kind))), "")


@lru_cache(maxsize=65_536)
def _weights(whole: str) -> dict[str, float]:
    """Every pair of neighbouring characters with what sharing it says: the less, the more it is of common words."""
    covered = _COMMON.sub(lambda found: "\0" * len(found[0]), whole)
    weights: dict[str, float] = {}
    for at, piece in enumerate(naming.grams(whole)):
        rare = (covered[at] != "\0") + (covered[at + 1] != "\0")
        weight = _PIECE[min(rare, 1) if piece.isdecimal() else rare]
        weights[piece] = max(weights.get(piece, 0.0), weight)
    return weights


def _pieces(one: str, other: str) -> tuple[float, float]:
    """The weight of the pieces both hold, and of all that either holds."""
    a, b = _weights(one), _weights(other)
    shared = sum(min(a[piece], b[piece]) for piece in sorted(a.keys() & b.keys()))
    return shared, sum(a.values()) + sum(b.values()) - shared


def run(one: str, other: str) -> int:
    """The longest run of characters both hold."""
    best = 0
    for at in range(len(one)):
        while at + best < len(one) and one[at : at + best + 1] in other:
            best += 1
    return best
