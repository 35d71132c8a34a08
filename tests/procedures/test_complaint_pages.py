"""A complaint from the window to the answer, through the pages, as those who handle it work."""

import re
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures import actions
from shiheng.procedures.models import Clock, Passage, Proceeding
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CODE = "complaints.complaint"


def words(answer: Any) -> str:
    page = answer.content.decode()
    return re.sub(r"(<[^>]+>|\s)+", " ", page[page.find("<main") :])


def send(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"_key": str(uuid4()), **values})


def opened(client: Client, **other: Any) -> Proceeding:
    given = {
        "summary": "买的电饭煲三天就坏", "channel": "counter", "kind": "质量", "story": "三月八日买，三天后不通电。",
        "claims": "退款", "amount": "399.00", "name_complainant_": "王小明", "phone_complainant_": "13800000001",
        "name_trader_": "恒达电器", "scope_": "4499.01.", **other,
    }  # fmt: skip
    answer = send(client, f"/files/new/{CODE}/", **given)
    assert answer.status_code == 302, words(answer)[:1500]
    return Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def step(client: Client, held: Proceeding, code: str, **values: Any) -> Any:
    answer = send(client, f"/files/{held.pk}/take/{code}/", **values)
    held.refresh_from_db()
    return answer


def taken(client: Client, held: Proceeding, code: str, **values: Any) -> Proceeding:
    answer = step(client, held, code, **values)
    assert answer.status_code == 302, words(answer)[:1500]
    return held


def test_a_complaint_goes_from_the_counter_to_a_signed_agreement(cast: Any, sign_in: Any, clock: Any) -> None:
    firm = factories.subject("云泽市临江区恒达电器商行", scope="4499.01.01.")
    clerk = sign_in("clerk")
    held = opened(clerk, subject_trader_=firm.uscc)
    assert held.number == "云临市监投诉〔2026〕1号"
    assert (held.state, held.subject, held.scope) == ("pending", firm, "4499.01.")
    assert (held.due, held.due_limit) == (date(2026, 12, 1), "acceptance")

    page = words(clerk.get(f"/files/{held.pk}/"))
    for said in (
        "买的电饭煲三天就坏",
        "待决定是否受理",
        "决定是否受理并告知",
        "王小明",
        "恒达电器",
        "7个工作日",
        "第十五条",
    ):
        assert said in page, said
    assert "13800000001" not in page, "the telephone is masked"
    assert "组织调解" not in page, "what does not belong to the state is not offered"

    clock.advance(days=3)
    taken(clerk, held, "accept", told_by="短信")
    assert (held.state, held.due) == ("accepted", date(2027, 1, 22))
    refused = step(clerk, held, "mediate", way="remote", complainant_agrees="1", mediator="李窗")
    assert refused.status_code == 422
    assert "双方同意" in words(refused)
    assert "王小明" in words(clerk.get(f"/files/{held.pk}/"))

    taken(clerk, held, "mediate", way="remote", complainant_agrees="1", trader_agrees="1", mediator="李窗")
    clock.advance(days=1)
    taken(clerk, held, "appraise", laboratory="云泽市质检所", chosen="双方协商", document="鉴〔2026〕1号")
    assert held.due is None, "the clock stands still"
    assert "暂停计算" in words(clerk.get(f"/files/{held.pk}/"))
    clock.advance(days=10)
    taken(clerk, held, "appraised", result="内部短路，属质量问题")
    assert held.due == date(2027, 2, 2)
    taken(clerk, held, "settle", agreement="全额退款三百九十九元，当场付清。", recovered="399.00", paper="at_once")
    assert (held.state, held.ended, held.due) == ("settled", True, None)
    met = Clock.objects.get(proceeding=held, limit="mediation")
    assert (met.met_on, met.running) == (date(2026, 12, 4), False)
    done = words(clerk.get(f"/files/{held.pk}/"))
    assert "按期办成" in done
    assert "¥399.00" in done or "399.00" in done
    # It stands in the business's own file.
    assert held.number in clerk.get(f"/subjects/{firm.pk}/").content.decode()


