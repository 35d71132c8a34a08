"""Registers declared at run time beside those of the lines, and the day on which tests stand."""

from collections.abc import Iterator
from datetime import date

import pytest

from shiheng.kernel import clock, registry
from shiheng.registers.definition import ENGINE
from tests.registers import declared

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def registers() -> Iterator[None]:
    """The registers of ``declared`` for one test; those of the lines stay."""
    held = {engine: {code: dict(v) for code, v in codes.items()} for engine, codes in registry._held.items()}
    declared.declare()
    try:
        yield
    finally:
        registry._held.clear()
        registry._held.update(held)
    assert not any(r.code.startswith("test.") for r in registry.all_of(ENGINE))


@pytest.fixture(autouse=True)
def today() -> Iterator[date]:
    with clock.standing_at(TODAY):
        yield TODAY
