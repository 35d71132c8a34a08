"""What a contract demands of a whole file is measured over all of it; a breach refuses it whole and says why."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from shiheng.fusion import assertions, checks
from shiheng.fusion.rows import Row
from shiheng.fusion.twins import Twins, repeated, repeats
from tests.factories import uscc
from tests.fusion.sources import CODE, TITLE, column, contract, folder, mapping, parse

TODAY = date(2026, 11, 20)
HEADER = ["信用代码", "名称", "状态", "成立日期"]
STATE = column("state", "code", "状态", codes={"开业": "active", "注销": "deregistered"})
DAY = column("born", "day", "成立日期")


def tally(*quality: dict[str, Any], rows: list[list[str]], header: list[str] = HEADER, at_once: int = 3) -> Any:
    given = contract(CODE, TITLE, STATE, DAY)
    given["schema"][0]["quality"] = list(quality)
    source = parse(given, mapping())
    layout = checks.lay_out(source, header)
    checker, counted = checks.Checker(source, layout, TODAY), assertions.Tally(source, layout)
    numbered = [Row(n, cells) for n, cells in enumerate(rows, 1)]
    for at in range(0, len(rows), at_once):
        counted.add(checker.check(numbered[at : at + at_once]))
    return counted


def row(number: int, state: str = "开业", day: str = "2019-05-06") -> list[str]:
    return [uscc(number), f"云泽恒达{number}店", state, day]


def test_too_few_rows():
    said = tally({"metric": "rowCount", "mustBeGreaterOrEqualTo": 5}, rows=[row(n) for n in range(1, 4)]).breaches()
    assert said == ["行数为 3，应不少于 5。"]
    assert not tally({"metric": "rowCount", "mustBeGreaterThan": 2}, rows=[row(n) for n in range(1, 4)]).breaches()


def test_far_fewer_rows_than_last_time():
    custom = [{"property": "minShareOfLast", "value": 0.5}]
    counted = tally({"metric": "rowCount", "customProperties": custom}, rows=[row(1), row(2)])
    assert counted.breaches() == []
    assert counted.breaches(last=3) == []
    assert "不少于上一批的 50%" in counted.breaches(last=5)[0]


def test_too_many_empty_cells_even_of_a_column_that_did_not_come():
    demand = {"metric": "nullValues", "unit": "percent", "mustBeLessThan": 30, "arguments": {"column": "born"}}
    rows = [row(n, day="" if n % 2 else "2019-05-06") for n in range(1, 9)]
    assert tally(demand, rows=rows).breaches() == ["“成立日期”未填的比例为 50%，应少于 30%。"]
    short = [r[:3] for r in rows]
    assert "100%" in tally(demand, rows=short, header=HEADER[:3]).breaches()[0]


def test_keys_that_come_again():
    demand = {"metric": "duplicateValues", "mustBeLessOrEqualTo": 0, "arguments": {"properties": ["code", "born"]}}
    rows = [row(1), row(2), row(3), row(1), row(2, day="2020-01-01")]
    assert tally(demand, rows=rows).breaches() == ["“信用代码、成立日期”重复的主键为 20%，应不多于 0%。"]
    assert tally(demand, rows=rows[:3]).breaches() == []


def test_unknown_codes_and_the_share_of_one():
    unknown = {"metric": "unknownCodeShare", "mustBeLessThan": 0.2, "arguments": {"column": "state"}}
    closed = {"metric": "codeShare", "mustBeLessThan": 0.5, "arguments": {"column": "state", "value": "deregistered"}}
    rows = [row(1, "停业"), row(2, "停业 "), row(3, "注销"), row(4, "注销"), row(5)]
    said = tally(unknown, closed, rows=rows).breaches()
    assert said[0] == "“状态”代码表以外的比例为 40%，应少于 20%。"
    assert said[1].startswith("“状态”“deregistered”某一代码的比例为 66.67%")
    assert "整批拒收" in assertions.refusal_of(said)


def test_the_profile_is_the_same_however_the_rows_are_cut():
    rows = [row(n % 50 + 1, ["开业", "注销", "停业", ""][n % 4], f"20{n % 20:02d}-01-01") for n in range(200)]
    profiles = [tally(rows=rows, at_once=size).profile() for size in (1, 7, 200)]
    assert profiles[0] == profiles[1] == profiles[2]
    told = profiles[0]
    assert (told["rows"], told["accepted"], told["reasons"]) == (200, 150, {"state.unlisted": 50})
    state, born, code = (told["columns"][name] for name in ("state", "born", "code"))
    assert state["unknown"] == {"停业": 50}
    assert state["null_share"] == 0.25
    assert (born["first"], born["last"]) == ("2000-01-01", "2019-01-01")
    assert code["distinct"] == 50


def test_many_distinct_values_are_estimated_within_a_tenth():
    source = parse(contract(CODE, TITLE), mapping())
    layout = checks.lay_out(source, ["信用代码", "名称"])
    counted = assertions.Tally(source, layout)
    for part in range(5):
        codes = pl.Series([f"{n}" for n in range(part * 10_000, part * 10_000 + 20_000)])
        frame = pl.DataFrame({"row": pl.int_range(20_000, eager=True), "code": codes, "title": codes})
        counted.add(checks.Checked(frame, [], readable=20_000))
    assert counted.profile()["columns"]["code"]["distinct"] == pytest.approx(60_000, rel=0.1)


def test_twins_are_found_across_chunks():
    twins = Twins()
    for part in (["a", "b"], ["c", "a"], ["d"], ["d", "d"]):
        twins.add({"key": pl.Series(part).hash()})
    assert sorted(twins.found()["key"]) == sorted(pl.Series(["a", "d"]).hash())
    assert repeated([]).len() == repeats([]) == 0


@pytest.mark.django_db
def test_a_file_that_breaks_a_demand_is_refused_whole_and_told_why(land, tmp_path):
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.fusion import actions
    from shiheng.subjects.models import Subject

    given = contract(CODE, TITLE, id="demanding")
    given["schema"][0]["quality"] = [{"metric": "rowCount", "mustBeGreaterOrEqualTo": 3}]
    actions.add_source(folder(tmp_path / "demanding", given, mapping()), who=SYSTEM)
    lines = [f"{uscc(n)},云泽恒达{n}店" for n in range(1, 4)]
    batch = land(("信用代码,名称\n" + "\n".join(lines[:2])).encode(), source="demanding")
    assert batch.state == "refused"
    assert "行数为 2，应不少于 3" in batch.reason
    assert not Subject.objects.exists()
    whole = land(("信用代码,名称\n" + "\n".join(lines)).encode(), source="demanding")
    assert (whole.state, whole.accepted) == ("published", 3)


@pytest.mark.django_db
def test_rows_with_a_value_that_may_come_once_are_both_set_aside(land, tmp_path, monkeypatch):
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.columnar import lake
    from shiheng.fusion import actions
    from shiheng.fusion.models import Quarantined

    monkeypatch.setattr(lake, "CHUNK", 1)
    given = contract(CODE, TITLE, column("number", "identifier", "编号", unique=True), id="single")
    actions.add_source(folder(tmp_path / "single", given, mapping()), who=SYSTEM)
    rows = ["A-1", "A-2", " a1 ", "", "", "A-3"]
    lines = [f"{uscc(n)},云泽恒达{n}店,{number}" for n, number in enumerate(rows, 1)]
    batch = land(("信用代码,名称,编号\n" + "\n".join(lines)).encode(), source="single")
    assert (batch.rows_in, batch.accepted, batch.quarantined) == (6, 4, 2)
    refused = {q.row: [reason["code"] for reason in q.reasons] for q in Quarantined.objects.all()}
    assert refused == {1: ["number.duplicate"], 3: ["number.duplicate"]}
