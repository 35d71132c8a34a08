"""Values and declarations that change on known days: the day asked about decides which one answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.kernel import registry
from shiheng.kernel.effective import Dated, InForce
from shiheng.kernel.errors import Conflict, Missing

OLD, NEW = date(2020, 1, 1), date(2026, 4, 15)


@dataclass(frozen=True)
class Rule:
    code: str
    in_force_from: date
    days: int = 0


@pytest.fixture(autouse=True)
def _empty_registry() -> Iterator[None]:
    with registry.isolated():
        yield


def test_the_version_in_force_on_the_day_answers() -> None:
    limit = Dated([InForce(NEW, 60), InForce(OLD, 45)])
    assert limit.on(NEW - timedelta(days=1)) == 45
    assert limit.on(NEW) == 60
    with pytest.raises(Missing):
        limit.on(OLD - timedelta(days=1))


def test_a_version_with_an_end_leaves_a_gap() -> None:
    limit = Dated([InForce(OLD, 1, until=date(2020, 12, 31)), InForce(NEW, 2)])
    assert limit.version_on(date(2021, 6, 1)) is None
    assert [v.value for v in limit.between(date(2021, 1, 1), date(2022, 1, 1))] == []
    assert [v.value for v in limit.between(date(2020, 6, 1), NEW)] == [1, 2]


def test_versions_may_not_overlap() -> None:
    with pytest.raises(ValueError, match="two versions"):
        Dated([InForce(OLD, 1), InForce(OLD, 2)])
    with pytest.raises(ValueError, match="runs into"):
        Dated([InForce(OLD, 1, until=NEW), InForce(NEW, 2)])
    with pytest.raises(ValueError, match="before it starts"):
        Dated([InForce(NEW, 1, until=OLD)])


def test_a_value_that_never_changed_answers_for_every_day() -> None:
    assert Dated.always(7).on(date(1, 1, 1)) == 7


@given(st.sets(st.dates(date(2000, 1, 1), date(2030, 1, 1)), min_size=1, max_size=8), st.dates(date(2000, 1, 1)))
def test_a_dated_value_answers_like_a_plain_search(days: set[date], asked: date) -> None:
    dated = Dated(InForce(day, day) for day in days)
    started = [day for day in days if day <= asked]
    version = dated.version_on(asked)
    assert (version.value if version else None) == (max(started) if started else None)


def test_a_declaration_is_found_as_it_stood_on_a_day() -> None:
    old, new = Rule("mediation", OLD, 45), Rule("mediation", NEW, 60)
    registry.declare("procedures", new)
    registry.declare("procedures", old)
    assert registry.find("procedures", "mediation", on=date(2026, 4, 14)) is old
    assert registry.find("procedures", "mediation", on=NEW) is new
    assert registry.version("procedures", "mediation", OLD) is old
    assert registry.all_of("procedures") == (old, new)
    assert registry.all_of("procedures", on=date(2021, 1, 1)) == (old,)
    assert registry.engines() == ("procedures",)


def test_an_unknown_or_not_yet_valid_code_says_so() -> None:
    registry.declare("procedures", Rule("mediation", NEW))
    with pytest.raises(Missing, match="没有代码"):
        registry.find("procedures", "nothing", on=NEW)
    with pytest.raises(Missing, match="尚未生效"):
        registry.find("procedures", "mediation", on=OLD)
    with pytest.raises(Missing):
        registry.version("procedures", "mediation", OLD)


def test_two_declarations_under_one_name_are_refused_and_the_same_one_twice_is_not() -> None:
    rule = Rule("mediation", NEW, 60)
    registry.declare("procedures", rule)
    registry.declare("procedures", rule)
    with pytest.raises(Conflict, match="不能重复声明"):
        registry.declare("procedures", Rule("mediation", NEW, 45))
    registry.declare("sources", rule)
    assert len(registry.all_of("procedures")) == 1


def test_a_value_without_own_name_is_declared_under_a_given_one() -> None:
    registry.declare("texts", "内容", code="greeting", in_force_from=OLD)
    assert registry.find("texts", "greeting", on=NEW) == "内容"
