"""A pair of addresses as a row of numbers, for a weighing that is learned. Pure; their order does not matter.

Where ``likeness`` says one word a sign, this says how much: how much of each side stands in the other, by how rare
it is, what is left over on either side, and for every element who tells it and whether they agree. The side that
tells more comes first, so that a trait of "the fuller" means the same whichever way round the pair was given.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pypinyin
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from shiheng.subjects import likeness, naming
from shiheng.subjects.elements import KINDS, Elements, read
from shiheng.subjects.weighing import ABSENT

# What a number is told of; 米 is a distance and no number of a house.
_NUMBER = re.compile(
    r"([a-z]?\d+[a-z]?|[a-z](?![a-z]))(号楼|号院|号|弄|栋|幢|座|单元|楼|层|室|期|区|米|组|队|[路街巷线店门])?"
)
_OF = {
    "号楼": "building", "栋": "building", "幢": "building", "座": "building",
    "号": "number", "弄": "number", "号院": "number", "单元": "unit", "楼": "floor", "层": "floor", "室": "room",
    "期": "phase", "区": "area", "组": "group", "队": "group", "": "bare",
}  # fmt: skip
_NUMBERS = ("building", "number", "unit", "floor", "room", "phase", "area", "group", "bare")
_RANGE = re.compile(r"(\d+)-(\d+)")
_FINE = {kind: at for at, kind in enumerate(KINDS)}
_NAMED = ("name", "zone", "village")
_KIND_WORDS = sorted(
    ((word, at) for at, line in enumerate(naming.lines("place_kinds.txt")) for word in line.split()),
    key=lambda pair: -len(pair[0]),
)


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of so many addresses a run of one, two or three characters stands: the fewer, the more it says."""

    texts: int
    held: Mapping[str, int]

    def of(self, piece: str) -> float:
        return math.log((self.texts + 1) / (self.held.get(piece, 0) + 1))


def rarity(texts: Iterable[str], *, least: int = 1) -> Rarity:
    """How rare the pieces of addresses are; those that stand in fewer than ``least`` are as rare as any unknown."""
    asked = set(texts)
    counted = Counter(piece for text in asked for n in LONGS for piece in _grams(_side(text).whole, n))
    return Rarity(len(asked), {piece: n for piece, n in sorted(counted.items()) if n >= least})


LONGS = (1, 2, 3)


@lru_cache(maxsize=65_536)
def _grams(text: str, long: int) -> tuple[str, ...]:
    return tuple(sorted({text[at : at + long] for at in range(len(text) - long + 1)}))


@dataclass(frozen=True, slots=True)
class Side:
    """One address as it is weighed: as read, ``rest`` without its divisions, every number with what it is told of."""

    told: Elements
    whole: str
    rest: str
    numbers: tuple[tuple[str, str], ...]
    names: tuple[str, ...]

    def figures(self, kind: str = "") -> set[str]:
        return {text for of, text in self.numbers if kind in {"", of}}


@lru_cache(maxsize=65_536)
def _side(text: str) -> Side:
    told = read(text)
    at = 0
    for kind, written in told.told:
        if kind not in {"province", "city", "district", "town"} or not told.whole.startswith(written, at):
            break
        at += len(written)
    rest = told.whole[at:] or told.whole
    numbers = tuple(
        (_OF.get(found[2] or "", "other"), found[1].lstrip("0") or "0")
        for found in _NUMBER.finditer(rest)
        if found[2] != "米"
    )
    names = tuple(name for name in told.of(*_NAMED) if len(name) > 1)
    return Side(told, told.whole, rest, numbers, names)


@lru_cache(maxsize=65_536)
def _sound(text: str) -> str:
    return " ".join(pypinyin.lazy_pinyin(text))


def sides(one: str, other: str) -> tuple[Side, Side]:
    """Both addresses of a pair, the one that tells more first."""
    a, b = sorted(
        (_side(one), _side(other)),
        key=lambda side: (-len(side.told.told), -len(side.whole), side.whole, side.told.remarks),
    )
    return a, b


def traits(one: str, other: str, rare: Rarity) -> dict[str, float]:
    """Every trait of a pair by its name; what cannot be said of it is ``ABSENT``."""
    a, b = sides(one, other)
    told: dict[str, float] = {}
    _texts(told, a, b, rare)
    _leftovers(told, a, b, rare)
    _elements(told, a, b, rare)
    _numbers(told, a, b)
    _shapes(told, a, b)
    _signs(told, likeness.signs(a.told, b.told))
    return told


