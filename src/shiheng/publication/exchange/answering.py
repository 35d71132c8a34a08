"""联动监管应用: a department's application asks of one subject in the course of its own work and is answered at once.

It may ask what its subscription lets it take, of the territory the subscription covers, and names the matter it asks
for. Each answer is a leaf of the evidence log that holds the digest of what was said: whoever was answered can prove it
later, without us.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shiheng.accounts.permissions import SYSTEM
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Refused
from shiheng.kernel.identifiers import check_uscc
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds, queries
from shiheng.ledger.models import Leaf
from shiheng.publication.definition import IDENTITY
from shiheng.publication.exchange.gathering import About, bodies
from shiheng.publication.models import Subscription
from shiheng.subjects.models import Identifier, Record
from shiheng.subjects.queries import survivor_of

ANSWERED = "exchange.answered"
kinds.declare(exchange_answered="应询答复")
LEAST, MOST = 4, 64


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one subject: the facts as they go out, their one spelling's digest, and the leaf it is on."""

    uscc: str
    facts: list[dict[str, Any]]
    body: str
    sha256: str
    leaf: int
    day: str


def answer(row: Subscription, code: str, *, matter: str) -> Answer:
    """What may be said of the subject with this code now; nothing is an answer too, and on record like any other.

    Raises ``Refused`` for a code that cannot be one and where the matter is not told.
    """
    uscc, matter = check_uscc(code), " ".join(matter.split())
    if not LEAST <= len(matter) <= MOST:
        raise Refused("exchange.matter", _("请写明事项编号（matter），四至六十四个字。"), field="matter")
    facts = _facts(row, uscc)
    day = clock.today().isoformat()
    body = json.dumps(
        {"subscription": row.code, "uscc": uscc, "day": day, "facts": facts},
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    digest = hashlib.sha256(body.encode()).hexdigest()
    leaf = ledger.record(
        ANSWERED, subject=f"exchange:{row.code}", who=SYSTEM, scope=row.scope,
        facts={"uscc": uscc, "matter": matter, "sha256": digest, "office": row.office.code,
               "kinds": dict(sorted(Counter(fact["kind"] for fact in facts).items()))},
    )  # fmt: skip
    return Answer(uscc, facts, body, digest, leaf.pk, day)


def _facts(row: Subscription, uscc: str) -> list[dict[str, Any]]:
    named = Identifier.objects.filter(kind="uscc", value=uscc).values_list("subject_id", flat=True).first()
    if named is None:
        return []
    subject = survivor_of(named)
    abouts: list[About] = [(subject, IDENTITY, "")] if IDENTITY in row.kinds else []
    records = Record.objects.filter(subject_id=subject, kind__in=row.kinds).order_by("kind", "source", "key")
    abouts += [(subject, kind, f"{s}:{key}") for kind, s, key in records.values_list("kind", "source", "key")]
    said = bodies(row, abouts)
    return [{"kind": about[1], "key": about[2], **told} for about, told in said.items() if told is not None]


def proof(row: Subscription, number: int) -> dict[str, Any]:
    """The proof of an answer, to be checked anywhere. Raises ``Missing`` for another's, ``Refused`` before its seal."""
    leaf = Leaf.objects.filter(pk=number, kind=ANSWERED, subject=f"exchange:{row.code}").first()
    if leaf is None:
        raise Missing("exchange.answer", _("没有这次答复，或它不属于这个订阅。"))
    return queries.proof(leaf)
