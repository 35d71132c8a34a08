"""Penalty cases run wholly on the platform: led step by step, heard, reviewed by the list, handed over, counted."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures.models import Clock, Passage, Proceeding
from tests.casework import CLUE, CONCLUDE, DECIDE, INSPECT, NOTICE, Bench, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.mark.mission("E01")
def test_a_case_is_led_from_the_clue_to_the_archive_step_by_step(bench: Bench) -> None:
    held = bench.opens()
    led = (
        ("jian", "verify", "核查"), ("fu", "file", "立案"), ("jian", "conclude", "调查终结"),
        ("fa", "review", "审核同意"),
        ("jian", "notice", "送达行政处罚告知书"), ("jian", "quiet", "没有陈述、申辩"), ("ju", "decide", "行政处罚决定"),
        ("jian", "serve", "送达决定书"), ("jian", "settle", "登记缴款"), ("fu", "close", "结案"),
        ("jian", "archive", "归档"),
    )  # fmt: skip
    for name, step, title in led:
        bench.to(step, held)
        page = words(bench.at(name).get(f"/files/{held.pk}/"))
        buttons = page[: page.index(" 编号 ")]
        assert title in buttons, f"{name} is not led to {title}"
        form = words(bench.at(name).get(f"/files/{held.pk}/take/{step}/?party=1"))
        assert "依据：" in form, "an untrained officer reads the article"
    assert bench.to("archived", held).ended
    # Whoever comes too early is told why, and under which article.
    early = bench.opens()
    page = words(bench.at("jian").get(f"/files/{early.pk}/"))
    assert "调查终结" not in page[: page.index(" 编号 ")]
    told = bench.refused("jian", early, "conclude", **CONCLUDE)
    assert "案卷现在是“待核查”，不能办理“调查终结”" in told


@pytest.mark.mission("E05")
def test_a_hearing_is_offered_asked_for_dated_held_and_left_out_of_the_term(bench: Bench, clock: Any) -> None:
    held = bench.to("notice")
    bench.takes("jian", held, "notice", **{**NOTICE, "fine": "140000"}, hearing="1", party_="1")
    bench.takes("jian", held, "ask_hearing", how="书面", party_="1")
    bench.takes("fa", held, "hearing_notice", on="2026-12-02", place="三楼", host="法衡", open_="1", party_="1")
    assert "暂停计算" in words(bench.at("jian").get(f"/files/{held.pk}/"))
    clock.move_to(datetime(2026, 12, 2, 9, tzinfo=SHANGHAI))
    bench.takes("fa", held, "hear", signed="当事人已签字", report="建议从轻。", party_="1")
    page = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert "举行听证" in page
    assert "建议从轻。" in page
    receipt = Clock.objects.get(proceeding=held, limit="case").receipt
    assert [pause["reason"] for pause in receipt["pauses"]] == ["听证"]


@pytest.mark.mission("E06", "H07")
def test_the_list_says_which_decision_needs_legal_review_and_blocks_it_until_then(bench: Bench) -> None:
    held = bench.to("review", conclude={"public_interest": "1"})
    told = bench.refused("fa", held, "review", kind="case", opinion="同意")
    assert "重大公共利益" in told
    assert "第五十条" in told
    bench.takes("fa", held, "review", kind="legal", opinion="同意")
    bench.to("decide", held)
    assert "集体讨论" in bench.refused("ju", held, "decide", **DECIDE, party_="1")
    bench.takes(
        "ju", held, "discuss", session="案审〔2026〕1号", present="鞠正\n傅衍", opinions="同意", resolution="同意"
    )
    bench.takes("ju", held, "decide", **DECIDE, party_="1")
    # By the sum alone: reviewed as a plain case, the large fine brings it under the list.
    other = bench.to("notice")
    large = {**NOTICE, "fine": "100000", "hearing": "1", "party_": "1"}
    bench.takes("jian", other, "notice", **large)
    bench.takes("jian", other, "quiet", how="written", party_="1")
    decide = {**DECIDE, "fine": "100000", "deviates": "多次违法，从重。", "party_": "1"}
    assert "须先经法制审核" in bench.refused("ju", other, "decide", **decide)
    listed = words(bench.at("fa").get("/legal-reviews/"))
    assert "10 万元以上罚款" in listed


@pytest.mark.mission("E11")
def test_a_suspected_crime_goes_to_the_police_with_receipts_both_ways(bench: Bench) -> None:
    held = bench.to("inspect")
    bench.takes("jian", held, "police_report", crime="销售假冒注册商标的商品罪", story="货值二十六万元。")
    assert Clock.objects.get(proceeding=held, limit="police_decide").due.isoformat() == "2026-11-23"
    letter = {"body": "临江公安分局", "letter": "移 1 号", "at": "2026-11-20 15:30"}
    refused = bench.at("fu").post(f"/files/{held.pk}/take/to_police/", {"_key": str(uuid4()), **letter})
    assert "您的岗位不能办理" in words(refused), "the principal head decides in person"
    bench.takes("ju", held, "to_police", **letter)
    assert held.state == "police"
    due = Clock.objects.get(proceeding=held, limit="police_send").due_at
    assert due.astimezone(SHANGHAI).isoformat()[:16] == "2026-11-21T15:30"
    short = bench.refused("jian", held, "police_sent", receipt="收 1 号", package=["移送书"])
    assert "调查报告和涉案物品清单" in short
    bench.takes("jian", held, "police_sent", receipt="收 1 号", package=["移送书", "调查报告", "涉案物品清单"])
    bench.takes("jian", held, "police_refused", why="达不到追诉标准。")
    assert held.state == "investigating", "handled administratively again"
    receipt = Clock.objects.get(proceeding=held, limit="case").receipt
    assert [pause["reason"] for pause in receipt["pauses"]] == ["移送公安机关待答复"]


@pytest.mark.mission("E17", "E25")
def test_an_order_has_its_day_is_looked_at_again_and_counts_what_left_the_shelf(bench: Bench) -> None:
    held = bench.to("inspect")
    order = {"name": "下架过期奶粉", "kind": "off", "products": "云味奶粉 2025-08 批次", "quantity": "240",
             "until": "2026-11-27", "number": "责改 1 号"}  # fmt: skip
    bench.takes("jian", held, "order", **order)
    assert Clock.objects.get(proceeding=held, limit="order", party=2).due.isoformat() == "2026-11-27"
    bench.takes("jian", held, "order_unmet", finding="还剩 40 罐。", quantity="200", party_="2")
    bench.takes("jian", held, "order_met", finding="全部下架。", quantity="240", party_="2")
    page = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert "责令改正（已改正）" in page
    assert "云味奶粉 2025-08 批次" in page
    assert "已下架数量 240" in page


@pytest.mark.mission("E20")
def test_the_band_is_shown_and_a_deviation_says_why(bench: Bench) -> None:
    held = bench.to("decide")
    page = words(bench.at("ju").get(f"/files/{held.pk}/"))
    assert "¥50,000.00 至 ¥100,000.00" in page
    assert "¥65,000.00 至 ¥85,000.00" in page
    low = {**DECIDE, "fine": "50000", "party_": "1"}
    assert "请写明偏离的理由" in bench.refused("ju", held, "decide", **low)
    bench.takes("ju", held, "decide", **low, deviates="主动召回并退款。")
    assert "主动召回并退款。" in words(bench.at("fa").get(f"/files/{held.pk}/"))


@pytest.mark.mission("H06")
def test_the_list_of_minor_offences_is_chosen_from_when_nothing_is_punished(bench: Bench) -> None:
    clue = {"violation": "registration.unlicensed", "topic": "登记注册", "summary": "无照小卖部"}
    held = bench.to("file", bench.opens(**clue))
    form = words(bench.at("fu").get(f"/files/{held.pk}/take/no_file/"))
    assert "DJ-01 小额、短期无照经营" in form
    assert "SP-03" not in form, "of this violation only"
    assert "请从给出的选项中选择" in bench.refused(
        "fu", held, "no_file", ground="slight", finding="三日", leniency="SP-03"
    )
    bench.takes("fu", held, "no_file", ground="slight", finding="开业三日，当日停止。", leniency="DJ-01")
    assert "DJ-01 小额、短期无照经营" in words(bench.at("jian").get(f"/files/{held.pk}/"))


@pytest.mark.mission("E24")
def test_a_case_says_in_which_way_and_with_whom_it_is_handled(bench: Bench) -> None:
    held = bench.opens(mode="joint")
    bench.opens()
    page = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert "办案方式 联合执法" in page
    counted = words(bench.at("fu").get("/files/figures/enforcement.case/"))
    assert "联合执法" in counted


@pytest.mark.mission("K14", "P08")
def test_cases_are_counted_by_kind_and_source_and_each_figure_opens_them(bench: Bench) -> None:
    rival = bench.opens(topic="不正当竞争", violation="competition.confusion", summary="仿冒包装")
    bench.opens(topic="涉黑涉恶线索", source="report", summary="欺行霸市")
    browser = bench.at("fu")
    page = browser.get("/files/figures/enforcement.case/").content.decode()
    assert "不正当竞争" in page
    assert "涉黑涉恶线索" in page
    desk = words(browser.get("/files/", {"procedure": "enforcement.case", "fact_topic": "不正当竞争"}))
    assert rival.number in desk


@pytest.mark.mission("J05")
def test_a_trademark_case_is_of_its_own_kind_with_foreign_mark_and_value(bench: Bench) -> None:
    clue = {**CLUE, "topic": "商标专利", "violation": "intellectual_property.trademark", "foreign": "1"}
    held = bench.to("inspect", bench.opens(**clue))
    bench.takes("jian", held, "inspect", **{**INSPECT, "elements": ["权利", "主体", "侵权", "来源", "违法经营额"]})
    bench.takes("jian", held, "conclude", **{**CONCLUDE, "goods": "259000", "turnover": "259000"})
    page = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert "涉外商标 是" in page
    assert "¥259,000.00" in page
    assert "侵犯注册商标专用权" in page


def test_a_complaint_becomes_a_case_with_what_it_says(bench: Bench, sign_in: Any) -> None:
    given = {"summary": "直播间虚假宣传", "channel": "counter", "kind": "虚假宣传", "story": "称可以根治糖尿病。",
             "claims": "退款", "name_complainant_": "王小明", "name_trader_": "恒达电器",
             "scope_": "4499.01."}  # fmt: skip
    clerk = sign_in("clerk")
    answer = clerk.post("/files/new/complaints.complaint/", {"_key": str(uuid4()), **given})
    first = answer["Location"].rstrip("/").rsplit("/", 1)[1]
    form = bench.at("jian").get(f"/files/new/enforcement.case/?about={first}").content.decode()
    assert "称可以根治糖尿病。" in form
    assert 'value="恒达电器"' in form
    clue = {**CLUE, "story": "称可以根治糖尿病。", "source": "complaint", "name_party_": "恒达电器"}
    made = bench.at("jian").post(f"/files/new/enforcement.case/?about={first}", {"_key": str(uuid4()), **clue})
    assert made.status_code == 302, words(made)[:600]
    page = words(bench.at("jian").get(f"/files/{first}/"))
    assert "由此转办" in page
    assert Passage.objects.filter(step="open").count() == 2


@pytest.mark.mission("E03")
def test_what_is_owed_and_paid_is_totalled_and_held_against_the_finance_department(bench: Bench) -> None:
    first = bench.to("pay")
    bench.takes("jian", first, "pay", amount="9200", slip="云财罚 1", party_="1")
    second = bench.to("pay")
    bench.takes("jian", second, "pay", amount="69200", slip="云财罚 2", party_="1")
    browser = bench.at("fu")
    page = words(browser.get("/files/money/"))
    assert "应缴罚没款 ¥138,400.00" in page
    assert "已缴 ¥78,400.00" in page
    assert "尚欠 ¥60,000.00" in page
    owing = words(browser.get("/files/money/?open=1"))
    table = owing[owing.index("尚欠 ¥60,000.00") :]
    assert first.number in table
    assert second.number not in table
    rows = ("票据号码,缴款日期,金额,缴款人", "云财罚 1,2026-11-20,9100.00,恒达", "云财罚 2,2026-11-20,69200,恒达",
            "云财罚 2,2026-11-20,69200,恒达", "云财罚 9,2026-11-20,500,某店",
            "云财罚 10,2026-11-20,壹佰元,")  # fmt: skip
    sheet = "\n".join(rows)
    sent = SimpleUploadedFile("缴款.csv", sheet.encode("gb18030"))
    answer = browser.post("/files/money/", {"_key": str(uuid4()), "file": sent})
    assert answer.status_code == 302, words(answer)[:600]
    told = words(browser.get(answer["Location"]))
    assert "收下 4 行，没有收下 1 行" in told
    assert "金额不符 1" in told
    assert "同一票据重复 1" in told
    assert "财政有、案卷没有 1" in told
    assert "-¥100.00" in told
    assert first.number in told
    again = SimpleUploadedFile("缴款.csv", sheet.encode("gb18030"))
    assert "已经上传过" in words(browser.post("/files/money/", {"_key": str(uuid4()), "file": again}))
    wrong = SimpleUploadedFile("缴款.csv", "号,钱\n1,2\n".encode())
    assert "缺少列：票据号码" in words(browser.post("/files/money/", {"_key": str(uuid4()), "file": wrong}))
    assert bench.at("jian").post("/files/money/", {"_key": str(uuid4())}).status_code == 200, "only who gives out files"


@pytest.mark.mission("E04")
def test_the_committee_has_an_agenda_with_papers_hears_every_member_and_resolves(bench: Bench) -> None:
    case = bench.to("decide", review={"kind": "legal"})
    session = {"summary": "2026 年第 9 次会议", "on": "2026-11-20", "place": "三楼", "chair": "鞠正",
               "members": "鞠正\n傅衍\n法衡", "scope_": "4499.01."}  # fmt: skip
    answer = bench.at("fa").post("/files/new/enforcement.session/", {"_key": str(uuid4()), **session})
    assert answer.status_code == 302, words(answer)[:600]
    held = Proceeding.objects.get(procedure="enforcement.session")
    assert "还没有列入议题" in bench.refused("fa", held, "open_session", present="鞠正\n傅衍")
    item = {
        "name": case.number,
        "matter": "恒达食品店无证经营",
        "bundle": "调查终结报告\n审核意见",
        "proposal": "罚六万八",
    }
    bench.takes("fa", held, "list_item", **item)
    assert "过半数" in bench.refused("fa", held, "open_session", present="鞠正")
    assert "须是本次会议的委员" in bench.refused("fa", held, "open_session", present="鞠正\n路人")
    bench.takes("fa", held, "open_session", present="鞠正\n傅衍\n法衡", recused="法衡")
    say = {"vote": "agree", "words": "同意。", "party_": "1"}
    bench.takes("fa", held, "opinion", member="鞠正", **say)
    assert "没有回避的委员" in bench.refused("fa", held, "opinion", member="法衡", **say)
    assert "已经发表过意见" in bench.refused("fa", held, "opinion", member="鞠正", **say)
    assert "还有出席的委员没有发表意见" in bench.refused("fa", held, "resolve", resolution="同意", party_="1")
    bench.takes("fa", held, "opinion", member="傅衍", **say)
    assert "还有议题没有形成决议" in bench.refused("fa", held, "minutes", signed="1")
    bench.takes("fa", held, "resolve", resolution="按承办机构的意见处罚。", party_="1")
    assert bench.takes("fa", held, "minutes", signed="1").ended
    page = words(bench.at("ju").get(f"/files/{held.pk}/"))
    assert "调查终结报告、审核意见" in page
    assert f'href="/files/{case.pk}/"' in bench.at("ju").get(f"/files/{held.pk}/").content.decode()
    bench.takes("ju", case, "discuss", session=held.number, present="鞠正\n傅衍", opinions="同意", resolution="同意")
    assert held.number in words(bench.at("ju").get(f"/files/{case.pk}/"))
