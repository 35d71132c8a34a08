"""The articles penalty cases rest on, and the sums that open a hearing or the summary procedure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shiheng.procedures.definition import Basis

Given = Mapping[str, Any]
RULES, PENALTY_LAW, COERCION = "行政处罚程序规定", "行政处罚法", "行政强制法"
TRANSFER = "移送规定"
SINCE = date(2022, 11, 1)


def rules(article: str) -> Basis:
    """An article of the rules of penalty procedure as amended in 2022."""
    return Basis("市场监督管理行政处罚程序规定", article, SINCE, verified=True)


def law(article: str) -> Basis:
    """An article of the penalty law as revised in 2021."""
    return Basis("行政处罚法", article, date(2021, 7, 15), verified=True)


def coercion(article: str) -> Basis:
    """An article of the coercion law."""
    return Basis("行政强制法", article, date(2012, 1, 1), verified=True)


def publication(article: str) -> Basis:
    """An article of the rules on publishing penalties."""
    return Basis("市场监督管理行政处罚信息公示规定", article, date(2021, 9, 1), verified=True)


def transfer(article: str) -> Basis:
    """An article of the rules on handing suspected crimes to the police."""
    return Basis("行政执法机关移送涉嫌犯罪案件的规定", article, date(2020, 8, 7), verified=True)


@dataclass(frozen=True, slots=True)
class Bar:
    """A sum in fen, one for natural persons and one for organisations, and where it is written."""

    person: int
    organisation: int
    basis: Basis

    def of(self, told: Given) -> int:
        return self.person if told.get("person") else self.organisation


HEARING = Bar(
    1_000_000, 10_000_000,
    Basis(
        "市场监督管理行政处罚听证办法", "第五条", date(2021, 7, 15), verified=True,
        note="按 2021 年文本核对；省、自治区、直辖市另有数额规定的从其规定，使用前由本局核定。",
    ),
)  # fmt: skip
HEARD_KINDS = frozenset({"3B", "3C", "4A", "4B", "4C", "4D"})
"""Kinds of penalty over which a hearing is offered whatever the sum (行政处罚法 art 63)."""
SUMMARY = Bar(20_000, 300_000, law("第五十一条"))
CASH = 10_000
"""Fines up to which money may be taken on the spot, in fen (行政处罚法 art 68, 程序规定 art 72)."""
UNPUBLISHED = frozenset({"1A"})
"""A penalty of nothing but these is not published (信息公示规定 art 2)."""
DAILY = 3
"""Per cent of the fine for each day it is late, at most the fine itself (行政处罚法 art 72)."""


def late_fine(fine: int, days: int) -> int:
    """The additional fine (加处罚款) after so many days, in fen: on the fine alone, and never more than it."""
    return min(fine * DAILY * max(days, 0) // 100, fine)
