"""A source no one here wrote: a folder a bureau keeps, not a line of Python, and all a contract can say is held."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import actions, queries, sources
from shiheng.fusion.models import Quarantined
from shiheng.subjects.models import Record, Subject
from tests.factories import uscc
from tests.fusion import sources as declared
from tests.fusion.sources import column, contract

pytestmark = pytest.mark.django_db

# Fertiliser samples of a county: a kind of record, a form of number and a code list nobody here has heard of.
STATES = {"1": "合格", "合格": "合格", "2": "不合格", "不合格": "不合格"}
CONTRACT = contract(
    column("no", "identifier", "样品编号", required=True, pattern="HF[0-9]{4}", patternTitle="HF 加 4 位数字"),
    column("code", "uscc", "信用代码"),
    column("title", "name", "受检单位", required=True),
    column("day", "day", "抽样日期", required=True, notAfterDelivery=True),
    column("until", "day", "报告有效期至"),
    column("res", "code", "结论", codes=STATES),
    column("content", title="总养分", maxLength=10),
    column("mark", "code", "标志", codes={"i": "kept", "d": "deleted"}),
    id="fertiliser_samples", name="肥料抽检", version="2.1.0",
    slaProperties=[{"property": "frequency", "value": 184}],
    custom={
        "department": "县农业农村局", "owner": "土肥站", "unit": "全县一份", "deliveries": ["increment", "snapshot"],
        "legalBasis": [{"instrument": "肥料登记管理办法", "article": "第二十三条"}], "nulls": ["无"],
    },
)  # fmt: skip
CONTRACT["schema"][0]["quality"] = [
    {"metric": "duplicateValues", "unit": "percent", "mustBeLessOrEqualTo": 40, "arguments": {"properties": ["no"]}},
    {"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": 50, "arguments": {"column": "code"}},
]
MAPPING = {
    "identify": ["code"],
    "day": "day",
    "statements": {"uscc": "code", "name": "title"},
    "deleted": {"column": "mark", "values": ["d"]},
    "record": {
        "kind": "fertiliser_sample", "key": "no", "day": "day", "until": "until", "state": "res",
        "always": {"title": "肥料抽检"}, "facts": {"number": "no", "总养分": "content"},
    },
}  # fmt: skip
HEADER = ("样品编号", "信用代码", "受检单位", "抽样日期", "报告有效期至", "结论", "总养分", "标志")


def file(*rows: tuple[str, ...]) -> bytes:
    return "\n".join(",".join(row) for row in (HEADER, *rows)).encode("gb18030")


def sample(number: int, **other: str) -> tuple[str, ...]:
    row = {
        "样品编号": f"HF{number:04d}", "信用代码": uscc(number), "受检单位": f"云泽丰收{number}号农资店",
        "抽样日期": "2026-10-08", "报告有效期至": "2027-10-07", "结论": "2", "总养分": "≥45%", "标志": "i", **other,
    }  # fmt: skip
    return tuple(row[name] for name in HEADER)


@pytest.fixture
def samples(settings: Any, tmp_path: Path) -> Path:
    """The folder as a bureau drops it beside its data."""
    settings.SOURCES_DIRS = [tmp_path]
    return declared.folder(tmp_path / "fertiliser_samples", CONTRACT, MAPPING)


def test_what_its_folder_says_is_in_force_at_once(samples):
    source = sources.find("fertiliser_samples")
    assert (source.title, source.owner, source.deliveries) == ("肥料抽检", "土肥站", ("increment", "snapshot"))
    assert [a.kind for a in source.assertions] == ["duplicateKey", "nullShare"]
    assert [str(basis) for basis in source.legal_basis] == ["《肥料登记管理办法》第二十三条（条文待核对）"]


def test_its_rows_become_subjects_and_records(samples, land):
    batch = land(file(sample(1), sample(2, 结论="合格")), source="fertiliser_samples", filename="f.csv")
    assert (batch.state, batch.accepted, batch.quarantined, batch.contract) == ("published", 2, 0, "2.1.0")
    held = Record.objects.get(subject=Subject.objects.get(uscc=uscc(1)))
    assert (held.kind, held.source, held.key, held.day, held.state, held.title) == (
        "fertiliser_sample", "fertiliser_samples", "HF0001", date(2026, 10, 8), "不合格", "肥料抽检",
    )  # fmt: skip
    assert held.facts["总养分"] == "≥45%"


def test_the_last_day_of_a_record_is_part_of_what_is_dumped(samples, land):
    land(file(sample(1), sample(2, 报告有效期至="")), source="fertiliser_samples", filename="f.csv")
    facts = [json.loads(line)["records"][0][5] for line in queries.canonical()]
    assert sorted(said.get("until", "") for said in facts) == ["", "2027-10-07"]


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        ({"样品编号": "SH1"}, "no"),
        ({"样品编号": ""}, "no"),
        ({"抽样日期": "2026-11-31"}, "day"),
        ({"抽样日期": "2026-11-21"}, "day"),
        ({"结论": "差"}, "res"),
        ({"总养分": "氮磷钾总养分不低于百分之四十五"}, "content"),
        ({"信用代码": "91449901MA0000000A"}, "code"),
    ],
)
def test_its_own_terms_are_held_row_by_row(samples, land, broken, where):
    batch = land(file(sample(1), sample(2, **broken)), source="fertiliser_samples", filename="f.csv")
    assert (batch.state, batch.accepted, batch.quarantined) == ("published", 1, 1)
    refused = Quarantined.objects.get(batch=batch)
    assert [r["code"].split(".")[0] for r in refused.reasons] == [where]


def test_the_same_folder_may_be_taken_in_by_command(land, tmp_path):
    place = declared.folder(tmp_path / "anywhere", CONTRACT, MAPPING)
    assert actions.add_source(place, who=SYSTEM).code == "fertiliser_samples"
    assert land(file(sample(1)), source="fertiliser_samples", filename="f.csv").accepted == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([sample(1), sample(2, 样品编号="HF0001"), sample(3, 样品编号="HF0001")], "“样品编号”重复的主键"),
        ([sample(1), *(sample(n, 信用代码="") for n in range(2, 5))], "“信用代码”未填的比例为 75%，应不多于 50%"),
    ],
)
def test_a_file_that_breaks_what_it_asserts_is_refused_whole_and_told_why(samples, land, rows, said):
    batch = land(file(*rows), source="fertiliser_samples", filename="f.csv")
    assert batch.state == "refused"
    assert said in batch.reason
    assert not Record.objects.exists()
    assert not Subject.objects.exists()
