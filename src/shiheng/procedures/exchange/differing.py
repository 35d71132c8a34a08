"""The list of differences of a day: made from a platform's last list, kept, made anew until the day ends."""

from dataclasses import asdict
from datetime import date

from django.db import transaction

from shiheng.accounts.permissions import SYSTEM, Who
from shiheng.kernel import clock
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures.exchange import queries
from shiheng.procedures.exchange.comparing import Held, compare
from shiheng.procedures.exchange.definition import Platform
from shiheng.procedures.exchange.models import DifferenceList, Order, PlatformFile
from shiheng.procedures.models import Proceeding
from shiheng.procedures.tables import state_of

kinds.declare(order_differences="生成差异清单")
JOB = "procedures.differences"


def make(who: Who = SYSTEM, *, scope: str = "") -> list[DifferenceList]:
    """Today's lists, one a platform and office that had a list; of one territory only where it is named."""
    rows = PlatformFile.objects.filter(kind__in=("orders", "roster"), scope__startswith=scope)
    latest: dict[tuple[str, str], PlatformFile] = {}
    for file in rows.order_by("at", "pk"):
        latest[file.platform, file.scope] = file
    return [_make(who, file) for file in latest.values()]


def _make(who: Who, file: PlatformFile) -> DifferenceList:
    platform, today = queries.version_of(file.platform, file.version), clock.today()
    theirs = {number: str(said[0]) for number, said in file.said.items()}
    found, same = compare(platform, theirs, _ours(platform, file, set(theirs)))
    with transaction.atomic():
        row, _new = DifferenceList.objects.update_or_create(
            platform=file.platform, scope=file.scope, day=today,
            defaults={"file": file, "same": same, "lines": [asdict(one) for one in found], "at": clock.now()},
        )  # fmt: skip
        ledger.record(
            "order.differences", subject=f"difference_list:{row.pk}", who=who, scope=file.scope,
            facts={"platform": file.platform, "day": today.isoformat(), "same": same, "differ": len(found)},
        )  # fmt: skip
    return row


def _ours(platform: Platform, file: PlatformFile, numbers: set[str]) -> dict[str, Held]:
    """What we have of the days the list is about, and of the matters it names."""
    rows = Order.objects.filter(platform=platform.code, scope=file.scope).select_related("proceeding", "twin")
    found: dict[str, Held] = {}
    for order in rows.exclude(number="").iterator(chunk_size=1_000):
        if order.number in numbers or _within(order.received_on, file):
            found[order.number] = _of_order(order)
    typed = Proceeding.objects.filter(
        facts__channel=platform.channel, scope__startswith=file.scope, received_on__gte=file.first or date.min,
        received_on__lte=file.last or date.min, orders=None, twin_orders=None,
    )  # fmt: skip
    for row in typed.iterator(chunk_size=1_000):
        number = str(row.facts.get("outer_number") or row.number)
        found.setdefault(number, Held(row.state, f"{row.number} {state_of(row)[0]}", None, row.pk))
    return found


def _within(day: date | None, file: PlatformFile) -> bool:
    return bool(day and file.first and file.last and file.first <= day <= file.last)


def _of_order(order: Order) -> Held:
    row = order.proceeding
    if row is None:
        return Held("", Order.STATES[order.state], order.pk, None, taken=False)
    return Held(row.state, f"{row.number} {state_of(row)[0]}", order.pk, row.pk)
