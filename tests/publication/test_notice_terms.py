"""How long a penalty stands in public by each reading of the law, counted day by day; sums and masks as they go out."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.kernel import registry
from shiheng.publication.notices.definition import TERMS, WORDS, in_wan, leaks, masked, months_after

SINCE_2026 = date(2026, 4, 1)
FINE: dict[str, Any] = {"types": "罚款", "fine": "6800000"}
SMALL: dict[str, Any] = {"types": "罚款", "fine": "200000"}
BANNED: dict[str, Any] = {"types": "罚款、吊销许可证件", "fine": "6800000"}
WARNED: dict[str, Any] = {"types": "警告", "fine": "0"}


def until(plan: str, facts: dict[str, Any], day: date) -> Any:
    said = registry.find(TERMS, plan, on=day).of(facts, day)
    return "never" if said.never else said.until


@pytest.mark.parametrize(
    ("plan", "facts", "day", "last"),
    [
        ("penalty.bureaus", FINE, date(2026, 4, 20), date(2029, 4, 20)),
        ("penalty.bureaus", SMALL, date(2026, 4, 20), date(2026, 7, 20)),
        ("penalty.bureaus", SMALL, date(2025, 11, 30), date(2026, 2, 28)),
        ("penalty.bureaus", BANNED, date(2024, 2, 29), date(2027, 2, 28)),
        ("penalty.bureaus", WARNED, date(2026, 4, 20), "never"),
        # the credit sites followed the bureaux until the rules of 2026, and count by class since
        ("penalty.government", FINE, date(2026, 3, 31), date(2029, 3, 31)),
        ("penalty.government", FINE, SINCE_2026, date(2027, 4, 1)),
        ("penalty.government", BANNED, SINCE_2026, date(2029, 4, 1)),
        ("penalty.government", SMALL, SINCE_2026, date(2026, 7, 1)),
        ("penalty.government", WARNED, SINCE_2026, "never"),
    ],
)
def test_a_term_ends_on_its_day_by_the_version_in_force(plan: str, facts: Any, day: date, last: Any) -> None:
    assert until(plan, facts, day) == last


@given(st.dates(date(2021, 9, 1), date(2035, 12, 31)), st.sampled_from([3, 12, 36]))
def test_months_end_on_the_same_day_or_the_last_of_the_month(day: date, count: int) -> None:
    end = months_after(day, count)
    index = day.year * 12 + day.month - 1 + count
    assert (end.year, end.month) == (*divmod(index, 12)[:1], index % 12 + 1)
    assert end.day == day.day or (end + timedelta(days=1)).day == 1


@given(st.integers(0, 10**12 * 100))
def test_a_fine_in_ten_thousand_yuan_is_exact_to_the_fen(fen: int) -> None:
    whole, part = in_wan(fen).split(".")
    assert len(part) == 6
    assert int(whole) * 1_000_000 + int(part) == fen


def test_a_fine_of_ten_billion_keeps_its_last_fen() -> None:
    assert in_wan(10_000_000_000_00 + 1) == "1000000.000001"


def test_free_text_hides_numbers_of_persons_telephones_accounts_plates_and_names() -> None:
    text = (
        "当事人林大海（440106199001011239，电话13812345678，账号6222021234567890123）"
        "驾驶粤A12345送货，住云泽市临江区江口街道码头路12号。"
    )
    out = masked(text, WORDS, names=["林大海"])
    for hidden in ("林大海", "440106199001011239", "13812345678", "6222021234567890123", "粤A12345", "码头路"):
        assert hidden not in out
    assert "林某某" in out
    assert "临江区" in out
    assert leaks(text)
    assert not leaks(out)


@given(st.text(alphabet="甲乙丙0123456789，", max_size=60), st.integers(0, 50))
def test_what_looks_like_a_telephone_never_stays(words: str, at: int) -> None:
    planted = f"{words[:at]}，13912345678，{words[at:]}"
    assert "13912345678" not in masked(planted, WORDS)
