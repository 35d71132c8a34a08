"""Lives follow the hidden conduct, agree with themselves in time, and do not depend on how many were asked for."""

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest

from shiheng.city import population
from shiheng.city.lives import matters, people
from shiheng.city.lives.model import Event, Life, begin
from shiheng.kernel.identifiers import resident_id_fault
from tests.city.conftest import UNTIL


def _lives(subjects: int, *, seed: int = 4) -> list[Life]:
    return [
        life
        for made, _ in population.blocks(subjects, seed=seed, until=UNTIL)
        for life in matters.lives(made, seed=seed, until=UNTIL)
    ]


@pytest.fixture(scope="module")
def lived() -> list[Life]:
    return _lives(5000)


def _events(lived: list[Life]) -> list[tuple[Life, Event]]:
    return [(life, event) for life in lived for told in life.events.values() for event in told]


def _auc(lived: list[Life], had: Callable[[Life], bool]) -> float:
    """How often one who had it is of worse conduct than one who had not."""
    ranked = sorted(lived, key=lambda life: -life.subject.conduct)
    places = [place for place, life in enumerate(ranked, 1) if had(life)]
    ours, others = len(places), len(ranked) - len(places)
    return (sum(places) - ours * (ours + 1) / 2) / ours / others


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("penalty", 0.68),
        ("complaint", 0.62),
        ("judgment", 0.65),
        ("abnormal", 0.58),
        ("serious", 0.65),
        ("tax_abnormal", 0.6),
    ],
)
def test_what_befalls_a_business_follows_its_conduct(lived: list[Life], kind: str, least: float) -> None:
    """AUC of the worse conduct; half of it would be chance. It is no 1: luck has its part."""
    there = [life for life in lived if not life.subject.fake]
    assert least < _auc(there, lambda life: bool(life.of(kind))) < 0.97


def test_every_kind_of_event_happens(lived: list[Life]) -> None:
    seen = {kind for life in lived for kind in life.events}
    assert seen == {
        "abnormal", "annual_report", "cancellation", "change", "complaint", "court_case", "customs", "equipment",
        "food_sample", "hotline", "inspection", "judgment", "lead", "online_shop", "outlet", "patent", "penalty",
        "position", "product_sample", "serious", "social_security", "suit", "tax_abnormal", "tax_arrears",
        "tax_status", "trademark", "transfer", "wage_arrears",
    }  # fmt: skip


def test_no_two_events_of_a_kind_bear_one_number(lived: list[Life]) -> None:
    given: dict[str, set[str]] = defaultdict(set)
    for _, event in _events(lived):
        assert event.key not in given[event.kind], event
        given[event.kind].add(event.key)


def test_nothing_happens_before_a_business_is_there_nor_after_the_last_day(lived: list[Life]) -> None:
    for life, event in _events(lived):
        assert life.subject.established <= event.day or event.kind == "outlet"
        assert event.last <= UNTIL, event
        assert all(a <= b for (a, _), (b, _) in pairwise(event.steps)), event
        assert event.gone is None or event.day <= event.gone <= UNTIL


def test_what_follows_comes_after_what_it_follows_from(lived: list[Life]) -> None:
    followed: dict[str, int] = defaultdict(int)
    for life in lived:
        days = {event.key: event.day for told in life.events.values() for event in told}
        for told in life.events.values():
            for event in told:
                if event.cause in days:
                    assert days[event.cause] <= event.day, event
                    followed[event.kind] += 1
    assert {"penalty", "inspection", "abnormal", "judgment", "hotline", "serious", "transfer"} <= set(followed)


def test_most_penalties_follow_a_visit_a_report_or_a_sample(lived: list[Life]) -> None:
    penalties = [event for life in lived for event in life.of("penalty") if event.steps[0][1]["own"]]
    assert all(event.cause for event in penalties)
    assert len(penalties) > 100


def test_a_business_that_left_the_register_is_neither_visited_nor_listed_any_more(lived: list[Life]) -> None:
    for life in lived:
        for kind in ("inspection", "penalty", "abnormal", "annual_report", "food_sample", "transfer", "lead"):
            assert all(event.day <= life.registered for event in life.of(kind)), kind
        if life.registered <= UNTIL:
            assert all(event.gone for event in life.of("abnormal"))


