"""A penalty case from the clue to the archive, through the pages, as those who work on it do; and what is refused."""

from datetime import date, datetime
from typing import Any

import pytest
from django.urls import reverse

from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures.models import Clock, Party, Passage
from tests.casework import CONCLUDE, DECIDE, INSPECT, NOTICE, SERVE, Bench, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)  # type: ignore[arg-type,misc]


def test_a_case_goes_from_the_clue_to_the_archive(bench: Bench) -> None:
    held = bench.to("archived")
    assert (held.number, held.state, held.ended) == ("云临市监案〔2026〕1号", "archived", True)
    steps = list(Passage.objects.filter(proceeding=held).order_by("number").values_list("step", "by"))
    assert steps[2] == ("file", "傅衍")
    assert [step for step, _by in steps][-3:] == ["settle", "close", "archive"]
    page = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert "简勘、甄证，记入于" in page
    assert "项期限已经办成" in page
    assert "超期" not in page


def test_the_dossier_says_what_nothing_proves_and_the_inquiry_cannot_end_with_it(bench: Bench) -> None:
    held = bench.to("inspect")
    bench.takes("jian", held, "inspect", **{**INSPECT, "elements": ["主体", "实际经营"]})
    page = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert page.count("还没有证据") == 3, "each element, and the sum of them beside the evidence"
    assert "有 2 个构成要件还没有证据" in page
    assert page.count("已有证据") == 2
    told = bench.refused("jian", held, "conclude", **CONCLUDE)
    assert "违法行为的构成要件还有没有证据的" in told
    assert "第四十八条" in told
    bench.takes("jian", held, "conclude", **CONCLUDE, gaps="货值以同类商品标价认定。")


def test_who_worked_on_a_case_neither_reviews_nor_decides_it_and_nobody_works_alone(bench: Bench, cast: Any) -> None:
    held = bench.to("review")
    from shiheng.accounts.models import Office, Post

    home = Office.objects.get(path="4499.01.")
    for role in ("legal_reviewer", "bureau_head"):
        Post.objects.create(account=bench.accounts["zhen"], office=home, role=role, since=date(2024, 1, 1))
    assert "不能由办过" in bench.refused("zhen", held, "review", kind="case", opinion="同意")
    bench.to("notice", held)
    told = bench.refused("jian", held, "notice", **NOTICE, party_="1", officers_="")
    assert "另一名在场人员" in told
    stranger = bench.refused("jian", held, "notice", **NOTICE, party_="1", officers_=f"account:{cast.inspector_b.pk}")
    assert "另一名在场人员" in stranger
    bench.to("decide", held)
    assert "不能由办过" in bench.refused("zhen", held, "decide", **DECIDE, party_="1")
    assert "由其他岗位办理" not in bench.refused("zhen", held, "decide", **DECIDE, party_="1")


def test_a_heavy_fine_wants_the_right_of_hearing_legal_review_after_it_and_the_heads_together(
    bench: Bench, clock: Any
) -> None:
    held = bench.to("notice")
    heavy = {**NOTICE, "fine": "140000", "party_": "1"}
    assert "须告知要求听证的权利" in bench.refused("jian", held, "notice", **heavy)
    bench.takes("jian", held, "notice", **heavy, hearing="1")
    bench.takes("jian", held, "ask_hearing", how="书面", party_="1")
    case = Clock.objects.get(proceeding=held, limit="case")
    assert case.due is None, "the hearing is left out of the ninety days"
    told = bench.refused("fa", held, "hearing_notice", on="2026-11-27", place="三楼", host="法衡", party_="1")
    assert "提前七个工作日" in told
    bench.takes("fa", held, "hearing_notice", on="2026-12-02", place="三楼", host="法衡", open_="1", party_="1")
    assert "还没有到听证的日期" in bench.refused("fa", held, "hear", signed="当事人已签字", report="从轻", party_="1")
    clock.move_to(at(2026, 12, 2, 9))
    bench.takes("fa", held, "hear", signed="当事人已签字", report="建议从轻。", party_="1")
    fine = {**DECIDE, "fine": "68000", "party_": "1"}
    assert "须在听证结束后法制审核" in bench.refused("ju", held, "decide", **fine)
    bench.takes("fa", held, "review_after", opinion="同意从轻。")
    assert "集体讨论" in bench.refused("ju", held, "decide", **fine)
    bench.takes(
        "ju", held, "discuss", session="案审〔2026〕1号", present="鞠正\n傅衍", opinions="同意", resolution="罚六万八"
    )
    assert "不得因陈述、申辩或者听证加重处罚" in bench.refused("ju", held, "decide", **{**fine, "fine": "150000"})
    assert bench.takes("ju", held, "decide", **fine).state == "executing"


