"""The contract held against rows: every reason at once, and no row ever lost between accepted and refused."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shiheng.fusion import checks
from shiheng.fusion.checks import Checker, Row
from tests.factories import uscc
from tests.fusion.sources import CODE, TITLE, column, contract, mapping, parse

TODAY = date(2026, 11, 20)
SOURCE = parse(
    contract(
        CODE,
        TITLE,
        column("born", "day", "成立日期", notAfterDelivery=True),
        column("state", "code", "状态", codes={"开业": "active", "注销": "deregistered"}),
        column("sum", "capital", "资本", currencyColumn="cur"),
        column("cur", title="币种"),
        column("note", title="备注", maxLength=5),
        column("number", "regno", "注册号"),
    ),
    mapping(statements={"uscc": "code", "name": "title", "regno": "number"}, identify=["code", "number"]),
)
HEADER = ["信用代码", "名称", "成立日期", "状态", "资本", "币种", "备注", "注册号"]


def check(*rows: list[str], header: list[str] | None = None) -> checks.Checked:
    checker = Checker(SOURCE, checks.lay_out(SOURCE, header or HEADER), TODAY)
    return checker.check([Row(n, cells) for n, cells in enumerate(rows, 1)])


def row(**given: str) -> list[str]:
    """A good row with some cells changed."""
    cells = {
        "code": uscc(1),
        "title": "云泽恒达店",
        "born": "2019-5-6",
        "state": "开业",
        "sum": "50",
        "cur": "",
        "note": "",
        "number": "",
        **given,
    }
    return list(cells.values())


def codes(done: checks.Checked) -> list[list[str]]:
    return [[reason["code"] for reason in refused["reasons"]] for refused in done.refused]


def test_a_good_row_is_accepted_in_standard_values():
    done = check(row(code=uscc(1).lower(), title=" 云泽恒达店 "))
    assert done.refused == []
    assert done.accepted.to_dicts() == [
        {
            "row": 1,
            "code": uscc(1),
            "title": "云泽恒达店",
            "born": "2019-05-06",
            "state": "active",
            "sum": "50000000 CNY",
            "cur": None,
            "note": None,
            "number": None,
        }
    ]


def test_every_reason_is_given_at_once():
    bad = row(code=uscc(1)[:-1], title="N/A", born="2019-02-30", state="停业", sum="若干", note="六个字的备注")
    done = check(bad, row())
    assert codes(done) == [
        ["code.uscc", "title.missing", "born.day", "state.unlisted", "sum.capital", "note.long"],
    ]
    assert done.accepted["row"].to_list() == [2]
    assert done.refused[0]["raw"]["名称"] == "N/A"
    assert all(reason["message"].endswith("。") for reason in done.refused[0]["reasons"])


def test_a_row_that_names_nobody_says_so_beside_its_other_faults():
    done = check(row(code="", born="昨天"), row(code="", number="N/A"))
    assert codes(done) == [["born.day", "row.unnamed"], ["row.unnamed"]]
    assert "信用代码、注册号" in done.refused[1]["reasons"][0]["message"]


def test_a_wrong_code_is_not_also_called_missing():
    assert codes(check(row(code="ABC"))) == [["code.uscc"]]


def test_a_day_after_the_delivery_is_refused_and_the_day_itself_is_not():
    done = check(row(born="2026-11-20"), row(born="2026-11-21"))
    assert codes(done) == [["born.future"]]
    assert "2026-11-21" in done.refused[0]["reasons"][0]["message"]


def test_a_bare_sum_takes_ten_thousands_and_the_currency_beside_it():
    done = check(row(sum="50"), row(sum="50", cur="美元"), row(sum="50", cur="N/A"), row(sum="3万港币", cur="美元"))
    assert done.accepted["sum"].to_list() == ["50000000 CNY", "50000000 USD", "50000000 CNY", "3000000 HKD"]


def test_a_row_that_could_not_be_read_is_refused_for_that_alone():
    checker = Checker(SOURCE, checks.lay_out(SOURCE, HEADER), TODAY)
    done = checker.check([Row(1, ["半行"], ("row.quote", "引号没有闭合，无法分列。")), Row(2, row())])
    assert codes(done) == [["row.quote"]]
    assert done.refused[0]["raw"] == {"信用代码": "半行"}


def test_no_cell_of_a_refused_row_is_lost_under_headers_that_repeat_or_are_empty():
    header = [*HEADER, "备注", "", ""]
    done = check([*row(title=""), "甲", "乙", "丙"], header=header)
    shown = done.refused[0]["raw"]
    assert [shown["备注（第 9 列）"], shown["（第 10 列）"], shown["（第 11 列）"]] == ["甲", "乙", "丙"]
    assert len(shown) == len(header)
    wide = checks.under_headers(["a"], ["1", "2", "3"])
    assert wide == {"a": "1", "（多出的列）": "2 | 3"}


def test_nul_reaches_no_database():
    done = check(row(born="2019\x00", title="恒\x00达"), row(title="恒\x00达"), header=["\x00", *HEADER][1:])
    said = str(done.refused)
    assert "\x00" not in said
    assert "\\x00" in said
    assert done.accepted["title"].to_list() == ["恒达"]


CELLS = st.lists(
    st.sampled_from(["", "N/A", "x", "2019-05-06", "开业", "50", uscc(1), uscc(2)]) | st.text(max_size=8),
    min_size=8,
    max_size=8,
)
FAULTS = st.none() | st.just(("row.bytes", "坏字节。"))


@given(st.lists(st.tuples(CELLS, FAULTS), max_size=20))
def test_accepted_and_refused_are_all_rows_and_no_row_twice(given_rows: list[tuple[list[str], Any]]):
    rows = [Row(n, cells, fault) for n, (cells, fault) in enumerate(given_rows, 1)]
    done = Checker(SOURCE, checks.lay_out(SOURCE, HEADER), TODAY).check(rows)
    numbers = done.accepted["row"].to_list() + [refused["row"] for refused in done.refused]
    assert sorted(numbers) == [r.number for r in rows]
    assert all(refused["reasons"] for refused in done.refused)
    for refused in done.refused:
        assert list(refused["raw"].values()) == [c.replace("\x00", "\\x00") for c in rows[refused["row"] - 1].cells]


# --- what contracts may say besides -----------------------------------------------------------------------------------
def made(*columns: Any, rows: list[list[str]], header: list[str], **map_: Any) -> checks.Checked:
    source = parse(contract(CODE, TITLE, *columns), mapping(**map_))
    return Checker(source, checks.lay_out(source, header), TODAY).check([Row(n, c) for n, c in enumerate(rows, 1)])


def test_a_pattern_and_bounds_are_held_after_the_standard():
    columns = (
        column("zip", title="邮编", digits=6),
        column("share", "number", "持股比例", min=0, max=100),
        column("paid", "money", "金额", min=1, max=1000),
    )
    header = ["信用代码", "名称", "邮编", "持股比例", "金额"]
    good = [[uscc(n), "云泽恒达店", "310000", "50", "12.5"] for n in range(1, 30)]
    bad = [
        [uscc(50), "云泽恒达店", "31000", "100.5", "1000.01"],
        [uscc(51), "云泽恒达店", "3100000", "-1", "0.5"],
    ]
    done = made(*columns, rows=good + bad, header=header)
    assert codes(done) == [["zip.pattern", "share.range", "paid.range"]] * 2
    assert "6 位数字" in done.refused[0]["reasons"][0]["message"]
    assert "大于 1000" in done.refused[0]["reasons"][2]["message"]
    assert done.accepted["paid"].to_list() == ["1250"] * 29


def test_what_is_personal_stays_masked_in_its_reason():
    columns = (
        column("who", "id_number", "证件号码"),
        column("tel", "phone", "电话", pattern="1.*", patternTitle="手机"),
    )
    rows = [[uscc(1), "云泽恒达店", "110105194912310021", "0571-87654321"]]
    done = made(*columns, rows=rows, header=["信用代码", "名称", "证件号码", "电话"])
    said = " ".join(reason["message"] for reason in done.refused[0]["reasons"])
    assert "110105194912310021" not in said
    assert "87654321" not in said
    assert [r["code"] for r in done.refused[0]["reasons"]] == ["who.id_number", "tel.pattern"]


def test_rows_that_take_back_or_found_nothing_are_marked_and_may_be_empty():
    columns = (column("op", title="操作"), column("found", title="结果"), column("must", title="必填", required=True))
    header = ["信用代码", "名称", "操作", "结果", "必填"]
    rows = [
        [uscc(1), "云泽恒达店", "", "", "有"],
        [uscc(2), "", " D ", "", ""],
        [uscc(3), "", "", "查无", ""],
        [uscc(4), "", "", "超时", ""],
        [uscc(5), "", "", "", ""],
    ]
    done = made(
        *columns,
        rows=rows,
        header=header,
        deleted={"column": "op", "values": ["D"]},
        absent={"column": "found", "none": ["查无"], "unknown": ["超时"]},
    )
    assert (done.marks.deleted, done.marks.none, done.marks.unknown) == ({2}, {3}, {4})
    assert done.accepted["row"].to_list() == [1, 2, 3, 4]
    assert codes(done) == [["title.missing", "must.missing"]]


def test_words_for_nothing_are_told_from_values_and_from_each_other():
    from shiheng.fusion.statement import NONE, UNKNOWN

    columns = (column("boss", "person", "负责人"), column("note", title="备注"))
    rows = [
        [uscc(n), "云泽恒达店", *rest] for n, rest in enumerate([["查无", "查无"], ["未取得", ""], ["张三", "x"]], 1)
    ]
    done = made(
        *columns,
        rows=rows,
        header=["信用代码", "名称", "负责人", "备注"],
        statements={"uscc": "code", "name": "title", "representative": "boss"},
        absent={"none": ["查无"], "unknown": ["未取得"]},
    )
    assert done.accepted["boss"].to_list() == [NONE, UNKNOWN, "张三"]
    assert done.accepted["note"].to_list() == [None, None, "x"]


def test_a_fact_of_a_record_may_be_absent_but_no_key_day_or_state_of_it():
    from shiheng.fusion.statement import NONE, UNKNOWN, from_accepted

    columns = (
        column("no", "identifier", "证号"), column("on", "day", "日期"), column("state", title="状态"),
        column("paid", "money", "缴费"), column("other", "identifier", "别的号"), column("found", title="查询结果"),
    )  # fmt: skip
    header = ["信用代码", "名称", "证号", "日期", "状态", "缴费", "别的号", "查询结果"]
    facts = {"number": "no", "paid": "paid", "began": "on", "stands": "state", "other": "other"}
    more = {"record": {"kind": "permit", "key": "no", "day": "on", "state": "state", "facts": facts}}
    rows = [
        [uscc(1), "甲店", "A1", "查无", "查无", "查无", "查无", ""],
        [uscc(2), "乙店", "A2", "未取得", "", "未取得", "未取得", ""],
        [uscc(3), "丙店", "查无", "2026-01-02", "", "3", "", ""],
    ]
    done = made(*columns, rows=rows, header=header, absent={"none": ["查无"], "unknown": ["未取得"]}, **more)
    assert done.accepted["paid"].to_list() == [NONE, UNKNOWN, "300"]
    assert done.accepted["no"].to_list() == ["A1", "A2", None]
    for name in ("on", "state", "other"):
        assert set(done.accepted[name].to_list()) <= {None, "2026-01-02"}

    source = parse(
        contract(CODE, TITLE, *columns),
        mapping(absent={"column": "found", "none": ["查无"], "unknown": ["超时"]}, **more),
    )
    rows = [[uscc(n), "甲店", f"A{n}", "", "", paid, "", said]
            for n, (paid, said) in enumerate([("", "查无"), ("", "超时"), ("5", "查无"), ("", "")], 1)]  # fmt: skip
    done = Checker(source, checks.lay_out(source, header), TODAY).check([Row(n, c) for n, c in enumerate(rows, 1)])
    said = from_accepted(
        done.accepted, source.said(), source.day, TODAY, identify=source.identify, facts=source.telling_facts(),
        marks=done.marks,
    )  # fmt: skip
    paid = {row: value for row, field, value, _day in said.iter_rows() if field == "permit.facts.paid"}
    assert paid == {1: NONE, 2: UNKNOWN, 3: "500"}
    words = {field for _row, field, value, _day in said.iter_rows() if value in {NONE, UNKNOWN}}
    assert words == {"permit.facts.paid"}


def test_a_row_without_a_code_may_be_known_by_its_name_and_a_second_sign():
    columns = (column("boss", "person", "负责人"), column("place", "address", "地址"))
    more = {
        "statements": {"uscc": "code", "name": "title", "representative": "boss", "address": "place"},
        "identify_by_name": {"name": "title", "second": ["representative", "address"]},
    }
    rows = [["", "云泽恒达店", "张三", ""], ["", "云泽恒达店", "", ""], [uscc(1), "云泽恒达店", "", ""]]
    done = made(*columns, rows=rows, header=["信用代码", "名称", "负责人", "地址"], **more)
    assert done.accepted["row"].to_list() == [1, 3]
    assert codes(done) == [["row.unnamed"]]
