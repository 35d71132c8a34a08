"""Serving papers: each party by itself, each way with its proof, every try kept; where a party wants to be served."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shiheng.accounts import outbox
from shiheng.accounts.models import Message
from shiheng.kernel import clock as time
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ledger.models import Leaf
from shiheng.procedures import actions, sending, serving, ways
from shiheng.procedures.models import Address, Paper, Proceeding, Serving
from shiheng.ui import pdf
from tests.factories import subject
from tests.procedures.test_papers import file as file  # noqa: PLC0414 - the fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SIGNED = {"signer": "王小明", "as": "本人", "place": "窗口"}
REFUSED = {**SIGNED, "why": "看过以后不肯签"}
LEFT = {"place": "住所门口", "witness": "社区网格员刘芳"}
TODAY = date(2026, 11, 20)


@pytest.fixture
def paper(cast: Any, file: Proceeding) -> Paper:
    """A termination: for both parties."""
    clerk = cast.who("clerk")
    actions.take(clerk, file.pk, "accept", {"told_by": "短信"})
    actions.take(
        clerk, file.pk, "mediate",
        {"way": "remote", "complainant_agrees": True, "trader_agrees": True, "mediator": "李窗"},
    )  # fmt: skip
    actions.take(clerk, file.pk, "terminate", {"ground": "T3", "why": "坚持退款。"})
    return actions.make_paper(clerk, file.pk, "complaints.termination")


def _serve(cast: Any, paper: Paper, way: str, proof: dict[str, str], party: int = 1, **more: Any) -> Serving:
    return actions.serve_paper(
        cast.who("clerk"), paper.proceeding_id, paper.pk, way=way, proof=proof, party=party, **more
    )


def test_the_ways_of_the_rules_are_there_with_their_proof_and_article() -> None:
    found = {way.title: way for way in ways.all_on(TODAY)}
    assert list(found) == ["直接送达", "留置送达", "电子送达", "邮寄送达", "委托送达", "公告送达"]
    assert all(way.proof and way.basis.instrument == "市场监督管理行政处罚程序规定" for way in found.values())
    assert found["公告送达"].days == 30
    assert found["电子送达"].confirmed


def test_each_party_is_served_by_itself_and_the_paper_when_the_last_one_was(cast: Any, paper: Paper) -> None:
    assert paper.to == [1, 2]
    _serve(cast, paper, "direct", SIGNED, 1)
    paper.refresh_from_db()
    assert paper.served_on is None, "the trader has nothing yet"
    _serve(cast, paper, "post", {"parcel": "EMS123", "signer": "前台"}, 2)
    paper.refresh_from_db()
    assert (paper.served_on, paper.served_how) == (TODAY, "邮寄送达")
    assert "EMS123" in paper.served_proof
    with pytest.raises(Conflict, match="已经登记送达王小明"):
        _serve(cast, paper, "direct", SIGNED, 1)


def test_a_refused_delivery_is_kept_and_followed_by_leaving_on_the_pages(cast: Any, paper: Paper, sign_in: Any) -> None:
    clerk, place = sign_in("clerk"), f"/files/{paper.proceeding_id}/papers/{paper.pk}/"
    early = clerk.post(f"{place}serve/leaving/", {"_key": str(uuid4()), "party": "1", **LEFT})
    assert early.status_code == 422
    assert "第八十二条" in early.content.decode()
    first = {"_key": str(uuid4()), "party": "1", "result": "refused", **REFUSED}
    assert clerk.post(f"{place}serve/direct/", first).status_code == 302
    assert clerk.post(f"{place}serve/leaving/", {"_key": str(uuid4()), "party": "1", **LEFT}).status_code == 302
    words = clerk.get(place).content.decode()
    for said in ("直接送达", "拒绝签收", "看过以后不肯签", "留置送达", "社区网格员刘芳", "已送达"):
        assert said in words, said
    assert [row.result for row in paper.servings.order_by("number")] == ["refused", "served"]


def test_proof_that_is_missing_is_told_by_name(cast: Any, paper: Paper) -> None:
    with pytest.raises(Refused, match="签收人身份") as told:
        _serve(cast, paper, "direct", {"signer": "王小明", "place": "窗口"})
    assert told.value.details["field"] == "as"
    with pytest.raises(Refused, match="没有这种结果"):
        _serve(cast, paper, "leaving", LEFT, result="refused")
    assert not Serving.objects.exists()


def test_electronic_serving_needs_a_signed_address_that_agrees_to_it(cast: Any, paper: Paper, sign_in: Any) -> None:
    sent = {"channel": "短信", "receipt": "回执 8812"}
    with pytest.raises(Refused, match="送达地址确认书"):
        _serve(cast, paper, "electronic", sent)
    clerk, place = sign_in("clerk"), f"/files/{paper.proceeding_id}/parties/1/address/"
    paper_only = {"_key": str(uuid4()), "address": "江口街道 3 号", "signed_on": "2026-11-20"}
    assert clerk.post(place, paper_only).status_code == 302
    with pytest.raises(Refused, match="同意电子送达"):
        _serve(cast, paper, "electronic", sent)
    agreed = {**paper_only, "_key": str(uuid4()), "channel": "短信", "electronic": "19900001001"}
    assert clerk.post(place, agreed).status_code == 302
    assert _serve(cast, paper, "electronic", sent).effective_on == TODAY
    row = Address.objects.latest("pk")
    assert "19900001001" not in str(row.facts), "sealed"
    assert "同意电子送达" in clerk.get(f"/files/{paper.proceeding_id}/").content.decode()
    with pytest.raises(Refused, match="送达地址确认书"):
        _serve(cast, paper, "electronic", sent, 2)


def test_a_public_notice_takes_effect_after_thirty_days_and_only_when_others_failed(
    cast: Any, paper: Paper, sign_in: Any
) -> None:
    notice = {"place": "局网站", "notice": "公告 12 号", "why": "住所无人，电话不通"}
    with pytest.raises(Refused, match="未能送达"):
        _serve(cast, paper, "public", notice)
    _serve(cast, paper, "post", {"parcel": "EMS9", "signer": "查无此人退回"}, result="failed")
    row = _serve(cast, paper, "public", notice)
    assert row.effective_on == date(2026, 12, 20)
    page = sign_in("clerk").get(f"/files/{paper.proceeding_id}/papers/{paper.pk}/").content.decode()
    assert "公告期间" in page
    assert "2026-12-20" in page


def test_an_envelope_is_printed_for_whoever_has_an_address(cast: Any, paper: Paper, sign_in: Any) -> None:
    clerk, place = sign_in("clerk"), f"/files/{paper.proceeding_id}/papers/{paper.pk}/envelope/"
    assert clerk.get(f"{place}1/").status_code == 422, "the complainant told no address"
    if pdf.available():
        assert clerk.get(f"{place}2/").content.startswith(b"%PDF")
    trader = paper.proceeding.parties.get(number=2)
    assert serving.posted_to(paper.proceeding, trader) == ("恒达电器", "码头路12号", "")
    actions.confirm_address(
        cast.who("clerk"), paper.proceeding_id, 2, address="新街 9 号", receiver="前台李丽", signed_on=TODAY
    )
    assert serving.posted_to(paper.proceeding, trader) == ("前台李丽", "新街 9 号", "")
    assert sign_in("inspector_b").get(f"{place}2/").status_code == 404
    complainant = paper.proceeding.parties.get(number=1)
    complainant.subject = subject("王记粮油", address="沿江路 8 号")
    assert serving.posted_to(paper.proceeding, complainant)[:2] == ("王小明", "沿江路 8 号"), "the seat of a business"


def test_what_is_sent_by_the_platform_counts_once_its_receipt_is_there(
    cast: Any, paper: Paper, sign_in: Any, settings: Any
) -> None:
    clerk, place = sign_in("clerk"), f"/files/{paper.proceeding_id}/papers/{paper.pk}/"
    actions.confirm_address(
        cast.who("clerk"), paper.proceeding_id, 1, address="江口街道 3 号", channel="短信", electronic="19900001001",
        signed_on=TODAY,
    )  # fmt: skip
    assert "由平台发送" not in clerk.get(place).content.decode(), "no channel is set up"
    assert clerk.post(f"{place}send/1/", {"_key": str(uuid4())}).status_code == 422
    settings.SERVICE_CHANNELS = "短信=file"
    assert "由平台发送" in clerk.get(place).content.decode()
    assert clerk.post(f"{place}send/1/", {"_key": str(uuid4())}).status_code == 302
    message = Message.objects.get(channel="file")
    assert message.address == "19900001001"
    assert paper.number in message.text
    assert paper.digest[:32] in message.link
    assert sending.take_receipts() == 0, "it is still on its way"
    with pytest.raises(Conflict, match="等待回执"):
        _serve(cast, paper, "direct", SIGNED, 1)
    outbox.send(message.pk)
    assert sending.take_receipts() == 1
    row = Serving.objects.get()
    assert (row.result, row.effective_on) == ("served", TODAY)
    assert "outbox/2026-11-20.jsonl" in row.proof["receipt"]
    assert "已送达" in clerk.get(place).content.decode()


def test_days_stand_in_order_and_the_proof_is_on_record_without_names(cast: Any, paper: Paper, clock: Any) -> None:
    with pytest.raises(Refused, match="不能晚于今天"):
        _serve(cast, paper, "direct", SIGNED, day=date(2026, 11, 21))
    with pytest.raises(Refused, match="不能早于文书制作"):
        _serve(cast, paper, "direct", SIGNED, day=date(2026, 11, 19))
    key = uuid4()
    first = _serve(cast, paper, "direct", SIGNED, key=key)
    assert _serve(cast, paper, "direct", SIGNED, key=key) == first, "once under its key"
    leaf = Leaf.objects.filter(kind="file.served").latest("pk")
    assert "王小明" not in str(leaf.content)
    assert time.today() == TODAY
