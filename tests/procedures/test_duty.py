"""Files change hands in one act with a reason; what cannot is said file by file; leave gives a deputy, and back."""

import re
from datetime import date
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest

from shiheng.accounts.models import Message, Post
from shiheng.ledger.models import Leaf
from shiheng.procedures import actions
from shiheng.procedures.duty import actions as duty
from shiheng.procedures.models import Handing, Leave, Proceeding
from tests.casework import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FACTS = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "坏了。", "claims": ["退款"]}
ALL = "/files/officers/"


def opened(cast: Any, count: int = 3) -> list[Proceeding]:
    return [actions.open_file(cast.who("clerk"), "complaints.complaint", {**FACTS, "summary": f"第{n}件"},
                              scope="4499.01.") for n in range(count)]  # fmt: skip


def page(browser: Any, account: Any) -> str:
    return words(browser.get(f"{ALL}{account.pk}/"))


def test_chosen_files_are_handed_over_in_one_act_and_both_are_told(cast: Any, sign_in: Any, bench: Any) -> None:
    held, chief = opened(cast), sign_in("chief")
    to = bench.accounts["jian"]
    values = {"_key": str(uuid4()), "to": str(to.pk), "reason": "调岗", "chosen": [str(one.pk) for one in held[:2]]}
    seen = words(chief.post(f"{ALL}{cast.clerk.pk}/", values))
    assert "2 件将移交给简勘" in seen
    assert not Handing.objects.exists()
    answer = chief.post(f"{ALL}{cast.clerk.pk}/", {**values, "confirmed": "1"})
    assert answer.status_code == 302
    assert chief.post(f"{ALL}{cast.clerk.pk}/", {**values, "confirmed": "1"}).status_code in {302, 422}
    names = list(Proceeding.objects.order_by("pk").values_list("officer_name", flat=True))
    assert names == ["简勘", "简勘", "李窗"]
    rows = Handing.objects.all()
    assert len(rows) == 2
    assert len({row.act for row in rows}) == 1
    assert Leaf.objects.filter(kind="file.handed").count() == 2
    told = {message.account.username: message.text for message in Message.objects.select_related("account")}
    assert "2 件" in told["jian"]
    assert "调岗" in told["chuang"]
    shown = words(chief.get(f"/files/{held[0].pk}/"))
    assert "李窗 → 简勘" in shown
    assert "调岗" in shown


def test_who_reviewed_a_case_does_not_get_it_and_the_page_says_so_file_by_file(cast: Any, bench: Any) -> None:
    reviewed = bench.to("notice")
    fresh = bench.opens("jian")
    head = bench.at("ju")
    fa = bench.accounts["fa"]
    values = {"_key": str(uuid4()), "to": str(fa.pk), "reason": "轮岗",
              "chosen": [str(reviewed.pk), str(fresh.pk)]}  # fmt: skip
    address = f"{ALL}{bench.accounts['jian'].pk}/"
    seen = words(head.post(address, values))
    assert "1 件将移交给法衡" in seen
    assert "办过本案的“审核同意”，不能再承办" in seen
    assert head.post(address, {**values, "confirmed": "1"}).status_code == 302
    reviewed.refresh_from_db()
    fresh.refresh_from_db()
    assert (reviewed.officer_name, fresh.officer_name) == ("简勘", "法衡")
    # nor by the page of one file
    answer = head.post(f"/files/{reviewed.pk}/assign/", {"_key": str(uuid4()), "officer": str(fa.pk)})
    assert "不能再承办" in words(answer)


def test_from_the_desk_many_are_given_with_a_reason(cast: Any, sign_in: Any, bench: Any) -> None:
    held, chief = opened(cast), sign_in("chief")
    step = {"_step": f"to-{bench.accounts['zhen'].pk}", "_chosen": [str(one.pk) for one in held]}
    seen = chief.post("/files/", step)
    assert "理由" in words(seen)
    confirmed = {**step, "_confirmed": "1", "_key": str(uuid4())}
    assert chief.post("/files/", confirmed).status_code == 422
    assert chief.post("/files/", {**confirmed, "_words": "专班办理"}).status_code == 302
    assert set(Proceeding.objects.values_list("officer_name", flat=True)) == {"甄证"}
    assert set(Handing.objects.values_list("reason", flat=True)) == {"专班办理"}


