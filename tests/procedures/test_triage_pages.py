"""Letters through the pages: suggestions beside the form, judging, repeats, groups, signals, hot spots, alerts."""

import re
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.accounts.models import Message
from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures import resealing
from shiheng.procedures.models import GroupStep, Judged, Link, Member, Paper, Passage, Proceeding, Sketch
from shiheng.procedures.triage import sketches, watch
from shiheng.registers.models import Entry
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CODE, REPORT = "complaints.complaint", "complaints.report"
GYM = "办的年卡，健身房突然关门，余额不退，要求退款。"


def words(answer: Any) -> str:
    page = answer.content.decode()
    return re.sub(r"(<[^>]+>|\s)+", " ", page[max(page.find("<main"), 0) :])


def send(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"_key": str(uuid4()), **values})


def opened(client: Client, code: str = CODE, **other: Any) -> Proceeding:
    first, second = ("complainant", "trader") if code == CODE else ("reporter", "target")
    given = {
        "summary": "健身房关门不退卡", "channel": "counter", "kind": "预付式消费",
        "story" if code == CODE else "leads": GYM, "claims": "退款", f"name_{first}_": "王小明",
        f"phone_{first}_": "13800000001", f"name_{second}_": "力动健身", "scope_": "4499.01.", **other,
    }  # fmt: skip
    answer = send(client, f"/files/new/{code}/", **given)
    assert answer.status_code == 302, words(answer)[:1500]
    return Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def others(client: Client, count: int, **other: Any) -> list[Proceeding]:
    return [
        opened(client, name_complainant_=f"李{n}", phone_complainant_=f"1390000{n:04d}", **other) for n in range(count)
    ]


def test_what_is_typed_is_suggested_beside_the_form_and_nothing_is_kept(sign_in: Any) -> None:
    clerk = sign_in("clerk")
    opened(clerk)
    page = clerk.get(f"/files/new/{CODE}/").content.decode()
    assert f'hx-post="/files/new/{CODE}/triage/"' in page
    counted = (Proceeding.objects.count(), Judged.objects.count())
    told = send(
        clerk, f"/files/new/{CODE}/triage/", summary="年卡不退", story=GYM + "孩子还小，住在江口街道，请查处。",
        kind="质量", phone_complainant_="138-0000-0001", name_trader_="力动健身",
    )  # fmt: skip
    for said in ("预付式消费", "<mark>年卡</mark>", "涉及未成年人", "投诉和举报都有", "江口监管所", "您选的是“质量”",
                 "可能重复", "来信人电话相同", "不作任何决定"):  # fmt: skip
        assert said in told.content.decode(), said
    assert (Proceeding.objects.count(), Judged.objects.count()) == counted
    assert "填写事项和经过以后" in words(send(clerk, f"/files/new/{CODE}/triage/"))


def test_the_handler_corrects_a_suggestion_and_the_judgment_is_kept_and_counted_by(sign_in: Any) -> None:
    clerk = sign_in("clerk")
    held = opened(clerk)
    address = f"/files/{held.pk}/triage/"
    assert "待判断" in words(clerk.get(address))
    assert send(clerk, address, kind="合同", wants="complaint", tags=["prepaid"]).status_code == 302
    (judged,) = Judged.objects.all()
    assert (judged.suggested["kind"], judged.chosen["kind"], judged.by) == ("预付式消费", "合同", "李窗")
    page = words(clerk.get(address))
    assert "更正了提示" in page
    assert "（提示为“预付式消费”）" in page
    assert Sketch.objects.get(proceeding=held).kind == "合同"
    assert "合同" in words(clerk.get("/files/hotspots/"))
    sketches.refresh()
    assert Sketch.objects.get(proceeding=held).kind == "合同", "what was judged stands when letters are read anew"
    bad = send(clerk, address, kind="合同", wants="complaint", tags=["nonsense"])
    assert bad.status_code == 422
    assert Judged.objects.count() == 1


