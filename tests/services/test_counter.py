"""The public's counter: a letter by the net, followed by number and code, added to, withdrawn, rated."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shiheng.accounts import outbox
from shiheng.accounts.models import Message
from shiheng.ledger import keyring
from shiheng.procedures import actions as procedures
from shiheng.procedures.duty import actions as duty
from shiheng.procedures.models import Proceeding
from shiheng.services import codes, views
from shiheng.services.models import Addition, Follow, Rating
from tests.casework import words
from tests.evidence import made
from tests.factories import subject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "offices", "unhurried")]
LETTER = {
    "summary": "电饭煲三天就坏", "kind": "质量", "story": "十一月一日买，三日不加热。", "claims": "退款",
    "amount": "299", "scope_": "4499.01.", "firm_": "恒达电器行", "name_": "王小明", "phone_": "19900001001",
}  # fmt: skip
REPORT = {
    "summary": "卖过期奶粉",
    "kind": "食品安全",
    "leads": "货架最下层。",
    "firm_": "恒达超市",
    "scope_": "4499.01.",
}


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is held back for being quick."""
    monkeypatch.setattr(views, "A_MINUTE", 10_000)
    monkeypatch.setattr(views, "_letters", views.Budget())


def sent(browser: Client, code: str = "complaints.complaint", **given: Any) -> tuple[Proceeding, str]:
    """A letter sent by its form: the file, and the query code its page tells."""
    told = LETTER if code == "complaints.complaint" else REPORT
    answer = browser.post(f"/counter/new/{code}/", {"_key": str(uuid4()), **told, **given})
    assert answer.status_code == 302, words(answer)[:900]
    page = browser.get("/counter/done/").content.decode()
    found = re.search(r'<b class="code">([0-9A-Z]{8})</b>', page)
    assert found, page
    return Proceeding.objects.latest("pk"), found[1]


def entered(number: str, code: str) -> Client:
    browser = Client()
    answer = browser.post("/counter/follow/", {"way": "code", "number": number, "code": code})
    assert answer.status_code == 302, words(answer)
    return browser


def acts(browser: Client, kind: str, **given: Any) -> Any:
    return browser.post(f"/counter/file/{kind}/", {"_key": str(uuid4()), **given})


@pytest.mark.mission("F23")
def test_the_counter_tells_every_way_to_complain_and_what_law_says_comes_of_it() -> None:
    page = words(Client().get("/counter/"))
    for said in (
        "12315",
        "消费者投诉",
        "违法行为举报",
        "咨询",
        "决定是否受理并告知 7 个工作日",
        "第十五条",
        "云泽市临江区市场监督管理局",
    ):
        assert said in page, said


def test_a_letter_becomes_a_file_of_the_office_with_its_papers_and_a_double_click_one(cast: Any) -> None:
    firm = subject(name="恒达电器行")
    key = str(uuid4())
    photo = SimpleUploadedFile("小票.png", made.png(), content_type="image/png")
    given = {"_key": key, **LETTER, "firm_code_": firm.uscc, "scope_": "4499.01.", "file_1_": photo}
    browser = Client()
    assert browser.post("/counter/new/complaints.complaint/", given).status_code == 302
    first = browser.get("/counter/done/").content
    photo.seek(0)
    assert browser.post("/counter/new/complaints.complaint/", given).status_code == 302
    assert re.findall(rb'code">[0-9A-Z]{8}<', browser.get("/counter/done/").content) == re.findall(
        rb'code">[0-9A-Z]{8}<', first
    )
    held = Proceeding.objects.get()
    assert (held.procedure, held.facts["channel"], held.scope, held.officer) == (
        "complaints.complaint", "web", "4499.01.", None,
    )  # fmt: skip
    assert held.parties.get(kind="trader").subject == firm
    item = held.evidence.get()
    assert (item.name, item.by) == ("小票.png", "投诉人（网上）")
    person = held.parties.get(kind="complainant")
    assert keyring.unsealed(person.facts["phone"]) == "19900001001"
    assert cast is not None


