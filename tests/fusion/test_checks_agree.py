"""A column judged at once is judged as its texts are one by one: same values, same refusals, same reasons in order."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from shiheng.fusion import checks, clean
from shiheng.fusion import standardise as s
from shiheng.fusion.definition import KINDS, Column
from shiheng.fusion.rows import Row, chunk_of
from shiheng.fusion.standard import bare_sums, with_currency
from shiheng.kernel.identifiers import resident_id_check_character
from tests.factories import uscc
from tests.fusion.oracle.checks import Checker as Oracle
from tests.fusion.sources import column, contract, mapping, parse, register

TODAY = date(2026, 11, 20)
BODY = "11010519491231002"
NAMES = [
    "云泽市恒达食品有限公司",
    "云泽（临江）店",
    "钱志强",
    "ＡＢＣ 商行",
    "云泽恒达(一店)",
    "张三".encode().decode("gb18030"),
    "丂丂",
]
USUAL = {
    "name": NAMES,
    "person": [*NAMES, "阿依·买买提", "John Smith", "司司司", "P123"],
    "address": [*NAMES, "码头路１２号（一楼）、二楼", "码头路 12 号"],
    "uscc": [uscc(1), uscc(2).lower(), uscc(3)[:-1] + "0", "440101000000018", uscc(4)[:17], "云" * 6],
    "regno": ["440101000000018", "440101000000017", "4401"],
    "day": [
        "2019-05-06",
        "2019-5-6",
        "20190506",
        "2019-02-29",
        "1899-12-31",
        "9999-12-31",
        "2026-11-21",
        "2019-05-06 ",
    ],
    "moment": [
        "2019-05-06 08:00:00",
        "2019-05-06T08:00:60",
        "2019-05-06",
        "2019-02-30 08:00:00",
        "2019-05-06 24:00:00",
    ],
    "number": ["0", "12", "-1.5", "1.50", "1,234", "-0", "0.0", "1e5", "00.1", "12345678901234567890"],
    "money": ["0", "0.50", "12", "1234.56", "1234.5", "12万元", "007", "1234567890123"],
    "phone": ["13800138000", "0571-87654321", "138****8000", "12345"],
    "id_number": [BODY + resident_id_check_character(BODY), BODY + "1", "110105491231002", "110105194902300021"],
    "flag": ["是", "否", "Y", "0", "不详"],
    "region": ["449901", "449901001", "991234", "44990"],
    "capital": ["50万元人民币", "50", "若干", "3万港币", "５０", " 50 ", "1,000.5"],
    "text": ["甲", "a b", " a", "\u200b", "一\u3000二", "x\x00y", "-", "N/A"],
}
SPICE = st.text(
    st.sampled_from([*"云泽市１２ab（）()·- \t\u3000\x00\u200b,;\\x锟斤拷烫鍏徃钱郑伟强", "\ufffd", "Ã", "\x80"]),
    max_size=6,
)


def texts(kind: str) -> st.SearchStrategy[str]:
    usual = USUAL.get(kind, USUAL["text"])
    spiced = st.tuples(st.sampled_from(usual), SPICE, st.booleans()).map(lambda t: t[1] + t[0] if t[2] else t[0] + t[1])
    return st.sampled_from(["", "N/A", " ", *usual]) | spiced | SPICE | st.text(max_size=8)


@pytest.mark.parametrize("kind", sorted(clean.BY_KIND))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_sure_at_once_is_what_each_text_gives(kind: str, data: Any) -> None:
    held = data.draw(st.lists(texts(kind).filter(str.strip), min_size=1, max_size=40))
    for way in [clean.BY_KIND[kind], *([clean.folding(Column("c", "列", kind=kind))] if kind in clean.FOLDS else [])]:
        values, sure = clean.at_once(way, pl.Series(held, dtype=pl.String))
        for text, value, is_sure in zip(held, values, sure, strict=True):
            if is_sure:
                assert s.BY_KIND[kind](text.strip(" \t\r\n\u3000")) == (value, None), text


def test_nearly_everything_usual_is_sure_at_once() -> None:
    names = pl.Series([f"云泽市恒达{n}号食品有限公司" for n in range(50)])
    for kind in ("name", "person", "address"):
        assert clean.at_once(clean.BY_KIND[kind], names)[1].all()
    assert clean.at_once(clean.BY_KIND["uscc"], pl.Series([uscc(n) for n in range(1, 500)]))[1].all()


@pytest.mark.parametrize("place", range(18))
def test_no_wrong_unified_code_is_sure(place: int) -> None:
    code = uscc(7)
    wrong = [
        code[:place] + c + code[place + 1 :] for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZa云 " if c != code[place]
    ]
    assert not clean.at_once(clean.BY_KIND["uscc"], pl.Series(wrong))[1].any()


SOURCE = parse(
    contract(
        column("code", "uscc", "信用代码"),
        column("title", "name", "名称", required=True, maxLength=12),
        column("born", "day", "成立日期", notAfterDelivery=True, required=True),
        column("state", "code", "状态", codes={"开业": "active", "注销": "deregistered", "Ｙ": "y", "N/A": "no"}),
        column("sum", "capital", "资本", currencyColumn="cur"),
        column("cur", title="币种"),
        column("note", title="备注", maxLength=5),
        column("number", "regno", "注册号"),
        column("boss", "person", "负责人"),
        column("place", "address", "地址"),
        column("where", "region", "区划"),
        column("own", "identifier", "编号"),
    ),
    mapping(statements={"uscc": "code", "name": "title", "regno": "number"}, identify=["code", "number"]),
)
ROW = st.tuples(
    *(texts(k) for k in ("uscc", "name", "day")),
    st.sampled_from(["开业", "注销", "停业", "Ｙ", "N/A", " 开业", ""]),
    *(texts(k) for k in ("capital", "text", "text", "regno", "person", "address", "region", "identifier")),
)
FAULT = st.sampled_from([None] * 6 + [("row.bytes", "坏字节。")])


def both(source: Any, header: list[str], rows: list[Row]) -> None:
    layout = checks.lay_out(source, header)
    slow = Oracle(source, layout, TODAY).check(rows)
    fast = checks.Checker(source, layout, TODAY).check(rows)
    assert fast.refused == slow.refused
    assert_frame_equal(fast.accepted, slow.accepted)


@settings(max_examples=100, deadline=None)
@given(given_rows=st.lists(st.tuples(ROW, FAULT), max_size=60))
def test_a_chunk_is_judged_as_its_rows_are(given_rows: list[tuple[tuple[str, ...], Any]]) -> None:
    rows = [Row(n, list(cells), fault) for n, (cells, fault) in enumerate(given_rows, 1)]
    both(SOURCE, [c.title for c in SOURCE.columns], rows)


def test_chunks_large_enough_for_threads_are_judged_alike() -> None:
    header = ["企业名称", "统一社会信用代码", "注册日期", "登记状态", "法人代表", "注册资金", "注册地址"]
    kinds = ("name", "uscc", "day", "text", "person", "capital", "address")
    rows = [
        Row(n, [USUAL[kind][n * (at + 3) % len(USUAL[kind])] for at, kind in enumerate(kinds)]) for n in range(1, 3000)
    ]
    rows += [
        Row(n, ["云泽市恒达店", uscc(n), "2019-05-06", "存续", "张三", "50万元人民币", "码头路１号"])
        for n in range(3000, 6000)
    ]
    both(register(), header, rows)


@given(st.lists(st.tuples(texts("capital"), st.sampled_from(["", "美元", " 港币", "N/A", "\x1c日元"])), min_size=1))
def test_bare_sums_take_their_currency_at_once_as_one_by_one(pairs: list[tuple[str, str]]) -> None:
    sums, currencies = (pl.Series(list(side), dtype=pl.String) for side in zip(*pairs, strict=True))
    nulls = frozenset({"N/A"})
    assert bare_sums(sums, currencies, nulls).to_list() == [with_currency(a, b, nulls) for a, b in pairs]


def test_every_kind_has_its_standard() -> None:
    assert set(s.BY_KIND) == set(KINDS)


def test_chunks_checked_ahead_say_what_each_says_and_come_in_order() -> None:
    header = ["企业名称", "统一社会信用代码", "注册日期", "登记状态", "法人代表", "注册资金", "注册地址"]
    rows = [
        Row(n, [f"云泽市恒达{n}店", uscc(n % 40) if n % 9 else "坏", "2019-05-06", "存续", "", f"{n % 70}万元", "路"])
        for n in range(1, 4001)
    ]  # fmt: skip
    source = register()
    layout = checks.lay_out(source, header)
    chunks = [chunk_of(rows[at : at + 500], len(header)) for at in range(0, 4000, 500)]
    ahead = list(checks.Checker(source, layout, TODAY).each(chunks))
    assert [chunk for chunk, _ in ahead] == chunks
    alone = checks.Checker(source, layout, TODAY)
    for chunk, done in ahead:
        said = alone.check(chunk)
        assert done.refused == said.refused
        assert_frame_equal(done.accepted, said.accepted)


@pytest.mark.parametrize(("told", "taken"), [("2026-11-20 23:59:59", 1), ("2026-11-20", 1), ("2026-11-21 00:00:00", 0)])
def test_a_moment_of_the_day_of_delivery_is_not_after_it(told: str, taken: int) -> None:
    source = parse(contract(column("code", "uscc", "信用代码"), column("at", "moment", "时间", notAfterDelivery=True)),
                   mapping(statements={"uscc": "code"}, identify=["code"]))  # fmt: skip
    layout = checks.lay_out(source, ["信用代码", "时间"])
    done = checks.Checker(source, layout, date(2026, 11, 20)).check([Row(1, [uscc(1), told])])
    assert done.accepted.height == taken
