"""Information asked for from outside: sent by the net, counted in days, answered by kind, followed and counted."""

import re
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures.models import Paper, Proceeding
from tests.casework import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "offices")]
CODE = "oversight.disclosure"
ASKED = {
    "summary": "二〇二五年某农贸市场抽检结果", "wanted": "临江农贸市场 2025 年食用农产品抽检结果汇总。",
    "medium": "电子件", "applicant_kind": "person",
}  # fmt: skip
ANSWER = {"searched": "查了抽检系统和文书档案。", "reply_words": "抽检结果汇总随信附上。", "reply_kind": "open"}


def send(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"_key": str(uuid4()), **values})


def step(client: Client, held: Proceeding, code: str, **values: Any) -> Proceeding:
    answer = send(client, f"/files/{held.pk}/take/{code}/", **values)
    assert answer.status_code == 302, words(answer)[:1500]
    held.refresh_from_db()
    return held


def refused(client: Client, held: Proceeding, code: str, **values: Any) -> str:
    answer = send(client, f"/files/{held.pk}/take/{code}/", **values)
    assert answer.status_code == 422
    return words(answer)


def asked(person: Client) -> tuple[Proceeding, str]:
    """A request sent by the net: its file, and the code by which it is followed."""
    answer = send(person, f"/counter/new/{CODE}/", **ASKED, scope_="4499.01.", name_="王小明", phone_="19900001001")
    assert answer.status_code == 302, words(answer)[:900]
    found = re.search(r'<b class="code">([0-9A-Z]{8})</b>', person.get("/counter/done/").content.decode())
    assert found
    return Proceeding.objects.get(procedure=CODE), found[1]


def followed(held: Proceeding, code: str) -> str:
    person = Client()
    answer = send(person, "/counter/follow/", way="code", number=held.number, code=code)
    assert answer.status_code == 302, words(answer)
    return words(person.get("/counter/file/"))


def opened(clerk: Client, **facts: Any) -> Proceeding:
    """A request somebody brought to the window."""
    answer = send(clerk, f"/files/new/{CODE}/", scope_="4499.01.", name_applicant_="李来访", **ASKED, channel="counter",
                  **facts)  # fmt: skip
    assert answer.status_code == 302, words(answer)[:1500]
    return Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


@pytest.mark.mission("L06")
def test_a_request_by_the_net_is_answered_in_its_days_and_followed_by_whoever_sent_it(
    cast: Any, sign_in: Any, clock: Any
) -> None:
    assert "书面答复 20 个工作日" in words(Client().get("/counter/"))
    held, code = asked(Client())
    assert held.due == date(2026, 12, 18)
    assert "书面答复 2026-12-18" in followed(held, code)
    clerk, chief = sign_in("clerk"), sign_in("chief")

    step(clerk, held, "third", asked="临江农贸市场管理处", about="各摊位的抽检明细")
    assert "正在征求第三方的意见" in refused(clerk, held, "draft", **ANSWER)
    clock.move_to(datetime(2026, 11, 27, 10, tzinfo=SHANGHAI))
    step(clerk, held, "third_said", opinion="objects", said="摊位明细是商业秘密。")
    assert held.due > date(2026, 12, 18), "the days of asking are not counted"
    paused = held.due
    step(chief, held, "extend", cause="需要向三个部门核实。", told_by="网上")
    assert held.due > paused

    assert "公共利益" in refused(clerk, held, "draft", **ANSWER)
    step(clerk, held, "draft", **{**ANSWER, "reply_kind": "partly", "reply_ground": "third"})
    assert "随信附上" not in followed(held, code), "nothing of an answer is told before it is signed and sent"
    step(chief, held, "sign")
    assert send(clerk, f"/files/{held.pk}/papers/", form="oversight.disclosure_answer").status_code == 302
    step(clerk, held, "send", document_out="云临市监公开〔2026〕1号", told_by="网上")
    assert held.ended
    letter = str(Paper.objects.get(proceeding=held).content)
    for said in ("王小明", "部分公开（第三十七条）", "第十五条", "抽检结果汇总随信附上", "行政复议"):
        assert said in letter, said
    page = followed(held, code)
    for said in ("已答复", "部分公开（第三十七条）", "抽检结果汇总随信附上"):
        assert said in page, said


@pytest.mark.mission("L06")
def test_a_request_at_the_window_is_mended_refused_with_its_ground_and_counted_for_the_year(
    cast: Any, sign_in: Any, clock: Any
) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    held = opened(clerk)
    step(clerk, held, "ask_mend", items="写明是哪一个市场。", until="2026-12-04")
    clock.move_to(datetime(2026, 11, 30, 10, tzinfo=SHANGHAI))
    step(clerk, held, "mended", items="临江农贸市场。")
    assert held.due == date(2026, 12, 28), "twenty working days from the day it was mended"
    refusal = {**ANSWER, "reply_kind": "refused", "reply_words": "属于执法案卷。"}
    assert "哪一种情形" in refused(clerk, held, "draft", **refusal)
    step(clerk, held, "draft", **refusal, reply_ground="case_file")
    step(chief, held, "sign")
    step(clerk, held, "send", document_out="云临市监公开〔2026〕2号", told_by="当面")

    other = opened(clerk)
    assert "负责公开的机关" in refused(clerk, other, "draft", **{**ANSWER, "reply_kind": "elsewhere"})
    assert "说明理由" in refused(clerk, other, "draft", **{**ANSWER, "reply_kind": "excessive"})
    page = words(chief.get(f"/files/figures/{CODE}/?year=2026"))
    for said in ("答复的种类", "不予公开（第三十六条第三项）", "自然人", "申请人类别"):
        assert said in page, said


def test_whoever_asked_takes_the_request_back_by_himself() -> None:
    person = Client()
    held, code = asked(person)
    assert send(person, "/counter/follow/", way="code", number=held.number, code=code).status_code == 302
    assert send(person, "/counter/file/withdraw/", text="已经找到。").status_code == 302
    held.refresh_from_db()
    assert (held.state, held.ended) == ("withdrawn", True)
