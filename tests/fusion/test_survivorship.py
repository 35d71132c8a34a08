"""Which of several statements wins and why, what a subject held over time, and what became of each record."""

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from shiheng.fusion.statement import NONE, UNKNOWN, from_accepted
from shiheng.fusion.survivorship import UNRANKED, closed, records, spans, winners

SCHEMA = {
    "subject": pl.Int64,
    "field": pl.String,
    "value": pl.String,
    "day": pl.Date,
    "source": pl.String,
    "batch": pl.Int64,
    "row": pl.Int64,
    "known_on": pl.Date,
    "rank": pl.Int64,
}


def d(month: int, day: int = 1) -> date:
    return date(2026, month, day)


def said(value: str, **more: Any) -> dict[str, Any]:
    """One statement; later batches are known later unless said otherwise."""
    batch = more.get("batch", 1)
    usual = {
        "subject": 1,
        "field": "name",
        "day": d(batch),
        "source": "register",
        "batch": batch,
        "row": 1,
        "known_on": d(batch, 5),
        "rank": 1,
    }
    return {**usual, "value": value, **more}


def frame(*statements: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(statements), schema=SCHEMA)


def won(*statements: dict[str, Any]) -> tuple[str, str]:
    """The winning value and why; the order in which statements lie in the lake must not matter."""
    draw, seen = random.Random(1), set()
    for _ in range(6):
        shuffled = list(statements)
        draw.shuffle(shuffled)
        (line,) = winners(frame(*shuffled)).to_dicts()
        seen.add((line["value"], line["why"]))
    assert len(seen) == 1, seen
    return seen.pop()


def test_one_source_that_said_it_once():
    assert won(said("甲")) == ("甲", "唯一来源")


def test_sources_that_agree():
    assert won(said("甲"), said("甲", batch=2), said("甲", source="tax", rank=5)) == ("甲", "3 次报送一致")


def test_the_owner_of_a_field_beats_a_newer_word_from_aside():
    assert won(said("甲"), said("乙", batch=6, source="tax", rank=UNRANKED)) == ("甲", "该字段的权威来源")


def test_between_equals_the_newer_day_wins():
    one, two = said("甲", source="tax", rank=5, day=d(3)), said("乙", source="social", rank=5, day=d(4))
    assert won(one, two) == ("乙", "日期最新（2026-04-01）")


def test_what_a_source_says_later_replaces_what_it_said_whatever_day_its_rows_carry():
    full = said("甲", batch=5, day=d(5, 5))
    change = said("乙", batch=6, day=d(4, 20))  # approved before the full file was sent, told after it
    assert won(full, change) == ("乙", "最近一次报送（2026-06-05）")


def test_within_one_delivery_the_newest_day_then_the_later_row_wins():
    assert won(said("甲", row=9), said("乙", row=1, day=d(1, 2))) == ("乙", "同批多说，取日期最新、靠后的一行")
    assert won(said("甲", row=1), said("乙", row=2)) == ("乙", "同批多说，取日期最新、靠后的一行")


def test_two_values_of_one_row_are_told_apart_alike_on_every_run():
    assert won(said("乙"), said("甲")) == won(said("甲"), said("乙"))


def test_others_counts_the_further_values():
    line = winners(
        frame(said("甲"), said("乙", batch=2), said("丙", batch=3), said("乙", source="tax", rank=9))
    ).to_dicts()
    assert line[0]["others"] == 2


def test_fields_and_subjects_do_not_mix():
    lines = winners(frame(said("甲"), said("乙", subject=2), said("路", field="address"))).to_dicts()
    assert {(x["subject"], x["field"], x["value"]) for x in lines} == {
        (1, "name", "甲"),
        (2, "name", "乙"),
        (1, "address", "路"),
    }


# --- what was held over time ------------------------------------------------------------------------------------------
def held(*statements: dict[str, Any]) -> dict[str, tuple[date, date | None, bool]]:
    rows = spans(frame(*statements), "name").to_dicts()
    return {row["value"]: (row["first_day"], row["last_day"], row["current"]) for row in rows}


def test_a_renamed_subject_held_its_first_name_until_the_second_began():
    assert held(said("甲"), said("甲", batch=2), said("乙", batch=3)) == {
        "甲": (d(1), d(3), False),
        "乙": (d(3), None, True),
    }


def test_a_name_taken_back_is_current_again_and_the_one_between_ended_when_it_returned():
    assert held(said("甲"), said("乙", batch=2), said("甲", batch=4)) == {
        "甲": (d(1), None, True),
        "乙": (d(2), d(4), False),
    }


def test_back_and_forth_twice():
    assert held(said("甲"), said("乙", batch=2), said("甲", batch=3), said("乙", batch=4), said("丙", batch=5)) == {
        "甲": (d(1), d(4), False),
        "乙": (d(2), d(5), False),
        "丙": (d(5), None, True),
    }


def test_a_change_approved_before_the_full_file_never_ends_before_it_began():
    spanned = held(said("甲", batch=5, day=d(5, 5)), said("乙", batch=6, day=d(4, 20)))
    assert spanned == {"甲": (d(5, 5), d(5, 5), False), "乙": (d(4, 20), None, True)}


def test_another_sources_spelling_is_no_change_of_name():
    assert held(said("甲"), said("甲公司", batch=2, source="tax", rank=9), said("甲", batch=3)) == {
        "甲": (d(1), None, True)
    }


