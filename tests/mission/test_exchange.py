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
from shiheng.publication.exchange import sending
from shiheng.publication.models import Report, Subscription
from shiheng.subjects.models import Subject
from tests import factories
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
