"""The check whether a person stands on a list: who may ask, whom a name means, and what is kept of the question."""

from typing import Any
from uuid import uuid4

import pytest

from shiheng.kernel.errors import Refused
from shiheng.ledger.models import Leaf
from shiheng.publication.lists import checking, entries
from shiheng.publication.lists.checking import OTHER_PERSON, REPRESENTED, SAME_NAME, SELF, Answer
from tests import factories
from tests.mission import test_lists as files
from tests.mission.test_lists import CHEN, OTHER_CHEN, check
from tests.publication.test_exchange import land as register
from tests.publication.test_lists import debtors, firm, land

pytestmark = pytest.mark.django_db
ADDRESS = "/registration/check-person/"
STARRED = CHEN[:10] + "****" + CHEN[14:]


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch: pytest.MonkeyPatch, clock: Any, offices: Any) -> None:
    """What another test's lists were is not ours."""
    monkeypatch.setattr(entries, "_held", {})


@pytest.fixture
def asked(cast: Any) -> Any:
    """``asked(name=…)``: what the courts' list says to the clerk's question."""

    def ask(**given: str) -> Answer:
        usual = {"name": "", "number": "", "code": "", "purpose": "filing", "reason": "", "key": str(uuid4())}
        answers = checking.check(cast.who("clerk"), **{**usual, **given})
        return next(answer for answer in answers if answer.plan.code == "judgment_debtors")

    return ask


def sureties(answer: Answer) -> dict[str, str]:
    return {hit.entry.key: hit.surety for hit in answer.hits}


@pytest.mark.parametrize(
    ("column", "status"),
    [("anyone", 302), ("owner", 403), ("data", 403), ("admin", 403), ("clerk", 200), ("inspector_b", 200)],
)
def test_only_who_reads_personal_data_may_ask(column: str, status: int, sign_in: Any) -> None:
    land("judgment_debtors", debtors(("1", "陈立本", CHEN, "全部未履行", "")))
    client = sign_in(column)
    assert client.get(ADDRESS).status_code == status
    answer = client.post(ADDRESS, {"name": "陈立本", "purpose": "filing", "_key": str(uuid4())})
    assert answer.status_code == status
    if status != 200:
        assert "同名待核" not in answer.content.decode()
        assert not Leaf.objects.filter(kind="person.checked").exists()


def test_two_persons_of_one_name_are_told_apart_by_their_numbers(asked: Any) -> None:
    land("judgment_debtors", debtors(
        ("1", "陈立本", CHEN, "全部未履行", ""), ("2", "陈立本", OTHER_CHEN, "全部未履行", ""),
    ))  # fmt: skip
    mine = asked(name="陈立本", number=CHEN)
    assert sureties(mine) == {"1": SELF, "2": OTHER_PERSON}
    assert mine.certain
    assert sureties(asked(name="陈立本", number=OTHER_CHEN)) == {"1": OTHER_PERSON, "2": SELF}
    assert sureties(asked(number=CHEN)) == {"1": SELF}


def test_a_name_alone_never_makes_it_certain(asked: Any) -> None:
    land("judgment_debtors", debtors(("1", "陈立本", CHEN, "全部未履行", "")))
    by_name = asked(name=" 陈立本 ")
    assert sureties(by_name) == {"1": SAME_NAME}
    assert by_name.open
    assert not by_name.certain
    assert sureties(asked(name="陈立")) == {}


def test_a_number_the_court_starred_out_leaves_it_open_unless_its_ends_differ(asked: Any) -> None:
    land("judgment_debtors", debtors(("1", "陈立本", STARRED, "全部未履行", "")))
    assert sureties(asked(name="陈立本", number=CHEN)) == {"1": SAME_NAME}
    assert sureties(asked(name="陈立本", number=OTHER_CHEN)) == {"1": OTHER_PERSON}


def test_a_business_is_known_by_its_code_and_a_namesake_is_not_it(asked: Any) -> None:
    register(("云泽恒达1建材有限公司", 1, "存续"), ("云泽润丰商行", 2, "存续"))
    land("judgment_debtors", debtors(firm(1)))
    assert sureties(asked(code=factories.uscc(1))) == {"F1": SELF}
    assert sureties(asked(code=factories.uscc(2))) == {}
    assert sureties(asked(name="云泽恒达1建材有限公司", code=factories.uscc(2))) == {}


def test_the_representative_of_a_business_on_the_list_is_told_as_such(asked: Any) -> None:
    register(("云泽恒达1建材有限公司", 1, "存续"))  # its representative is 陈立本
    land("judgment_debtors", debtors(firm(1)))
    found = asked(name="陈立本")
    assert sureties(found) == {"F1": REPRESENTED}
    assert not found.certain


def test_who_has_left_the_list_is_no_hit(asked: Any) -> None:
    land("judgment_debtors", debtors(
        ("1", "陈立本", CHEN, "全部已履行", ""), ("2", "周远航", files.ZHAO, "全部未履行", "2026-10-01"),
    ))  # fmt: skip
    assert sureties(asked(name="陈立本", number=CHEN)) == {}
    assert sureties(asked(number=files.ZHAO)) == {}
    land("judgment_debtors", debtors(("3", "陈立本", CHEN, "全部未履行", "")))
    assert sureties(asked(number=CHEN)) == {"3": SELF}
    land("judgment_debtors", debtors(firm(1)))
    assert sureties(asked(number=CHEN)) == {}, "the next whole list no longer names him"


def test_a_list_nobody_sent_answers_that_it_was_not_obtained(asked: Any) -> None:
    found = asked(name="陈立本")
    assert found.last is None
    told = Leaf.objects.get(kind="person.checked").facts["lists"]
    assert told[found.plan.title] == "未取得"


def test_every_question_goes_on_record_with_its_purpose_and_without_the_person(asked: Any, cast: Any) -> None:
    land("judgment_debtors", debtors(("1", "陈立本", CHEN, "全部未履行", "")))
    key = str(uuid4())
    found = asked(name="陈立本", number=CHEN, reason="云临登〔2026〕5号", key=key)
    asked(name="陈立本", number=CHEN, reason="云临登〔2026〕5号", key=key)
    leaf = Leaf.objects.get(kind="person.checked")
    assert leaf.actor_name == cast.clerk.name
    assert (leaf.facts["purpose"], leaf.facts["reason"]) == (checking.PURPOSES["filing"], "云临登〔2026〕5号")
    assert leaf.facts["name"] == "陈某某"
    assert leaf.facts["lists"][found.plan.title] == "本人 1 条"
    for hidden in (CHEN, "陈立本", CHEN[6:14]):
        assert hidden not in str(leaf.facts), hidden
    asked(name="郑无名")
    assert Leaf.objects.filter(kind="person.checked").count() == 2, "who finds nobody has asked all the same"


def test_the_page_never_shows_a_number_in_full(sign_in: Any) -> None:
    land("judgment_debtors", debtors(("1", "陈立本", CHEN, "全部未履行", "")))
    shown = check(sign_in("clerk"), {"name": "陈立本", "number": CHEN, "purpose": "filing"})
    assert "本人" in shown
    assert CHEN not in shown


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "name"),
        ({"name": "陈立本", "purpose": "curiosity"}, "purpose"),
        ({"number": CHEN[:-1] + ("0" if CHEN[-1] != "0" else "1")}, "number"),
        ({"code": factories.uscc(404)}, "code"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_and_not_recorded(
    given: dict[str, str], field: str, asked: Any
) -> None:
    with pytest.raises(Refused) as refused:
        asked(**given)
    assert refused.value.details["field"] == field
    assert not Leaf.objects.filter(kind="person.checked").exists()
