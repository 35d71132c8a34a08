"""裁量: from a violation, its sums and its circumstances to the range, the grade and the band, step by step. Pure.

Nothing is rounded but the last amount, down to a whole fen, so that a band's end is the next band's beginning. The
calculation proposes; where the law leaves a choice, the grades that may be chosen are told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from shiheng.catalogue.powers.definition import Basis
from shiheng.catalogue.violations import BASES, STAGES, Factor, Range, Scale, Violation
from shiheng.kernel.errors import Refused
from shiheng.kernel.money import format_fen

GRADES = {
    "none": "不予处罚",
    "reduced": "减轻处罚",
    "lighter": "从轻处罚",
    "general": "一般处罚",
    "heavier": "从重处罚",
}
APL = "行政处罚法"
MONEY_MOST = 10**14


@dataclass(frozen=True, slots=True)
class Reason:
    """One step as a sentence with places for its facts, and the article it rests on."""

    text: str
    facts: Mapping[str, str] = field(default_factory=dict)
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a calculation gives: ``grade`` is proposed (or was chosen) out of ``open``; sums in fen."""

    grade: str
    open: tuple[str, ...]
    range: Range | None
    least: int
    most: int
    low: int
    high: int
    steps: tuple[Reason, ...]

    def deviation(self, proposed: int) -> int:
        """How far a proposed fine lies below (negative) or above the band; zero inside it."""
        return proposed - self.low if proposed < self.low else max(0, proposed - self.high)


def calculate(
    violation: Violation,
    scale: Scale,
    *,
    sums: Mapping[str, int],
    factors: Collection[str] = (),
    stage: str = "first",
    chosen: str = "",
) -> Outcome:
    """The range and the band of the fine for one violation. ``sums`` are fen by base; ``chosen`` is a grade picked.

    Raises ``Refused`` where a sum is missing or senseless, a factor is unknown, or the grade chosen is not open.
    """
    _check(violation, sums, stage)
    held = _known(scale, factors)
    found = _range(violation, sums, stage)
    steps = [Reason("违法行为：%(title)s", {"title": violation.title}, violation.breach)]
    least = most = 0
    if found is None:
        steps.append(Reason("%(stage)s没有罚款幅度，只适用其他处罚种类", {"stage": STAGES[stage]}, violation.penal))
    else:
        least, most = found.amounts(sums.get(found.base, 0))
        steps.append(_told(found, sums.get(found.base, 0), least, most, violation.penal))
    grade, choices, why = _grade(held, least)
    steps += why
    if chosen:
        if chosen not in choices:
            raise Refused("discretion.grade", "按所选情节，不能适用这一裁量等级，请核对情节。", field="grade")
        if chosen != grade:
            steps.append(Reason("在可选等级中选定：%(grade)s", {"grade": GRADES[chosen]}))
        grade = chosen
    low, high = band(grade, least, most, scale)
    facts = {"grade": GRADES[grade], "low": format_fen(low), "high": format_fen(high)}
    if found is not None:
        steps.append(Reason("裁量等级：%(grade)s；罚款 %(low)s 至 %(high)s", facts, _grade_basis(grade, scale)))
    return Outcome(grade, choices, found, least, most, low, high, tuple(steps))


def band(grade: str, least: int, most: int, scale: Scale) -> tuple[int, int]:
    """The part of a range that belongs to a grade, in whole fen."""
    if grade == "none":
        return 0, 0
    if grade == "reduced":
        return 0, max(least - 1, 0)
    start, end = scale.bands[grade]
    return _at(least, most, start), _at(least, most, end)


def _at(least: int, most: int, share: Fraction) -> int:
    return int(least + (most - least) * share)


def _grade_basis(grade: str, scale: Scale) -> Basis:
    if grade == "none":
        return Basis(APL, "第三十三条", verified=True)
    return Basis(APL, "第三十二条", verified=True) if grade == "reduced" else scale.basis


