"""The hard set: one population as five departments write it, with the truth of every row; the same however made."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

from shiheng.city import five

UNTIL = date(2026, 11, 20)


def test_any_number_of_processes_writes_the_same_bytes(tmp_path: Path) -> None:
    one = five.make(tmp_path / "one", subjects=3_000, seed=7, until=UNTIL)
    two = five.make(tmp_path / "two", subjects=3_000, seed=7, until=UNTIL, processes=2)
    assert one.counts == two.counts
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_the_truth_has_one_line_a_row_and_every_kind_of_slip(tmp_path: Path) -> None:
    made = five.make(tmp_path, subjects=4_000, seed=3, until=UNTIL)
    with (tmp_path / "truth.csv").open(encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    assert Counter(line["source"] for line in truth) == made.counts
    for source, count in made.counts.items():
        text = (tmp_path / f"{source}.csv").read_bytes().decode(five.CHARSETS[source], "replace")
        assert len(list(csv.reader(text.splitlines(keepends=True)))) == count + 1
    slips = Counter(line["slip"] for line in truth if line["source"] == "complaints")
    assert {"former", "sound", "shape", "mojibake", "short", "suffix", "trade", "typed"} <= set(slips)
    bad = sum(1 for line in truth if line["fault"]) / len(truth)
    assert 0.04 < bad < 0.06