def test_a_faulty_letter_keeps_what_was_written_and_says_what_is_missing() -> None:
    answer = Client().post("/counter/new/complaints.complaint/", {"_key": str(uuid4()), **LETTER, "phone_": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "联系电话" in words(answer)
    assert "十一月一日买" in page
    assert not Proceeding.objects.exists()


def test_whoever_sent_it_follows_it_and_sees_what_is_told_to_him_and_no_more(cast: Any) -> None:
    held, code = sent(Client())
    clerk = cast.who("clerk")
    procedures.take(
        clerk, held.pk, "refuse", {"ground": "NA4", "why": "超过三年。", "remedies": True, "told_by": "短信"}
    )
    page = words(entered(held.number, code.lower()).get("/counter/file/"))
    for said in ("不予受理", "知道或者应当知道权益受侵害之日起超过三年", "超过三年。", "第十六条", "评价这次办理"):
        assert said in page, said
    assert "李窗" not in page, "no officer's name"
    assert "19900001001" not in page


def test_what_comes_next_is_told_with_how_its_day_was_reckoned() -> None:
    held, code = sent(Client())
    page = words(entered(held.number, code).get("/counter/file/"))
    assert "决定是否受理并告知 2026-12-01" in page
    assert "这个日期怎样算出来" in page


def test_wrong_codes_are_told_apart_from_nothing_and_shut_the_door_for_a_while(clock: Any) -> None:
    held, code = sent(Client())
    browser = Client()
    told = set()
    for number, given in ((held.number, "AAAAAAAA"), ("云临市监投诉〔2026〕99号", "AAAAAAAA")):
        answer = browser.post("/counter/follow/", {"way": "code", "number": number, "code": given})
        told.add(words(answer).replace(number, ""))
        assert answer.status_code == 422
    assert len(told) == 1, "an unknown number and a wrong code are answered alike"
    for _n in range(codes.TRIES - 1):
        browser.post("/counter/follow/", {"way": "code", "number": held.number, "code": "BBBBBBBB"})
    assert browser.post("/counter/follow/", {"way": "code", "number": held.number, "code": code}).status_code == 422
    clock.advance(minutes=16)
    assert browser.post("/counter/follow/", {"way": "code", "number": held.number, "code": code}).status_code == 302


def test_a_code_goes_to_the_telephone_once_and_lies_nowhere_in_the_clear(clock: Any, settings: Any) -> None:
    held, _code = sent(Client())
    browser = Client()
    ask = {"way": "ask", "number": held.number, "phone": "199 0000 1001"}
    page = words(browser.post("/counter/follow/", ask))
    shown = re.search(r"验证码：(\d{6})", page)
    assert shown, "a demonstration shows it"
    message = Message.objects.get()
    assert shown[1] not in f"{message.text}{message.secret}{message.title}"
    assert shown[1] in keyring.unsealed(message.secret)
    outbox.send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.secret) == ("sent", "")
    enter = {"way": "sent", "number": held.number, "phone": "19900001001", "sent": shown[1]}
    assert browser.post("/counter/follow/", enter).status_code == 302
    assert Client().post("/counter/follow/", enter).status_code == 422, "it holds once"
    assert shown[1] not in str(Follow.objects.values_list())
    settings.PRODUCTION = True
    clock.advance(minutes=12)
    assert "验证码：" not in words(browser.post("/counter/follow/", ask))
    assert "验证码已经发出" in words(browser.post("/counter/follow/", {**ask, "phone": "13000000000"})), "told alike"
    assert Message.objects.count() == 2, "and nothing is sent to another number"


def test_words_and_papers_reach_whoever_handles_the_file_and_are_marked_read(cast: Any, sign_in: Any) -> None:
    held, code = sent(Client())
    duty.assign(cast.who("chief"), [held.pk], cast.clerk.pk, reason="")
    browser = entered(held.number, code)
    paper = SimpleUploadedFile("聊天截图.png", made.png(), content_type="image/png")
    assert acts(browser, "words", text="商家又拒绝了。", papers=paper).status_code == 302
    assert "待阅" in words(browser.get("/counter/file/"))
    desk = sign_in("clerk")
    page = words(desk.get(f"/files/{held.pk}/"))
    assert "商家又拒绝了。" in page
    assert "未阅" in page
    assert desk.post(f"/files/{held.pk}/read/").status_code == 302
    assert "承办人已看" in words(browser.get("/counter/file/"))
    assert Message.objects.filter(account=cast.clerk, title__contains=held.number).exists()


def test_before_acceptance_one_withdraws_oneself_and_afterwards_asks_for_it(cast: Any) -> None:
    first, code = sent(Client())
    acts(entered(first.number, code), "withdraw", text="自己解决了")
    first.refresh_from_db()
    assert (first.state, first.ended) == ("withdrawn", True)
    second, code = sent(Client())
    procedures.take(cast.who("clerk"), second.pk, "accept", {"told_by": "短信"})
    acts(entered(second.number, code), "withdraw", text="和解了")
    second.refresh_from_db()
    assert second.state == "accepted", "ending a mediation is the officer's"
    assert Addition.objects.get(proceeding=second).kind == "withdraw"


def test_the_handling_is_rated_once_after_its_end(cast: Any, sign_in: Any) -> None:
    held, code = sent(Client())
    browser = entered(held.number, code)
    assert acts(browser, "rate", score="5").status_code == 422, "not before its end"
    procedures.take(cast.who("clerk"), held.pk, "refuse",
                    {"ground": "NA4", "why": "超过三年。", "remedies": True, "told_by": "短信"})  # fmt: skip
    assert acts(browser, "rate", score="9").status_code == 422
    assert acts(browser, "rate", score="4", text="讲得清楚").status_code == 302
    assert acts(browser, "rate", score="1").status_code == 409
    assert Rating.objects.get().score == 4
    assert "评价：4 分" in words(sign_in("chief").get(f"/files/{held.pk}/"))


def test_a_reporter_may_be_nobody_and_learns_only_how_it_ended(cast: Any) -> None:
    held, code = sent(Client(), "complaints.report")
    assert held.facts["anonymous"] is True
    clerk, chief = cast.who("clerk"), cast.who("chief")
    procedures.take(clerk, held.pk, "verify", {"plan": "明日暗访，不通知当事人。"})
    browser = entered(held.number, code)
    page = words(browser.get("/counter/file/"))
    assert "暗访" not in page
    assert "开始核查" not in page
    assert acts(browser, "withdraw", text="不报了").status_code == 422
    procedures.take(chief, held.pk, "no_file", {"finding": "没有查到。", "ground": "没有违法事实"})
    page = words(browser.get("/counter/file/"))
    assert "决定不予立案" in page
    assert "没有违法事实" in page


def test_a_code_given_at_the_counter_takes_the_place_of_an_earlier_one(cast: Any, sign_in: Any) -> None:
    held, old = sent(Client())
    answer = sign_in("clerk").post(f"/files/{held.pk}/code/", {"_key": str(uuid4())})
    fresh = re.search(r'class="code">([0-9A-Z]{8})<', answer.content.decode())
    assert fresh
    assert Client().post("/counter/follow/", {"way": "code", "number": held.number, "code": old}).status_code == 422
    entered(held.number, fresh[1])
    assert sign_in("inspector_b").post(f"/files/{held.pk}/code/", {"_key": str(uuid4())}).status_code == 404
    assert cast is not None


def test_the_visit_ends_by_itself_and_on_leaving(clock: Any) -> None:
    held, code = sent(Client())
    browser = entered(held.number, code)
    assert browser.get("/counter/file/").status_code == 200
    browser.post("/counter/file/leave/")
    assert browser.get("/counter/file/").status_code == 302
    browser = entered(held.number, code)
    clock.advance(minutes=31)
    assert browser.get("/counter/file/").status_code == 302
    assert acts(browser, "words", text="晚了").status_code == 403


def test_who_sends_letter_upon_letter_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "A_MINUTE", 2)
    browser = Client()
    for _n in range(2):
        sent(browser)
    answer = browser.post("/counter/new/complaints.complaint/", {"_key": str(uuid4()), **LETTER})
    assert "提交得太快" in words(answer)
    assert Proceeding.objects.count() == 2
