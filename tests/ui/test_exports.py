"""The file is the list: the same rows, the same columns, in the same order, and never a formula."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from shiheng.accounts.models import Office
from shiheng.kernel.clock import SHANGHAI
from shiheng.kernel.errors import Forbidden, Refused
from shiheng.ui import exports, tables
from shiheng.ui.tables import Column, Filter, Table

Ask = Callable[..., HttpRequest]

TABLE = Table(
    "offices",
    "机构",
    [
        Column("code", "代码", sort="code", kind="code"),
        Column("title", "名称"),
        Column("posts", "金额", "established_posts", kind="money", sort="established_posts"),
        Column("closed", "撤销日期", "closed_on", kind="day"),
        Column("seen", "时间", lambda _o: datetime(2026, 11, 20, 6, 5, tzinfo=SHANGHAI), kind="moment"),
        Column("phone", "电话", hidden=True),
    ],
    [Filter("title", "名称", lookup="title__contains")],
    default_sort="code",
    page_size=20,
)


@pytest.fixture
def offices(db: None) -> None:
    for n in range(60):
        Office.objects.create(
            code=f"{n:03}", title=("=1+1" if n == 3 else f"第{n}所"), kind="station", path=f"1.{n:03}.",
            established_posts=n * 101, closed_on=date(2026, 3, 1) if n % 2 else None,
        )  # fmt: skip


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_csv_holds_every_filtered_row_in_the_order_of_the_list(ask: Ask, offices: None) -> None:
    listing = TABLE.read(ask("/list/?title=所&sort=-posts&export=csv&page=2"), Office.objects.all())
    assert listing.wants_export
    text = body(listing.response()).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["代码", "名称", "金额（元）", "撤销日期", "时间"]
    wanted = list(Office.objects.filter(title__contains="所").order_by("-established_posts"))
    assert [r[0] for r in rows[1:]] == [o.code for o in wanted]
    assert rows[1] == ["059", "第59所", "59.59", "2026-03-01", "2026-11-20 06:05:00"]


def test_csv_begins_with_a_byte_order_mark_so_that_excel_reads_chinese(ask: Ask, offices: None) -> None:
    response = TABLE.read(ask("/list/?export=csv"), Office.objects.all()).response()
    assert body(response).startswith(b"\xef\xbb\xbf")
    assert "filename*=utf-8''%E6%9C%BA%E6%9E%84_" in response["Content-Disposition"]


def test_xlsx_holds_the_same_with_dates_and_numbers_as_such(ask: Ask, offices: None) -> None:
    listing = TABLE.read(ask("/list/?export=xlsx"), Office.objects.all())
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(listing.response())))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 61
    assert rows[2] == ["001", "第1所", 1.01, date(2026, 3, 1), datetime(2026, 11, 20, 6, 5)]
    assert rows[4][1] == "=1+1", "the value itself stays; the cell is text, marked as quoted"


def test_text_that_would_run_as_a_formula_is_quoted_in_csv(ask: Ask, offices: None) -> None:
    text = body(TABLE.read(ask("/list/?export=csv"), Office.objects.all()).response()).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[4][1] == "'=1+1"


@given(st.text(max_size=20))
def test_no_text_leaves_as_a_formula(text: str) -> None:
    kept = exports.guarded(text)
    assert not kept.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert kept.removeprefix("'") == text.removeprefix("'")


def test_a_negative_number_is_a_number_and_no_formula() -> None:
    column = Column("a", "甲", kind="money")
    (_, line) = exports.csv_lines([column], iter([{"a": -12345}]))
    assert line.strip() == "-123.45"


def test_the_columns_a_person_chose_are_the_columns_of_the_file(ask: Ask, offices: None) -> None:
    from shiheng.ui.models import Preference

    Preference.objects.create(owner="account:7", code="table:offices", value={"columns": ["phone", "code"]})
    listing = TABLE.read(ask("/list/?export=csv", owner="account:7"), Office.objects.all())
    assert body(listing.response()).decode("utf-8-sig").splitlines()[0] == "代码,电话"


def test_too_many_rows_are_refused_before_the_first_is_written(
    ask: Ask, offices: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "EXPORT_MOST", 59)
    with pytest.raises(Refused, match="超过 59 行"):
        TABLE.read(ask("/list/?export=csv"), Office.objects.all()).response()


def test_who_may_not_export_gets_neither_the_link_nor_the_file(ask: Ask, offices: None) -> None:
    listing = TABLE.read(ask("/list/?export=csv"), Office.objects.all(), may_export=False)
    assert listing.export_urls == []
    with pytest.raises(Forbidden):
        listing.response()


def test_a_senseless_filter_exports_nothing(ask: Ask, db: None) -> None:
    table = Table("t", "t", TABLE.columns, [Filter("day", "日", "day_range", "closed_on")])
    with pytest.raises(Refused, match="筛选条件有误"):
        table.read(ask("/list/?export=csv&day_from=x"), Office.objects.all()).response()
