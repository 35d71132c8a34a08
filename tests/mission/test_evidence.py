"""Evidence of each offence listed with its gaps and fixed by its hash; every step with what was filmed in it."""

import hashlib
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shiheng.city.evidence import tone
from shiheng.procedures.models import Evidence, Proceeding
from tests.evidence import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LICENCE, FOOD = "food.unlicensed", "food.unlicensed:"


def words(answer: Any) -> str:
    page = answer.content.decode()
    return re.sub(r"(<[^>]+>|\s)+", " ", page[page.find("<main") :])


def report(client: Client) -> Proceeding:
    facts = {"summary": "无证做早餐", "channel": "hotline", "kind": "食品安全", "leads": "巷口每天早上炸油条。"}
    answer = client.post(
        "/files/new/complaints.report/",
        {"_key": str(uuid4()), "scope_": "4499.01.", "name_target_": "早点摊", **facts},
    )
    assert answer.status_code == 302, words(answer)[:800]
    found = Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))
    step = client.post(f"/files/{found.pk}/take/verify/", {"_key": str(uuid4()), "plan": "两人现场核查"})
    assert step.status_code == 302, words(step)[:800]
    return found


def sent(client: Client, cast: Any, found: Proceeding, name: str, data: bytes, **said: Any) -> str:
    """Take an item in on the page, as an officer does; the page of the item."""
    form = made.form(cast, str(uuid4()), file=SimpleUploadedFile(name, data), **said)
    answer = client.post(f"/files/{found.pk}/evidence/new/", form)
    assert answer.status_code == 302, words(answer)[:1500]
    return str(answer["Location"])


@pytest.mark.mission("E10")
def test_the_evidence_each_offence_needs_is_listed_fixed_by_hash_and_missed_before_the_decision(
    cast: Any, sign_in: Any
) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    found = report(clerk)
    base = f"/files/{found.pk}/"
    clerk.post(f"{base}evidence/about/", {"_key": str(uuid4()), "violation": LICENCE})
    listed = words(clerk.get(f"{base}evidence/"))
    for title in ("主体", "未取得许可", "实际经营", "货值与所得"):
        assert title in listed
    assert listed.count("还没有证据") == 4

    photo, chat = made.png(300, 200), "老板说一天能卖三百块，没有证。".encode()
    two = {"taker": cast.who("clerk").key, "other": cast.who("chief").key}
    page = sent(clerk, cast, found, "摊位.png", photo, kind="03", title="摊位照片", elements=[f"{FOOD}实际经营"])
    sent(clerk, cast, found, "聊天.txt", chat, kind="04", title="聊天记录", elements=[f"{FOOD}货值与所得"])
    item = words(clerk.get(page))
    assert hashlib.sha256(photo).hexdigest() in item, "each item shows its hash"
    row = Evidence.objects.get(number=1)
    assert f"{row.received_at:%Y-%m-%d}" in item, "and its time"
    assert "收存" in item

    decision = words(chief.get(f"{base}take/file/"))
    assert "还有构成要件没有证据 主体、未取得许可" in decision, "before the decision it is told what is missing"
    sent(clerk, cast, found, "询问.pdf", made.pdf("record"), kind="06", title="询问笔录",
         elements=[f"{FOOD}主体", f"{FOOD}未取得许可"], **two)  # fmt: skip
    assert "还没有证据" not in words(clerk.get(f"{base}evidence/"))
    assert "还有构成要件没有证据" not in words(chief.get(f"{base}take/file/"))


@pytest.mark.mission("E08")
def test_every_step_stands_with_its_moment_its_people_and_what_was_filmed_in_it(cast: Any, sign_in: Any) -> None:
    clerk = sign_in("clerk")
    found = report(clerk)
    base = f"/files/{found.pk}/"
    record = words(clerk.get(f"{base}record/"))
    assert record.count("这一环节没有音像、笔录或其他材料。") == 2, "nothing is there of receipt and verification yet"
    two = {"taker": cast.who("clerk").key, "other": cast.who("chief").key}
    sent(
        clerk,
        cast,
        found,
        "现场笔录.pdf",
        made.pdf("record"),
        kind="08",
        title="现场笔录",
        passage="2",
        act="site",
        **two,
    )
    record = words(clerk.get(f"{base}record/"))
    assert "现场检查没有音像记录" in record, "an on-site check must be filmed"
    page = sent(clerk, cast, found, "现场录音.wav", tone(), kind="03", title="现场录音", passage="2", act="site", **two)
    record = words(clerk.get(f"{base}record/"))
    assert "没有音像记录" not in record
    verified = record[record.index("开始核查") :]
    for told in ("李窗", "现场笔录", "现场录音", "2026-11-20", "视听资料"):
        assert told in verified, told
    html = clerk.get(page).content.decode()
    assert "<audio" in html
    part = clerk.get(f"{page}media/", headers={"Range": "bytes=44-143"})
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 44-143/{len(tone())}"
    assert b"".join(part.streaming_content) == tone()[44:144]
    assert sign_in("inspector_b").get(f"{base}record/").status_code == 404
