"""Where the lines' texts for this room lie: found by ``site``, read once, held in the registry.

A line's folder may hold the files named in ``READERS``; a faulty one stops the start with its name.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from shiheng.catalogue import violations
from shiheng.catalogue.lists import definition as lists
from shiheng.catalogue.lists import texts as list_texts
from shiheng.catalogue.measures import definition as measures
from shiheng.catalogue.powers import definition as powers
from shiheng.catalogue.powers import texts as power_texts
from shiheng.kernel import registry

Reader = Callable[[str, str], Iterable[Any]]

READERS: dict[str, tuple[str, Reader]] = {
    "powers.csv": (powers.POWERS, power_texts.powers),
    "flows.toml": (powers.FLOWS, lambda text, _line: power_texts.flows(text)),
    "checklists.toml": (lists.CHECKLISTS, list_texts.checklists),
    "spotchecks.csv": (lists.SPOT_CHECKS, list_texts.spot_checks),
    "rules.toml": (lists.RULES, lambda text, _line: list_texts.rules(text)),
    "education.csv": (lists.EDUCATION, list_texts.education),
    "negative_list.csv": (lists.NEGATIVE, lambda text, _line: list_texts.negative(text)),
    "leniency.csv": (lists.LENIENCY, list_texts.leniency),
    "credit_measures.csv": (measures.ENGINE, lambda text, _line: measures.read(text)),
    "reviews.toml": (lists.REVIEWS, lambda text, _line: list_texts.reviews(text)),
    "violations.toml": (violations.VIOLATIONS, violations.read),
    "discretion.toml": (violations.SCALES, lambda text, _line: violations.read_scales(text)),
}

_read: set[Path] = set()


def declare(folders: Iterable[Path]) -> None:
    """Hold what the folders of lines declare; a folder already read is left alone."""
    for folder in folders:
        for path in _files(folder):
            if path in _read:
                continue
            engine, reader = READERS[path.name]
            try:
                for item in reader(path.read_text(encoding="utf-8"), folder.name):
                    registry.declare(engine, item)
            except (ValueError, KeyError, TypeError) as fault:
                raise ValueError(f"{folder.name}/{path.name}: {fault!r}") from fault
            _read.add(path)


def _files(folder: Path) -> Iterator[Path]:
    return (folder / name for name in READERS if (folder / name).is_file())
