"""A login may act for a business from a day to a day, on a basis that is on record."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger.models import Leaf
from shiheng.subjects import actions, queries
from shiheng.subjects.models import Representation, Subject
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def firm(cast: SimpleNamespace) -> Subject:
    return factories.subject()


def bound(cast: SimpleNamespace, firm: Subject, **given: Any) -> Representation:
    who = given.pop("who", None) or cast.who("admin")
    known = {"account": cast.owner.pk, "basis": "法定代表人", "from_": DAY, "key": uuid4()}
    return actions.represent(who, **{"subject": firm.pk, **known, **given})


def test_the_login_acts_for_the_business_from_the_first_day_to_the_last(
    cast: SimpleNamespace, firm: Subject, clock: Any
) -> None:
    bound(cast, firm, to=DAY + timedelta(days=2))
    start = clock.moment
    for days, seen in ((-1, False), (0, True), (1, True), (2, False)):
        clock.moment = start + timedelta(days=days)
        assert queries.of_account(cast.owner.pk).filter(pk=firm.pk).exists() is seen


def test_it_goes_on_record_with_its_basis_in_the_territory_of_the_business(
    cast: SimpleNamespace, firm: Subject
) -> None:
    bound(cast, firm)
    leaf = Leaf.objects.get(kind="subjects.represented")
    assert (leaf.subject, leaf.scope) == (f"subject:{firm.pk}", firm.scope)
    assert leaf.facts == {"account": "laoban", "basis": "法定代表人", "from": "2026-11-20", "to": ""}


def test_the_same_key_binds_once(cast: SimpleNamespace, firm: Subject) -> None:
    key = uuid4()
    assert bound(cast, firm, key=key) == bound(cast, firm, key=key)
    assert Representation.objects.count() == Leaf.objects.filter(kind="subjects.represented").count() == 1
    with pytest.raises(Conflict, match="内容与上次不同"):
        bound(cast, firm, key=key, basis="授权委托")


@pytest.mark.parametrize(
    ("first", "last", "free"), [(0, 10, False), (-5, 1, False), (9, None, False), (10, None, True), (-5, 0, True)]
)
def test_two_spans_of_one_pair_do_not_overlap(
    cast: SimpleNamespace, firm: Subject, first: int, last: int | None, free: bool
) -> None:
    bound(cast, firm, to=DAY + timedelta(days=10))
    span = {"from_": DAY + timedelta(days=first), "to": None if last is None else DAY + timedelta(days=last)}
    if free:
        bound(cast, firm, **span)
    else:
        with pytest.raises(Conflict, match="在这段时间已代表该主体"):
            bound(cast, firm, **span)
    assert Representation.objects.count() == 1 + free


@pytest.mark.parametrize(
    ("given", "message"),
    [({"basis": " "}, "写明代表的依据"), ({"basis": "权" * 65}, "不能超过 64 个字"), ({"to": DAY}, "晚于起始日期")],
)
def test_what_cannot_stand_is_refused(cast: SimpleNamespace, firm: Subject, given: Any, message: str) -> None:
    with pytest.raises(Refused, match=message):
        bound(cast, firm, **given)


def test_only_a_living_business_and_an_enterprise_account_in_use_are_bound(
    cast: SimpleNamespace, firm: Subject
) -> None:
    with pytest.raises(Missing, match="没有找到这个主体"):
        bound(cast, firm, subject=firm.pk + 1)
    with pytest.raises(Missing):
        bound(cast, firm, account=0)
    with pytest.raises(Refused, match="经营主体用户"):
        bound(cast, firm, account=cast.chief.pk)
    Subject.objects.filter(pk=firm.pk).update(live=False)
    with pytest.raises(Missing):
        bound(cast, firm)
    assert not Representation.objects.exists()
    assert not Leaf.objects.filter(kind="subjects.represented").exists()


def test_only_the_top_of_the_tree_binds(cast: SimpleNamespace, firm: Subject) -> None:
    for column in ("chief", "data", "owner", "anyone"):
        with pytest.raises(Forbidden):
            bound(cast, firm, who=cast.who(column))
