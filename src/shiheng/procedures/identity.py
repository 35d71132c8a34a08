"""Who a sealed party is: read by the handler of the file alone, who says why; that goes on record first."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import Who
from shiheng.kernel.errors import Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring, kinds
from shiheng.procedures import queries
from shiheng.procedures.contents import CONTACT, version_of
from shiheng.procedures.models import Party

kinds.declare(file_identity="查看保密身份")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it is and how to reach them."""

    name: str
    contact: list[tuple[str, str]]


def sealed_party(who: Who, number: int, party: int) -> Party:
    """A sealed party of a file whose handler is asking. Raises ``Forbidden`` to everybody else."""
    found = queries.find(who, number)
    procedure = version_of(found.procedure, found.version)
    row = found.parties.filter(number=party, gone=False).select_related("proceeding").first()
    kind = procedure.party(row.kind) if row else None
    if row is None or kind is None or not kind.sealed:
        raise Missing("identity.unknown", _("案卷里没有这一方。"))
    if who.account_id is None or found.officer_id != who.account_id:
        raise Forbidden("identity.handler", _("申请人的身份只有承办人可以查看。"))
    return row


def read(who: Who, number: int, party: int, *, reason: str, key: UUID | None = None) -> Identity:
    """Put on record that the identity is read and why, then give it."""
    row = sealed_party(who, number, party)
    reason = " ".join(reason.split())
    if len(reason) < 2:
        raise Refused("identity.reason", _("请写明查看的用途。"), field="reason")

    def do() -> dict[str, int]:
        ledger.record(
            "file.identity", subject=f"file:{number}", who=who, scope=row.proceeding.scope,
            facts={"party": party, "reason": reason},
        )  # fmt: skip
        return {"file": number}

    once(who, key=key, action="procedures.identity", payload={"file": number, "party": party}, do=do)
    told = [(title, keyring.unsealed(row.facts[fact])) for fact, (title, _mask) in CONTACT.items() if fact in row.facts]
    return Identity(keyring.unsealed(row.facts["name"]), told)
