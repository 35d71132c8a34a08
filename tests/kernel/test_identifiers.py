"""Codes: the handbook's vectors, the traps other implementations fall into, and repairs that are sure or nothing."""

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from shiheng.kernel.errors import Refused
from shiheng.kernel.identifiers import (
    USCC_ALPHABET,
    check_uscc,
    normalise,
    orgcode_check_character,
    orgcode_fault,
    orgcode_of,
    parse_uscc,
    regno_check_character,
    regno_fault,
    repair_uscc,
    resident_id_check_character,
    resident_id_fault,
    uscc_check_character,
    uscc_fault,
)

RIGHT = [
    "91110000600037341L", "91330108793696828A", "91442000MA00TEXT0Q", "92442000MA00TEXT0M", "93442000MA00TEXT0J",
    "N2442000MA00TEXT08", "12442000MA00TEXT0X", "52442000MA00TEXT0R",
]  # fmt: skip

PREFIXES = ["11", "12", "51", "52", "91", "92", "93", "A1", "N2", "Y1"]
codes = st.builds(
    lambda prefix, region, body: _finish(prefix + region + body),
    st.sampled_from(PREFIXES),
    st.sampled_from(["110000", "440105", "442000", "449901", "100000", "650100"]),
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8),
)


def _finish(body16: str) -> str:
    body17 = body16 + orgcode_check_character(body16[8:])
    return body17 + uscc_check_character(body17)


@pytest.mark.parametrize("code", RIGHT)
def test_every_known_right_code_is_accepted(code: str) -> None:
    assert uscc_fault(code) is None
    assert check_uscc(code) == code
    assert orgcode_fault(orgcode_of(code)) is None


def test_a_wrong_check_character_says_what_it_should_be() -> None:
    fault = uscc_fault("91110000600037341M")
    assert fault is not None
    assert "“L”" in fault
    assert "“M”" in fault


def test_a_remainder_of_zero_gives_zero_and_not_thirty_one() -> None:
    assert uscc_check_character("0" * 17) == "0"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("９１１１００００６０００３７３４１Ｌ", "91110000600037341L"),
        (" 9111 0000 6000 37341l\n", "91110000600037341L"),
        ("91110000-600037341-L", "91110000600037341L"),
        ("9111\u3000000060\u200b0037341L", "91110000600037341L"),
        ("n2442000ma00text08", "N2442000MA00TEXT08"),
    ],
)
def test_full_width_blanks_hyphens_and_lower_case_are_read(typed: str, read: str) -> None:
    assert normalise(typed) == read
    assert check_uscc(typed) == read


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("", "18位"),
        ("9111000060003734", "16位"),
        ("9111000060003734IL", "第17位“I”"),
        ("9111000060003O341L", "第14位“O”"),
        ("911100A0600037341L", "第3至8位"),
        ("91110000600037341！", "第18位"),
    ],
)
def test_a_refused_code_says_where_it_is_wrong(code: str, place: str) -> None:
    fault = uscc_fault(code)
    assert fault is not None
    assert place in fault
    with pytest.raises(Refused) as refused:
        check_uscc(code)
    assert "请核对" in refused.value.message


def test_a_code_is_taken_apart() -> None:
    parts = parse_uscc("N2442000MA00TEXT08")
    assert (parts.department, parts.class_, parts.region, parts.orgcode) == ("N", "2", "442000", "MA00TEXT0")
    assert parts.department_title == "农业农村"
    assert parts.class_title == "村级集体经济组织"


@given(codes)
def test_a_second_implementation_agrees_where_it_accepts_the_first_two_places(code: str) -> None:
    assert uscc_fault(code) is None
    if code[:8].isdigit():  # the other one demands digits in places 1 to 8 and so refuses N…, A…, Y… wrongly
        assert uscc.is_valid(code)
    assert uscc_check_character(code[:17]) == uscc.calc_check_digit(code[:17])


