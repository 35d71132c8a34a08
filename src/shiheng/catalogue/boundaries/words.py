"""Boundaries in the reader's words: shares, what changes, and whose boundary was used."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from shiheng.catalogue.boundaries.definition import EFFECTS, Changed, Used
from shiheng.catalogue.discretion import GRADES
from shiheng.catalogue.violations import BASES, STAGES, Range
from shiheng.kernel.money import format_fen
from shiheng.ui import formats
from shiheng.ui.wording import say

SIGNS = {
    "<": "%(base)s不足 %(bound)s",
    "<=": "%(base)s不超过 %(bound)s",
    ">": "%(base)s超过 %(bound)s",
    ">=": "%(base)s %(bound)s 以上",
    "=": "%(base)s为 %(bound)s",
}


def shares(content: Mapping[str, Any]) -> str:
    """The two shares of a boundary."""
    told = {"lighter": content["lighter"], "general": content["general"]}
    return _("从轻至 %(lighter)s%%，一般至 %(general)s%%，以上从重") % told


def whose(used: Used) -> str:
    """Whose boundary a calculation used, and since when it holds."""
    if used.local is None:
        return _("随平台提供的分界，本局没有另定")
    facts = {"office": used.local.office or say("本局"), "since": formats.day_text(used.local.in_force_from)}
    return _("%(office)s自定的分界，自 %(since)s 起施行") % facts


def changes(found: Changed) -> list[tuple[str, str, str]]:
    """What a boundary changes, line by line: of what, as it stood, as it will."""
    lines = [
        (
            _("%(range)s，%(grade)s") % {"range": told_range(part.range), "grade": say(GRADES[part.grade])},
            _span(part.range, *part.before),
            _span(part.range, *part.after),
        )
        for part in found.parts
    ]
    return [*lines, *((say(title), say(EFFECTS[was]), say(EFFECTS[now])) for title, was, now in found.effects)]


def _span(held: Range, low: Fraction, high: Fraction) -> str:
    if held.multiple:
        facts = {"base": say(BASES[held.base]), "low": f"{float(low):g}", "high": f"{float(high):g}"}
        return _("%(base)s的 %(low)s 至 %(high)s 倍") % facts
    return _("%(low)s 至 %(high)s") % {"low": format_fen(int(low)), "high": format_fen(int(high))}


def told_range(held: Range) -> str:
    """A statutory range in words."""
    facts = {"base": say(BASES[held.base]), "stage": say(STAGES[held.stage])}
    span = _span(held, held.low, held.high)
    conditions = _("、").join(
        _(SIGNS[sign]) % {"base": facts["base"], "bound": format_fen(bound)} for sign, bound in held.conditions
    )
    told = _("%(condition)s：%(span)s") % {"condition": conditions, "span": span} if conditions else span
    if held.floor:
        told = _("%(told)s（不足 %(floor)s 按 %(floor)s 计算）") % {"told": told, "floor": format_fen(held.floor)}
    if held.cap is not None:
        told = _("%(told)s，最高 %(cap)s") % {"told": told, "cap": format_fen(held.cap)}
    return told if held.stage == "first" else _("%(stage)s，%(told)s") % {"stage": facts["stage"], "told": told}
