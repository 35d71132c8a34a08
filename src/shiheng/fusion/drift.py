"""How a source's deliveries change: columns that empty, codes its list does not know, rows that vanish. Pure.

Everything is read from the profiles that were counted when the files were checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shiheng.fusion.definition import Source
from shiheng.fusion.definition.punctuality import RULE, Rule, has_moved


class Delivery(Protocol):
    """What is read of a batch."""

    pk: Any
    rows_in: int
    profile: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Code:
    """A code the contract's list does not hold: in how many rows of the last delivery, and since which batch."""

    text: str
    rows: int
    first: int


@dataclass(frozen=True, slots=True)
class ColumnDrift:
    """One column now and in the delivery before."""

    name: str
    title: str
    share: float | None
    before: float | None
    moved: bool
    unknown: tuple[Code, ...] = ()
    unknown_rows: int = 0

    @property
    def seen(self) -> bool:
        """Whether the file has the column, or had it the time before."""
        return self.share is not None or self.before is not None


def columns(source: Source, deliveries: Sequence[Delivery], rule: Rule = RULE) -> list[ColumnDrift]:
    """Every column of the contract in the last of ``deliveries`` (oldest first) against the one before it.

    What moved or holds unknown codes comes first, then as the contract has it.
    """
    profiled = [d for d in deliveries if d.profile.get("columns")]
    if not profiled:
        return []
    last = profiled[-1].profile["columns"]
    before = profiled[-2].profile["columns"] if len(profiled) > 1 else {}
    found = []
    for column in source.columns:
        now, then = last.get(column.name), before.get(column.name)
        share = now["null_share"] if now else None
        earlier = then["null_share"] if then else None
        # A column that was there and is gone, or came, has moved whatever its share is.
        moved = has_moved(earlier, share, rule.null_moved) or (bool(before) and (now is None) != (then is None))
        codes = (now or {}).get("unknown", {})
        firsts = {text: _first(profiled, column.name, text) for text in codes}
        found.append(
            ColumnDrift(
                column.name,
                column.title,
                share,
                earlier,
                moved,
                tuple(Code(text, rows, firsts[text]) for text, rows in codes.items()),
                (now or {}).get("unknown_rows", 0),
            )
        )
    return sorted(found, key=lambda column: not (column.moved or column.unknown_rows))


def _first(profiled: Sequence[Delivery], column: str, text: str) -> int:
    """The first of these deliveries in which the code came."""
    return next(int(d.pk) for d in profiled if text in d.profile["columns"].get(column, {}).get("unknown", {}))


def rows_moved(deliveries: Sequence[Delivery], rule: Rule = RULE) -> bool:
    """Whether the last delivery is so much longer or shorter than the one before that somebody should look."""
    if len(deliveries) < 2 or not deliveries[-2].rows_in:
        return False
    return abs(deliveries[-1].rows_in / deliveries[-2].rows_in - 1) >= rule.rows_moved


def null_share(delivery: Delivery) -> float | None:
    """Empty cells among all cells of a delivery; nothing where no profile was kept."""
    held = delivery.profile.get("columns", {})
    cells = delivery.profile.get("readable", 0) * len(held)
    return sum(c["missing"] for c in held.values()) / cells if cells else None
