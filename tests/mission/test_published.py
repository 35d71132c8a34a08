"""What the public is given: a business's file and report, bureau information, decisions on appeals, powers in use."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.publication import middleware
from shiheng.publication.lists import entries
from shiheng.publication.opendata import actions as opendata
from shiheng.publication.reports import verify_report
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: Any) -> None:
    monkeypatch.setattr(middleware, "BUDGET", middleware.Budget())
    monkeypatch.setattr(entries, "_held", {})


@pytest.mark.mission("C01", "L03")
def test_a_citizen_reads_what_several_departments_said_takes_a_report_and_checks_it_at_home(
    offices: Any, client: Client, tmp_path: Path
) -> None:
    firm = factories.subject()
    factories.record(firm, "permit", key="1", facts={"content": "食品经营", "number": "JY1449"})
    factories.record(firm, "penalty", key="2", facts={"document": "云临市监罚〔2026〕7号"})
    factories.record(firm, "food_sample", key="3", title="凉拌菜", state="合格", facts={"report": "BG1"})
    factories.record(firm, "wage_arrears", key="4", facts={"published": "2026-01-01", "amount": "1500000"})
    page = client.get(f"/s/{firm.uscc}/").content.decode()
    for said in (
        "食品经营",
        "云临市监罚〔2026〕7号",
        "凉拌菜",
        "合格",
        "拖欠工资",
        "来源：",
        "许可与守信",
        "处罚与名录",
    ):
        assert said in page, said
    made = client.post(f"/s/{firm.uscc}/report/", {"_key": str(uuid4())})
    number = made["Location"].split("/")[2]
    (tmp_path / "report.pdf").write_bytes(client.get(f"/credit-reports/{number}.pdf").content)
    (tmp_path / "verify_report.py").write_bytes(client.get("/verify/verify_report.py").content)
    checked = subprocess.run(
        [sys.executable, "-I", "-S", "verify_report.py", "report.pdf"], cwd=tmp_path, check=False, capture_output=True,
        text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout
    assert number in checked.stdout
    opendata.make()
    listed = client.get("/api/v1/open-data").json()
    assert {"subjects", "record-penalty", "list-wage_arrears"} <= {one["code"] for one in listed}
    assert verify_report.FORMAT in client.get(f"/credit-reports/{number}.json").content.decode()


def first_of(page: str) -> str:
    """The number of the first page of the bureau that is listed."""
    found = re.search(r'href="/bureau/(\d+)/"', page)
    assert found
    return found[1]


def keep(officer: Client, kind: str, title: str, text: str, **others: str) -> None:
    form = officer.get("/bureau/desk/new/").content.decode()
    given = {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("_key", "_form")}
    answer = officer.post("/bureau/desk/new/", {**given, "kind": kind, "title": title, "text": text, **others})
    where = answer.headers.get("Location") or answer.headers["HX-Redirect"]
    officer.post(f"{where}publish/", {"_key": str(uuid4()), "version": "1"})


@pytest.mark.mission("L04")
def test_everybody_reads_functions_guides_remedies_and_channels_each_with_its_day(
    cast: Any, sign_in: Any, client: Client
) -> None:
    officer = sign_in("chief")
    told = {"functions": "本局职责", "guides": "怎样办许可", "supervision": "怎样监督", "remedies": "怎样复议",
            "channels": "怎样联系", "leaders": "领导分工表", "sections": "科室一览"}  # fmt: skip
    for kind, title in told.items():
        keep(officer, kind, title, f"{title}的正文。")
    page = client.get("/bureau/").content.decode()
    for title in told.values():
        assert title in page
    assert "/power-list/" in page
    number = first_of(page)
    assert "更新日期" in client.get(f"/bureau/{number}/").content.decode()


@pytest.mark.mission("L05")
def test_a_decision_on_an_appeal_is_on_the_net_with_names_hidden(cast: Any, sign_in: Any, client: Client) -> None:
    text = "申请人龚雨桐不服罚款决定。龚雨桐称未收到告知，电话13800138000。复议机关决定维持。"
    keep(sign_in("chief"), "reconsideration", "龚雨桐不服罚款案", text, hide="龚雨桐")
    page = client.get("/bureau/").content.decode()
    assert "龚某某不服罚款案" in page
    number = first_of(page)
    shown = client.get(f"/bureau/{number}/").content.decode()
    assert "复议机关决定维持" in shown
    assert "龚雨桐" not in shown
    assert "13800138000" not in shown


@pytest.mark.mission("L07", "L08")
def test_news_that_was_used_stands_with_who_used_it_and_goes_out_to_other_channels(
    cast: Any, sign_in: Any, client: Client
) -> None:
    keep(sign_in("chief"), "news", "一季度消费投诉分析", "网络购物居首。", used_by="市政府办公室", used_on="2026-04-20")
    page = client.get("/bureau/").content.decode()
    assert "采用：市政府办公室" in page
    number = first_of(page)
    article = client.get(f"/bureau/{number}/article.txt").content.decode()
    assert article.splitlines()[0] == "一季度消费投诉分析"
    assert "网络购物居首。" in article
    assert "一季度消费投诉分析" in client.get("/feeds/bureau.atom").content.decode()


@pytest.mark.mission("L11")
def test_powers_are_published_with_how_many_were_used(offices: Any, client: Client) -> None:
    from shiheng.catalogue.violations import VIOLATIONS
    from shiheng.kernel import clock, registry
    from shiheng.procedures.contents import all_on
    from shiheng.procedures.models import Proceeding
    from shiheng.publication.portal import statistics

    statistics.path().unlink(missing_ok=True)  # figures are kept for a day
    violation = next(held for held in registry.all_of(VIOLATIONS, on=clock.today()) if held.power)
    Proceeding.objects.create(
        procedure=next(iter(all_on(clock.today()))).code, version=clock.today(), number="第1号", title="试",
        scope="4499.01.", state="open", received_on=clock.today(), opened_at=clock.now(), changed_at=clock.now(),
        facts={"violation": violation.code},
    )  # fmt: skip
    page = client.get("/statistics/").content.decode()
    assert "权力运行" in page
    assert f"/power-list/{violation.power}/" in page
