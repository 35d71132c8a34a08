"""Values as departments write them become comparable, or are refused with what is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.fusion import standardise as s
from tests.factories import uscc

CODE = uscc(1)
USUAL = "云泽市１２ab（）()·- \t\u3000\x00\u200b,;"


@pytest.mark.parametrize(
    "text",
    [
        "2008-06-16",
        "2008-6-16",
        "2008/6/16",
        "2008.06.16",
        "2008年6月16日",
        "20080616",
        "２００８－６－１６",
        "2008-06-16 00:00:00",
        "2008-06-16T08:00:00",
        "20080616103000",
        " 2008-06-16 ",
        "2008 - 6 - 16",
    ],
)
def test_a_day_in_any_spelling(text):
    assert s.day(text) == ("2008-06-16", None)


@pytest.mark.parametrize("text", ["9999-9-9", "9999-12-31", "99991231"])
def test_an_open_end_is_no_day(text):
    assert s.day(text) == (None, None)


@pytest.mark.parametrize(
    ("text", "endless"),
    [
        ("长期", True),
        ("长 期 有 效", True),
        ("9999-9-9", True),
        ("99991231", True),
        ("9999-12-31 00:00:00", True),
        ("2099-12-31", False),
        ("", False),
        ("-", False),
        ("长期合同", False),
    ],
)
def test_no_end_is_said_in_words_or_by_a_day_that_never_comes(text, endless):
    assert s.no_end(text) is endless


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2019-02-30", "不存在"),
        ("2021-13-05", "不存在"),
        ("0000-00-00", "不存在"),
        ("20231", "不是日期"),
        ("昨天", "不是日期"),
        ("1899-12-31", "1900"),
        ("2019-02", "不是日期"),
        ("43626", "不是日期"),
    ],
)
def test_what_is_no_day_is_refused_with_the_text(text, said):
    value, fault = s.day(text)
    assert value is None
    assert said in fault
    assert text in fault


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" 云泽市恒达食品有限公司 ", "云泽市恒达食品有限公司"),
        ("云泽 恒达(云泽市)有限公司", "云泽恒达（云泽市）有限公司"),
        ("Ａｂｃ　Trading  Co", "Abc Trading Co"),
        ("云泽\u200b恒达\u0000店", "云泽恒达店"),
        ("ABC 云泽店", "ABC云泽店"),
    ],
)
def test_names_are_folded_not_changed(text, name):
    assert s.name(text) == (name, None)


@pytest.mark.parametrize(
    "text",
    [
        "锟斤拷锟斤拷公司",
        "\ufffd\ufffd泽市\ufffd",
        "云泽市恒达食品有限公司".encode().decode("gb18030", "replace"),
        "云泽市恒达食品有限公司".encode().decode("cp1252", "replace"),
        "云泽市明德书社".encode().decode("latin-1"),
        "恒达\\xff公司",
    ],
)
def test_garbled_names_persons_and_addresses_are_refused(text):
    for read, what in ((s.name, "名称"), (s.person, "姓名"), (s.address, "地址")):
        value, fault = read(text)
        assert value is None, text
        assert what in fault
        assert "乱码" in fault


@pytest.mark.parametrize("text", ["……", "***", "（）"])
def test_a_name_without_a_word_is_refused(text):
    assert s.name(text) == (None, "名称中没有文字")


@pytest.mark.parametrize("right", ["望湖区大伟汽修店", "云泽市恒润商贸有限公司", "临江区阿珍家具厂"])
def test_a_name_garbled_into_characters_of_private_use_is_told(right):
    garbled = right.encode().decode("gb18030", "replace")
    assert s.name(garbled)[1], garbled


@given(st.text("云泽市恒达食品贸易科技有限公司建筑工程（）ABC·0123", min_size=1, max_size=30))
def test_no_chinese_name_of_common_characters_is_taken_for_garbled(text):
    _, fault = s.name(text)
    assert fault in {None, "名称中没有文字"}


@pytest.mark.parametrize("name", ["钱志强", "郑伟霞", "魏英梅", "司司司", "谭志伟"])
def test_names_whose_bytes_happen_to_be_other_letters_are_not_garbled(name):
    assert name.encode("gb18030").decode("utf-8"), "the trap: these bytes are valid UTF-8"
    assert s.person(name) == (name, None)


def test_a_short_garbled_name_is_still_seen():
    assert "乱码" in str(s.person("张三".encode().decode("gb18030"))[1])


def test_persons_keep_their_middle_dots_and_lose_typesetting():
    assert s.person("张 三") == ("张三", None)
    assert s.person("阿依古丽·买买提") == ("阿依古丽·买买提", None)
    assert s.person("John  Smith") == ("John Smith", None)


def test_addresses_fold_width_and_brackets():
    assert s.address("云泽市 码头路１２号(一楼)") == ("云泽市码头路12号（一楼）", None)


@pytest.mark.parametrize(
    "text", [CODE.lower(), f" {CODE} ", f"{CODE[:8]} {CODE[8:]}", "".join(chr(ord(c) + 0xFEE0) for c in CODE)]
)
def test_a_unified_code_however_typed(text):
    assert s.uscc(text) == (CODE, None)


def test_a_wrong_check_character_is_refused_with_the_likely_code():
    wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    value, fault = s.uscc(wrong)
    assert value is None
    assert "校验" in fault


def test_a_fifteen_digit_number_in_the_code_column_is_an_old_number():
    assert s.uscc("440101000000018")[0] == s.regno("440101000000018")[0]
    value, fault = s.regno("440101000000017")
    assert (value is None) == (fault is not None)


def test_older_numbers_name_nobody_and_are_no_fault():
    assert s.regno("4401012345") == (None, None)


def test_identifiers_lose_what_no_database_takes():
    assert s.identifier(" ab\x0012\u200b ") == ("AB12", None)
    assert s.identifier("\x00") == (None, None)


@pytest.mark.parametrize(("text", "value"), [("50万元人民币", "50000000 CNY"), ("3万港币", "3000000 HKD")])
def test_sums_are_fen_and_a_currency(text, value):
    assert s.capital(text) == (value, None)


def test_what_is_no_sum_is_refused_with_an_example():
    value, fault = s.capital("若干")
    assert value is None
    assert "若干" in fault
    assert "50万元人民币" in fault


@pytest.mark.parametrize("text", ["449901", "449901001", "449901001000"])
def test_regions_of_each_length(text):
    assert s.region(text) == (text, None)


@pytest.mark.parametrize("text", ["44990", "望湖", "4499010A1", "999901001", "004499001"])
def test_what_is_no_region_is_refused(text):
    value, fault = s.region(text)
    assert value is None
    assert text in fault


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", "1234.5"),
        ("-0", "0"),
        (".5", "0.5"),
        ("００１２", "12"),
        ("-3.10", "-3.1"),
        ("+7", "7"),
        ("1，234", "1234"),
    ],
)
def test_numbers_in_plain_digits(text, value):
    assert s.number(text) == (value, None)


@pytest.mark.parametrize("text", ["12%", "1e5", "1,23", "一百", ".", "1" * 30])
def test_what_is_no_number_is_refused_with_the_text(text):
    value, fault = s.number(text)
    assert value is None
    assert text in fault


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.5", "123450"),
        ("12万元", "12000000"),
        ("伍仟元整", "500000"),
        ("0", "0"),
        ("-12.3", "-1230"),
        ("¥9.99", "999"),
    ],
)
def test_sums_of_yuan_are_whole_fen(text, fen):
    assert s.money_sum(text) == (fen, None)


@pytest.mark.parametrize("text", ["若干", "3万美元"])
def test_what_is_no_sum_of_yuan_is_refused(text):
    assert s.money_sum(text)[0] is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-13800138000", "13800138000"),
        ("(0571)87654321", "0571-87654321"),
        ("057187654321转801", "0571-87654321-801"),
        ("12345", "12345"),
        ("400-800-1234", "4008001234"),
        ("13800138000、0571-87654321", "13800138000、0571-87654321"),
        ("13800138000/13800138000", "13800138000"),
    ],
)
def test_telephone_numbers(text, numbers):
    assert s.phone(text) == (numbers, None)


@pytest.mark.parametrize("text", ["138****8000", "无", "1380013800"])
def test_a_wrong_or_masked_telephone_number_is_refused_without_being_shown(text):
    value, fault = s.phone(text)
    assert value is None
    assert text not in fault


def test_identity_numbers_are_checked_and_old_ones_completed():
    assert s.id_number("11010519491231002x") == ("11010519491231002X", None)
    assert s.id_number("110105491231002") == ("11010519491231002X", None)
    value, fault = s.id_number("110105194912310021")
    assert value is None
    assert "110105194912310021" not in fault


@pytest.mark.parametrize(("text", "told"), [("是", "是"), ("ＴＲＵＥ", "是"), ("1", "是"), ("N", "否"), ("没有", "否")])
def test_yes_and_no(text, told):
    assert s.flag(text) == (told, None)
    assert s.flag("不详")[0] is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-06-18 08:30:00", "2020-06-18T08:30:00"),
        ("2020/6/18 8:30", "2020-06-18T08:30:00"),
        ("2020年6月18日8时30分15秒", "2020-06-18T08:30:15"),
        ("20200618083000", "2020-06-18T08:30:00"),
        ("2020-06-18", "2020-06-18T00:00:00"),
        ("2020-06-18T08:30:00Z", "2020-06-18T16:30:00"),
        ("2020-06-18T08:30:00.123+08:00", "2020-06-18T08:30:00"),
    ],
)
def test_a_moment_in_any_spelling_is_told_by_beijings_clock(text, moment):
    assert s.moment(text) == (moment, None)


@pytest.mark.parametrize("text", ["2020-02-30 10:00", "2020-06-18 25:00", "昨天", "1800-01-01 00:00:00"])
def test_what_is_no_moment_is_refused_with_the_text(text):
    value, fault = s.moment(text)
    assert value is None
    assert text in fault


@pytest.mark.parametrize("kind", list(s.BY_KIND))
@given(text=st.text(min_size=1, max_size=40) | st.text(USUAL, min_size=1))
def test_any_text_gives_a_value_or_a_reason_or_nothing_and_standard_values_stay(kind, text):
    value, fault = s.BY_KIND[kind](text)
    assert value is None or fault is None
    if value is not None:
        assert "\x00" not in value
        value.encode("utf-8")
        if kind not in {"capital", "money"} and set(text) <= set(USUAL):
            assert s.BY_KIND[kind](value) == (value, None)
