"""Departments send us data and take ours, each what it may; both sides agree in the end, and it is counted."""

import hashlib
import json
import re
import shutil
import threading
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shiheng.accounts.models import Account, Office, Post
from shiheng.fusion import actions as fusion
from shiheng.fusion.models import Batch
from shiheng.kernel import clock
from shiheng.kernel.errors import Problem
from shiheng.procedures.models import Proceeding
from shiheng.publication.exchange import sending
from shiheng.publication.models import Report, Subscription
from shiheng.subjects.models import Subject
from tests import factories
from tests.procedures import ordering
from tests.publication.receivers import FolderReceiver, http_receiver
from tests.publication.test_exchange import land
from tests.publication.test_outside import content

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(home: Path) -> None:
    """What another test put into the exchange folder is not ours."""
    shutil.rmtree(home / "exchange", ignore_errors=True)


@pytest.fixture
def outsider(offices: Any, clock: Any) -> Any:
    """``outsider(title)``: a browser of that department's own person, and the office's code."""

    def sign_in(title: str) -> tuple[Client, str]:
        number = Office.objects.filter(kind="department").count() + 1
        code = f"4499D{number:02d}"
        office = Office.objects.create(
            code=code, title=title, kind="department", path=f"4499.D{number:02d}.", parent=offices["4499."]
        )
        account = Account.objects.create(username=f"w{number}", name="魏步", kind="officer", created_at=timezone.now())
        Post.objects.create(account=account, office=office, role="outside_party", since=date(2026, 1, 1))
        client = Client()
        client.force_login(account)
        return client, code

    return sign_in


def subscribed(browser: Client, officer: Client, office: str, *, rule: str, kinds: list[str], **more: str) -> str:
    """Ask on the page, approve on the page; gives the subscription's code."""
    given = {"office": office, "rule": rule, "kinds": kinds, "scope": "4499.01.", "way": "pull", "purpose": "履行职责",
             "_key": str(uuid4()), **more}  # fmt: skip
    asked = browser.post("/exchange/ask/", given)
    assert asked.status_code in {302, 204}, asked.content.decode()
    code = Subscription.objects.order_by("-pk")[0].code
    officer.post(f"/exchange/s/{code}/approve/", {"_key": str(uuid4())})
    return code


def pulled(code: str, officer: Client) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """All items, as the department's system takes them with the credential it was given."""
    shown = officer.post(f"/exchange/s/{code}/token/", {"_key": str(uuid4())})
    held = {"HTTP_AUTHORIZATION": f"Bearer {shown.context['token']}"}
    sending.move(code)
    found: list[dict[str, Any]] = []
    more = True
    while more:
        page = Client().get(f"/api/v1/exchange/{code}/changes?after={len(found)}&limit=2", **held).json()
        found += page["items"]
        more = page["more"]
    return found, held


@pytest.mark.mission("B03", "B11")
def test_what_a_department_takes_is_counted_and_every_figure_opens_its_rows(outsider: Any, sign_in: Any) -> None:
    land(*((f"恒达{n}食品有限公司", n, "存续") for n in range(1, 6)))
    browser, office = outsider("云泽市数据共享交换平台")
    officer = sign_in("data")
    code = subscribed(browser, officer, office, rule="basic", kinds=["identity"])
    items, held = pulled(code, officer)
    assert [item["number"] for item in items] == [1, 2, 3, 4, 5]
    said = json.dumps({"upto": 3})
    Client().post(f"/api/v1/exchange/{code}/receipts", said, content_type="application/json", **held)
    page = officer.get("/exchange/").content.decode()
    assert "云泽市数据共享交换平台" in page
    rows = officer.get(f"/exchange/items/?office={office}&taken_from=2026-11-20&taken_to=2026-11-20&export=csv")
    assert len(b"".join(rows.streaming_content).decode("utf-8-sig").strip().splitlines()) == 1 + 3
    assert "编号 4 至 5" in officer.get(f"/exchange/s/{code}/").content.decode()
    Client().post(f"/api/v1/exchange/{code}/receipts", '{"upto": 5}', content_type="application/json", **held)
    assert "没有差异" in browser.get(f"/exchange/s/{code}/").content.decode()


