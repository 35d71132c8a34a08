"""Which chain holds for a step, what waits for whom, and what was said of it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.permissions import May, Role, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.procedures.approvals.models import Approval, Opinion, OwnChain
from shiheng.procedures.definition import Procedure, Step


@dataclass(frozen=True, slots=True)
class Chain:
    """Who approves a step, the lowest first; ``own``: as the bureau set it, not as the line ships it."""

    roles: tuple[Role, ...]
    must: bool = False
    own: OwnChain | None = None


def chain_of(procedure: Procedure, step: Step, *, on: date | None = None) -> Chain:
    """The chain of a step on a day: the bureau's own where it set one, else the declared one."""
    on = on or clock.today()
    own = OwnChain.objects.filter(procedure=procedure.code, step=step.code, in_force_from__lte=on).order_by(
        "-in_force_from", "-pk"
    )
    if held := own.first():
        return Chain(tuple(Role(role) for role in held.roles), held.must, held)
    return Chain(step.chain)


def chains_of(procedure: Procedure, *, on: date | None = None) -> dict[str, Chain]:
    """The chain of every step of a procedure, in one query."""
    on = on or clock.today()
    own: dict[str, OwnChain] = {}
    for row in chains(procedure.code).filter(in_force_from__lte=on):
        own.setdefault(row.step, row)  # the latest of a step comes first
    return {
        step.code: Chain(tuple(map(Role, held.roles)), held.must, held)
        if (held := own.get(step.code))
        else Chain(step.chain)
        for step in procedure.steps
    }


def must_go_up(procedure: str, step: str, *, on: date) -> bool:
    """Whether the bureau lets nobody take a step without its chain."""
    own = OwnChain.objects.filter(procedure=procedure, step=step, in_force_from__lte=on)
    held = own.order_by("-in_force_from", "-pk").first()
    return bool(held and held.must and held.roles)


def chains(procedure: str) -> "QuerySet[OwnChain]":
    """Every chain a bureau ever set for a procedure, the latest first."""
    return OwnChain.objects.filter(procedure=procedure).order_by("step", "-in_force_from", "-pk")


def waiting_for(who: Who) -> "QuerySet[Approval]":
    """What waits for the posts of ``who``, without what is his own and what he has spoken on already."""
    posts = Q(pk__in=())
    for grant in who.grants:
        if May.HANDLE_FILES in grant.powers:
            posts |= Q(role=grant.role) & within((grant.path,))
    spoken = Opinion.objects.filter(actor=who.key).values("approval")
    return Approval.objects.filter(posts, state="waiting").exclude(actor=who.key).exclude(pk__in=spoken).order_by("at")


def to_confirm(who: Who) -> "QuerySet[Opinion]":
    """What is said to have been approved by telephone by ``who`` and waits for his word."""
    held = Opinion.objects.filter(account_id=who.account_id or 0, phoned=True, confirmed_at=None, denied_at=None)
    return held.select_related("approval__proceeding").order_by("at")


def of_file(number: int) -> "QuerySet[Approval]":
    """What was laid up of one file, the latest first."""
    return Approval.objects.filter(proceeding=number).prefetch_related("opinions").order_by("-pk")


def find(who: Who, number: int, approval: int) -> Approval:
    """One of a file the reader may see."""
    rows = Approval.objects.select_related("proceeding").prefetch_related("opinions")
    found = rows.filter(pk=approval, proceeding=number).first()
    if found is None or not who.may(May.READ_FILES, found.scope):
        raise Missing("approval.unknown", _("没有这份呈批件，或它不在您的管辖范围内。"))
    return found


def may_speak(who: Who, approval: Approval) -> bool:
    """Whether it waits for a post of ``who``: nobody speaks on his own, and nobody twice."""
    if approval.state != "waiting" or approval.actor == who.key:
        return False
    if any(opinion.actor == who.key for opinion in approval.opinions.all()):
        return False
    return any(
        grant.role == approval.role and May.HANDLE_FILES in grant.powers and approval.scope.startswith(grant.path)
        for grant in who.grants
    )