def test_a_business_that_stopped_hands_in_no_more_reports_and_insures_nobody(lived: list[Life]) -> None:
    stopped = [life for life in lived if life.operating <= UNTIL]
    assert len(stopped) > 300
    for life in stopped:
        assert all(event.day < life.operating for event in life.of("annual_report"))
        assert all(event.steps[0][1]["ends"] < life.operating or not event.steps[0][1]["heads"]
                   for event in life.of("social_security"))  # fmt: skip


def test_heads_fall_before_the_end(lived: list[Life]) -> None:
    first, last = [], []
    for life in lived:
        heads = [event.steps[0][1]["heads"] for event in life.of("social_security")]
        if life.operating <= UNTIL and len(heads) > 3 and heads[0] > 3:
            first.append(heads[0])
            last.append(heads[-1])
    assert len(first) > 10
    assert sum(last) < 0.7 * sum(first)


def test_who_vanished_is_not_found_at_the_address_and_then_listed(lived: list[Life]) -> None:
    gone = [
        (life, visit)
        for life in lived
        for visit in life.of("inspection")
        if life.subject.vanished_on and visit.day >= life.subject.vanished_on
    ]
    assert sum(visit.steps[0][1]["result"].endswith("无法联系") for _, visit in gone) > 0.7 * len(gone) > 30


def test_food_is_complained_of_in_summer(lived: list[Life]) -> None:
    months = [event.day.month for life in lived for event in life.of("complaint")
              if life.subject.industry.code.startswith("62")]  # fmt: skip
    assert sum(m in (6, 7, 8) for m in months) > 1.3 * sum(m in (12, 1, 2) for m in months)


def test_offices_decide_on_workdays(lived: list[Life]) -> None:
    for life in lived:
        for kind in ("penalty", "inspection", "abnormal", "serious"):
            assert all(event.day.weekday() < 5 for event in life.of(kind)), kind


def test_a_life_is_the_same_however_many_are_told() -> None:
    def shape(lived: list[Life]) -> list[object]:
        return [(life.subject.k, life.events) for life in lived]

    many = shape(_lives(350))
    for few in (1, 100, 137):
        assert shape(_lives(few)) == many[:few]
    assert shape(_lives(100, seed=5)) != many[:100]


def test_the_business_of_the_demonstration_is_a_good_one() -> None:
    for life in _lives(2):
        for kind in ("complaint", "penalty", "abnormal", "judgment", "tax_arrears", "lead"):
            assert not life.of(kind)
        assert life.of("annual_report")


def test_nobody_s_number_is_anybody_s(lived: list[Life]) -> None:
    callers = [e.steps[0][1]["who"] for life in lived for kind in ("complaint", "hotline") for e in life.of(kind)]
    assert len({who.phone for who in callers}) > 200
    for who in callers:
        assert re.fullmatch(r"142\d{8}", who.phone), "no operator has this segment"
        assert who.number.startswith("4499"), "no such division"
        assert resident_id_fault(who.number) is None
        assert (int(who.number[16]) % 2 == 0) == (who.sex == "女")


def test_an_event_says_what_was_true_on_a_day() -> None:
    event = Event("case", "1", [(date(2026, 1, 5), {"state": "立案", "sum": 3}), (date(2026, 3, 2), {"state": "结案"})])
    assert event.on(date(2026, 2, 1)) == {"state": "立案", "sum": 3}
    assert event.on(date(2026, 3, 2)) == {"state": "结案", "sum": 3}
    event.then(date(2026, 1, 1), state="撤销")
    assert event.last == date(2026, 3, 2)


def test_a_life_ends_where_the_register_or_the_business_does() -> None:
    for made, _ in population.blocks(300, seed=4, until=UNTIL):
        for subject in made:
            life = begin(subject, UNTIL)
            assert life.operating <= life.registered
            assert life.alive(UNTIL) == (subject.operating(UNTIL) or subject.on(UNTIL)["status"] == "suspended")
            assert life.first >= UNTIL - timedelta(days=4 * 366)


def test_people_are_drawn_from_the_stream_alone() -> None:
    from random import Random

    assert people.caller(Random(3)) == people.caller(Random(3))
    assert people.caller(Random(3)) != people.caller(Random(4))
