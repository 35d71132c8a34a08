"""Choices the contents of a form take from the catalogue in force: ``fact(…, taken_from="violations")``."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from shiheng.catalogue.boundaries import queries as boundaries
from shiheng.catalogue.lists import queries as lists
from shiheng.catalogue.lists.definition import LENIENCY, Leniency
from shiheng.catalogue.violations import VIOLATIONS, Violation
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing

Told = Mapping[str, Any]
"""What is known so far of what the form is about."""


def violations(on: date, _told: Told) -> dict[str, str]:
    """Every violation in force by its code, those of one field together."""
    held: list[Violation] = lists.in_force(VIOLATIONS, on=on)
    return {one.code: f"{one.title}（{one.field}）" for one in sorted(held, key=lambda one: (one.field, one.code))}


def elements(on: date, told: Told) -> dict[str, str]:
    """The elements of the violation alleged; none where none is."""
    try:
        held: Violation = lists.one(VIOLATIONS, str(told.get("violation") or ""), on=on)
    except Missing:
        return {}
    return {element.title: f"{element.title}：{element.text}" for element in held.elements}


def leniency(on: date, told: Told) -> dict[str, str]:
    """The items of the leniency list, of the violation alleged where one is."""
    alleged = str(told.get("violation") or "")
    held: list[Leniency] = lists.in_force(LENIENCY, on=on)
    return {one.code: f"{one.number} {one.title}" for one in held if alleged in {"", one.violation}}


def factors(on: date, _told: Told) -> dict[str, str]:
    """Every circumstance that moves a penalty."""
    try:
        return {factor.code: factor.title for factor in boundaries.shipped(on=on).factors}
    except Missing:
        return {}


SOURCES: dict[str, Callable[[date, Told], dict[str, str]]] = {
    "violations": violations,
    "elements": elements,
    "leniency": leniency,
    "factors": factors,
}


def offered(source: str, *, on: date | None = None, told: Told | None = None) -> dict[str, str]:
    """Codes and titles of one source on a day, for what is known so far."""
    return SOURCES[source](on or clock.today(), told or {})