def test_another_district_s_officer_neither_sees_the_file_nor_steps_in_it(sign_in: Any) -> None:
    held = opened(sign_in("clerk"))
    other = sign_in("inspector_b")
    assert other.get(f"/files/{held.pk}/").status_code == 404
    assert step(other, held, "accept", told_by="短信").status_code == 404
    assert held.number not in other.get("/files/").content.decode()


def test_a_double_click_makes_one_file_and_one_step(sign_in: Any) -> None:
    clerk, key = sign_in("clerk"), str(uuid4())
    first, second = (opened(clerk, _key=key) for _ in range(2))
    assert first == second
    key = str(uuid4())
    for _ in range(2):
        assert step(clerk, first, "accept", told_by="短信", _key=key).status_code == 302
    assert Passage.objects.filter(proceeding=first, step="accept").count() == 1
    again = step(clerk, first, "accept", told_by="短信")
    assert again.status_code == 422
    assert "已受理" in words(again)


def test_two_who_read_the_same_page_do_not_both_step(sign_in: Any) -> None:
    held = opened(sign_in("clerk"))
    turn = held.turn
    taken(sign_in("clerk"), held, "ask_proof", until="2026-11-30", items="身份证复印件")
    late = send(sign_in("chief"), f"/files/{held.pk}/take/accept/?turn={turn}", told_by="短信")
    assert late.status_code == 422
    assert "刚刚办理过" in words(late)


def test_what_is_entered_late_says_why_and_nothing_lies_in_the_future(sign_in: Any, clock: Any) -> None:
    clerk = sign_in("clerk")
    held = opened(clerk)
    clock.advance(days=3)
    assert "不能晚于今天" in words(step(clerk, held, "accept", told_by="短信", day_="2026-11-24"))
    assert "没有记入" in words(step(clerk, held, "accept", told_by="短信", day_="2026-11-21"))
    assert "不能早于" in words(step(clerk, held, "accept", told_by="短信", day_="2026-11-19", reason_="断网"))
    taken(clerk, held, "accept", told_by="短信", day_="2026-11-21", reason_="当日断网")
    passage = Passage.objects.get(proceeding=held, step="accept")
    assert (passage.day, passage.at.date()) == (date(2026, 11, 21), date(2026, 11, 23))
    assert Clock.objects.get(proceeding=held, limit="mediation").started_on == date(2026, 11, 21)


def test_a_mistake_is_taken_back_by_a_second_person_until_it_was_served(sign_in: Any) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    held = opened(clerk)
    taken(clerk, held, "ask_proof", until="2026-11-30", items="身份证复印件")
    own = send(clerk, f"/files/{held.pk}/void/2/", reason="点错了")
    assert own.status_code == 422
    assert "另一名工作人员" in words(own)
    assert send(chief, f"/files/{held.pk}/void/2/", reason="点错了").status_code == 302
    held.refresh_from_db()
    assert held.state == "pending"
    page = words(chief.get(f"/files/{held.pk}/"))
    assert "已撤回" in page
    assert "点错了" in page
    taken(clerk, held, "accept", told_by="短信")
    served = send(chief, f"/files/{held.pk}/void/3/", reason="点错了")
    assert served.status_code == 422
    assert "已经送达" in words(served)


def test_what_a_step_said_is_put_right_by_a_second_person_and_both_stay_to_be_seen(sign_in: Any, clock: Any) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    held = opened(clerk)
    clock.advance(days=3)
    taken(clerk, held, "ask_proof", until="2026-11-30", items="身份证复印件", day_="2026-11-21", reason_="断网")
    right = {"until": "2026-12-02", "items": "身份证复印件、授权书", "day_": "2026-11-23"}
    address = f"/files/{held.pk}/correct/2/"
    assert "另一名工作人员" in words(send(clerk, address, **right, reason_="日期抄错"))
    assert "没有改动" in words(send(chief, address, until="2026-11-30", items="身份证复印件", day_="2026-11-21",
                                 reason_="看看"))  # fmt: skip
    assert "先后不符" in words(send(chief, address, **{**right, "day_": "2026-11-19"}, reason_="日期抄错"))
    answer = send(chief, address, **right, reason_="日期抄错")
    assert answer.status_code == 302
    page = words(chief.get(f"/files/{held.pk}/"))
    assert "章科更正：日期抄错" in page
    assert "授权书" in page
    assert "原发生日期： 2026-11-21" in page
    said = Passage.objects.get(proceeding=held, number=2)
    assert (said.day, said.facts["until"]) == (date(2026, 11, 23), "2026-12-02")
    # the day the file was received moves its clock with it
    facts = dict(Passage.objects.get(proceeding=held, number=1).facts)
    before = Clock.objects.get(proceeding=held, limit="acceptance").due
    clock.advance(days=1)
    answer = send(chief, f"/files/{held.pk}/correct/1/", **facts, day_="2026-11-19", reason_="收件章是十九日")
    assert answer.status_code == 302, words(answer)
    held.refresh_from_db()
    assert held.received_on == date(2026, 11, 19)
    assert Clock.objects.get(proceeding=held, limit="acceptance").due < before


