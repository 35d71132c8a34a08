"""Records become drafts of notices, and what is undone or run out comes down: done every hour and at midnight."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from shiheng.accounts.permissions import SYSTEM
from shiheng.catalogue.queries import calendar
from shiheng.kernel import clock, registry
from shiheng.procedures.models import Party, Proceeding
from shiheng.publication.notices import actions, terms
from shiheng.publication.notices.content import content, digest, value
from shiheng.publication.notices.definition import PUBLISHABLES, Publishable
from shiheng.publication.notices.models import Notice
from shiheng.subjects.models import Record

SHORT = 4
"""A party nobody matched to a business, with a name of so few characters, is taken for a person."""


def plans() -> list[Publishable]:
    """What is published today."""
    return list(registry.all_of(PUBLISHABLES, on=clock.today()))


def turn(today: date | None = None) -> tuple[int, int]:
    """Draft what is new, take down what is undone or has run out: how many of each."""
    today = today or clock.today()
    made = sum(draft(plan) for plan in plans())
    return made, undone() + ended(today)


def draft(plan: Publishable) -> int:
    """Drafts of the records of one kind that have none."""
    known = Notice.objects.filter(plan=plan.code, source=OuterRef("source"), key=OuterRef("key"))
    rows = Record.objects.filter(
        kind=plan.kind, source__in=plan.sources, state__in=plan.states, current=True, gone_on=None
    )
    if plan.within:
        rows = rows.filter(day__gte=clock.today() - timedelta(days=plan.within))
    rows = rows.exclude(Exists(known)).select_related("subject").order_by("pk")
    made = 0
    for row in rows.iterator(chunk_size=500):
        if plan.kept_out and plan.kept_out(row.facts):
            continue
        names = _names(row)
        decided = _day(value(plan.decided, row))
        ends = terms.dues(plan, decided, calendar()) if decided else {}
        Notice.objects.get_or_create(
            plan=plan.code, source=row.source, key=row.key,
            defaults={
                "version": plan.in_force_from, "subject": row.subject, "scope": row.subject.scope,
                "number": next((text for where in plan.number if (text := value(where, row))), "")[:200],
                "title": row.title, "decided_on": decided, "due": min(ends.values(), default=None),
                "dues": {code: day.isoformat() for code, day in ends.items()},
                "content": content(plan, row, names=names), "names": names, "digest": digest(row.facts),
                "state": "draft", "made_at": clock.now(),
            },
        )  # fmt: skip
        made += 1
    return made


def undone() -> int:
    """Notices whose decision was undone or whose record is gone come down at once."""
    count = 0
    for plan in plans():
        rows = Notice.objects.filter(plan=plan.code, state__in=("draft", "ready", "public"))
        held = Record.objects.filter(
            kind=plan.kind, source=OuterRef("source"), key=OuterRef("key"), state__in=plan.states, gone_on=None
        )
        for notice in rows.exclude(Exists(held)).order_by("pk"):
            actions.take_down(
                SYSTEM, notice, reason="作出的决定已经撤销、变更，或者停止公示。", basis=str(plan.basis[0])
            )
            count += 1
    return count


def ended(today: date) -> int:
    """Notices whose last day is over come down, with each receiver by its own term."""
    count = 0
    for notice in Notice.objects.filter(state="public", until__lt=today).order_by("pk"):
        actions.take_down(SYSTEM, notice, reason="公示期届满。", basis=notice.term)
        count += 1
    return count + actions.end_deliveries(today)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _names(row: Record) -> list[str]:
    """The persons who stand in the file a record comes of: whoever wrote in, and parties that are no business."""
    number = row.key.partition("/")[0]
    held = Proceeding.objects.filter(number=number).first()
    if held is None:
        return []
    rows = Party.objects.filter(proceeding=held, subject=None)
    return sorted({one.name for one in rows if 1 < len(one.name) <= SHORT})
