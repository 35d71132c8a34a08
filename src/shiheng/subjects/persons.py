"""自然人与任职: who holds which position in which subject, and when two subjects' persons are one. Never by name alone.

A person is known by an identity number wherever it is told, as a keyed digest and nowhere in the clear. Without one, a
person is known within one subject only: whoever has the same name elsewhere is somebody else until proved otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.utils.crypto import salted_hmac

from shiheng.ledger import keyring
from shiheng.subjects.definition import DELETED_STATE

POSITION = "position"
"""The kind of record that says which position a person holds."""
ROLE_OF = {
    "法定代表人": "representative",  # not shown: words of the contract
    "负责人": "representative",  # not shown: words of the contract
    "经营者": "representative",  # not shown: words of the contract
    "股东": "shareholder",  # not shown: words of the contract
    "董事": "director",  # not shown: words of the contract
    "监事": "supervisor",  # not shown: words of the contract
    "经理": "manager",  # not shown: words of the contract
    "财务负责人": "finance",  # not shown: words of the contract
    "联络员": "liaison",  # not shown: words of the contract
    "委托代理人": "agent",  # not shown: words of the contract
}


@dataclass(slots=True)
class Seat:
    """A person's position in a subject, and over which days it was held."""

    subject: int
    role: str
    key: str
    name: str
    verified: bool
    first_day: date | None
    last_day: date | None
    current: bool
    source: str
    contact: str = ""

    def and_(self, other: "Seat") -> None:
        """The same person in the same position once more: from the first day told to the last."""
        firsts = [day for day in (self.first_day, other.first_day) if day]
        self.first_day = min(firsts, default=None)
        lasts = [day for day in (self.last_day, other.last_day) if day]
        self.current = self.current or other.current
        self.last_day = None if self.current else max(lasts, default=None)
        self.contact = self.contact or other.contact


def key_of(number: str) -> str:
    """The key of a person with this identity number."""
    return f"id:{_digest(number)}"


def _digest(text: str) -> str:
    """Tells whether two values are one; says nothing of what they are."""
    return salted_hmac("shiheng.person", text, algorithm="sha256").hexdigest()


def seats(representatives: pl.DataFrame, records: Iterable[dict[str, Any]]) -> list[Seat]:
    """Every position in the given files: of representatives as the register names them, and of whoever is listed.

    A representative who is listed with an identity number is that person; the register's days stand.
    """
    found: dict[tuple[int, str, str], Seat] = {}
    numbered: dict[tuple[int, str], str] = {}
    for seat in filter(None, map(_seat, records)):
        known = found.setdefault((seat.subject, seat.role, seat.key), seat)
        if known is not seat:
            known.and_(seat)
        if seat.verified:
            numbered[seat.subject, seat.name] = seat.key
    for subject, name, first, last, current, source in representatives.iter_rows():
        key = numbered.get((subject, name), "")
        seat = Seat(
            subject, "representative", key or _unnumbered(subject, name), name, bool(key), first, last, current, source
        )
        listed = found.get((subject, "representative", seat.key))
        seat.contact = listed.contact if listed else ""
        found[subject, "representative", seat.key] = seat
    return list(found.values())


def _seat(record: dict[str, Any]) -> Seat | None:
    role = ROLE_OF.get(str(record["facts"].get("title", "")))
    name = str(record.get("person_name") or "")
    if record["kind"] != POSITION or role is None or not name or record["state"] == DELETED_STATE:
        return None
    number = keyring.unsealed(str(record.get("person_id") or ""))
    phone = keyring.unsealed(str(record["facts"].get("phone") or ""))
    last = record.get("until") or (record["gone_on"].isoformat() if record.get("gone_on") else "")
    return Seat(
        subject=record["subject"],
        role=role,
        key=key_of(number) if number else _unnumbered(record["subject"], name),
        name=name,
        verified=bool(number),
        first_day=date.fromisoformat(record["day"]) if record["day"] else None,
        last_day=date.fromisoformat(last) if last else None,
        current=not last,
        source=record["source"],
        contact=_digest(phone) if phone else "",
    )


def _unnumbered(subject: int, name: str) -> str:
    return f"at:{subject}:{name}"[:200]
