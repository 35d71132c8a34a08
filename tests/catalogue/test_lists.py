"""A scope is checked against the negative list, a decision against the list of those that need legal review."""

from datetime import date

import pytest

from shiheng.catalogue.lists.access import check_scope, marked
from shiheng.catalogue.lists.definition import NEGATIVE, REVIEWS
from shiheng.catalogue.lists.review import CaseFacts, needs_legal_review
from shiheng.kernel import registry

DAY = date(2026, 11, 20)


def found(text: str) -> list[tuple[str, str]]:
    return [(hit.item.measure, hit.part) for hit in check_scope(text, registry.all_of(NEGATIVE, on=DAY))]


def test_what_needs_a_permit_is_told_with_the_words_that_say_so() -> None:
    (hit,) = check_scope("许可项目：烟草制品零售", registry.all_of(NEGATIVE, on=DAY))
    assert hit.item.measure == "permit"
    assert hit.item.permit == "烟草专卖零售许可证"
    assert marked(hit) == [("烟草制品零售", True)]


def test_what_is_banned_comes_first() -> None:
    assert [measure for measure, _ in found("餐饮服务；虚拟货币交易")] == ["banned", "permit"]


def test_an_ordinary_scope_meets_nothing() -> None:
    assert found("日用百货销售；信息技术咨询服务；广告设计、代理；除尘设备销售") == []


@pytest.mark.parametrize(
    "text",
    [
        "化工产品销售（不含危险化学品）",
        "化工产品销售(不含危险化学品、烟花爆竹)",
        "化工产品销售，除危险化学品以外",
        "食品销售（仅销售预包装食品）",
    ],
)
def test_what_is_taken_out_is_no_hit(text: str) -> None:
    assert found(text) == []


def test_what_follows_an_exception_still_counts() -> None:
    assert found("化工产品销售（不含危险化学品）；烟花爆竹零售") == [("permit", "烟花爆竹零售")]


def test_full_width_and_blanks_do_not_hide_a_word() -> None:
    assert found("Ｐ２Ｐ 平台；民间 借贷")[0][0] == "banned"


def reasons(**facts: object) -> set[str]:
    met = needs_legal_review(CaseFacts(**facts), registry.all_of(REVIEWS, on=DAY))  # type: ignore[arg-type]
    return {reason.item.code for reason in met}


def test_a_small_fine_without_more_needs_no_legal_review() -> None:
    assert reasons(fine=5_000_00) == set()


def test_each_ground_of_the_procedure_rules_is_met() -> None:
    assert reasons(public_interest=True) == {"public_interest"}
    assert reasons(heard=True) == {"heard"}
    assert reasons(required_by_law=True) == {"by_law"}
    assert reasons(difficult=True, legal_relations=2) == {"difficult"}


def test_a_difficult_case_of_one_relation_is_not_that_ground() -> None:
    assert reasons(difficult=True, legal_relations=1) == set()


def test_the_line_of_a_large_fine_is_another_for_a_person() -> None:
    assert reasons(fine=1_000_000, person=True) == {"large_fine_person"}
    assert reasons(fine=1_000_000, person=False) == set()
    assert reasons(fine=10_000_000) == {"large_fine_organisation"}
    assert reasons(fine=9_999_999) == set()


def test_revoking_or_closing_always_needs_it() -> None:
    assert reasons(penalties=frozenset({"2A", "3C"})) == {"stop_or_revoke"}


def test_another_kind_of_decision_is_judged_by_its_own_items() -> None:
    assert reasons(decision="coercion", seized=50_000_000) == {"large_seizure"}
    assert reasons(decision="licensing", heard=True) == {"licence_heard"}
