"""Complaints against a business as the business itself sees them: once accepted, what is claimed, never how to reach
whoever complained. A report exists for it nowhere."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.procedures.contents import all_on, version_of
from shiheng.procedures.models import Party, Proceeding
from shiheng.subjects import queries as subjects

ACCEPTED = "accept"
KINDS = ("answer", "offer", "agree", "disagree")
"""What a business says to a complaint."""


def _procedures() -> list[str]:
    """What a business may see at all: procedures the public opens in which nobody is hidden, and that are accepted."""
    return [
        one.code
        for one in all_on(clock.today())
        if one.public is not None and one.step(ACCEPTED) and not any(kind.hidden for kind in one.parties)
    ]


def against(who: Who) -> "QuerySet[Proceeding]":
    """The accepted complaints against the businesses a login stands for."""
    if who.account_id is None:
        return Proceeding.objects.none()
    own = subjects.of_account(who.account_id).values("pk")
    taken = Proceeding.objects.filter(passages__step=ACCEPTED, passages__voided_at=None).values("pk")
    rows = Proceeding.objects.filter(pk__in=taken, procedure__in=_procedures(), parties__subject__in=own)
    return rows.filter(parties__gone=False).distinct().order_by("ended", "-received_on", "-pk")


def find(who: Who, number: int) -> tuple[Proceeding, Party]:
    """One of them, with the business as it stands in it. Raises ``Missing``."""
    found = against(who).filter(pk=number).first()
    if found is None:
        raise Missing("complaint.unknown", _("没有这件投诉，或它不是针对您的企业的。"))
    own = set(subjects.of_account(who.account_id or 0).values_list("pk", flat=True))
    return found, next(row for row in found.parties.filter(gone=False) if row.subject_id in own)


def complained(found: Proceeding) -> Sequence[str]:
    """Who complains, by name alone."""
    kinds = [kind.code for kind in version_of(found.procedure, found.version).parties if kind.masked]
    return list(found.parties.filter(kind__in=kinds, gone=False).order_by("number").values_list("name", flat=True))