def test_another_district_neither_reads_nor_judges_a_letter(sign_in: Any) -> None:
    held = opened(sign_in("clerk"))
    other = sign_in("inspector_b")
    for address in (f"/files/{held.pk}/triage/", f"/files/{held.pk}/triage/signals/complaints/"):
        assert other.get(address).status_code == 404
    assert send(other, f"/files/{held.pk}/triage/", kind="合同", wants="complaint").status_code == 404
    assert "力动健身" not in words(other.get("/files/hotspots/"))
    assert "力动健身" not in words(other.get("/files/groups/"))
    told = send(other, f"/files/new/{CODE}/triage/", summary="健身房关门不退卡", story=GYM,
                phone_complainant_="13800000001", name_trader_="力动健身")  # fmt: skip
    assert held.number not in told.content.decode(), "who wrote to another bureau is not told"


def test_a_letter_that_is_both_becomes_two_files_bound_to_one_another(sign_in: Any) -> None:
    clerk = sign_in("clerk")
    held = opened(clerk, story=GYM + "它没有执照，请查处。")
    page = clerk.get(f"/files/{held.pk}/triage/").content.decode()
    assert f"/files/new/{REPORT}/?about={held.pk}" in page
    form = words(clerk.get(f"/files/new/{REPORT}/?about={held.pk}"))
    assert "它没有执照" in form
    made = send(
        clerk, f"/files/new/{REPORT}/?about={held.pk}", summary="无照经营", channel="counter", kind="其他",
        leads="它没有执照。", name_reporter_="王小明", name_target_="力动健身", scope_="4499.01.",
    )  # fmt: skip
    assert made.status_code == 302, words(made)[:800]
    link = Link.objects.get(kind="twin")
    assert (link.first_id, link.second.procedure) == (held.pk, REPORT)
    again = Sketch.objects.get(proceeding=link.second)
    assert again.person == Sketch.objects.get(proceeding=held).person, "known in both by the same digest"
    assert "就举报的内容另行登记" not in words(clerk.get(f"/files/{held.pk}/triage/"))


def test_a_repeat_is_proposed_with_reasons_and_once_confirmed_points_to_its_ground(sign_in: Any, clock: Any) -> None:
    clerk = sign_in("clerk")
    first = opened(clerk)
    assert send(clerk, f"/files/{first.pk}/take/withdraw/", why="已自行解决").status_code == 302
    clock.advance(days=3)
    second = opened(clerk)
    different = opened(clerk, name_complainant_="赵", phone_complainant_="13711112222")
    page = words(clerk.get(f"/files/{second.pk}/triage/"))
    assert f"{first.number} 来信人电话相同，同一商家，文字 100% 相同，相隔 3 日。" in page
    assert f"是同一来信，关联 {different.number}" not in page, "somebody else's is equal, no repeat"
    done = send(clerk, f"/files/{second.pk}/triage/same/{first.pk}/", same="1")
    assert done.status_code == 302
    link = Link.objects.get(kind="same")
    assert (link.first, link.second) == (first, second), "the earlier first, whichever page it was said on"
    page = clerk.get(f"/files/{second.pk}/triage/").content.decode()
    assert f"/files/{second.pk}/take/refuse/?ground=NA2" in page
    form = clerk.get(f"/files/{second.pk}/take/refuse/?ground=NA2").content.decode()
    assert re.search(r'value="NA2"[^>]*(selected|checked)', form)
    assert send(clerk, f"/files/{second.pk}/triage/same/{first.pk}/", same="1").status_code == 302
    assert Link.objects.filter(kind="same").count() == 1


def test_a_repeated_report_is_ended_by_its_own_step_with_the_earlier_number(sign_in: Any) -> None:
    clerk = sign_in("clerk")
    first, second = opened(clerk, REPORT), opened(clerk, REPORT)
    send(clerk, f"/files/{first.pk}/triage/same/{second.pk}/", same="1")
    page = clerk.get(f"/files/{second.pk}/triage/").content.decode()
    found = re.search(rf'href="(/files/{second.pk}/take/repeated/\?[^"]+)"', page)
    assert found
    assert first.number in clerk.get(found[1].replace("&amp;", "&")).content.decode()


