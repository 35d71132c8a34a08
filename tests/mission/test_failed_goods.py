"""Failed goods: published for everybody, told to who sells them, off the shelf and looked at, treated, then over."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.accounts.models import Message
from shiheng.procedures.models import Proceeding
from shiheng.subjects.models import Representation
from tests.casework import words
from tests.factories import subject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
RESULT = {"summary": "云味糕点", "batch": "2026-08-12", "item": "菌落总数", "maker": "云味食品厂",
          "report": "检 2026-118", "sampled_on": "2026-10-09", "scope_": "4499.01."}  # fmt: skip


def sent(**values: Any) -> dict[str, Any]:
    return {"_key": str(uuid4()), **values}


def takes(browser: Client, held: Proceeding, step: str, **values: str) -> None:
    answer = browser.post(f"/files/{held.pk}/take/{step}/", sent(**values))
    assert answer.status_code == 302, words(answer)[:900]
    held.refresh_from_db()


@pytest.mark.mission("H09")
@pytest.mark.mission("H10")
def test_a_failed_food_is_published_sent_to_who_sells_it_taken_off_the_shelf_and_treated(
    cast: Any, sign_in: Any
) -> None:
    unit = subject(name="云泽市临江区大润超市", scope="4499.01.01.")
    shop = subject(name="云泽市临江区恒达食品店", number=2002, scope="4499.01.01.")
    other = subject(name="云泽市临江区鲜来便利店", number=2003, scope="4499.01.01.")
    Representation.objects.create(account=cast.owner, subject=shop, basis="法定代表人", since="2026-01-01")
    clerk, chief, owner, anybody = sign_in("clerk"), sign_in("chief"), sign_in("owner"), Client()
    told = {**RESULT, "name_unit_": unit.name, "subject_unit_": unit.uscc}
    answer = clerk.post("/files/new/quality.failed_food/", sent(**told))
    assert answer.status_code == 302, words(answer)[:900]
    held = Proceeding.objects.get(procedure="quality.failed_food")
    assert "云味糕点" not in words(anybody.get("/lists/failed_foods/"))
    takes(chief, held, "publish", objection="none", where="信用门户")
    page = words(anybody.get("/lists/failed_foods/"))
    for said in ("云味糕点", "2026-08-12", "菌落总数", "云味食品厂", "处理中"):
        assert said in page, said
    assert "云味糕点" not in words(anybody.get("/lists/failed_goods/"))
    for firm in (shop, other):
        takes(clerk, held, "send", name=firm.name, subject=firm.uscc, way="平台消息")
    assert Message.objects.filter(account=cast.owner, title__contains="云味糕点").exists()
    assert "云味糕点" in words(owner.get("/enterprise/"))
    own = f"/enterprise/credit/files/{held.pk}/"
    page = words(owner.get(own))
    assert "销售者报告下架" in page
    assert other.name not in page, "who else sells it is told to nobody"
    answer = owner.post(f"{own}confirm/", sent(quantity="12", sold="3", story="已下架封存。"))
    assert answer.status_code == 302, words(answer)[:900]
    assert owner.post(f"{own}cleared/", sent(finding="x", quantity="0")).status_code == 404
    refused = chief.post(f"/files/{held.pk}/take/close/", sent(conclusion="办完"))
    assert "还有销售者没有核查下架" in words(refused)
    takes(clerk, held, "cleared", party_="2", finding="货架和库房没有。", quantity="0")
    takes(clerk, held, "found", party_="3", finding="货架上有 4 盒。", quantity="4")
    refused = chief.post(f"/files/{held.pk}/take/close/", sent(conclusion="办完"))
    assert "还有销售者没有核查下架" in words(refused)
    takes(clerk, held, "cleared", party_="3", finding="复查已下架。", quantity="0")
    takes(clerk, held, "treat", way="recall", finding="生产者召回 240 盒并销毁。")
    takes(chief, held, "close", conclusion="全部下架、召回。")
    assert held.state == "closed"
    page = words(anybody.get("/lists/failed_foods/"))
    assert "召回" in page, "published with what became of it"


def test_a_conclusion_that_was_wrong_is_taken_off_the_list(sign_in: Any) -> None:
    unit = subject(name="云泽市临江区大润超市", scope="4499.01.01.")
    clerk, chief = sign_in("clerk"), sign_in("chief")
    told = {**RESULT, "summary": "电热水壶", "name_unit_": unit.name, "subject_unit_": unit.uscc}
    assert clerk.post("/files/new/quality.failed_goods/", sent(**told)).status_code == 302
    held = Proceeding.objects.get(procedure="quality.failed_goods")
    takes(chief, held, "publish", objection="none", where="信用门户")
    assert "电热水壶" in words(Client().get("/lists/failed_goods/"))
    takes(chief, held, "annul", conclusion="复检合格。")
    assert "电热水壶" not in words(Client().get("/lists/failed_goods/"))


def test_a_list_of_sellers_is_told_at_once_and_a_wrong_code_stops_the_whole_list(sign_in: Any) -> None:
    unit = subject(name="云泽市临江区大润超市", scope="4499.01.01.")
    shops = [subject(name=f"云泽市临江区小店{n}", number=3000 + n, scope="4499.01.01.") for n in range(30)]
    clerk, chief = sign_in("clerk"), sign_in("chief")
    told = {**RESULT, "name_unit_": unit.name, "subject_unit_": unit.uscc}
    assert clerk.post("/files/new/quality.failed_food/", sent(**told)).status_code == 302
    held = Proceeding.objects.get(procedure="quality.failed_food")
    takes(chief, held, "publish", objection="none", where="信用门户")
    assert "一次登记多户" in words(clerk.get(f"/files/{held.pk}/take/send/"))
    codes = [shop.uscc for shop in shops]
    wrong = clerk.post(
        f"/files/{held.pk}/many/send/", sent(codes="\n".join([*codes, "91449901MA0000000X"]), way="短信")
    )
    assert wrong.status_code == 422
    assert "第 31 行 91449901MA0000000X" in words(wrong)
    assert held.parties.filter(kind="seller").count() == 0
    answer = clerk.post(f"/files/{held.pk}/many/send/", sent(codes="\n".join([*codes, codes[0]]), way="短信"))
    assert answer.status_code == 302, words(answer)[:600]
    assert held.parties.filter(kind="seller", state="told").count() == 30, "whoever is written twice is told once"
    assert clerk.get(f"/files/{held.pk}/").status_code == 200
