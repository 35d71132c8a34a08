"""What is personal in an entry: masked on every page, whole for its keeper who says why, and every look on record."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from pydantic import BaseModel

from shiheng.ledger import keyring
from shiheng.ledger.models import Leaf
from shiheng.registers import actions
from shiheng.registers.definition import Register, Role, fact
from shiheng.registers.models import Entry
from shiheng.ui.models import Draft
from tests import factories
from tests.registers.declared import STALLS

pytestmark = pytest.mark.django_db
CODE, PHONE, MASKED = STALLS.code, "13911112222", "139****2222"
REASON = "临市监投字〔2026〕第 7 号"


@pytest.fixture
def entry(cast: Any) -> Entry:
    firm = factories.subject("云泽市江口集贸市场有限公司", number=2001)
    facts = {"stall": "A-01", "kind": "scale", "phone": PHONE}
    return actions.enter(cast.who("chief"), CODE, facts, subject=firm.pk)


def url(entry: Entry, name: str = "register-personal") -> str:
    return reverse(name, args=[entry.register, entry.pk])


def asks(client: Any, entry: Entry, **over: str) -> Any:
    return client.post(url(entry), {"purpose": "complaint", "reason": REASON, "_key": str(uuid4())} | over)


def views() -> list[dict[str, Any]]:
    return [leaf.facts for leaf in Leaf.objects.filter(kind="personal.viewed").order_by("id")]


def test_its_keeper_reads_it_once_for_a_reason_and_that_goes_on_record(entry: Entry, sign_in: Any, cast: Any) -> None:
    chief, key = sign_in("chief"), str(uuid4())
    page = chief.get(url(entry, "register-entry")).content.decode()
    assert MASKED in page
    assert url(entry) in page
    asked = chief.get(url(entry)).content.decode()
    assert MASKED in asked
    assert PHONE not in asked
    shown = asks(chief, entry, _key=key)
    assert shown.status_code == 200
    assert PHONE in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    leaf = Leaf.objects.get(kind="personal.viewed")
    assert (leaf.subject, leaf.actor, leaf.scope) == (
        f"subject:{entry.subject_id}", cast.who("chief").key, entry.scope,
    )  # fmt: skip
    assert leaf.facts == {
        "at": f"entry:{entry.pk}", "field": "摊主电话", "kind": "电话", "purpose": "处理投诉举报", "reason": REASON,
    }  # fmt: skip
    assert PHONE not in leaf.body
    again = asks(chief, entry, _key=key)
    assert again.status_code == 422
    assert PHONE not in again.content.decode()
    assert len(views()) == 1
    audit = sign_in("admin").get(reverse("personal-views")).content.decode()
    assert REASON in audit
    assert "摊主电话" in audit


def test_several_facts_are_one_view(sign_in: Any, cast: Any) -> None:
    facts = {"number": "T-1", "name": "王一", "item": "电梯作业", "identity": "110101199003070012", "phone": PHONE}
    made = actions.enter(cast.who("chief"), "equipment.operators", facts, scope="4499.01.01.")
    shown = asks(sign_in("chief"), made).content.decode()
    assert PHONE in shown
    assert "110101199003070012" in shown
    assert [(v["at"], v["field"], v["kind"]) for v in views()] == [
        (f"entry:{made.pk}", "证件号码、联系电话", "证件号码、电话")
    ]
    assert Leaf.objects.get(kind="personal.viewed").subject == f"entry:{made.pk}"
    assert "证件号码、联系电话" in sign_in("admin").get(reverse("personal-views")).content.decode()


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"purpose": ""}, "请选择查看目的"),
        ({"reason": "看看"}, "至少五个字"),
        ({"reason": f"给 {PHONE} 打电话"}, "不要把个人信息写进去"),
    ],
)
def test_without_a_good_reason_nothing_is_shown_and_nothing_recorded(
    over: dict[str, str], told: str, entry: Entry, sign_in: Any
) -> None:
    response = asks(sign_in("chief"), entry, **over)
    text = response.content.decode()
    assert response.status_code == 422
    assert told in text
    assert MASKED in text
    assert views() == []


@pytest.mark.parametrize(("column", "status"), [("inspector_b", 404), ("owner", 403), ("admin", 403), ("anyone", 302)])
def test_who_does_not_keep_it_there_reads_nothing(column: str, status: int, entry: Entry, sign_in: Any) -> None:
    response = asks(sign_in(column), entry)
    assert response.status_code == status
    assert PHONE not in response.content.decode()
    assert views() == []


def test_a_register_kept_by_others_is_read_masked_only(sign_in: Any, cast: Any) -> None:
    facts = {"number": "T-1", "name": "王一", "item": "电梯作业", "phone": PHONE}
    made = actions.enter(cast.who("chief"), "equipment.operators", facts, scope="4499.01.01.")
    clerk = sign_in("clerk")
    page = clerk.get(url(made, "register-entry")).content.decode()
    assert MASKED in page
    assert url(made) not in page
    assert asks(clerk, made).status_code == 403
    assert views() == []


def test_where_nothing_is_personal_nothing_is_asked_for(cast: Any, sign_in: Any) -> None:
    firm = factories.subject("云泽恒运商行", number=2002)
    made = actions.enter(cast.who("chief"), CODE, {"stall": "B-1", "kind": "scale"}, subject=firm.pk)
    chief = sign_in("chief")
    assert url(made) not in chief.get(url(made, "register-entry")).content.decode()
    assert chief.get(url(made)).status_code == 404


def test_the_form_of_a_change_shows_it_masked_and_leaves_what_is_left(entry: Entry, sign_in: Any) -> None:
    chief, change = sign_in("chief"), url(entry, "register-change")
    form = chief.get(change).content.decode()
    assert MASKED in form
    assert PHONE not in form
    sent = {"stall": "A-01", "kind": "meter", "limit": "30", "phone": MASKED}
    refused = chief.post(
        change, {**sent, "_key": str(uuid4()), "_form": "registers.test.stalls", "_undrafted": "phone"}
    )
    assert refused.status_code == 422
    assert PHONE not in refused.content.decode()
    assert not [draft for draft in Draft.objects.all() if "phone" in draft.data]
    chief.post(change, {**sent, "reason_": "换表", "_key": str(uuid4())})
    entry.refresh_from_db()
    assert entry.facts["kind"] == "meter"
    assert keyring.unsealed(entry.facts["phone"]) == PHONE
    chief.post(change, {**sent, "phone": "13733334444", "reason_": "换号", "_key": str(uuid4())})
    entry.refresh_from_db()
    assert keyring.unsealed(entry.facts["phone"]) == "13733334444"
    chief.post(change, {**sent, "phone": "", "reason_": "注销", "_key": str(uuid4())})
    entry.refresh_from_db()
    assert "phone" not in entry.facts


def test_what_is_personal_is_not_kept_in_a_draft(sign_in: Any) -> None:
    form = sign_in("chief").get(reverse("register-new", args=[CODE])).content.decode()
    assert 'name="_undrafted" value="phone"' in form


def test_what_is_sealed_can_be_neither_found_by_nor_called() -> None:
    class Faulty(BaseModel):
        phone: str = fact("电话", personal="phone", indexed=True)

    with pytest.raises(ValueError, match="sealed"):
        Register(
            code="test.faulty", title="错", in_force_from=date(2020, 1, 1), group="lists", about="错", facts=Faulty,
            kept_by=(Role.INSPECTOR,),
        )  # fmt: skip
