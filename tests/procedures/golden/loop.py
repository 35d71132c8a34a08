"""A clock reckoned by walking from day to day. It knows the notices and nothing else."""

from datetime import date, timedelta

from tests.procedures.golden.notices import FIXED, NOTICES, read

ONE = timedelta(days=1)
OFF, WORKED = read()
Stretch = tuple[date, date]


def works(day: date) -> bool:
    if day in WORKED:
        return True
    return day.weekday() < 5 and not festive(day)


def festive(day: date) -> bool:
    """Off because of a holiday; a plain weekend is not."""
    if day in OFF:
        return True
    return day.year not in NOTICES and (day.month, day.day) in FIXED[day.year]


def settled(day: date) -> bool:
    """Whether a notice has said what this day is."""
    return day.year in NOTICES or day in OFF


def ends(
    start: date, count: int, unit: str, roll: str, out: tuple[Stretch, ...] = (), more: int = 0
) -> tuple[date, bool]:
    """When a count ends that began on ``start``, and whether that day may still move with a notice to come.

    ``unit`` is WD, CD or MONTH; ``roll`` says whether the end moves past a holiday (HOLIDAY) or any day of rest (REST);
    ``out`` are stretches of days left out, both ends of each belonging to it; ``more`` what was added to the count.
    """
    left = count + more
    if unit == "MONTH":
        left = (_months_on(start, count + more) - start).days
    day = start
    while left:
        day += ONE
        if any(first <= day <= last for first, last in out):
            continue
        if unit == "WD" and not works(day):
            continue
        left -= 1
    last = day
    while (roll == "HOLIDAY" and festive(day)) or (roll == "REST" and not works(day)):
        day += ONE
    asked = start + ONE if unit == "WD" else last
    unsure = False
    while (unit == "WD" or roll) and asked <= day:
        unsure = unsure or not settled(asked)
        asked += ONE
    return day, unsure


def _months_on(day: date, count: int) -> date:
    year, month, number = day.year, day.month, day.day
    for _ in range(count):
        month += 1
        if month > 12:
            year, month = year + 1, 1
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1
