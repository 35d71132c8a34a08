"""The contracts held against the departments' files: each planted error is caught for its reason, no clean row is."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from shiheng.city.departments import faults, generator, truth
from shiheng.city.departments.generator import Landed
from shiheng.city.departments.sheet import contract
from shiheng.fusion import reading
from shiheng.fusion.checks import Checker, lay_out
from tests.city.conftest import UNTIL


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("departments")
    generator.write(path, subjects=3000, seed=7, until=UNTIL)
    return path


def _refused(path: Path, file: Landed) -> dict[int, list[str]]:
    """The rows the contract refuses, with the codes of their reasons; what is left is accepted."""
    source = contract(file.source)
    where = path / file.path

    def chunks() -> Iterator[Any]:
        table = reading.read(where, where.name)
        yield from table.chunks(5000)

    layout = lay_out(source, reading.read(where, where.name).header, all_deleted=file.delivery == "deletions")
    first = Checker(source, layout, file.known_on)
    keys: dict[str, list[pl.Series]] = {}
    for chunk in chunks():
        for name, hashes in first.keys(chunk).items():
            keys.setdefault(name, []).append(hashes)
    twins = {name: (held := pl.concat(parts)).filter(held.is_duplicated()).unique() for name, parts in keys.items()}
    checker = Checker(source, layout, file.known_on, twins=twins)
    refused: dict[int, list[str]] = {}
    accepted = 0
    for chunk in chunks():
        done = checker.check(chunk)
        accepted += done.accepted.height
        refused |= {r["row"]: [reason["code"] for reason in r["reasons"]] for r in done.refused}
    assert accepted + len(refused) == file.rows, file.path
    return refused


def test_planted_errors_are_caught_for_their_reason_and_clean_rows_are_not_flagged(sent: Path) -> None:
    planted: Counter[str] = Counter()
    missed: list[Any] = []
    flagged: list[Any] = []
    rows = 0
    for file in generator.read(sent):
        name = file.path.removeprefix(f"{generator.FOLDER}/")
        told = {r["row"]: r for r in truth.read(sent, file.source, "rows") if r["file"] == name}
        refused = _refused(sent, file)
        rows += file.rows
        for number, said in told.items():
            if fault := said.get("fault"):
                planted[fault] += 1
                if said["reason"] not in refused.get(number, []):
                    missed.append((fault, said["reason"], name, number, refused.get(number)))
        flagged += [(name, n, why) for n, why in refused.items() if "fault" not in told.get(n, {})]
    assert set(planted) == set(faults.FAULTS)
    assert len(missed) <= 0.01 * sum(planted.values()), missed
    assert len(flagged) <= 0.001 * rows, flagged
