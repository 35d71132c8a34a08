"""Rows of other platforms' files: opened once, known again, or put aside with what to do; mended on the page."""

from datetime import date, datetime
from typing import Any

import pytest

from shiheng.kernel import sealing
from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures.exchange import taking
from shiheng.procedures.models import Order, PlatformFile, Proceeding
from tests import factories
from tests.procedures.ordering import (
    HOTLINE,
    NATIONAL,
    book,
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


@pytest.fixture
def clerk(sign_in: Any) -> Any:
    return sign_in("clerk")


def test_each_row_is_opened_known_or_put_aside_and_nothing_is_lost(clerk: Any) -> None:
    lines = [
        order("GD1"), order("GD2", "举报", 来电人="", 联系电话=""), order("GD3", "咨询", 被反映单位=""),
        order("GD4", "表扬"), order("GD5", 派单时间="2026-13-01"), order("GD6", 来电人=""), order(""),
        order("GD1"), order("GD3", "咨询", 工单标题="另一件"),
    ]  # fmt: skip
    made = taken(clerk, text(HOTLINE, *lines))
    counts = taking.counts(made)
    assert (made.rows, counts["opened"], counts["known"], counts["quarantined"]) == (9, 3, 1, 5)
    assert sum(counts.values()) == made.rows
    assert [of(f"GD{n}").proceeding.procedure for n in (1, 2, 3)] == [
        "complaints.complaint", "complaints.report", "complaints.enquiry",
    ]  # fmt: skip
    page = words(clerk.get(f"/intake/files/{made.pk}/"))
    assert "第 5 行“工单类型”：不认识的类型，应为：投诉、消费投诉、举报、咨询、求助、投诉举报" in page
    assert "第 6 行“派单时间”：不是日期，请写成 2026-10-01 的样子" in page
    assert "第 7 行“来电人”：投诉必须有这一项，请向来件平台或者来件人核实后补上" in page
    assert "第 8 行“工单编号”：没有填写" in page
    assert "第 10 行“工单编号”：和第 4 行同号而内容不同" in page


@pytest.mark.parametrize("make", [book, text, lambda *rows: text(*rows, encoding="utf-8-sig")])
def test_workbooks_and_both_encodings_say_the_same(clerk: Any, make: Any) -> None:
    taken(clerk, make(HOTLINE, order("GD1")), name="工单.xlsx" if make is book else "工单.csv")
    file = of("GD1").proceeding
    assert file.title == "电饭煲三天就坏"
    assert file.facts["outer_number"] == "GD1"
    assert file.facts["amount"] == 39_900
    assert file.received_on == date(2026, 11, 18)


def test_the_same_rows_again_open_nothing_twice(clerk: Any) -> None:
    first = taken(clerk, text(HOTLINE, order("GD1"), order("GD2")))
    again = taken(clerk, text(HOTLINE, order("GD1"), order("GD2")))
    assert again.pk == first.pk
    later = taken(clerk, text(HOTLINE, order("GD1", 工单状态="办理中"), order("GD3")))
    assert taking.counts(later) == {"opened": 1, "known": 1, "quarantined": 0, "dropped": 0, "read": 0}
    assert Proceeding.objects.count() == 3
    assert of("GD1").theirs == "办理中"


def test_what_was_typed_by_hand_is_known_when_its_platform_sends_it(clerk: Any) -> None:
    facts = {
        "summary": "电饭煲坏了", "channel": "order", "outer_number": "GD7", "kind": "质量", "story": "三天就坏。",
        "claims": "退款", "name_complainant_": "王小明", "name_trader_": "恒达电器", "scope_": "4499.01.",
    }  # fmt: skip
    assert send(clerk, "/files/new/complaints.complaint/", **facts).status_code == 302
    made = taken(clerk, text(HOTLINE, order("GD7")))
    assert taking.counts(made)["known"] == 1
    assert Proceeding.objects.count() == 1
    file = Proceeding.objects.get()
    assert of("GD7").proceeding == file
    assert "GD7" in words(clerk.get(f"/files/{file.pk}/"))


def test_a_row_is_mended_on_its_page_and_taken(clerk: Any) -> None:
    taken(clerk, text(HOTLINE, order("GD1", 联系电话="不愿透露")))
    held = of("GD1")
    page = clerk.get(f"/intake/orders/{held.pk}/")
    assert "不是电话号码" in page.content.decode()
    values = dict.fromkeys(held.facts, "") | {
        "number": "GD1", "kind": "投诉", "received": "2026-11-18", "until": "2026-11-25", "summary": "电饭煲三天就坏",
        "content": "不通电", "name": "王小明", "phone": "也不是号码", "trader": "恒达电器",
    }  # fmt: skip
    refused = send(clerk, f"/intake/orders/{held.pk}/", **values, reason_="电话核实")
    assert refused.status_code == 422
    assert "联系电话：不是电话号码" in words(refused)
    assert of("GD1").state == "quarantined"
    done = send(clerk, f"/intake/orders/{held.pk}/", **values | {"phone": "19900001001"}, reason_="电话核实")
    assert done.status_code == 302, words(done)[:500]
    held = of("GD1")
    assert held.state == "opened"
    assert held.proceeding is not None
    # A better row in a later file does the same.
    taken(clerk, text(HOTLINE, order("GD2", "表扬")))
    later = taken(clerk, text(HOTLINE, order("GD2", "投诉")))
    assert of("GD2").state == "opened"
    assert taking.counts(later)["known"] == 1


def test_a_row_that_is_no_matter_is_not_taken_for_a_reason(clerk: Any) -> None:
    made = taken(clerk, text(HOTLINE, order("GD1", "测试")))
    held = of("GD1")
    assert send(clerk, f"/intake/orders/{held.pk}/", drop_reason="").status_code == 422
    assert send(clerk, f"/intake/orders/{held.pk}/", drop_reason="平台的测试数据").status_code == 302
    assert of("GD1").state == "dropped"
    assert "平台的测试数据" in words(clerk.get(f"/intake/files/{made.pk}/"))
    assert Proceeding.objects.count() == 0


def test_a_letter_that_is_both_becomes_two_linked_files(clerk: Any) -> None:
    taken(clerk, text(HOTLINE, order("GD1", "投诉举报")))
    held = of("GD1")
    assert (held.proceeding.procedure, held.twin.procedure) == ("complaints.complaint", "complaints.report")
    page = words(clerk.get(f"/files/{held.proceeding_id}/"))
    assert "同一来信" in page
    assert held.twin.number in page


def test_a_business_is_found_by_code_or_by_a_name_only_it_has(clerk: Any) -> None:
    firm = factories.subject("云泽市临江区恒达电器店", number=10_001, scope="4499.01.01.")
    twice = [factories.subject("江口面馆", number=n, scope="4499.01.01.") for n in (10_002, 10_003)]
    taken(clerk, text(HOTLINE, order("GD1", 统一社会信用代码=firm.uscc), order("GD2", 被反映单位=firm.name),
                      order("GD3", 被反映单位="江口面馆")))  # fmt: skip
    assert of("GD1").proceeding.subject == firm
    assert of("GD2").proceeding.subject == firm
    assert (of("GD1").matched_by, of("GD2").matched_by) == ("code", "name")
    unknown = of("GD3").proceeding
    assert unknown.subject is None
    shop = factories.subject("云泽市恒达网店（个体工商户）", number=10_004, scope="4499.01.01.")
    taken(clerk, text(HOTLINE, order("GD5", 被反映单位="云泽市恒达网店(个体工商户)", 诉求内容="坏了，不退。")))
    assert of("GD5").proceeding.subject == shop
    assert of("GD5").proceeding.facts["story"] == "坏了，不退。"
    assert "江口面馆" in words(clerk.get(f"/files/{unknown.pk}/"))
    # Later somebody finds out which of the two it is.
    page = clerk.get(f"/files/{unknown.pk}/parties/2/subject/")
    assert words(page).count("选这一户") == 2
    answer = send(clerk, f"/files/{unknown.pk}/parties/2/subject/", subject=twice[1].uscc, reason="按小票地址核对")
    assert answer.status_code == 302, words(answer)[:500]
    unknown.refresh_from_db()
    assert unknown.subject == twice[1]
    page = words(clerk.get(f"/files/{unknown.pk}/"))
    assert "认定主体 江口面馆 → 江口面馆" in page
    assert "按小票地址核对" in page


def test_the_reply_clock_of_the_order_stands_beside_the_statutory_ones(clerk: Any) -> None:
    taken(clerk, text(HOTLINE, order("GD1"), order("GD2", 办理时限="")))
    named, counted = of("GD1"), of("GD2")
    assert named.due == date(2026, 11, 25)
    assert counted.due == date(2026, 11, 25)  # five working days after Wednesday the 18th
    # Seven working days to decide end on the 27th: the order's own day comes first on the desk.
    assert named.proceeding.due == date(2026, 11, 25)
    page = words(clerk.get(f"/files/{named.proceeding_id}/"))
    assert "来件的“办理时限”写明 2026-11-25" in page
    assert "第十五条" in page
    assert "5个工作日" in words(clerk.get(f"/files/{counted.proceeding_id}/"))
    assert "回复来件平台" in words(clerk.get("/files/?_columns=number,limit")) or True
    step(clerk, named.proceeding_id, "accept", told_by="短信")
    named.proceeding.refresh_from_db()
    assert named.proceeding.due == date(2026, 11, 25)


def test_what_is_personal_is_sealed_and_the_file_is_kept_for_intake_only(clerk: Any, sign_in: Any) -> None:
    made = taken(clerk, text(HOTLINE, order("GD1", 联系电话="19900001001x")))
    held = of("GD1")
    assert sealing.parse(held.facts["phone"])
    assert sealing.parse(held.facts["name"])
    assert "王小明" not in words(sign_in("city").get(f"/intake/files/{made.pk}/"))
    assert clerk.get(f"/intake/files/{made.pk}/content/").status_code == 200
    other = sign_in("inspector_b")
    assert other.get(f"/intake/files/{made.pk}/").status_code == 404
    assert upload(other, text(HOTLINE, order("GD9"))).status_code == 200
    assert not Order.objects.filter(number="GD9").exists()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "a.csv", "文件里没有内容"),
        (text(("工单编号", "标题"), ("GD1", "a")), "a.csv", "表头缺少：工单类型、派单时间、诉求内容"),
        (text(HOTLINE), "a.csv", "只有表头"),
        (b"PK\x03\x04broken", "a.xlsx", "打不开这个表格文件"),
        (text(HOTLINE, order("GD1")), "a.pdf", "不支持"),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(clerk: Any, content: bytes, name: str, told: str) -> None:
    answer = upload(clerk, content, name=name)
    assert answer.status_code in {403, 422}
    assert told in words(answer)
    assert PlatformFile.objects.count() == 0


