"""One row judged alone, against a register kept on the disk, is judged as it is among all others."""

import csv
import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from shiheng.city import five
from shiheng.fusion.match import judge, sides
from shiheng.subjects import addresses

SAID = {"id": pl.Int64, "field": pl.String, "value": pl.String}
# What the five departments call the fields that can be compared.
CALLED = {
    "name": "name", "rep": "person", "address": "address", "phone": "phone", "region": "region", "uscc": "code",
    "orgcode": "code", "regno": "code", "no": "code", "former": "name",
}  # fmt: skip


def told(folder: Path, source: str) -> pl.DataFrame:
    lines = list(
        csv.reader(io.StringIO((folder / f"{source}.csv").read_bytes().decode(five.CHARSETS[source], "replace")))
    )
    fields = [CALLED.get(column) for column in five.COLUMNS[source]]
    said = [
        (row, field, value)
        for row, line in enumerate(lines[1:], start=1)
        for field, value in zip(fields, line, strict=False)
        if field and not (field == "region" and value[:6].endswith("00"))
    ]
    return pl.DataFrame(said, schema=SAID, orient="row")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Small cities by their seed, made once."""
    return {}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 6), st.integers(40, 160), st.sampled_from(["complaints", "tax", "permits"]), st.data())
def test_every_row_judged_alone_is_judged_as_among_all_others(
    made: dict[int, Path],
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    size: int,
    source: str,
    data: st.DataObject,
) -> None:
    if seed not in made:
        made[seed] = tmp_path_factory.mktemp(f"five{seed}")
        five.make(made[seed], subjects=160, seed=seed, until=date(2026, 11, 20))
    said = told(made[seed], "register").filter(pl.col("id") <= size)
    places = addresses.places(said.filter(pl.col("field") == "address")["value"], least=5)
    known = judge.register(sides.side(said, places), total=size, places=places)
    asked = told(made[seed], source)
    ids = asked["id"].unique().sort()
    among = judge.judge(sides.side(asked, places), ids, known)
    event(f"decisions: {', '.join(sorted(among['decision'].unique()))}")
    for row in data.draw(st.lists(st.sampled_from(ids.to_list()), min_size=10, max_size=25, unique=True)):
        alone = judge.judge(sides.side(asked.filter(pl.col("id") == row), places), pl.Series("row", [row]), known)
        assert alone.equals(among.filter(pl.col("row") == row))


def test_the_rows_compared_are_decided_in_every_way(tmp_path: Path) -> None:
    five.make(tmp_path, subjects=160, seed=1, until=date(2026, 11, 20))
    said = told(tmp_path, "register").filter(pl.col("id") <= 100)
    places = addresses.places(said.filter(pl.col("field") == "address")["value"], least=5)
    known = judge.register(sides.side(said, places), total=100, places=places)
    asked = told(tmp_path, "complaints")
    among = judge.judge(sides.side(asked, places), asked["id"].unique().sort(), known)
    assert among["decision"].n_unique() > 1
