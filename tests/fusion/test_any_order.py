"""Whatever order batches come in, the same rows are one business's."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiheng.fusion.models import Link
from tests.factories import uscc
from tests.fusion.test_withdrawal import KEYS, land, row, told, two_sources, two_sources_once  # noqa: F401

pytestmark = pytest.mark.django_db
LINES = st.lists(
    st.tuples(
        st.sampled_from(KEYS), st.sampled_from(KEYS), st.sampled_from(KEYS), st.sampled_from(["甲店", "乙店", "丙店"])
    ),
    min_size=1,
    max_size=4,
)
BATCHES = st.lists(st.tuples(st.sampled_from(["sample", "papers"]), LINES), min_size=2, max_size=5)
Rows = frozenset[tuple[str, int]]


def together(batches: list[tuple[str, list[Any]]], order: list[int]) -> set[Rows]:
    """The rows of each subject, by the batch's place in ``batches`` and the row's number."""
    found: dict[int, set[tuple[str, int]]] = {}

    def load() -> None:
        for place in order:
            source, lines = batches[place]
            rows = [
                row(code, number, own, title=title, permit=f"P{n}")
                for n, (code, number, own, title) in enumerate(lines)
            ]
            land(rows, source=source, key=f"{place}")
        for key, line, subject in Link.objects.filter(until=None).values_list("batch__key", "row", "subject_id"):
            found.setdefault(subject, set()).add((key, line))

    told(load)
    return {frozenset(rows) for rows in found.values()}


def same_in(batches: list[tuple[str, list[Any]]], draw: Any) -> None:
    order = list(range(len(batches)))
    straight = together(batches, order)
    draw.shuffle(order)
    assert together(batches, order) == straight


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=BATCHES, draw=st.randoms(use_true_random=False))
def test_any_order_of_batches_makes_the_same_businesses(two_sources_once, batches, draw):  # noqa: F811
    same_in(batches, draw)


@pytest.mark.slow
@settings(max_examples=1_000, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=BATCHES, draw=st.randoms(use_true_random=False))
def test_any_of_a_thousand_orders(two_sources_once, batches, draw):  # noqa: F811
    same_in(batches, draw)


def test_a_number_learnt_within_a_file_leads_no_second_unified_code_to_a_business(two_sources):  # noqa: F811
    """Business 2 is known by number 1 alone in this file; that it has a code of its own stands in an earlier one."""
    land([row(2, number=1, title="甲店")], day=1)
    land([row(number=1, own=3, title="乙店"), row(1, own=3, title="丙店")], day=2, source="papers")
    subjects = list(Link.objects.filter(until=None).order_by("batch_id", "row").values_list("subject__uscc", flat=True))
    assert subjects == [uscc(2), uscc(2), uscc(1)]
