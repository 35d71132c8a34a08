"""The menu of the desk, from what rooms put into the slot ``menu.items``, narrowed to what this person may open."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shiheng import __version__
from shiheng.accounts.permissions import ANYONE, Who
from shiheng.ui import slots

SECTIONS = ("工作", "主体", "归集", "公示", "存证", "管理")
"""Sections in the order of a working day; a section a room invents comes after them."""


def sections(who: Who, path: str = "") -> list[dict[str, Any]]:
    """``[{"title", "items": [{"title", "url", "count", "current"}]}]`` for one person; ``path`` marks where they are.

    A room fills ``menu.items`` with ``(who, key) -> mapping | list of mappings | None``; a mapping holds ``section``,
    ``title``, ``url`` and may hold ``count`` (work that is due) and ``tone``. None means: not for this person.
    """
    held: dict[str, list[dict[str, Any]]] = {title: [] for title in SECTIONS}
    for fragment in slots.fragments("menu.items", who, ""):
        for item in _items(fragment):
            held.setdefault(item.get("section", "管理"), []).append({"count": None, "tone": "", **item})
    current = max(
        (i["url"] for items in held.values() for i in items if path.startswith(i["url"])), key=len, default=None
    )
    for items in held.values():
        for item in items:
            item["current"] = item["url"] == current
    return [{"title": title, "items": items} for title, items in held.items() if items]


def context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: the brand, the version, who is asking, and their menu (counted only when drawn)."""
    who: Who = getattr(request, "who", ANYONE)
    return {
        "brand": "市衡",
        "version": __version__,
        "who": who,
        "menu": SimpleLazyObject(lambda: sections(who, request.path)),
    }


def _items(fragment: Any) -> Iterable[Mapping[str, Any]]:
    if fragment is None:
        return ()
    return (fragment,) if isinstance(fragment, Mapping) else fragment
