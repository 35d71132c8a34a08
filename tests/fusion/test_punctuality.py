"""When a source is due, how late it is, and on which days the clock reminds."""

from datetime import date, timedelta

import pytest

from shiheng.fusion.definition.punctuality import OWING, RULE, STATES, has_moved, standing, turn

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("days_ago", "state", "late"),
    [(0, "on_time", 0), (25, "on_time", 0), (26, "soon", 0), (31, "soon", 0), (32, "late", 1), (60, "late", 29)],
)
def test_a_source_is_due_so_many_days_after_its_last_delivery(days_ago, state, late):
    stood = standing(31, TODAY - timedelta(days=days_ago), TODAY)
    assert (stood.state, stood.days_late) == (state, late)
    assert stood.due == TODAY - timedelta(days=days_ago) + timedelta(days=31)
    assert stood.owing is (state == "late")


def test_one_that_never_delivered_is_not_late_but_owes_and_one_without_a_cadence_owes_nothing():
    never, free = standing(31, None, TODAY), standing(0, None, TODAY)
    assert (never.state, never.due, never.days_late, never.owing, never.counted) == ("never", None, 0, True, True)
    assert (free.state, free.owing, free.counted) == ("free", False, False)
    assert set(OWING) < set(STATES)


def test_the_clock_reminds_on_the_first_late_day_and_every_seven_days():
    turns = [turn(days) for days in range(17)]
    assert turns[0] is None
    assert [day for day in range(1, 17) if turns[day] != turns[day - 1]] == [1, 1 + RULE.again_days, 15]


def test_a_share_moves_by_the_bound_and_what_is_unknown_does_not_move():
    assert has_moved(0.10, 0.15, 0.05)
    assert not has_moved(0.10, 0.149, 0.05)
    assert not has_moved(None, 0.9, 0.05)
