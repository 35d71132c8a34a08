"""Where the lines' declarations are held: (engine, code, in force from) names exactly one thing.

An engine asks for a code as it stood on a day; two versions of a rule stand side by side. Filled once at start by
``site``; a second thing under the same name is a fault of the declarations and stops the start.
"""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol, runtime_checkable

from shiheng.kernel.errors import Conflict, Missing


@runtime_checkable
class Declared(Protocol):
    """What the registry needs to know of a declaration."""

    @property
    def code(self) -> str: ...
    @property
    def in_force_from(self) -> date: ...


_held: dict[str, dict[str, dict[date, Any]]] = {}


def declare(engine: str, item: Any, *, code: str | None = None, in_force_from: date | None = None) -> None:
    """Hold ``item`` under its engine, code and first day in force (read from it unless given).

    The very same object may be declared again (a module read twice); anything else under a taken name is refused.
    """
    name = code if code is not None else item.code
    since = in_force_from if in_force_from is not None else item.in_force_from
    versions = _held.setdefault(engine, {}).setdefault(name, {})
    present = versions.get(since)
    if present is not None and present is not item:
        raise Conflict(
            "registry.duplicate", f"“{engine}”中已有代码“{name}”自 {since.isoformat()} 起的声明，不能重复声明。"
        )
    versions[since] = item


def find(engine: str, code: str, *, on: date) -> Any:
    """The declaration of ``code`` in force on a day."""
    versions = _held.get(engine, {}).get(code)
    if not versions:
        raise Missing("registry.unknown", f"“{engine}”中没有代码“{code}”的声明。")
    days = sorted(versions)
    place = bisect_right(days, on)
    if place == 0:
        raise Missing(
            "registry.not_yet", f"“{engine}”中“{code}”自 {days[0].isoformat()} 起生效，{on.isoformat()} 尚未生效。"
        )
    return versions[days[place - 1]]


def version(engine: str, code: str, in_force_from: date) -> Any:
    """Exactly one version, for rows that pinned it when they were written."""
    try:
        return _held[engine][code][in_force_from]
    except KeyError:
        raise Missing(
            "registry.unknown", f"“{engine}”中没有代码“{code}”自 {in_force_from.isoformat()} 起的声明。"
        ) from None


def all_of(engine: str, *, on: date | None = None) -> tuple[Any, ...]:
    """Every declaration of an engine by code and day; with ``on``, only the version of each code in force that day."""
    found: list[Any] = []
    for _code, versions in sorted(_held.get(engine, {}).items()):
        days = sorted(versions)
        if on is None:
            found += [versions[day] for day in days]
        elif place := bisect_right(days, on):
            found.append(versions[days[place - 1]])
    return tuple(found)


def held(engine: str) -> Iterator[tuple[str, date, Any]]:
    """Every declaration of an engine with the code and the first day it is held under."""
    for code, versions in sorted(_held.get(engine, {}).items()):
        for since in sorted(versions):
            yield code, since, versions[since]


def engines() -> tuple[str, ...]:
    """The engines for which anything is declared."""
    return tuple(sorted(_held))


@contextmanager
def isolated() -> Iterator[None]:
    """An empty registry for the length of a ``with`` block (for tests); what was held comes back afterwards."""
    before = {engine: {code: dict(v) for code, v in codes.items()} for engine, codes in _held.items()}
    _held.clear()
    try:
        yield
    finally:
        _held.clear()
        _held.update(before)