def test_a_fine_outside_the_band_says_why(bench: Bench) -> None:
    held = bench.to("decide")
    low = {**DECIDE, "fine": "50000", "party_": "1"}
    assert "请写明偏离的理由" in bench.refused("ju", held, "decide", **low)
    page = words(bench.at("ju").get(f"/files/{held.pk}/"))
    assert "一般处罚" in page
    assert "¥65,000.00 至 ¥85,000.00" in page
    bench.takes("ju", held, "decide", **low, deviates="主动召回已售糕点并退款。")


def test_two_parties_go_their_own_ways_in_one_file(bench: Bench) -> None:
    held = bench.to("inspect")
    bench.takes("jian", held, "add_party", name="店长林某", person="1", part="直接负责的主管人员", phone="13800000009")
    added = Party.objects.get(proceeding=held, number=2)
    assert added.name == "店长林某"
    assert "13800000009" not in str(added.facts), "sealed"
    bench.to("notice", held)
    bench.takes("jian", held, "notice", **NOTICE, party_="1")
    bench.takes("jian", held, "notice", **{**NOTICE, "fine": "1000", "gains_taken": "0", "penalties": ["2A"]},
                person="1", party_="2")  # fmt: skip
    bench.takes("jian", held, "quiet", how="written", party_="1")
    bench.takes("ju", held, "decide", **DECIDE, party_="1")
    assert held.state == "noticing", "the other is not decided yet"
    assert list(Party.objects.filter(proceeding=held).order_by("number").values_list("state", flat=True)) == [
        "decided", "noticed",
    ]  # fmt: skip
    page = words(bench.at("ju").get(f"/files/{held.pk}/"))
    assert "送达行政处罚告知书（店长林某）" in page
    bench.takes("ju", held, "spare", outcome="no_penalty", educated="1", why="受指派，情节轻微。", party_="2")
    assert held.state == "executing"


def test_goods_under_seizure_have_a_term_of_their_own(bench: Bench, clock: Any) -> None:
    held = bench.to("inspect")
    seize = {"name": "糕点 120 箱", "kind": "seizure", "quantity": "120 箱", "place": "仓库", "number": "扣 1",
             "approver": "傅衍", "cards": "1", "filmed": "1", "listed": "1"}  # fmt: skip
    bench.takes("jian", held, "seize", **seize)
    term = Clock.objects.get(proceeding=held, limit="seizure", party=2)
    assert term.due == date(2026, 12, 20)
    longer = {"why": "协查未回", "number": "延 1", "told": "1", "party_": "2"}
    bench.takes("fu", held, "seize_longer", **longer)
    assert Clock.objects.get(proceeding=held, limit="seizure", party=2).due == date(2027, 1, 19)
    clock.move_to(at(2027, 1, 20, 9))
    told = bench.refused("jian", held, "dispose", why="易腐烂、变质", consent="1", how="拍卖", party_="2")
    assert "期限已经届满，只能解除" in told
    assert "“解除查封、扣押”。平台不会自行决定" in words(bench.at("jian").get(f"/files/{held.pk}/"))
    bench.takes("jian", held, "release", ground="over", number="解 1", returned="全部返还", party_="2")


def test_a_party_added_by_mistake_is_taken_back_with_its_step(bench: Bench) -> None:
    held = bench.to("inspect")
    bench.takes("jian", held, "add_party", name="弄错的人", part="无")
    last = Passage.objects.filter(proceeding=held).order_by("-number").first()
    assert last is not None
    answer = bench.at("zhen").post(
        f"/files/{held.pk}/void/{last.number}/", {"_key": "9d3f2f68-3c9c-4d19-8a53-2f4f6a7f0001", "reason": "录错了人"}
    )
    assert answer.status_code == 302
    assert Party.objects.get(proceeding=held, number=2).gone
    main = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert "当事人（待告知）" in main
    assert "弄错的人" not in main[main.index("当事各方") : main.index("登记内容")]


