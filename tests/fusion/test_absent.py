"""What a source did not find, or could not obtain, is told as such wherever a record is shown, and is no value."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import actions, queries, sources
from shiheng.kernel import clock
from shiheng.publication.definition import Shared, SharingRule
from shiheng.publication.exchange import content
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import Record
from tests.factories import uscc
from tests.fusion import sources as declared

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def insured(tmp_path: Path) -> None:
    contract = declared.contract(
        declared.column("code", "uscc", "信用代码"),
        declared.TITLE,
        declared.column("no", "identifier", "编号", required=True),
        declared.column("on", "day", "日期"),
        declared.column("heads", "number", "参保人数"),
        declared.column("sum", "money", "实缴金额"),
        declared.column("acct", title="缴费账号", sensitive="account"),
        id="insured",
    )
    said = declared.mapping(
        absent={"none": ["查无"], "unknown": ["未取得"]},
        record={
            "kind": "permit",
            "key": "no",
            "day": "on",
            "facts": {"insured": "heads", "paid": "sum", "account": "acct", "since": "on"},
        },
    )
    sources.add(declared.folder(tmp_path / "insured", contract, said))


def land(*lines: str, on: date = DAY) -> None:
    with clock.standing_at(on):
        text = "\r\n".join(["信用代码,名称,编号,日期,参保人数,实缴金额,缴费账号", *lines])
        batch = actions.land("insured", BytesIO(text.encode()), filename="f.csv", who=SYSTEM, scope="4499.")
        assert actions.advance(batch.pk).accepted == len(lines)


def record(key: str = "A1") -> Record:
    return Record.objects.get(key=key)


def test_the_record_knows_what_it_has_no_value_of() -> None:
    land(f"{uscc(1)},甲店,A1,查无,查无,未取得,未取得", f"{uscc(2)},乙店,A2,2026-01-05,,0,")
    assert (record().day, record().facts) == (None, {})
    assert record().absent == {"insured": "none", "paid": "unknown", "account": "unknown"}
    assert (record("A2").facts, record("A2").absent) == ({"paid": "0", "since": "2026-01-05"}, {})
    land(f"{uscc(1)},甲店,A1,2026-01-05,12,未取得,查无", on=date(2026, 4, 2))
    assert record().facts == {"insured": "12", "since": "2026-01-05"}
    assert record().absent == {"paid": "unknown", "account": "none"}


def test_a_source_that_fails_leaves_what_it_said_before() -> None:
    land(f"{uscc(1)},甲店,A1,2026-01-05,12,300,")
    land(f"{uscc(1)},甲店,A1,2026-01-05,未取得,查无,", on=date(2026, 4, 2))
    assert record().facts == {"insured": "12", "since": "2026-01-05"}
    assert record().absent == {"paid": "none"}


def test_page_interface_and_shared_item_say_so(cast: Any, sign_in: Any) -> None:
    land(f"{uscc(1)},甲店,A1,2026-01-05,查无,未取得,未取得")
    held = record()
    page = subjects.page_of(SYSTEM, held.subject_id)
    (line,) = [line for tab in page.tabs for line in tab.records]
    assert dict(line.facts) == {"参保人数": "查无", "实缴金额": "未取得", "account": "未取得", "since": "2026-01-05"}
    shown = sign_in("data").get(f"/subjects/{held.subject_id}/").content.decode()
    assert "\ue001" not in shown
    assert "\ue002" not in shown
    (out,) = sign_in("data").get(f"/api/v1/subjects/{uscc(1)}").json()["records"]
    assert out["facts"] == {"since": "2026-01-05"}
    assert out["absent"] == {"参保人数": "none", "实缴金额": "unknown", "account": "unknown"}
    rule = SharingRule("r", DAY, "试", ("*",), (Shared("permit", ("insured", "paid", "account")),), (), "试")
    item = content.of_record(held, held.subject, rule, content.withheld())
    assert item is not None
    assert (item["facts"], item["absent"]) == ({}, {"insured": "none", "paid": "unknown"}), "the account is not shared"


def test_the_dump_tells_it_and_is_as_before_without_it() -> None:
    land(f"{uscc(1)},甲店,A1,2026-01-05,查无,300,", f"{uscc(2)},乙店,A2,2026-01-05,5,300,")
    one, two = ({json.loads(line)["uscc"]: json.loads(line) for line in queries.canonical()}[uscc(n)] for n in (1, 2))
    (said,), (plain,) = one["records"], two["records"]
    assert said[5:7] == [{"paid": "30000", "since": "2026-01-05"}, {"insured": "none"}]
    assert len(plain) == len(said) - 1
    assert plain[5] == {"insured": "5", "paid": "30000", "since": "2026-01-05"}
