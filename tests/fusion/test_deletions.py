"""A list of what is taken back needs no more than whose it is and which; one that does not say so is refused."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import actions, matching, sources
from shiheng.fusion.models import Batch, Quarantined
from shiheng.kernel import clock
from shiheng.subjects.models import Record, Subject
from tests.factories import uscc
from tests.fusion import sources as declared

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def two_sources(tmp_path: Path) -> None:
    """``papers`` says many things of a subject, ``sample`` one; much is required of either."""
    contract = declared.contract(
        declared.column("code", "uscc", "信用代码"),
        declared.column("title", "name", "名称", required=True),
        declared.column("place", "address", "地址"),
        declared.column("permit", "identifier", "证号", required=True, unique=True),
        declared.column("given", "day", "发证日期", required=True),
        declared.column("op", "text", "操作"),
        custom={"department": "测试科", "deliveries": ["increment", "deletions"], "maxQuarantinedShare": 0.9},
    )
    contract["schema"][0]["quality"] = [
        {"metric": "nullValues", "unit": "percent", "mustBeLessThan": 90, "arguments": {"column": "given"}},
        {"metric": "rowCount", "customProperties": [{"property": "minShareOfLast", "value": 0.5}]},
    ]
    said: dict[str, Any] = {
        "identify": ["code"],
        "identify_by_name": {"name": "title", "second": ["address"]},
        "statements": {"uscc": "code", "name": "title", "address": "place"},
    }
    record = {"kind": "permit", "key": "permit", "day": "given", "facts": {"number": "permit"}}
    papers = {**said, "record": record, "deleted": {"column": "op", "values": ["d"]}}
    sources.add(declared.folder(tmp_path / "papers", {**contract, "id": "papers"}, papers))
    properties = [p for p in contract["schema"][0]["properties"] if p["name"] != "permit"]
    plain = {**contract, "schema": [{"name": "sample", "properties": properties}]}
    sources.add(declared.folder(tmp_path / "sample", plain, said))


def land(*lines: str, day: int, source: str = "papers", **more: Any) -> Batch:
    with clock.standing_at(FIRST + timedelta(days=day)):
        content = BytesIO("\r\n".join(lines).encode())
        batch = actions.land(source, content, filename="f.csv", who=SYSTEM, scope="4499.", **more)
        done = actions.advance(batch.pk)
        matching.settle()
        return done


def four_permits() -> None:
    rows = [f"{uscc(n)},{name}店,码头路{n}号,A{n},2025-03-04" for n, name in enumerate("甲乙丙丁", 1)]
    assert land("信用代码,名称,地址,证号,发证日期", *rows, day=1).accepted == 4


def gone() -> list[str]:
    return sorted(Record.objects.exclude(gone_on=None).values_list("key", flat=True))


def test_the_keys_alone_take_back_what_they_name():
    four_permits()
    batch = land("信用代码,证号", f"{uscc(1)},A1", day=2, delivery="deletions")
    assert (batch.state, batch.accepted, batch.quarantined) == ("published", 1, 0)
    assert gone() == ["A1"]
    record = Record.objects.get(key="A1")
    assert (record.day, record.gone_on) == (date(2025, 3, 4), FIRST + timedelta(days=2))
    assert set(Subject.objects.values_list("name", flat=True)) == {"甲店", "乙店", "丙店", "丁店"}


def test_a_row_without_a_code_is_known_by_its_name_and_door():
    four_permits()
    land("名称,地址,证号", "乙店,码头路2号,A2", day=2, delivery="deletions")
    assert gone() == ["A2"]


def test_required_columns_that_came_may_be_empty():
    four_permits()
    land("信用代码,名称,证号,发证日期", f"{uscc(1)},,A1,", f"{uscc(2)},,A2,", day=2, delivery="deletions")
    assert gone() == ["A1", "A2"]


def test_a_list_that_does_not_say_which_is_refused_whole():
    four_permits()
    batch = land("信用代码,名称", f"{uscc(1)},甲店", day=2, delivery="deletions")
    assert batch.state == "refused"
    assert batch.reason.startswith("删除清单缺少指明删除哪一条的列：证号。")
    assert "文件的列名是：信用代码、名称" in batch.reason
    assert gone() == []


def test_a_list_that_does_not_say_whose_is_refused_whole():
    four_permits()
    batch = land("证号", "A1", day=2, delivery="deletions")
    assert batch.state == "refused"
    assert "没有任何可归户的列（信用代码）" in batch.reason


@pytest.mark.parametrize("way", ["deletions", "increment"])
def test_a_row_that_takes_back_and_names_no_record_is_set_aside(way):
    four_permits()
    rows = [f"{uscc(1)},,,A1,,d", f"{uscc(2)},乙店,,,2025-03-04,d", ",,,A3,,d", f"{uscc(4)}X,,,,,d"]
    batch = land("信用代码,名称,地址,证号,发证日期,操作", *rows, day=2, delivery=way)
    assert (batch.state, batch.accepted, batch.quarantined) == ("published", 1, 3)
    held = Quarantined.objects.order_by("row").values_list("row", "reasons")
    codes = {row: [reason["code"] for reason in reasons] for row, reasons in held}
    assert codes == {2: ["permit.missing"], 3: ["row.unnamed"], 4: ["code.uscc", "permit.missing"]}
    assert gone() == ["A1"]


def test_a_row_that_is_not_marked_still_needs_all_that_is_required():
    batch = land("信用代码,名称,证号,发证日期,操作", f"{uscc(1)},甲店,A1,2025-03-04,i", f"{uscc(2)},,A2,,i",
                 f"{uscc(3)},,A3,,d", day=1)  # fmt: skip
    assert (batch.accepted, batch.quarantined) == (2, 1)
    (reasons,) = Quarantined.objects.values_list("reasons", flat=True)
    assert [reason["code"] for reason in reasons] == ["title.missing", "given.missing"]


def test_a_source_that_says_one_thing_of_a_subject_needs_its_code_alone():
    land("信用代码,名称,发证日期", f"{uscc(1)},甲店,2025-03-04", f"{uscc(2)},乙店,2025-03-04", day=1, source="sample")
    batch = land("信用代码", uscc(1), day=2, source="sample", delivery="deletions")
    assert batch.state == "published"
    assert dict(Subject.objects.values_list("name", "live")) == {"甲店": False, "乙店": True}


def test_a_short_list_of_deletions_is_no_measure_of_the_next_file():
    four_permits()
    land("信用代码,证号", f"{uscc(1)},A1", day=2, delivery="deletions")
    batch = land("信用代码,名称,证号,发证日期", f"{uscc(2)},乙店,A2,2025-03-04", day=3)
    assert batch.state == "refused"
    assert "不少于上一批的 50%" in batch.reason
