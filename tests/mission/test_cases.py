"""What a penalty case brings in and gives back: evidence of the complaint or report it came of, goods, money, leads."""

import hashlib
import re
from datetime import date, datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from python_calamine import CalamineWorkbook

from shiheng.kernel.clock import SHANGHAI
from shiheng.ledger.models import Leaf
from shiheng.lines.complaints.reward import reward
from shiheng.procedures import volume
from shiheng.procedures.flowing import actions as flowing
from shiheng.procedures.models import Carried, Custody, Evidence, Goods, Proceeding
from shiheng.registers.models import Entry
from shiheng.ui import pdf
from tests import factories, pdftext
from tests.casework import CLUE, CONCLUDE, DECIDE, INSPECT, NOTICE, SERVE, Bench, words
from tests.casework import bench as bench  # noqa: PLC0414 - the fixture
from tests.evidence import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
REPORTER, PHONE, PHOTO = "莫言明", "13911112222", made.png(300, 200)


def reported(bench: Bench) -> Proceeding:
    """A report with a photograph the reporter brought, looked into by one officer, to be filed by the chief."""
    report = bench.opens(
        "jian", "complaints.report", kind="食品安全", channel="counter", leads="每晚十点由后门收油桶。",
        name_reporter_=REPORTER, phone_reporter_=PHONE, name_target_=CLUE["name_party_"],
    )  # fmt: skip
    taken = {"taker": bench.key("jian"), "file": SimpleUploadedFile("油桶.png", PHOTO), "kind": "03",
             "title": f"{REPORTER}拍的油桶", "source": f"举报人{REPORTER}提交"}  # fmt: skip
    item = {"_key": str(uuid4()), "place": "来访接待室", "taken_at": "2026-11-20T08:00", "original": "original"}
    answer = bench.at("jian").post(f"/files/{report.pk}/evidence/new/", {**item, **taken})
    assert answer.status_code == 302, words(answer)[:1500]
    return report


@pytest.mark.mission("E27")
def test_a_report_becomes_a_case_with_its_evidence_and_hears_of_it_while_the_reporter_stays_hidden(
    bench: Bench, cast: Any, sign_in: Any
) -> None:
    report, officer = reported(bench), bench.at("jian")
    bench.takes("jian", report, "verify", plan="两人现场核查")
    page = words(officer.get(f"/files/{report.pk}/"))
    assert "行政处罚案件" in page[page.index("就本案登记") :]

    address = f"/files/new/enforcement.case/?about={report.pk}"
    form = officer.get(address).content.decode()
    assert "一并转入的证据" in form
    row = Evidence.objects.get()
    given = {**CLUE, "source": "report", "_key": str(uuid4()), "carried_": str(row.pk)}
    leak = officer.post(address, {**given, "story": f"{REPORTER}举报。", "cleared_": "1"})
    assert "须保密的姓名或者联系方式" in words(leak)
    unchecked = officer.post(address, {**given, "_key": str(uuid4())})
    assert "请先制作遮蔽件，或者核对内容后勾选已核对" in words(unchecked)
    answer = officer.post(address, {**given, "_key": str(uuid4()), "cleared_": "1"})
    assert answer.status_code == 302, words(answer)[:1500]
    case = Proceeding.objects.get(procedure="enforcement.case")

    digest = hashlib.sha256(PHOTO).hexdigest()
    assert Carried.objects.get().evidence == row, "the item stays in the report"
    assert Custody.objects.filter(evidence=row, kind="carried", taker=case.number).exists()
    item = words(officer.get(f"/files/{case.pk}/evidence/carried/1/"))
    for told in (f"{report.number} 第 1 号证据", digest, "转入另一案卷", "来源保密"):
        assert told in item, told
    picture = officer.get(f"/files/{case.pk}/evidence/carried/1/picture/")
    assert picture.headers["Content-Type"] == "image/png"

    assert words(officer.get(f"/files/{case.pk}/evidence/")).count("还没有证据") == 4
    use = {"_key": str(uuid4()), "elements": ["food.unlicensed:实际经营"], "proves": "夜间有经营活动"}
    officer.post(f"/files/{case.pk}/evidence/carried/1/", use)
    listed = words(officer.get(f"/files/{case.pk}/evidence/"))
    assert listed.count("还没有证据") == 3, "what was carried counts towards the elements"
    leak = officer.post(f"/files/{case.pk}/evidence/carried/1/", {**use, "_key": str(uuid4()), "proves": PHONE})
    assert "须保密" in words(leak)

    held = bench.to("executing", case)
    assert held.state == "executing"
    if pdf.available():
        pages = pdftext.pages(volume.bound(bench.who("jian"), held))
        (sheet,) = (text for text in pages if "转入自" in text and "转1" in text)
        assert digest in re.sub(r"\s", "", sheet)
        assert REPORTER not in sheet
    told = words(officer.get(f"/files/{report.pk}/"))
    for news in ("立案", "行政处罚决定"):
        assert news in told[told.index("转办案件有进展") :]
    assert case.number in told
    assert "68,000" not in told, "neither sums nor people come back"
    for reader in (bench.at("ju"), bench.at("fa"), sign_in("chief")):
        for place in ("", "evidence/", "evidence/carried/1/", "record/", "volume/"):
            seen = reader.get(f"/files/{case.pk}/{place}").content.decode()
            assert REPORTER not in seen, place
            assert PHONE not in seen, place