def test_what_is_no_repeat_is_not_proposed_again(sign_in: Any) -> None:
    clerk = sign_in("clerk")
    first, second = opened(clerk), opened(clerk)
    send(clerk, f"/files/{second.pk}/triage/same/{first.pk}/", same="0")
    assert not Link.objects.filter(kind="same").exists()
    for one in (first, second):
        assert "没有发现待认定的重复来信" in words(clerk.get(f"/files/{one.pk}/triage/"))


def test_equal_complaints_are_mediated_in_one_act_each_with_its_own_file(sign_in: Any, clock: Any) -> None:
    clerk = sign_in("clerk")
    rows = others(clerk, 4)
    listed = words(clerk.get("/files/groups/"))
    assert "力动健身" in listed
    assert "4 件" in listed
    numbers = [row.pk for row in rows]
    answer = send(clerk, "/files/groups/form/", files=numbers)
    assert answer.status_code == 302
    place = answer["Location"]
    number = int(place.rstrip("/").rsplit("/", 1)[1])
    assert {link.second_id for link in Link.objects.filter(kind="group", first=rows[0])} == set(numbers[1:])
    clock.advance(days=1)
    key = str(uuid4())
    for _ in range(2):
        done = send(clerk, f"{place}take/accept/", files=numbers, told_by="短信", papers_="1", _key=key)
        assert done.status_code == 302, words(done)[:900]
    assert Passage.objects.filter(step="accept").count() == 4, "one passage in each, once"
    assert Paper.objects.filter(form="complaints.acceptance").count() == 4
    assert GroupStep.objects.count() == 1
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.due) == ("accepted", date(2027, 1, 20)), "its own clock runs"
    # One leaves, with why; the others go on.
    assert send(clerk, f"{place}leave/{rows[0].pk}/", why="").status_code == 422
    assert send(clerk, f"{place}leave/{rows[0].pk}/", why="要求单独调解").status_code == 302
    assert {link.second_id for link in Link.objects.filter(kind="group", first=rows[1])} == set(numbers[2:])
    given = {"way": "remote", "complainant_agrees": "1", "trader_agrees": "1", "mediator": "李窗"}
    out = send(clerk, f"{place}take/mediate/", files=numbers, **given)
    assert out.status_code == 422, "one that left is not among those it can be taken for"
    assert not Passage.objects.filter(step="mediate").exists(), "all or none"
    assert send(clerk, f"{place}take/mediate/", files=numbers[1:], **given).status_code == 302
    # Each has its own outcome.
    assert send(clerk, f"/files/{rows[1].pk}/take/settle/", agreement="退款。", recovered="1980", paper="signed")
    states = {row.pk: row.state for row in Proceeding.objects.filter(pk__in=numbers)}
    assert list(states.values()).count("mediating") == 2
    assert states[rows[0].pk] == "accepted"
    assert states[rows[1].pk] == "settled"
    page = words(clerk.get(place))
    for said in ("要求单独调解", "调解成功", "投诉受理决定书", "4 件"):
        assert said in page, said
    ended = words(clerk.get(f"{place}take/mediate/"))
    assert "有 1 件现在不能办理" in ended
    again = send(clerk, "/files/groups/form/", files=[rows[2].pk, rows[3].pk])
    assert again.status_code == 409, "in one group at a time"
    assert Member.objects.filter(group=number, left_at=None).count() == 3


