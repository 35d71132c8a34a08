"""When a source is due, how late it is, and when its department is reminded. Pure.

A source is due so many days after its last delivery as its contract says (``slaProperties: frequency``). One that never
delivered has no such day: it is shown as not delivered, and people remind it, not the clock.
"""

from dataclasses import dataclass
from datetime import date, timedelta

STATES = {
    "late": "逾期",
    "never": "未报送",
    "soon": "将到期",
    "on_time": "按期",
    "free": "未约定周期",
}
OWING = ("late", "never")


@dataclass(frozen=True, slots=True)
class Rule:
    """The house's own measures: what counts as soon, how often it reminds by itself, and what counts as moved."""

    soon_days: int = 5  # a source due within so many days is marked
    again_days: int = 7  # reminded on the first late day, then every so many days
    null_moved: float = 0.05  # a column's share of empty cells has moved when it differs by this much
    rows_moved: float = 0.3  # a delivery's size has moved when it differs by this share of the one before


RULE = Rule()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source stands on a day: its state, the day it is (or was) due, and how many days it is late."""

    state: str
    due: date | None = None
    days_late: int = 0

    @property
    def counted(self) -> bool:
        """Whether anything is due of it at all."""
        return self.state != "free"

    @property
    def owing(self) -> bool:
        return self.state in OWING


def due_after(last: date, frequency_days: int) -> date:
    """The day by which the next delivery is due."""
    return last + timedelta(days=frequency_days)


def standing(frequency_days: int, last: date | None, today: date, rule: Rule = RULE) -> Standing:
    """How a source stands that last delivered on ``last``."""
    if not frequency_days:
        return Standing("free")
    if last is None:
        return Standing("never")
    due = due_after(last, frequency_days)
    days = (today - due).days
    if days > 0:
        return Standing("late", due, days)
    return Standing("soon" if -days <= rule.soon_days else "on_time", due)


def turn(days_late: int, rule: Rule = RULE) -> int | None:
    """Which reminder of the clock's own is due: 0 from the first late day, 1 a week later, and so on."""
    return None if days_late < 1 else (days_late - 1) // rule.again_days


def has_moved(before: float | None, after: float | None, bound: float) -> bool:
    """Whether a share moved by at least ``bound``; what is not known did not move."""
    return before is not None and after is not None and abs(after - before) >= bound - 1e-9