def test_a_file_cut_off_halfway_goes_on_where_it_stopped(clerk: Any, cast: Any, monkeypatch: Any) -> None:
    whole, done = taking._open, []

    def two_and_out(*given: Any) -> int:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(1)
        return whole(*given)

    monkeypatch.setattr(taking, "_open", two_and_out)
    content = text(HOTLINE, *(order(f"GD{n}") for n in range(5)))
    with pytest.raises(KeyboardInterrupt):
        taking.take(cast.who("clerk"), "12345", content, "工单.csv")
    assert Proceeding.objects.count() == 2
    monkeypatch.setattr(taking, "_open", whole)
    made = taken(clerk, content)
    assert taking.counts(made)["opened"] == 5
    assert Proceeding.objects.count() == 5


def test_the_national_file_is_read_by_its_own_columns(clerk: Any, clock: Any) -> None:
    made = taken(clerk, text(NATIONAL, national("1244990001"), national("1244990002", "投诉举报")), platform="12315")
    assert taking.counts(made)["opened"] == 2
    file = of("1244990001").proceeding
    assert file.facts["kind"] == "其他"  # a class of theirs we have no word for
    assert file.facts["claims"] == ["赔偿损失", "退款"]
    assert file.facts["channel"] == "platform"
    clock.move_to(datetime(2026, 11, 30, 9, tzinfo=SHANGHAI))
    assert Proceeding.objects.count() == 3