@pytest.mark.mission("B13")
def test_changes_are_pushed_to_whom_they_concern_and_to_nobody_else(outsider: Any, sign_in: Any) -> None:
    land(("恒达食品有限公司", 1, "存续"), ("老灶台酒楼", 2, "存续"))
    browser, office = outsider("云泽市税务局")
    officer = sign_in("data")
    with http_receiver(1, faults=0) as (address, books):
        code = subscribed(browser, officer, office, rule="tax", kinds=["identity"], way="push", endpoint=address)
        sending.move(code)
        land(("老灶台酒楼", 2, "注销"))
        sending.move(code)
    said = [(item["name"], item["facts"]["status"]) for item in books.taken.values()]
    assert said[2:] == [("老灶台酒楼", "deregistered")]
    assert {name for name, _ in said[:2]} == {"恒达食品有限公司", "老灶台酒楼"}


@pytest.mark.mission("B13")
def test_an_officer_is_told_what_is_new_in_his_own_territory_and_reads_it(sign_in: Any) -> None:
    from shiheng.jobs import queue, runner

    def turn() -> None:
        queue.enqueue("pushing.turn", key=str(uuid4()))
        runner.work(until_idle=True, names=frozenset({"pushing.turn"}), stop=threading.Event())

    clerk, elsewhere = sign_in("clerk"), sign_in("inspector_b")
    for one in (clerk, elsewhere):
        one.post("/pushed/kinds/", {"kinds": ["identity", "permit"], "_key": str(uuid4())})
    turn()
    land(("恒达食品有限公司", 1, "存续"))
    turn()
    land(("恒达食品有限公司", 1, "注销"), ("新来商行", 2, "存续"), approved=clock.today())
    turn()
    page = clerk.get("/pushed/").content.decode()
    assert "恒达食品有限公司" in page
    assert "新来商行" in page
    subject = Subject.objects.get(name="新来商行")
    assert subject.scope.startswith("4499.01."), "the clerk's own district"
    assert "新来商行" not in elsewhere.get("/pushed/").content.decode()
    number = re.search(r'href="/pushed/(\d+)/">新来商行', page)
    assert number
    assert elsewhere.get(f"/pushed/{number[1]}/").status_code == 404
    assert clerk.get(f"/pushed/{number[1]}/").url == f"/subjects/{subject.pk}/"
    assert "新来商行" not in clerk.get("/pushed/?unread=1").content.decode()
    counts = sign_in("chief").get("/pushed/counts/?export=csv")
    lines = b"".join(counts.streaming_content).decode("utf-8-sig").splitlines()
    assert next(line for line in lines if "李窗" in line).split(",")[2:5] == ["2", "1", "1"]


@pytest.mark.mission("B17", "B22")
@pytest.mark.parametrize(
    ("title", "rule", "shows"),
    [("云泽市市场监管信息平台", "supervision", "陈立本"), ("云泽市公共信用信息平台", "credit", "陈某某")],
)
def test_a_platform_takes_facts_from_the_exchange_folder(
    title: str, rule: str, shows: str, outsider: Any, sign_in: Any
) -> None:
    land(("恒达食品有限公司", 1, "存续"))
    firm = Subject.objects.get()
    factories.record(
        firm, "penalty", title="未按规定公示", facts={"fine": "500000", "case": "内部编号"}, scope=firm.scope
    )
    browser, office = outsider(title)
    code = subscribed(browser, sign_in("data"), office, rule=rule, kinds=["identity", "penalty"], way="file")
    sending.move(code)
    receiver = FolderReceiver(sending.folder(code), 1, faults=0)
    receiver.turn()
    sending.move(code)
    held = {item["kind"]: item["facts"] for item in receiver.books.standing.values()}
    assert held["identity"]["representative"] == shows
    assert held["penalty"]["fine"] == "500000"
    assert "case" not in held["penalty"]
    assert "没有差异" in browser.get(f"/exchange/s/{code}/").content.decode()


