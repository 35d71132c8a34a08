"""A year as a wall calendar shows it: months of whole weeks, and the holidays of the year as the notice lists them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from shiheng.kernel.calendars import Calendar, Day, DayKind, published_calendar

# The holidays the law fixes, by the names the notices give them; other names are shown as they were loaded.
HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节", "农历除夕")
# What days are called (``DayKind.label``), said here too so that the catalogues of other languages hold the words.
KINDS = ("工作日", "调休上班", "周末", "法定节假日", "放假调休")
LIEU = "调休"  # not shown: taken off a name

MONTHS = ("1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月")
_NOTICE = re.compile("国务院办公厅关于([0-9]{4})年部分节假日安排的通知")  # not shown: read only

MARKS = {DayKind.HOLIDAY: "休", DayKind.LIEU: "休", DayKind.MAKEUP: "班", DayKind.WEEKEND: "", DayKind.WORKDAY: ""}


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a month: its number, its mark, and the words a pointer or a screen reader gets."""

    day: Day
    mark: str
    words: str
    today: bool


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]
    workdays: int

    @property
    def title(self) -> str:
        return _(MONTHS[self.number - 1])


@dataclass(frozen=True, slots=True)
class Span:
    """Days off in a row under one name, and the weekend days worked for it."""

    name: str
    first: date
    last: date
    makeup: tuple[date, ...]
    source: str
    provisional: bool

    @property
    def told(self) -> str:
        return said(self.name)

    @property
    def rests_on(self) -> str:
        """The yearly notice in the language of the page; whatever else it rests on is quoted as published."""
        notice = _NOTICE.fullmatch(self.source)
        if notice is None:
            return self.source
        return _("国务院办公厅关于%(year)s年部分节假日安排的通知") % {"year": notice[1]}

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def months(calendar: Calendar, year: int, *, today: date) -> tuple[Month, ...]:
    """The twelve months, Monday first."""
    return tuple(_month(calendar, year, number, today) for number in range(1, 13))


def _month(calendar: Calendar, year: int, number: int, today: date) -> Month:
    first = date(year, number, 1)
    cells: list[Cell | None] = [None] * first.weekday()
    day = first
    while day.month == number and day.year == year:
        cells.append(_cell(calendar.day_kind(day), today))
        day += timedelta(days=1)
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    return Month(number, weeks, sum(1 for cell in cells if cell and cell.day.is_workday))


def _cell(day: Day, today: date) -> Cell:
    told = (_(day.kind.label), said(day.name), _("暂定") if day.provisional else "")
    words = _("，").join(filter(None, told))
    return Cell(day, MARKS[day.kind], words, day.day == today)


def said(name: str) -> str:
    """The names of a day's holidays in the language of the page."""
    return _("、").join(_said(part) for part in name.split("、")) if name else ""


def _said(part: str) -> str:
    plain = part.removesuffix(LIEU)
    if plain != part and plain in HOLIDAYS:
        return _("%(holiday)s调休") % {"holiday": _(plain)}
    return _(part) if part else ""


def reason(calendar: Calendar, year: int) -> str:
    """Why a year is provisional, in the language of the page; in Chinese what the calendar itself says."""
    if not calendar.reason(year):
        return ""
    if not any(day.year == year for day in calendar.own):
        return _("%(year)s年放假安排尚未载入，暂按周末和法定节假日推算，未计调休") % {"year": year}
    told = {"year": year, "missing": said("、".join(calendar.lacking(year)))}
    return _("%(year)s年已载入的放假安排缺少%(missing)s，其余日期暂按周末和法定节假日推算，未计调休") % told


def edition(calendar: Calendar) -> str:
    """What the days rest on, in the language of the page; in Chinese what the calendar itself says."""
    years = published_calendar().settled
    said_by_notice = _("国务院办公厅放假安排通知%(first)s年至%(last)s年") % {"first": min(years), "last": max(years)}
    if not calendar.own:
        return said_by_notice
    return said_by_notice + _("；本单位载入%(days)s天") % {"days": len(calendar.own)}


def spans(days: Iterable[Day]) -> tuple[Span, ...]:
    """The holidays of a year in order. A weekend between two days off of one holiday belongs to it."""
    found: list[list[Day]] = []
    resting: list[Day] = []
    makeup: list[Day] = []
    for day in days:
        if day.kind is DayKind.MAKEUP:
            makeup.append(day)
        if day.is_workday:
            resting = []
            continue
        resting.append(day)
        if day.kind.is_festival:
            if found and found[-1] and found[-1][-1] in resting:
                found[-1] += [d for d in resting if d.day > found[-1][-1].day]
            else:
                found.append([day])
    return tuple(_span(group, makeup) for group in found)


def _span(group: list[Day], makeup: list[Day]) -> Span:
    names = [part for day in group for part in day.name.split("、") if part and day.kind is DayKind.HOLIDAY]
    names = list(dict.fromkeys(names or [day.name for day in group if day.name]))
    worked = tuple(d.day for d in makeup if any(d.name.removesuffix(LIEU) in name for name in names if d.name))
    return Span(
        name="、".join(names),
        first=group[0].day,
        last=group[-1].day,
        makeup=worked,
        source=next((day.source for day in group if day.source), ""),
        provisional=any(day.provisional for day in group),
    )
