"""What people must be told: written first, sent once, and a channel's failure is seen."""

import json
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from shiheng.accounts import outbox
from shiheng.accounts.models import Message
from shiheng.jobs.models import Job
from shiheng.kernel.errors import Missing, Refused
from tests.accounts.signing import browser

pytestmark = pytest.mark.django_db


def test_the_inbox_shows_a_message_until_it_is_opened(cast: SimpleNamespace) -> None:
    message = outbox.tell(cast.clerk, "有新任务", "请办理。", link="/stations/")
    assert message.state == "sent"
    client = browser()
    client.force_login(cast.clerk)
    assert "有新任务" in client.get("/inbox/").content.decode()
    assert outbox.unread(cast.who("clerk")) == 1
    opened = client.get(f"/inbox/{message.pk}/")
    assert "请办理。" in opened.content.decode()
    assert 'href="/stations/"' in opened.content.decode()
    assert outbox.unread(cast.who("clerk")) == 0


def test_nobody_opens_another_persons_message(cast: SimpleNamespace) -> None:
    message = outbox.tell(cast.clerk, "只给李窗", "……")
    client = browser()
    client.force_login(cast.chief)
    assert client.get(f"/inbox/{message.pk}/").status_code == 404
    assert "只给李窗" not in client.get("/inbox/").content.decode()
    with pytest.raises(Missing):
        outbox.read(cast.who("anyone"), message.pk)
    message.refresh_from_db()
    assert message.read_at is None


def test_markup_in_a_message_stays_text(cast: SimpleNamespace) -> None:
    message = outbox.tell(cast.clerk, "<b>题</b>", "<script>alert(1)</script>")
    client = browser()
    client.force_login(cast.clerk)
    page = client.get(f"/inbox/{message.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;题" in page


def test_the_same_key_is_one_message(cast: SimpleNamespace) -> None:
    key = uuid4()
    first = outbox.tell(cast.clerk, "一", "一", key=key)
    assert outbox.tell(cast.clerk, "一", "一", key=key) == first
    assert Message.objects.count() == 1


def test_the_file_channel_writes_one_line_by_the_worker(cast: SimpleNamespace, settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path
    message = outbox.tell(cast.clerk, "题", "文", channel="file", address="13800000000")
    assert message.state == "waiting"
    job = Job.objects.get(name=outbox.SEND)
    assert not (tmp_path / "outbox").exists()
    for _ in range(2):  # a worker that runs it twice sends it once
        sent = outbox.send(message.pk)
    assert (sent.state, job.payload["message"]) == ("sent", message.pk)
    (file,) = (tmp_path / "outbox").iterdir()
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["to"] == "13800000000"


def test_a_channel_of_the_bureau_that_fails_is_seen(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(message: Message) -> str:
        raise ConnectionError("短信网关无应答")

    monkeypatch.setattr(outbox, "channels", lambda: {"sms": broken})
    message = outbox.tell(cast.clerk, "题", "文", channel="sms")
    sent = outbox.send(message.pk)
    assert (sent.state, sent.receipt) == ("failed", "ConnectionError：短信网关无应答")


def test_an_unknown_channel_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="没有“fax”这个消息渠道"):
        outbox.tell(cast.clerk, "题", "文", channel="fax")