@pytest.mark.mission("P13")
def test_an_outside_department_supplies_and_takes_data_with_its_own_account(outsider: Any, sign_in: Any) -> None:
    browser, _office = outsider("云泽市税务局")
    assert browser.get("/").url == "/outside/"
    file = SimpleUploadedFile("税务.csv", content((1, "恒达食品有限公司", "正常"), (2, "", "正常")))
    browser.post("/outside/send/", {"source": "tax", "file": file, "_key": str(uuid4())})
    batch = Batch.objects.get()
    fusion.advance(batch.pk)
    home = browser.get("/outside/").content.decode()
    assert "纳税人基础信息" in home
    assert "税务.csv" in home
    assert "报送更正后的文件" in browser.get(f"/outside/batches/{batch.pk}/").content.decode()
    for shut in ("/subjects/", "/sources/", "/exchange/", "/people/", "/usage/"):
        assert browser.get(shut).status_code == 403


@pytest.mark.mission("B10")
def test_the_register_and_the_tax_office_are_compared_and_differences_listed(sign_in: Any, clock: Any) -> None:
    from io import BytesIO

    from shiheng.accounts.permissions import SYSTEM

    land(("恒达食品有限公司", 1, "存续"), ("走失餐馆", 2, "存续"), ("无税商行", 3, "存续"))
    rows = content((1, "恒达食品有限公司", "正常"), (2, "走失餐馆", "非正常"))
    fusion.advance(fusion.land("tax", BytesIO(rows), filename="t.csv", who=SYSTEM, scope="4499.").pk)
    officer = sign_in("chief")
    for kind, name in (("state", "走失餐馆"), ("missing_there", "无税商行")):
        export = officer.get(f"/exchange/tax/?kind={kind}&export=csv")
        lines = b"".join(export.streaming_content).decode("utf-8-sig").strip().splitlines()
        assert len(lines) == 2
        assert name in lines[1]


@pytest.mark.mission("B19")
def test_supervision_acts_are_written_for_the_national_system_and_the_receipt_kept(sign_in: Any, clock: Any) -> None:
    firm = factories.subject()
    facts = {"type": "日常检查", "office": "江口监管所"}
    factories.record(firm, "inspection", title="食品检查", state="未发现问题", facts=facts, scope=firm.scope)
    officer = sign_in("data")
    given = {
        "code": "inspection",
        "scope": "4499.01.",
        "first": "2026-04-01",
        "last": "2026-04-30",
        "_key": str(uuid4()),
    }
    officer.post("/exchange/reports/", given)
    report = Report.objects.get()
    assert (report.rows, report.held_back) == (1, 0)
    assert officer.get(f"/exchange/reports/{report.pk}/file/").status_code == 200
    officer.post(f"/exchange/reports/{report.pk}/answer/", {"_key": str(uuid4()), "state": "taken", "receipt": "HZ-1"})
    assert "HZ-1" in officer.get(f"/exchange/reports/{report.pk}/").content.decode()


@pytest.mark.mission("B05", "B18")
def test_another_departments_application_asks_of_one_subject_and_can_prove_the_answer(
    outsider: Any, sign_in: Any, tmp_path: Path
) -> None:
    """The tax office's own system asks in the middle of a matter; its auditor checks the answer without us."""
    from shiheng.ledger import actions as ledger
    from shiheng.ledger import verify

    land(("恒达食品有限公司", 1, "存续"), ("老灶台酒楼", 2, "注销"))
    browser, office = outsider("云泽市税务局")
    code = subscribed(browser, sign_in("data"), office, rule="tax", kinds=["identity"])
    _items, held = pulled(code, sign_in("data"))
    at = f"/api/v1/exchange/{code}/subjects"
    said = Client().get(f"{at}/{factories.uscc(2)}?matter=税清2026-77", **held).json()
    assert [fact["name"] for fact in said["facts"]] == ["老灶台酒楼"]
    assert said["facts"][0]["facts"]["status"] == "deregistered"
    assert Client().get(f"{at}/{factories.uscc(9)}?matter=税清2026-78", **held).json()["facts"] == []
    for wrong in ("/X?matter=税清2026-77", f"/{factories.uscc(2)}"):
        refused = Client().get(at + wrong, **held)
        assert refused.status_code == 422, refused.content
    assert Client().get(f"{at}/{factories.uscc(2)}?matter=税清2026-77").status_code == 403
    ledger.seal()
    got = Client().get(f"/api/v1/exchange/{code}/answers/{said['leaf']}/proof", **held)
    verify.check(got.content)
    assert said["sha256"] in got.content.decode()
    assert hashlib.sha256(said["body"].encode()).hexdigest() == said["sha256"]
    with pytest.raises(Problem):
        verify.check(got.content.replace(said["sha256"].encode(), b"0" * 64))