@pytest.mark.parametrize("seed", range(20))
def test_exactly_one_value_is_current_and_it_is_the_winner(seed):
    draw = random.Random(seed)
    lines = [
        said(
            draw.choice("甲乙丙"),
            batch=(batch := draw.randint(1, 6)),
            row=row,
            day=d(draw.randint(1, 12)),
            source=draw.choice(["register", "tax"]),
            rank=draw.choice([1, 1, 5]),
            known_on=d(batch, 5),
        )
        for row in range(draw.randint(1, 8))
    ]
    rows = spans(frame(*lines), "name").to_dicts()
    assert [row["value"] for row in rows if row["current"]] == winners(frame(*lines))["value"].to_list()
    assert all(row["last_day"] is None or row["last_day"] >= row["first_day"] for row in rows)
    assert len({row["value"] for row in rows}) == len(rows)


# --- records ----------------------------------------------------------------------------------------------------------
def permit(key: str, state: str, day: str = "2026-01-01", **more: Any) -> list[dict[str, Any]]:
    parts = {"key": key, "state": state, "day": day, "facts.许可内容": "食品经营"}
    return [said(value, field=f"permit.{name}", **more) for name, value in parts.items()]


def test_rows_with_one_key_are_one_record_and_the_last_word_stands():
    lines = [*permit("K1", "有效"), *permit("K2", "有效", row=2), *permit("K1", "注销", batch=2, row=7)]
    random.Random(3).shuffle(lines)
    found = records(frame(*lines))
    assert [(r["key"], r["state"], r["batch"], r["row"]) for r in found] == [("K1", "注销", 2, 7), ("K2", "有效", 1, 2)]
    assert found[0]["facts"] == {"许可内容": "食品经营"}
    assert (found[0]["kind"], found[0]["source"], found[0]["day"]) == ("permit", "register", "2026-01-01")


def test_two_sources_with_one_key_keep_a_record_each_and_a_row_without_a_key_makes_none():
    lines = [*permit("K1", "有效"), *permit("K1", "有效", source="tax"), said("有效", field="permit.state", row=9)]
    assert [(r["source"], r["key"]) for r in records(frame(*lines))] == [("register", "K1"), ("tax", "K1")]


# --- from rows to statements ------------------------------------------------------------------------------------------
def test_accepted_rows_become_one_statement_a_value_in_a_fixed_order():
    accepted = pl.DataFrame(
        {
            "row": [1, 2],
            "code": ["440101000000018", "X" * 18],
            "old": ["440101000000026", None],
            "at": [None, "2026-03-01"],
        }
    )
    lines = from_accepted(accepted, {"uscc": "code", "regno": "old", "gone": "absent"}, "at", d(5)).rows()
    assert lines == [
        (1, "regno", "440101000000018", d(5)),
        (1, "regno", "440101000000026", d(5)),
        (2, "uscc", "X" * 18, d(3)),
    ]


def test_what_a_source_did_not_find_or_could_not_obtain_is_no_value_of_a_record():
    def paid(batch: int, value: str, key: str = "K1") -> list[dict[str, Any]]:
        at = {"batch": batch, "row": int(key[1:]), "known_on": d(batch)}
        return [said(key, field="insured.key", **at), said(value, field="insured.facts.paid", **at)]

    def told(*values: str) -> tuple[dict[str, str], dict[str, str]]:
        lines = [line for batch, value in enumerate(values, 1) for line in paid(batch, value)]
        (one,) = records(closed(frame(*lines), {}))
        return one["facts"], one["absent"]

    assert told(NONE) == ({}, {"paid": "none"})
    assert told(UNKNOWN) == ({}, {"paid": "unknown"})
    assert told("300", NONE) == ({}, {"paid": "none"})
    assert told("300", UNKNOWN) == ({"paid": "300"}, {}), "what it said before stands where it failed"
    assert told(NONE, UNKNOWN) == ({}, {"paid": "none"})
    assert told(UNKNOWN, "300") == ({"paid": "300"}, {})
    two = [*paid(1, "300"), *paid(1, "400", key="K2"), *paid(2, UNKNOWN, key="K2")]
    assert [r["facts"] for r in records(closed(frame(*two), {}))] == [{"paid": "300"}, {"paid": "400"}]


def test_a_record_its_department_deleted_stands_deleted_until_it_is_said_again():
    def row(batch: int, **parts: str) -> list[dict[str, Any]]:
        at = {"batch": batch, "row": 7}
        return [said(value, field=f"permit.{part.replace('__', '.')}", **at) for part, value in parts.items()]

    granted = row(1, key="K1", state="valid", facts__valid_until="2030-01-01")
    deleted = row(2, key="K1", state="valid", change="deleted")
    again = row(3, key="K1", change="kept")
    (one,) = records(frame(*granted, *deleted))
    assert (one["state"], one["batch"], one["row"]) == ("deleted", 2, 7)
    assert one["facts"] == {"valid_until": "2030-01-01"}
    (one,) = records(frame(*granted, *deleted, *again))
    assert (one["state"], one["batch"]) == ("valid", 3)
    assert "deleted" not in one
    (one,) = records(frame(*granted, *deleted, *row(3, key="K1", facts__valid_until="2031-01-01")))
    assert one["state"] == "valid", "a later row that reports it again brings it back, though it has no mark"
