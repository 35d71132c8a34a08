"""Many rows go into the database at once, whatever their making asks of it."""

from typing import Any

import pytest

from shiheng.columnar import frames
from shiheng.subjects.models import Mark

pytestmark = pytest.mark.django_db


def test_a_row_may_ask_the_database_while_it_is_made() -> None:
    assert frames.insert(Mark, ("kind", "value"), ((f"k{n}", Mark.objects.count()) for n in range(3))) == 3
    assert list(Mark.objects.order_by("kind").values_list("kind", "value")) == [("k0", 0), ("k1", 0), ("k2", 0)]


def test_no_rows_are_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert frames.insert(Mark, ("kind", "value"), ()) == 0