@pytest.mark.mission("F01")
def test_five_channels_stand_in_one_queue_with_one_number_a_matter(sign_in: Any, clock: Any) -> None:
    """Files of two platforms, a call, a letter and a visit: each matter once, counted by channel and day."""
    clerk = sign_in("clerk")
    ordering.taken(clerk, ordering.book(ordering.NATIONAL, ordering.national("1244990001")), platform="12315",
                   name="平台.xlsx")  # fmt: skip
    ordering.taken(clerk, ordering.text(ordering.HOTLINE, ordering.order("GD1"), ordering.order("GD2", "投诉举报")))
    facts = {"kind": "质量", "story": "三天就坏。", "claims": "退款", "name_complainant_": "王小明",
             "phone_complainant_": "19900001001", "name_trader_": "恒达电器", "scope_": "4499.01."}  # fmt: skip
    assert ordering.send(clerk, "/intake/phone/", summary="电话反映", channel="hotline", **facts).status_code == 302
    for channel in ("post", "counter"):
        answer = ordering.send(
            clerk, "/files/new/complaints.complaint/", summary=f"{channel} 反映", channel=channel, **facts
        )
        assert answer.status_code == 302
    page = clerk.get("/intake/")
    numbers = re.findall(r"云临市监(?:投诉|举报)〔2026〕\d+号", page.content.decode())
    assert len(set(numbers)) == len(set(Proceeding.objects.values_list("number", flat=True))) == 7
    # Every figure opens its rows: two matters of one order came by the hotline of the city that day.
    told = page.content.decode()
    address = "?channel=order&amp;received_from=2026-11-18&amp;received_to=2026-11-18"
    assert f'<a href="{address}">3</a>' in told
    listed = ordering.words(clerk.get("/intake/?channel=order&received_from=2026-11-18&received_to=2026-11-18"))
    assert listed.count("GD2") == 2
    assert "1244990001" not in listed
    # The caller rings again: what was told before stands beside the new matter, the name masked.
    call = ordering.words(clerk.post("/intake/phone/", {"phone_": "19900001001", "trader_": "恒达电器"}))
    assert "电话反映" in call
    assert "王小明" not in call


@pytest.mark.mission("F02", "F03")
def test_orders_are_taken_answered_and_agreed_with_the_hotline(sign_in: Any, clock: Any) -> None:
    """The hotline's file comes in, its bad row is put right, the replies go back, one is refused and answered anew."""
    clerk, chief = sign_in("clerk"), sign_in("chief")
    content = ordering.text(
        ordering.HOTLINE, ordering.order("GD1"), ordering.order("GD2", "咨询", 被反映单位=""),
        ordering.order("GD3", 来电人=""),
    )  # fmt: skip
    made = ordering.taken(clerk, content)
    assert "共 3 行" in ordering.words(clerk.get(f"/intake/files/{made.pk}/"))
    bad = ordering.of("GD3")
    assert "第 4 行“来电人”：投诉必须有这一项" in ordering.words(clerk.get("/intake/waiting/"))
    mended = {"number": "GD3", "kind": "投诉", "received": "2026-11-18", "summary": "坏了", "content": "不通电",
              "name": "刘大勇", "phone": "19900001003", "trader": "恒达电器", "reason_": "回拨核实"}  # fmt: skip
    assert ordering.send(clerk, f"/intake/orders/{bad.pk}/", **mended).status_code == 302
    ordering.taken(clerk, content)
    assert Proceeding.objects.count() == 3
    # The order's own day stands on the desk and on the dossier, beside the statutory one.
    order = ordering.of("GD1")
    assert "写明 2026-11-25" in ordering.words(chief.get(f"/files/{order.proceeding_id}/"))
    assert "还有 5 日" in ordering.words(chief.get("/files/?due_to=2026-11-25"))
    ordering.step(clerk, order.proceeding_id, "return", why="消防问题。")
    ordering.step(clerk, ordering.of("GD2").proceeding_id, "answer", answer="须办许可。", told_by="电话")
    sent = ordering.send(clerk, "/intake/replies/12345/")
    assert "共 2 件回复" in ordering.words(clerk.get(sent["Location"]))
    receipts = ordering.text(("工单编号", "接收结果", "退回原因"), ("GD1", "退回", "没有写依据"), ("GD2", "接收", ""))
    ordering.taken(clerk, receipts, kind="receipts", name="回执.csv")
    assert "没有写依据" in ordering.words(clerk.get(f"/files/{order.proceeding_id}/"))
    again = {"outcome": "退回", "content": "依据第四十一条退回接收机构。"}
    assert ordering.send(clerk, f"/intake/orders/{order.pk}/", **again).status_code == 302
    assert ordering.send(clerk, "/intake/replies/12345/").status_code == 302
    # What the hotline lists is held against what is here; the line that differs opens both.
    roster = ordering.text(("工单编号", "派单时间", "工单状态"), ("GD1", "2026-11-18", "退回"),
                           ("GD2", "2026-11-18", "办理中"), ("GD3", "2026-11-18", "待办理"))  # fmt: skip
    ordering.taken(clerk, roster, kind="roster", name="清单.csv")
    assert ordering.send(clerk, "/intake/differences/").status_code == 302
    place = re.search(r"/intake/differences/\d+/", clerk.get("/intake/differences/").content.decode())
    assert place
    listed = clerk.get(place.group())
    assert "状态不同" in ordering.words(listed)
    assert f"/files/{ordering.of('GD2').proceeding_id}/" in listed.content.decode()
    assert "GD1" not in ordering.words(listed).partition("来源编号")[2]


