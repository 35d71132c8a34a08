"""Every day of twenty years, counted again by a plain loop over another source: not one due day may differ."""

from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar
import pytest

from shiheng.kernel.calendars import published_calendar
from shiheng.kernel.periods import Roll, due, read_as

FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)
ONE = timedelta(days=1)
JOINED = {date(2023, 12, 30), date(2023, 12, 31), date(2024, 6, 8), date(2024, 6, 9)}
"""Weekends the notice joins a holiday to without making them one; the package does not tell them apart."""
AS_OF = date(2026, 11, 20)

RULES: list[tuple[str, int, str, str, Roll]] = [
    ("行政处罚法", 2, "日", "work", Roll.NONE),
    ("行政处罚法", 3, "日", "work", Roll.NONE),
    ("行政处罚法", 5, "日", "work", Roll.NONE),
    ("行政处罚法", 7, "日", "work", Roll.NONE),
    ("行政处罚法", 15, "日", "plain", Roll.REST),
    ("行政强制法", 10, "日", "work", Roll.NONE),
    ("行政强制法", 30, "日", "plain", Roll.NONE),
    ("行政复议法", 10, "日", "work", Roll.NONE),
    ("行政复议法", 60, "日", "plain", Roll.REST),
    ("行政许可法", 20, "日", "work", Roll.NONE),
    ("投诉举报处理办法", 7, "个工作日", "work", Roll.HOLIDAY),
    ("投诉举报处理办法", 60, "日", "plain", Roll.HOLIDAY),
    ("行政处罚程序规定", 15, "个工作日", "work", Roll.HOLIDAY),
    ("行政处罚程序规定", 90, "日", "plain", Roll.HOLIDAY),
    ("行政处罚程序规定", 30, "日", "plain", Roll.NONE),
    ("市场主体登记管理条例", 3, "个工作日", "work", Roll.NONE),
    ("移送规定", 3, "日", "plain", Roll.NONE),
]


def naive(start: date, n: int, way: str, roll: Roll) -> date | None:
    """The same question answered without any code of ours; nothing when it runs past the published years."""
    day = start
    while n:
        day += ONE
        if day > LAST:
            return None
        if way == "plain" or chinese_calendar.is_workday(day):
            n -= 1
    while roll is not Roll.NONE and day <= LAST:
        on_holiday, name = chinese_calendar.get_holiday_detail(day)
        if not (on_holiday if roll is Roll.REST else on_holiday and name and day not in JOINED):
            break
        day += ONE
    return day if day <= LAST else None


def differences(days: list[date]) -> tuple[int, int]:
    calendar = published_calendar()
    compared = different = 0
    for law, n, unit, way, roll in RULES:
        period = read_as(law, n, unit, on=AS_OF)
        for day in days:
            expected = naive(day, n, way, roll)
            if expected is not None:
                compared += 1
                different += due(day, period, calendar=calendar, roll=roll).due != expected
    return compared, different


def test_due_days_around_every_holiday_of_two_years_agree_with_a_plain_loop() -> None:
    sample = [date(year, 1, 1) + timedelta(days=n) for year in (2012, 2025) for n in range(0, 365, 2)]
    compared, different = differences(sample)
    assert compared > 6_000
    assert different == 0


@pytest.mark.slow
def test_every_day_from_2007_to_2026_agrees_with_a_plain_loop(quality: Callable[[str, str], None]) -> None:
    every = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    compared, different = differences(every)
    quality(
        "due-days",
        f"Due days against an independent plain loop, {FIRST} to {LAST}:\n"
        f"{len(RULES)} rules, {compared:,} due days compared, {different} differences.",
    )
    assert compared > 120_000
    assert different == 0
