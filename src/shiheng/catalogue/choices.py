"""Choices the contents of a form take from the catalogue in force: ``fact(…, taken_from="violations")``."""

from collections.abc import Callable
from datetime import date

from shiheng.catalogue.boundaries import queries as boundaries
from shiheng.catalogue.lists import queries as lists
from shiheng.catalogue.violations import VIOLATIONS, Violation
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing


def violations(on: date) -> dict[str, str]:
    """Every violation in force by its code, those of one field together."""
    held: list[Violation] = lists.in_force(VIOLATIONS, on=on)
    return {one.code: f"{one.title}（{one.field}）" for one in sorted(held, key=lambda one: (one.field, one.code))}


def factors(on: date) -> dict[str, str]:
    """Every circumstance that moves a penalty."""
    try:
        return {factor.code: factor.title for factor in boundaries.shipped(on=on).factors}
    except Missing:
        return {}


SOURCES: dict[str, Callable[[date], dict[str, str]]] = {"violations": violations, "factors": factors}


def offered(source: str, *, on: date | None = None) -> dict[str, str]:
    """Codes and titles of one source on a day."""
    return SOURCES[source](on or clock.today())
