"""Our register beside the tax office's, and supervision acts in a prescribed layout: rows in are rows told of."""

import csv
import io
import json
import zipfile
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ledger.models import Leaf
from shiheng.publication.exchange import comparison, supervision
from shiheng.publication.models import Report
from tests import factories
from tests.publication.test_exchange import land
from tests.publication.test_outside import content

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 4, 1), date(2026, 4, 30)


@pytest.fixture
def both(offices: Any, clock: Any) -> Any:
    """A register and a tax file that agree on one business and differ on the others, each in one way."""
    from io import BytesIO

    from shiheng.fusion import actions as fusion

    land(
        ("恒达食品有限公司", 1, "存续"), ("无税商行", 2, "存续"), ("走失餐馆", 3, "存续"), ("已销酒楼", 4, "注销"),
        ("旧名贸易有限公司", 5, "存续"), ("停办小吃店", 7, "注销"),
    )  # fmt: skip
    rows = content(
        (1, "恒达食品有限公司", "正常"), (3, "走失餐馆", "非正常"), (4, "已销酒楼", "注销"),
        (5, "新名贸易有限公司", "正常"), (6, "只在税务有限公司", "正常"), (7, "停办小吃店", "正常"),
    )  # fmt: skip
    batch = fusion.land("tax", BytesIO(rows), filename="tax.csv", who=SYSTEM, scope="4499.")
    done = fusion.advance(batch.pk)
    assert done.state == "published", done.reason
    return done


def test_each_way_of_differing_is_listed_with_the_rows_it_came_from(both: Any, sign_in: Any) -> None:
    tax = comparison.declared("tax")
    found = {kind: set(comparison.rows(SYSTEM, tax, kind).values_list("name", flat=True)) for kind in comparison.KINDS}
    assert found == {
        "missing_there": {"无税商行"},
        "missing_here": {"只在税务有限公司"},
        "state": {"走失餐馆", "停办小吃店"},
        "name": {"旧名贸易有限公司"},
    }
    assert comparison.rows(SYSTEM, tax, "name").get().their_name == "新名贸易有限公司"
    page = sign_in("city").get("/exchange/tax/?kind=state").content.decode()
    assert f'href="/batches/{both.pk}/rows/2/"' in page
    export = sign_in("city").get("/exchange/tax/?kind=state&export=csv")
    lines = b"".join(export.streaming_content).decode("utf-8-sig")
    assert "走失餐馆,存续,非正常" in lines
    assert "停办小吃店,注销,正常" in lines


def test_counts_by_district_are_those_of_the_lists(both: Any) -> None:
    tax = comparison.declared("tax")
    districts = comparison.by_district(SYSTEM, tax)
    for kind in comparison.KINDS:
        assert sum(d.counts[kind] for d in districts) == comparison.rows(SYSTEM, tax, kind).count()


def acts() -> Any:
    firm = factories.subject("云泽市临江区恒达食品有限公司")
    inspected = {"title": "食品经营检查", "type": "日常检查", "office": "江口监管所"}
    for key, state in (("1", "未发现问题"), ("2", "迁出"), ("3", "发现问题已责令改正")):
        factories.record(
            firm, "inspection", key=key, title="食品经营检查", state=state, facts=inspected, scope=firm.scope
        )
    factories.record(
        firm, "inspection", key="4", title="食品经营检查", state="未发现问题", scope=firm.scope
    )  # no office
    factories.record(
        firm,
        "inspection",
        key="5",
        title="x",
        state="未发现问题",
        facts=inspected,
        scope=firm.scope,
        day=date(2026, 5, 1),
    )
    return firm


def test_every_act_of_the_days_is_written_or_held_back_with_its_reason(offices: Any, clock: Any) -> None:
    firm = acts()
    made = supervision.make(SYSTEM, code="inspection", scope="4499.", first=FIRST, last=LAST)
    assert (made.rows, made.held_back) == (2, 2)
    assert made.faults == {"“检查结果”没有对应的代码：迁出": 1, "缺“实施机构”": 1}
    with zipfile.ZipFile(io.BytesIO(supervision.parcel(made))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        text = archive.read(manifest["file"]).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(r["jgxw_bh"], r["jgdx_tyshxydm"], r["jcjg"], r["jcrq"]) for r in rows] == [
        ("1", firm.uscc, "1", "2026-04-01"),
        ("3", firm.uscc, "5", "2026-04-01"),
    ]
    assert (manifest["rows"], manifest["heldBack"], manifest["layoutVerified"]) == (2, 2, False)
    assert Leaf.objects.get(pk=made.leaf).content["rows"]["count"] == 2
    assert supervision.make(SYSTEM, code="inspection", scope="4499.", first=FIRST, last=LAST) == made
    assert supervision.parcel(made) == supervision.parcel(Report.objects.get())


def test_the_receipt_is_put_down_once(offices: Any, clock: Any) -> None:
    acts()
    made = supervision.make(SYSTEM, code="inspection", scope="4499.", first=FIRST, last=LAST)
    with pytest.raises(Refused):
        supervision.answer(SYSTEM, made.pk, taken=True, receipt=" ", key=uuid4())
    key = uuid4()
    for _ in range(2):
        assert supervision.answer(SYSTEM, made.pk, taken=True, receipt="HZ-1", key=key).state == "taken"
    with pytest.raises(Conflict):
        supervision.answer(SYSTEM, made.pk, taken=False, receipt="晚了", key=uuid4())


def test_an_officer_makes_and_answers_a_report_on_its_page(cast: Any, sign_in: Any, clock: Any) -> None:
    acts()
    officer = sign_in("data")
    given = {
        "code": "inspection",
        "scope": "4499.01.",
        "first": "2026-04-01",
        "last": "2026-04-30",
        "_key": str(uuid4()),
    }
    page = officer.post("/exchange/reports/", given, follow=True).content.decode()
    assert "待核对" in page
    report = Report.objects.get()
    assert officer.get(f"/exchange/reports/{report.pk}/file/").headers["Content-Type"] == "application/zip"
    said = {"_key": str(uuid4()), "state": "taken", "receipt": "HZ-2"}
    assert "HZ-2" in officer.post(f"/exchange/reports/{report.pk}/answer/", said, follow=True).content.decode()
