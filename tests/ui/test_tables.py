"""A list says what its address asks for: filters, sort, page, columns; and refuses in words what makes no sense."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext

from shiheng.accounts.models import Office
from shiheng.kernel.clock import SHANGHAI
from shiheng.ui import tables
from shiheng.ui.models import Draft, Preference, SavedView
from shiheng.ui.tables import Column, Filter, Listing, Table

Ask = Callable[..., HttpRequest]

OFFICES = Table(
    "offices",
    "机构",
    [
        Column("code", "代码", sort="code", kind="code"),
        Column("title", "名称", sort="title", href=lambda o: f"/offices/{o.pk}/"),
        Column("kind", "类别", "get_kind_display", kind="badge", tone={"监管所": "ok"}),
        Column("posts", "编制", "established_posts", sort="established_posts", kind="number"),
        Column("closed", "撤销日期", "closed_on", sort="closed_on", kind="day"),
        Column("parent", "上级", "parent.title", sort="parent__title", hidden=True),
    ],
    [
        Filter("title", "名称", lookup="title__contains"),
        Filter("kind", "类别", "choice", "kind", choices=[("station", "监管所"), ("city", "市局")]),
        Filter("posts", "编制", "number_range", "established_posts"),
        Filter("closed", "撤销日期", "day_range", "closed_on"),
        Filter("open", "未撤销", "flag", apply=lambda rows, _: rows.filter(closed_on=None)),
    ],
    default_sort="code",
    page_size=20,
)


@pytest.fixture
def forty(db: None) -> list[Office]:
    top = Office.objects.create(code="000", title="市局", kind="city", path="1.", established_posts=99)
    made = [
        Office.objects.create(
            code=f"{n:03}", title=f"第{n}所", kind="station", path=f"1.{n:03}.", parent=top, established_posts=n,
            closed_on=date(2026, 1, n) if n <= 10 else None,
        )
        for n in range(1, 40)
    ]  # fmt: skip
    return [top, *made]


def read(ask: Ask, query: str = "", *, owner: str | None = None) -> Listing:
    return OFFICES.read(ask(f"/list/?{query}", owner=owner), Office.objects.select_related("parent"))


def codes(listing: Listing) -> list[str]:
    return [row.code for row in listing.page_rows]


def test_a_plain_address_gives_the_first_page_in_the_default_order(ask: Ask, forty: list[Office]) -> None:
    listing = read(ask)
    assert codes(listing) == [f"{n:03}" for n in range(20)]
    assert (listing.totals.count, listing.last_page, listing.has_next) == (40, 2, True)


def test_filters_come_from_the_address_and_work_together(ask: Ask, forty: list[Office]) -> None:
    listing = read(ask, "kind=station&posts_from=5&posts_to=8&open=&closed_from=2026-01-06")
    assert codes(listing) == ["006", "007", "008"]
    assert listing.described == "类别：监管所；编制：5 至 8；撤销日期：2026-01-06 起"
    assert codes(read(ask, "open=1&posts_to=12")) == ["011", "012"]


def test_each_filter_in_force_can_be_taken_away_alone(ask: Ask, forty: list[Office]) -> None:
    (_, without_kind), (_, without_posts) = read(ask, "kind=station&posts_from=5&sort=-code&page=2").active_filters
    assert without_kind == "/list/?posts_from=5&sort=-code"
    assert without_posts == "/list/?kind=station&sort=-code"


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("closed_from=昨天", "“昨天”不是日期，请写成 2026-11-21。"),
        ("closed_from=0001-01-01", "“0001-01-01”超出可查的年份。"),
        ("posts_from=many", "“many”不是数字。"),
        ("posts_from=NaN", "“NaN”超出可查的范围。"),
        ("posts_from=9&posts_to=3", "起不能大于止。"),
        ("kind=moon", "没有这个选项。"),
        ("title=%00", "最多 100 个字，且不能含控制字符。"),
        ("title=" + "长" * 101, "最多 100 个字，且不能含控制字符。"),
        ("open=perhaps", "只能勾选或不勾选。"),
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_shows_nothing(
    ask: Ask, forty: list[Office], query: str, fault: str
) -> None:
    listing = read(ask, query)
    assert [f.error for f in listing.filters if f.error] == [fault]
    assert listing.faulty
    assert codes(listing) == []


def test_only_declared_columns_sort(ask: Ask, forty: list[Office]) -> None:
    assert codes(read(ask, "sort=-posts"))[:2] == ["000", "039"]
    for forbidden in ("kind", "pk", "parent__path", "-code__regex", "password"):
        listing = read(ask, f"sort={forbidden}")
        assert codes(listing)[0] == "000"
        assert listing.notices == ["网址中的排序列不可用，已按默认顺序显示。"]


def test_rows_without_a_value_come_last_both_ways_on_every_database(ask: Ask, forty: list[Office]) -> None:
    assert codes(read(ask, "sort=closed"))[:2] == ["001", "002"]
    assert codes(read(ask, "sort=-closed"))[:2] == ["010", "009"]


def test_equal_values_keep_one_order_over_pages(ask: Ask, forty: list[Office]) -> None:
    Office.objects.update(established_posts=1)
    seen = codes(read(ask, "sort=posts")) + codes(read(ask, "sort=posts&page=2"))
    assert sorted(seen) == [f"{n:03}" for n in range(40)]


@pytest.mark.parametrize("page", ["0", "-1", "x", "１", "1e3", ""])
def test_a_page_that_is_no_number_is_the_first_and_says_so(ask: Ask, forty: list[Office], page: str) -> None:
    listing = read(ask, f"page={page}")
    assert codes(listing)[0] == "000"
    assert listing.told == ["网址中的页码不可用，已显示第 1 页。"]


def test_a_page_past_the_end_shows_the_last_one_and_says_so(ask: Ask, forty: list[Office]) -> None:
    listing = read(ask, "page=400")
    assert codes(listing)[-1] == "039"
    assert listing.told == ["第 400 页没有内容，已显示最后一页。"]
    assert (listing.first_row, listing.last_row) == (21, 40)


def test_the_database_is_never_asked_to_skip_without_bound(ask: Ask, forty: list[Office]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        listing = read(ask, "page=999999999999999")
        assert codes(listing)[-1] == "039"
    offsets = [int(q["sql"].split("OFFSET ")[1].split()[0]) for q in asked if "OFFSET " in q["sql"]]
    assert offsets
    assert max(offsets) < tables.DEEPEST


def test_totals_are_counted_to_a_thousand(ask: Ask, forty: list[Office], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "COUNT_CAP", 30)
    listing = read(ask)
    assert listing.totals.text == "30+"
    assert listing.last_page is None


def test_the_last_page_needs_no_count(ask: Ask, forty: list[Office]) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert read(ask, "kind=city").totals.text == "1"
    assert not [q for q in asked if "COUNT(" in q["sql"]]


def test_chosen_columns_and_density_are_remembered_and_stale_ones_forgotten(ask: Ask, forty: list[Office]) -> None:
    Preference.objects.create(
        owner="account:7", code="table:offices", value={"columns": ["parent", "code", "gone"], "density": "dense"}
    )
    mine = read(ask, owner="account:7")
    assert [c.key for c in mine.columns] == ["code", "parent"]
    assert mine.density == "dense"
    assert "parent" not in [c.key for c in read(ask, owner="account:8").columns]


def test_a_saved_view_is_an_address_and_knows_when_it_is_shown(ask: Ask, forty: list[Office]) -> None:
    SavedView.objects.create(
        owner="account:7", table="offices", name="所", query="kind=station&sort=-code",
        created_at=datetime(2026, 11, 20, tzinfo=SHANGHAI),
    )  # fmt: skip
    listing = read(ask, "sort=-code&page=2&kind=station&title=", owner="account:7")
    assert [(url, current) for _, url, current in listing.views] == [("/list/?kind=station&sort=-code", True)]
    assert read(ask, owner="account:8").views == []


def test_moments_are_filtered_by_whole_days_in_shanghai(ask: Ask, db: None) -> None:
    table = Table("drafts", "草稿", [Column("form", "表单")], [Filter("at", "时间", "moment_range", "saved_at")])
    for form, moment in (
        ("before", datetime(2026, 11, 19, 23, 59, tzinfo=SHANGHAI)),
        ("first", datetime(2026, 11, 20, 0, 0, tzinfo=SHANGHAI)),
        ("last", datetime(2026, 11, 20, 23, 59, 59, tzinfo=SHANGHAI)),
        ("after", datetime(2026, 11, 21, 0, 0, tzinfo=SHANGHAI)),
    ):
        Draft.objects.create(owner="a", form=form, saved_at=moment)
    listing = table.read(ask("/list/?at_from=2026-11-20&at_to=2026-11-20"), Draft.objects.all())
    assert sorted(d.form for d in listing.page_rows) == ["first", "last"]


def test_a_money_range_is_typed_in_yuan_and_compared_in_fen(ask: Ask, forty: list[Office]) -> None:
    table = Table("m", "m", OFFICES.columns, [Filter("fen", "金额", "money_range", "established_posts")])
    listing = table.read(ask("/list/?fen_from=0.05&fen_to=0.07"), Office.objects.all())
    assert codes(listing) == ["005", "006", "007"]


def test_what_is_shown_is_escaped(ask: Ask, forty: list[Office]) -> None:
    Office.objects.filter(code="001").update(title="<script>alert(1)</script>")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", read(ask).body)
    assert any("&lt;script&gt;" in cell for cell in cells)
    assert not any("<script" in cell for cell in cells)


def test_a_list_of_plain_values_sorts_and_pages_the_same(ask: Ask) -> None:
    table = Table("plain", "样例", [Column("a", "甲", sort="a", kind="number")], default_sort="-a", page_size=20)
    values: list[dict[str, Any]] = [{"a": n} for n in range(30)] + [{"a": None}]
    listing = table.read(ask("/list/?page=2"), values)
    assert [r["a"] for r in listing.page_rows] == [*range(9, -1, -1), None]


def test_a_declaration_with_a_key_twice_or_reserved_is_a_fault() -> None:
    twice = [Column("a", "甲"), Column("a", "乙")]
    with pytest.raises(ValueError, match="repeat"):
        Table("t", "t", twice)
    with pytest.raises(ValueError, match="reserved"):
        Table("t", "t", twice[:1], [Filter("page", "页", lookup="x")])
    with pytest.raises(ValueError, match="lookup"):
        Filter("a", "甲")
