"""A file of any length is read and checked through the same few megabytes, at the same speed a row."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

READER = """
import resource, sys, time
from datetime import date
from pathlib import Path
from shiheng.fusion import assertions, checks, reading
from tests.fusion.sources import register
source, path = register(), Path(sys.argv[1])
began = time.process_time()
table = reading.read(path, path.name)
layout = checks.lay_out(source, table.header)
checker, tally = checks.Checker(source, layout, date(2026, 11, 20)), assertions.Tally(source, layout)
proved = 0
for chunk, done in checker.each(table.chunks(int(sys.argv[2]))):
    tally.add(done)
    proved += sum(1 for _ in chunk.lines())
assert proved == tally.rows
print(tally.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10, time.process_time() - began)
"""


def measured(path: Path, at_once: int) -> tuple[int, int, float]:
    """Rows, the most memory that was ever held in MB, and processor seconds, in a process of its own."""
    command = [sys.executable, "-c", READER, str(path), str(at_once)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows, megabytes, seconds = done.stdout.split()
    return int(rows), int(megabytes), float(seconds)


def written(folder: Path, rows: int, form: str) -> Path:
    from benchmarks.ingest.made import HEADER, race

    made = race(folder / f"{rows}.csv", rows)
    if form == "csv":
        return made.path
    if form == "gz":
        import gzip
        import shutil

        packed = folder / f"{rows}.csv.gz"
        with made.path.open("rb") as plain, gzip.open(packed, "wb", compresslevel=1) as out:
            shutil.copyfileobj(plain, out, 1 << 20)
    elif form == "json":
        import csv
        import json

        packed = folder / f"{rows}.json"
        with made.path.open(encoding="utf-8", newline="") as plain, packed.open("w", encoding="utf-8") as out:
            for row in csv.DictReader(plain):
                out.write(json.dumps(row, ensure_ascii=False) + "\\n")
    else:
        import polars as pl

        packed = folder / f"{rows}.parquet"
        pl.scan_csv(made.path, schema=dict.fromkeys(HEADER, pl.String)).sink_parquet(packed, row_group_size=50_000)
    made.path.unlink()
    return packed


@pytest.mark.parametrize("form", ["csv", "gz", "json", "parquet"])
def test_eight_times_the_rows_take_no_eight_times_the_memory(tmp_path: Path, form: str) -> None:
    few, many = 5_000, 40_000
    rows, small, _ = measured(written(tmp_path, few, form), 5_000)
    assert rows == few
    path = written(tmp_path, many, form)
    rows, large, _ = measured(path, 5_000)
    assert rows == many
    # A block of the file and four stretches of rows are held however long it is: beyond them nothing grows.
    assert large < small + 120, (small, large)


@pytest.mark.slow
def test_twenty_million_rows_through_the_memory_of_one(tmp_path: Path, quality: Any) -> None:
    told = []
    for rows in (1_000_000, 5_000_000, 20_000_000):
        path = written(tmp_path, rows, "csv")
        size = path.stat().st_size / 1e9
        counted, megabytes, seconds = measured(path, 200_000)
        path.unlink()
        assert counted == rows
        told.append((rows, size, megabytes, seconds))
    first, last = told[0], told[-1]
    assert last[2] < 1.3 * first[2], told
    assert last[3] / last[0] < 1.5 * first[3] / first[0], told
    lines = [
        f"{rows:,} 行（{gb:.2f} GB）：最多占用 {mb} MB，每秒 {rows / s:,.0f} 行（处理器时间）"
        for rows, gb, mb, s in told
    ]
    quality("fusion_flat_memory", "\\n".join(["合同校验的内存与时间：", *lines]))
