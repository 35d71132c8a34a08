"""Addresses cut up for comparing: division, road, number, and whatever tells a room. Pure.

Departments write one door in many ways: with the province or without the town, in full width, 282# for 282号, 首层 for
1楼. What is left after making these alike is compared and looked for; who writes the road otherwise is not found.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import polars as pl

from shiheng.subjects import naming
from shiheng.subjects.folding import BRACKETED, Table, stepwise, translated


class _Placed(Table):
    """As folding, but the sign for a number is kept as what it stands for, and what joins two figures stays."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        kept = "号" if character in "#＃" else "-" if character in "-－–—~～至、" else ""
        self[point] = kept or naming.fold(character)
        return self[point]


_PLACED = _Placed()


def placed(text: str) -> str:
    """One address folded, with 号 for # and what joins two figures kept."""
    return text.translate(_PLACED)


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word))))


def _in_characters(number: int) -> str:
    """One to ninety-nine as a door has it: 八, 十二, 三十."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 1 else "十" if tens == 1 else "零一二三四五六七八九"[tens] + "十") + (
        "零一二三四五六七八九"[ones] if ones else ""
    )


_FIGURES = {**{c: str(i) for i, c in enumerate("零一二三四五六七八九")}, "〇": "0", "首": "1", "底": "1"}
_DIVISIONS = (
    r"^(?:[^省市区县镇乡街道路号0-9]{2,8}(?:省|自治区))?(?:[^市区县镇乡街道路号0-9]{2,6}市)?"
    r"(?:[^区县镇乡街道路号0-9]{1,6}(?:区|县))?"
)
_PROVINCE = r"^(?:.{2,8}(?:省|自治区))?"
_DISTRICT = rf"{_PROVINCE}(?:[^市区县]{{2,6}}市)?([^市区县镇乡街道路号0-9]{{1,6}}(?:区|县))"
_TOWN = r"^([^路街道巷弄号0-9]{2,6}?)(?:街道|镇|乡)"
# A house number in characters becomes figures; the "one" of 一路 stays.
_NUMBERED = {f"{_in_characters(n)}号": f"{n}号" for n in range(1, 100)}
_ABOUT = r"(?:附近|旁边|旁|对面|路口|地铁站.*|公交站.*|门口)+$"


def places(addresses: pl.Series, *, least: int = 20) -> list[str]:
    """The divisions, towns and street offices that stand in at least so many addresses; towns without 街道 and 镇."""
    plain = translated(addresses.fill_null(""), _PLACED)
    left = plain.str.replace(_DIVISIONS, "")
    cities = plain.str.extract(rf"{_PROVINCE}([^省市区县镇乡街道路号0-9]{{2,6}}市)", 1)
    districts = plain.str.extract(_DISTRICT, 1)
    found = pl.concat([s.alias("place") for s in (cities, districts, left.str.extract(_TOWN, 1))])
    counted = found.drop_nulls().value_counts(name="n").filter(pl.col("n") >= least)
    return sorted(counted.to_series(0).to_list())


def doors(texts: pl.Series, known: Sequence[str] = ()) -> pl.DataFrame:
    """Addresses cut up: ``whole`` folded without divisions, ``road``, ``number``, ``unit`` (every figure after it) and
    the ``district`` it names."""
    bare = texts.to_frame().select(pl.first().fill_null("").str.replace_all(BRACKETED, "")).to_series()
    frame = stepwise(pl.DataFrame({"whole": translated(bare, _PLACED)}), _steps(tuple(known)))
    return frame.select("whole", "road", "number", "unit", "district")


# Spelling these out takes longer than taking one address apart, so it is done once a city.
@lru_cache(maxsize=8)
def _steps(known: tuple[str, ...]) -> list[list[pl.Expr]]:
    """What takes an address apart, step by step."""
    named = pl.col("local")
    if towns := either(known):
        named = pl.col("whole").str.replace(f"^(?:{towns})(?:街道|镇|乡)", "")
        named = pl.when(pl.col("local") == pl.col("whole")).then(named).otherwise("local")
    joined = pl.col("whole", "local").str.replace_all(r"([^0-9])-+|-+([^0-9]|$)", "$1$2")
    road = pl.col("local").str.extract(r"^([^0-9号]{2,16})", 1).fill_null("")
    after = pl.col("local").str.slice(road.str.len_chars()).str.replace_many(_FIGURES)
    unit = (
        pl.col("after")
        .str.replace(r"^[0-9]+(?:-[0-9]+)?号?", "")
        .str.replace_all(r"[^0-9a-z]+", "-")
        .str.strip_chars("-")
    )
    number = pl.col("after").str.extract(r"^([0-9]+(?:-[0-9]+)?)", 1).fill_null("")
    whole = pl.col("whole")
    return [
        [whole.str.extract(_DISTRICT, 1).fill_null("").alias("district"), whole.str.replace(_DIVISIONS, "")],
        [whole.str.replace(_TOWN, "").alias("local")],
        [named.alias("local")],
        [joined],
        [pl.col("local").str.replace_many(_NUMBERED, leftmost=True)],
        [road.str.replace(_ABOUT, "").alias("road"), after.alias("after")],
        [number.alias("number"), unit.alias("unit")],
    ]


def houses(texts: pl.Series) -> list[tuple[str, str]]:
    """(door, unit) of each address: the house as district, road and number, empty where no number is told; the room."""
    cut = doors(texts)
    told = (cut["road"] != "") & (cut["number"] != "")
    whole = cut.select(door=pl.concat_str("district", "road", "number", separator="/"))["door"]
    named = pl.select(pl.when(told).then(whole.str.slice(0, 200)).otherwise(pl.lit(""))).to_series()
    return list(zip(named.to_list(), cut["unit"].str.slice(0, 100).to_list(), strict=True))