# --- the text as a whole ----------------------------------------------------------------------------------------------
def _texts(told: dict[str, float], a: Side, b: Side, rare: Rarity) -> None:
    for part, one, other in (("whole", a.whole, b.whole), ("rest", a.rest, b.rest)):
        for long in LONGS:
            if part == "whole" and long == 3:
                continue
            here, there = _grams(one, long), _grams(other, long)
            at, across = set(here), set(there)
            weights = {piece: rare.of(piece) for piece in (*here, *there)}
            shared = sum(weights[piece] for piece in here if piece in across)
            first, second = sum(weights[piece] for piece in here), sum(weights[piece] for piece in there)
            name = f"text.{part}{long}"
            told[f"{name}.shared"] = shared
            told[f"{name}.of_fuller"] = shared / first if first else ABSENT
            told[f"{name}.of_other"] = shared / second if second else ABSENT
            told[f"{name}.left_fuller"] = first - shared
            told[f"{name}.left_other"] = second - shared
            told[f"{name}.rarest"] = max((weights[p] for p in here if p in across), default=ABSENT)
            told[f"{name}.rarest_fuller"] = max((weights[p] for p in here if p not in across), default=ABSENT)
            told[f"{name}.rarest_other"] = max((weights[p] for p in there if p not in at), default=ABSENT)
        told[f"text.{part}.ratio"] = fuzz.ratio(one, other)
        told[f"text.{part}.within"] = fuzz.partial_ratio(one, other)
        told[f"text.{part}.order"] = LCSseq.similarity(one, other) / max(1, min(len(one), len(other)))
        told[f"text.{part}.run"] = likeness.run(one, other)
    told["text.sound"] = fuzz.partial_ratio(_sound(a.rest), _sound(b.rest))
    told["text.length_fuller"], told["text.length_other"] = len(a.rest), len(b.rest)


def _leftovers(told: dict[str, float], a: Side, b: Side, rare: Rarity) -> None:
    """What of each side stands in no run of two the other has, too."""
    for which, side, across in (("fuller", a, b), ("other", b, a)):
        text, pairs = side.rest, set(_grams(across.rest, 2))
        held = [text[at : at + 2] in pairs for at in range(len(text) - 1)]
        covered = [(at < len(held) and held[at]) or (at > 0 and held[at - 1]) for at in range(len(text))]
        runs, alike = [""], [0.0]
        for at, character in enumerate(text):
            if covered[at]:
                if runs[-1]:
                    runs.append("")
                alike[-1] += rare.of(character) if not character.isdigit() else 0.5
            else:
                runs[-1] += character
                if alike[-1]:
                    alike.append(0.0)
        runs = [run for run in runs if run]
        name = f"left.{which}"
        told[f"{name}.covered"] = sum(covered) / max(1, len(text))
        told[f"{name}.count"] = len(runs)
        told[f"{name}.longest"] = max(map(len, runs), default=0)
        told[f"{name}.words"] = sum(not c.isdigit() for run in runs for c in run)
        told[f"{name}.numbered"] = sum(any(c.isdigit() for c in run) for run in runs)
        told[f"{name}.first"] = float(bool(covered) and covered[0])
        told[f"{name}.last"] = float(bool(covered) and covered[-1])
        told[f"{name}.best"] = max(alike)
        told[f"{name}.second"] = sorted(alike)[-2] if len(alike) > 1 else 0.0
        told[f"{name}.end"] = _kind(runs[-1]) if runs and not covered[-1] else ABSENT


@lru_cache(maxsize=65_536)
def _kind(name: str) -> float:
    """The kind of place a name ends in, as the line of ``place_kinds.txt`` it stands in."""
    return float(next((at for word, at in _KIND_WORDS if name.endswith(word)), ABSENT))


# --- element by element -----------------------------------------------------------------------------------------------
_TOLD = ("district", "town", "zone", "village", "group", "road", "number", "name", "phase", "area", "building", "unit",
         "floor", "room", "gate")  # fmt: skip
# Those told in figures only are compared as figures.
_COMPARED = ("district", "town", "village", "road", "number", "name", "building")
_WORDED = ("town", "zone", "village", "road", "name")


def _elements(told: dict[str, float], a: Side, b: Side, rare: Rarity) -> None:
    for kind in _TOLD:
        here, there = a.told.of(kind), b.told.of(kind)
        told[f"{kind}.fuller"], told[f"{kind}.other"] = len(here), len(there)
        if kind not in _COMPARED:
            continue
        both = bool(here and there)
        told[f"{kind}.best"] = max(fuzz.ratio(x, y) for x in here for y in there) if both else ABSENT
        told[f"{kind}.lasts"] = fuzz.ratio(here[-1], there[-1]) if both else ABSENT
    for kind in _WORDED:
        _worded(told, kind, a.told.of(kind), b, "fuller", rare)
        _worded(told, kind, b.told.of(kind), a, "other", rare)
    last = [side.names[-1] if side.names else "" for side in (a, b)]
    for which, name in zip(("fuller", "other"), last, strict=True):
        told[f"name.kind_{which}"] = _kind(name)
        told[f"name.own_{which}"] = len(likeness.own(name)) if name else ABSENT
    both = all(last)
    own = [likeness.own(name) for name in last]
    told["name.owns"] = fuzz.ratio(*own) if both else ABSENT
    told["name.owns_within"] = fuzz.partial_ratio(*own) if both else ABSENT
    told["name.sounds"] = fuzz.ratio(*map(_sound, own)) if both else ABSENT
    told["name.order"] = LCSseq.similarity(*own) / min(map(len, own)) if both else ABSENT
    told["name.kinds_alike"] = float(_kind(last[0]) == _kind(last[1])) if both else ABSENT


