"""A file of receipts from the finance department, row by row, and held against what the files say: pure."""

from datetime import date

import pytest

from shiheng.procedures.money.slips import DIFFERS, MATCHED, OURS, THEIRS, TWICE, Paid, Slip, compare, read

DAY = date(2026, 11, 20)


def test_rows_in_are_rows_taken_and_rows_refused_with_why() -> None:
    grid = [
        ["", ""], ["票据号码", "缴款日期", "金额", "缴款人"], ["A1", "2026-11-20", "1,200.50", "恒达"],
        ["A2", date(2026, 11, 19), 300.0, None], ["", "2026-11-20", "1", ""], ["A3", "昨天", "1", ""],
        ["A4", "2026-11-20", "壹佰", ""], ["A5", "2026-11-20", "1.234", ""], ["A6", "2026-11-20", "-5", ""], [None, ""],
    ]  # fmt: skip
    slips, faults = read(grid)
    assert slips == [Slip("A1", DAY, 120_050, "恒达"), Slip("A2", date(2026, 11, 19), 30_000, "")]
    assert [fault.line for fault in faults] == [5, 6, 7, 8, 9]
    assert "票据号码" in faults[0].why
    assert len(slips) + len(faults) == 7


def test_a_sheet_without_the_columns_is_told_which() -> None:
    with pytest.raises(ValueError, match="缴款日期、金额"):
        read([["票据号码", "钱"]])
    with pytest.raises(ValueError, match="票据号码"):
        read([])


def test_each_receipt_stands_once_with_what_differs_first() -> None:
    slips = [Slip("same", DAY, 100), Slip("short", DAY, 90), Slip("twice", DAY, 50), Slip("twice", DAY, 50),
             Slip("theirs", DAY, 7)]  # fmt: skip
    paid = [Paid("same", DAY, 100, 1, "一"), Paid("short", DAY, 100, 2, "二"), Paid("twice", DAY, 50, 3, "三"),
            Paid("ours", DAY, 8, 4, "四")]  # fmt: skip
    found = compare(slips, paid)
    assert {one.number: one.result for one in found} == {
        "short": DIFFERS, "twice": TWICE, "theirs": THEIRS, "ours": OURS, "same": MATCHED,
    }  # fmt: skip
    assert [one.result for one in found][-1] == MATCHED
    assert {one.number: one.difference for one in found} == {
        "short": -10,
        "twice": 50,
        "theirs": 7,
        "ours": -8,
        "same": 0,
    }
