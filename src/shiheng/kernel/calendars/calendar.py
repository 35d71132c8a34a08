"""The calendar as a value: what kind of day each day is, and how sure we are of it.

A year is *settled* when the State Council's notice for it is known: published years come with the platform, a later
year is settled when the bureau's own rows name every statutory holiday of it. In a year that is not settled the days
follow weekends and the statutory holidays and are marked provisional, with the reason: shown, never hidden.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from shiheng.kernel.calendars.statutory import statutory_days, statutory_source

SATURDAY = 5


class DayKind(StrEnum):
    """What a day is. ``label`` is the word people read."""

    WORKDAY = "workday"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    LIEU = "lieu"

    @property
    def is_workday(self) -> bool:
        return self in {DayKind.WORKDAY, DayKind.MAKEUP}

    @property
    def is_festival(self) -> bool:
        """Off because of a holiday, by law itself or by the yearly notice; an ordinary weekend is not."""
        return self in {DayKind.HOLIDAY, DayKind.LIEU}

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    DayKind.WORKDAY: "工作日",
    DayKind.MAKEUP: "调休上班",
    DayKind.WEEKEND: "周末",
    DayKind.HOLIDAY: "法定节假日",
    DayKind.LIEU: "放假调休",
}


@dataclass(frozen=True, slots=True)
class Day:
    """One day as the calendar sees it. ``reason`` says why it is provisional and is empty when it is not."""

    day: date
    kind: DayKind
    name: str
    source: str
    provisional: bool = False
    reason: str = ""

    @property
    def is_workday(self) -> bool:
        return self.kind.is_workday


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row of a bureau's own table: whether people work on ``day``, the holiday's name, the notice that says so."""

    day: date
    is_workday: bool
    name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one day beyond its weekday."""

    kind: DayKind
    name: str
    source: str


@dataclass(frozen=True)
class Calendar:
    """Marked days over plain weeks. Build it with ``published_calendar()`` and ``with_rows``; it never changes."""

    marks: Mapping[date, Mark]
    settled: frozenset[int]
    edition: str = ""
    own: frozenset[date] = frozenset()
    _reasons: dict[int, str] = field(default_factory=dict, compare=False, repr=False)

    def is_workday(self, day: date) -> bool:
        """Whether people work on ``day``."""
        mark = self.marks.get(day)
        if mark is not None:
            return mark.kind.is_workday
        if day.weekday() >= SATURDAY:
            return False
        return day.year in self.settled or day not in statutory_days(day.year)

    def is_provisional(self, day: date) -> bool:
        """Whether nobody has said yet what ``day`` will be."""
        return day.year not in self.settled and day not in self.own

    def kind_of(self, day: date) -> DayKind:
        """The kind alone, for counting."""
        mark = self.marks.get(day)
        if mark is not None:
            return mark.kind
        if day.year not in self.settled and day in statutory_days(day.year):
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKDAY

    def day_kind(self, day: date) -> Day:
        """The day with its name, who said so, and why it is provisional if it is."""
        provisional = self.is_provisional(day)
        reason = self.reason(day.year) if provisional else ""
        if mark := self.marks.get(day):
            return Day(day, mark.kind, mark.name, mark.source, provisional, reason)
        kind = self.kind_of(day)
        if kind is DayKind.HOLIDAY:
            return Day(day, kind, statutory_days(day.year)[day], statutory_source(day), provisional, reason)
        return Day(day, kind, "", "", provisional, reason)

    def reason(self, year: int) -> str:
        """Why the days of ``year`` are provisional; empty for a settled year."""
        if year in self.settled:
            return ""
        if year not in self._reasons:
            self._reasons[year] = self._why(year)
        return self._reasons[year]

    def _why(self, year: int) -> str:
        computed = "暂按周末和法定节假日推算，未计调休"
        if not any(day.year == year for day in self.own):
            return f"{year}年放假安排尚未载入，{computed}"
        return f"{year}年已载入的放假安排缺少{'、'.join(self.lacking(year))}，其余日期{computed}"

    def lacking(self, year: int) -> tuple[str, ...]:
        """The statutory holidays of a year that no loaded row names."""
        return tuple(dict.fromkeys(name for day, name in statutory_days(year).items() if day not in self.own))

    def next_workday(self, day: date, *, including: bool = False) -> date:
        """The first working day after ``day`` (or ``day`` itself when ``including``)."""
        if not including:
            day += timedelta(days=1)
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def year(self, year: int) -> tuple[Day, ...]:
        """Every day of a year, in order."""
        first = date(year, 1, 1)
        return tuple(self.day_kind(first + timedelta(days=n)) for n in range((date(year, 12, 31) - first).days + 1))

    def with_rows(self, rows: Iterable[OwnRow]) -> "Calendar":
        """This calendar with a bureau's own rows laid over it; the last row of a day counts."""
        own = {row.day: row for row in rows}
        if not own:
            return self
        marks = dict(self.marks)
        for day, row in own.items():
            marks[day] = _mark_of_row(row)
        named = self.own | own.keys()
        years = {day.year for day in own} - self.settled
        settled = self.settled | {year for year in years if all(day in named for day in statutory_days(year))}
        return Calendar(
            marks=MappingProxyType(marks),
            settled=frozenset(settled),
            edition=f"{self.edition}；本单位载入{len(named)}天".lstrip("；"),
            own=frozenset(named),
        )


def _mark_of_row(row: OwnRow) -> Mark:
    """A row without a name or notice still says what it is and that the bureau itself said it."""
    kind = _kind_of_row(row)
    plain = kind in {DayKind.WORKDAY, DayKind.WEEKEND}
    by_law = statutory_days(row.day.year).get(row.day, "")
    return Mark(kind, row.name or ("" if plain else by_law or kind.label), row.source or "本单位载入的放假安排")


def _kind_of_row(row: OwnRow) -> DayKind:
    weekend = row.day.weekday() >= SATURDAY
    if row.is_workday:
        return DayKind.MAKEUP if weekend else DayKind.WORKDAY
    if row.day in statutory_days(row.day.year):
        return DayKind.HOLIDAY
    return DayKind.WEEKEND if weekend and not row.name else DayKind.LIEU
