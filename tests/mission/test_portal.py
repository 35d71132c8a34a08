"""The public looks a business up, and the bureau knows how often."""

from typing import Any

import pytest
from django.test import Client

from tests import factories


@pytest.mark.mission("C02", "L03")
def test_a_citizen_finds_a_business_by_two_characters_and_reads_its_public_page(offices: Any, client: Client) -> None:
    firm = factories.subject("云泽市临江区恒达食品有限公司", former=("云泽市临江区老灶台食品厂",))
    factories.record(firm, "permit", key="1", state="有效", facts={"content": "食品经营"})
    factories.record(firm, "penalty", key="2", facts={"document": "云临市监罚〔2026〕7号"})
    home = client.get("/").content.decode()
    assert 'name="q"' in home
    assert 'action="/search"' in home
    results = client.get("/search", {"q": "灶台"}).content.decode()
    assert f'href="/s/{firm.uscc}/"' in results
    page = client.get(f"/s/{firm.uscc}/").content.decode()
    for said in (firm.name, firm.uscc, "存续", "来源：商事登记", "食品经营", "云临市监罚〔2026〕7号", "发现信息有误"):
        assert said in page


@pytest.mark.mission("C02", "M19")
def test_queries_are_counted_and_a_manager_reads_how_many(offices: Any, client: Client, sign_in: Any) -> None:
    firm = factories.subject()
    for _ in range(3):
        client.get("/search", {"q": "恒达"})
    client.get(f"/s/{firm.uscc}/")
    manager = sign_in("chief")
    page = manager.get("/usage/").content.decode()
    assert "查询量统计" in page
    export = b"".join(manager.get("/usage/?channel=portal&export=csv").streaming_content).decode("utf-8-sig")
    assert "信用门户,检索,3" in export
    assert "信用门户,查看主体,1" in export
