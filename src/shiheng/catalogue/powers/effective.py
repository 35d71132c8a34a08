"""The list on a day: what lines declare, with the bureau's published changes laid over it in their order. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from shiheng.catalogue.powers.definition import Basis, Power


@dataclass(frozen=True, slots=True)
class Local:
    """A published change as the list needs it."""

    number: int
    power: str
    what: str
    in_force_from: date
    ends: date | None
    content: Mapping[str, Any]
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: the power, what became of it, and by which change last."""

    power: Power
    status: str = "kept"
    change: int | None = None
    changed_on: date | None = None
    entrusted_to: str = ""
    agreement: str = ""
    published_where: str = ""
    ends: date | None = None

    @property
    def code(self) -> str:
        return self.power.code

    @property
    def in_force(self) -> bool:
        return self.status != "cancel"


def effective(declared: Iterable[Power], changes: Iterable[Local], *, on: date) -> dict[str, Entry]:
    """Every power of the list on a day by its code; cancelled ones stay, marked."""
    held = {power.code: Entry(power) for power in declared if power.until is None or power.until >= on}
    for change in sorted(changes, key=lambda c: (c.in_force_from, c.published_at, c.number)):
        if change.in_force_from > on or (change.ends is not None and change.ends < on):
            continue
        before = held.get(change.power)
        if change.what == "add":
            held[change.power] = _marked(Entry(_made(change)), change)
        elif before is not None:
            held[change.power] = _marked(_changed(before, change), change)
    return held


def _marked(entry: Entry, change: Local) -> Entry:
    return replace(entry, status=change.what, change=change.number, changed_on=change.in_force_from)


def _changed(entry: Entry, change: Local) -> Entry:
    if change.what == "entrust":
        return replace(
            entry,
            entrusted_to=change.content["entrusted_to"],
            agreement=change.content["agreement"],
            published_where=change.content["published_where"],
            ends=change.ends,
        )
    return replace(entry, power=with_content(entry.power, change.content))


def with_content(power: Power, content: Mapping[str, Any]) -> Power:
    """A power with the fields a change sets; a basis a checker read counts as verified, another one does not."""
    plain = {name: content[name] for name in _PLAIN if name in content}
    if "levels" in content:
        plain["levels"] = tuple(content["levels"])
    if "instrument" in content or "article" in content:
        instrument = content.get("instrument", power.basis.instrument)
        article = content.get("article", power.basis.article)
        plain["basis"] = Basis(instrument, article, bool(content.get("verified", False)))
    return replace(power, **plain)


_PLAIN = ("title", "kind", "field", "unit", "statutory", "promised", "content", "fee", "base_code")


def _made(change: Local) -> Power:
    given = change.content
    blank = Power(
        code=change.power,
        in_force_from=change.in_force_from,
        title=given["title"],
        kind=given["kind"],
        field=given["field"],
        unit=given["unit"],
        levels=tuple(given["levels"]),
        basis=Basis(given["instrument"], given["article"], bool(given.get("verified", False))),
    )
    return with_content(blank, given)


def fields_of(power: Power) -> dict[str, Any]:
    """What of a power a change may set, as it stands."""
    return {
        **{name: getattr(power, name) for name in _PLAIN},
        "levels": list(power.levels),
        "instrument": power.basis.instrument,
        "article": power.basis.article,
    }
