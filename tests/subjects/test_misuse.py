"""被法人: whoever's name was used gets every subject in it looked into, in a period that shows how it is reckoned."""

from datetime import date
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import files
from shiheng.ledger import queries as log
from shiheng.subjects import following, misuse
from shiheng.subjects.models import Person, Record, Subject, Trace
from tests.factories import uscc
from tests.subjects.test_following import line, number, send

pytestmark = pytest.mark.django_db
SAID = "本人从未到过云泽市，身份证去年遗失过。"


@pytest.fixture
def victim() -> Person:
    send(
        line("A1", 1, "陈伟", 1, "法定代表人"),
        line("A2", 2, "陈伟", 1, "监事"),
        line("A3", 3, "林静", 2, "法定代表人"),
    )
    return Person.objects.get(key=following.persons.key_of(number(1)))


def traced(who, victim):
    return following.ask(who, victim.pk, purpose="misuse", matter="投诉 2026-15", reason="本人称被冒名登记")


def ids(*firms: int) -> list[int]:
    return [Subject.objects.get(uscc=uscc(n)).pk for n in firms]


def test_each_subject_denied_has_a_claim_of_its_own_on_its_file(victim, cast):
    who, key = cast.who("chief"), uuid4()
    trace = traced(who, victim)
    with clock.standing_at(date(2026, 2, 10)):
        made = misuse.claim(who, trace, ids(1, 2), said=SAID, received=date(2026, 1, 30), key=key)
        again = misuse.claim(who, trace, ids(1, 2), said=SAID, received=date(2026, 1, 30), key=key)
    assert [r.pk for r in made] == [r.pk for r in again]
    assert {r.facts["position"] for r in made} == {"法定代表人（负责人）", "监事"}
    assert made[0].facts["limit"] == "2026-04-30"  # three months after 30 January: the same day of the month
    assert "第五十三条" in misuse.reckoned(date(2026, 1, 30)).sentence()
    assert log.history(f"subject:{made[0].subject_id}")[0].kind == "misuse.claimed"
    with pytest.raises(Conflict):
        misuse.claim(who, trace, ids(1), said=SAID, received=date(2026, 1, 30))


def test_a_claim_needs_a_subject_of_the_person_and_a_word_of_theirs(victim, cast):
    who = cast.who("chief")
    trace = traced(who, victim)
    right = {"said": SAID, "received": date(2026, 1, 5)}
    for wrong, subjects in (
        ({}, []),
        ({}, ids(3)),
        ({"said": "不是我"}, ids(1)),
        ({"received": date(2099, 1, 1)}, ids(1)),
    ):
        with pytest.raises(Refused):
            misuse.claim(who, trace, subjects, **{**right, **wrong})
    with pytest.raises(Forbidden):
        misuse.claim(cast.who("inspector_b"), trace, ids(1), **right)
    assert not Record.objects.filter(kind="misuse").exists()


def test_an_investigation_ends_once_with_its_reason(victim, cast):
    who = cast.who("chief")
    (claim,) = misuse.claim(who, traced(who, victim), ids(1), said=SAID, received=date(2026, 1, 5))
    with pytest.raises(Refused):
        misuse.conclude(who, claim.pk, "revoke", reason="是假的")
    ended = misuse.conclude(who, claim.pk, "revoke", reason="笔迹鉴定与身份核验记录均证明非本人签署。")
    assert ended.state == "移送撤销登记"
    assert ended.facts["result"].startswith("笔迹鉴定")
    with pytest.raises(Conflict):
        misuse.conclude(who, claim.pk, "keep", reason="再查一次认为是本人所为，理由充分。")
    Record.objects.update(scope="4499.02.")
    with pytest.raises(Missing):
        misuse.find(who, claim.pk)


def test_what_departments_send_later_leaves_a_claim_alone(victim, cast):
    who = cast.who("chief")
    misuse.claim(who, traced(who, victim), ids(1), said=SAID, received=date(2026, 1, 5))
    send(line("A9", 1, "马丽", 9, "经理"), day=date(2026, 3, 3))
    assert Record.objects.filter(kind="misuse", state="调查中").count() == 1


def test_what_the_person_brought_is_kept_sealed_and_comes_back_under_its_name(victim, cast, sign_in):
    trace, browser = traced(cast.who("chief"), victim), sign_in("chief")
    asked = {"subjects": [str(ids(1)[0])], "received": "2026-01-05", "said": SAID, "_key": str(uuid4())}
    with clock.standing_at(date(2026, 1, 6)):
        Trace.objects.update(asked_at=clock.now())
        url = reverse("misuse-new", args=[trace.pk])
        refused = browser.post(url, asked | {"evidence": SimpleUploadedFile("核验.exe", b"MZ")})
        assert "证明材料请用" in refused.content.decode()
        assert not Record.objects.filter(kind="misuse").exists()
        sent = SimpleUploadedFile("核验记录.pdf", b"%PDF-1.7 checked")
        assert browser.post(url, asked | {"_key": str(uuid4()), "evidence": sent}).status_code == 302
        claim = Record.objects.get(kind="misuse")
        assert files.is_sealed(claim.facts["evidence"])
        response = browser.get(reverse("misuse-evidence", args=[claim.pk]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 checked"
    assert quote("核验记录.pdf") in response["Content-Disposition"]
