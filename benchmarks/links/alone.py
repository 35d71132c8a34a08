"""One record and a small increment against a register kept on the disk, in a process of their own.

The full run prepares the register from its table, keeps it and judges every row without a right code; the increment
opens what was kept and judges every hundredth of those rows; records are asked one by one, as the interface does.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.links import files, sides

ASKED = 400
PART = 100


def full(directory: Path, home: Path) -> None:
    """The whole of it: seconds to prepare, to keep and to judge, and the judgements left for the others to compare."""
    from shiheng.fusion import prepared
    from shiheng.fusion.match import judge

    tables = {source: pl.read_parquet(directory / f"{source}.parquet") for source in files.SOURCES}
    began = time.perf_counter()
    known = sides.register(tables["register"])
    ready = time.perf_counter()
    prepared.write(known, home / "kept", of=1, at=datetime.now(UTC))
    kept = time.perf_counter()
    count = 0
    for source, said, ids in _rows(tables, known):
        judged = judge.judge(sides.side(said, known), ids, known)
        count += len(ids)
        if source == "complaints":
            judged.write_parquet(home / "judged.parquet")
        del judged
    done = time.perf_counter()
    _tell(prepare=ready - began, keep=kept - ready, judge=done - kept, rows=count)


def part(directory: Path, home: Path) -> None:
    """Every hundredth row, from opening what was kept to the last judgement."""
    from shiheng.fusion import prepared
    from shiheng.fusion.match import judge

    tables = {source: pl.read_parquet(directory / f"{source}.parquet") for source in files.SOURCES}
    known = prepared.read(home / "kept").register  # whom a code finds is looked up elsewhere; that is not timed
    few = [(said, ids) for _, said, ids in _rows(tables, known, every=PART)]
    del tables, known
    _warm()
    prepared._opened = None
    began = time.perf_counter()
    known = prepared.read(home / "kept").register
    for said, ids in few:
        judge.judge(sides.side(said, known), ids, known)
    _tell(seconds=time.perf_counter() - began, rows=sum(len(ids) for _, ids in few))


def one(directory: Path, home: Path) -> None:
    """Records one by one: milliseconds of each, and how many were judged otherwise than among all others."""
    from shiheng.fusion import matching, prepared
    from shiheng.fusion.match import judge

    known = prepared.read(home / "kept").register
    table = pl.read_parquet(directory / "complaints.parquet")
    among = pl.read_parquet(home / "judged.parquet")
    step = max(table.height // ASKED, 1)
    chosen = table.gather_every(step).head(ASKED)
    truth = among.filter(pl.col("row").is_in(chosen["row"].implode())).partition_by("row", as_dict=True)
    _warm()
    took, other = [], 0
    for row in chosen.iter_slices(1):
        said = sides.said(row, "complaints")
        record = dict(said.select("field", "value").iter_rows())
        began = time.perf_counter()
        matching.judged_alone(record, known)
        took.append((time.perf_counter() - began) * 1000)
        alone = judge.judge(sides.side(said, known), row["row"], known)
        there = truth.get((row["row"][0],), among.clear())
        other += not alone.equals(there)
    took.sort()
    _tell(p50=took[len(took) // 2], p95=took[int(len(took) * 0.95)], least=took[0], asked=len(took), other=other)


def _rows(tables: dict[str, pl.DataFrame], known: Any, every: int = 1) -> Iterator[tuple[str, pl.DataFrame, pl.Series]]:
    """The rows no code leads anywhere, by source: what they say, and their numbers."""
    codes = known.lines.codes.filter(pl.col("kind") == "uscc").select("code").unique()
    for source in files.OTHERS:
        table = tables[source]
        if column := sides.FIELDS[source].get("code"):
            table = table.join(codes, left_on=column, right_on="code", how="anti")
        table = table.gather_every(every)
        yield source, sides.said(table, source), table["row"]


def _warm() -> None:
    """What a process does once: the sounds of characters, the engine's threads."""
    from shiheng.fusion.match import forms

    forms.names(pl.Series(["云泽市恒润食品有限公司"]))


def _tell(**told: float) -> None:
    print(json.dumps({**told, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    import django

    django.setup()
    {"full": full, "part": part, "one": one}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
