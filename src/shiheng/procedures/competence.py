"""Whose power it is: a step a law gives to certain bodies is taken by an office of the level the list of powers names.

A power handed down to towns and streets is theirs from the day the change is in force, in their own name; what was
not handed down stays with the bureau, and a town sends it there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shiheng.accounts.models import Office
from shiheng.catalogue.lists import queries as lists
from shiheng.catalogue.powers import queries as powers
from shiheng.catalogue.powers.definition import LEVELS
from shiheng.catalogue.powers.effective import Entry
from shiheng.catalogue.violations import VIOLATIONS
from shiheng.kernel.errors import Missing
from shiheng.procedures.course import Course, Objection
from shiheng.procedures.definition import Basis, Step
from shiheng.procedures.models import Proceeding
from shiheng.procedures.numbering import bureau_of
from shiheng.ui.wording import say

LEVEL = {"city": "city", "district": "county", "town": "town"}
"""The level at which the list of powers speaks of a kind of office."""
HANDED_DOWN = Basis("行政处罚法", "第二十四条", date(2021, 7, 15), verified=True)


@dataclass(frozen=True, slots=True)
class Held:
    """The power a file rests on: as the list has it on a day, who acts, and whether it is theirs."""

    entry: Entry
    bureau: Office
    level: str

    @property
    def ours(self) -> bool:
        return self.entry.in_force and self.level in self.entry.power.levels

    @property
    def levels(self) -> list[str]:
        return [str(say(LEVELS[one])) for one in self.entry.power.levels if one in LEVELS]


def of(found: Proceeding, course: Course, on: date) -> Held | None:
    """The power a file rests on, or nothing where it names no violation, the list lacks its power or no bureau acts."""
    fact = next((step.by_power for step in course.procedure.steps if step.by_power), "")
    return held(found.scope, str(course.facts.get(fact) or ""), on) if fact else None


def held(scope: str, violation: str, on: date) -> Held | None:
    """The power to punish a violation, as seen from an office."""
    bureau = bureau_of(scope) if violation else None
    if bureau is None or bureau.kind not in LEVEL:
        return None
    try:
        entry = powers.entry(lists.one(VIOLATIONS, violation, on=on).power, on=on)
    except Missing:
        return None
    return Held(entry, bureau, LEVEL[bureau.kind])


def against(
    found: Proceeding, course: Course, step: Step, on: date, told: Mapping[str, Any] | None = None
) -> list[Objection]:  # fmt: skip
    """What stands against a step because the power is another body's."""
    if not step.by_power:
        return []
    violation = (told or {}).get(step.by_power) or course.facts.get(step.by_power) or ""
    power = held(found.scope, str(violation), on)
    if power is None or power.ours:
        return []
    words = {"power": str(say(power.entry.power.title)), "levels": "、".join(power.levels), "who": power.bureau.title}
    if not power.entry.in_force:
        why = _("“%(power)s”已从权责清单取消，%(who)s不能办理。") % words
    elif power.level == "town":
        why = _("“%(power)s”没有下放镇街，由%(levels)s行使，%(who)s不能办理；请移送有权的机关。") % words
    else:
        why = _("“%(power)s”由%(levels)s行使，%(who)s不能办理；请移送有权的机关。") % words
    return [Objection("power", why, law=HANDED_DOWN)]
