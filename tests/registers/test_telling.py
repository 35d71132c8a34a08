"""An entry is the sum of what was said of it: whatever is undone leaves it as if it had never been said."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shiheng.registers.definition import Said, end_of, in_a_row, standing, told

DAY = date(2026, 1, 1)
days = st.integers(0, 30).map(lambda n: DAY + timedelta(days=n))
changes = st.dictionaries(st.sampled_from(["state", "facts.grade", "facts.officer"]), st.integers(0, 4), min_size=1)


@st.composite
def sayings(draw):
    """An entry entered on the first day, then spoken of on any later day in any order."""
    later = draw(st.lists(st.tuples(days, changes, st.booleans()), max_size=8))
    first = Said(DAY - timedelta(days=1), 0, {"entered": "x", "state": 0, "facts.grade": 0})
    return [first, *(Said(day, place, what, undone) for place, (day, what, undone) in enumerate(later, 1))]


@given(sayings())
def test_what_is_undone_was_never_said(said):
    without = [one for one in said if not one.undone]
    assert [whole for one, whole in told(said) if not one.undone] == [whole for _one, whole in told(without)]


@given(sayings(), st.randoms())
def test_the_order_of_asking_changes_nothing(said, draw):
    mixed = list(said)
    draw.shuffle(mixed)
    assert told(mixed) == told(said)


@given(sayings())
def test_an_entry_whose_entering_is_undone_is_no_entry(said):
    first = Said(said[0].day, 0, said[0].changes, undone=True)
    assert all(whole is None for _one, whole in told([first, *said[1:]]))


def test_what_is_said_late_takes_its_place_before_what_was_known_already():
    entered = Said(DAY, 1, {"entered": "x", "facts.grade": "A", "facts.officer": "查宁"})
    promoted = Said(DAY + timedelta(days=10), 2, {"facts.officer": "李窗"})
    said_late = Said(DAY + timedelta(days=5), 3, {"facts.grade": "B"})
    wholes = [whole for _said, whole in told([entered, promoted, said_late])]
    assert [(w["facts.grade"], w["facts.officer"]) for w in wholes] == [("A", "查宁"), ("B", "查宁"), ("B", "李窗")]


def test_a_term_of_whole_months_ends_the_day_before():
    assert end_of(date(2026, 3, 1), 36) == date(2029, 2, 28)
    assert end_of(date(2024, 2, 29), 12) == date(2025, 2, 27)
    assert end_of(date(2026, 1, 31), 1) == date(2026, 2, 27)


def test_the_last_day_is_still_in_force_and_sixty_days_before_it_the_end_is_near():
    end = date(2026, 6, 30)
    days = {60: "soon", 61: "current", 0: "soon", -1: "over"}
    for before, code in days.items():
        today = end - timedelta(days=before)
        assert standing(ended=False, until=end, due=None, today=today).code == code
        assert standing(ended=False, until=None, due=end, today=today).code == code
    assert standing(ended=True, until=end, due=None, today=end).code == "ended"


def test_years_in_a_row_are_counted_back_from_the_latest():
    assert in_a_row([2010, 2011, 2012]) == 3
    assert in_a_row([2008, 2010, 2011]) == 2
    assert in_a_row([]) == 0
