"""What the generator knows of an invented subject: what it is, what its register says over time, and what is true."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shiheng.city.industries import Industry

ACTIVE, SUSPENDED, REVOKED, REVOKED_CLOSED = "active", "suspended", "revoked", "revoked_closed"
DEREGISTERED, CANCELLED, MOVED_OUT = "deregistered", "cancelled", "moved_out"
ENDED = frozenset({REVOKED_CLOSED, DEREGISTERED, CANCELLED, MOVED_OUT})

# The items of a registration that change; every ``Change`` names some of them.
ITEMS = ("name", "status", "rep", "rep_key", "address", "place", "town", "capital", "currency", "scope")


@dataclass(frozen=True, slots=True)
class Change:
    """One entry in the register: on ``day`` these items took these values. The first is the establishment."""

    day: date
    kind: (
        str  # establish, rename, move, represent, capital, scope, suspend, resume, revoke, deregister, cancel, move_out
    )
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Subjects that belong together in a way the files do not say: the known truth of resolution and tracing."""

    key: str
    kind: str
    members: tuple[int, ...]
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Subject:
    """One invented subject. ``k`` is its number in the city; it is the same subject however many are made."""

    k: int
    kind: str  # enterprise, individual, cooperative, branch
    type_code: str
    type_name: str
    industry: Industry
    region: str
    established: date
    uscc: str
    regno: str | None
    inner: str
    conduct: float
    controller: str
    history: list[Change]
    brand: str = ""
    parent: "Subject | None" = None
    vanished_on: date | None = None
    never_operated: bool = False
    fake: bool = False
    shown: bool = False  # one of the subjects the demonstration opens: its rows are never spoilt
    groups: list[str] = field(default_factory=list)
    slip: tuple[str, str] = ("", "")  # who tells another's old number with it, and that number
    divided: bool = False  # its old number and its code are never told together
    telephone: str = ""  # the person whose telephone is left for its first head, where that is not the head's own

    def on(self, day: date) -> dict[str, Any]:
        """What the register says at the end of ``day`` (empty before the establishment)."""
        said: dict[str, Any] = {}
        for change in self.history:
            if change.day > day:
                break
            said.update(change.values)
        return said

    def last_entry(self, day: date) -> date:
        """The day of the last entry up to ``day`` (核准日期)."""
        return max((c.day for c in self.history if c.day <= day), default=self.established)

    def operating(self, day: date) -> bool:
        """Whether it truly does business on ``day``, whatever its status says."""
        if self.never_operated or (self.vanished_on is not None and self.vanished_on <= day):
            return False
        return self.on(day).get("status") == ACTIVE
