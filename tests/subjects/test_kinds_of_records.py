"""The kinds of records departments send: each stands under a tab, each fact has a title, and not everything is open."""

from datetime import date
from itertools import chain

import pytest

from shiheng.subjects import layout
from tests.lines import declared

TODAY = date(2026, 11, 20)
SHIPPED = [source for source in map(declared.source, declared.codes()) if source.record]


@pytest.mark.parametrize("source", SHIPPED, ids=lambda source: source.code)
def test_a_shipped_kind_of_record_stands_under_a_tab_with_titles_for_what_it_says(source):
    kind = source.record.kind
    assert kind in set(chain.from_iterable(tab.kinds for tab in layout.TABS))
    assert kind in layout.RECORD_TITLES
    assert set(source.record.facts) - set(layout.FACTS) - layout.UNSAID == set()


@pytest.mark.parametrize("source", SHIPPED, ids=lambda source: source.code)
def test_a_sum_in_fen_is_known_as_one(source):
    sums = {fact for fact, column in source.record.facts.items() if source.column(column).kind == "money"}
    assert sums <= layout.SUMS
    assert {fact for fact in source.record.facts if fact in layout.SUMS} == sums


@pytest.mark.parametrize("source", SHIPPED, ids=lambda source: source.code)
def test_nothing_sensitive_is_said_in_a_record_open_to_everybody(source):
    if source.record.kind in layout.OPEN_KINDS:
        assert set(source.record.facts.values()) & set(source.sensitive()) == set()


def test_what_is_under_way_or_concerns_a_crime_is_not_open():
    assert layout.OPEN_KINDS.isdisjoint(
        {"transfer", "court_case", "complaint", "hotline", "lead", "tax_arrears", "social_security"}
    )
    assert {"penalty", "abnormal", "serious", "food_sample", "product_sample"} <= layout.OPEN_KINDS


@pytest.mark.parametrize(
    ("kind", "state", "facts", "kept_back"),
    [
        ("penalty", "公示中", {}, False),
        ("penalty", "", {"public_until": "2026-11-20"}, False),
        ("penalty", "公示中", {"public_until": "2026-11-19"}, True),
        ("penalty", "停止公示", {"public_until": "2029-01-01"}, True),
        ("penalty", "未公示", {}, True),
        ("penalty", "已撤销", None, True),
        ("permit", "停止公示", {"public_until": "2020-01-01"}, False),
        ("judgment", "全部未履行", {}, False),
        ("judgment", "全部已履行", {}, True),
        ("judgment", "全部未履行", {"left": "2026-11-20"}, True),
        ("judgment", "全部未履行", {"left": "2026-11-21"}, False),
        ("wage_arrears", "处理中", {"published": "2026-11-20"}, False),
        ("wage_arrears", "处理中", {"published": "2026-11-21"}, True),
        ("wage_arrears", "已结清", {"settled": "2026-10-01"}, True),
    ],
)
def test_a_penalty_or_an_entry_of_a_list_is_open_only_while_it_is_published(kind, state, facts, kept_back):
    assert layout.withheld(kind, state, facts, TODAY) is kept_back


def test_sums_are_shown_in_yuan():
    assert layout.with_sums({"fine": "500000", "amount": "1200000000", "case": "500000", "paid": None}) == {
        "fine": "5,000.00 元",
        "amount": "1,200 万元",
        "case": "500000",
        "paid": None,
    }
