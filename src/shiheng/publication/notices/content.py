"""What of a record goes out, as its declaration names and hides it; and the same before anything is hidden."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from shiheng.publication.notices.definition import Field, Publishable, masked
from shiheng.subjects.models import Record


def content(
    plan: Publishable, row: Record, *, names: Iterable[str] = (), strike: Iterable[str] = ()
) -> list[list[str]]:  # fmt: skip
    """What goes out, in the order it is declared: name, title and value, hidden as declared; nothing that is empty."""
    return [
        [one.name, one.title, shown]
        for one in plan.shown
        if (shown := masked(_text(one, row), one.mask, names=names, strike=strike))
    ]


def original(plan: Publishable, row: Record) -> list[tuple[str, str, str]]:
    """The same before anything is hidden: for the officer who compares."""
    return [(one.name, one.title, text) for one in plan.shown if (text := _text(one, row))]


def _text(one: Field, row: Record) -> str:
    said = value(one.value, row)
    if one.kind == "money":
        return f"{int(said) / 100:,.2f} 元" if said.lstrip("-").isdigit() and int(said) else ""
    return said


def value(where: str, row: Record) -> str:
    """What a place of a record or its business says."""
    place, _dot, name = where.partition(".")
    held = row.subject if place == "subject" else row
    said: Any = row.facts.get(name) if place == "fact" else getattr(held, name, "")
    return said.isoformat() if isinstance(said, date | datetime) else str(said or "").strip()


def digest(facts: Mapping[str, Any]) -> str:
    """What the record said when its notice was made of it."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
