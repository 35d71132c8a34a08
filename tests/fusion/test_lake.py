"""Statements on the disk: a part is there whole or not at all, and a row is found by its number."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from shiheng.columnar import engine, lake
from shiheng.fusion.statement import SCHEMA

DAY = date(2026, 3, 1)


def part(*rows: int, value: str = "") -> pl.DataFrame:
    lines = [(row, field, value or f"{field}{row}", DAY) for row in rows for field in ("address", "name")]
    return pl.DataFrame(lines, schema=SCHEMA, orient="row")


def asked(*rows: tuple[int, int, str, int]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["subject", "batch", "source", "row"], orient="row")


def test_a_part_is_read_as_it_was_written(tmp_path):
    lake.write_part(tmp_path, "register", 7, 0, part(1, 2, 3))
    assert lake.read_part(tmp_path, "register", 7, 0).equals(part(1, 2, 3))


def test_writing_again_changes_nothing_and_leaves_no_traces(tmp_path):
    paths = [lake.write_part(tmp_path, "register", 7, 0, part(1, 2)) for _ in range(2)]
    first = paths[0].read_bytes()
    lake.write_part(tmp_path, "register", 7, 0, part(1, 2))
    assert paths[0].read_bytes() == first
    assert [p.name for p in paths[0].parent.iterdir()] == ["part-000000.parquet"]


def test_a_part_that_cannot_be_written_to_its_end_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "replace", lambda self, _goal: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="full"):
        lake.write_part(tmp_path, "register", 7, 0, part(1))
    assert not lake.part_path(tmp_path, "register", 7, 0).exists()


def test_a_row_knows_its_part(monkeypatch):
    monkeypatch.setattr(lake, "CHUNK", 3)
    assert [lake.part_of(row) for row in (1, 3, 4, 6, 7)] == [0, 0, 1, 1, 2]


def test_statements_of_given_rows_come_from_their_parts_only(tmp_path, monkeypatch):
    monkeypatch.setattr(lake, "CHUNK", 3)
    for number, rows in enumerate([(1, 2, 3), (4, 5, 6), (7,)]):
        lake.write_part(tmp_path, "register", 7, number, part(*rows))
    lake.write_part(tmp_path, "tax", 8, 0, part(1, 2, value="税"))
    lake.part_path(tmp_path, "register", 7, 1).unlink()  # never asked for, never opened
    found = lake.statements_of(tmp_path, asked((100, 7, "register", 2), (100, 7, "register", 7), (200, 8, "tax", 2)))
    assert sorted(found.select("subject", "batch", "source", "row", "field", "value").rows()) == [
        (100, 7, "register", 2, "address", "address2"),
        (100, 7, "register", 2, "name", "name2"),
        (100, 7, "register", 7, "address", "address7"),
        (100, 7, "register", 7, "name", "name7"),
        (200, 8, "tax", 2, "address", "税"),
        (200, 8, "tax", 2, "name", "税"),
    ]
    assert found.schema["day"] == pl.Date


def test_no_rows_asked_is_no_rows_found(tmp_path):
    found = lake.statements_of(tmp_path, asked().cast({"row": pl.Int64}))
    assert found.is_empty()
    assert "value" in found.columns


def test_the_engine_fetches_nothing_from_the_network():
    settings = engine.query("SELECT current_setting('autoinstall_known_extensions') AS fetch")
    assert settings["fetch"].to_list() == [False]
