"""Masking: enough is hidden, a mark stays, and nothing that was hidden can be read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.kernel.masking import mask_account, mask_address, mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张某"),
        ("李小明", "李某某"),
        ("欧阳小明", "欧阳某某"),
        ("欧阳", "欧某"),
        ("司马懿", "司马某"),
        ("阿不都·热合曼", "阿某某"),
        ("John Smith", "J***"),
        (" 张三 ", "张某"),
        ("王", "王某"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_surname(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_numbers_keep_their_ends_only() -> None:
    assert mask_id("442000199001011233") == "4420**********1233"
    assert mask_id("12345") == "*****"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("+86 138 1234 5678") == "138****5678"
    assert mask_phone("0760-88123456") == "0760-******56"
    assert mask_phone("020 8812345") == "020-*****45"
    assert mask_phone("12345") == "***45"
    assert mask_phone("110") == "***"
    assert mask_account("6222 0212 3456 7890") == "**** 7890"
    assert mask_account("1234") == "****"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("广东省广州市越秀区东风中路1号", "广东省广州市越秀区***"),
        ("广州市天河区大观中路", "广州市天河区***"),
        ("中山市石岐街道孙文路2号", "中山市***"),
        ("云泽市临江区河埠街道槐荫路18号3栋502房", "云泽市临江区***"),
        ("广东省清远市连山壮族瑶族自治县吉田镇", "广东省清远市连山壮族瑶族自治县***"),
        ("槐荫路18号", "***"),
        ("广东省广州市", "广东省广州市"),
        ("", ""),
    ],
)
def test_an_address_is_kept_to_its_district(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@given(st.text("0123456789", min_size=11, max_size=19))
def test_no_number_is_shown_in_full(number: str) -> None:
    for mask in (mask_id, mask_phone, mask_account):
        assert number not in mask(number)
        assert "*" in mask(number)
