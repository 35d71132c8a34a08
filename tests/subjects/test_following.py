"""法人追寻: one person's subjects are found by proof, for a purpose, on record; a name alone joins nobody."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import actions, matching, withdrawal
from shiheng.fusion.models import Batch
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.kernel.identifiers import resident_id_check_character
from shiheng.ledger import queries as log
from shiheng.ledger.models import Leaf
from shiheng.subjects import following
from shiheng.subjects.models import Person, Relation, Subject, Trace
from tests.factories import uscc

pytestmark = pytest.mark.django_db
HEADER = "主键,统一社会信用代码,企业名称,姓名,证件号码,职务,联系电话,任职日期,离任日期"
BORN = "44990119700101"


def number(serial: int) -> str:
    body = f"{BORN}{serial:03d}"
    return body + resident_id_check_character(body)


def send(*lines: str, day: date = date(2026, 1, 6)) -> None:
    with clock.standing_at(day):
        landed = actions.land(
            "members", BytesIO("\n".join([HEADER, *lines]).encode()), filename="人员.csv", who=SYSTEM, scope="4499.01."
        )
        batch = actions.advance(landed.pk)
        assert batch.state == "published", batch.reason
        matching.settle()


def line(key: str, firm: int, name: str, serial: int = 0, role: str = "股东", phone: str = "", **days: str) -> str:
    since, until = days.get("since", "2020-05-06"), days.get("until", "")
    code = number(serial) if serial else ""
    return f"{key},{uscc(firm)},云泽市第{firm}商贸有限公司,{name},{code},{role},{phone},{since},{until}"


@pytest.fixture
def town() -> None:
    """陈伟 (1) stands in firms 1 and 2, once written 陈玮; another 陈伟 (2) in 3, and one without a number in 4.

    林静 left 陈伟's telephone at 5. An agent's telephone is left at twelve firms.
    """
    send(
        line("A1", 1, "陈伟", 1, "法定代表人", "14200000001"),
        line("A2", 2, "陈玮", 1, "股东", until="2025-03-01"),
        line("A3", 3, "陈伟", 2, "法定代表人"),
        line("A4", 4, "陈伟", 0, "法定代表人"),
        line("A5", 5, "林静", 3, "法定代表人", "14200000001"),
        line("B1", 1, "陈伟", 1, "联络员", "14209999999"),
        *(line(f"C{n}", n, f"户主{n}", 10 + n, "委托代理人", "14209999999") for n in range(10, 22)),
    )


def person(serial: int) -> Person:
    return Person.objects.get(key=following.persons.key_of(number(serial)))


def names(found: following.Found) -> set[str]:
    return {r.subject.name for r in found.positions}


def test_a_person_is_one_by_number_and_never_by_name(town):
    found = following.find(person(1))
    assert names(found) == {"云泽市第1商贸有限公司", "云泽市第2商贸有限公司"}
    assert set(found.names) == {"陈伟", "陈玮"}
    assert found.namesakes == 2
    pool = following.namesakes(found.person, found.names)
    assert {r.subject.name for r in pool} == {"云泽市第3商贸有限公司", "云泽市第4商贸有限公司"}
    assert Person.objects.filter(name="陈伟", verified=False).count() == 1


def test_no_identity_number_is_kept_in_the_clear(town):
    kept = str(list(Person.objects.values())) + str(list(Relation.objects.values()))
    assert number(1) not in kept
    assert "14200000001" not in kept


def test_a_shared_telephone_is_a_suspicion_and_an_agents_is_none(town):
    found = following.find(person(1))
    assert [(s.person.name, s.subject.name) for s in found.suspects] == [("林静", "云泽市第5商贸有限公司")]
    assert found.shared == [(13, 10)]


def test_as_of_a_day_only_who_held_a_position_then(town):
    assert names(following.find(person(1), on=date(2024, 1, 1))) == {"云泽市第1商贸有限公司", "云泽市第2商贸有限公司"}
    assert names(following.find(person(1), on=date(2026, 1, 1))) == {"云泽市第1商贸有限公司"}
    assert names(following.find(person(1), on=date(2019, 1, 1))) == set()


def test_the_way_between_two_subjects_goes_by_proved_persons_only(town):
    send(line("D1", 2, "马丽", 30), line("D2", 3, "马丽", 30), line("D3", 7, "陈伟", 2), day=date(2026, 2, 2))
    ids = {n: Subject.objects.get(uscc=uscc(n)).pk for n in (1, 2, 3, 4, 7)}
    steps = following.between([ids[2]], ids[7])
    assert [(s.near.subject_id, s.far.subject_id) for s in steps] == [(ids[2], ids[3]), (ids[3], ids[7])]
    (step,) = following.between([ids[2], ids[3]], ids[7])  # from whichever is nearer
    assert (step.near.subject_id, step.far.subject_id) == (ids[3], ids[7])
    assert following.between([ids[1]], ids[4]) == []  # the same name is no way


def test_a_way_is_as_of_a_day(town):
    """陈伟 left firm 2 in March 2025: since then nobody stands in both."""
    first, second = (Subject.objects.get(uscc=uscc(n)).pk for n in (1, 2))
    assert following.between([first], second) == []
    assert following.between([first], second, on=date(2026, 1, 1)) == []
    (step,) = following.between([first], second, on=date(2024, 1, 1))
    assert (step.near.named, step.far.named) == ("陈伟", "陈玮")


def test_taking_the_file_back_leaves_nobody(town):
    relations, persons = Relation.objects.count(), set(Person.objects.values_list("key", flat=True))
    send(line("E1", 1, "马丽", 31, "监事"), line("E2", 6, "何平", 32), day=date(2026, 3, 3))
    assert Relation.objects.count() == relations + 2
    number = Batch.objects.latest("pk").pk
    withdrawal.begin(number, who=SYSTEM, reason="报错了，重新报送")
    assert actions.advance(number).state == "withdrawn"
    assert Relation.objects.count() == relations
    assert set(Person.objects.values_list("key", flat=True)) == persons


def test_what_for_is_on_record_before_anything_is_shown(town, cast):
    who, key = cast.who("chief"), uuid4()
    asked: dict[str, Any] = {"purpose": "case", "matter": "云市监案〔2026〕8号", "reason": "核实实际控制人", "key": key}
    made = following.ask(who, person(1).pk, **asked)
    assert following.ask(who, person(1).pk, **asked) == made  # a double click is one tracing
    assert (made.subjects, made.unverified) == (2, 2)
    leaf = log.history(f"person:{made.person_id}")[0]
    assert leaf.kind == "person.traced"
    assert leaf.facts["matter"] == "云市监案〔2026〕8号"
    assert number(1) not in str(leaf.facts)
    for wrong in ({"purpose": "x"}, {"matter": "1"}, {"reason": "查"}):
        with pytest.raises(Refused):
            following.ask(who, person(1).pk, **{**asked, "key": uuid4(), **wrong})
    with pytest.raises(Forbidden):
        following.ask(cast.who("data"), person(1).pk, **{**asked, "key": uuid4()})
    assert Trace.objects.count() == 1


def test_what_was_found_is_open_to_whoever_asked_and_for_a_day(town, cast):
    made = following.ask(cast.who("chief"), person(1).pk, purpose="case", matter="案件8号", reason="核实控制人")
    assert following.opened(cast.who("chief"), made.pk) == made
    with pytest.raises(Missing):
        following.opened(cast.who("inspector_b"), made.pk)
    Trace.objects.update(asked_at=clock.now() - timedelta(days=2))
    with pytest.raises(Conflict):
        following.opened(cast.who("chief"), made.pk)


def test_a_wrong_number_is_told_and_a_right_one_is_decisive(town):
    with pytest.raises(Refused, match="证件号码有误"):
        following.offered("陈伟", number(1)[:-1] + ("1" if number(1)[-1] != "1" else "2"))
    assert [o.pk for o in following.offered("", number(1))] == [person(1).pk]
    several = following.offered("陈伟", "")
    assert len(several) == 3
    assert [o.verified for o in several] == [True, True, False]


def test_the_page_asks_first_and_then_shows_everything(town, sign_in):
    browser: Client = sign_in("chief")
    asked = {"name": "陈伟", "number": "", "purpose": "misuse", "matter": "投诉 2026-15", "reason": "本人称被冒名登记"}
    page = browser.post("/trace/person/", {**asked, "_key": str(uuid4())})
    assert page.status_code == 200
    text = page.content.decode()
    assert "不止一个人" in text
    said = Leaf.objects.get(kind="person.sought").facts
    assert (said["persons"], said["matter"]) == (3, "投诉 2026-15")
    assert "陈伟" not in str(said)
    short = browser.post("/trace/person/", {**asked, "matter": "1", "_key": str(uuid4())})
    assert short.status_code == 422
    assert "身份未核实" not in short.content.decode()
    assert text.count("证件号码相互印证") == 2
    answer = browser.post("/trace/person/", {**asked, "person": str(person(1).pk), "_key": str(uuid4())})
    assert answer.status_code == 302
    shown = browser.get(answer["Location"]).content.decode()
    for said in ("云泽市第1商贸有限公司", "云泽市第2商贸有限公司", "疑似", "同名未核实", "13 户共用", "<circle"):
        assert said in shown
    way = browser.get(answer["Location"], {"to": uscc(3)}).content.decode()
    assert "四步之内没有" in way
    export = browser.get(answer["Location"], {"_export": "csv"})
    assert export.status_code == 200
    assert sign_in("inspector_b").get(answer["Location"]).status_code == 404
    listed = sign_in("city").get("/trace/person/log/").content.decode()
    assert "投诉 2026-15" in listed
    assert sign_in("data").get("/trace/person/").status_code == 403


def test_a_subjects_page_leads_to_tracing_whoever_stands_there(town, sign_in):
    subject = Subject.objects.get(uscc=uscc(1))
    page = sign_in("chief").get(f"/subjects/{subject.pk}/", {"tab": "relations"}).content.decode()
    relation = Relation.objects.get(subject=subject, role="representative")
    assert f"/trace/person/?relation={relation.pk}" in page
    start = sign_in("chief").get("/trace/person/", {"relation": relation.pk}).content.decode()
    assert "开始追寻" in start
    outsider = sign_in("data").get(f"/subjects/{subject.pk}/", {"tab": "relations"}).content.decode()
    assert "/trace/person/" not in outsider


def test_a_number_that_nobody_left_as_their_own_joins_nobody(db, cast, sign_in):
    """Three clients of one bookkeeper; the fourth is the bookkeeper's principal, whose own number is another."""
    books = "14207777777"
    send(
        *(line(f"L{n}", n, f"户主{n}", n, "法定代表人", f"1420000010{n}") for n in (1, 2, 3)),
        *(line(f"K{n}", n, f"户主{n}", n, "联络员", books) for n in (1, 2, 3)),
    )
    found = following.find(person(1))
    assert (found.suspects, found.called) == ([], [3])
    made = following.ask(cast.who("chief"), person(1).pk, purpose="case", matter="案件9号", reason="核实控制人")
    page = sign_in("chief").get(f"/trace/person/{made.pk}/").content.decode()
    assert "在 3 户都只作联络员或代理人的电话" in page
    send(line("L4", 4, "幕后", 4, "股东", books), day=date(2026, 1, 7))  # whose number it is, is known now
    found = following.find(person(1))
    assert {suspect.subject.name for suspect in found.suspects} == {f"云泽市第{n}商贸有限公司" for n in (2, 3, 4)}
    assert found.called == []


def test_shops_of_one_family_that_leave_one_number_are_joined_to_nobody(db):
    phone = "14206666666"
    send(
        line("S1", 1, "林大海", 1, "经营者", phone),
        line("S2", 2, "林小溪", 2, "经营者", phone),
        line("S3", 3, "周舟", 3, "经营者", phone),
    )
    Subject.objects.update(kind="individual")
    found = following.find(person(1))
    assert [suspect.person for suspect in found.suspects] == [person(3)], "of another family name"
    assert found.kin == 1
    Subject.objects.filter(uscc=uscc(2)).update(kind="enterprise")
    found = following.find(person(1))
    assert {suspect.person for suspect in found.suspects} == {person(2), person(3)}
    assert found.kin == 0