def test_only_letters_against_one_business_are_grouped(sign_in: Any) -> None:
    clerk = sign_in("clerk")
    one, other = others(clerk, 2)
    third = opened(clerk, name_trader_="另一家")
    assert send(clerk, "/files/groups/form/", files=[one.pk, third.pk]).status_code == 422
    assert send(clerk, "/files/groups/form/", files=[one.pk]).status_code == 422
    assert send(sign_in("inspector_b"), "/files/groups/form/", files=[one.pk, other.pk]).status_code == 404


def test_facts_about_a_sender_open_their_rows_and_decide_nothing(sign_in: Any, clock: Any) -> None:
    clerk = sign_in("clerk")
    rows = []
    for n in range(3):
        row = opened(clerk, name_trader_=f"商家{n}")
        send(clerk, f"/files/{row.pk}/take/accept/", told_by="短信")
        paid = "商家赔付五百元后撤回" if n else "自行和解"
        send(clerk, f"/files/{row.pk}/take/terminate/", ground="T1" if n else "T2", why=paid)
        rows.append(row)
        clock.advance(days=30)
    opened(clerk, name_complainant_="王大明", name_trader_="商家9")
    # Another district's is not among them.
    opened(sign_in("inspector_b"), scope_="4499.02.", name_trader_="望湖商家")
    page = words(clerk.get(f"/files/{rows[0].pk}/triage/"))
    for said in ("十二个月内的投诉 4", "涉及的商家 4", "文字完全相同的 4", "同一电话用过的姓名 2",
                 "付款、退款后撤回或者自行和解的 2", "这些事实不决定任何事", "第四十二条"):  # fmt: skip
        assert said in page, said
    shown = words(clerk.get(f"/files/{rows[0].pk}/triage/signals/paid/"))
    assert rows[1].number in shown
    assert rows[0].number not in shown
    assert "望湖商家" not in words(clerk.get(f"/files/{rows[0].pk}/triage/signals/merchants/"))
    clock.advance(days=400)
    assert clerk.get(f"/files/{rows[0].pk}/triage/signals/paid/").status_code == 404, "twelve months only"
    # The next letter is taken like anybody's: nothing was refused or marked by itself.
    assert opened(clerk).state == "pending"


def test_no_telephone_number_lies_in_a_sketch(sign_in: Any) -> None:
    held = opened(sign_in("clerk"))
    row = Sketch.objects.get(proceeding=held)
    assert len(row.person) == 64
    kept = " ".join(str(getattr(row, field.name)) for field in Sketch._meta.fields if field.name != "proceeding")
    assert "13800000001" not in kept
    assert resealing.run() >= 0
    before = row.person
    sketches.keep(held)
    row.refresh_from_db()
    assert row.person == before, "another data key changes nothing in it"


def test_a_peak_is_told_with_its_files_and_an_alert_is_drafted_published_and_over(sign_in: Any, clock: Any) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    for n in range(3):
        opened(clerk, summary="空调多收安装费", kind="价格", story="加收三百元。", name_trader_=f"电器{n}",
               phone_complainant_=f"1370000{n:04d}")  # fmt: skip
    clock.move_to(datetime(2027, 1, 20, 9, tzinfo=SHANGHAI))
    others(clerk, 6)
    page = words(chief.get("/files/hotspots/?days=30"))
    assert "按商家：力动健身 高峰 6 件，此前平均 0.0 件" in page
    assert "按问题类别：价格" not in page
    rows = words(chief.get("/files/hotspots/rows/?by=kind&value=预付式消费&days=30"))
    assert "健身房关门不退卡" in rows
    assert "空调多收安装费" not in rows
    assert "<svg" in chief.get("/files/hotspots/").content.decode()
    drafted = {"by": "kind", "value": "预付式消费", "days": "30", "until": "2027-01-20"}
    assert send(clerk, "/files/hotspots/alert/", **drafted).status_code == 403
    made = send(chief, "/files/hotspots/alert/", **drafted)
    assert made.status_code == 302, words(made)[:600]
    entry = Entry.objects.get(register="complaints.alerts")
    assert entry.state == "draft"
    assert "6 件" in entry.facts["text"]
    public = Client()
    assert entry.title not in words(public.get("/open/registers/complaints.alerts/")), "a draft is nobody's to read"
    moved = send(chief, f"/registers/complaints.alerts/{entry.pk}/move/publish/", reason_="已核对文字")
    assert moved.status_code == 302, words(moved)[:600]
    assert entry.title in words(public.get("/open/registers/complaints.alerts/"))
    clock.advance(days=91)
    assert entry.title not in words(public.get("/open/registers/complaints.alerts/")), "past its day"


