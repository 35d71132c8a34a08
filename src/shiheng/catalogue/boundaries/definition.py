"""本局裁量分界: a bureau's own boundary for one violation, laid over the shipped scale from a day on. Pure.

Within a statutory range it says up to which share a fine is light and from which it is heavy, and what weight the
circumstances have that no law weighs. What the law says of a circumstance no bureau changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from shiheng.catalogue.discretion import APL, GRADES, band
from shiheng.catalogue.powers.definition import Basis
from shiheng.catalogue.violations import Factor, Range, Scale, Violation
from shiheng.kernel.errors import Refused

STATES = {"draft": "待决定", "published": "已公布", "returned": "已退回", "undone": "已撤销"}
EFFECTS = {
    "must_none": "应当不予处罚",
    "may_none": "可以不予处罚",
    "less": "应当从轻或者减轻",
    "may_less": "可以从轻或者减轻",
    "heavier": "应当从重",
    "off": "不作为情节",
}
CHOSEN = ("less", "may_less", "heavier", "off")
"""What a bureau may make of a circumstance: not to be punished at all is for the law to say (APL arts 30 to 33)."""
DIVIDED = ("lighter", "general", "heavier")


@dataclass(frozen=True, slots=True)
class Local:
    """A published boundary as a calculation needs it."""

    number: int
    in_force_from: date
    content: Mapping[str, Any]
    basis: Basis
    office: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Used:
    """The scale a calculation used, and whose: the bureau's own, or (none) the shipped one."""

    scale: Scale
    local: Local | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a grade is of one statutory range, before and after: sums in fen, or multiples of the base."""

    range: Range
    grade: str
    before: tuple[Fraction, Fraction]
    after: tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Changed:
    """What another scale changes for one violation: parts of its ranges, and circumstances with their effects."""

    parts: tuple[Part, ...]
    effects: tuple[tuple[str, str, str], ...]


def adjustable(scale: Scale) -> tuple[Factor, ...]:
    """The circumstances whose weight a bureau may set: those the law itself does not weigh."""
    return tuple(factor for factor in scale.factors if factor.basis.instrument != APL)


def content_of(scale: Scale, shipped: Scale) -> dict[str, Any]:
    """What of a scale a boundary sets, as it stands."""
    held = {factor.code: factor.effect for factor in scale.factors}
    return {
        "lighter": int(scale.bands["lighter"][1] * 100),
        "general": int(scale.bands["general"][1] * 100),
        "effects": {factor.code: held.get(factor.code, "off") for factor in adjustable(shipped)},
    }


def check(content: Mapping[str, Any], shipped: Scale) -> dict[str, Any]:
    """A boundary as it is kept. Raises ``Refused`` where it divides nothing, or says what only the law may say."""
    lighter, general, effects = content["lighter"], content["general"], dict(content.get("effects", {}))
    if not 0 < lighter < general < 100:
        raise Refused("boundary.order", "从轻的上限须大于 0，一般的上限须大于从轻的上限而小于 100。", field="general")
    unknown = set(effects) - {factor.code for factor in adjustable(shipped)}
    if unknown or not set(effects.values()) <= set(CHOSEN):
        raise Refused("boundary.effect", "法律规定的情节不能由本局改变；不予处罚须由法律规定。")
    return {"lighter": lighter, "general": general, "effects": effects}


def laid_over(shipped: Scale, local: Local) -> Scale:
    """The shipped scale with a bureau's boundary over it; what the boundary does not name stays."""
    effects = local.content.get("effects", {})
    lighter, general = (Fraction(local.content[name], 100) for name in ("lighter", "general"))
    ours = {factor.code for factor in adjustable(shipped)} & set(effects)
    factors = [
        replace(factor, effect=effects[factor.code], basis=local.basis)
        if factor.code in ours and effects[factor.code] != factor.effect
        else factor
        for factor in shipped.factors
    ]
    return replace(
        shipped,
        in_force_from=local.in_force_from,
        bands={"lighter": (Fraction(0), lighter), "general": (lighter, general), "heavier": (general, Fraction(1))},
        factors=tuple(factor for factor in factors if factor.effect != "off"),
        basis=local.basis,
    )


def effective(shipped: Scale, published: Iterable[Local], *, on: date) -> Used:
    """The scale on a day: the boundary that came into force last, or the shipped one."""
    held = [local for local in published if local.in_force_from <= on]
    if not held:
        return Used(shipped)
    last = max(held, key=lambda local: (local.in_force_from, local.published_at, local.number))
    return Used(laid_over(shipped, last), last)


def changed(violation: Violation, before: Scale, after: Scale) -> Changed:
    """What a violation's fines and circumstances become under another scale; only what differs."""
    parts = [
        Part(held, grade, _part(held, grade, before), _part(held, grade, after))
        for held in violation.ranges
        for grade in DIVIDED
        if before.bands[grade] != after.bands[grade]
    ]
    was, now = ({factor.code: factor for factor in scale.factors} for scale in (before, after))
    effects = [
        (
            (was.get(code) or now[code]).title,
            was[code].effect if code in was else "off",
            now[code].effect if code in now else "off",
        )
        for code in dict.fromkeys((*was, *now))
    ]
    return Changed(tuple(parts), tuple(one for one in effects if one[1] != one[2]))


def _part(held: Range, grade: str, scale: Scale) -> tuple[Fraction, Fraction]:
    if held.multiple:
        start, end = scale.bands[grade]
        return held.low + (held.high - held.low) * start, held.low + (held.high - held.low) * end
    low, high = band(grade, *held.amounts(0), scale)
    return Fraction(low), Fraction(high)


def told_shares(scale: Scale) -> list[tuple[str, int, int]]:
    """Each grade and the percentages of the range between which it lies."""
    return [(GRADES[grade], *(int(share * 100) for share in scale.bands[grade])) for grade in DIVIDED]  # type: ignore[misc]
