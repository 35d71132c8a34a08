"""The calendar and code pages as people use them: reading for every officer, loading for who keeps the calendar."""

import uuid
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shiheng.catalogue import grid
from shiheng.catalogue.actions import load_builtin_tables
from shiheng.catalogue.models import CalendarLoad, WorkDay
from shiheng.kernel.calendars import published_calendar
from tests.catalogue.test_loading_a_holiday_table import ROWS, as_csv, as_xlsx

if TYPE_CHECKING:
    from django.test import Client

Browser = Callable[[str], "Client"]


def upload(browser: "Client", content: bytes, name: str, key: str | None = None) -> object:
    file = SimpleUploadedFile(name, content)
    return browser.post(reverse("calendar-load"), {"file": file, "_key": key or str(uuid.uuid4())})


@pytest.mark.usefixtures("clock")
def test_every_officer_reads_the_year_and_its_holidays(sign_in: Browser) -> None:
    page = sign_in("clerk").get(reverse("calendar")).content.decode()
    assert "2026年日历" in page
    assert "调休上班" in page
    assert "国务院办公厅关于2026年部分节假日安排的通知" in page
    assert 'datetime="2026-12-31"' in page
    assert reverse("calendar-load") not in page
    assert 'aria-current="date"' in page


@pytest.mark.usefixtures("clock")
def test_a_year_without_notice_says_that_it_is_provisional(sign_in: Browser) -> None:
    page = sign_in("clerk").get(reverse("calendar"), {"year": "2027"}).content.decode()
    assert "2027年放假安排尚未载入" in page
    assert page.count("cal-unsure") > 365


@pytest.mark.parametrize("year", ["1999", "2100", "abc", "-1", "２０２６", "999999999999"])
def test_a_year_that_is_not_there_is_told_in_words(sign_in: Browser, year: str) -> None:
    answer = sign_in("clerk").get(reverse("calendar"), {"year": year})
    assert answer.status_code == 404
    assert "2004年至2099年" in answer.content.decode()


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(("make", "name"), [(as_csv, "2027.csv"), (as_xlsx, "2027.xlsx")])
def test_the_administrator_loads_a_table_and_sees_the_year_settled(
    sign_in: Browser, make: Callable[..., bytes], name: str
) -> None:
    browser = sign_in("admin")
    answer = upload(browser, make(ROWS), name)
    assert answer.status_code == 302
    assert answer.url == reverse("calendar") + "?year=2027"
    page = browser.get(answer.url).content.decode()
    assert "已载入放假安排：共15天，其中15天有变动" in page
    assert "尚未载入" not in page
    assert "cal-unsure" not in page
    assert name in page


def test_a_second_click_with_the_same_key_loads_nothing_more(sign_in: Browser) -> None:
    browser, key = sign_in("admin"), str(uuid.uuid4())
    assert upload(browser, as_csv(ROWS), "a.csv", key).status_code == 302
    assert upload(browser, as_csv(ROWS), "a.csv", key).status_code == 302
    assert CalendarLoad.objects.count() == 1
    assert upload(browser, as_csv(ROWS[:2]), "a.csv", key).status_code == 422


def test_a_faulty_table_is_shown_back_by_line(sign_in: Browser) -> None:
    bad = [*ROWS, {"日期": "2027-02-30", "是否上班": "否", "名称": "<b>", "文号": ""}]
    answer = upload(sign_in("admin"), as_csv(bad), "a.csv")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第17行“日期”（2027-02-30）" in page
    assert not WorkDay.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "why"), [(b"%PDF", "a.pdf", "不支持"), (b"", "a.csv", ""), (b"zz", "a.xlsx", "打不开")]
)
def test_a_file_that_is_no_table_is_refused_on_the_form(sign_in: Browser, content: bytes, name: str, why: str) -> None:
    answer = upload(sign_in("admin"), content, name)
    assert answer.status_code == 422
    assert why in answer.content.decode()


@pytest.mark.usefixtures("clock")
def test_the_sample_is_a_table_that_loads(sign_in: Browser) -> None:
    browser = sign_in("admin")
    sample = browser.get(reverse("calendar-sample"))
    assert sample["Content-Disposition"] == 'attachment; filename="calendar-2027.csv"'
    assert upload(browser, sample.content, "calendar-2027.csv").status_code == 302
    assert WorkDay.objects.count() == 13


def test_nobody_else_may_load(sign_in: Browser) -> None:
    for column in ("clerk", "chief", "inspector_b", "city", "data", "owner"):
        assert upload(sign_in(column), as_csv(ROWS), "a.csv").status_code == 403
    assert upload(sign_in("anyone"), as_csv(ROWS), "a.csv").status_code == 302
    assert not CalendarLoad.objects.exists()


def test_code_tables_are_listed_searched_and_exported(sign_in: Browser) -> None:
    load_builtin_tables()
    browser = sign_in("clerk")
    listed = browser.get(reverse("code-tables")).content.decode()
    assert "国民经济行业分类" in listed
    page = browser.get(reverse("code-table", args=["industry"]), {"title": "正餐"}).content.decode()
    assert "正餐服务" in page
    assert "谷物种植" not in page
    assert "GB/T 4754-2017" in page
    unchecked = browser.get(reverse("code-table", args=["division"]), {"code": "440102"}).content.decode()
    assert "已停用" in unchecked
    assert browser.get(reverse("code-table", args=["nothing"])).status_code == 404


def test_the_wall_calendar_holds_every_day_once_and_lists_each_holiday() -> None:
    calendar = published_calendar()
    for year in range(2004, 2029):
        months = grid.months(calendar, year, today=date(2026, 11, 20))
        cells = [cell.day.day for month in months for week in month.weeks for cell in week if cell]
        assert cells == [day.day for day in calendar.year(year)]
        assert all(len(week) == 7 for month in months for week in month.weeks)
        assert all(cell.day.day.weekday() == n for m in months for w in m.weeks for n, cell in enumerate(w) if cell)
        off = {day.day for day in calendar.year(year) if day.kind.is_festival}
        spans = grid.spans(calendar.year(year))
        assert all(any(span.first <= day <= span.last for span in spans) for day in off)
        assert all(one.last < two.first for one, two in pairwise(spans))


def test_the_holidays_of_2026_are_listed_as_the_notice_does() -> None:
    spans = {span.name: span for span in grid.spans(published_calendar().year(2026))}
    national = spans["国庆节"]
    assert (national.first, national.last, national.days) == (date(2026, 10, 1), date(2026, 10, 7), 7)
    assert national.makeup == (date(2026, 9, 20), date(2026, 10, 10))
    spring = spans["农历除夕、春节"]
    assert (spring.first, spring.last) == (date(2026, 2, 15), date(2026, 2, 23))
    assert len(spring.makeup) == 2
