"""Which element of a violation has evidence, which has none, and which act was not filmed. Pure.

A procedure that must not decide on too little asks ``missing`` in a guard; a page shows the whole ``table``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from shiheng.procedures.evidence.definition import ACTS, FILMED

SEEN = ("image/", "video/", "audio/")


class Element(Protocol):
    """An element as the catalogue has it."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def evidence(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Item:
    """An item of evidence that stands: ``elements`` are ``violation:element`` of what it is to prove; ``carried``: it
    lies in another file and is used in this one under this number."""

    number: int
    title: str
    kind: str
    elements: tuple[str, ...] = ()
    act: str = ""
    media: str = ""
    passage: int | None = None
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One element: the kinds that usually prove it, and the items that are to."""

    title: str
    text: str
    usual: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def empty(self) -> bool:
        return not self.items

    @property
    def unusual(self) -> bool:
        """Whether there is evidence, but of none of the kinds that usually prove such an element."""
        kept = [item for item in self.items if item.kind]
        return bool(kept) and bool(self.usual) and not any(item.kind in self.usual for item in kept)


def named(violation: str, element: str) -> str:
    """How an item names what it is to prove."""
    return f"{violation}:{element}"


def table(violation: str, elements: Iterable[Element], items: Iterable[Item]) -> tuple[Row, ...]:
    """Every element of a violation with what supports it, in the catalogue's order."""
    held = tuple(items)
    return tuple(
        Row(
            one.title, one.text, tuple(one.evidence),
            tuple(item for item in held if named(violation, one.title) in item.elements),
        )
        for one in elements
    )  # fmt: skip


def missing(violation: str, elements: Iterable[Element], items: Iterable[Item]) -> tuple[str, ...]:
    """The titles of the elements for which there is no evidence at all."""
    return tuple(row.title for row in table(violation, elements, items) if row.empty)


def unfilmed(items: Sequence[Item]) -> tuple[str, ...]:
    """The acts something was taken in that must be filmed, without a picture or a sound of them in the file.

    Where acts of one kind happened in several steps, each step needs its own.
    """
    done = {(item.act, item.passage) for item in items if item.act in FILMED}
    seen = {(item.act, item.passage) for item in items if item.media.startswith(SEEN)}
    lacking = {act for act, passage in done - seen if (act, None) not in seen}
    return tuple(act for act in ACTS if act in lacking)
