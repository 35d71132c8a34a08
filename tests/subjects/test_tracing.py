"""地址追寻: everybody at one house however the address is written, how they came to be so many, who is elsewhere."""

from datetime import date

import polars as pl
import pytest

from shiheng.subjects import addresses, crowds, tracing
from shiheng.subjects.comparing import sentence
from shiheng.subjects.models import Premises, Subject
from tests.factories import uscc

pytestmark = pytest.mark.django_db


def place(number: int, text: str, *, kind: str = "domicile", established: int = 2020, current: bool = True) -> None:
    subject, _ = Subject.objects.get_or_create(
        pk=number,
        defaults={
            "mint_key": f"uscc:{uscc(number)}", "uscc": uscc(number), "name": f"第{number}商店", "status": "active",
            "scope": "4499.01.", "live": True, "fields": {}, "updated_on": date(2026, 1, 1),
            "established": date(established, 3, 1),
        },
    )  # fmt: skip
    door, unit = addresses.houses(pl.Series([text]))[0]
    Premises.objects.create(
        subject=subject, kind=kind, text=text, key=text, door=door, unit=unit, source="register", current=current
    )


@pytest.fixture
def street() -> str:
    place(1, "云泽市临江区听澜街道金橘一路282号首层", established=2018)
    place(2, "广东省云泽市临江区金橘一路２８２＃2楼201室", established=2020)
    place(3, "临江区听澜街道金橘一路282号2楼201", established=2020)
    place(4, "云泽市临江区听澜街道金橘一路284号", established=2021)
    place(5, "云泽市望湖区金橘一路282号", established=2021)
    place(6, "云泽市临江区听澜街道金橘一路282号3楼", current=False)
    return tracing.door_of("临江区金橘一路282号")[0]


def test_one_house_in_many_spellings_and_no_other(street):
    assert {held.subject_id for held in tracing.at(street)} == {1, 2, 3, 6}
    house = tracing.house(street)
    assert (house.subjects, house.operating, house.rooms) == (3, 3, 2)
    assert house.title == "临江区金橘一路282号"
    assert not house.is_crowd


def test_how_the_house_grew_and_who_is_found_elsewhere(street):
    assert tracing.growth(street) == [(2018, 1), (2019, 0), (2020, 2)]
    place(2, "云泽市望湖区鱼跃路9号", kind="business_place")
    place(3, "临江区金橘一路282号2楼", kind="business_place")
    assert tracing.found_elsewhere(street) == {2}


def test_the_page_reads_an_address_and_says_when_it_cannot(street, sign_in):
    browser = sign_in("inspector_b")
    page = browser.get("/trace/address/", {"q": "临江区金橘一路282号201"}).content.decode()
    assert "临江区金橘一路282号" in page
    assert "第1商店" in page
    assert "第4商店" not in page
    unread = browser.get("/trace/address/", {"q": "大榕树旁边"}).content.decode()
    assert "没有读出道路和门牌号" in unread
    panel = browser.get("/subjects/1/").content.decode()
    assert "共 3 户" in panel


def test_who_is_written_otherwise_is_told_apart_as_likely_with_the_reason(street, sign_in):
    place(10, "云泽市临江区听澜街道金橘一路282号听澜大厦5楼501室")
    place(11, "云泽市临江区听澜街道听澜大厦601室")
    place(12, "金橘一路282号402室")
    place(13, "临江区金橘一路听澜大厦")
    place(14, "临江区金橘一路282-1号")
    place(20, "临江区金橘一路听涛苑8栋")
    place(21, "望湖区听澜大厦601室")
    place(22, "临江区金橘一路")
    found = {line.subject.pk: sentence(line.found.reasons) for line in tracing.likely(street)}
    assert found == {
        11: "名称相符，房号不同",
        12: "同路同号，房号不同",
        13: "同路，一处没有写门牌号，名称相符",
        14: "同路，门牌号开头相同",
    }
    assert tracing.house(street).subjects == 4
    page = sign_in("inspector_b").get("/trace/address/", {"door": street}).content.decode()
    assert "疑似同一处" in page
    assert "没有并入上表" in page
    assert "同路，一处没有写门牌号，名称相符" in page
    assert "第20商店" not in page


def test_an_address_nobody_is_at_leads_to_those_written_otherwise():
    place(1, "云泽市临江区听澜大厦601室")
    asked = "临江区金橘一路282号听澜大厦"
    assert [line.subject.pk for line in tracing.likely(tracing.door_of(asked)[0], asked)] == []
    place(2, "临江区听澜大厦601室")
    assert [line.subject.pk for line in tracing.likely(tracing.door_of(asked)[0], asked)] == [2]


def test_however_many_are_written_otherwise_three_questions_are_asked(street, django_assert_num_queries):
    for number in range(100, 100 + 3 * tracing.LIKELY):
        place(number, f"金橘一路282号A{number}档")
    with django_assert_num_queries(3):
        assert len(tracing.likely(street)) == 3 * tracing.LIKELY


def test_a_crowd_is_told_to_join_nobody(street, sign_in):
    for number in range(100, 100 + crowds.limit(crowds.HOUSE, "")):
        place(number, f"云泽市临江区听澜街道金橘一路282号A{number}档")
    page = sign_in("inspector_b").get("/trace/address/", {"door": street}).content.decode()
    assert "不说明彼此有关" in page
