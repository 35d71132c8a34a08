"""The calendar: who declared a day, which days nobody has declared yet, and what a bureau's own rows change."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.kernel.calendars import DayKind, OwnRow, published_calendar, statutory_days

CALENDAR = published_calendar()
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"


def rows_of_2027() -> list[OwnRow]:
    """A complete table of an invented notice for 2027: every statutory holiday, two days in lieu, two make-up days."""
    rows = [OwnRow(day, False, name, NOTICE) for day, name in statutory_days(2027).items()]
    rows += [OwnRow(date(2027, 10, 4), False, "国庆节", NOTICE), OwnRow(date(2027, 10, 5), False, "国庆节", NOTICE)]
    return [*rows, OwnRow(date(2027, 9, 26), True, "国庆节调休", NOTICE), OwnRow(date(2027, 10, 9), True, "", NOTICE)]


def test_every_published_day_is_worked_exactly_when_the_package_says_so() -> None:
    day, seen = date(2004, 1, 1), 0
    while day <= date(2026, 12, 31):
        assert CALENDAR.is_workday(day) == chinese_calendar.is_workday(day), day
        assert CALENDAR.day_kind(day).is_workday == CALENDAR.is_workday(day)
        assert not CALENDAR.is_provisional(day)
        day, seen = day + timedelta(days=1), seen + 1
    assert seen == 8401


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 10, 1), DayKind.HOLIDAY, "国庆节"),
        (date(2026, 10, 5), DayKind.LIEU, "国庆节"),
        (date(2026, 10, 10), DayKind.MAKEUP, "国庆节调休"),
        (date(2026, 10, 9), DayKind.WORKDAY, ""),
        (date(2026, 10, 11), DayKind.WEEKEND, ""),
        (date(2026, 2, 16), DayKind.HOLIDAY, "农历除夕"),
    ],
)
def test_a_published_day_says_its_kind_name_and_notice(day: date, kind: DayKind, name: str) -> None:
    found = CALENDAR.day_kind(day)
    assert (found.kind, found.name) == (kind, name)
    assert found.source == ("国务院办公厅关于2026年部分节假日安排的通知" if name else "")


def test_a_year_without_notice_is_computed_and_says_that_it_is_provisional() -> None:
    spring = CALENDAR.day_kind(date(2027, 2, 8))
    assert spring.kind is DayKind.HOLIDAY
    assert spring.name == "春节"
    assert "2024年修订" in spring.source
    assert spring.provisional
    assert "2027年放假安排尚未载入" in spring.reason
    assert CALENDAR.is_workday(date(2027, 10, 4))  # a Monday the notice will most likely give off: nobody has said so
    assert CALENDAR.is_provisional(date(2027, 3, 3))


def test_the_statutory_holidays_follow_each_revision_of_the_rules() -> None:
    assert date(2024, 5, 2) not in statutory_days(2024)
    assert date(2025, 5, 2) in statutory_days(2025)
    assert statutory_days(2013)[date(2013, 2, 9)] == "农历除夕"
    assert date(2014, 1, 30) not in statutory_days(2014)
    assert len(statutory_days(2027)) == 13
    assert statutory_days(2028)[date(2028, 10, 3)] == "中秋节、国庆节"
    assert len(statutory_days(2300)) == 6  # beyond the lunar tables only the solar holidays are known


def test_a_complete_own_table_settles_its_year() -> None:
    calendar = CALENDAR.with_rows(rows_of_2027())
    assert not any(day.provisional for day in calendar.year(2027))
    assert not calendar.is_workday(date(2027, 10, 4))
    assert calendar.day_kind(date(2027, 10, 4)).kind is DayKind.LIEU
    assert calendar.day_kind(date(2027, 9, 26)).kind is DayKind.MAKEUP
    assert calendar.day_kind(date(2027, 10, 1)).source == NOTICE
    assert calendar.is_provisional(date(2028, 1, 3))
    assert CALENDAR.is_provisional(date(2027, 10, 4)), "a calendar never changes; with_rows gives a new one"


def test_an_incomplete_own_table_names_what_it_lacks_and_stays_provisional() -> None:
    calendar = CALENDAR.with_rows(row for row in rows_of_2027() if row.name not in {"端午节", "中秋节"})
    day = calendar.day_kind(date(2027, 3, 3))
    assert day.provisional
    assert "缺少端午节、中秋节" in day.reason
    assert not calendar.is_provisional(date(2027, 10, 4))
    assert not calendar.is_workday(date(2027, 6, 9)), "a statutory holiday stays off though the table forgot it"


def test_two_tables_in_turn_settle_a_year_together() -> None:
    rows = rows_of_2027()
    halves = CALENDAR.with_rows(rows[:5]).with_rows(rows[5:])
    assert halves.settled == CALENDAR.with_rows(rows).settled
    assert dict(halves.marks) == dict(CALENDAR.with_rows(rows).marks)


def test_an_own_row_corrects_a_published_day() -> None:
    storm = OwnRow(date(2026, 9, 8), False, "防御台风停工", "云泽市防汛防旱防风指挥部通告")
    calendar = CALENDAR.with_rows([OwnRow(storm.day, True), storm])
    assert calendar.day_kind(storm.day).kind is DayKind.LIEU
    assert not calendar.is_workday(storm.day)
    assert not calendar.is_provisional(storm.day)
    assert CALENDAR.with_rows([]) is CALENDAR


def test_a_plain_weekend_in_a_full_table_stays_a_weekend() -> None:
    calendar = CALENDAR.with_rows([OwnRow(date(2027, 3, 6), False), OwnRow(date(2027, 3, 5), True)])
    assert calendar.day_kind(date(2027, 3, 6)).kind is DayKind.WEEKEND
    assert calendar.day_kind(date(2027, 3, 5)).kind is DayKind.WORKDAY


@given(st.dates(date(1990, 1, 1), date(2120, 12, 31)))
def test_the_next_working_day_is_worked_and_none_lies_between(day: date) -> None:
    following = CALENDAR.next_workday(day)
    assert CALENDAR.is_workday(following)
    between = [day + timedelta(days=n) for n in range(1, (following - day).days)]
    assert not any(CALENDAR.is_workday(d) for d in between)
    assert CALENDAR.next_workday(following, including=True) == following


@given(st.dates(date(1990, 1, 1), date(2120, 12, 31)))
def test_a_days_kind_name_and_reason_agree(day: date) -> None:
    found = CALENDAR.day_kind(day)
    assert found.kind is CALENDAR.kind_of(day)
    assert found.is_workday == CALENDAR.is_workday(day)
    assert bool(found.reason) == found.provisional == CALENDAR.is_provisional(day)
    assert found.kind.label
    if found.kind.is_festival or found.kind is DayKind.MAKEUP:
        assert found.name
        assert found.source
