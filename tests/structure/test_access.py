"""Who may open what, and at what price: every address of the platform against everybody of the cast.

The tables ``access/<room>.tsv`` hold a row an address: the status a GET gives each of the cast, and the most queries
the page may ask, the same with one row of each kind and with fifty.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import COLUMNS
from tests.structure import world

TABLES = Path(__file__).resolve().parent / "access"
HEADER = ["name", "kwargs", *COLUMNS, "queries"]
MOST_QUERIES = 30


@dataclass(frozen=True)
class Row:
    """One address: ``statuses`` by column of the cast; ``queries`` is None where nobody gets a page."""

    table: str
    name: str
    kwargs: str
    statuses: dict[str, int]
    queries: int | None

    @property
    def reader(self) -> str | None:
        """Whose queries are counted: the section chief, or the first who gets the page."""
        order = ("chief", *(c for c in COLUMNS if c != "chief"))
        return next((column for column in order if self.statuses[column] == 200), None)


def rows() -> list[Row]:
    found = []
    for path in sorted(TABLES.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t")
            assert reader.fieldnames == HEADER, f"{path.name}: the header must be {' '.join(HEADER)}"
            for line in reader:
                statuses = {column: int(line[column]) for column in COLUMNS}
                queries = None if line["queries"] in {"", "-"} else int(line["queries"])
                found.append(Row(path.stem, line["name"], line["kwargs"] or "", statuses, queries))
    return found


def named(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[tuple[str, Any]]:
    """Every URL name with its view; an address without a name is a fault of its own."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield (space + pattern.name) if pattern.name else f"(unnamed) {pattern.pattern}", pattern.callback


TABLE_NAMES = sorted({row.table for row in rows()})


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    addresses, listed = {name for name, _ in named()}, {row.name for row in rows()}
    assert not sorted(addresses - listed), "addresses without a row in tests/structure/access"
    assert not sorted(listed - addresses), "rows without an address"


def test_no_address_is_listed_twice_with_the_same_arguments() -> None:
    counts = Counter((row.name, row.kwargs) for row in rows())
    assert not [key for key, count in counts.items() if count > 1]


def test_every_view_has_a_door() -> None:
    assert not sorted(name for name, view in named() if not name.startswith("api:") and not hasattr(view, "door"))


def test_every_page_somebody_reads_has_a_ceiling_of_queries() -> None:
    assert not [row.name for row in rows() if row.reader and (row.queries is None or row.queries > MOST_QUERIES)]


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_everybody_gets_just_what_the_table_says(table: str, cast: SimpleNamespace, sign_in: Any) -> None:
    made = world.build(cast, 1)
    wrong = []
    for row in rows():
        if row.table != table:
            continue
        kwargs, query = made.resolve(row.kwargs)
        address = reverse(row.name, kwargs=kwargs) + query
        for column in COLUMNS:
            status = sign_in(column).get(address).status_code
            if status != row.statuses[column]:
                wrong.append(f"{row.name} {address} as {column}: {status}, the table says {row.statuses[column]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize("table", TABLE_NAMES)
def test_no_page_asks_more_with_fifty_rows_than_its_ceiling(
    table: str, count: int, cast: SimpleNamespace, sign_in: Any
) -> None:
    made = world.build(cast, count)
    wrong = []
    for row in rows():
        if row.table != table or row.reader is None:
            continue
        kwargs, query = made.resolve(row.kwargs)
        asked = queries_of(sign_in(row.reader), reverse(row.name, kwargs=kwargs) + query)
        if row.queries is None or asked > row.queries:
            wrong.append(f"{row.name} as {row.reader}: {asked} queries with {count} rows, the ceiling is {row.queries}")
    assert not wrong, "\n".join(wrong)


def queries_of(client: Client, address: str) -> int:
    """How many queries one warm request asks."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(address)
    return len(asked)
