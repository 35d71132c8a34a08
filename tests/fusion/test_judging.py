"""Rows the matcher does not decide alone wait for a person; what a person says counts at once and can be undone."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import actions, judging, links, matching, queries, sources
from shiheng.fusion.models import Batch, Link, Nameless, Verdict
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import queries as log
from shiheng.subjects.models import Record, Subject
from tests.factories import uscc
from tests.fusion import sources as declared

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 5)
REGISTER = declared.contract(
    declared.column("code", "uscc", "信用代码"),
    declared.column("title", "name", "名称", required=True),
    declared.column("place", "address", "地址"),
    declared.column("boss", "person", "负责人"),
    custom={"department": "测试科"},
)
REGISTER_SAID = {
    "identify": ["code"],
    "statements": {"uscc": "code", "name": "title", "address": "place", "representative": "boss"},
    "authority": {"name": 1, "uscc": 1},
}
PAPERS = declared.contract(
    declared.column("code", "uscc", "信用代码"),
    declared.column("title", "name", "名称", required=True),
    declared.column("place", "address", "地址"),
    declared.column("boss", "person", "负责人"),
    declared.column("permit", "identifier", "证号", unique=True),
    custom={"department": "测试科"},
)
PAPERS_SAID = {
    "identify": ["code"],
    "identify_by_name": {"name": "title", "second": ["address", "representative"]},
    "statements": {"uscc": "code", "name": "title", "address": "place", "representative": "boss"},
    "authority": {"name": 9, "uscc": 9},
    "record": {"kind": "permit", "key": "permit", "facts": {"number": "permit"}},
}


@pytest.fixture(autouse=True)
def two_sources(tmp_path: Any) -> None:
    sources.add(declared.folder(tmp_path / "sample", REGISTER, REGISTER_SAID))
    sources.add(declared.folder(tmp_path / "papers", {**PAPERS, "id": "papers"}, PAPERS_SAID))


def land(source: str, header: str, *lines: str, day: int = 1) -> Batch:
    with clock.standing_at(FIRST + timedelta(days=day)):
        body = "\r\n".join([header, *lines]).encode()
        landed = actions.land(source, BytesIO(body), filename="f.csv", who=SYSTEM, scope="4499.01.")
        batch = actions.advance(landed.pk)
        assert batch.state == "published", batch.reason
        assert matching.settle().stands
        return batch


@pytest.fixture
def shops() -> None:
    land(
        "sample",
        "信用代码,名称,地址,负责人",
        f"{uscc(1)},老周火锅店,码头路1号,周一",
        f"{uscc(2)},老周火锅店,码头路2号,周二",
        f"{uscc(3)},恒润食品有限公司,晨星路9号,陈伟",
    )


def paper(title: str, place: str = "", boss: str = "王五", permit: str = "A1", day: int = 2) -> Nameless:
    batch = land("papers", "信用代码,名称,地址,负责人,证号", f",{title},{place},{boss},{permit}", day=day)
    return Nameless.objects.get(batch=batch)


def subject(number: int) -> int:
    return Subject.objects.get(uscc=uscc(number)).pk


def test_a_tie_waits_for_a_person_whose_word_counts_at_once(shops, cast):
    row = paper("老周火锅店")
    who = cast.who("data")
    assert (row.decision, row.subject_id) == ("tie", None)
    assert list(judging.pending(who)) == [row]
    judged = judging.say(row.pk, "same", subject=subject(2), who=who, reason="电话核实")
    assert (judged.decision, judged.subject_id) == ("judged", subject(2))
    assert Record.objects.get().subject_id == subject(2)
    assert not judging.pending(who).exists()
    matching.settle()
    assert Record.objects.get().subject_id == subject(2)
    assert [leaf.kind for leaf in log.history(f"batch:{row.batch_id}")].count("row.judged") == 1


def test_a_homophone_with_a_second_sign_finds_its_firm_by_itself_and_says_why(shops):
    row = paper("衡闰食品", boss="陈玮")
    assert (row.decision, row.subject_id) == ("auto", subject(3))
    told = next(line for line in links.every("papers"))
    assert told["uscc"] == uscc(3)
    assert any("读音相同" in sentence for sentence in told["sentences"])
    assert told["score"] >= 0.9


def test_what_a_person_says_is_not_so_the_matcher_does_not_say_again(shops, cast):
    row = paper("恒润食品有限公司", "晨星路9号")
    assert row.subject_id == subject(3)
    judging.say(row.pk, "different", subject=subject(3), who=cast.who("data"), misled="name")
    assert not Record.objects.exists()
    land("sample", "信用代码,名称,地址,负责人", f"{uscc(4)},别家商行,别处路1号,别人", day=3)
    assert Nameless.objects.get().subject_id is None
    judging.undo(row.pk, who=cast.who("data"))
    matching.settle()
    assert Record.objects.get().subject_id == subject(3)


def test_none_of_those_shown_and_unsure_leave_the_desk(shops, cast):
    who = cast.who("data")
    first = paper("老周火锅店")
    judging.say(first.pk, "unsure", subject=subject(1), who=who)
    assert not judging.pending(who).exists()
    judging.say(first.pk, "different", who=who)
    matching.settle()
    first.refresh_from_db()
    assert (first.decision, first.subject_id) == ("none", None)


def test_any_number_of_persons_may_find_that_they_cannot_tell(shops, cast):
    row, who = paper("老周火锅店"), cast.who("data")
    other = replace(who, name="另一位数据专员")
    judging.say(row.pk, "unsure", who=who)
    assert list(judging.pending(other)) == [row]
    judging.say(row.pk, "unsure", subject=subject(1), who=other)
    assert not judging.pending(other).exists()
    assert not judging.pending(who).exists()
    assert Verdict.objects.filter(undone_at=None, says="unsure").count() == 3
    judging.say(row.pk, "same", subject=subject(2), who=other)
    assert set(Verdict.objects.filter(undone_at=None).values_list("says", "judged_by")) == {
        ("unsure", who.name), ("same", other.name)
    }  # fmt: skip


def test_a_telephone_is_shown_whole_only_to_who_may_read_what_is_personal(shops, cast, sign_in):
    row = paper("老周火锅店")
    Nameless.objects.filter(pk=row.pk).update(signs={"phone": "13812345678"})
    page = sign_in("data").get(f"/nameless/{row.pk}/").content.decode()
    assert "13812345678" not in page
    assert "138****5678" in page
    assert "13812345678" in sign_in("chief").get(f"/nameless/{row.pk}/").content.decode()


def test_a_subject_the_matcher_did_not_think_of_is_named_by_its_code(shops, cast, sign_in):
    row = paper("恒润食品有限公司", "晨星路9号")
    assert row.subject_id == subject(3)
    judging.say(row.pk, "different", subject=subject(3), who=cast.who("data"))
    matching.settle()
    browser = sign_in("data")
    for code in ("", "X", uscc(77)):
        refused = browser.post(f"/nameless/{row.pk}/", {"choice": "other", "code": code, "_key": str(uuid4())})
        assert refused.status_code == 422
    taken = browser.post(f"/nameless/{row.pk}/", {"choice": "other", "code": f" {uscc(1)} ", "_key": str(uuid4())})
    assert taken.status_code == 302
    matching.settle()
    assert Record.objects.get().subject_id == subject(1)
    judging.undo(row.pk, who=cast.who("data"))
    matching.settle()
    assert Nameless.objects.get().subject_id == subject(3)


def test_a_page_sent_with_a_spoilt_key_is_taken_all_the_same(shops, sign_in):
    row = paper("老周火锅店")
    answer = sign_in("data").post(f"/nameless/{row.pk}/", {"choice": f"same:{subject(1)}", "_key": "x"})
    assert answer.status_code == 302
    assert Verdict.objects.get().subject_id == subject(1)


def test_the_register_alone_is_settled_too(shops):
    assert matching.is_settled()


def test_a_double_click_is_one_judgement_and_a_second_opinion_is_refused(shops, cast):
    row, who, key = paper("老周火锅店"), cast.who("data"), uuid4()
    for _ in range(2):
        judging.say(row.pk, "same", subject=subject(1), who=who, key=key)
    assert Verdict.objects.count() == 1
    with pytest.raises(Conflict):
        judging.say(row.pk, "same", subject=subject(2), who=who)
    with pytest.raises(Refused):
        judging.say(row.pk, "same", subject=subject(3), who=who)
    assert Link.objects.filter(until=None, batch=row.batch).count() == 1


def test_who_may_not_judge_does_not(shops, cast):
    row = paper("老周火锅店")
    with pytest.raises(Forbidden):
        judging.say(row.pk, "same", subject=subject(1), who=cast.who("chief"))
    Batch.objects.update(scope="4499.02.")
    Subject.objects.update(scope="4499.02.")
    with pytest.raises(Missing):
        judging.say(row.pk, "same", subject=subject(1), who=cast.who("data"))
    assert not Verdict.objects.exists()


def test_the_page_shows_both_sides_and_leads_to_the_next(shops, cast, sign_in):
    rows = [paper("老周火锅店", permit="A1"), paper("老周火锅店", permit="A2", day=3)]
    browser: Client = sign_in("data")
    listed = browser.get("/nameless/").content.decode()
    assert "并列待判" in listed
    page = browser.get(f"/nameless/{rows[0].pk}/").content.decode()
    assert "码头路1号" in page
    assert "码头路2号" in page
    answer = browser.post(f"/nameless/{rows[0].pk}/", {"choice": f"same:{subject(1)}", "_key": str(uuid4())})
    assert answer["Location"] == f"/nameless/{rows[1].pk}/"
    wrong = browser.post(f"/nameless/{rows[1].pk}/", {"choice": "same:1", "_key": str(uuid4())})
    assert wrong.status_code == 422
    assert "不在这一行的候选之中" in wrong.content.decode()
    undone = browser.post(f"/nameless/{rows[0].pk}/", {"choice": "undo", "_key": str(uuid4())})
    assert undone.status_code == 302
    assert Verdict.objects.filter(undone_at=None).count() == 0


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from(["same", "different", "none", "unsure"]), st.integers(0, 1)),
        max_size=5,
    )
)
def test_any_judgements_undone_leave_what_would_stand_without_them(shops, cast, said):
    if not Nameless.objects.exists():
        paper("老周火锅店", permit="A1")
        paper("恒润食品", "晨星路9号", permit="A2", day=3)
    who, before = cast.who("data"), list(queries.canonical())
    rows = list(Nameless.objects.order_by("pk"))
    touched = set()
    for which, says, place in said:
        row = rows[which]
        row.refresh_from_db()
        if not row.candidates:  # all of them were said to be others
            continue
        about = row.candidates[place % len(row.candidates)]["subject"]
        try:
            judging.say(
                row.pk, "different" if says == "none" else says, subject=None if says == "none" else about, who=who
            )
            touched.add(row.pk)
        except Conflict:
            pass
        matching.settle()
    for pk in touched:
        judging.undo(pk, who=who)
    matching.settle()
    assert list(queries.canonical()) == before