@pytest.mark.mission("F08")
def test_the_council_takes_complaints_and_hands_them_on(sign_in: Any) -> None:
    """One is mediated by the council itself, one handed to the bureau and its outcome told to the consumer."""
    clerk = sign_in("clerk")
    facts = {"summary": "健身房关门", "channel": "council", "kind": "预付式消费", "story": "不退。", "claims": "退款",
             "name_complainant_": "周玉梅", "name_trader_": "江口健身", "scope_": "4499.01."}  # fmt: skip
    first, second = (_opened(clerk, "complaints.council", **facts) for _n in range(2))
    agree = {"complainant_agrees": "1", "trader_agrees": "1"}
    ordering.step(clerk, first.pk, "take_up", way="remote", room="会议 66", **agree)
    ordering.step(clerk, first.pk, "settle", result="退余款九百元。", recovered="900")
    ordering.step(clerk, first.pk, "tell", told_by="短信")
    assert _opened_again(clerk, first.pk, facts) == 422
    ordering.step(clerk, second.pk, "hand_on", to="临江区市场监督管理局", why="经营者不接受调解")
    complaint = _opened(clerk, "complaints.complaint", second.pk, **facts)
    assert complaint.number in ordering.words(clerk.get(f"/files/{second.pk}/"))
    ordering.step(clerk, second.pk, "answered", result="已立案调查。")
    ordering.step(clerk, second.pk, "tell", told_by="短信")
    assert "2" in ordering.words(clerk.get("/files/figures/complaints.council/"))
    assert ordering.words(clerk.get("/intake/?channel=council")).count("健身房关门") == 3


def _opened(client: Client, code: str, about: int | None = None, **facts: Any) -> Proceeding:
    answer = ordering.send(client, f"/files/new/{code}/" + (f"?about={about}" if about else ""), **facts)
    assert answer.status_code == 302, ordering.words(answer)[:800]
    return Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def _opened_again(client: Client, about: int, facts: dict[str, Any]) -> int:
    """What asking for a complaint out of a council's file answers."""
    return int(ordering.send(client, f"/files/new/complaints.complaint/?about={about}", **facts).status_code)


