"""The calendar in English says what the Chinese one says, and the Chinese one still says it as the calendar does."""

import re
from datetime import date

import pytest
from django.utils.translation import override

from shiheng.catalogue import grid
from shiheng.catalogue.actions import told
from shiheng.catalogue.definition import SheetRow, judge
from shiheng.kernel.calendars import DayKind, OwnRow, published_calendar
from shiheng.site.translate import compile_catalogues

CHINESE = re.compile("[\u3400-\u9fff]")
PUBLISHED = published_calendar()
LOADED = PUBLISHED.with_rows([OwnRow(date(2030, 1, 1), False, "元旦", "通知")])
FAULTY = [
    SheetRow(2, {"日期": "明天", "是否上班": "否"}),
    SheetRow(3, {"日期": "1999-01-01", "是否上班": "否"}),
    SheetRow(4, {"日期": "2027-10-01", "是否上班": "也许"}),
    SheetRow(5, {"日期": "2027-10-04", "是否上班": "否", "名称": "n" * 51}),
    SheetRow(6, {"日期": "2027-10-09", "是否上班": "是"}),
    SheetRow(7, {"日期": "2027-10-10", "是否上班": "否"}),
    SheetRow(8, {"日期": "2027-10-10", "是否上班": "否"}),
]


@pytest.fixture(autouse=True, scope="module")
def catalogues() -> None:
    compile_catalogues()


@pytest.mark.parametrize("calendar", [PUBLISHED, LOADED])
@pytest.mark.parametrize("year", [2026, 2030, 2031])
def test_in_chinese_a_year_is_told_as_the_calendar_tells_it(calendar: object, year: int) -> None:
    assert grid.reason(calendar, year) == calendar.reason(year)
    assert grid.edition(calendar) == calendar.edition


def test_a_loaded_year_lacks_what_no_row_names() -> None:
    assert PUBLISHED.lacking(2030)[0] == "元旦"
    assert "元旦" not in LOADED.lacking(2030)
    assert "国庆节" in LOADED.lacking(2030)


def test_in_english_a_year_is_told_with_its_facts() -> None:
    with override("en"):
        assert grid.reason(PUBLISHED, 2030).startswith("The holiday arrangements for 2030 are not loaded yet")
        assert "lack Lunar New Year's Eve, Spring Festival" in grid.reason(LOADED, 2030)
        assert grid.edition(LOADED).endswith("days loaded by this bureau: 1")


def test_every_kind_of_day_and_every_holiday_of_the_law_has_an_english_name() -> None:
    assert set(grid.KINDS) == {kind.label for kind in DayKind}
    with override("en"):
        for year in (2026, 2030):
            days = PUBLISHED.year(year)
            cells = [
                cell
                for month in grid.months(PUBLISHED, year, today=days[0].day)
                for week in month.weeks
                for cell in week
            ]
            assert not [cell.words for cell in cells if cell and CHINESE.search(cell.words)]
            assert not [span.told for span in grid.spans(days) if CHINESE.search(span.told)]
        assert grid.said("国庆节调休") == "National Day exchange"
        assert grid.said("中秋节、国庆节") == "Mid-Autumn Festival, National Day"
        assert grid.said("建市纪念日") == "建市纪念日"


def test_a_faulty_row_is_told_in_both_languages() -> None:
    faults = judge(FAULTY).faults
    assert len(faults) == 6
    assert [told(fault) for fault in faults] == [str(fault) for fault in faults]
    with override("en"):
        english = [told(fault) for fault in faults]
    assert english[1] == "Row 3, “日期” (1999-01-01): the year must be between 2004 and 2100"
    assert english[4] == "Row 6, “文号” (empty): work on a weekend needs the notice it rests on"
    assert english[5].endswith("the same day as in row 7; keep only one row")
    assert not [text for text in english if CHINESE.search(re.sub("“[^”]*”|\\([^)]*\\)", "", text))]
