"""Powers handed down: a street enforces in its own name what the list gives it, and nothing else."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from shiheng.accounts import actions as accounts
from shiheng.accounts.models import Account, Office, Post
from shiheng.accounts.permissions import SYSTEM
from shiheng.accounts.queries import who_of
from shiheng.catalogue.powers import actions as powers
from shiheng.city.offices import OFFICE_COLUMNS
from shiheng.kernel import clock
from shiheng.procedures.models import Proceeding
from tests.casework import FOUR, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
STREET = (
    ("jie", "解安", "inspector"),
    ("jiang", "江陪", "inspector"),
    ("tun", "屯副", "deputy_head"),
)
BOOKS = {"violation": "food.additive", "summary": "糕点甜蜜素超标"}


@pytest.fixture
def street(bench: Any) -> Any:
    """A street office comes in with the next file of offices, with people of its own; the bench knows them."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet("机构")
        page.write_row(0, 0, OFFICE_COLUMNS)
        page.write_row(1, 0, ("449901T01", "临江区江口街道办事处", "镇街", "449900", "江口街道", "", "", "6"))
    loaded = accounts.load_offices_xlsx(SYSTEM, held.getvalue())
    assert loaded.applied, [str(fault) for fault in loaded.faults]
    office = Office.objects.get(code="449901T01")
    for username, name, role in STREET:
        account = Account(username=username, name=name, kind="officer", created_at=clock.now())
        account.set_password("Shiheng@2026")
        account.save()
        Post.objects.create(account=account, office=office, role=role, since=date(2024, 1, 1))
        bench.accounts[username] = account
    return bench


def hand_down(cast: Any, power: str) -> None:
    """The city gives a power to towns and streets too, by the change of its list."""
    people = []
    for name, role in (("fahe", "section_chief"), ("shizhang", "city_official")):
        account = Account.objects.create(username=name, name=name, created_at=clock.now(), password="!")
        Post.objects.create(account=account, office=Office.objects.get(path="4499."), role=role, since=date(2024, 1, 1))
        people.append(who_of(account))
    row = powers.draft(
        cast.who("chief"), what="devolve", power=power, content={"levels": ["county", "town"]}, trigger="devolution",
        instrument="省人民政府公告〔2026〕第3号", reason="下放由县（区）和镇街行使。", in_force_from=clock.today(),
    )  # fmt: skip
    powers.check(people[0], row.pk, opinion="合法")
    powers.approve(people[1], row.pk)
    powers.publish(people[1], row.pk)


def opened(street: Any, **facts: str) -> Proceeding:
    found: Proceeding = street.opens("jie", **{**facts, "scope_": "4499.01T01."})
    street.takes("jie", found, "verify", plan="两人现场核查", officers_=street.key("jiang"))
    return found


@pytest.mark.mission("E23")
def test_a_street_files_and_numbers_in_its_own_name_what_was_handed_down_to_it(cast: Any, street: Any) -> None:
    found = opened(street, **BOOKS)
    assert found.number == "临江综执案〔2026〕1号"
    page = street.refused("tun", found, "file", **FOUR)
    assert "没有下放镇街" in page
    assert "第二十四条" in page
    hand_down(cast, "food.over_limit")
    form = words(street.at("tun").get(f"/files/{found.pk}/take/file/"))
    assert "由县（区）、镇街行使" in form
    street.takes("tun", found, "file", **FOUR)
    assert found.state == "investigating"


@pytest.mark.mission("E23")
def test_what_was_not_handed_down_goes_to_the_bureau_and_the_bureau_keeps_its_power(street: Any) -> None:
    found = opened(street, violation="food.unlicensed", summary="无证卤味")
    shown = words(street.at("tun").get(f"/files/{found.pk}/"))
    assert "没有下放镇街，由市、县（区）行使" in shown
    street.refused("tun", found, "file", **FOUR)
    street.takes("tun", found, "elsewhere", body="临江区市场监督管理局", letter="临江综执移〔2026〕1号")
    assert found.state == "transferred"
    theirs = street.opens("jian")
    street.takes("jian", theirs, "verify", plan="现场核查")
    street.takes("fu", theirs, "file", **FOUR)
    assert theirs.number.startswith("云临市监案")


def test_a_district_bureau_decides_nothing_in_a_street_s_case(street: Any) -> None:
    found = opened(street, **BOOKS)
    assert street.at("fu").get(f"/files/{found.pk}/").status_code == 404
    assert street.at("fu").post(f"/files/{found.pk}/take/file/", FOUR).status_code == 404


def test_a_power_taken_off_the_list_files_no_case_any_more(cast: Any, street: Any) -> None:
    found = street.opens("jian", **BOOKS)
    street.takes("jian", found, "verify", plan="现场核查")
    hand_down(cast, "food.over_limit")
    row = powers.draft(
        cast.who("chief"), what="cancel", power="food.over_limit", content={}, trigger="reform",
        instrument="云市监〔2026〕30号", reason="条文已删去。", in_force_from=clock.today(),
    )  # fmt: skip
    powers.check(who_of(Account.objects.get(username="fahe")), row.pk, opinion="合法")
    powers.approve(who_of(Account.objects.get(username="shizhang")), row.pk)
    powers.publish(who_of(Account.objects.get(username="shizhang")), row.pk)
    assert "已从权责清单取消" in street.refused("fu", found, "file", **FOUR)
