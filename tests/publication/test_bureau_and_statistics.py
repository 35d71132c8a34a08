"""What the bureau says of itself, and what is told in figures of what it does."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.ledger.models import Leaf
from shiheng.publication import middleware
from shiheng.publication.models import BureauPage, BureauVersion
from shiheng.publication.portal import statistics
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_budget(monkeypatch: Any) -> None:
    monkeypatch.setattr(middleware, "BUDGET", middleware.Budget())


def written(officer: Client, where: str = "/bureau/desk/new/", **words: str) -> BureauPage:
    form = officer.get(where).content.decode()
    key = form.split('name="_key" value="')[1].split('"')[0]
    code = form.split('name="_form" value="')[1].split('"')[0]
    usual = {"kind": "remedies", "title": "不服处罚怎么办", "text": "可以申请行政复议。"}
    given = {"_key": key, "_form": code, **usual, **words}
    answer = officer.post(where, given)
    assert answer.status_code in {204, 302}, answer.content.decode()[:2000]
    return BureauPage.objects.order_by("-pk")[0]


def act(officer: Client, page: BureauPage, what: str, **given: Any) -> Any:
    return officer.post(f"/bureau/desk/{page.pk}/{what}/", {"_key": str(uuid4()), **given})


def test_an_officer_writes_publishes_renews_and_withdraws_and_every_version_stays(
    cast: Any, sign_in: Any, client: Client
) -> None:
    officer = sign_in("chief")
    page = written(officer)
    assert client.get(f"/bureau/{page.pk}/").status_code == 404, "a draft is nobody's"
    act(officer, page, "publish", version=1)
    text = client.get(f"/bureau/{page.pk}/").content.decode()
    assert "可以申请行政复议。" in text
    assert "更新日期" in text
    written(officer, f"/bureau/desk/{page.pk}/write/", text="六十日内可以申请行政复议。")
    assert "六十日内" not in client.get(f"/bureau/{page.pk}/").content.decode(), "not before it is published"
    newest = BureauVersion.objects.filter(page=page, act="write").order_by("-number")[0]
    assert "<ins>" in officer.get(f"/bureau/desk/{page.pk}/").content.decode()
    act(officer, page, "publish", version=newest.number)
    assert "六十日内" in client.get(f"/bureau/{page.pk}/").content.decode()
    assert "六十日内" in client.get("/feeds/bureau.atom").content.decode()
    article = client.get(f"/bureau/{page.pk}/article.txt").content.decode()
    assert article.startswith("不服处罚怎么办\n")
    assert f"/bureau/{page.pk}/" in article
    assert act(officer, page, "withdraw", reason="").status_code == 422
    act(officer, page, "withdraw", reason="已并入新的办事指南")
    gone = client.get(f"/bureau/{page.pk}/")
    assert gone.status_code == 404
    assert "撤下" in gone.content.decode()
    assert list(BureauVersion.objects.filter(page=page).order_by("number").values_list("act", flat=True)) == [
        "write", "publish", "write", "publish", "withdraw",
    ]  # fmt: skip
    assert Leaf.objects.filter(subject=f"bureau:{page.pk}").count() == 5


def test_a_decision_on_reconsideration_is_published_with_names_hidden(cast: Any, sign_in: Any, client: Client) -> None:
    officer = sign_in("chief")
    text = "申请人曾佳怡（身份证号440105199003072313，住址云泽市临江区江畔路5号）不服处罚，曾佳怡认为程序违法。"
    page = written(officer, kind="reconsideration", title="曾佳怡不服处罚案", text=text, hide="曾佳怡")
    kept = officer.get(f"/bureau/desk/{page.pk}/").content.decode()
    assert "自动隐去 4 处" in kept
    act(officer, page, "publish", version=1)
    shown = client.get(f"/bureau/{page.pk}/").content.decode()
    for hidden in ("曾佳怡", "440105199003072313", "江畔路5号"):
        assert hidden not in shown
    assert "曾某某不服处罚案" in shown
    assert not BureauVersion.objects.filter(text__contains="曾佳怡").exists(), "nor is it kept"


def test_others_do_not_keep_it(cast: Any, sign_in: Any) -> None:
    page = written(sign_in("chief"))
    assert sign_in("inspector_b").get("/bureau/desk/").status_code == 403
    assert act(sign_in("clerk"), page, "publish", version=1).status_code == 403
    page.refresh_from_db()
    assert page.state == "draft"


def test_the_figures_say_what_is_published_and_hide_what_is_few(offices: Any, client: Client) -> None:
    firm = factories.subject()
    for n in range(3):
        factories.record(firm, "penalty", key=str(n), state="公示中")
    factories.record(firm, "penalty", key="9", state="停止公示")
    client.get(f"/s/{firm.uscc}/")
    found = statistics.made()
    assert dict(found.records)["行政处罚"] == 3
    assert found.hidden == 1
    assert found.queries == 1
    page = client.get("/statistics/").content.decode()
    for said in ("查询量", "已停止公示、撤销的", "权力运行", "行政处罚"):
        assert said in page, said


def test_files_are_counted_from_five_on_and_late_ones_are_told(offices: Any, client: Client) -> None:
    from datetime import timedelta

    from shiheng.kernel import clock
    from shiheng.procedures.contents import all_on
    from shiheng.procedures.models import Proceeding

    code = next(iter(all_on(clock.today()))).code
    for n in range(6):
        Proceeding.objects.create(
            procedure=code, version=clock.today(), number=f"第{n}号", title="试", scope="4499.01.", state="open",
            received_on=clock.today() - timedelta(days=40), opened_at=clock.now(), changed_at=clock.now(),
            due=clock.today() - timedelta(days=1),
        )  # fmt: skip
        told = statistics.made().dealt[0]
        assert told.received == (n + 1 if n >= 4 else None)
        assert told.late_now == n + 1
