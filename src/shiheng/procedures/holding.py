"""What a file holds beside its steps, asked once: most files have no evidence, no orders, no links, no approvals yet.

The page of a file shows a dozen tables. Asking each of them costs a millisecond to learn that it has nothing; asking
whether there is anything at all is one question for all of them.
"""

from functools import lru_cache
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from shiheng.procedures.models import (
    Address,
    Allegation,
    Approval,
    Carried,
    Correction,
    Evidence,
    FileNote,
    Flowed,
    Handing,
    Link,
    Order,
    Paper,
)

AnyModel = TypeVar("AnyModel", bound=Model)
TABLES: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Evidence, ("proceeding",)), (Carried, ("proceeding",)), (Allegation, ("proceeding",)),
    (Approval, ("proceeding",)), (Flowed, ("proceeding",)), (Order, ("proceeding", "twin")),
    (FileNote, ("proceeding",)), (Handing, ("proceeding",)), (Address, ("proceeding",)),
    (Correction, ("proceeding",)), (Paper, ("proceeding",)), (Link, ("first", "second")),
)  # fmt: skip
"""Each with the fields by which its rows are a file's; every one of them has an index."""

Held = frozenset[type[Model]]


def of(number: int) -> Held:
    """The tables in which a file has rows."""
    text, asked = _question(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(text, [number] * asked)
        return frozenset(TABLES[place][0] for (place,) in cursor.fetchall())


def rows(held: Held, found: "QuerySet[AnyModel]") -> list[AnyModel]:
    """The rows of a file in one table; where there are none, without asking for them."""
    return list(found) if found.model in held else []


@lru_cache(maxsize=4)
def _question(vendor: str) -> tuple[str, int]:  # noqa: ARG001 - how names are quoted is the database's own way
    quote = connection.ops.quote_name
    pieces = [
        f"SELECT {place} WHERE EXISTS (SELECT 1 FROM {quote(model._meta.db_table)} "  # noqa: S608 - names of our own
        f"WHERE {quote(f'{name}_id')} = %s)"
        for place, (model, names) in enumerate(TABLES)
        for name in names
    ]
    return " UNION ALL ".join(pieces), len(pieces)
