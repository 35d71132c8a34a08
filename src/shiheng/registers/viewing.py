"""Reading what is personal in an entry in full: by who keeps it there, for a reason, once, and on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import sealing
from shiheng.kernel.errors import Missing
from shiheng.ledger import keyring
from shiheng.registers.actions import check_keeper
from shiheng.registers.contents import version_of
from shiheng.registers.definition import Register
from shiheng.registers.models import Entry
from shiheng.registers.queries import find
from shiheng.subjects import viewing


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed fact of an entry: what it is called, what is personal in it, and its sealed text."""

    title: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An entry whose personal facts somebody wants to read."""

    entry: Entry
    sealed: tuple[Sealed, ...]

    @property
    def masked(self) -> list[tuple[str, str]]:
        return [(fact.title, keyring.shown(fact.text)) for fact in self.sealed]


def sealed_in(register: Register, facts: Mapping[str, Any]) -> tuple[Sealed, ...]:
    """What of an entry's contents is sealed, in the register's own order: a database keeps the names in another."""
    order = {name: at for at, name in enumerate(register.titles)}
    named = sorted(facts.items(), key=lambda fact: order.get(fact[0], len(order)))
    found = ((name, value, sealing.parse(value)) for name, value in named if isinstance(value, str))
    return tuple(Sealed(register.titles.get(name, name), held.kind, text) for name, text, held in found if held)


def asked_for(who: Who, register: Register, number: int) -> Asked:
    """The personal facts of an entry, for who keeps it.

    Raises ``Missing`` for another territory's and where nothing is personal, ``Forbidden`` to who does not keep it.
    """
    entry = find(who, register, number)
    check_keeper(who, register, entry.scope)
    sealed = sealed_in(version_of(entry.register, entry.version), entry.facts)
    if not entry.live or not sealed:
        raise Missing("personal.nothing", _("这里没有可查看的个人信息，或它不在您的管辖范围内。"))
    return Asked(entry, sealed)


def view(who: Who, asked: Asked, *, purpose: str, reason: str, key: str) -> list[tuple[str, str]]:
    """Title and whole value of each personal fact, after who read them and why has gone on record."""
    found = [(fact.title, keyring.unsealed(fact.text)) for fact in asked.sealed]
    entry = asked.entry
    at = f"entry:{entry.pk}"
    viewing.put_on_record(
        who, at=at, subject=f"subject:{entry.subject_id}" if entry.subject_id else at, scope=entry.scope,
        titles=[title for title, _value in found], kinds=[fact.kind for fact in asked.sealed],
        values=[value for _title, value in found], purpose=purpose, reason=reason, key=key,
    )  # fmt: skip
    return found
