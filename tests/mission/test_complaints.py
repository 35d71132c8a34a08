"""Complaints from every channel in one queue, each step on its clock, mediated, the recovered loss counted."""

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.accounts.models import Account, Message
from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures import reminders
from shiheng.procedures.models import Proceeding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def words(answer: Any) -> str:
    page = answer.content.decode()
    return re.sub(r"(<[^>]+>|\s)+", " ", page[page.find("<main") :])


def send(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"_key": str(uuid4()), **values})


def opened(client: Client, code: str, **facts: Any) -> Proceeding:
    answer = send(client, f"/files/new/{code}/", scope_="4499.01.", **facts)
    assert answer.status_code == 302, words(answer)[:800]
    return Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def complaint(client: Client, summary: str, channel: str, **other: Any) -> Proceeding:
    facts = {
        "summary": summary, "channel": channel, "kind": "质量", "story": "三天就坏。", "claims": "退款",
        "name_complainant_": "王小明", "name_trader_": "恒达电器", **other,
    }  # fmt: skip
    return opened(client, "complaints.complaint", **facts)


def step(client: Client, held: Proceeding, code: str, **values: Any) -> None:
    answer = send(client, f"/files/{held.pk}/take/{code}/", **values)
    assert answer.status_code == 302, words(answer)[:800]


@pytest.mark.mission("F04", "F05")
def test_every_matter_is_clocked_warned_of_ahead_and_listed_when_overdue(cast: Any, sign_in: Any, clock: Any) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    late = complaint(clerk, "迟办的一件", "hotline")
    clock.move_to(datetime(2026, 11, 30, 9, tzinfo=SHANGHAI))
    soon = complaint(clerk, "刚收到的一件", "web")
    assert reminders.send() == 1
    assert reminders.send() == 1
    account = Account.objects.get(username="chuang")
    told = words(sign_in("clerk").get("/inbox/"))
    assert told.count("待办案卷到期提醒") == 1, "once a day"
    (message,) = Message.objects.filter(account=account)
    assert "三日内到期 1 件" in message.text
    clock.move_to(datetime(2026, 12, 2, 9, tzinfo=SHANGHAI))
    desk = words(chief.get("/files/?late=1"))
    assert "迟办的一件" in desk
    assert "已超期 1 日" in desk
    assert "刚收到的一件" not in desk
    # Each limit shows how it was reckoned.
    page = words(chief.get(f"/files/{late.pk}/"))
    assert "自2026-11-20起（当日不计）7个工作日" in page
    assert "第十五条" in page
    assert account.pk == soon.officer_id


@pytest.mark.mission("F06")
def test_enquiries_are_answered_and_counted_apart(sign_in: Any) -> None:
    clerk = sign_in("clerk")
    asked = opened(
        clerk, "complaints.enquiry", summary="面馆要办什么证", channel="hotline", question="四十平方米的面馆",
        name_asker_="陈桂香",
    )  # fmt: skip
    assert asked.number == "云临市监咨询〔2026〕1号"
    complaint(clerk, "电饭煲三天就坏", "counter")
    listed = words(clerk.get("/files/?procedure=complaints.enquiry"))
    assert "面馆要办什么证" in listed
    assert "电饭煲三天就坏" not in listed
    step(clerk, asked, "answer", answer="办理食品经营许可。", told_by="电话")
    asked.refresh_from_db()
    assert asked.ended


@pytest.mark.mission("F07")
def test_a_dispute_is_mediated_to_an_agreement_and_the_recovered_loss_is_on_record(sign_in: Any) -> None:
    clerk = sign_in("clerk")
    held = complaint(clerk, "健身房关门不退卡", "platform", outer_number="12449900001")
    step(clerk, held, "accept", told_by="全国12315平台")
    step(clerk, held, "mediate", way="remote", complainant_agrees="1", trader_agrees="1", mediator="李窗")
    step(clerk, held, "settle", agreement="退还余款。", recovered="2680.00", paper="signed")
    page = words(clerk.get(f"/files/{held.pk}/"))
    for said in ("调解成功", "挽回损失", "2,680.00", "双方已签字"):
        assert said in page, said
