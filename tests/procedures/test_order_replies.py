"""What platforms are told back, what comes back refused, what intake sends on, and what differs on a day."""

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from shiheng.accounts.models import Message
from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures.exchange import differing
from shiheng.procedures.models import DifferenceList, Order, PlatformFile, Proceeding, Reply
from tests import factories
from tests.procedures.ordering import (
    HOTLINE,
    NATIONAL,
    national,
    of,
    order,
    send,
    step,
    taken,
    text,
    upload,
    words,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
RECEIPT = ("工单编号", "接收结果", "退回原因")


@pytest.fixture
def clerk(sign_in: Any) -> Any:
    return sign_in("clerk")


def returned(client: Any, number: str, why: str = "消防问题，不属于市场监管职责。") -> Order:
    held = of(number)
    step(client, held.proceeding_id, "return", why=why)
    return of(number)


def grid_of(client: Any, file: PlatformFile) -> list[list[Any]]:
    """The reply file as its receiver opens it."""
    content = b"".join(client.get(f"/intake/files/{file.pk}/content/").streaming_content)
    if file.name.endswith(".csv"):
        return list(csv.reader(io.StringIO(content.decode("gb18030"), newline="")))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def sent(client: Any, platform: str = "12345") -> PlatformFile:
    answer = send(client, f"/intake/replies/{platform}/")
    assert answer.status_code == 302, words(answer)[:500]
    return PlatformFile.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def test_what_came_to_an_outcome_leaves_in_the_platforms_form_once(clerk: Any) -> None:
    taken(clerk, text(HOTLINE, order("GD1"), order("GD2"), order("GD3", "咨询", 被反映单位="")))
    refusal = {"ground": "NA1", "why": "属于物业纠纷。", "remedies": "1", "told_by": "电话"}
    step(clerk, of("GD1").proceeding_id, "refuse", **refusal)
    step(clerk, of("GD3").proceeding_id, "answer", answer="面馆须办食品经营许可。", told_by="电话")
    page = words(clerk.get("/intake/replies/12345/"))
    assert "生成回复文件（2 件）" in page
    file = sent(clerk)
    grid = grid_of(clerk, file)
    assert grid[0] == ["工单编号", "办理结果", "回复内容", "回复时间", "承办单位", "承办人", "承办编号"]
    assert [row[:3] for row in grid[1:]] == [
        ["GD1", "不予受理", "经审查不予受理，理由和其他解决途径已告知投诉人。属于物业纠纷。"],
        ["GD3", "已办结", "面馆须办食品经营许可。"],
    ]
    assert of("GD1").answered_on is not None
    assert "没有要回复的来件" in words(clerk.get("/intake/replies/12345/"))
    assert Reply.objects.filter(state="sent").count() == 2
    assert of("GD2").answered_on is None


def test_a_twin_is_answered_only_when_both_files_are_done(clerk: Any) -> None:
    taken(clerk, text(HOTLINE, order("GD1", "投诉举报")))
    held = of("GD1")
    step(clerk, held.proceeding_id, "withdraw", why="已经和解。")
    assert "没有要回复的来件" in words(clerk.get("/intake/replies/12345/"))
    step(clerk, held.twin_id, "elsewhere", body="消防救援机构", told_by="电话")
    assert "GD1" in words(clerk.get("/intake/replies/12345/"))


def test_a_refused_reply_comes_back_to_its_officer_and_is_sent_anew(clerk: Any, cast: Any, clock: Any) -> None:
    taken(clerk, text(HOTLINE, order("GD1"), order("GD2")))
    returned(clerk, "GD1")
    returned(clerk, "GD2")
    sent(clerk)
    receipts = text(
        RECEIPT, ("GD1", "已接收", ""), ("GD2", "退回", "回复过于简单"), ("GD9", "接收", ""), ("GD1", "?", "")
    )
    made = taken(clerk, receipts, kind="receipts", name="回执.csv")
    assert [fault["line"] for fault in made.faults] == [4, 5]
    states = dict(Reply.objects.values_list("order__number", "state"))
    assert states == {"GD1": "accepted", "GD2": "refused"}
    assert of("GD2").answered_on is None
    assert of("GD1").answered_on is not None
    message = Message.objects.get(account=cast.clerk, title="回复被平台退回")
    assert "回复过于简单" in message.text
    page = words(clerk.get(f"/files/{of('GD2').proceeding_id}/"))
    assert "平台退回回复" in page
    assert "退回原因：回复过于简单" in page.replace("退回原因： ", "退回原因：")
    again = send(clerk, f"/intake/orders/{of('GD2').pk}/", outcome="退回", content="属于消防救援机构职责，请转派。")
    assert again.status_code == 302
    clock.move_to(datetime(2026, 11, 24, 9, tzinfo=SHANGHAI))
    grid = grid_of(clerk, sent(clerk))
    assert [row[0] for row in grid[1:]] == ["GD2"]
    assert grid[1][2] == "属于消防救援机构职责，请转派。"
    # The same receipts again change nothing.
    assert taken(clerk, receipts, kind="receipts", name="回执.csv").pk == made.pk


def test_a_reply_leaves_the_statutory_clock_and_stops_its_own(clerk: Any) -> None:
    taken(clerk, text(HOTLINE, order("GD1")))
    held = returned(clerk, "GD1")
    sent(clerk)
    held.refresh_from_db()
    assert "已回复" in words(clerk.get(f"/files/{held.proceeding_id}/"))
    assert clerk.get("/intake/?reply=1").content.decode().count("GD1") == 0


def test_words_in_a_reply_never_run_as_a_formula(clerk: Any) -> None:
    taken(clerk, text(NATIONAL, national("1244990001", "咨询", 被投诉举报人="")), platform="12315")
    step(clerk, of("1244990001").proceeding_id, "answer", answer="=HYPERLINK(1)", told_by="电话")
    grid = grid_of(clerk, sent(clerk, "12315"))
    assert grid[1][2] == "'=HYPERLINK(1)"


def test_only_intake_hands_a_matter_on_and_only_before_it_is_begun(clerk: Any, sign_in: Any, cast: Any) -> None:
    firm = factories.subject("恒达电器", number=10_001, scope="4499.01.02.")
    taken(clerk, text(HOTLINE, order("GD1"), order("GD2")))
    file = of("GD1").proceeding
    page = clerk.get(f"/files/{file.pk}/pass-on/")
    assert "被反映主体在临江区市场监督管理局柳岸监管所的辖区内" in words(page)
    offices = _offices()
    assert send(clerk, f"/files/{file.pk}/pass-on/", office=offices["4499.01.02."], reason="").status_code == 422
    done = send(clerk, f"/files/{file.pk}/pass-on/", office=offices["4499.01.02."], reason="经营地在柳岸镇")
    assert done.status_code == 302, words(done)[:500]
    file.refresh_from_db()
    assert (file.scope, file.officer_id) == ("4499.01.02.", None)
    page = words(clerk.get(f"/files/{file.pk}/"))
    assert "按责转办 临江区市场监督管理局 柳岸" not in page
    assert "经营地在柳岸镇" in page
    assert file.subject == firm
    # Another district's office is not offered, and an inspector hands nothing on.
    assert send(clerk, f"/files/{file.pk}/pass-on/", office=offices["4499.02."], reason="x").status_code == 422
    inspector = sign_in("inspector_b")
    assert send(inspector, f"/files/{file.pk}/pass-on/", office=offices["4499.02.01."], reason="x").status_code == 404
    begun = of("GD2").proceeding
    step(clerk, begun.pk, "accept", told_by="短信")
    late = send(clerk, f"/files/{begun.pk}/pass-on/", office=offices["4499.01.01."], reason="经营地在江口")
    assert late.status_code == 422
    assert "退回接收机构" in words(late)


def _offices() -> dict[str, int]:
    from shiheng.accounts.models import Office

    return dict(Office.objects.values_list("path", "pk"))


def test_a_matter_given_back_shows_at_intake_and_is_sent_on_anew(clerk: Any) -> None:
    taken(clerk, text(HOTLINE, order("GD1")))
    file = returned(clerk, "GD1", "经营地在柳岸，本科无管辖权。").proceeding
    page = words(clerk.get("/intake/?returned=1"))
    assert file.number in page
    form = clerk.get(f"/files/{file.pk}/pass-on/")
    assert "经营地在柳岸，本科无管辖权。" in words(form)
    done = send(clerk, f"/files/{file.pk}/pass-on/", office=_offices()["4499.01.02."], reason="由柳岸所承办")
    assert done.status_code == 302, words(done)[:500]
    second = Proceeding.objects.exclude(pk=file.pk).get()
    assert (second.scope, second.state, second.received_on) == ("4499.01.02.", "pending", file.received_on)
    assert of("GD1").proceeding == second
    assert file.number in words(clerk.get(f"/files/{second.pk}/"))
    assert file.number not in words(clerk.get("/intake/?returned=1"))
    again = send(clerk, f"/files/{file.pk}/pass-on/", office=_offices()["4499.01.01."], reason="再送")
    assert again.status_code == 422
    assert "已经另行分送" in words(again)
    assert Proceeding.objects.count() == 2


def test_every_kind_of_difference_is_found_kept_by_day_and_exported(clerk: Any, clock: Any) -> None:
    taken(clerk, text(HOTLINE, order("GD1"), order("GD2"), order("GD3"), order("GD4", "表扬")))
    returned(clerk, "GD2")
    roster = text(
        ("工单编号", "派单时间", "工单状态"),
        ("GD1", "2026-11-18", "待办理"), ("GD2", "2026-11-18", "办理中"), ("GD4", "2026-11-18", "待办理"),
        ("GD8", "2026-11-18", "待签收"),
    )  # fmt: skip
    taken(clerk, roster, kind="roster", name="清单.csv")
    assert differing.make()[0].same == 1
    found = DifferenceList.objects.get()
    assert [(line["kind"], line["number"]) for line in found.lines] == [
        ("theirs", "GD4"), ("theirs", "GD8"), ("ours", "GD3"), ("state", "GD2"),
    ]  # fmt: skip
    page = clerk.get(f"/intake/differences/{found.pk}/")
    assert f"/files/{of('GD2').proceeding_id}/" in page.content.decode()
    assert f"/intake/orders/{of('GD4').pk}/" in page.content.decode()
    assert clerk.get(f"/intake/differences/{found.pk}/?_export=csv").status_code == 200
    assert send(clerk, "/intake/differences/").status_code == 302
    assert DifferenceList.objects.count() == 1
    clock.move_to(datetime(2026, 11, 24, 9, tzinfo=SHANGHAI))
    differing.make()
    assert DifferenceList.objects.count() == 2


def test_two_who_make_the_reply_file_at_once_send_each_reply_once(clerk: Any, sign_in: Any) -> None:
    taken(clerk, text(HOTLINE, order("GD1")))
    returned(clerk, "GD1")
    sent(clerk)
    second = send(sign_in("chief"), "/intake/replies/12345/")
    assert "没有要回复的来件" in words(second)
    assert Reply.objects.count() == 1


def test_receipts_without_their_columns_are_refused(clerk: Any) -> None:
    answer = upload(clerk, text(("单号", "结果"), ("GD1", "接收")), kind="receipts", name="回执.csv")
    assert answer.status_code == 422
    assert "工单编号、接收结果" in words(answer)