def _worded(told: dict[str, float], kind: str, texts: list[str], across: Side, which: str, rare: Rarity) -> None:
    """How much of what one side names stands anywhere in the other."""
    name = f"{kind}.{which}"
    whole, pairs = across.whole, set(_grams(across.whole, 2))
    own = [likeness.own(text) for text in texts]
    told[f"{name}.held"] = max((likeness.run(t, whole) / len(t) for t in own), default=ABSENT)
    told[f"{name}.least"] = min((likeness.run(t, whole) / len(t) for t in own), default=ABSENT)
    told[f"{name}.last"] = likeness.run(own[-1], whole) / len(own[-1]) if own else ABSENT
    pieces = [piece for text in texts for piece in _grams(text, 2)]
    every, met = sum(map(rare.of, pieces)), sum(rare.of(piece) for piece in pieces if piece in pairs)
    told[f"{name}.weight"] = met / every if every else ABSENT
    told[f"{name}.missed"] = every - met if every else ABSENT
    told[f"{name}.sound"] = fuzz.partial_ratio(_sound(texts[-1]), _sound(whole)) if texts else ABSENT


def _numbers(told: dict[str, float], a: Side, b: Side) -> None:
    here, there = a.figures(), b.figures()
    told["number.shared"] = len(here & there)
    told["number.only_fuller"], told["number.only_other"] = len(here - there), len(there - here)
    told["number.alike"] = len({*a.numbers} & {*b.numbers})
    for kind in _NUMBERS:
        one, other = a.figures(kind), b.figures(kind)
        name = f"{kind}.figures" if kind != "bare" else "number.bare"
        told[name] = (4 if one & other else 3) if one and other else 2 if other else 1 if one else 0
        told[f"{name}_fuller"] = float(bool(one & there)) if one else ABSENT
        told[f"{name}_other"] = float(bool(other & here)) if other else ABSENT
    for which, side, across in (("fuller", a, there), ("other", b, here)):
        held = [text for _, text in side.numbers]
        told[f"number.first_{which}"] = float(held[0] in across) if held else ABSENT
        told[f"number.last_{which}"] = float(held[-1] in across) if held else ABSENT
        spans = [(int(low), int(high)) for low, high in _RANGE.findall(side.rest)]
        met = any(low <= int(n) <= high for low, high in spans for n in across if n.isdigit())
        told[f"number.span_{which}"] = float(met) if spans else ABSENT


def _shapes(told: dict[str, float], a: Side, b: Side) -> None:
    """How each side tells its place at all, and to what end."""
    for which, side in (("fuller", a), ("other", b)):
        elements = side.told
        told[f"finest.{which}"] = _FINE.get(likeness.finest(elements), ABSENT)
        told[f"finest.last_{which}"] = _FINE[elements.told[-1][0]] if elements.told else ABSENT
        told[f"finest.count_{which}"] = len(elements.told)
        told[f"crossing.{which}"] = float(elements.crossing)
        told[f"crossing.about_{which}"] = float(elements.about)
        told[f"crossing.offset_{which}"] = len(elements.of("offset"))
        told[f"gate.remarks_{which}"] = len(elements.remarks)
        told[f"gate.gated_{which}"] = float(likeness.gated(elements))
    remarks = "".join((*a.told.remarks, *b.told.remarks))
    told["text.remarks"] = fuzz.partial_ratio(remarks, a.whole) if remarks else ABSENT


_STEPS = {"door", "gate", "pieces", "alike", "run"}
_LEVELS = ("none", "one", "differs", "found", "like", "near", "number", "same")


def _signs(told: dict[str, float], signs: Mapping[str, str]) -> None:
    """The signs of ``likeness``, each as a number that rises with how much it speaks for one place."""
    for sign, level in signs.items():
        if sign == "finest":
            continue
        word, _, on = level.partition("-")
        if sign == "name":
            told["name.less"], told["name.most"] = (int(c) for c in level) if level != "none" else (ABSENT, ABSENT)
        elif sign in _STEPS:
            told[f"{sign}.step"] = float(word) if word.isdecimal() else ABSENT
        else:
            told[f"{sign}.sign"] = float(_LEVELS.index(word))
        if on:
            told[f"{sign}.on"] = float(on == "on")


def table(pairs: Iterable[tuple[str, str]], rare: Rarity) -> NDArray[np.float64]:
    """A row for each pair, a column for each trait in the order of ``NAMES``."""
    return np.array([list(traits(one, other, rare).values()) for one, other in pairs]).reshape(-1, len(NAMES))


NAMES = tuple(traits("某路1号", "某路2号", Rarity(0, {})))
"""Every trait, in the order of the columns of a table."""