def test_what_is_not_served_is_not_published_nor_a_bare_warning_nor_more_paid_than_owed(bench: Bench) -> None:
    held = bench.to("serve")
    publish = {"summary": "罚款", "masked": "1", "party_": "1"}
    assert "不能办理“公示行政处罚信息”" in bench.refused("jian", held, "publish", **publish)
    bench.takes("jian", held, "serve", **{**SERVE, "told_publish": ""}, party_="1")
    assert "没有书面告知将公示" in bench.refused("jian", held, "publish", **publish)
    assert "缴款超过应缴的罚没款" in bench.refused("jian", held, "pay", amount="70000", slip="1", party_="1")
    bench.takes("jian", held, "pay", amount="69000", slip="1", party_="1")
    assert "还没有缴清" in bench.refused("jian", held, "settle", party_="1")
    assert "¥200.00" in words(bench.at("jian").get(f"/files/{held.pk}/"))


def test_lateness_costs_three_per_cent_a_day_of_the_fine_alone_and_never_more_than_it(bench: Bench, clock: Any) -> None:
    held = bench.to("pay")
    due = Clock.objects.get(proceeding=held, limit="payment").due
    assert due == date(2026, 12, 7), "fifteen days end on a Saturday: the right of the party rolls to Monday"
    clock.move_to(at(2026, 12, 17, 9))
    page = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert "¥20,400.00" in page, "ten days of 68,000"
    demand = {"number": "催 1", "owed": "69200", "proof": "回执", "party_": "1"}
    assert "不超过罚款本身" in bench.refused("jian", held, "demand", **demand, late="20400.01")
    bench.takes("jian", held, "demand", **demand, late="20400")
    court = {"court": "临江区人民法院", "number": "申 1", "owed": "69200", "party_": "1"}
    clock.move_to(at(2027, 4, 1, 9))
    assert "¥68,000.00" in words(bench.at("jian").get(f"/files/{held.pk}/")), "never more than the fine"
    assert "期限还没有届满" in bench.refused("fu", held, "apply_court", **court)
    clock.move_to(at(2027, 6, 1, 9))
    assert bench.takes("fu", held, "apply_court", **court, late="68000").parties.get().state == "applied"


def test_on_the_spot_a_small_fine_is_taken_and_banked_in_time(bench: Bench, clock: Any) -> None:
    spot = {"summary": "不能提供进货凭证", "topic": "食品安全", "violation": "food.purchase_check", "person": "1",
            "place": "早市", "story": "没有凭证", "evidence": "照片"}  # fmt: skip
    held = bench.opens(code="enforcement.summary", **spot, cards="1")
    bench.takes("jian", held, "tell", proposal="罚款一百元", rights="1")
    bench.takes("jian", held, "hear", story="没有陈述申辩", checked="无")
    decide = {"penalties": ["2A"], "basis": "第一百二十六条", "signed": "已签收", "remedies": "1"}
    assert "二百元以下" in bench.refused("jian", held, "decide", **decide, fine="300")
    bench.takes("jian", held, "decide", **decide, fine="100")
    bench.takes("jian", held, "cash", ground="small", receipt="云财票 1")
    assert "还没有缴清、上交" in bench.refused("jian", held, "archive", number="简 1")
    bench.takes("jian", held, "handed", slip="缴 1")
    assert Clock.objects.get(proceeding=held, limit="banking").due == date(2026, 11, 24)
    bench.takes("jian", held, "banked", slip="银 1")
    assert bench.takes("jian", held, "archive", number="简 1").ended


def test_what_the_reviewer_sent_back_is_answered_point_by_point_and_both_drafts_lie_side_by_side(bench: Bench) -> None:
    held = bench.to("review")
    points = "货值没有证据，不符合《行政处罚法》第四十六条\n裁量等级偏轻"
    bench.takes("fa", held, "review_return", ask="supplement", points=points)
    again = {**CONCLUDE, "goods": "9000", "proposal": "没收违法所得并罚款。"}
    assert "须逐条回应" in bench.refused("jian", held, "conclude", **again, replies="已补进货票据。")
    bench.takes("jian", held, "conclude", **again, replies="已补进货票据。\n已改为一般处罚。")
    review = {"kind": "case", "opinion": "同意"}
    assert "逐条落实" in bench.refused("fa", held, "review", **review)
    page = bench.at("fa").get(f"/files/{held.pk}/").content.decode()
    address = f"/files/{held.pk}/drafts/conclude/"
    assert address in page
    told = bench.at("fa").get(address).content.decode()
    assert "<del>没收并罚款。</del>" in told
    assert "<ins>没收违法所得并罚款。</ins>" in told
    assert "已改为一般处罚。" in words(bench.at("fa").get(address))
    assert reverse("law-article", args=["administrative-penalty-law", "46"]) in told, "a cited article opens"
    bench.takes("fa", held, "review", **review, settled="1")
    assert bench.at("fa").get(f"/files/{held.pk}/drafts/review/").status_code == 404
