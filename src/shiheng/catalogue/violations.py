"""What makes each violation, with which evidence it is proved and within which range it is fined. Pure.

Lines declare violations in ``violations.toml``. A range is one line of text, ``[stage|] base[condition]: low-high``:
``goods<10000: 50000-100000`` (yuan), ``goods>=10000: 10x-20x`` (times the base), ``goods@100000: 15x-30x`` (a smaller
base counts as 100,000), ``gains>0: 0x-3x ^30000`` (at most 30,000), ``refused| fixed: 10000-100000``.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from shiheng.catalogue.powers.definition import Basis
from shiheng.catalogue.powers.texts import basis

VIOLATIONS = "violations"
SCALES = "discretion_scales"

EVIDENCE = {
    "01": "书证",
    "02": "物证",
    "03": "视听资料",
    "04": "电子数据",
    "05": "证人证言",
    "06": "当事人的陈述",
    "07": "鉴定意见",
    "08": "勘验笔录、现场笔录",
}
"""The eight kinds of evidence (APL art 46)."""

PENALTIES = {
    "1A": "警告", "1B": "通报批评", "2A": "罚款", "2B": "没收违法所得", "2C": "没收非法财物", "3A": "暂扣许可证件",
    "3B": "降低资质等级", "3C": "吊销许可证件", "4A": "限制开展生产经营活动", "4B": "责令停产停业", "4C": "责令关闭",
    "4D": "限制从业", "5": "行政拘留", "6": "其他行政处罚",
}  # fmt: skip
"""The kinds of penalty (APL art 9). An order to correct is none of them."""

BASES = {
    "fixed": "固定数额",
    "goods": "货值金额",
    "gains": "违法所得",
    "turnover": "违法经营额",
    "fee": "广告费用",
    "capital": "虚报、抽逃的金额",
}
STAGES = {"first": "一般情形", "refused": "拒不改正、逾期未改正", "serious": "情节严重"}

_RANGE = re.compile(
    r"(?:(?P<stage>refused|serious)\|\s*)?(?P<base>[a-z]+)(?P<condition>(?:[<>=@]+\d+)*):\s*"
    r"(?P<low>[\d.]+)(?P<lx>x?)-(?P<high>[\d.]+)(?P<hx>x?)(?:\s*\^(?P<cap>\d+))?"
)
_CONDITION = re.compile(r"(>=|<=|<|>|=|@)(\d+)")


@dataclass(frozen=True, slots=True)
class Range:
    """A statutory range: of sums in fen, or of multiples of a base. ``floor``: a smaller base counts as this much."""

    base: str
    low: Fraction
    high: Fraction
    multiple: bool
    stage: str = "first"
    conditions: tuple[tuple[str, int], ...] = ()
    floor: int = 0
    cap: int | None = None
    text: str = ""

    def meets(self, value: int) -> bool:
        """Whether a base of this many fen is one this range speaks of."""
        tests = {"<": value.__lt__, "<=": value.__le__, ">": value.__gt__, ">=": value.__ge__, "=": value.__eq__}
        return all(tests[sign](bound) for sign, bound in self.conditions)

    def amounts(self, value: int) -> tuple[int, int]:
        """The least and the most of the fine in fen."""
        base = max(value, self.floor) if self.multiple else 1
        low, high = int(self.low * base), int(self.high * base)
        return (low, high) if self.cap is None else (min(low, self.cap), min(high, self.cap))


def read_range(text: str) -> Range:
    """One declared range; amounts are written in yuan and held in fen."""
    match = _RANGE.fullmatch(text.strip())
    if match is None or match["base"] not in BASES or match["lx"] != match["hx"]:
        raise ValueError(f"no range: {text!r}")
    multiple = bool(match["lx"])
    scale = 1 if multiple else 100
    found = [(sign, int(bound) * 100) for sign, bound in _CONDITION.findall(match["condition"])]
    low, high = Fraction(match["low"]) * scale, Fraction(match["high"]) * scale
    if low > high:
        raise ValueError(f"the range runs backwards: {text!r}")
    return Range(
        base=match["base"],
        low=low,
        high=high,
        multiple=multiple,
        stage=match["stage"] or "first",
        conditions=tuple((sign, bound) for sign, bound in found if sign != "@"),
        floor=max((bound for sign, bound in found if sign == "@"), default=0),
        cap=int(match["cap"]) * 100 if match["cap"] else None,
        text=text,
    )


@dataclass(frozen=True, slots=True)
class Element:
    """One element (构成要件) of a violation and the kinds of evidence that usually prove it."""

    title: str
    text: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation as one version of the law has it."""

    code: str
    in_force_from: date
    title: str
    field: str
    power: str
    breach: Basis
    penal: Basis
    elements: tuple[Element, ...]
    ranges: tuple[Range, ...]
    penalties: tuple[str, ...]
    confiscated: tuple[str, ...]
    order: str
    lenient: tuple[str, ...] = ()
    line: str = ""
    until: date | None = None

    def __post_init__(self) -> None:
        unknown = {code for element in self.elements for code in element.evidence} - set(EVIDENCE)
        if not self.elements or unknown or set(self.penalties) - set(PENALTIES):
            raise ValueError(f"{self.code}: no elements, or unknown evidence or penalties: {unknown}")

    @property
    def bases(self) -> tuple[str, ...]:
        """The sums a calculation asks for, in the order they are spoken of."""
        return tuple(dict.fromkeys(held.base for held in self.ranges if held.base != "fixed"))

    @property
    def stages(self) -> tuple[str, ...]:
        return tuple(stage for stage in STAGES if any(held.stage == stage for held in self.ranges))


