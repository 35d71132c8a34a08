"""The years whose holiday notices are published, as the maintained ``chinesecalendar`` package holds them."""

from datetime import date
from functools import cache
from types import MappingProxyType

from chinese_calendar.constants import Holiday, holidays, workdays

from shiheng.kernel.calendars.calendar import Calendar, DayKind, Mark
from shiheng.kernel.calendars.statutory import statutory_days

_NAMES = {
    Holiday.new_years_day.value: "元旦",
    Holiday.spring_festival.value: "春节",
    Holiday.tomb_sweeping_day.value: "清明节",
    Holiday.labour_day.value: "劳动节",
    Holiday.dragon_boat_festival.value: "端午节",
    Holiday.national_day.value: "国庆节",
    Holiday.mid_autumn_festival.value: "中秋节",
    Holiday.anti_fascist_70th_day.value: "抗日战争胜利70周年纪念日",
}

_PLAIN = frozenset({date(2023, 12, 30), date(2023, 12, 31), date(2024, 6, 8), date(2024, 6, 9)})
"""Weekends a notice only joins its holiday to (“放假，与周末连休”): plain weekends, past which no period moves. The
package counts them as holidays. Read for 2022 to 2026; of earlier years the package is followed."""


@cache
def published_calendar() -> Calendar:
    """The calendar of all published years (2004 to the last one the package knows); other years are provisional."""
    marks: dict[date, Mark] = {}
    for day, name in holidays.items():
        if day in _PLAIN:
            continue
        by_law = statutory_days(day.year).get(day)
        kind = DayKind.HOLIDAY if by_law else DayKind.LIEU
        marks[day] = Mark(kind, by_law or _NAMES[name], _notice(day, _NAMES[name]))
    for day, name in workdays.items():
        kind = DayKind.MAKEUP if day.weekday() >= 5 else DayKind.WORKDAY
        marks[day] = Mark(kind, f"{_NAMES[name]}调休", _notice(day, _NAMES[name]))
    first, last = min(holidays).year, max(holidays).year
    return Calendar(
        marks=MappingProxyType(marks),
        settled=frozenset(range(first, last + 1)),
        edition=f"国务院办公厅放假安排通知{first}年至{last}年",
    )


def _notice(day: date, name: str) -> str:
    """The yearly notice behind a day: the last days of a year may already belong to the next New Year's."""
    year = day.year + 1 if name == "元旦" and day.month == 12 else day.year
    return f"国务院办公厅关于{year}年部分节假日安排的通知"
