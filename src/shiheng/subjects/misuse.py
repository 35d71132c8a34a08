"""被法人、被股东: somebody says that their name was used; every subject in it is claimed, looked into, concluded.

A claim stands on each subject's file as a record of the bureau's own, and ends by going to revocation or not. Nothing
is revoked here: the register says that, when the registration office has decided.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.jurisdictions import narrow
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.queries import calendar
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.kernel.periods import Receipt, due
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.ledger.files import Kept
from shiheng.subjects import following
from shiheng.subjects.definition import MISUSE, MisuseRule
from shiheng.subjects.models import Record, Relation, Subject, Trace

kinds.declare(misuse_claimed="登记冒名登记投诉", misuse_concluded="办结冒名登记投诉")

KIND, SOURCE, RULE = "misuse", "bureau", "registration.misuse"
OPEN, REVOKE, KEEP = "调查中", "移送撤销登记", "不予撤销"  # not shown: states as they are kept
OUTCOMES = {"revoke": REVOKE, "keep": KEEP}
LEAST = 10


def rule(on: date) -> MisuseRule:
    """How long the office has, in force on a day."""
    found: MisuseRule = registry.find(MISUSE, RULE, on=on)
    return found


def reckoned(received: date) -> Receipt:
    """The last day of the investigation, and how that was reckoned."""
    held = rule(received)
    return due(received, held.within, calendar=calendar(), basis=str(held.basis))


def visible_to(who: Who) -> QuerySet[Record]:
    """Claims on subjects of one's territory."""
    held = Record.objects.filter(kind=KIND, source=SOURCE).select_related("subject")
    return narrow(held, who, May.INVESTIGATE_MISUSE)


def find(who: Who, number: int) -> Record:
    """One claim, or ``Missing``: another office's is not told apart from none."""
    held = visible_to(who).filter(pk=number).first()
    if held is None:
        raise Missing("misuse.unknown", _("没有这件冒名登记投诉，或它不在您的管辖范围内。"))
    return held


def claim(
    who: Who,
    trace: Trace,
    subjects: Collection[int],
    *,
    said: str,
    received: date,
    evidence: Kept | None = None,
    evidence_name: str = "",
    key: UUID | None = None,
) -> list[Record]:
    """Claim that a person did not agree to stand in some of the subjects that were found in the person's name.

    Raises ``Forbidden`` without the power, ``Refused`` for nothing chosen, another's subject, a day to come or no word
    of the person, and ``Conflict`` where such a claim is open already.
    """
    if not who.may(May.INVESTIGATE_MISUSE):
        raise Forbidden("misuse.power", _("您的岗位没有办理冒名登记投诉的权限。"))
    said, today = " ".join(said.split()), clock.today()
    # Of several positions at one subject, that of a representative is told.
    positions = sorted(following.find(trace.person).positions, key=lambda r: r.role == "representative")
    held = {r.subject_id: r for r in positions}
    if not subjects:
        raise Refused("misuse.subjects", _("请选择当事人否认的主体。"), field="subjects")
    if not set(subjects) <= set(held):
        raise Refused("misuse.subjects", _("所选的主体不在此人名下，请刷新页面。"), field="subjects")
    if len(said) < LEAST:
        raise Refused("misuse.said", _("请写明当事人的陈述，至少十个字。"), field="said")
    if received > today:
        raise Refused("misuse.received", _("收到日期不能晚于今天。"), field="received")
    clock_of = reckoned(received)
    proof = {"evidence": evidence.sha256, "evidence_name": evidence_name} if evidence else {}

    def do() -> dict[str, list[int]]:
        about = Record.objects.filter(kind=KIND, source=SOURCE, subject__in=subjects)
        if about.filter(state=OPEN, facts__person=trace.person_id).exists():
            raise _standing()
        made = []
        for subject in Subject.objects.filter(pk__in=subjects).order_by("pk"):
            serial = about.filter(subject=subject).count() + 1
            position = held[subject.pk]
            made.append(
                Record.objects.create(
                    subject=subject, kind=KIND, source=SOURCE, key=f"{trace.person_id}-{serial}", day=received,
                    state=OPEN, title="冒名登记投诉", scope=subject.scope, reference=f"trace:{trace.pk}",
                    facts={**_facts(trace, position, said, clock_of), **proof},
                )
            )  # fmt: skip
            ledger.record(
                "misuse.claimed", subject=f"subject:{subject.pk}", who=who, scope=subject.scope,
                facts={"record": made[-1].pk, "matter": trace.matter, "trace": trace.pk,
                       "evidence": evidence.sha256 if evidence else ""},
            )  # fmt: skip
        return {"records": [record.pk for record in made]}

    payload = {"trace": trace.pk, "subjects": sorted(subjects), "said": said, "received": received.isoformat()}
    try:
        result, _fresh = once(who, key=key, action="subjects.claim_misuse", payload=payload, do=do)
    except IntegrityError:  # somebody else claimed the same at the same moment
        raise _standing() from None
    return list(Record.objects.filter(pk__in=result["records"]).order_by("pk"))


def _standing() -> Conflict:
    return Conflict("misuse.open", _("所选的主体中有的已登记过此人的冒名登记投诉，正在调查。"))


def _facts(trace: Trace, position: Relation, said: str, clock_of: Receipt) -> dict[str, Any]:
    last = clock_of.due
    return {
        "matter": trace.matter,
        "claimant": position.named or trace.person.name,
        "position": Relation.ROLES.get(position.role, position.role),
        "said": said,
        "person": trace.person_id,
        **({"limit": f"{last:%Y-%m-%d}"} if last else {}),
    }


def conclude(who: Who, number: int, outcome: str, *, reason: str, key: UUID | None = None) -> Record:
    """End an investigation: to revocation (``revoke``) or not (``keep``), with the reason.

    Raises ``Missing`` outside the territory, ``Refused`` without a reason, ``Conflict`` where it is ended already.
    """
    found, reason = find(who, number), " ".join(reason.split())
    if outcome not in OUTCOMES:
        raise Refused("misuse.outcome", _("请选择调查结论。"), field="outcome")
    if len(reason) < LEAST:
        raise Refused("misuse.reason", _("请写明认定的事实和理由，至少十个字。"), field="reason")

    def do() -> dict[str, int]:
        facts = {**found.facts, "result": reason, "closed": f"{clock.today():%Y-%m-%d}"}
        moved = Record.objects.filter(pk=found.pk, state=OPEN).update(state=OUTCOMES[outcome], facts=facts)
        if moved != 1:
            raise Conflict("misuse.ended", _("这件投诉已经办结，不能重复办结。"))
        ledger.record(
            "misuse.concluded", subject=f"subject:{found.subject_id}", who=who, scope=found.scope,
            facts={"record": found.pk, "outcome": OUTCOMES[outcome], "reason": reason},
        )  # fmt: skip
        return {"record": found.pk}

    payload = {"record": number, "outcome": outcome, "reason": reason}
    once(who, key=key, action="subjects.conclude_misuse", payload=payload, do=do)
    return find(who, number)
