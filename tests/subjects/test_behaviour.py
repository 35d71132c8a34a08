"""行为: a life on one line, nothing told twice; and what is unusual only beside enough of its like."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.subjects import behaviour
from shiheng.subjects.behaviour import ENOUGH, Span, compare

counts = st.lists(st.integers(0, 8), max_size=120)
many = st.lists(st.integers(0, 8), min_size=ENOUGH, max_size=120)
own = st.integers(0, 9)


@given(own, counts.flatmap(lambda held: st.tuples(st.just(held), st.permutations(held))))
def test_the_order_of_the_like_does_not_matter(own, held):
    told, shuffled = held
    assert compare(own, told, least=2) == compare(own, shuffled, least=2)


@given(own, counts, st.integers(0, 9))
def test_a_peer_with_fewer_never_makes_it_less_unusual(own, peers, other):
    before, after = compare(own, peers, least=2), compare(own, [*peers, other], least=2)
    if other < own:
        assert after.unusual >= before.unusual


@given(own, many, st.integers(0, 9))
def test_a_peer_with_as_many_never_makes_it_more_unusual(own, peers, other):
    if other >= own:
        assert compare(own, [*peers, other], least=2).unusual <= compare(own, peers, least=2).unusual


@given(own, many)
def test_more_of_its_own_is_never_less_unusual(own, peers):
    assert compare(own + 1, peers, least=2).unusual >= compare(own, peers, least=2).unusual


@given(st.integers(0, 99), st.lists(st.integers(0, 8), max_size=ENOUGH - 1))
def test_nothing_is_unusual_beside_too_few(own, peers):
    assert not compare(own, peers, least=1).unusual


@given(own, counts)
def test_every_peer_stands_in_one_band_and_the_subject_in_one(own, peers):
    bands = compare(own, peers, least=2).bands
    assert sum(band.peers for band in bands) == len(peers)
    assert sum(band.own for band in bands) == 1
    assert all(later.low == (earlier.high or 0) + 1 for earlier, later in itertools.pairwise(bands))


def test_what_is_unusual_is_told_by_how_many_have_fewer():
    standing = compare(6, [0] * 180 + [1] * 25 + [2] * 5 + [7, 9], least=2)
    assert standing.unusual
    assert (standing.peers, standing.fewer, standing.most_of_fewer, standing.as_many) == (212, 210, 2, 2)
    assert standing.percent_fewer == 99
    assert (standing.middle, standing.highest) == (0, 9)
    assert not compare(6, [0] * 90 + [6] * 10, least=2).unusual, "one in ten is not rare"
    assert not compare(1, [0] * 200, least=2).unusual, "one says little"
    assert compare(1, [0] * 200, least=1).unusual


def test_a_territory_widens_up_to_everywhere():
    assert behaviour.widened("4499.01.03.") == ["4499.01.03.", "4499.01.", "4499.", ""]
    assert behaviour.widened("") == [""]


@pytest.mark.parametrize(
    ("title", "lane"),
    [("住所（经营场所）变更", "moves"), ("法定代表人（负责人、经营者）变更", "changes"), ("名称变更", "changes")],
)
def test_a_change_of_address_is_a_move(title, lane):
    assert behaviour.lane_of("change", title) == lane


def test_the_beginning_of_a_file_is_no_change_and_a_reported_change_is_told_once():
    first, later = date(2020, 1, 1), date(2024, 5, 1)
    spans = [
        Span("name", "老灶台", first),
        Span("name", "新灶台", later),
        Span("address", "码头路1号", first, "码头路/1"),
        Span("address", "江口街道码头路1号", later, "码头路/1"),
        Span("representative", "陈立本", None),
        Span("representative", "郑安", later),
    ]
    assert behaviour.begun(spans, []) == [Span("name", "新灶台", later)]
    assert behaviour.begun(spans, [("name", later - timedelta(days=20))]) == []
    assert len(behaviour.begun(spans, [("name", later - timedelta(days=60))])) == 1


@pytest.mark.parametrize(
    ("day", "late"), [(date(2025, 6, 30), False), (date(2025, 7, 1), True), (date(2026, 3, 1), True)]
)
def test_an_annual_report_is_late_from_july_on(day, late):
    assert behaviour.is_late({"year": "2024"}, day) is late
    assert not behaviour.is_late({"year": "二〇二四"}, day)


def test_a_leap_day_has_a_day_a_year_before():
    assert behaviour.since(date(2028, 2, 29), 1) == date(2027, 2, 28)
