"""A file opened from an earlier one: what it takes over, what it refuses, and who may bind it."""

from typing import Any
from uuid import uuid4

import pytest

from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import keyring
from shiheng.ledger.models import Leaf
from shiheng.procedures import actions, bonds
from shiheng.procedures.contents import procedure_of
from shiheng.procedures.models import Link, Proceeding
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FACTS = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "三天就坏。", "claims": ["退款"]}
REVIEW = {
    "summary": "不予受理投诉", "body": "区政府", "case_number": "临府行复〔2026〕1号", "kind": "ordinary",
    "act": "投诉处理",
    "unit": "投诉举报中心", "request": "责令受理。",
}  # fmt: skip
CODE = "oversight.reconsideration"


@pytest.fixture
def origin(cast: Any) -> Proceeding:
    firm = factories.subject("云泽市临江区恒达电器商行", scope="4499.01.01.")
    return actions.open_file(
        cast.who("clerk"), "complaints.complaint", FACTS, scope="4499.01.01.", subject=firm.pk,
        parties=[actions.Standing("complainant", "王小明", {"phone": "19900001001", "id": "110101199003070012"}),
                 actions.Standing("trader", firm.name, subject=firm.pk)],
    )  # fmt: skip


def opened(cast: Any, origin: Proceeding | None, name: str = "王小明", **other: Any) -> Proceeding:
    return actions.open_file(
        cast.who("clerk"), CODE, REVIEW, scope="4499.01.", about=origin.pk if origin else None,
        parties=[actions.Standing("applicant", name)], **other,
    )  # fmt: skip


def test_what_is_known_is_filled_in_but_nothing_that_is_sealed(origin: Proceeding) -> None:
    assert bonds.filled(procedure_of(CODE, on=clock.today()), origin) == {
        "summary": "三天就坏", "unit": "临江区市场监督管理局江口监管所", "name_applicant_": "王小明"
    }  # fmt: skip


def test_who_stands_in_both_is_reached_in_both(cast: Any, origin: Proceeding) -> None:
    held = opened(cast, origin)
    there, here = origin.parties.get(kind="complainant"), held.parties.get(kind="applicant")
    assert keyring.unsealed(here.facts["phone"]) == "19900001001"
    assert set(here.facts) == set(there.facts) == {"phone", "id"}
    assert held.subject == origin.subject
    assert opened(cast, origin, name="李大力").parties.get().facts == {}


def test_one_key_opens_and_binds_once_and_the_ledger_says_so(cast: Any, origin: Proceeding) -> None:
    key = uuid4()
    assert opened(cast, origin, key=key) == opened(cast, origin, key=key)
    assert Link.objects.filter(first=origin, kind="appeals").count() == 1
    assert Leaf.objects.filter(kind="file.linked").count() == 1


def test_what_may_not_be_bound_is_refused_in_words(cast: Any, origin: Proceeding) -> None:
    clerk, other = cast.who("clerk"), cast.who("inspector_b")
    with pytest.raises(Missing):
        actions.open_file(other, CODE, REVIEW, scope="4499.02.", about=origin.pk,
                          parties=[actions.Standing("applicant", "王小明")])  # fmt: skip
    visit = {"summary": "回访", "unit": "所", "chosen": "随机抽取"}
    with pytest.raises(Refused, match="只回访已经办结的案卷"):
        actions.open_file(clerk, "oversight.callback", visit, scope="4499.01.", about=origin.pk)
    with pytest.raises(Refused, match="须从它所围绕的案卷登记"):
        actions.open_file(clerk, "oversight.callback", visit, scope="4499.01.")
    with pytest.raises(Refused, match="不能从这个案卷登记"):
        actions.open_file(clerk, "complaints.enquiry", {}, scope="4499.01.", about=origin.pk)
    assert not Link.objects.exists()


def test_the_reporter_s_name_is_in_no_list_of_evidence(cast: Any) -> None:
    clerk = cast.who("clerk")
    report = actions.open_file(
        clerk, "complaints.report", {"summary": "无证做早餐", "channel": "hotline", "kind": "食品安全",
                                     "leads": "孙立看到"},
        scope="4499.01.", parties=[actions.Standing("reporter", "孙立", {"phone": "19900001005"})],
    )  # fmt: skip
    actions.take(clerk, report.pk, "verify", {"plan": "核查"})
    held = opened(cast, report, name="孙立")
    rows = bonds.evidence(held)
    assert [(row["n"], row["title"]) for row in rows] == [(1, "登记"), (2, "开始核查")]
    assert "孙立" not in str(rows)