@pytest.mark.mission("E27")
def test_evidence_that_comes_later_is_carried_over_later_and_only_once(bench: Bench) -> None:
    officer, report = bench.at("jian"), reported(bench)
    answer = officer.post(f"/files/new/enforcement.case/?about={report.pk}", {**CLUE, "_key": str(uuid4())})
    case = Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))
    row = Evidence.objects.get()
    assert "转入证据" in words(officer.get(f"/files/{case.pk}/evidence/")), "what was left behind is still offered"
    page = f"/files/{case.pk}/evidence/carry/"
    sent = {"_key": str(uuid4()), "items": str(row.pk), "cleared": "1"}
    assert officer.post(page, sent).status_code == 302
    assert officer.post(page, sent).status_code == 302, "the same form sent twice"
    assert Carried.objects.count() == 1
    assert "没有可以转入的证据" in words(officer.get(page))
    other = bench.opens()
    refused = officer.post(f"/files/{other.pk}/evidence/carry/", {**sent, "_key": str(uuid4())})
    assert "转入" in words(refused)
    assert not Carried.objects.filter(proceeding=other).exists(), "only from the files a case came of"


SEIZED = {"name": "预包装糕点", "kind": "seizure", "quantity": "120 箱", "value": "9600", "place": "罚没物品仓库",
          "number": "扣字 1 号", "approver": "傅衍", "cards": "1", "filmed": "1", "listed": "1"}  # fmt: skip


def counts(bench: Bench) -> dict[str, str]:
    """The totals as the page of goods shows them."""
    page = bench.at("jian").get("/goods/").content.decode()
    told = re.findall(r'<dt>([^<]+)</dt><dd><a href="\?[^"]*">(\d+)</a></dd>', page)
    return dict(told)