def test_leave_gives_the_files_to_the_deputy_and_back(cast: Any, sign_in: Any, bench: Any, clock: Any) -> None:
    held, chief = opened(cast), sign_in("chief")
    zhen = bench.accounts["zhen"]
    values = {"_key": str(uuid4()), "deputy": str(zhen.pk), "since": "2026-11-23", "until": "2026-11-27",
              "reason": "年休假"}  # fmt: skip
    assert chief.post(f"{ALL}{cast.clerk.pk}/leave/", values).status_code == 302
    duty.turn_over()
    assert set(Proceeding.objects.values_list("officer_name", flat=True)) == {"李窗"}
    clock.move_to(date(2026, 11, 23))
    duty.turn_over()
    duty.turn_over()
    assert set(Proceeding.objects.values_list("officer_name", flat=True)) == {"甄证"}
    assert "2026-11-27" in words(chief.get(ALL))
    # one is given on meanwhile, one is ended
    duty.assign(cast.who("chief"), [held[0].pk], cast.chief.pk, reason="接访")
    actions.take(cast.who("clerk"), held[1].pk, "withdraw", {"why": "已退款"})
    clock.move_to(date(2026, 11, 28))
    duty.turn_over()
    names = dict(Proceeding.objects.values_list("pk", "officer_name"))
    assert [names[one.pk] for one in held] == ["章科", "甄证", "李窗"]
    assert Leave.objects.get().state == "ended"
    shown = words(chief.get(f"/files/{held[2].pk}/"))
    assert shown.index("返岗交还") < shown.index("离岗代办")
    assert "年休假" in shown


def test_a_leave_is_ended_early_and_two_that_overlap_are_refused(cast: Any, sign_in: Any, bench: Any) -> None:
    held, chief = opened(cast, 1), sign_in("chief")
    values = {"deputy": str(bench.accounts["zhen"].pk), "since": "2026-11-20", "until": "2026-11-27", "reason": "病假"}
    address = f"{ALL}{cast.clerk.pk}/leave/"
    assert chief.post(address, {**values, "_key": str(uuid4())}).status_code == 302
    held[0].refresh_from_db()
    assert held[0].officer_name == "甄证"
    assert "已经登记过离岗" in words(chief.post(address, {**values, "_key": str(uuid4())}))
    turned = {**values, "deputy": str(cast.clerk.pk), "_key": str(uuid4())}
    assert "自己也离岗" in words(chief.post(f"{ALL}{bench.accounts['jian'].pk}/leave/", turned))
    leave = Leave.objects.get()
    assert chief.post(f"/files/leaves/{leave.pk}/back/", {}).status_code == 302
    held[0].refresh_from_db()
    assert held[0].officer_name == "李窗"


def test_what_a_deputy_may_not_have_is_told_to_whoever_put_the_leave_down(cast: Any, bench: Any) -> None:
    reviewed = bench.to("notice")
    duty.enter_leave(bench.who("ju"), bench.accounts["jian"].pk, bench.accounts["fa"].pk, since=date(2026, 11, 20),
                     until=date(2026, 11, 27), reason="学习")  # fmt: skip
    reviewed.refresh_from_db()
    assert reviewed.officer_name == "简勘"
    message = Message.objects.get(account=bench.accounts["ju"], title__contains="没有人办理")
    assert reviewed.number in message.text
    assert "审核" in message.text


def test_every_figure_of_the_load_opens_exactly_its_files(cast: Any, sign_in: Any, clock: Any) -> None:
    opened(cast, 2)
    clock.move_to(date(2026, 12, 10))
    late = opened(cast, 1)
    actions.take(cast.who("clerk"), late[0].pk, "accept", {"told_by": "短信"})
    chief = sign_in("chief")
    text = chief.get(ALL).content.decode()
    row = next(part for part in text.split("<tr")[1:] if "李窗" in part)
    links = re.findall(r'<a href="([^"]+)">(?:<[^>]+>)*(\d+)', row)
    assert [int(count) for _href, count in links] == [3, 0, 2]
    for href, count in links:
        listed = chief.get(unquote(href.replace("&amp;", "&"))).content.decode()
        assert len(re.findall(r'name="_chosen"', listed)) == int(count)


def test_whoever_left_the_post_is_given_nothing_more(cast: Any, bench: Any) -> None:
    held = opened(cast, 1)
    Post.objects.filter(account=bench.accounts["jian"]).update(until=date(2026, 11, 1))
    from shiheng.kernel.errors import Refused

    with pytest.raises(Refused, match="没有岗位"):
        duty.assign(cast.who("chief"), [held[0].pk], bench.accounts["jian"].pk, reason="调岗")


def test_a_view_of_the_desk_is_saved_and_its_rows_are_walked_with_the_keys(cast: Any, sign_in: Any) -> None:
    opened(cast, 2)
    clerk = sign_in("clerk")
    query = "mine=1&procedure=complaints.complaint"
    saved = {"table": "files", "query": query, "name": "我的投诉", "next": f"/files/?{query}"}
    assert clerk.post("/ui/views/", saved).status_code in {302, 200}
    page = clerk.get("/files/").content.decode()
    assert "我的投诉" in page
    href = re.search(r'<a href="([^"]+)"[^>]*>我的投诉</a>', page)
    assert href
    assert len(re.findall(r'name="_chosen"', clerk.get(href[1].replace("&amp;", "&")).content.decode())) == 2
    assert "列表的下一行、上一行" in words(clerk.get("/files/"))
    assert "我的投诉" not in sign_in("chief").get("/files/").content.decode()