def test_an_alert_from_a_business_does_not_name_it(sign_in: Any) -> None:
    others(sign_in("clerk"), 5)
    made = send(sign_in("chief"), "/files/hotspots/alert/", by="against", value="n:力动健身", days="30")
    assert made.status_code == 302
    entry = Entry.objects.get(register="complaints.alerts")
    assert "力动健身" not in entry.facts["text"] + entry.title + entry.facts["topic"]


def test_an_issue_at_its_limit_lays_a_proposal_before_the_chief_once(sign_in: Any, clock: Any) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    others(clerk, 11)
    assert watch.run() == 0
    opened(clerk)
    assert watch.run() == 1
    assert watch.run() == 0, "once"
    (lead,) = Proceeding.objects.filter(procedure="complaints.campaign_lead")
    assert lead.title == "预付式消费：30 日内收到 12 件，建议开展专项行动"
    assert lead.scope == "4499.01."
    (message,) = Message.objects.filter(title="专项行动建议")
    assert message.account.username == "zhang"
    assert lead.number in words(chief.get("/files/"))
    assert send(clerk, f"/files/{lead.pk}/take/start/", plan="查", ends="2026-12-31").status_code == 422
    assert send(chief, f"/files/{lead.pk}/take/decline/", why="上月刚查过").status_code == 302
    clock.advance(days=5)
    others(clerk, 3, name_trader_="新健身")
    assert watch.run() == 0, "not again within the same days"
    clock.advance(days=31)
    others(clerk, 12, name_trader_="再一家")
    assert watch.run() == 1


def test_letters_opened_before_they_were_read_are_read_by_the_job(sign_in: Any) -> None:
    held = opened(sign_in("clerk"))
    Sketch.objects.all().delete()
    assert sketches.refresh() == 1
    assert sketches.refresh() == 0
    assert Sketch.objects.get(proceeding=held).tags == ["prepaid"]


def test_where_a_letter_is_about_comes_from_the_business_then_from_a_street(sign_in: Any) -> None:
    clerk = sign_in("clerk")
    firm = factories.subject("云泽市临江区柳岸健身馆", scope="4499.01.02.")
    assert Sketch.objects.get(proceeding=opened(clerk, subject_trader_=firm.uscc)).place == "4499.01.02."
    told = opened(clerk, story="江口街道的健身房关门了，年卡不退。")
    assert Sketch.objects.get(proceeding=told).place == "4499.01.01."
    assert Sketch.objects.get(proceeding=opened(clerk)).place == "4499.01."


def test_the_same_words_against_another_business_of_the_register_are_no_repeat(sign_in: Any) -> None:
    clerk = sign_in("clerk")
    firms = [factories.subject(f"云泽市临江区健身{n}馆", scope="4499.01.01.") for n in range(2)]
    first, second = (opened(clerk, name_trader_=firm.name, subject_trader_=firm.uscc) for firm in firms)
    again = opened(clerk, name_trader_=firms[0].name, subject_trader_=firms[0].uscc)
    assert "没有发现待认定的重复来信" in words(clerk.get(f"/files/{second.pk}/triage/"))
    page = words(clerk.get(f"/files/{again.pk}/triage/"))
    assert f"是同一来信，关联 {first.number}" in page
    assert second.number not in page[page.find("可能重复") : page.find("同类投诉")]
    assert "涉及的商家 2" in page, "it is told as a fact all the same"
