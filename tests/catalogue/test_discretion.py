"""A fine is worked out of what the law says, step by step: the range, the floor, the grade, the band."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiheng.catalogue.discretion import GRADES, band, calculate
from shiheng.catalogue.violations import SCALES, STAGES, VIOLATIONS, Scale, Violation, read_range
from shiheng.kernel import registry
from shiheng.kernel.errors import Refused

DAY = date(2026, 11, 20)
YUAN = 100
WAN = 10_000 * YUAN


def violation(code: str) -> Violation:
    found: Violation = registry.find(VIOLATIONS, code, on=DAY)
    return found


@pytest.fixture(scope="module")
def scale() -> Scale:
    found: Scale = registry.find(SCALES, "bureau", on=DAY)
    return found


def test_food_without_permit_below_ten_thousand_has_a_range_of_sums(scale: Scale) -> None:
    found = calculate(violation("food.unlicensed"), scale, sums={"goods": 3_000 * YUAN})
    assert (found.least, found.most) == (5 * WAN, 10 * WAN)
    assert found.grade == "general"
    assert (found.low, found.high) == (65_000 * YUAN, 85_000 * YUAN)


def test_from_ten_thousand_on_it_is_ten_to_twenty_times_the_goods(scale: Scale) -> None:
    found = calculate(violation("food.unlicensed"), scale, sums={"goods": 3 * WAN}, factors=["repeated"])
    assert (found.least, found.most) == (30 * WAN, 60 * WAN)
    assert found.grade == "heavier"
    assert (found.low, found.high) == (51 * WAN, 60 * WAN)


def test_goods_of_exactly_ten_thousand_are_multiplied(scale: Scale) -> None:
    found = calculate(violation("food.unlicensed"), scale, sums={"goods": WAN})
    assert (found.least, found.most) == (10 * WAN, 20 * WAN)


def test_drugs_worth_less_than_the_floor_count_as_the_floor(scale: Scale) -> None:
    small = calculate(violation("drugs.unlicensed"), scale, sums={"goods": 300 * YUAN})
    floor = calculate(violation("drugs.unlicensed"), scale, sums={"goods": 10 * WAN})
    assert (small.least, small.most) == (floor.least, floor.most) == (150 * WAN, 300 * WAN)
    assert any("不足" in step.text for step in small.steps)
    assert not any("不足" in step.text for step in floor.steps)


def test_a_multiple_has_its_statutory_ceiling(scale: Scale) -> None:
    found = calculate(violation("complaints.terms"), scale, sums={"gains": 5 * WAN})
    assert found.most == 3 * WAN


def test_without_gains_the_price_law_fines_by_sum(scale: Scale) -> None:
    assert calculate(violation("price.fraud"), scale, sums={"gains": 0}).most == 50 * WAN
    assert calculate(violation("price.fraud"), scale, sums={"gains": 2 * WAN}).most == 10 * WAN


def test_what_is_fined_only_after_refusal_has_no_fine_before(scale: Scale) -> None:
    before = calculate(violation("registration.no_change"), scale, sums={})
    assert before.range is None
    assert (before.low, before.high) == (0, 0)
    after = calculate(violation("registration.no_change"), scale, sums={}, stage="refused")
    assert (after.least, after.most) == (WAN, 10 * WAN)


@pytest.mark.parametrize(
    ("factors", "grade", "choices"),
    [
        ([], "general", ("general",)),
        (["slight_corrected"], "none", ("none",)),
        (["no_fault", "harm"], "none", ("none",)),
        (["first_slight"], "none", ("none", "lighter", "general")),
        (["removed_harm"], "lighter", ("lighter", "reduced")),
        (["cooperated"], "lighter", ("lighter", "reduced", "general")),
        (["emergency"], "heavier", ("heavier",)),
        (["removed_harm", "harm"], "general", ("general", "lighter", "heavier")),
        (["first_slight", "harm"], "general", ("general", "lighter", "heavier")),
    ],
)
def test_circumstances_propose_a_grade_and_leave_what_the_law_leaves(
    factors: list[str], grade: str, choices: tuple[str, ...], scale: Scale
) -> None:
    found = calculate(violation("food.unlicensed"), scale, sums={"goods": WAN}, factors=factors)
    assert (found.grade, found.open) == (grade, choices)


def test_a_grade_that_is_not_open_is_refused(scale: Scale) -> None:
    with pytest.raises(Refused) as refused:
        calculate(violation("food.unlicensed"), scale, sums={"goods": WAN}, chosen="reduced")
    assert refused.value.code == "discretion.grade"


def test_reduced_lies_wholly_below_the_minimum(scale: Scale) -> None:
    found = calculate(
        violation("food.unlicensed"), scale, sums={"goods": WAN}, factors=["removed_harm"], chosen="reduced"
    )
    assert (found.low, found.high) == (0, 10 * WAN - 1)


def test_a_sum_the_law_multiplies_must_be_given(scale: Scale) -> None:
    with pytest.raises(Refused):
        calculate(violation("food.unlicensed"), scale, sums={})


def test_every_step_but_the_choice_names_its_article(scale: Scale) -> None:
    found = calculate(violation("food.unlicensed"), scale, sums={"goods": WAN}, factors=["removed_harm"])
    assert all(step.basis is not None for step in found.steps)
    for step in found.steps:
        assert step.text % step.facts


def test_a_proposal_outside_the_band_is_measured(scale: Scale) -> None:
    found = calculate(violation("food.unlicensed"), scale, sums={"goods": 3_000 * YUAN})
    assert found.deviation(found.low) == found.deviation(found.high) == 0
    assert found.deviation(found.low - 500) == -500
    assert found.deviation(found.high + 700) == 700


ALL = st.sampled_from(sorted(v.code for v in registry.all_of(VIOLATIONS, on=DAY)))
SUMS = st.integers(0, 10**12)


@given(code=ALL, value=SUMS, stage=st.sampled_from(sorted(STAGES)))
def test_every_violation_gives_a_band_inside_its_range(code: str, value: int, stage: str) -> None:
    held, scale = violation(code), registry.find(SCALES, "bureau", on=DAY)
    found = calculate(held, scale, sums=dict.fromkeys(held.bases, value), stage=stage)
    assert 0 <= found.least <= found.low <= found.high <= found.most or found.range is None


@given(least=SUMS, extra=SUMS)
def test_the_bands_follow_each_other_without_gap_or_overlap(least: int, extra: int) -> None:
    scale = registry.find(SCALES, "bureau", on=DAY)
    lighter, general, heavier = (
        band(grade, least, least + extra, scale) for grade in ("lighter", "general", "heavier")
    )
    assert lighter[0] == least
    assert lighter[1] == general[0]
    assert general[1] == heavier[0]
    assert heavier[1] == least + extra
    assert band("reduced", least, least + extra, scale)[1] < max(least, 1)
    assert set(GRADES) == {"none", "reduced", *scale.bands}


@given(value=SUMS, more=SUMS)
def test_more_goods_never_cost_less(value: int, more: int) -> None:
    held, scale = violation("drugs.unlicensed"), registry.find(SCALES, "bureau", on=DAY)
    less, greater = (calculate(held, scale, sums={"goods": v}) for v in (value, value + more))
    assert less.low <= greater.low
    assert less.high <= greater.high


@pytest.mark.parametrize("text", ["goods: 3x-1x", "goods: 1x-3", "weight: 1x-3x", "fixed 1-2", ""])
def test_a_range_that_makes_no_sense_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="range"):
        read_range(text)
