"""Open data: sets in versions, what changed between them, feeds; and nobody can be looked up in any of it."""

import io
import json
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from django.test import Client

from shiheng.ledger.models import Leaf
from shiheng.publication import middleware
from shiheng.publication.lists import entries
from shiheng.publication.models import DataVersion
from shiheng.publication.opendata import actions, queries
from shiheng.subjects.models import Record, Subject
from tests import factories

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _fresh_budget(monkeypatch: Any) -> None:
    monkeypatch.setattr(middleware, "BUDGET", middleware.Budget())
    monkeypatch.setattr(entries, "_held", {})


@pytest.fixture
def firm(offices: Any) -> Subject:
    held = factories.subject("=云泽恒达食品有限公司")
    factories.record(held, "penalty", key="1", facts={"document": "云临市监罚〔2026〕7号", "fine": "123400"})
    factories.record(held, "permit", key="2", facts={"number": "JY1449"})
    return held


def taken(client: Client, code: str, form: str) -> bytes:
    version = queries.latest(code)
    assert version is not None
    answer = client.get(f"/open-data/{code}/{version.number}.{form}")
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def test_the_same_rows_in_three_forms_with_digest_on_record(firm: Subject, client: Client) -> None:
    actions.make()
    text = taken(client, "record-penalty", "csv").decode("utf-8-sig")
    assert "决定文书号" in text.splitlines()[0]
    assert "云临市监罚〔2026〕7号" in text
    told = json.loads(taken(client, "record-penalty", "json"))
    assert told["licence"] == "CC BY 4.0"
    (row,) = told["rows"]
    frame = pl.read_parquet(io.BytesIO(taken(client, "record-penalty", "parquet")))
    assert frame.row(0, named=True)["document"] == row["document"] == "云临市监罚〔2026〕7号"
    version = DataVersion.objects.get(dataset="record-penalty")
    assert Leaf.objects.get(pk=version.leaf_id).facts["files"]["csv"] == version.files["csv"]["sha256"]
    assert "'=云泽恒达食品有限公司" in taken(client, "subjects", "csv").decode("utf-8-sig"), "no cell is a formula"


def test_a_version_comes_only_with_a_change_and_the_delta_says_which(firm: Subject, client: Client) -> None:
    assert {v.dataset for v in actions.make()} >= {"subjects", "record-penalty", "record-permit", "stock"}
    assert not actions.make(), "nothing changed"
    gone = Record.objects.get(kind="penalty")
    Record.objects.filter(kind="permit").update(facts={"number": "JY1450"})
    factories.record(firm, "permit", key="3", facts={"number": "JY1451"})
    gone.delete()
    assert {v.dataset for v in actions.make()} == {"record-penalty", "record-permit"}
    api = client.get("/api/v1/open-data/record-permit/changes", {"since": 1}).json()
    assert [row["number"] for row in api["added"]] == ["JY1451"]
    assert [row["number"] for row in api["changed"]] == ["JY1450"]
    assert client.get("/open-data/record-penalty/since/1.json").status_code == 200
    delta = client.get("/api/v1/open-data/record-penalty/changes", {"since": 1}).json()
    assert (delta["added"], delta["changed"], len(delta["removed"])) == ([], [], 1)
    assert "云临市监罚" not in json.dumps(delta, ensure_ascii=False), "what was withdrawn is not told again"


def test_an_earlier_file_that_may_hold_what_was_withdrawn_is_not_given(firm: Subject, client: Client) -> None:
    actions.make()
    Record.objects.filter(kind="penalty").delete()
    actions.make()
    answer = client.get("/open-data/record-penalty/1.csv")
    assert answer.status_code == 404
    assert "第 2 版" in answer.content.decode()
    assert not queries.path("record-penalty", 1, "csv").exists()
    assert "云临市监罚" not in taken(client, "record-penalty", "json").decode()


def test_the_interface_pages_through_rows_without_a_key(offices: Any, client: Client) -> None:
    for n in range(7):
        factories.subject(f"云泽第{n}食品有限公司", number=20_000 + n, indexed=False)
    actions.make(only="subjects")
    seen, offset = [], 0
    while offset is not None:
        page = client.get("/api/v1/open-data/subjects/rows", {"offset": offset, "limit": 3}).json()
        seen += [row["name"] for row in page["rows"]]
        offset = page["next"]
    assert seen == [f"云泽第{n}食品有限公司" for n in range(7)]
    (listed,) = [one for one in client.get("/api/v1/open-data").json() if one["code"] == "subjects"]
    assert listed["rows"] == 7
    assert client.get("/api/v1/open-data/nothing").status_code == 404
    assert client.get("/api/v1/open-data/subjects/rows", {"limit": 100_000}).status_code == 422


def test_nobody_is_looked_up_in_a_set(firm: Subject, client: Client) -> None:
    actions.make()
    for code in ("subjects", "record-penalty", "record-permit"):
        assert "陈立本" not in taken(client, code, "json").decode(), "the representative stands on the page only"


def test_catalogue_and_page_say_what_there_is(firm: Subject, client: Client) -> None:
    assert "还没有生成" in client.get("/open-data/").content.decode()
    actions.make()
    assert "经营主体登记信息" in client.get("/open-data/").content.decode()
    page = client.get("/open-data/record-penalty/").content.decode()
    for said in ("CC BY 4.0", "决定文书号", "/open-data/record-penalty/1.parquet", "/api/v1/open-data/record-penalty"):
        assert said in page, said


def test_a_feed_tells_who_came_onto_a_list_and_alerts(firm: Subject, client: Client) -> None:
    facts = {"office": "临江区市场监督管理局"}
    factories.record(firm, "abnormal", key="9", title="未按规定的期限公示年度报告", facts=facts)
    answer = client.get("/feeds/list-abnormal.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    tree = ET.fromstring(answer.content)
    (entry,) = tree.findall(f"{ATOM}entry")
    assert firm.name in (entry.findtext(f"{ATOM}title") or "")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href", "").endswith(f"/s/{firm.uscc}/")
    assert client.get("/feeds/alerts.atom").status_code == 200
    assert client.get("/feeds/nothing.atom").status_code == 404


def test_a_million_rows_stream_in_flat_memory(tmp_path: Any) -> None:
    """A twentieth of it, held against the same at a quarter of that: memory does not grow with rows."""
    import tracemalloc

    from shiheng.publication.opendata import writing

    def peak(rows: int) -> int:
        tracemalloc.start()
        files = writing.Files(tmp_path, f"set{rows}", (("id", "编号"), ("name", "名称")), {"dataset": "x"})
        for n in range(rows):
            files.add({"id": str(n), "name": f"云泽第{n}食品有限公司"})
        assert files.close().rows == rows
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    few, many = peak(25_000), peak(100_000)
    assert many < 1.3 * few, (few, many)