@pytest.mark.mission("E18")
def test_goods_are_counted_from_seizure_to_the_end_and_stand_in_the_register_of_their_case(
    bench: Bench, clock: Any
) -> None:
    officer = bench.at("jian")
    held = bench.to("investigating")
    bench.takes("jian", held, "inspect", **INSPECT)
    bench.takes("jian", held, "seize", **SEIZED)
    assert counts(bench) == {"收入": "120", "仍在保管": "120", "已解除返还": "0", "没收在库": "0", "已处置": "0",
                             "已移交": "0"}  # fmt: skip
    page = words(officer.get(f"/files/{held.pk}/"))
    assert "登记在名录的条目 1 预包装糕点 已扣押" in page
    entry = Entry.objects.get(register="enforcement.seized_goods")
    shown = words(officer.get(f"/registers/enforcement.seized_goods/{entry.pk}/"))
    assert held.number in shown, "the entry opens its case"
    assert "2026-12-20" in shown, "thirty days from the seizure"
    by_hand = officer.post(
        f"/registers/enforcement.seized_goods/{entry.pk}/move/release/", {"_key": str(uuid4()), "reason_": "手工"}
    )
    assert "由案卷登记" in words(by_hand)
    goods = words(officer.get("/goods/"))
    assert "罚没物品仓库 1 120 0 0 0 2026-12-20" in goods

    part = {"ground": "unrelated", "number": "解 1", "part_returned": "当事人签收", "party_": "2"}
    refused = bench.refused("jian", held, "release_part", **part, count="120")
    assert "部分解除的数量须少于仍在保管的数量" in refused
    bench.takes("jian", held, "release_part", **part, count="20")
    assert counts(bench)["已解除返还"] == "20"

    stock = f"/goods/stocktakes/new/?place={quote('罚没物品仓库')}"
    row = Goods.objects.get()
    sent = {"_key": str(uuid4()), f"found_{row.pk}": "97", f"why_{row.pk}": "破损三箱", "other": "甄证"}
    answer = officer.post(stock, sent)
    assert answer.status_code == 302, words(answer)
    taken = words(officer.get(answer["Location"]))
    assert "1 项有差异" in taken
    assert "100 箱 97 箱 -3 破损三箱" in taken
    assert bench.at("fu").post(answer["Location"], {"_key": str(uuid4())}).status_code in {200, 422}, "a reason is due"
    told = {"_key": str(uuid4()), "view": "查明是倒塌破损，已拍照入卷。"}
    assert bench.at("fu").post(answer["Location"], told).status_code == 302
    assert "倒塌破损" in words(officer.get(answer["Location"]))

    bench.to("executing", held)
    bench.takes("jian", held, "confiscate", how="入库", party_="2")
    assert counts(bench)["没收在库"] == "100"
    out = {"how": "destroyed", "record": "销毁记录 1", "party_": "2"}
    assert "不能超过没收在库的数量" in bench.refused("jian", held, "goods_out", **out, count="101")
    bench.takes("jian", held, "goods_out", **out, count="60")
    assert counts(bench) == {"收入": "120", "仍在保管": "0", "已解除返还": "20", "没收在库": "40", "已处置": "60",
                             "已移交": "0"}  # fmt: skip


