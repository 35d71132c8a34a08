"""Items of a file: what law asks of them, whose hands they went through, what they prove, taking back a wrong one."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shiheng.kernel import clock as house_clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger.models import Leaf
from shiheng.procedures import actions as procedures
from shiheng.procedures.evidence import actions, queries
from shiheng.procedures.models import Custody, Evidence
from tests.evidence import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
UNLICENSED = "food.unlicensed"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"kind": "09"}, "请选择证据种类"),
        ({"kind": "08"}, "两名以上"),
        ({"kind": "06"}, "两名以上"),
        ({"original": False}, "怎样核对"),
        ({"title": " "}, "都要填写"),
        ({"passage": 7}, "没有这条办理记录"),
        ({"elements": ["food.unlicensed:主体"]}, "没有这些构成要件"),
        ({"taken_by": []}, "由谁取得"),
        ({"act": "raid"}, "没有这种执法行为"),
    ],
)
def test_what_law_does_not_take_is_refused_with_what_to_do(cast: Any, other: dict[str, Any], why: str) -> None:
    found = made.proceeding(cast)
    with pytest.raises(Refused, match=why):
        made.received(cast, found, **other)
    assert not Evidence.objects.exists()
    assert not Leaf.objects.filter(kind="evidence.received").exists()


def test_a_record_made_by_two_officers_is_taken_and_nothing_from_the_future(cast: Any) -> None:
    found = made.proceeding(cast)
    two = [(cast.who("clerk").key, "李窗"), (cast.who("chief").key, "章科")]
    row = made.received(cast, found, kind="08", taken_by=two, act="site")
    assert [name for _key, name in row.taken_by] == ["李窗", "章科"]
    with pytest.raises(Refused, match="不能晚于现在"):
        made.received(cast, found, made.png(40), taken_at=house_clock.now() + timedelta(minutes=1))


def test_who_may_only_read_or_sees_another_office_takes_nothing_in(cast: Any) -> None:
    found = made.proceeding(cast)
    with pytest.raises(Missing):
        made.received(cast, found, by="inspector_b")
    row = made.received(cast, found)
    with pytest.raises(Missing):
        actions.move(cast.who("inspector_b"), found.pk, row.number, "handed", to="查宁", why="移送")
    with pytest.raises(Missing):
        queries.find(cast.who("inspector_b"), found.pk, row.number)


def test_every_hand_an_item_goes_through_stays_with_who_when_to_whom_and_why(cast: Any, clock: Any) -> None:
    found = made.proceeding(cast)
    row, clerk, chief = made.received(cast, found), cast.who("clerk"), cast.who("chief")
    for who, kind, to, why in (
        (clerk, "sealed", "", "封条 0012"),
        (chief, "opened", "", "送检前启封，封条完好"),
        (clerk, "borrowed", "市质检所 陈工", "送检"),
        (clerk, "returned", "", "检毕归还"),
        (clerk, "handed", "章科", "移交审核"),
    ):
        clock.move_to(house_clock.now() + timedelta(hours=1))
        actions.move(who, found.pk, row.number, kind, to=to, why=why)
    rows = queries.custody_of(row)
    assert [(one.kind, one.giver, one.taker) for one in rows] == [
        ("received", "恒达电器经营场所", "李窗"),
        ("sealed", "李窗", "李窗"),
        ("opened", "李窗", "李窗"),
        ("borrowed", "李窗", "市质检所 陈工"),
        ("returned", "市质检所 陈工", "李窗"),
        ("handed", "李窗", "章科"),
    ]
    assert queries.standing_of(rows).holder == "章科"
    leaves = [leaf.kind for leaf in Leaf.objects.filter(subject=f"evidence:{row.pk}").order_by("id")]
    assert leaves == [f"evidence.{one.kind}" for one in rows]
    for kind, why in (("returned", "没有借出"), ("opened", "没有封存")):
        with pytest.raises(Refused, match=why):
            actions.move(clerk, found.pk, row.number, kind, why="x")
    with pytest.raises(Refused, match="交给谁"):
        actions.move(clerk, found.pk, row.number, "borrowed", why="送检")
    earlier = house_clock.now() - timedelta(days=1)
    with pytest.raises(Refused, match="早于上一条"):
        actions.move(clerk, found.pk, row.number, "sealed", why="封", at=earlier)


def test_two_who_write_one_custody_at_once_do_not_both_win(cast: Any) -> None:
    found = made.proceeding(cast)
    row = made.received(cast, found)
    stale = Evidence.objects.get(pk=row.pk)
    actions.move(cast.who("clerk"), found.pk, row.number, "sealed", why="封条 1")
    with pytest.raises(Conflict, match="有人刚刚办理过"):
        actions.happen(stale, cast.who("chief"), "sealed", why="封条 2")
    assert Custody.objects.count() == 2


def test_a_wrong_item_is_withdrawn_by_a_second_person_and_both_stay_to_be_seen(cast: Any, sign_in: Any) -> None:
    found = made.proceeding(cast)
    row = made.received(cast, found)
    with pytest.raises(Refused, match="另一名工作人员"):
        actions.withdraw(cast.who("clerk"), found.pk, row.number, reason="传错了")
    chief = sign_in("chief")
    page = f"/files/{found.pk}/evidence/{row.number}/"
    assert "withdraw/" not in sign_in("clerk").get(page).content.decode()
    answer = chief.post(f"{page}withdraw/", {"_key": str(uuid4()), "reason": "不是本案的照片"})
    assert answer.status_code == 302
    told = chief.get(page).content.decode()
    for words in ("已由章科撤回", "不是本案的照片", "李窗", row.file):
        assert words in told, words
    assert "已撤回" in chief.get(f"/files/{found.pk}/evidence/").content.decode()
    with pytest.raises(Refused, match="已经撤回"):
        actions.move(cast.who("clerk"), found.pk, row.number, "sealed", why="封")
    back = actions.move(cast.who("clerk"), found.pk, row.number, "handed", to="恒达电器", why="退还提供人")
    assert queries.standing_of(queries.custody_of(back)).holder == "恒达电器"
    again = made.received(cast, found)
    assert again.number == 2, "the number of what was withdrawn is not given again"


def test_what_an_item_proves_is_said_anew_and_what_was_said_before_stays(cast: Any) -> None:
    found = made.proceeding(cast)
    clerk = cast.who("clerk")
    actions.allege(clerk, found.pk, UNLICENSED)
    row = made.received(cast, found, elements=[f"{UNLICENSED}:主体"], proves="执照")
    actions.assess(clerk, found.pk, row.number, elements=[f"{UNLICENSED}:实际经营"], proves="柜台在售")
    row.refresh_from_db()
    assert (row.elements, row.proves) == ([f"{UNLICENSED}:实际经营"], "柜台在售")
    assert "主体" in queries.custody_of(row)[-1].why
    leaf = Leaf.objects.get(kind="evidence.assessed")
    assert leaf.facts["before"] == {"elements": [f"{UNLICENSED}:主体"], "proves": "执照"}
    assert json.loads(row.card)["elements"] == [f"{UNLICENSED}:主体"], "what was said at receipt is never rewritten"
    with pytest.raises(Refused, match="没有这些构成要件"):
        actions.assess(clerk, found.pk, row.number, elements=["food.unlicensed:别的"], proves="")


def test_a_file_shows_which_elements_still_have_no_evidence(cast: Any, sign_in: Any) -> None:
    found, client = made.proceeding(cast), sign_in("clerk")
    about = f"/files/{found.pk}/evidence/about/"
    assert client.post(about, {"_key": str(uuid4()), "violation": UNLICENSED}).status_code == 302
    page = client.get(f"/files/{found.pk}/evidence/").content.decode()
    assert "还有 4 个构成要件没有证据" in page
    made.received(cast, found, elements=[f"{UNLICENSED}:主体", f"{UNLICENSED}:实际经营"])
    page = client.get(f"/files/{found.pk}/evidence/").content.decode()
    assert "还有 2 个构成要件没有证据" in page
    assert "有 2 个构成要件还没有证据" in client.get(f"/files/{found.pk}/").content.decode()
    assert client.post(about, {"_key": str(uuid4()), "drop": UNLICENSED}).status_code == 302
    assert "还没有写明涉嫌哪一种违法行为" in client.get(f"/files/{found.pk}/evidence/").content.decode()
    assert client.post(about, {"_key": str(uuid4()), "violation": "no.such"}).status_code == 404


def test_what_is_confined_is_known_of_but_opened_by_its_handlers_only(cast: Any, sign_in: Any) -> None:
    from shiheng.accounts.models import Account, Post

    found = made.proceeding(cast)
    row = made.received(cast, found, confidential=True)
    other = Account.objects.create(username="bie", name="别人", kind="officer", created_at=house_clock.now())
    held = Post.objects.get(account=cast.clerk)
    Post.objects.create(account=other, office=held.office, role="inspector", since=held.since)
    from django.test import Client

    client = Client()
    client.force_login(other)
    place = f"/files/{found.pk}/evidence/{row.number}/"
    page = client.get(place).content.decode()
    assert "限承办人员查看" in page
    assert "picture/" not in page
    assert client.get(f"{place}picture/").status_code == 403
    assert client.post(f"{place}original/", {"_key": str(uuid4()), "purpose": "看看"}).status_code == 403
    assert client.get(f"{place}redact/").status_code == 403
    for column in ("clerk", "chief"):
        assert sign_in(column).get(f"{place}picture/").status_code == 200, column


def test_who_takes_the_original_away_says_what_for_and_that_is_on_record(cast: Any, sign_in: Any) -> None:
    found = made.proceeding(cast)
    row, chief = made.received(cast, found), sign_in("chief")
    place = f"/files/{found.pk}/evidence/{row.number}/original/"
    assert chief.post(place, {"_key": str(uuid4()), "purpose": ""}).status_code == 422
    answer = chief.post(place, {"_key": str(uuid4()), "purpose": "庭审质证"})
    assert b"".join(answer.streaming_content) == made.png()
    assert answer["Content-Type"] == "application/octet-stream"
    last = queries.custody_of(row)[-1]
    assert (last.kind, last.by, last.why) == ("copied", "章科", "庭审质证")
    assert Leaf.objects.filter(kind="evidence.copied", subject=f"evidence:{row.pk}").count() == 1


def test_an_ended_file_takes_no_more_evidence(cast: Any) -> None:
    found = made.proceeding(cast)
    row = made.received(cast, found)
    procedures.take(cast.who("clerk"), found.pk, "return", {"why": "不属于本局职责"})
    with pytest.raises(Refused, match="已经办结"):
        made.received(cast, found, made.png(40))
    with pytest.raises(Refused, match="已经办结"):
        actions.withdraw(cast.who("chief"), found.pk, row.number, reason="错")


def test_one_click_twice_makes_one_item_and_one_event(cast: Any) -> None:
    found, key = made.proceeding(cast), uuid4()
    clerk = cast.who("clerk")
    from shiheng.ledger import files

    kept, said = files.keep(made.png(), sealed=True), made.item(cast)
    first = actions.receive(clerk, found.pk, said, kept, name="a.png", key=key)
    assert actions.receive(clerk, found.pk, said, kept, name="a.png", key=key).pk == first.pk
    move = uuid4()
    for _n in range(2):
        actions.move(clerk, found.pk, first.number, "sealed", why="封条", key=move)
    assert Custody.objects.count() == 2
    with pytest.raises((Forbidden, Missing)):
        actions.receive(cast.who("data"), found.pk, said, kept, name="a.png")


def test_a_violation_the_procedure_s_own_facts_name_is_measured_by_without_being_put_down(cast: Any) -> None:
    from shiheng.procedures import queries as proceedings
    from shiheng.procedures.models import Passage

    found = made.proceeding(cast)
    Passage.objects.filter(proceeding=found).update(facts={**found.facts, "violation": "food.expired"})
    (one,) = queries.alleged(found, proceedings.course_of(found))
    assert one.violation.code == "food.expired"
    assert one.row is None
    ((violation, titles),) = queries.missing_in(found, proceedings.course_of(found))
    assert titles == tuple(element.title for element in violation.elements)


def test_a_procedure_can_refuse_a_decision_until_every_element_has_evidence(cast: Any) -> None:
    from dataclasses import replace

    from shiheng.kernel import registry
    from shiheng.procedures.definition import ENGINE, Guard, declare, proved

    held = {engine: {code: dict(v) for code, v in codes.items()} for engine, codes in registry._held.items()}
    guard = Guard("proved", "还有构成要件没有证据。", proved())
    plain = registry.find(ENGINE, "complaints.complaint", on=house_clock.today())
    steps = tuple(replace(one, guards=(guard,)) if one.code == "accept" else one for one in plain.steps)
    declare(replace(plain, code="complaints.proved", steps=steps))
    try:
        found = procedures.open_file(
            cast.who("clerk"), "complaints.proved", made.FACTS, scope="4499.01.",
            parties=[procedures.Standing("complainant", "王小明"), procedures.Standing("trader", "恒达")],
        )  # fmt: skip
        actions.allege(cast.who("clerk"), found.pk, UNLICENSED)
        with pytest.raises(Refused, match="还有构成要件没有证据"):
            procedures.take(cast.who("clerk"), found.pk, "accept", {"told_by": "短信"})
        every = [f"{UNLICENSED}:{title}" for title in ("主体", "未取得许可", "实际经营", "货值与所得")]
        made.received(cast, found, elements=every)
        assert procedures.take(cast.who("clerk"), found.pk, "accept", {"told_by": "短信"}).state == "accepted"
    finally:
        registry._held.clear()
        registry._held.update(held)