@pytest.mark.mission("F09")
def test_a_dispute_goes_to_the_enterprise_first_and_its_outcome_comes_back(sign_in: Any, cast: Any, clock: Any) -> None:
    """Only of an enterprise on the register, only with the consumer's consent, on a clock of its own."""
    from shiheng.registers import actions as registers

    clerk = sign_in("clerk")
    firm = factories.subject("云泽市恒达电器连锁有限公司", number=10_001, scope="4499.01.01.")
    facts = {"summary": "电视不退", "channel": "hotline", "kind": "质量", "story": "黑屏。", "claims": "退货",
             "name_complainant_": "王小明", "name_trader_": firm.name, "subject_trader_": firm.uscc,
             "scope_": "4499.01."}  # fmt: skip
    complaint = _opened(clerk, "complaints.complaint", **facts)
    firsthand = {"summary": "电视不退", "outer_number": complaint.number, "kind": "质量", "story": "黑屏。",
                 "name_complainant_": "王小明", "name_trader_": firm.name, "scope_": "4499.01."}  # fmt: skip
    unlisted = ordering.send(clerk, f"/files/new/complaints.odr/?about={complaint.pk}", **firsthand)
    assert unlisted.status_code == 422
    assert "不在“在线消费纠纷解决（ODR）企业”名录上" in unlisted.content.decode()
    registers.enter(
        cast.who("chief"), "complaints.odr_firms", {"since_month": "2024-05", "trade": "家电"}, subject=firm.pk
    )
    assert "在线消费纠纷先行和解" in ordering.words(clerk.get(f"/files/{complaint.pk}/"))
    without = _opened(clerk, "complaints.odr", complaint.pk, **firsthand)
    assert ordering.send(clerk, f"/files/{without.pk}/take/put/").status_code == 422
    dispute = _opened(clerk, "complaints.odr", complaint.pk, **firsthand, consumer_agrees="1")
    ordering.step(clerk, dispute.pk, "put")
    dispute.refresh_from_db()
    assert dispute.due == date(2026, 12, 4), "ten working days after the day it was put to the enterprise"
    ordering.step(clerk, dispute.pk, "settle", result="企业同意七日内退货退款。", recovered="2999")
    page = ordering.words(clerk.get(f"/files/{complaint.pk}/"))
    assert "企业同意七日内退货退款。" in page
    # The statutory clock of the complaint never stood still, and it ends by its own step.
    complaint.refresh_from_db()
    assert complaint.due == date(2026, 12, 1)
    ordering.step(clerk, complaint.pk, "withdraw", why="企业先行和解。")


@pytest.mark.mission("F18")
def test_matters_pass_to_and_from_partner_regions_with_replies(sign_in: Any) -> None:
    """A complaint against a trader elsewhere goes out and its answer comes back; one from elsewhere is answered."""
    clerk = sign_in("clerk")
    facts = {"summary": "外地网店不退", "channel": "counter", "kind": "质量", "story": "不退。", "claims": "退款",
             "name_complainant_": "王小明", "name_trader_": "海州某网店", "scope_": "4499.01."}  # fmt: skip
    complaint = _opened(clerk, "complaints.complaint", **facts)
    out = _opened(
        clerk, "complaints.region", complaint.pk, summary="外地网店", channel="counter", kind="质量", story="不退。",
        outer_number=complaint.number, direction="out", partner="海州市消委会", name_complainant_="王小明",
        name_trader_="海州某网店", scope_="4499.01.",
    )  # fmt: skip
    ordering.step(clerk, out.pk, "pass", document="云临消函1号", told_by="协作平台")
    ordering.step(clerk, out.pk, "answered", result="商家已退款五百元。")
    ordering.step(clerk, out.pk, "tell", told_by="短信")
    assert "商家已退款五百元。" in ordering.words(clerk.get(f"/files/{complaint.pk}/"))
    head = ("转办编号", "事项类型", "转出日期", "转出单位", "事项", "情况说明", "消费者", "联系电话", "被反映单位")
    row = (
        "Z1",
        "异地投诉",
        "2026-11-18",
        "海州市消委会",
        "不给退货",
        "拆封后拒退。",
        "赵海燕",
        "19900001004",
        "恒达电器",
    )
    ordering.taken(clerk, ordering.text(head, row), platform="region", name="转办.csv")
    order = ordering.of("Z1")
    assert order.due == date(2026, 12, 9), "fifteen working days after the partner passed it on"
    ordering.step(clerk, order.proceeding_id, "help", plan="联系商家")
    ordering.step(clerk, order.proceeding_id, "reply", reply="商家同意退货。", recovered="129")
    sent = ordering.send(clerk, "/intake/replies/region/")
    assert "商家同意退货。" in ordering.words(clerk.get(sent["Location"]))
