"""The same city as five departments write it down without asking one another: the hard set of resolution.

Five files (register, tax, social security, complaints, permits) of one population, in the proportions of a city: for a
million subjects 3.4 million rows. Tax knows nearly every business by its code; social security knows many by the code
of old; a citizen who complains knows a signboard. ``truth.csv`` says of every row whom it means and how it was spoilt;
it is never read by a program that links. Made block by block: a pure function of (subjects, seed, last day).
"""

import csv
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import StringIO
from pathlib import Path

from shiheng.city import definition as d
from shiheng.city import population
from shiheng.city.draw import stream
from shiheng.city.five import rows
from shiheng.city.five.rows import Said

CHARSETS = {"register": "utf-8", "tax": "utf-8", "social": "gb18030", "complaints": "utf-8", "permits": "utf-8"}
COLUMNS = {source: list(made) for source, made in rows.TITLES.items()}
TRUTH = ("source", "row", "k", "slip", "fault", "address")
_BLOCKS_A_TASK = 25


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: rows a source, in the files' own directory."""

    directory: Path
    counts: dict[str, int]


def make(
    directory: Path,
    *,
    subjects: int,
    seed: int,
    until: date,
    processes: int = 1,
    progress: Callable[[int], object] = lambda _done: None,
) -> Made:
    """Write the five files and their truth; the same arguments give the same bytes, however many processes write."""
    directory.mkdir(parents=True, exist_ok=True)
    counts = dict.fromkeys(COLUMNS, 0)
    files = {source: (directory / f"{source}.csv").open("wb") for source in COLUMNS}
    truth = (directory / "truth.csv").open("w", encoding="utf-8", newline="\n")
    truth.write(",".join(TRUTH) + "\n")
    for source, titles in COLUMNS.items():
        files[source].write(_encoded(source, [",".join(rows.TITLES[source][column] for column in titles) + "\n"]))
    last = (subjects + d.BLOCK - 1) // d.BLOCK
    tasks = range(0, last, _BLOCKS_A_TASK)
    work = partial(_written, subjects=subjects, seed=seed, until=until)
    with ExitStack() as stack:
        parts: Iterable[dict[str, tuple[bytes, list[str]]]] = map(work, tasks)
        if processes > 1:
            pool = stack.enter_context(multiprocessing.get_context("forkserver").Pool(processes))
            parts = pool.imap(work, tasks)
        for done, part in zip(tasks, parts, strict=True):
            for source, (text, about) in part.items():
                files[source].write(text)
                for line in about:
                    counts[source] += 1
                    truth.write(f"{source},{counts[source]},{line}\n")
            progress(min((done + _BLOCKS_A_TASK) * d.BLOCK, subjects))
    for file in files.values():
        file.close()
    truth.close()
    return Made(directory, counts)


def _written(first: int, *, subjects: int, seed: int, until: date) -> dict[str, tuple[bytes, list[str]]]:
    """The lines some blocks give to each file, with the truth of each."""
    told: dict[str, list[Said]] = {source: [] for source in COLUMNS}
    for number in range(first, min(first + _BLOCKS_A_TASK, (subjects + d.BLOCK - 1) // d.BLOCK)):
        made, _groups = population.block(number, seed=seed, until=until)
        for subject in made:
            if subject.k < subjects:
                for said in rows.of(subject, stream(seed, "five", subject.k), until):
                    told[said.source].append(said)
    out = {}
    for source, lines in told.items():
        # A department's order tells nothing of the register's.
        order = stream(seed, "order", source, first)
        lines.sort(key=lambda _: order.random())
        text = [_csv(said.cells[column] for column in COLUMNS[source]) for said in lines]
        about = [f"{said.k},{said.slip},{said.fault},{said.address}" for said in lines]
        out[source] = (_encoded(source, text), about)
    return out


def _csv(cells: Iterator[str]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _encoded(source: str, lines: list[str]) -> bytes:
    text = "".join(lines)
    return text.encode(CHARSETS[source], "replace").replace(rows.RAW.encode(CHARSETS[source]), b"\xff")