@given(codes, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_any_single_wrong_character_is_noticed(code: str, place: int, character: str) -> None:
    wrong = code[:place] + character + code[place + 1 :]
    assert (uscc_fault(wrong) is None) == (wrong == code)


@given(codes, st.integers(0, 17), st.sampled_from(USCC_ALPHABET + "IOSVZ"))
def test_a_repair_is_either_the_true_code_or_one_that_cannot_be_told_from_it(
    code: str, place: int, character: str
) -> None:
    wrong = code[:place] + character + code[place + 1 :]
    repaired = repair_uscc(wrong)
    if wrong == code:
        assert repaired is None
    else:
        assert repaired in (None, code)


@given(codes, st.integers(0, 16))
def test_two_neighbours_swapped_are_put_back_or_left_alone(code: str, place: int) -> None:
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if uscc_fault(wrong) is not None:
        assert repair_uscc(wrong) in (None, code)


@given(codes, st.integers(0, 17), st.sampled_from("IOSVZ"))
def test_a_letter_that_no_code_may_hold_is_always_repaired(code: str, place: int, letter: str) -> None:
    assert repair_uscc(code[:place] + letter + code[place + 1 :]) == code


def test_nothing_is_repaired_when_two_codes_would_fit_or_the_length_is_wrong() -> None:
    assert repair_uscc("91110000600037341M") is None  # the last place, or another one: both would fit
    assert repair_uscc("9111000060003734") is None
    assert repair_uscc("91110000600037341L") is None


def test_organisation_codes() -> None:
    assert orgcode_fault(normalise("D2143569-X")) is None
    assert orgcode_fault("D21435691") == "组织机构代码校验位不符：应为“X”，现为“1”"
    assert "9位" in str(orgcode_fault("D2143569"))
    assert "数字或X" in str(orgcode_fault("D2143569A"))


@given(st.text("0123456789", min_size=14, max_size=14))
def test_registration_numbers_follow_iso_7064_mod_11_10(body: str) -> None:
    from stdnum.iso7064 import mod_11_10

    assert regno_check_character(body) == mod_11_10.calc_check_digit(body)
    right = body + regno_check_character(body)
    assert regno_fault(right) is None
    wrong = body + str((int(right[-1]) + 1) % 10)
    assert "校验位" in str(regno_fault(wrong))


def test_a_registration_number_has_fifteen_digits() -> None:
    assert "15位" in str(regno_fault("44010000000001"))


@pytest.mark.parametrize("number", ["11010519491231002X", "442000199001011233", "440106198506300046"])
def test_known_identity_numbers_are_accepted(number: str) -> None:
    assert resident_id_fault(number) is None
    assert ric.is_valid(number)


def test_identity_numbers_of_retired_regions_and_of_fifteen_digits_are_accepted() -> None:
    body = "44010219850630004"  # 东山区, merged into 越秀区 long ago
    assert resident_id_fault(body + resident_id_check_character(body)) is None
    assert resident_id_fault("440106850630004") is None
    assert "出生日期" in str(resident_id_fault("440106851330004"))


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("442000199001011234", "校验位"),
        ("442000199002301234", "出生日期"),
        ("44200019900101123", "18位"),
        ("4420001990O101123X", "18位"),
    ],
)
def test_a_wrong_identity_number_is_refused_without_being_shown(number: str, why: str) -> None:
    fault = str(resident_id_fault(number))
    assert why in fault
    assert number not in fault


@pytest.mark.real
def test_nearly_every_code_of_a_real_register_passes_and_repairs_are_right(
    real_data: Callable[[str], Path],
) -> None:
    path = real_data("register_guangdong.csv.gz")
    total = faults = orgcodes = repaired = wrong = tried = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for place, row in enumerate(csv.DictReader(stream)):
            code = normalise(row["统一社会信用代码"])
            total += 1
            if uscc_fault(code):
                faults += 1
                continue
            orgcodes += orgcode_fault(code[8:17]) is None
            if place % 997 == 0:  # every 997th code, with the slip in another place each time
                spot = place // 997 % 18
                other = USCC_ALPHABET[(USCC_ALPHABET.index(code[spot]) + 1 + place % 29) % 31]
                tried += 1
                mended = repair_uscc(code[:spot] + other + code[spot + 1 :])
                repaired += mended == code
                wrong += mended not in (None, code)
    assert total == 115_803
    assert faults < 50
    assert orgcodes / (total - faults) > 0.999
    assert wrong == 0
    assert repaired / tried > 0.2
