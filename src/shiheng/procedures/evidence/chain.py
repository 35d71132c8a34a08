"""Who holds an item, and what may happen to it next. Pure: reads the rows of its custody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOVES = ("handed", "borrowed", "returned", "sealed", "opened")
"""What a person enters by hand; the rest follows from other acts."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One row of custody: what, and who held the item after it."""

    kind: str
    taker: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item stands: who keeps it, who has borrowed it, whether it is sealed."""

    keeper: str = ""
    borrower: str = ""
    sealed: bool = False
    gone: bool = False

    @property
    def holder(self) -> str:
        return self.borrower or self.keeper


def standing(events: Iterable[Happened]) -> Standing:
    """Where an item stands after all that happened to it."""
    keeper = borrower = ""
    sealed = gone = False
    for one in events:
        if one.kind in {"received", "handed"}:
            keeper = one.taker
        elif one.kind == "borrowed":
            borrower = one.taker
        elif one.kind == "returned":
            borrower = ""
        elif one.kind in {"sealed", "opened"}:
            sealed = one.kind == "sealed"
        elif one.kind == "withdrawn":
            gone = True
    return Standing(keeper, borrower, sealed, gone)


_AGAINST: Mapping[str, tuple[str, str]] = {
    "handed": ("borrower", "这件证据借出未还，请先办理归还。"),
    "borrowed": ("borrower", "这件证据已经借出，请先办理归还。"),
    "sealed": ("borrower", "这件证据借出未还，请先办理归还。"),
}


def objection(held: Standing, kind: str) -> str:
    """Why something cannot happen to an item now; empty when it can."""
    if kind not in MOVES:
        return "没有这种流转。"
    if held.gone and kind in {"borrowed", "sealed"}:
        return "这件证据已经撤回，只能归还、启封，或者移交、退还。"
    name, why = _AGAINST.get(kind, ("", ""))
    if name and getattr(held, name):
        return why
    if kind == "returned" and not held.borrower:
        return "这件证据没有借出，不用归还。"
    if kind == "opened" and not held.sealed:
        return "这件证据没有封存，不用启封。"
    if kind == "sealed" and held.sealed:
        return "这件证据已经封存。"
    if kind == "borrowed" and held.sealed:
        return "这件证据已经封存，请先启封再借出。"
    return ""


def possible(held: Standing) -> tuple[str, ...]:
    """What may happen to an item next."""
    return tuple(kind for kind in MOVES if not objection(held, kind))
