"""Where a subject was from when to when, and that the months add up whatever befell anybody."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.accounts.territories import from_offices
from shiheng.subjects import balance, stays
from shiheng.subjects.balance import Flow
from shiheng.subjects.stays import Domicile, Point, Stay
from tests.cast import OFFICES

RIVER, WILLOW, LAKE = "4499.01.01.", "4499.01.02.", "4499.02.01."
DISTRICT, BORN = "4499.01.", date(2020, 5, 6)
READ = from_offices((code, kind, path, town, title) for code, title, kind, path, town in OFFICES).read


def held(scope=RIVER, *told, status="active", ended=None, established=BORN):
    return stays.of(
        scope, established=established, ended_on=ended, status=status, standing=status in ("active", "suspended"),
        told=told,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("云泽市临江区江口街道码头路12号", RIVER),
        ("广东省云泽市望湖区湖东街道湖滨路3号", LAKE),
        ("临江区码头路12号", DISTRICT),
        ("江口街道码头路12号", RIVER),
        ("云泽市江口街道码头路12号", RIVER),
        ("云泽市江南区江口街道码头路12号", ""),  # another district, and not one of ours
        ("码头路12号", ""),
    ],
)
def test_a_territory_is_read_from_an_address(address, path):
    assert READ(address) == path


def test_whoever_never_moved_has_one_stay():
    assert held() == [Stay(RIVER, BORN)]
    assert held(RIVER, status="deregistered", ended=date(2024, 1, 2)) == [
        Stay(RIVER, BORN, date(2024, 1, 2), ended="deregistered")
    ]


@pytest.mark.parametrize(
    "columns",
    [
        {"established": None},
        {"status": "unknown"},
        {"status": "deregistered"},
        {"status": "revoked", "ended": date(2019, 1, 1)},
    ],
)
def test_whose_days_are_not_known_has_none(columns):
    assert held(RIVER, **columns) == []


def test_a_reported_change_is_a_move_on_its_day_and_a_later_file_repeats_it():
    moved = date(2024, 3, 1)
    told = stays.points(
        LAKE,
        [
            Domicile("云泽市临江区江口街道码头路12号", date(2023, 1, 31), date(2024, 3, 20), current=False),
            Domicile("云泽市望湖区湖东街道湖滨路3号", date(2024, 3, 20), None, current=True),
        ],
        [(moved, "云泽市临江区江口街道码头路12号", "云泽市望湖区湖东街道湖滨路3号")],
        READ,
    )
    first, second = held(LAKE, *told)
    assert (first.scope, first.until, first.ended, first.left_to) == (RIVER, moved, "across", LAKE)
    assert (second.scope, second.since, second.began, second.came_from) == (LAKE, moved, "across", RIVER)
    assert second.told == stays.CHANGE


def test_without_a_reported_change_a_move_is_what_a_later_file_shows():
    told = stays.points(
        WILLOW,
        [
            Domicile("云泽市临江区江口街道码头路12号", date(2023, 1, 31), date(2024, 3, 20), current=False),
            Domicile("柳岸镇某处", date(2024, 3, 20), None, current=True),  # the code says where that is
        ],
        [],
        READ,
    )
    _first, second = held(WILLOW, *told)
    assert (second.since, second.began, second.told) == (date(2024, 3, 20), "within", stays.FILE)


def test_another_spelling_or_a_place_known_less_nearly_is_no_move():
    told = stays.points(
        RIVER,
        [
            Domicile("临江区码头路12号", date(2023, 1, 31), date(2024, 3, 20), current=False),
            Domicile("云泽市临江区江口街道码头路12号", date(2024, 3, 20), None, current=True),
        ],
        [],
        READ,
    )
    assert held(RIVER, *told) == [Stay(RIVER, BORN)]


def test_who_came_back_was_away():
    told = stays.points(
        RIVER,
        [
            Domicile("云泽市临江区江口街道码头路12号", date(2023, 1, 31), None, current=True),
            Domicile("云泽市望湖区湖东街道湖滨路3号", date(2024, 3, 20), date(2025, 2, 1), current=False),
        ],
        [],
        READ,
    )
    assert [(s.scope, s.since) for s in held(RIVER, *told)] == [(LAKE, BORN), (RIVER, date(2025, 2, 1))]


# --- whatever befell anybody ------------------------------------------------------------------------------------

PLACES = ("4499.", "4499.01.", RIVER, WILLOW, "4499.02.", LAKE, "4499.03.01.", "")
DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))
LIVES = st.lists(
    st.builds(
        lambda scope, born, status, lasts, told: stays.of(
            scope,
            established=born,
            ended_on=None if status in ("active", "suspended") else born + timedelta(days=lasts),
            status=status,
            standing=status in ("active", "suspended"),
            told=sorted((Point(*one) for one in told), key=lambda p: p.day),
        ),
        st.sampled_from(PLACES),
        DAYS,
        st.sampled_from(("active", "suspended", *stays.ENDS)),
        st.integers(0, 1500),
        st.lists(st.tuples(DAYS, st.sampled_from(PLACES[:-1]), st.sampled_from(PLACES)), max_size=5),
    ),
    max_size=12,
)
ASKED = st.sampled_from(
    [("4499.",), ("4499.01.",), (RIVER,), ("4499.01.~",), ("4499.02.", RIVER), ("4499.02.", "4499.03.")]
)
SPAN = balance.months("2023-06", "2026-06")


def flows_of(lives):
    """As the database groups them."""
    began = Counter((f"{s.since:%Y-%m}", s.scope, s.began, s.came_from) for life in lives for s in life)
    ended = Counter((f"{s.until:%Y-%m}", s.scope, s.ended, s.left_to) for life in lives for s in life if s.until)
    return [
        *(Flow(*told, n, begins=True) for told, n in began.items()),
        *(Flow(*told, n, begins=False) for told, n in ended.items()),
    ]


def standing_on(lives, day, where):
    return sum(s.since <= day and (s.until is None or s.until > day) and where(s.scope) for life in lives for s in life)


def last_of(month):
    return date(int(balance.later(month, 1)[:4]), int(balance.later(month, 1)[5:]), 1) - timedelta(days=1)


@given(LIVES, ASKED)
def test_stock_before_and_what_happened_make_stock_after(lives, paths):
    """For the whole, for each of its parts and for each station, every month, on any lives at all."""
    flows = flows_of(lives)
    before = last_of(balance.later(SPAN[0], -1))
    for part in (lambda _s: "all", lambda s: balance.unit_of(s, paths), lambda s: s):
        scopes = {s.scope for life in lives for s in life if balance.inside(s.scope, paths)}
        opening = Counter()
        for scope in scopes:
            opening[part(scope)] += standing_on(lives, before, lambda s, scope=scope: s == scope)
        found = balance.lines(flows, opening, paths, part=part)
        for name in {part(scope) for scope in scopes}:
            run = balance.rolled(found.get(name, {}), opening[name], SPAN)
            for month, line in zip(SPAN, run, strict=True):
                there = standing_on(
                    lives, last_of(month), lambda s, own=(part, name): balance.inside(s, paths) and own[0](s) == own[1]
                )
                assert line.closing == there, (name, month)
                assert line.opening + line.came - line.gone == line.closing
                assert line.net == line.closing - line.opening


@given(LIVES, ASKED)
def test_parts_add_up_to_the_whole(lives, paths):
    flows = [f for f in flows_of(lives) if SPAN[0] <= f.month <= SPAN[-1]]
    whole = balance.total(
        balance.rolled(balance.lines(flows, {}, paths, part=lambda _s: "all").get("all", {}), 0, SPAN)
    )
    units = balance.lines(flows, {}, paths, part=lambda s: balance.unit_of(s, paths))
    parts = [balance.total(balance.rolled(by, 0, SPAN)) for by in units.values()]
    for name in ("born", *balance.CLOSED, "moved_out"):
        assert sum(one.events[name] for one in parts) == whole.events[name], name
    assert sum(one.net for one in parts) == whole.net
    moved = balance.matrix(flows, paths)
    into = sum(n for (origin, _goal), n in moved.items() if origin == balance.OUTSIDE)
    assert into == whole.events["across_in"] + whole.events["within_in"]
    out = sum(n for (_origin, goal), n in moved.items() if goal == balance.OUTSIDE)
    assert out == whole.events["across_out"] + whole.events["within_out"]
    between = sum(n for (a, b), n in moved.items() if {a, b}.isdisjoint({balance.OUTSIDE, balance.ELSEWHERE}))
    assert between <= whole.events["inner_across"] + whole.events["inner_within"]


@given(LIVES)
def test_stays_of_one_follow_each_other_without_a_gap(lives):
    for life in lives:
        for one, following in pairwise(life):
            assert one.until == following.since
            assert (one.left_to, following.came_from) == (following.scope, one.scope)
            assert one.ended == following.began in (stays.ACROSS, stays.WITHIN)
            assert not stays.alike(one.scope, following.scope)
        assert len({s.since for s in life}) == len(life)


def test_far_from_the_own_year_is_unusual_and_few_are_not():
    year = [20, 22, 19, 21, 20, 18, 23, 20, 21, 19, 20, 22]
    assert balance.unusual([60], year) == [0]
    assert balance.unusual([2], year) == [0]
    assert balance.unusual([26], year) == []
    assert balance.unusual([4], [0] * 12) == []  # four is little
    assert balance.unusual([9], [0] * 12) == [0]
    assert balance.unusual([20, 60, 58], year) == [1], "beside a month like it the next is no wonder"