def test_no_writing_leaves_goods_that_do_not_add_up(bench: Bench) -> None:
    held = bench.to("investigating")
    bench.takes("jian", held, "inspect", **INSPECT)
    bench.takes("jian", held, "seize", **SEIZED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Goods.objects.update(held=119)
    seized = held.passages.get(step="seize")
    answer = bench.at("zhen").post(f"/files/{held.pk}/void/{seized.number}/", {"_key": str(uuid4()), "reason": "点错"})
    assert answer.status_code == 302, words(answer)[:600]
    assert not Goods.objects.exists()
    entry = Entry.objects.get(register="enforcement.seized_goods")
    assert entry.state == "withdrawn", "what was taken back stays in the register as such"


def figures(page: str) -> dict[str, dict[str, tuple[str, str]]]:
    """The totals of a ledger: line, head, figure and the address behind it."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for title, rest in re.findall(r'<tr><th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', page, re.DOTALL):
        cells = re.findall(r'data-title="([^"]*)">(?:<a href="([^"]*)">)?([^<]*)', rest)
        found[title] = {head: (figure, href.replace("&amp;", "&")) for head, href, figure in cells}
    return found


@pytest.mark.mission("E02", "E07")
def test_the_ledger_of_cases_adds_up_and_each_figure_opens_its_rows(bench: Bench, clock: Any) -> None:
    done = bench.to("executing")
    back = bench.to("concluded", bench.opens(summary="无证卤味", topic="价格"))
    bench.takes("fa", back, "review_return", ask="supplement", points="补充进货票据。")
    bench.takes("jian", back, "conclude", **CONCLUDE, replies="已补。")
    bench.takes("fa", back, "review_return", ask="correct", points="法律适用有误。")
    bench.opens(summary="待核查的线索")
    reader = bench.at("fa")
    address = "/files/books/enforcement.case/"
    whole = figures(reader.get(address).content.decode())["合计"]
    told = {head: figure for head, (figure, _href) in whole.items() if figure not in {"0", "0.00"}}
    assert {"线索": "3", "立案": "2", "处罚决定": "1", "审核退回": "2"}.items() <= told.items()
    assert "69,200" in whole["罚没款"][0]
    for head, numbers in (("立案", {done.number, back.number}), ("处罚决定", {done.number}),
                          ("罚没款", {done.number}), ("审核退回", {back.number})):  # fmt: skip
        rows = reader.get(address + whole[head][1]).content.decode()
        rows = rows[rows.index("<h1") :]
        every = set(Proceeding.objects.values_list("number", flat=True))
        assert {number for number in every if number in rows} == numbers, head
    split = figures(reader.get(f"{address}?by=topic").content.decode())
    assert split["食品安全"]["立案"][0] == "1"
    assert split["价格"]["审核退回"][0] == "2"
    by_unit = figures(reader.get(f"{address}?by=unit").content.decode())
    assert by_unit["云泽市临江区市场监督管理局"]["审核退回"][0] == "2", "returns are counted per unit"
    rows = words(reader.get(address + by_unit["云泽市临江区市场监督管理局"]["审核退回"][1]))
    assert "补充进货票据。" in rows
    assert "法律适用有误。" in rows
    assert figures(reader.get(f"{address}?by=month").content.decode())["2026-11"]["线索"][0] == "3"
    assert figures(reader.get(f"{address}?year=2025").content.decode())["合计"]["线索"][0] == "0"
    book = reader.get(f"{address}?export=xlsx")
    content = b"".join(book.streaming_content) if book.streaming else book.content
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    lines = [[str(cell) for cell in row] for row in sheet.to_python()]
    assert any(done.number in " ".join(line) and "69200" in " ".join(line) for line in lines)


@pytest.mark.mission("E12")
def test_a_lead_is_followed_until_the_other_side_tells_what_came_of_it(bench: Bench, clock: Any) -> None:
    officer = bench.at("jian")
    held = bench.to("investigating")
    bench.takes("jian", held, "inspect", **INSPECT)
    bench.takes("jian", held, "police_report", crime="生产、销售伪劣产品罪", story="货值二十六万元。")
    bench.takes("ju", held, "to_police", body="临江公安分局", letter="移 1", at="2026-11-20 15:30")
    page = words(officer.get(f"/files/{held.pk}/"))
    assert "请登记“线索移交与反馈”" in page, "what was handed over must be followed"
    answer = officer.post(
        f"/files/new/oversight.lead/?about={held.pk}",
        {"_key": str(uuid4()), "direction": "sent", "body_kind": "police", "summary": "涉嫌生产、销售伪劣产品",
         "story": "货值二十六万元。", "scope_": "4499.01.", "name_body_": "临江公安分局",
         "name_target_": CLUE["name_party_"]},
    )  # fmt: skip
    assert answer.status_code == 302, words(answer)[:1200]
    lead = Proceeding.objects.get(procedure="oversight.lead")
    assert "须另行登记" not in words(officer.get(f"/files/{held.pk}/"))
    past = bench.refused("jian", lead, "hand", letter="线移 1", way="专人", until="2026-11-01")
    assert "须晚于办理当日" in past
    bench.takes("jian", lead, "hand", letter="线移 1", way="专人", until="2026-12-10")
    bench.takes("jian", lead, "signed", signed_on="2026-11-20", receipt="临公收 1")

    clock.move_to(datetime(2026, 12, 15, 9, tzinfo=SHANGHAI))
    late = officer.get("/files/?late=1").content.decode()
    assert lead.number in late, "what nobody told back is late on the desk"
    assert "催办" in words(officer.get(f"/files/{lead.pk}/"))
    bench.takes("jian", lead, "urge", words="请告知立案情况。", told_by="函")
    bench.takes("jian", lead, "progress", progress="正在核查资金。", until="2026-12-25")
    assert lead.number not in officer.get("/files/?late=1").content.decode(), "the next day for it was named"
    bench.takes("jian", lead, "answer", outcome="filed", document="临公立 1", finding="立案侦查。")
    assert lead.ended
    assert "已立案" in words(officer.get(f"/files/{held.pk}/")), "the case shows what came of it"

    got = officer.post(
        "/files/new/oversight.lead/",
        {"_key": str(uuid4()), "direction": "received", "body_kind": "court", "summary": "判决书提到销售假药",
         "story": "随案移送。", "letter": "法函 3", "until": "2026-12-20", "scope_": "4499.01.",
         "name_body_": "临江区人民法院", "name_target_": "恒达药店"},
    )  # fmt: skip
    ours = Proceeding.objects.get(pk=int(got["Location"].rstrip("/").rsplit("/", 1)[1]))
    assert ours.due == date(2026, 12, 20)
    assert "没有这个环节" in bench.refused("jian", ours, "hand", letter="1", way="函", until="2027-01-01")
    bench.takes("jian", ours, "take", signed_on="2026-12-15", receipt="收 1")
    bench.takes("jian", ours, "reply", outcome="nothing", finding="没有发现销售行为。", document="反馈 1")
    told = figures(officer.get("/files/books/oversight.lead/?by=direction").content.decode())
    assert told["移出"]["移交"][0] == told["移出"]["对方反馈"][0] == told["收到"]["反馈对方"][0] == "1"
    assert told["移出"]["催办"][0] == "1"


@pytest.mark.mission("E13")
def test_a_major_lead_is_worked_on_together_with_the_police_in_one_file(bench: Bench) -> None:
    officer = bench.at("jian")
    assert "行刑并联办理" not in words(officer.get("/files/new/")), "never by itself, always about a case"
    report = reported(bench)
    answer = officer.post(
        f"/files/new/enforcement.case/?about={report.pk}",
        {**CLUE, "_key": str(uuid4()), "carried_": str(Evidence.objects.get().pk), "cleared_": "1"},
    )
    case = Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))
    answer = officer.post(
        f"/files/new/oversight.joint/?about={case.pk}",
        {"_key": str(uuid4()), "summary": "假冒名酒案", "ground": "跨区域、有组织", "value": "260000",
         "police": "临江公安分局", "lead_officer": "简勘", "scope_": "4499.01."},
    )  # fmt: skip
    assert answer.status_code == 302, words(answer)[:1200]
    joint = Proceeding.objects.get(procedure="oversight.joint")
    bench.takes("jian", joint, "add_member", name="简勘", side="ours", part="物流和账册")
    bench.takes("jian", joint, "agree", document="往来 1", police_officer="郝警")
    meeting = {"held_on": "2026-11-20", "present": "简勘（市场监管）\n郝警（公安）", "opinions": "先查上线。",
               "decisions": "资金由公安查，货源由我局查。"}  # fmt: skip
    assert "两方的成员" in bench.refused("jian", joint, "meet", **meeting)
    bench.takes("jian", joint, "add_member", name="郝警", side="police", part="资金和人员")
    bench.takes("jian", joint, "meet", **meeting)
    bench.takes("jian", joint, "task", name="查清货源", who="简勘", until="2026-12-20")
    bench.takes("jian", joint, "share", list_number="共 1", items="简勘取得：现场照片，证1", given_to="police",
                use="立案审查")  # fmt: skip
    assert "没有可以转入的证据" in words(officer.get(f"/files/{joint.pk}/evidence/carry/"))
    bench.takes("jian", joint, "act", acted_on="2026-11-20", places="两个仓库", people="12", value="260000")
    assert "还没有登记办理结果" in words(bench.at("fu").get(f"/files/{joint.pk}/"))
    bench.takes(
        "jian", joint, "result", criminal="filed", administrative="transferred", finding="刑拘三人。", people="3"
    )
    assert "还有分工任务没有完成" in words(bench.at("fu").get(f"/files/{joint.pk}/"))
    task = joint.parties.get(kind="task")
    bench.takes("jian", joint, "task_done", done="货源查清。", party_=str(task.number))
    bench.takes("fu", joint, "close")
    assert joint.ended
    assert "刑拘三人" in words(officer.get(f"/files/{case.pk}/")), "the case shows the result"
    for form, said in (("oversight.joint_minutes", "先查上线"), ("oversight.shared_evidence", "现场照片")):
        made = officer.post(f"/files/{joint.pk}/papers/", {"_key": str(uuid4()), "form": f"{form}:"})
        assert made.status_code == 302, words(made)[:800]
        assert said in words(officer.get(made["Location"]))


@pytest.mark.mission("F14")
def test_a_reporter_is_rewarded_by_code_and_named_to_nobody_but_the_handler(bench: Bench) -> None:
    report = reported(bench)
    officer, head = bench.at("jian"), bench.at("ju")
    assert "举报奖励" not in words(officer.get("/files/new/")), "only about a report"
    address = f"/files/new/complaints.reward/?about={report.pk}"
    asked = {"_key": str(uuid4()), "summary": "举报奖励申请", "code": "K7Q2M9XA", "case": "案 1", "fined": "69200",
             "name_applicant_": REPORTER, "phone_applicant_": PHONE, "scope_": "4499.01."}  # fmt: skip
    answer = officer.post(address, asked)
    assert answer.status_code == 302, words(answer)[:1200]
    held = Proceeding.objects.get(procedure="complaints.reward")
    assert held.officer_id == bench.accounts["jian"].pk

    colleague = bench.at("zhen")
    assert colleague.get(f"/files/{held.pk}/").status_code == 404
    assert held.number not in colleague.get("/files/?done=1").content.decode()
    assert held.number not in colleague.get(f"/files/{report.pk}/").content.decode()
    assert held.number in officer.get(f"/files/{report.pk}/").content.decode()
    page = head.get(f"/files/{held.pk}/").content.decode()
    assert "申请人01" in page
    for secret in (REPORTER, PHONE, "139"):
        assert secret not in page[page.find("<main") :], "the head decides without knowing whom it is about"
    identity = f"/files/{held.pk}/parties/1/identity/"
    assert head.get(identity).status_code == 403
    told = words(officer.post(identity, {"_key": str(uuid4()), "reason": "核对资格"}))
    assert REPORTER in told
    assert PHONE in told
    assert Leaf.objects.filter(kind="file.identity", subject=f"file:{held.pk}").count() == 1

    proven = dict.fromkeys(("first", "unknown", "true", "not_duty"), "1")
    bench.takes("jian", held, "check", **proven, grade="2", finding="最先举报，查证属实。")
    assert "由其他岗位办理" in words(officer.get(f"/files/{held.pk}/")), "another decides"
    wrong = bench.refused("ju", held, "decide", grade="2", amount="5000")
    assert "奖励金额须按等级的比例、下限和上限计算" in wrong
    bench.takes("ju", held, "decide", grade="2", amount="3000")  # three per cent of 69,200 is less than the floor
    bench.takes("jian", held, "notify", told_by="电话", proof="通话记录 1")
    pay = {"amount": "3000", "way": "凭代码领取现金", "slip": "支 1"}
    assert "代码与登记的领奖代码不符" in bench.refused("jian", held, "pay", **pay, code="AAAAAA")
    bench.takes("jian", held, "pay", **pay, code="K7Q2M9XA")
    assert held.ended
    made = officer.post(f"/files/{held.pk}/papers/", {"_key": str(uuid4()), "form": "complaints.reward_receipt:"})
    paper = words(officer.get(made["Location"]))
    assert "K7Q2M9XA" in paper
    assert REPORTER not in paper


@pytest.mark.parametrize(("grade", "fined", "gives"), [
    ("1", 6_920_000, 500_000), ("1", 20_000_000, 1_000_000), ("2", 6_920_000, 300_000), ("2", 20_000_000, 600_000),
    ("3", 0, 100_000), ("3", 100_000_000, 1_000_000), ("1", 10_000_000_000, 100_000_000),
])  # fmt: skip
def test_a_reward_is_its_part_at_least_the_floor_at_most_the_cap(grade: str, fined: int, gives: int) -> None:
    assert reward(grade, fined) == gives


@pytest.mark.mission("E22", "E26")
def test_punished_persons_come_to_their_list_and_good_cases_are_scored_marked_and_published(
    bench: Bench, client: Any
) -> None:
    held = bench.to("investigating")
    bench.takes("jian", held, "inspect", **INSPECT)
    bench.takes("jian", held, "add_party", name="林某", person="1", part="直接负责的主管人员")
    bench.to("notice", held)
    for party, fine in (("1", "68000"), ("2", "2000")):
        person = {"person": "1"} if party == "2" else {}
        bench.takes("jian", held, "notice", **{**NOTICE, **person, "fine": fine, "party_": party})
        bench.takes("jian", held, "quiet", how="written", party_=party)
    bench.takes("ju", held, "decide", **{**DECIDE, "party_": "1"})
    people = "/registers/enforcement.punished_persons/"
    assert "林某" not in words(bench.at("jian").get(people)), "the firm alone was punished yet"
    bench.takes("ju", held, "decide", **{**DECIDE, "fine": "2000", "deviates": "责任人另处。", "party_": "2"})
    entry = Entry.objects.get(register="enforcement.punished_persons")
    assert entry.title == "林某"
    listed = words(bench.at("jian").get(people))
    assert "林某" in listed
    assert CLUE["name_party_"] not in listed, "the list is of persons"
    assert held.number in words(bench.at("jian").get(f"{people}{entry.pk}/")), "and opens its case"

    for party, fine in (("1", "69200"), ("2", "3200")):
        bench.takes("jian", held, "serve", **{**SERVE, "party_": party})
        bench.takes("jian", held, "pay", amount=fine, slip=f"票 {party}", party_=party)
        bench.takes("jian", held, "settle", party_=party)
    bench.takes("fu", held, "close", ground="performed")
    scored = {"filing": "10", "evidence": "28", "steps": "27", "papers": "18", "archive": "9"}
    points = {f"points_{name}": number for name, number in scored.items()}
    story = {
        "kind": "typical",
        "lesson": "证据链完整。",
        "public_title": "无证经营糕点案",
        "public_story": "某食品店无证经营。",
    }
    assert bench.asks("jian", held, "mark", **story).status_code != 302, "not by who handled it"
    bench.refused("fa", held, "score", **{**points, "points_filing": "11"})
    assert not held.passages.filter(step="score").exists(), "no more points than there are"
    bench.takes("fa", held, "score", **points, faults="一份笔录漏签页码。")
    bench.takes("fa", held, "mark", **story)
    model = Entry.objects.get(register="enforcement.model_cases")
    assert model.facts["points"] == 92
    public = client.get("/open/registers/enforcement.model_cases/").content.decode()
    assert "无证经营糕点案" in public
    for kept in (held.number, CLUE["name_party_"], "林某", "证据链完整"):
        assert kept not in public[public.find("<main") :], kept
    bench.takes("fa", held, "unmark", why="当事人申请复议。")
    assert "无证经营糕点案" not in client.get("/open/registers/enforcement.model_cases/").content.decode()


def complained(bench: Bench) -> Proceeding:
    held = bench.opens(
        "jian", "complaints.complaint", summary="少了两斤", channel="counter", kind="计量", story="称重少二斤。",
        claims="赔偿损失", amount="500", name_complainant_="祝晓晴", name_trader_="恒达水产",
    )  # fmt: skip
    return bench.takes("jian", held, "accept", told_by="短信")


@pytest.mark.mission("F13")
def test_each_advance_payment_is_recorded_in_its_complaint_with_the_promise_it_rests_on(bench: Bench) -> None:
    officer, held = bench.at("jian"), complained(bench)
    paid = {"kind": "short", "payer": "江口水产市场", "promise": "市场短斤缺两先行赔付承诺", "amount": "500",
            "base": "50", "paid_on": "2026-11-20", "receipt": "收条 1"}  # fmt: skip
    bench.takes("jian", held, "advance", **paid)
    bench.takes("jian", held, "advance", **{**paid, "amount": "100", "receipt": "收条 2"})
    page = words(officer.get(f"/files/{held.pk}/"))
    assert page.count("登记先行赔付 2026-11-20") == 2
    assert "登记在名录的条目 1 江口水产市场 已赔付" in page
    entry = Entry.objects.get(register="complaints.advance_payments")
    listed = words(officer.get("/registers/complaints.advance_payments/"))
    for told in ("江口水产市场", "600.00", "市场短斤缺两先行赔付承诺", "短斤缺两惩罚性赔偿"):
        assert told in listed, told
    assert held.number in words(officer.get(f"/registers/complaints.advance_payments/{entry.pk}/"))


@pytest.mark.mission("F17")
def test_a_dispute_goes_from_the_bureau_to_peoples_mediation_to_the_court_with_its_forms(
    bench: Bench, clock: Any
) -> None:
    officer, complaint = bench.at("jian"), complained(bench)
    given = {"_key": str(uuid4()), "summary": "少了两斤", "place": "江口市场工作站", "both": "1", "scope_": "4499.01.",
             "name_complainant_": "祝晓晴", "name_trader_": "恒达水产"}  # fmt: skip
    answer = officer.post(f"/files/new/complaints.chain/?about={complaint.pk}", given)
    assert answer.status_code == 302, words(answer)[:1200]
    held = Proceeding.objects.get(procedure="complaints.chain")
    talk = {"mediator": "简勘", "held_on": "2026-11-20", "result": "none", "points": "经营者不认。"}
    bench.takes("jian", held, "administrative", **talk)
    bench.takes("jian", held, "pass", committee="江口街道人民调解委员会", letter="移 1", materials="投诉材料、秤")
    people = {"mediator": "尤调", "held_on": "2026-11-20", "agreed": "1", "agreement": "赔偿五百元。", "settled": "500"}
    assert "生效日期" in bench.refused("jian", held, "peoples", **people)
    bench.takes("jian", held, "peoples", **people, effective_on="2026-11-20")
    apply = {"court": "临江区人民法院", "number": "申 1"}
    assert "须双方同意，共同申请" in bench.refused("jian", held, "apply", **apply)
    clock.move_to(datetime(2026, 12, 22, 9, tzinfo=SHANGHAI))
    assert "期限已经届满" in bench.refused("jian", held, "apply", **apply, both="1")
    clock.move_to(datetime(2026, 12, 18, 9, tzinfo=SHANGHAI))
    bench.takes("jian", held, "apply", **apply, both="1")
    bench.takes("jian", held, "rule", ruling="confirmed", document="民特 1")
    assert held.ended
    assert "裁定确认有效" in words(officer.get(f"/files/{complaint.pk}/")), "the complaint shows what came of it"
    forms = {"chain_record": "经营者不认", "chain_transfer": "江口街道人民调解委员会", "chain_agreement": "赔偿五百元",
             "chain_application": "临江区人民法院"}  # fmt: skip
    for form, said in forms.items():
        made = officer.post(f"/files/{held.pk}/papers/", {"_key": str(uuid4()), "form": f"complaints.{form}:"})
        assert made.status_code == 302, form
        paper = words(officer.get(made["Location"]))
        assert said in paper
        assert "祝晓晴" in paper


@pytest.mark.mission("E19")
def test_the_case_says_whether_it_is_the_first_time_before_somebody_goes_unpunished(bench: Bench) -> None:
    firm = factories.subject("云泽市临江区恒达食品店", number=20_001, scope="4499.01.")
    named = {"violation": "food.expired", "subject_party_": firm.uscc}
    held = bench.opens("jian", **named)
    officer = bench.at("jian")
    page = words(officer.get(f"/files/{held.pk}/"))
    checked = page[page.index("初次违法核对") :][:300]
    assert "SP-01" in checked, "the item of the list"
    assert "没有处理记录：初次" in checked
    factories.record(firm, kind="penalty", key="old", day=date(2021, 3, 1), title="行政处罚")
    assert "没有处理记录：初次" in words(officer.get(f"/files/{held.pk}/")), "out of the window"
    bench.to("investigating", held)
    bench.takes("jian", held, "inspect", **{**INSPECT, "elements": ["超过保质期", "待售状态"]})
    bench.to("reviewed", held, conclude={"gaps": "现场记录足以认定。"})
    spare = {"outcome": "no_penalty", "leniency": "SP-01", "first_time": "1", "harm": "none", "corrected": "1",
             "why": "初次违法，货值三十元，当日下架。", "party_": "1"}  # fmt: skip
    assert "须对当事人进行教育" in bench.refused("ju", held, "spare", **spare)
    bench.takes("ju", held, "spare", **spare, educated="1")
    told = words(officer.get(f"/files/{held.pk}/"))
    for said in ("减免责清单事项", "没有造成危害后果", "已对当事人进行教育"):
        assert said in told, said

    again = bench.opens("jian", **named)
    page = words(officer.get(f"/files/{again.pk}/"))
    checked = page[page.index("初次违法核对") :][:400]
    assert "有处理记录：不是初次" in checked, "our own decision counts next time"
    assert held.number in checked
    factories.record(firm, kind="penalty", key="new", day=date(2026, 3, 1), title="行政处罚")
    assert "2026-03-01" in words(officer.get(f"/files/{again.pk}/")), "and so does what departments report"
    nobody = bench.opens("jian", summary="没有主体的线索")
    assert "不能自动核对" in words(officer.get(f"/files/{nobody.pk}/"))


def test_goods_seized_before_they_were_counted_are_counted_once(bench: Bench, monkeypatch: Any) -> None:
    held = bench.to("investigating")
    bench.takes("jian", held, "inspect", **INSPECT)
    with monkeypatch.context() as then:
        then.setattr(flowing, "bring", lambda *_given: None)
        bench.takes("jian", held, "seize", **SEIZED)
    assert not Goods.objects.exists()
    assert flowing.bring_missing() == 1
    assert Goods.objects.get().held == 120
    assert flowing.bring_missing() == 0
    assert Entry.objects.filter(register="enforcement.seized_goods").count() == 1
