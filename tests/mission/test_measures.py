"""Credit as a condition: repaired online, asked for at a permit; who is banned, and new firms that are told first."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shiheng.procedures.models import Proceeding
from shiheng.registers.models import Entry
from shiheng.subjects.models import Record, Representation
from tests import factories
from tests.casework import Bench, words
from tests.evidence import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NUMBER = "449901198001010018"
LICENCE = {"summary": "新开糕点店", "kind": "sale", "scope": "糕点销售", "place": "江口街道一号", "manager": "陈小旺",
           "scope_": "4499.01.", "name_head_": "陈大旺", "id_head_": NUMBER}  # fmt: skip


@pytest.fixture
def firm(cast: Any) -> Any:
    held = factories.subject(name="云泽市临江区恒达食品店", scope="4499.01.01.")
    Representation.objects.create(account=cast.owner, subject=held, basis="法定代表人", since="2026-01-01")
    return held


def sent(**values: Any) -> dict[str, Any]:
    return {"_key": str(uuid4()), **values}


def takes(browser: Client, held: Proceeding, step: str, **values: Any) -> None:
    answer = browser.post(f"/files/{held.pk}/take/{step}/", sent(**values))
    assert answer.status_code == 302, words(answer)[:900]
    held.refresh_from_db()


@pytest.mark.mission("C09")
def test_a_business_applies_online_conditions_are_checked_and_the_decision_changes_what_is_public(
    bench: Bench, firm: Any, sign_in: Any, clock: Any
) -> None:
    case = bench.to("closed", bench.opens(name_party_=firm.name, subject_party_=firm.uscc))
    row, owner, anybody = Record.objects.get(subject=firm, kind="penalty"), sign_in("owner"), Client()
    line = f"/enterprise/credit/{row.pk}/"
    promise = {"done": "1", "harmless": "1", "promise": "承诺守法经营。"}
    early = owner.post(f"{line}repair/", sent(**promise))
    assert "还没有达到最短期限" in words(early)
    clock.move_to(date(2027, 11, 22))
    paper = SimpleUploadedFile("缴款票据.png", made.png(), content_type="image/png")
    answer = owner.post(f"{line}repair/", sent(**promise, paper_1_=paper))
    assert answer.status_code == 302, words(answer)[:900]
    held = Proceeding.objects.get(procedure="credit.repair")
    clerk, chief = sign_in("clerk"), sign_in("chief")
    assert case.number in words(clerk.get(f"/files/{held.pk}/")), "bound to the case it is about"
    takes(clerk, held, "accept")
    takes(clerk, held, "check", way="书面核实", finding="票据属实。")
    takes(chief, held, "grant", document="云临市监信修〔2027〕1号")
    takes(clerk, held, "execute", receivers="国家企业信用信息公示系统\n信用中国")
    assert "无证经营糕点" not in words(anybody.get(f"/s/{firm.uscc}/"))
    page = words(owner.get(line))
    assert "不再显示" in page
    assert held.number in page


@pytest.mark.mission("C11")
def test_a_listed_business_is_flagged_with_the_basis_where_it_comes_and_what_was_applied_is_told_back(
    firm: Any, sign_in: Any
) -> None:
    factories.record(firm, kind="serious", key="s", title="列入严重违法失信名单")
    clerk = sign_in("clerk")
    told = {**LICENCE, "name_firm_": firm.name, "subject_firm_": firm.uscc}
    flagged = words(clerk.post("/files/new/food.licence/", sent(**told)))
    assert "不适用告知承诺制" in flagged
    assert "市场监督管理严重违法失信名单管理办法" in flagged
    assert clerk.post("/files/new/food.licence/", sent(**told, heeded_="1")).status_code == 302
    held = Proceeding.objects.get(procedure="food.licence")
    for row in held.heeded.all():
        answer = clerk.post(f"/measures/applied/{row.pk}/", sent(outcome="applied", words="按一般程序从严审查。"))
        assert answer.status_code == 302, words(answer)[:600]
    page = words(sign_in("city").get("/measures/applied/"))
    assert "市场监督管理局 2 0 2 0" in page


@pytest.mark.mission("H08")
def test_whoever_is_banned_from_food_is_found_by_the_number_and_gets_no_permit_until_the_term_is_over(
    bench: Bench, firm: Any, sign_in: Any, clock: Any
) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    banned = {"name": "陈大旺", "number": NUMBER, "document": "云江市监处罚〔2024〕8号", "cause": "revoked",
              "firm": "旧店", "since_": "2024-07-01", "until_": "2026-12-01", "scope_": "4499.01."}  # fmt: skip
    answer = chief.post("/registers/food.banned_persons/new/", sent(**banned))
    assert answer.status_code == 302, words(answer)[:900]
    assert Entry.objects.get(register="food.banned_persons").until == date(2026, 12, 1)
    told = {**LICENCE, "name_head_": "陈某", "name_firm_": firm.name, "subject_firm_": firm.uscc}
    assert "证件号码相同" in words(clerk.post("/files/new/food.licence/", sent(**told)))
    assert clerk.post("/files/new/food.licence/", sent(**told, heeded_="1")).status_code == 302
    held = Proceeding.objects.get(procedure="food.licence")
    takes(clerk, held, "accept")
    takes(clerk, held, "examine", result="yes", finding="布局合规。", officers_=bench.key("jian"))
    granted = {"number": "JY14499010000001", "until": "2031-11-19"}
    refused = words(chief.post(f"/files/{held.pk}/take/grant/", sent(**granted)))
    assert "第一百三十五条" in refused
    clock.move_to(date(2026, 12, 2))
    takes(chief, held, "grant", **granted)
    assert held.state == "granted"


@pytest.mark.mission("C21")
def test_a_four_new_firm_is_marked_and_whoever_opens_a_case_reads_that_it_is_told_first(
    bench: Bench, firm: Any, sign_in: Any
) -> None:
    chief = sign_in("chief")
    marked = {"subject_": firm.uscc, "kind": "新业态", "document": "区“四新”企业名单（2026）", "scope_": "4499.01.01."}
    answer = chief.post("/registers/registration.four_new/new/", sent(**marked))
    assert answer.status_code == 302, words(answer)[:900]
    held = bench.opens(name_party_=firm.name, subject_party_=firm.uscc, heeded_="1")
    page = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert "先行建议、提醒、警示" in page
    row = held.heeded.get()
    said = sent(outcome="applied", words="十一月三日已发提醒函，到期没有改正。")
    assert bench.at("jian").post(f"/measures/applied/{row.pk}/", said).status_code == 302
    assert "十一月三日已发提醒函" in words(bench.at("jian").get(f"/files/{held.pk}/"))