def read(text: str, line: str) -> Iterator[Violation]:
    """The violations one file declares."""
    for held in tomllib.loads(text)["violation"]:
        yield Violation(
            code=held["code"],
            in_force_from=held["since"],
            until=held.get("until"),
            title=held["title"],
            field=held["field"],
            power=held["power"],
            breach=basis(held["breach"]),
            penal=basis(held["penal"]),
            elements=tuple(Element(title, said, tuple(kinds.split())) for title, said, kinds in held["elements"]),
            ranges=tuple(read_range(one) for one in held.get("ranges", ())),
            penalties=tuple(held["penalties"].split()),
            confiscated=tuple(held.get("confiscated", ())),
            order=held.get("order", ""),
            lenient=tuple(held.get("lenient", ())),
            line=line,
        )


# -- discretion


@dataclass(frozen=True, slots=True)
class Factor:
    """A circumstance that moves a penalty: ``effect`` is must_none, may_none, less, may_less or heavier."""

    code: str
    title: str
    effect: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Scale:
    """How one bureau divides a range: shares of it by grade. ``basis`` says whether its lines were ever checked."""

    code: str
    in_force_from: date
    title: str
    bands: Mapping[str, tuple[Fraction, Fraction]]
    factors: tuple[Factor, ...]
    basis: Basis

    def __post_init__(self) -> None:
        lighter, general, heavier = (self.bands[name] for name in ("lighter", "general", "heavier"))
        whole = lighter[0] == 0 and lighter[1] == general[0] and general[1] == heavier[0] and heavier[1] == 1
        if not whole or not lighter[1] <= general[1]:
            raise ValueError(f"{self.code}: the bands do not follow each other from 0 to 1")


def read_scales(text: str) -> Iterator[Scale]:
    for held in tomllib.loads(text)["scale"]:
        yield _scale(held)


def _scale(held: Mapping[str, Any]) -> Scale:
    return Scale(
        code=held["code"],
        in_force_from=held["since"],
        title=held["title"],
        bands={name: (Fraction(low, 100), Fraction(high, 100)) for name, (low, high) in held["percent"].items()},
        factors=tuple(
            Factor(code, title, effect, basis(rests_on)) for code, title, effect, rests_on in held["factors"]
        ),
        basis=basis(held["basis"]),
    )
