"""Which notices a person sees: officers those of their territory, everybody what is public."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import narrow
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Missing
from shiheng.publication.notices.definition import PUBLISHABLES, Publishable
from shiheng.publication.notices.models import Delivery, Notice
from shiheng.subjects.models import Record


def visible_to(who: Who) -> "QuerySet[Notice]":
    """The notices of a territory, in whatever state."""
    return narrow(Notice.objects.all(), who, May.READ_FILES)


def public(today: date | None = None) -> "QuerySet[Notice]":
    """What stands in public on a day: until the last moment of its last day, in Shanghai."""
    today = today or clock.today()
    rows = Notice.objects.filter(state="public", published_on__lte=today)
    return rows.filter(Q(until=None) | Q(until__gte=today))


def find(who: Who, number: int) -> Notice:
    found = visible_to(who).select_related("subject").filter(pk=number).first()
    if found is None:
        raise Missing("notice.unknown", _("没有这条公示信息，或它不在您的管辖范围内。"))
    return found


def handled(who: Who, number: int) -> Notice:
    """One that ``who`` may work on; the house may on all."""
    if who.kind == "system":
        return Notice.objects.select_related("subject").get(pk=number)
    found = find(who, number)
    if not who.may(May.HANDLE_FILES, found.scope):
        raise Missing("notice.unknown", _("没有这条公示信息，或它不在您的管辖范围内。"))
    return found


def find_public(number: int) -> Notice:
    found = public().select_related("subject").filter(pk=number).first()
    if found is None:
        raise Missing("notice.gone", _("没有这条公示信息，或者公示期已满、已经撤下。"))
    return found


def plan_of(found: Notice) -> Publishable:
    plan: Publishable = registry.version(PUBLISHABLES, found.plan, found.version)
    return plan


def record_of(found: Notice) -> Record:
    plan = plan_of(found)
    row = Record.objects.filter(kind=plan.kind, source=found.source, key=found.key).select_related("subject").first()
    if row is None:
        raise Missing("notice.record", _("这条信息的原记录已经不在。"))
    return row


def deliveries_of(found: Notice) -> "QuerySet[Delivery]":
    """What went to each receiver of a notice, in order."""
    return found.deliveries.order_by("receiver", "pk")


def of_subject(subject: int) -> "QuerySet[Notice]":
    """What stands in public of a business."""
    return public().filter(subject=subject).order_by("-published_on", "-pk")


def checked_of(subjects: "Collection[int]", today: date | None = None) -> dict[tuple[str, str], tuple[str, ...]]:
    """The records of these businesses whose notice stands in public, with the words that are hidden in it."""
    rows = public(today).filter(subject__in=subjects).values_list("source", "key", "names", "strike")
    return {(source, key): (*names, *strike) for source, key, names, strike in rows}


def noticed_kinds(source: str, today: date | None = None) -> frozenset[str]:
    """The kinds of records of a source that nobody reads before their notice is public."""
    plans = registry.all_of(PUBLISHABLES, on=today or clock.today())
    return frozenset(plan.kind for plan in plans if source in plan.sources)


def kept_back(today: date | None = None) -> list[tuple[str, str, int]]:
    """How many notices are kept back, by basis and kind: told to everybody."""
    today = today or clock.today()
    rows = Notice.objects.filter(state="hidden").filter(Q(hidden_until=None) | Q(hidden_until__gte=today))
    counted = rows.values_list("plan", "basis").annotate(n=Count("pk")).order_by("plan", "basis")
    return [(str(plan), str(basis), int(n)) for plan, basis, n in counted]
