"""Letters read, serial ones recognised, online complaints analysed, alerts published, issues that trigger campaigns."""

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures.models import Proceeding
from shiheng.procedures.triage import watch
from shiheng.registers.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def words(answer: Any) -> str:
    page = answer.content.decode()
    return re.sub(r"(<[^>]+>|\s)+", " ", page[max(page.find("<main"), 0) :])


def send(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"_key": str(uuid4()), **values})


def complaint(client: Client, summary: str, story: str, kind: str, trader: str, phone: str) -> Proceeding:
    answer = send(
        client, "/files/new/complaints.complaint/", summary=summary, story=story, kind=kind, channel="platform",
        claims="退款", name_complainant_="王", phone_complainant_=phone, name_trader_=trader, scope_="4499.01.",
    )  # fmt: skip
    assert answer.status_code == 302, words(answer)[:800]
    return Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


@pytest.mark.mission("F15")
def test_serial_reporters_and_letters_of_one_pattern_are_recognised_as_facts_that_decide_nothing(
    sign_in: Any, clock: Any
) -> None:
    clerk = sign_in("clerk")
    copied = "购买的进口饼干没有中文标签，要求退一赔十。"
    rows = []
    for n in range(6):
        rows.append(complaint(clerk, "进口饼干无中文标签", copied, "食品安全", f"超市{n}", "19900002001"))
        clock.advance(days=7)
    other = complaint(clerk, "进口饼干无中文标签", copied, "食品安全", "便利店", "19900002002")
    page = words(clerk.get(f"/files/{rows[-1].pk}/triage/"))
    for said in ("十二个月内的投诉 6", "涉及的商家 6", "文字完全相同的 6", "他人来信，文字完全相同的 1", "第十七条",
                 "这些事实不决定任何事"):  # fmt: skip
        assert said in page, said
    opened = words(clerk.get(f"/files/{rows[-1].pk}/triage/signals/others/"))
    assert other.number in opened
    assert rows[-1].state == "pending"
    # Who sent it is told to nobody outside the office that handles it.
    assert sign_in("inspector_b").get(f"/files/{rows[0].pk}/triage/").status_code == 404


@pytest.mark.mission("F19")
def test_orders_are_classed_by_online_and_offline_trade_and_issue_and_peaks_show(sign_in: Any, clock: Any) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    for n in range(4):
        complaint(clerk, "空调多收安装费", "上门加收三百元。", "价格", f"电器{n}", f"1370000{n:04d}")
    clock.move_to(datetime(2027, 1, 20, 9, tzinfo=SHANGHAI))
    for n in range(7):
        complaint(clerk, "直播间祛斑面膜", "主播宣称七天淡斑，没有效果。", "虚假宣传", "某美妆", f"1380000{n:04d}")
    complaint(clerk, "空调多收安装费", "上门加收三百元。", "价格", "电器9", "13700009999")
    page = words(chief.get("/files/hotspots/?days=30"))
    for said in ("按线上线下", "涉互联网 7", "不涉互联网 1", "按专题 件数", "化妆品宣传 7", "高峰", "怎样算高峰"):
        assert said in page, said
    assert "<svg" in chief.get("/files/hotspots/?days=30").content.decode()
    rows = words(chief.get("/files/hotspots/rows/?by=online&value=1&days=30"))
    assert rows.count("直播间祛斑面膜") == 7
    assert "空调" not in rows
    assert "没有比以前明显多的" in words(sign_in("inspector_b").get("/files/hotspots/"))


@pytest.mark.mission("F16")
def test_a_warning_to_consumers_is_drafted_from_a_hot_spot_and_published(sign_in: Any) -> None:
    clerk, chief, public = sign_in("clerk"), sign_in("chief"), Client()
    for n in range(6):
        complaint(clerk, "健身房关门不退卡", "年卡余额不退。", "预付式消费", "力动健身", f"1380000{n:04d}")
    made = send(chief, "/files/hotspots/alert/", by="tag", value="prepaid", days="30")
    assert made.status_code == 302, words(made)[:500]
    entry = Entry.objects.get(register="complaints.alerts")
    title = str(entry.title)
    place = f"/registers/complaints.alerts/{entry.pk}/"
    assert title not in words(public.get("/open/registers/complaints.alerts/"))
    moved = send(chief, f"{place}move/publish/", reason_="文字已核对")
    assert moved.status_code == 302, words(moved)[:500]
    shown = words(public.get("/open/registers/complaints.alerts/"))
    assert title in shown
    assert "12315" in shown
    assert "力动健身" not in shown
    assert send(chief, f"{place}move/withdraw/", reason_="问题已解决").status_code == 302
    assert title not in words(public.get("/open/registers/complaints.alerts/"))


@pytest.mark.mission("F21")
def test_stations_stand_by_business_district_and_join_campaigns(sign_in: Any) -> None:
    chief = sign_in("chief")
    for name, district in (("步行街服务站", "听澜步行街"), ("夜市服务站", "潮音夜市")):
        made = send(chief, "/registers/complaints.stations/new/", name=name, kind="商场超市", street="听澜街道",
                    district=district, scope_="4499.01.")  # fmt: skip
        assert made.status_code == 302, words(made)[:600]
    listed = words(Client().get("/open/registers/complaints.stations/"))
    assert "听澜步行街" in listed
    figures = words(chief.get("/registers/complaints.stations/figures/"))
    assert "潮音夜市" in figures
    made = send(
        chief, "/registers/complaints.rights_actions/new/", title="国庆假日维权（2026）", occasion="国庆",
        district="听澜步行街", stations="步行街服务站", begins="2026-10-01", ends="2026-10-07", received="12",
        settled="9", refunded="3600", scope_="4499.01.",
    )  # fmt: skip
    assert made.status_code == 302, words(made)[:600]
    entry = Entry.objects.get(register="complaints.rights_actions")
    assert (
        send(chief, f"/registers/complaints.rights_actions/{entry.pk}/move/begin/", reason_="开始").status_code == 302
    )
    listed = words(chief.get("/registers/complaints.rights_actions/"))
    for said in ("国庆假日维权", "听澜步行街", "进行中"):
        assert said in listed, said


@pytest.mark.mission("F22")
def test_an_issue_written_in_about_often_lays_a_campaign_before_a_chief_who_decides(sign_in: Any) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    held = complaint(clerk, "瑜伽馆泄露电话", "个人信息被泄露，天天推销电话。", "个人信息", "瑜伽馆", "13800001111")
    assert "个人信息" in words(clerk.get(f"/files/{held.pk}/triage/"))
    for n in range(12):
        complaint(clerk, "健身房关门不退卡", "年卡余额不退。", "预付式消费", f"健身{n}", f"1380000{n:04d}")
    assert watch.run() == 1
    lead = Proceeding.objects.get(procedure="complaints.campaign_lead")
    desk = words(chief.get("/files/?procedure=complaints.campaign_lead"))
    assert "预付式消费：30 日内收到 12 件" in desk
    assert (
        send(chief, f"/files/{lead.pk}/take/start/", plan="查各健身房资金存管。", ends="2026-12-31").status_code == 302
    )
    done = send(chief, f"/files/{lead.pk}/take/finish/", checked="18", cases="2", result="立案两件。")
    assert done.status_code == 302, words(done)[:500]
    lead.refresh_from_db()
    assert (lead.state, lead.ended) == ("finished", True)
