"""A refused row is shown what it may have meant, where only one thing fits; what is proposed passes the check."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.fusion import checks, reading, repair
from shiheng.fusion.rows import Row
from shiheng.kernel.identifiers import (
    USCC_ALPHABET,
    orgcode_check_character,
    repair_uscc,
    resident_id_check_character,
    uscc_check_character,
)
from tests.fusion.sources import CODE, column, contract, mapping, parse

TODAY = date(2026, 11, 20)
SOURCE = parse(
    contract(
        CODE,
        column("title", "name", "名称", required=True, maxLength=12),
        column("boss", "person", "负责人", maxLength=6),
        column("place", "address", "地址"),
        column("born", "day", "成立日期"),
        column("state", "code", "状态", codes={"存续（在营）": "active", "注销": "deregistered"}),
        column("own", "uscc", "上级代码", repair=False),
        column("holder", "id_number", "证件号码"),
    ),
    mapping(),
)
HEADER = ["信用代码", "名称", "负责人", "地址", "成立日期", "状态", "上级代码", "证件号码"]


def code_of(number: int) -> str:
    body = f"{number:08d}"
    seventeen = "91440100" + body + orgcode_check_character(body)
    return seventeen + uscc_check_character(seventeen)


GOOD = [code_of(1), "云泽市恒达食品有限公司", "陈立本", "云泽市临江区码头路1号", "2019-05-06", "注销", "", ""]


def proposed(**changed: str) -> dict[str, repair.Repair]:
    names = ["code", "title", "boss", "place", "born", "state", "own", "holder"]
    cells = [changed.get(name, cell) for name, cell in zip(names, GOOD, strict=True)]
    return repaired(cells)


def repaired(cells: list[str], fault: tuple[str, str] | None = None) -> dict[str, repair.Repair]:
    checker = checks.Checker(SOURCE, checks.lay_out(SOURCE, HEADER), TODAY)
    refused = checker.check([Row(1, cells, fault)]).refused
    reasons: Any = refused[0]["reasons"] if refused else []
    found = repair.propose(SOURCE, checker.layout, cells, reasons, known_on=TODAY)
    if fault is None and found:
        mended = [
            next((r.proposed for r in found.values() if r.header == h), c) for h, c in zip(HEADER, cells, strict=True)
        ]
        left = {reason["column"] for reason in checker.reasons(mended)}
        assert not left & {r.header for r in found.values()}, "a proposal passes the check it mends"
    assert all(r.why.endswith("。") for r in found.values())
    return found


def test_a_good_row_gets_no_proposal():
    assert proposed() == {}


@given(st.integers(1, 99_999_999), st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_a_code_with_one_typo_is_restored_where_only_one_fits(number, place, character):
    code = code_of(number)
    typo = code[:place] + character + code[place + 1 :]
    found = proposed(code=typo)
    if typo != code:
        unique = repair_uscc(typo)
        assert ([found["code"].proposed] if unique else []) == [r.proposed for n, r in found.items() if n == "code"]
        assert unique in {code, None} or unique != typo


@given(st.integers(1, 99_999_999), st.sampled_from([8, 9, 11, 13, 15]))
def test_a_code_one_short_is_completed_or_left_alone(number, place):
    code = code_of(number)
    found = proposed(code=code[:place] + code[place + 1 :])
    assert set(found) <= {"code"}
    assert all(len(r.proposed) == 18 for r in found.values())


def test_a_code_without_its_last_character_is_completed():
    restored = [proposed(code=code_of(n)[:17]).get("code") for n in range(1, 40)]
    assert [r.proposed for n, r in enumerate(restored, 1) if r and r.proposed == code_of(n)], "some are the only one"


@given(st.text("云泽市恒达食品贸易科技有限公司临江区码头路", min_size=4, max_size=16))
def test_garbled_text_is_turned_back(text):
    try:
        garbled = text.encode().decode("gb18030")
    except UnicodeDecodeError:
        return  # an odd number of bytes was lost in the garbling already
    for name in ("title", "boss", "place"):
        found = proposed(**{name: garbled})
        if found:
            assert found[name].proposed == text
            assert "GBK" in found[name].why


def test_a_garbled_name_is_restored():
    garbled = "云泽市恒达食品有限".encode().decode("gb18030", "replace")
    assert "\ufffd" in garbled or proposed(title=garbled)["title"].proposed == "云泽市恒达食品有限"
    assert proposed(title="恒达食品商行有限公司".encode().decode("gb18030"))["title"].proposed == "恒达食品商行有限公司"
    assert proposed(title="锟斤拷锟斤拷有限公司") == {}, "what the garbling destroyed cannot be known"
    assert proposed(boss="张三丰".encode().decode("latin-1"))["boss"].proposed == "张三丰"


def test_an_identity_number_without_its_check_character_is_completed():
    body = "11010519491231002"
    assert proposed(holder=body)["holder"].proposed == body + resident_id_check_character(body)
    assert proposed(holder="11010519491331002") == {}


@pytest.mark.parametrize("day", ["2019-02-30", "2021-13-05", "昨天"])
def test_a_day_that_does_not_exist_has_no_repair(day):
    assert proposed(born=day) == {}


def test_a_code_in_other_brackets_is_the_listed_one():
    assert proposed(state="存续(在营)")["state"].proposed == "存续（在营）"
    assert proposed(state="不详") == {}


def test_a_column_may_forbid_proposals():
    assert proposed(own=GOOD[0][:-1] + "#") == {}


def test_bytes_of_another_charset_are_read(tmp_path):
    line = [*GOOD]
    line[1], line[3] = "云泽市明德书社", "云泽市临江区"
    path = tmp_path / "a.csv"
    rest = ",".join(GOOD).encode() + b"\n"
    raw = b",".join(c.encode("gb18030" if at in {1, 3} else "utf-8") for at, c in enumerate(line))
    path.write_bytes(",".join(HEADER).encode() + b"\n" + rest * 3 + raw + b"\n")
    row = list(reading.read(path, "a.csv").rows)[3]
    assert row.fault
    found = repaired(row.cells, row.fault)
    assert (found["title"].proposed, found["place"].proposed) == ("云泽市明德书社", "云泽市临江区")


def test_a_comma_that_was_not_quoted_is_joined_where_only_one_place_fits():
    cells = [*GOOD[:3], "码头路1号", "2楼", *GOOD[4:]]
    found = repaired(cells, ("row.width", "应有 8 列，实有 9 列。"))
    assert found["place"].proposed == "码头路1号,2楼"
    assert repaired([*GOOD, "多"], ("row.width", "应有 8 列，实有 9 列。")) == {}
    assert repaired(GOOD[:3], ("row.width", "应有 8 列，实有 3 列。")) == {}
