"""Sums: every spelling in use is read, what cannot be read is nothing, and words and figures say the same."""

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.kernel.money import Capital, chinese_number, format_fen, format_wan, in_words, parse_capital

WAN = 1_000_000


@pytest.mark.parametrize(
    ("text", "fen", "currency"),
    [
        ("200(万元人民币)", 200 * WAN, "CNY"),
        ("3万人民币", 3 * WAN, "CNY"),
        ("183.8000(万人民币元)", 183_800_000, "CNY"),
        ("600（万元）", 600 * WAN, "CNY"),
        ("300(万元(人民币))", 300 * WAN, "CNY"),
        ("300(万元（人民币）)", 300 * WAN, "CNY"),
        ("210(万)", 210 * WAN, "CNY"),
        ("1,354,964.8507(万元人民币)", 1_354_964_850_700, "CNY"),
        ("270万港币", 270 * WAN, "HKD"),
        ("500(万香港元)", 500 * WAN, "HKD"),
        ("1,065(万元(港币))", 1065 * WAN, "HKD"),
        ("0万港元", 0, "HKD"),
        ("130(万美元)", 130 * WAN, "USD"),
        ("121,293(万日元)", 121_293 * WAN, "JPY"),
        ("2,223.8700(万欧元)", 2_223_870_000, "EUR"),
        ("520(万澳大利亚元)", 520 * WAN, "AUD"),
        ("400(万德国马克)", 400 * WAN, "DEM"),
        ("231.9121(万英镑)", 231_912_100, "GBP"),
        ("壹佰万元", 100 * WAN, "CNY"),
        ("人民币伍仟元整", 500_000, "CNY"),
        ("叁拾万元人民币", 30 * WAN, "CNY"),
        ("港币壹佰万元", 100 * WAN, "HKD"),
        ("一千二百三十四元五角六分", 123_456, "CNY"),
        ("十万元", 10 * WAN, "CNY"),
        ("一亿零五万元", 10_005 * WAN, "CNY"),
        ("1.5亿元", 15_000 * WAN, "CNY"),
        ("５００万元", 500 * WAN, "CNY"),
        ("￥1,000.00", 100_000, "CNY"),
        ("RMB 100万", 100 * WAN, "CNY"),
        ("港元100万", 100 * WAN, "HKD"),
        ("注册资本：50万元整", 50 * WAN, "CNY"),
        ("12345", 1_234_500, "CNY"),
        ("0.123456789万元", 123_457, "CNY"),
    ],
)
def test_a_spelling_of_registered_capital_is_read(text: str, fen: int, currency: str) -> None:
    assert parse_capital(text) == Capital(fen, currency)


@pytest.mark.parametrize(
    "text", ["", "N/A", "-", "无", "万元", "万港币", "-5万元", "3,00万", "1e5", "一二三", "百分之五", "3元5", "1" * 101]
)
def test_what_is_no_sum_is_nothing_and_never_zero(text: str) -> None:
    assert parse_capital(text) is None


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (500_000, "伍仟元整"),
        (100 * WAN, "壹佰万元整"),
        (1_234_567, "壹万贰仟叁佰肆拾伍元陆角柒分"),
        (100_050, "壹仟元伍角整"),
        (101, "壹元零壹分"),
        (10, "壹角整"),
        (1, "壹分"),
        (0, "零元整"),
        (1_000_100, "壹万零壹元整"),
        (10_005 * WAN, "壹亿零伍万元整"),
    ],
)
def test_a_sum_is_written_in_words_as_documents_do(fen: int, words: str) -> None:
    assert in_words(fen) == words


@given(st.integers(0, 10**18 - 1))
def test_words_say_what_figures_say(fen: int) -> None:
    assert parse_capital(in_words(fen)) == Capital(fen)


@given(st.integers(0, 10**15), st.sampled_from([("人民币", "CNY"), ("港币", "HKD"), ("美元", "USD")]))
def test_a_formatted_sum_is_read_back(fen: int, named: tuple[str, str]) -> None:
    title, code = named
    assert parse_capital(f"{fen // 100:,}.{fen % 100:02d}{title}") == Capital(fen, code)
    assert format_fen(fen, code).rsplit(".", 1)[1] == f"{fen % 100:02d}"


def test_sums_are_shown_plainly() -> None:
    assert format_fen(1_234_500) == "¥12,345.00"
    assert format_fen(-5) == "-¥0.05"
    assert format_fen(10**14) == "¥1,000,000,000,000.00"
    assert format_fen(100, "JPY") == "JPY 1.00"
    assert format_wan(1_234_500_000) == "1,234.5万元"
    assert format_wan(50 * WAN, "HKD") == "50万港元"
    assert format_wan(0) == "0万元"


def test_numbers_in_words_alone() -> None:
    assert chinese_number("两千零八元") == 2008
    assert chinese_number("元") is None
    with pytest.raises(ValueError, match="zero"):
        in_words(-1)


@pytest.mark.real
def test_every_spelling_of_a_real_register_is_read(real_data: Callable[[str], Path]) -> None:
    unread: set[str] = set()
    read = 0
    with gzip.open(real_data("register_guangdong.csv.gz"), "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            text = row["注册资金"]
            if text in {"N/A", "-"}:
                assert parse_capital(text) is None
            elif parse_capital(text) is None:
                unread.add(text)
            else:
                read += 1
    assert unread == set()
    assert read > 90_000
