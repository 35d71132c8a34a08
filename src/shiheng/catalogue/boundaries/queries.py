"""Which boundary holds for a violation on a day, as it was known on a day, and every one there ever was."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.boundaries.definition import Changed, Local, Used, changed, effective, laid_over
from shiheng.catalogue.boundaries.models import Boundary
from shiheng.catalogue.lists import queries as lists
from shiheng.catalogue.powers.definition import Basis
from shiheng.catalogue.violations import SCALES, VIOLATIONS, Scale, Violation
from shiheng.kernel import clock, registry
from shiheng.kernel.clock import SHANGHAI

SHIPPED = "bureau"


def visible_to(who: Who) -> QuerySet[Boundary]:
    """The boundaries a person may see: officers all of them, nobody else any."""
    return Boundary.objects.all() if who.may(May.SEE_DESK) else Boundary.objects.none()


def shipped(*, on: date | None = None) -> Scale:
    """The scale the lines declare for a day. Raises ``Missing`` for a day before there was one."""
    found: Scale = registry.find(SCALES, SHIPPED, on=on or clock.today())
    return found


def used(violation: str, *, on: date | None = None, known: date | None = None) -> Used:
    """The scale for a violation on a day, as far as it had been published (and not undone) by the end of ``known``."""
    on = on or clock.today()
    return effective(shipped(on=on), _published(violation, known), on=on)


def _published(violation: str, known: date | None) -> Iterator[Local]:
    rows = Boundary.objects.filter(violation=violation).exclude(published_at=None)
    if known is None:
        rows = rows.filter(undone_at=None)
    else:
        end = datetime.combine(known + timedelta(days=1), time(), tzinfo=SHANGHAI)
        rows = rows.filter(published_at__lt=end).filter(Q(undone_at=None) | Q(undone_at__gte=end))
    for row in rows.order_by("id"):
        if row.published_at is not None:
            yield local_of(row, row.published_at)


def local_of(row: Boundary, published_at: datetime) -> Local:
    """A row as a calculation needs it."""
    basis = Basis(row.instrument, row.article, row.verified)
    return Local(row.pk, row.in_force_from, row.content, basis, row.office, published_at)


def changed_by(row: Boundary) -> Changed:
    """What a boundary changes against what held on its first day when it was proposed."""
    held: Violation = lists.one(VIOLATIONS, row.violation, on=row.in_force_from)
    scale, at = shipped(on=row.in_force_from), row.drafted_at
    before, after = (
        laid_over(scale, replace(local_of(row, at), content=content)) for content in (row.before, row.content)
    )
    return changed(held, before, after)
