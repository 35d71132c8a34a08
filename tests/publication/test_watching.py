"""Watching a business: the address is proved first, each message says why, and what was withdrawn is taken back."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.accounts.models import Message
from shiheng.kernel import clock
from shiheng.ledger import keyring
from shiheng.publication import middleware
from shiheng.publication.models import Watch, WatchNote
from shiheng.publication.opendata import watching
from shiheng.subjects.models import Record, Subject
from tests import factories

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


@pytest.fixture(autouse=True)
def _fresh_budget(monkeypatch: Any, settings: Any) -> None:
    monkeypatch.setattr(middleware, "BUDGET", middleware.Budget())
    settings.CODE_CHANNEL = "file"
    settings.ADDRESS = "https://jg.example"


@pytest.fixture
def firm(offices: Any) -> Subject:
    held = factories.subject()
    factories.record(held, "penalty", key="1", title="虚假宣传", facts={"document": "云临市监罚〔2026〕7号"})
    return held


def sent() -> str:
    """The words of the last message, as its channel would read them."""
    return str(keyring.unsealed(Message.objects.order_by("-pk")[0].secret))


def asked(client: Client, firm: Subject) -> str:
    answer = client.post(f"/s/{firm.uscc}/watch/", {"_key": str(uuid4()), "address": PHONE})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def watched(client: Client, firm: Subject) -> str:
    place = asked(client, firm)
    code = re.search(r"\d{6}", sent())
    assert code
    assert "正在关注" in client.post(place, {"code": code[0]}).content.decode()
    return place


def tomorrow(days: int = 1) -> Any:
    return clock.standing_at(clock.now() + timedelta(days=days))


def test_nothing_is_sent_before_the_address_is_proved(firm: Subject, client: Client) -> None:
    place = asked(client, firm)
    factories.record(firm, "penalty", key="2", title="无照经营", facts={})
    with tomorrow():
        assert watching.look() == 0
    assert client.post(place, {"code": "000000x"}).status_code == 422
    held = Watch.objects.get()
    assert PHONE not in held.address
    assert (held.state, held.tries) == ("asked", 1)
    for _n in range(5):
        client.post(place, {"code": "111111"})
    code = re.search(r"\d{6}", sent())
    assert code
    assert client.post(place, {"code": code[0]}).status_code == 422, "five wrong tries close it"


def test_what_comes_changes_and_goes_is_told_with_its_reason_and_taken_back(firm: Subject, client: Client) -> None:
    place = watched(client, firm)
    with tomorrow():
        assert watching.look() == 0, "nothing changed, nothing is sent"
    factories.record(firm, "abnormal", key="5", title="通过登记的住所无法联系", facts={})
    with tomorrow(2):
        assert watching.look() == 1
        assert watching.look() == 0, "once a day"
    told = sent()
    assert "新公示：通过登记的住所无法联系" in told
    assert "https://jg.example" + place in told
    Record.objects.filter(kind="penalty").delete()
    Record.objects.filter(kind="abnormal").update(facts={"removed": "2026-05-01"})
    with tomorrow(3):
        assert watching.look() == 1
    told = sent()
    assert "来源更正或状态有变：通过登记的住所无法联系" in told
    assert "已不再公示（到期、移出或来源撤回），此前的告知请勿再引用：虚假宣传" in told
    note = WatchNote.objects.order_by("-day")[0]
    assert (note.fresh, note.changed, note.gone) == (0, 1, 1)


def test_opening_the_link_ends_nothing_and_ending_wipes_the_address(firm: Subject, client: Client) -> None:
    place = watched(client, firm)
    client.get(place)
    assert Watch.objects.get().state == "on"
    assert "已取消关注" in client.post(place, {"act": "end"}).content.decode()
    held = Watch.objects.get()
    assert (held.state, held.address, held.told) == ("ended", "", {})
    factories.record(firm, "penalty", key="9", title="短斤缺两", facts={})
    with tomorrow():
        assert watching.look() == 0


def test_what_is_no_address_is_refused_and_one_address_watches_once(firm: Subject, client: Client) -> None:
    for wrong in ("", "12345", "a@b", "张三"):
        answer = client.post(f"/s/{firm.uscc}/watch/", {"_key": str(uuid4()), "address": wrong})
        assert answer.status_code == 422, wrong
    assert asked(client, firm)
    again = client.post(f"/s/{firm.uscc}/watch/", {"_key": str(uuid4()), "address": PHONE})
    assert "一分钟后" in again.content.decode(), "codes are not sent one after another"
    assert Watch.objects.count() == 1


def test_without_a_channel_the_page_says_so(firm: Subject, client: Client, settings: Any) -> None:
    settings.CODE_CHANNEL = ""
    assert "没有开通" in client.get(f"/s/{firm.uscc}/watch/").content.decode()
    answer = client.post(f"/s/{firm.uscc}/watch/", {"_key": str(uuid4()), "address": PHONE})
    assert answer.status_code == 422
