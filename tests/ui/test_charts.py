"""Charts begin at zero, say what they show in words too, and never show what is not known as nothing."""

import itertools
import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from shiheng.ui import charts
from shiheng.ui.charts import Area, Bar, Chart, Lane, Moment, Series

EVERY = [
    charts.bar("条", [Bar("甲<b>", 10, "/x?a=1&b=2"), Bar("乙", 0), Bar("丙", 5, tone="late")], unit="件"),
    charts.line("线", ["1 月", "2 月", "3 月"], [Series("投诉", [1, None, 3]), Series("举报", [2, 2, 2])]),
    charts.stacked("段", ["甲", "乙"], [Series("按期", [3, 1], "ok"), Series("逾期", [1, 0], "late")]),
    charts.cartogram("图", [Area("甲", [(0, 0), (2, 0), (1, 2)], 3, "/a"), Area("乙", [(2, 0), (3, 2), (1, 2)], None)]),
    charts.lanes(
        "道",
        [
            Lane("投诉", [Moment(date(2026, 3, 1), "质量<b>", "/r?a=1&b=2"), Moment(date(2026, 8, 1), "价格")]),
            Lane("检查", []),
        ],
        since=date(2026, 1, 1),
        until=date(2026, 12, 31),
        unit="件",
    ),
    charts.bar("空", []),
    charts.line("空", [], []),
    charts.stacked("空", [], []),
    charts.cartogram("空", []),
    charts.lanes("空", [], since=date(2026, 1, 1), until=date(2026, 1, 1)),
]


@pytest.mark.parametrize("chart", EVERY, ids=lambda c: c.title)
def test_a_chart_is_well_formed_says_what_it_shows_and_has_no_inline_style(chart: Chart) -> None:
    root = ET.fromstring(chart.standalone())
    assert root.get("aria-label", "").startswith(chart.title)
    assert "style=" not in chart.svg
    assert "<script" not in chart.svg


def test_widths_are_in_proportion_from_zero() -> None:
    widths = re.findall(r'width="([\d.]+)%" height="10" rx="2" fill="#(?!dde2e8)', EVERY[0].svg)
    assert widths == ["100.00", "0.00", "50.00"]


def test_a_gap_in_the_data_is_a_gap_in_the_line_and_told_in_the_table() -> None:
    line = EVERY[1]
    assert line.svg.count('stroke="#174f91"') == 0, "the only neighbours of the first line are separated by the gap"
    assert line.svg.count('stroke="#b3570a"') == 2
    assert line.rows[1] == ("2 月", "未取得", "2")


def test_what_is_not_known_on_a_map_is_not_the_palest_shade() -> None:
    assert 'class="unknown"' in EVERY[3].svg
    assert EVERY[3].rows == (("甲", "3"), ("乙", "未取得"))


def test_figures_open_their_rows() -> None:
    assert '<a href="/x?a=1&amp;b=2">' in EVERY[0].svg
    assert 'role="group"' in EVERY[0].svg, "links inside an image would be hidden from a screen reader"
    assert 'role="img"' in EVERY[1].svg


def test_the_page_puts_a_sentence_above_and_a_table_behind() -> None:
    chart = charts.bar("各所在办件", [Bar("甲所", 3)], sentence="甲所最多。", unit="件")
    page = engines["django"].from_string("{% load ui %}{% chart c %}").render({"c": chart})
    assert "甲所最多。" in page
    assert re.search(r'<th scope="row">甲所</th><td class="right">3件</td>', page)


@given(st.one_of(st.integers(0, 10**12), st.floats(0.01, 1e9)))
def test_the_scale_holds_the_largest_value_in_few_round_steps(most: float) -> None:
    ticks = charts._ticks(most)
    assert ticks[0] == 0
    assert ticks[-1] >= most * (1 - 1e-6)
    assert len(ticks) <= 6
    assert len(set(ticks)) == len(ticks)


@given(st.lists(st.floats(0, 200), max_size=8).map(sorted))
def test_labels_never_touch(wanted: list[float]) -> None:
    placed = charts._apart(wanted)
    assert all(b - a > 15.99 for a, b in itertools.pairwise(placed))


def test_moments_open_their_own_and_what_is_close_together_opens_its_lane() -> None:
    first = date(2024, 1, 1)
    held = [Moment(first + timedelta(days=n), f"第{n}件", f"/r/{n}") for n in (0, 1, 2, 500)]
    chart = charts.lanes("道", [Lane("投诉", held, "/all")], since=first, until=date(2026, 1, 1), unit="件")
    assert chart.svg.count("<circle") == 2
    assert '<a href="/r/500">' in chart.svg
    assert '<a href="/all"><title>投诉：2024-01-01—2024-01-03，3件</title>' in chart.svg
    assert chart.rows == (("投诉", "4件", "2024-01-01", "2025-05-15"),)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 30_000))
def test_a_line_of_time_has_few_beginnings_and_all_lie_in_it(since: date, days: int) -> None:
    until = since + timedelta(days=days)
    told = charts._calendar(since, until)
    assert len(told) <= 8
    assert all(since < day <= until for day, _label in told)