def _check(violation: Violation, sums: Mapping[str, int], stage: str) -> None:
    if stage not in STAGES:
        raise Refused("discretion.stage", "没有这种情形。", field="stage")
    for base, value in sums.items():
        if base not in BASES or not 0 <= value <= MONEY_MOST:
            raise Refused("discretion.sum", "金额须是 0 至 1 万亿元之间的数。", field=base)
    needed = {held.base for held in violation.ranges if held.stage == stage and held.base != "fixed"}
    for base in sorted(needed - set(sums)):
        raise Refused("discretion.missing", "请填写计算罚款所依据的金额；没有的填 0。", field=base)


def _known(scale: Scale, factors: Collection[str]) -> list[Factor]:
    named = {factor.code: factor for factor in scale.factors}
    if set(factors) - set(named):
        raise Refused("discretion.factor", "没有这种情节，请重新选择。", field="factors")
    return [factor for factor in scale.factors if factor.code in factors]


def _range(violation: Violation, sums: Mapping[str, int], stage: str) -> Range | None:
    """The one range of this stage that speaks of these sums; a serious case without one of its own has the common."""
    for wanted in dict.fromkeys((stage, "first")) if stage == "serious" else (stage,):
        for held in violation.ranges:
            if held.stage == wanted and held.meets(sums.get(held.base, 0)):
                return held
    return None


def _told(found: Range, value: int, least: int, most: int, penal: Basis) -> Reason:
    facts = {"stage": STAGES[found.stage], "least": format_fen(least), "most": format_fen(most)}
    if not found.multiple:
        return Reason("%(stage)s：法定幅度 %(least)s 至 %(most)s", facts, penal)
    facts |= {
        "base": BASES[found.base],
        "value": format_fen(value),
        "low": _times(found.low),
        "high": _times(found.high),
        "floor": format_fen(found.floor),
    }
    said = "%(stage)s：%(base)s %(value)s 的 %(low)s 至 %(high)s 倍，为 %(least)s 至 %(most)s"
    if found.cap is not None and most == found.cap:
        facts["cap"] = format_fen(found.cap)
        said = "%(stage)s：%(base)s %(value)s 的 %(low)s 至 %(high)s 倍，最高不超过 %(cap)s，为 %(least)s 至 %(most)s"
    elif value < found.floor:
        said = "%(stage)s：%(base)s %(value)s 不足 %(floor)s，按其 %(low)s 至 %(high)s 倍，为 %(least)s 至 %(most)s"
    return Reason(said, facts, penal)


def _times(share: Fraction) -> str:
    return f"{float(share):g}"


def _grade(held: list[Factor], least: int) -> tuple[str, tuple[str, ...], list[Reason]]:
    """The grade proposed, those open to choice, and why."""
    by: dict[str, list[Factor]] = {}
    for factor in held:
        by.setdefault(factor.effect, []).append(factor)
    steps = [Reason("情节：%(title)s", {"title": factor.title}, factor.basis) for factor in held]
    lesser = ("lighter", "reduced") if least > 0 else ("lighter",)
    if "must_none" in by:
        return "none", ("none",), [*steps, Reason("依法应当不予处罚，并对当事人进行教育", {}, by["must_none"][0].basis)]
    less, heavier = "less" in by, "heavier" in by
    if "may_none" in by and not heavier:
        rest = lesser if less else ("lighter", "general")
        return "none", ("none", *rest), [*steps, Reason("可以不予处罚，也可以处罚", {}, by["may_none"][0].basis)]
    if heavier and (less or "may_less" in by or "may_none" in by):
        said = Reason("兼有从轻、从重情节，应当综合衡量后选定等级并写明理由")
        return "general", ("general", "lighter", "heavier"), [*steps, said]
    if heavier:
        return "heavier", ("heavier",), [*steps, Reason("应当从重处罚", {}, by["heavier"][0].basis)]
    if less:
        return "lighter", lesser, [*steps, Reason("应当从轻或者减轻处罚", {}, by["less"][0].basis)]
    if "may_less" in by:
        return "lighter", (*lesser, "general"), [*steps, Reason("可以从轻或者减轻处罚", {}, by["may_less"][0].basis)]
    return "general", ("general",), [Reason("没有选择从轻、减轻、从重或者不予处罚的情节，适用一般处罚")]
