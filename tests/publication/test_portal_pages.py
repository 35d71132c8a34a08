"""The public portal: what it shows to anybody, what it hides, how it counts and how it slows a flood."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from shiheng.publication import actions, middleware
from shiheng.publication.models import QueryCount
from shiheng.subjects.models import Person, Relation, Subject
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_budget(monkeypatch: Any) -> None:
    monkeypatch.setattr(middleware, "BUDGET", middleware.Budget())


@pytest.fixture
def firm(offices: Any) -> Subject:
    held = factories.subject(former=("云泽老灶台食品厂",))
    held.fields["representative_phone"] = factories.fact("13800138000")
    held.save()
    person = Person.objects.create(key="at:x:欧阳小明", name="欧阳小明")
    Relation.objects.create(subject=held, role="shareholder", person=person, source="register")
    return held


def text(response: Any) -> str:
    assert response.status_code == 200, response.content[:300]
    return response.content.decode()


def test_the_public_page_shows_sources_and_hides_persons(firm: Subject, client: Client) -> None:
    factories.record(
        firm,
        "penalty",
        key="1",
        facts={"document": "云临市监罚〔2026〕1号", "当事人电话": {"value": "13900139000", "personal": True}},
    )
    factories.record(firm, "permit", key="2", facts={"content": "食品经营许可"})
    factories.record(firm, "complaint", key="3", facts={"诉求": "退货"})
    page = text(client.get(f"/s/{firm.uscc}/"))
    for said in (
        firm.name,
        firm.uscc,
        "陈立本",
        "来源：商事登记，2026-03-01",
        "云临市监罚〔2026〕1号",
        "食品经营许可",
        "云泽老灶台食品厂",
    ):
        assert said in page, said
    for hidden in ("13800138000", "138****8000", "13900139000", "欧阳", "退货", "register.csv"):
        assert hidden not in page, hidden
    assert "个人信息，依法不予公开" in page
    assert client.get(f"/s/{firm.id}/")["Location"] == f"/s/{firm.uscc}/"
    assert "发现信息有误" in text(client.get(f"/s/{firm.uscc}/mistake/"))


def test_what_is_not_there_is_not_found_in_plain_words(firm: Subject, client: Client) -> None:
    for key in ("91449901MA0000000X", "nothing", "9" * 40):
        response = client.get(f"/s/{key}/")
        assert response.status_code == 404
        assert "没有找到这个主体" in response.content.decode()


def test_results_mark_the_piece_and_name_the_former_name(firm: Subject, client: Client) -> None:
    assert "<mark>恒达</mark>" in text(client.get("/search", {"q": "恒达"}))
    page = text(client.get("/search", {"q": "灶台"}))
    assert "曾用名：云泽老<mark>灶台</mark>食品厂" in page
    assert "没有找到" in text(client.get("/search", {"q": "不存在的"}))
    assert "请输入" in text(client.get("/search"))
    assert "<script>" not in text(client.get("/search", {"q": "<script>"}))


def test_results_are_paged(offices: Any, client: Client) -> None:
    for number in range(23):
        factories.subject(f"云泽市恒达{number:02d}食品有限公司")
    first, second = text(client.get("/search", {"q": "恒达"})), text(client.get("/search", {"q": "恒达", "page": "2"}))
    assert "找到 23 家" in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in second
    assert first.count('class="hit"') == 20
    assert second.count('class="hit"') == 3


def test_queries_are_counted_by_day_channel_and_kind(firm: Subject, client: Client, sign_in: Any, clock: Any) -> None:
    client.get("/")
    client.get("/search")
    client.get("/search", {"q": "恒"})
    client.get("/search", {"q": "恒"})
    client.get(f"/s/{firm.uscc}/")
    client.get("/s/nothing/")
    client.get("/api/v1/subjects", {"q": "恒"})
    sign_in("chief").get("/find/", {"q": "恒"})
    assert {(r.channel, r.kind): r.count for r in QueryCount.objects.all()} == {
        ("portal", "search"): 2,
        ("portal", "view"): 1,
        ("api", "search"): 1,
        ("desk", "search"): 1,
    }


@pytest.mark.django_db(transaction=True)
def test_a_count_never_waits_for_a_long_write_and_is_not_lost() -> None:
    writer = connection.copy()
    try:
        writer.set_autocommit(False)
        with writer.cursor() as cursor:
            cursor.execute("UPDATE subjects_subject SET live = live")  # holds SQLite's only place for a writer
        actions.count("portal", "search")
        writer.rollback()
    finally:
        writer.close()
    actions.count("portal", "search")
    assert QueryCount.objects.get().count == 2


def test_a_flood_from_one_address_meets_a_friendly_429(firm: Subject, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(settings, "PORTAL_BUDGET", 3)
    assert [client.get("/search", {"q": "恒"}).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = client.get("/search", {"q": "恒"})
    assert "查询得太快" in refused.content.decode()
    assert int(refused["Retry-After"]) >= 1
    assert client.get("/").status_code == 200
    assert client.get("/search", {"q": "恒"}, REMOTE_ADDR="10.0.0.9").status_code == 200


def test_a_budget_refills_with_time() -> None:
    now = [0.0]
    budget = middleware.Budget(lambda: now[0])
    assert [budget.spend("a", 2) for _ in range(3)] == [0, 0, 30]
    now[0] = 30
    assert budget.spend("a", 2) == 0


def test_the_interface_gives_the_public_part(firm: Subject, client: Client) -> None:
    found = client.get("/api/v1/subjects", {"q": "灶台"}).json()
    assert [(row["id"], row["matched"]) for row in found["items"]] == [(firm.id, "云泽老灶台食品厂")]
    held = client.get(f"/api/v1/subjects/{firm.uscc}").json()
    assert held["name"] == firm.name
    assert "13800138000" not in str(held)
    for bad in (
        "/api/v1/subjects?q=",
        "/api/v1/subjects?q=a&limit=0",
        "/api/v1/subjects?q=a&limit=999999999999",
        "/api/v1/subjects?q=a&cursor=x",
    ):
        refused = client.get(bad)
        assert refused.status_code == 422, bad
        assert refused["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/subjects/nothing").status_code == 404


def test_usage_figures_open_their_rows(cast: Any, sign_in: Any, clock: Any) -> None:
    actions.count("portal", "search", times=1234)
    actions.count("api", "view", times=6)
    page = text(sign_in("chief").get("/usage/"))
    assert "1,240" in page
    assert "/usage/?channel=portal" in page
    rows = text(sign_in("chief").get("/usage/?channel=portal"))
    assert "1,234" in rows
    assert sign_in("clerk").get("/usage/").status_code == 403
    assert sign_in("anyone").get("/usage/").status_code == 302


def test_a_signed_in_person_is_led_to_their_own_first_page(cast: Any, sign_in: Any) -> None:
    assert sign_in("chief").get("/")["Location"] == "/subjects/"
    assert sign_in("owner").get("/")["Location"] == "/enterprise/"
    assert "信用查询" in text(sign_in("chief").get("/?portal"))
