"""What the ledger of a procedure says of each file: the events counted and the sums added up. Pure."""

from dataclasses import KW_ONLY, dataclass

RECEIVED = "received"
"""The event every file has: that it was received."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is counted on the day it happens, by the steps that are it.

    ``each``: every time counts; else a file counts once. ``tells``: the fact of these steps a row shows in words.
    ``seldom``: its day is a column that is shown only when asked for.
    """

    code: str
    title: str
    steps: tuple[str, ...]
    _: KW_ONLY
    each: bool = False
    tells: str = ""
    seldom: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """Money in fen that these steps tell, on the day they happen. ``latest``: what a party was told last counts."""

    code: str
    title: str
    steps: tuple[str, ...]
    facts: tuple[str, ...]
    event: str
    _: KW_ONLY
    latest: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """The ledger of a procedure; ``by`` are the facts its totals are split by, beside office and month."""

    title: str
    events: tuple[Event, ...]
    sums: tuple[Sum, ...] = ()
    by: tuple[str, ...] = ()
    received: str = "收到"
