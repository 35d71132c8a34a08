"""What a file keeps in a register by itself, and the goods it answers for. Pure: told by the course alone.

A line says for each party of a kind (a seized thing, a punished person) what the register is to say of it now. Goods
are counted: what came in is what was released, confiscated, done away with, handed over and what is still held, always.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shiheng.procedures.course import Course

OUT = ("released", "confiscated", "gone", "handed")
TITLES = {"count": "收入", "held": "仍在保管", "released": "已解除返还", "confiscated": "没收在库", "gone": "已处置",
          "handed": "已移交"}  # fmt: skip
"""How goods are counted: what came in, and where it is."""


@dataclass(frozen=True, slots=True)
class Stock:
    """How many of a thing came in and where they are; ``held`` is what is in none of the other places."""

    thing: str
    unit: str
    place: str
    count: int
    released: int = 0
    confiscated: int = 0
    gone: int = 0
    handed: int = 0
    value: int = 0
    due: date | None = None

    @property
    def held(self) -> int:
        return self.count - self.released - self.confiscated - self.gone - self.handed

    @property
    def lying(self) -> int:
        """What must be found where it is kept: what is held and what was confiscated and not done away with."""
        return self.held + self.confiscated


@dataclass(frozen=True, slots=True)
class Known:
    """What a flow is told beside the course: of the file and of the party it is about."""

    number: str
    name: str
    subject: int | None = None
    due: Mapping[str, date | None] = field(default_factory=dict)  # by limit


@dataclass(frozen=True, slots=True)
class Kept:
    """What an entry is to say, and how it stands."""

    facts: Mapping[str, Any]
    state: str
    subject: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """One register a file writes to: for each party of ``kind``, or (empty) for the file, whatever ``entry`` says.

    It says nothing until there is something to enter; what was entered and is said no longer comes to the state
    ``gone``. ``stock``: the party is goods, counted so.
    """

    register: str
    kind: str
    entry: "Callable[[Course, int, Known], Kept | None]"
    gone: str
    stock: "Callable[[Course, int, Known], Stock | None] | None" = None
