"""How a source's deliveries change: empty cells, codes outside the list, rows; from the profiles that were kept."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from shiheng.fusion import drift
from shiheng.kernel import clock
from tests.factories import uscc
from tests.fusion import sources as declared
from tests.fusion.deliveries import TODAY, send

__all__ = ["send"]
SOURCE = declared.parse(declared.contract(declared.CODE, declared.TITLE), declared.mapping())


def delivery(pk, rows=100, **columns):
    held = {
        name: {"missing": int(share * rows), "null_share": share, **more} for name, (share, more) in columns.items()
    }
    return SimpleNamespace(pk=pk, rows_in=rows, profile={"readable": rows, "columns": held})


def test_a_column_whose_empty_share_moved_by_the_bound_is_marked_and_one_that_vanished_too():
    before = delivery(1, code=(0.0, {}), title=(0.10, {}))
    found = {c.name: c for c in drift.columns(SOURCE, [before, delivery(2, code=(0.05, {}), title=(0.149, {}))])}
    assert (found["code"].moved, found["code"].before, found["code"].share) == (True, 0.0, 0.05)
    assert not found["title"].moved
    gone = {c.name: c for c in drift.columns(SOURCE, [before, delivery(2, code=(0.0, {}))])}
    assert (gone["title"].moved, gone["title"].share) == (True, None)


def test_an_unknown_code_says_in_which_batch_it_came_first():
    old = delivery(3, code=(0.0, {"unknown": {"9": 1}, "unknown_rows": 1}))
    new = delivery(5, code=(0.0, {"unknown": {"9": 4, "7": 2}, "unknown_rows": 6}))
    (code, _title) = drift.columns(SOURCE, [delivery(2), old, new])
    assert [(c.text, c.rows, c.first) for c in code.unknown] == [("9", 4, 3), ("7", 2, 5)]
    assert code.unknown_rows == 6


def test_the_first_delivery_has_moved_nowhere_and_none_has_no_columns():
    assert drift.columns(SOURCE, []) == []
    assert drift.columns(SOURCE, [SimpleNamespace(pk=1, rows_in=3, profile={})]) == []
    assert not any(c.moved for c in drift.columns(SOURCE, [delivery(1, code=(0.9, {}))]))


def test_rows_move_by_the_bound_against_the_delivery_before():
    assert drift.rows_moved([delivery(1, 100), delivery(2, 70)])
    assert not drift.rows_moved([delivery(1, 100), delivery(2, 71)])
    assert not drift.rows_moved([delivery(2, 70)])


@pytest.mark.django_db
def test_the_page_of_a_source_shows_what_changed_since_the_delivery_before(cast, sign_in, send):
    rows = [(uscc(n), f"{n}号渔行", f"船{n}", "1") for n in range(1, 5)]
    send(rows, on=TODAY - timedelta(days=40))
    last = send([(code, "", boat, "9" if boat == "船4" else "1") for code, _, boat, _ in rows], on=TODAY)
    with clock.standing_at(TODAY):
        page = sign_in("data").get("/sources/catches/").content.decode()
    assert "“9” 1 行" in page
    assert f'href="/batches/{last.pk}/"' in page
    assert "100.0%" in page
    assert "有变动" in page
    assert "历次来文与隔离行数" in page
