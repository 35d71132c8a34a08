"""Named places on a page that rooms above fill, so that no page must know who adds to it.

A page declares a slot; rooms fill it in their ``panels.py`` with ``(who, key) -> fragment | None``. A slot never
changes a row. A function that fails must not take the page with it, nor look like "nothing there": its place then
says 未取得 and the fault is logged.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch

from shiheng.ui import addresses
from shiheng.ui.wording import say

log = logging.getLogger(__name__)

Function = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Filling:
    """One room's contribution to one slot."""

    code: str
    title: str
    function: Function
    order: int = 100


@dataclass(slots=True)
class Slot:
    name: str
    title: str
    fillings: dict[str, Filling] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a function may return when plain HTML is not enough: a count for the tab, a link to the whole."""

    html: str
    count: int | str | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A filling as the page shows it; ``failed`` means 未取得, never "nothing"."""

    code: str
    title: str
    html: str = ""
    count: int | str | None = None
    href: str | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A way into a room. ``count`` is what is due there (a number or ``who -> number``); ``power`` hides it."""

    line: str
    title: str
    url_name: str
    order: int = 100
    count: int | Callable[[Any], int | None] | None = None
    power: str | None = None


@dataclass(frozen=True, slots=True)
class MenuEntry:
    title: str
    href: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class MenuSection:
    title: str
    entries: tuple[MenuEntry, ...]


@dataclass(frozen=True, slots=True)
class PostChoice:
    """One of the posts a person holds, as the switch at the top right lists it."""

    key: str
    office: str
    role: str
    current: bool = False


_slots: dict[str, Slot] = {}


def declare(name: str, title: str) -> None:
    """Name a place. Declaring it again with the same title is harmless; with another title it is a fault."""
    held = _slots.setdefault(name, Slot(name, title))
    if held.title and held.title != title:
        raise ValueError(f"slot {name!r} is already declared as {held.title!r}")
    held.title = title


def fill(name: str, code: str, title: str, function: Function, *, order: int = 100) -> None:
    """Put ``function`` into slot ``name``; two rooms may not use one code."""
    slot = _slots.setdefault(name, Slot(name, ""))  # rooms load in any order: declared before or after is the same
    held = slot.fillings.get(code)
    if held is not None and held.function is not function:
        raise ValueError(f"slot {name!r} already has a filling {code!r}")
    slot.fillings[code] = Filling(code, title, function, order)


def fillings(name: str) -> list[Filling]:
    """Who fills ``name``, in order."""
    slot = _slots.get(name)
    return sorted(slot.fillings.values(), key=lambda f: (f.order, f.code)) if slot else []


def undeclared() -> list[str]:
    """Slots somebody fills and nobody shows: a spelling fault, told by ``shiheng check``."""
    return sorted(slot.name for slot in _slots.values() if not slot.title)


def fragments(name: str, who: Any, key: Any = None, *, only: str = "") -> list[Filled]:
    """What every room (or the filling ``only``) has to say at ``name`` about ``key``; nothing to say is left out."""
    found: list[Filled] = []
    for filling in fillings(name):
        if only and filling.code != only:
            continue
        try:
            given = filling.function(who, key)
        except Exception:
            log.exception("slot %s: filling %s failed", name, filling.code)
            found.append(Filled(filling.code, say(filling.title), failed=True))
            continue
        if given is None or given == "":
            continue
        if not isinstance(given, Fragment):
            given = Fragment(html=given)
        found.append(Filled(filling.code, say(filling.title), given.html, given.count, given.href))
    return found


def menu(items: Iterable[MenuItem], who: Any, path: str = "") -> list[MenuSection]:
    """The left menu: entries ``who`` may open, by line, the one under which ``path`` lies marked current."""
    may = getattr(who, "may", lambda _power: False)
    shown: list[tuple[MenuItem, str]] = []
    for item in sorted(items, key=lambda i: i.order):
        if item.power and not may(item.power):
            continue
        try:
            shown.append((item, addresses.of(item.url_name)))
        except NoReverseMatch:
            log.warning("menu item %s has no page %s yet", item.title, item.url_name)
    under = [href for _, href in shown if path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))]
    current = max(under, key=len, default=None)
    sections: dict[str, list[MenuEntry]] = {}
    for item, href in shown:
        count = item.count(who) if callable(item.count) else item.count
        sections.setdefault(item.line, []).append(MenuEntry(say(item.title), href, count, href == current))
    return [MenuSection(say(line), tuple(entries)) for line, entries in sections.items()]


def menu_items(who: Any) -> list[MenuItem]:
    """Every item rooms put into the slot ``menu.items``."""
    items: list[MenuItem] = []
    for filling in fillings("menu.items"):
        items.extend(filling.function(who, None) or ())
    return items
