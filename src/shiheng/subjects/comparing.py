"""Whether two addresses mean one place, wholly, in part or not at all, and why in a sentence to check. Pure.

Every sign in which they are alike or differ (``likeness``) brings points, in quarters: for being near one another at
all, and for being told to the same end. Who is not near is 不匹配; near and the same to the end (floor and room left
out) is 完全匹配; what lies between is 部分匹配: the same estate, another building or none told.

The signs were chosen by hand. Points and bars were set on the first 80 % of the pairs of CCKS 2021 (Chinese addresses,
round two): a plain regression over the signs was looked at, its weights were rounded to quarters and mended where they
told of the set rather than of addresses. The last 20 % is only measured on (``benchmarks/addresses.py``). No word of
the set is kept here.

A bureau that has judged enough pairs of its own can have the weights learned from them (``learning``): then those take
the place of the points, and the sentence tells the reasons whose signs weighed most.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from shiheng.subjects.elements import Elements, read
from shiheng.subjects.learning import Weighing
from shiheng.subjects.likeness import COUNTED, signs

# As the published pairs word them; shown so on pages.
NONE, PART, WHOLE = "不匹配", "部分匹配", "完全匹配"
LEVELS = (NONE, PART, WHOLE)

# Points for lying near one another, and for being told to the same end; a level not named brings none.
NEAR: dict[str, dict[str, float]] = {
    "district": {"differs": -0.25},
    "town": {"differs": -0.25},
    "village": {"same": 1, "found": 0.25, "one": -0.5, "differs": -0.75},
    "road": {"same": 0.5, "found": 0.5, "none": -0.25, "differs": -0.5},
    "number": {
        "same-on": 1.25, "same-off": 0.25, "like-on": 1.5, "near-on": -0.25, "near-off": -0.25, "none-off": -0.25,
        "one-on": -0.25, "one-off": -0.25, "differs-on": -1, "differs-off": -0.5,
    },
    "name": {
        "44": 0.75, "34": 0.25, "24": 0.5, "14": 0.25, "04": 0.5, "03": 0.25, "33": -0.25, "22": -0.25, "23": -0.25,
        "12": -0.25, "11": -0.5, "01": -0.5, "00": -0.5,
    },
    # Who tells another building of what else agrees means the same estate.
    "building": {"differs": 1.25, "same": -0.25, "none": -0.25, "number": -0.5},
    # A gate is told of what lies behind it.
    "gate": {"1": 1.5, "2": 1.25},
    "finest": {
        "building-road": -0.5, "building-town": -1, "building-village": -0.25, "building-building": -0.25,
        "number-road": -0.25, "number-village": -0.25, "number-number": -0.25, "name-road": -0.25, "name-village": 0.25,
        "road-road": 0.5, "road-village": -0.5, "area-name": 0.75, "area-number": 0.75, "area-building": 0.25,
        "district-name": 0.5, "number-town": -0.75,
    },
    "pieces": {
        "0": -1.25, "1": -1, "2": -1, "3": -0.5, "4": -0.25, "5": 0.25, "6": 0.5, "7": 0.75, "8": 1, "9": 1.25,
        "10": 1.25,
    },
    "run": {"0": -0.5, "2": 0.25, "3": 0.75},
}  # fmt: skip
SAME: dict[str, dict[str, float]] = {
    "number": {
        "same-off": 0.5, "same-on": 0.25, "differs-on": -0.5, "near-on": -0.25, "near-off": -0.75,
        "one-off": 0.25, "one-on": 0.25, "none-off": 0.25, "differs-off": 0.25,
    },
    "name": {
        "44": 0.75, "34": 0.5, "24": 0.75, "14": 0.5, "12": 0.25, "13": 0.25, "00": -1, "01": -0.25, "02": -0.5,
        "03": -0.75, "04": -0.75,
    },
    "building": {"same": 1.5, "number": 1.25, "none": 0.25, "one": -1.25, "differs": -2},
    # Where only one of two at a number tells a name, it is the name of what stands there.
    "door": {"0": 0.5, "1": 1, "2": -0.25},
    "crossing": {"same": 0.75},
    "phase": {"same": 0.5, "one": -0.25, "differs": -0.75},
    "area": {"same": 0.5, "none": 0.25, "differs": -1},
    "gate": {"1": -3.25, "2": -1.5},
    "finest": {
        "name-name": 1, "building-building": 0.75, "area-area": 0.75, "number-number": 0.75, "road-road": 0.5,
        "village-village": 1.5, "building-name": -0.25, "building-road": -1, "area-building": -0.25, "area-name": -0.75,
        "area-number": -0.75, "name-number": -0.25, "name-road": -0.5, "number-road": -1.75, "number-village": -1,
        "road-village": -0.75, "building-number": 0.25, "road-town": 0.5, "district-name": 0.5, "town-town": 0.75,
    },
    "alike": {"0": -0.5, "1": -0.5, "2": -0.5, "3": -0.5, "4": -0.25, "6": 0.5, "7": 0.75, "8": 1},
}  # fmt: skip
NEAR_BAR, SAME_BAR = 0.0, 1.75
ONE_CITY = 1.0
# What is written alike, or nothing, needs no points.
_MOST = 20.0

# Said where nothing has been learned; on what was measured, ``benchmarks/addresses.py`` tells more.
BY_RULES = "按固定规则比对：本局还没有用判断过的地址学习权重，准确率未在本局的地址上测过。"

TEXTS = {
    "alike": "写法相同",
    "empty": "有一处没有写地址",
    "district.differs": "市或区县不同",
    "village.same": "同一村居",
    "village.differs": "村居不同",
    "crossing.same": "同一路口",
    "road.number": "同路同号",
    "road.like": "同路，门牌号开头相同",
    "road.near": "同路，门牌号相近",
    "road.differs": "同路，门牌号不同",
    "road.one": "同路，一处没有写门牌号",
    "road.none": "同路，都没有写门牌号",
    "road.turn": "路名相近",
    "road.other": "路名不同",
    "name.same": "名称相符",
    "name.held": "一处的名称见于另一处",
    "name.near": "名称相似",
    "name.differs": "名称不符",
    "name.one": "一处没有写名称",
    "phase.differs": "期数不同",
    "area.differs": "分区不同",
    "building.same": "同一楼栋",
    "building.number": "一处的楼栋号是另一处的门牌号或房号",
    "building.differs": "楼栋不同",
    "building.one": "一处没有写楼栋",
    "unit.differs": "单元不同",
    "floor.differs": "楼层不同",
    "room.same": "房号相同",
    "room.differs": "房号不同",
    "gate.1": "一处写的是出入口",
}
_ROADS = {"same": "number", "like": "like", "near": "near", "differs": "differs", "one": "one", "none": "none"}
_ORDER = ("phase", "area", "building", "unit", "floor", "room", "gate")
# What a reason rests on where it is not the sign of its own name, and how many are said of a learned weighing.
_SIGNS_OF = {"road": ("road", "number")}
SAID = 4
# How much of a name must stand in the other to be like it, and to be it (steps of ``likeness.FOUND``).
LIKE_NAME, MOST_NAME = 2, 4


@dataclass(frozen=True, slots=True)
class Compared:
    """What two addresses are to one another: the level, the points behind it, every sign and the reasons by code."""

    level: str
    near: float
    same: float
    signs: Mapping[str, str]
    reasons: tuple[str, ...]

    @property
    def one_building(self) -> bool:
        """Wholly the same, or in part and nothing told of the house differs: the room, or how much is told of it."""
        told = self.signs
        if self.level != PART:
            return self.level == WHOLE
        apart = any(told[sign] == "differs" for sign in ("building", "area", "phase", "district"))
        named = told["name"] in {"44", "34", "24"} and told["building"] == "same"
        return not apart and (told["number"] in {"same-on", "like-on"} or named)


def compare(one: str, other: str, *, one_city: bool = False, weighing: Weighing | None = None) -> Compared:
    """Two addresses as somebody wrote them; which comes first makes no difference.

    ``one_city``: both are known to lie in one city, where a name is seldom given twice. ``weighing``: what was learned,
    in place of the points.
    """
    a, b = read(one), read(other)
    if not a.whole or not b.whole:
        return Compared(NONE, -_MOST, -_MOST, _UNSAID, ("empty",))
    told = signs(a, b)
    if (a.whole, a.remarks) == (b.whole, b.remarks):
        return Compared(WHOLE, _MOST, _MOST, told, ("alike",))
    if weighing:
        found = weighing.weigh(one, other, nearer=ONE_CITY if one_city else 0.0)
        return Compared(
            LEVELS[found.level], found.near, found.same, told, _heaviest(_reasons(told, a, b), found.brought)
        )
    near, same = _points(told, NEAR) + (ONE_CITY if one_city else 0.0), _points(told, SAME)
    level = NONE if near < NEAR_BAR else WHOLE if same >= SAME_BAR else PART
    return Compared(level, near, same, told, tuple(_reasons(told, a, b)))


_UNSAID: Mapping[str, str] = dict.fromkeys((*NEAR, *SAME, *COUNTED), "none")


def compared(one: pl.Series, other: pl.Series, weighing: Weighing | None = None) -> pl.DataFrame:
    """Pairs, one from each column of one length: ``level``, ``near``, ``same`` and the ``sentence``, in their order."""
    found = [compare(a or "", b or "", weighing=weighing) for a, b in zip(one, other, strict=True)]
    return pl.DataFrame(
        {
            "level": pl.Series([pair.level for pair in found], dtype=pl.String),
            "near": pl.Series([pair.near for pair in found], dtype=pl.Float64),
            "same": pl.Series([pair.same for pair in found], dtype=pl.Float64),
            "sentence": pl.Series([sentence(pair.reasons) for pair in found], dtype=pl.String),
        }
    )


def sentence(reasons: Iterable[str], _: Callable[[str], str] = str) -> str:
    """The reasons one after another, coarse before fine: 同路同号，房号不同."""
    return _("，").join(_(TEXTS[reason]) for reason in reasons)


def _points(told: Mapping[str, str], table: dict[str, dict[str, float]]) -> float:
    return sum(brought.get(told[sign], 0.0) for sign, brought in table.items())


def _heaviest(reasons: Iterable[str], brought: Mapping[str, float]) -> tuple[str, ...]:
    """The reasons whose signs weighed most for or against the level, still coarse before fine."""
    every = list(reasons)
    weight = {
        reason: max(
            abs(brought.get(sign, 0.0)) for sign in _SIGNS_OF.get(reason.split(".")[0], (reason.split(".")[0],))
        )
        for reason in every
    }
    kept = set(sorted(every, key=lambda reason: (-weight[reason], reason))[:SAID])
    return tuple(reason for reason in every if reason in kept)


def _reasons(told: Mapping[str, str], one: Elements, other: Elements) -> Iterator[str]:
    yield from _said(told, ("district", "village", "crossing"))
    number, on = told["number"].split("-")
    if on == "on":
        yield "road.turn" if told["road"] == "like" else f"road.{_ROADS[number]}"
    elif told["road"] == "differs":
        yield "road.other"
    if told["name"] != "none":
        less, most = map(int, told["name"])
        named = [bool(side.of("name", "zone")) for side in (one, other)]
        if most == MOST_NAME:
            yield "name.same" if less == most and all(named) else "name.held"
        elif all(named):
            yield "name.near" if most >= LIKE_NAME else "name.differs"
        else:
            yield "name.one"
    yield from _said(told, _ORDER)


def _said(told: Mapping[str, str], kinds: Iterable[str]) -> Iterator[str]:
    return (reason for kind in kinds if (reason := f"{kind}.{told[kind]}") in TEXTS)
