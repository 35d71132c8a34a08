"""The hard set as every side gets it: five tables of text, parsed once, with the row numbers the truth speaks of."""

import csv
import io
import os
from datetime import date
from pathlib import Path

import polars as pl

from shiheng.city import five
from shiheng.city.five.rows import TITLES

SOURCES = tuple(TITLES)
OTHERS = SOURCES[1:]
UNTIL = date(2026, 11, 20)


def ready(folder: Path, *, subjects: int, seed: int) -> Path:
    """The set of this size and seed, made if it is not there yet, with every file parsed leniently."""
    directory = folder / f"five-{subjects}-{seed}"
    if not (directory / "done").exists():
        five.make(directory, subjects=subjects, seed=seed, until=UNTIL, processes=os.cpu_count() or 1)
        for source in SOURCES:
            _parsed(directory, source).write_parquet(directory / f"{source}.parquet")
        (directory / "done").touch()
    return directory


def _parsed(directory: Path, source: str) -> pl.DataFrame:
    """One file as a table of text: short lines are filled up, long ones cut, bytes of no charset marked."""
    text = (directory / f"{source}.csv").read_bytes().decode(five.CHARSETS[source], "replace")
    lines = csv.reader(io.StringIO(text))
    next(lines)
    columns = list(TITLES[source])
    width = len(columns)
    table = [line[:width] + [""] * (width - len(line)) for line in lines]
    frame = pl.DataFrame(table, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.with_row_index("row", offset=1).cast({"row": pl.Int64})


def read(directory: Path) -> dict[str, pl.DataFrame]:
    return {source: pl.read_parquet(directory / f"{source}.parquet") for source in SOURCES}


def truth(directory: Path) -> pl.DataFrame:
    """(source, row, subject, slip, fault, address): ``subject`` is the row of the register that is meant."""
    said = pl.read_csv(directory / "truth.csv", schema_overrides={"row": pl.Int64, "k": pl.Int64})
    said = said.with_columns(pl.col("slip", "fault", "address").fill_null(""))
    register = said.filter(pl.col("source") == "register").select("k", subject="row")
    return said.filter(pl.col("source") != "register").join(register, on="k", how="left").drop("k")
