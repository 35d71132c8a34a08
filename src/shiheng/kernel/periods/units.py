"""The units the laws count in, and what may interrupt or lengthen a count. Plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from shiheng.kernel.periods.laws import Counting

LONGEST = 36600
"""No period of law is longer than a century of days; a larger number is a slip."""


class Roll(StrEnum):
    """What happens when the last day of a count is not worked. Declared for each use, because the texts differ."""

    NONE = "none"
    HOLIDAY = "holiday"
    REST = "rest"

    @property
    def label(self) -> str:
        return _ROLL_LABELS[self]


_ROLL_LABELS = {
    Roll.NONE: "最后一日不顺延",
    Roll.HOLIDAY: "最后一日是法定节假日的，顺延至节假日后的第一日",
    Roll.REST: "最后一日是休息日（含周末）的，顺延至其后的第一个工作日",
}


@dataclass(frozen=True, slots=True)
class Period:
    """So many of one unit. ``counting`` is the law's way of counting it was read under, if any."""

    n: int
    counting: "Counting | None" = None

    unit: ClassVar[str] = ""
    unit_title: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if not 0 < self.n <= LONGEST:
            raise ValueError(f"a period of {self.n} {self.unit} makes no sense")

    @property
    def title(self) -> str:
        return f"{self.n}{self.unit_title}"


@dataclass(frozen=True, slots=True)
class Workdays(Period):
    """工作日: days on which people work, by the calendar."""

    unit: ClassVar[str] = "WD"
    unit_title: ClassVar[str] = "个工作日"


@dataclass(frozen=True, slots=True)
class Days(Period):
    """日: every day."""

    unit: ClassVar[str] = "CD"
    unit_title: ClassVar[str] = "日"


@dataclass(frozen=True, slots=True)
class Months(Period):
    """月: to the same day of the month, or its last day when there is none."""

    unit: ClassVar[str] = "MONTH"
    unit_title: ClassVar[str] = "个月"


@dataclass(frozen=True, slots=True)
class Years(Period):
    """年: to the same day of the year; 29 February ends on 28 February."""

    unit: ClassVar[str] = "YEAR"
    unit_title: ClassVar[str] = "年"


@dataclass(frozen=True, slots=True)
class Hours(Period):
    """小时: from a moment to a moment."""

    unit: ClassVar[str] = "HOUR"
    unit_title: ClassVar[str] = "小时"


@dataclass(frozen=True, slots=True)
class Pause:
    """Time the law leaves out (testing, hearing, public notice, suspension): ``first`` to ``last`` inclusive.

    A pause without ``last`` is still running: until it ends there is no due day.
    """

    first: date
    last: date | None
    reason: str
    document: str = ""
    basis: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.first, datetime) or isinstance(self.last, datetime):
            raise TypeError("a pause is made of days, not moments")
        if self.last is not None and self.last < self.first:
            raise ValueError("a pause ends before it begins")

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Extension:
    """More time granted: counted on from the end of what went before, with who approved it, when and under what."""

    period: Period
    approver: str
    approved_on: date
    basis: str = ""