def test_after_service_only_a_correcting_document_puts_it_right(cast: Any, sign_in: Any) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    held = opened(clerk)
    taken(clerk, held, "accept", told_by="短信")
    address = f"/files/{held.pk}/correct/2/"
    page = words(chief.get(address))
    assert "只能凭已经送达的更正书更正" in page
    assert send(chief, address, told_by="当面", day_="2026-11-20", reason_="方式填错").status_code == 422
    paper = actions.make_paper(
        cast.who("clerk"), held.pk, "complaints.correction",
        asked={"corrected": "投诉受理决定书", "said_wrong": "短信告知", "said_right": "书面告知",
               "correct_why": "笔误"},
    )  # fmt: skip
    unserved = send(chief, address, told_by="当面", day_="2026-11-20", reason_="方式填错", paper_=str(paper.pk))
    assert unserved.status_code == 422
    for number, name in held.parties.values_list("number", "name"):
        actions.serve_paper(cast.who("clerk"), held.pk, paper.pk, way="direct", to=name, party=number,
                            proof={"signer": name, "as": "本人", "place": "窗口"})  # fmt: skip
    done = send(chief, address, told_by="当面", day_="2026-11-20", reason_="方式填错", paper_=str(paper.pk))
    assert done.status_code == 302, words(done)
    page = words(chief.get(f"/files/{held.pk}/"))
    assert paper.number in page
    assert "原告知方式：短信" in page
    assert "当面" in page
    again = send(chief, address, told_by="短信", day_="2026-11-20", reason_="再改", paper_=str(paper.pk))
    assert again.status_code == 422


def test_the_desk_puts_first_what_falls_due_first_and_files_are_given_in_one_act(
    cast: Any, sign_in: Any, clock: Any
) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    old = opened(clerk, summary="旧的一件")
    clock.move_to(datetime(2026, 12, 3, 10, tzinfo=SHANGHAI))
    new = opened(clerk, summary="新的一件")
    page = words(chief.get("/files/"))
    assert page.index("旧的一件") < page.index("新的一件")
    assert "已超期 2 日" in page
    assert "旧的一件" in words(chief.get("/files/?late=1"))
    assert "新的一件" not in words(chief.get("/files/?late=1"))
    answer = chief.post(
        "/files/", {"_step": "mine", "_chosen": [old.pk, new.pk], "_confirmed": "1", "_key": str(uuid4())}
    )
    assert answer.status_code == 302
    assert set(Proceeding.objects.values_list("officer_name", flat=True)) == {"章科"}
    assert "旧的一件" in words(chief.get("/files/?mine=1"))


def test_what_was_received_before_the_new_order_goes_by_the_old_one(sign_in: Any, clock: Any) -> None:
    clock.move_to(datetime(2026, 4, 20, 10, tzinfo=SHANGHAI))
    clerk = sign_in("clerk")
    old = opened(clerk, day_="2026-04-14")
    new = opened(clerk, day_="2026-04-15")
    assert (old.version, new.version) == (date(2020, 1, 1), date(2026, 4, 15))
    taken(clerk, old, "accept", told_by="短信")
    assert "45个工作日" in words(clerk.get(f"/files/{old.pk}/"))
