"""Reading the exchange: subscriptions a person may see, what was sent and taken a day, what is not confirmed yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shiheng.accounts.jurisdictions import narrow, within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Missing
from shiheng.publication.definition import IDENTITY, SHARING, SharingRule
from shiheng.publication.models import Handover, Item, Receipt, Subscription
from shiheng.subjects import layout


def visible_to(who: Who) -> "QuerySet[Subscription]":
    """Subscriptions to facts of ``who``'s territory; a department's own person sees those of the department."""
    rows = Subscription.objects.select_related("office")
    ours = within(who.paths(May.READ_EXCHANGE))
    theirs = within(who.paths(May.TAKE_EXCHANGE), "office__path")
    return rows.filter(ours | theirs)


def one(who: Who, code: str) -> Subscription:
    """A subscription, or ``Missing``: another's is not told apart from none."""
    found = visible_to(who).filter(code=code).first()
    if found is None:
        raise Missing("exchange.unknown", "没有这个订阅，或它不在您的管辖范围内。")
    return found


def items(who: Who) -> "QuerySet[Item]":
    """The items of those subscriptions."""
    return Item.objects.filter(subscription__in=visible_to(who)).select_related("subscription__office", "subject")


def rules(office: Office | None = None) -> list[SharingRule]:
    """The sharing rules in force, of those an office may ask under when one is given."""
    held: Sequence[SharingRule] = registry.all_of(SHARING, on=clock.today())
    return [rule for rule in held if office is None or rule.serves(office.title)]


def rule_of(row: Subscription) -> SharingRule:
    found: SharingRule = registry.version(SHARING, row.rule, row.rule_from)
    return found


def title_of(kind: str) -> str:
    """What a kind of facts is called."""
    return "主体登记事项" if kind == IDENTITY else layout.RECORD_TITLES.get(kind, kind)


def receivers(who: Who) -> "QuerySet[Office]":
    """Offices a person may ask a subscription for: any department for officers, the own for an outside party."""
    held = Office.objects.filter(closed_on=None)
    own = within(who.paths(May.TAKE_EXCHANGE), "path")
    if not who.may(May.MANAGE_EXCHANGE):
        return held.filter(own)
    return held.filter(own | Q(kind__in=["department", "city", "district"]))


def territories(who: Who) -> "QuerySet[Office]":
    """Bureaux whose territory may be asked for."""
    held = Office.objects.filter(closed_on=None, kind__in=["city", "district"]).order_by("path")
    if who.may(May.TAKE_EXCHANGE):
        return held
    return narrow(held, who, May.MANAGE_EXCHANGE, field="path")


def territory_of(scope: str) -> str:
    """A territory by the title of its bureau; the empty path is every territory."""
    office = Office.objects.filter(path=scope).first()
    return office.title if office else scope or "全部辖区"


@dataclass(frozen=True, slots=True)
class Line:
    """One department and kind: what was sent and taken."""

    office: str
    title: str
    kind: str
    sent: int
    taken: int


def counted(who: Who, *, first: date, last: date) -> list[Line]:
    """What was sent and taken in some days, by department and kind: the same rows the item list opens."""
    held = items(who).order_by()
    sent = Q(sent_on__gte=first, sent_on__lte=last)
    taken = Q(taken_on__gte=first, taken_on__lte=last)
    rows = (
        held.filter(sent | taken)
        .values("subscription__office__code", "subscription__office__title", "kind")
        .annotate(sent=Count("pk", filter=sent), taken=Count("pk", filter=taken))
        .order_by("subscription__office__title", "kind")
    )
    return [
        Line(
            row["subscription__office__code"],
            row["subscription__office__title"],
            row["kind"],
            row["sent"],
            row["taken"],
        )
        for row in rows
    ]


def by_day(who: Who, *, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Day → items sent and taken on it."""
    held = items(who).order_by()
    sent = dict(held.filter(sent_on__gte=first, sent_on__lte=last).values_list("sent_on").annotate(n=Count("pk")))
    taken = dict(held.filter(taken_on__gte=first, taken_on__lte=last).values_list("taken_on").annotate(n=Count("pk")))
    return {day: (sent.get(day, 0), taken.get(day, 0)) for day in sorted(sent.keys() | taken.keys())}


@dataclass(frozen=True, slots=True)
class Difference:
    """Where both sides do not agree: handed over and not confirmed; confirmed and never handed over."""

    unconfirmed: "QuerySet[Item]"
    ahead: "QuerySet[Receipt]"

    @property
    def empty(self) -> bool:
        return not self.unconfirmed.exists() and not self.ahead.exists()


def difference(row: Subscription) -> Difference:
    """A claim to have taken what was never sent stands until the receiver says something sensible after it."""
    later = Receipt.objects.filter(subscription=row, pk__gt=OuterRef("pk"), state__in=["taken", "again"])
    return Difference(
        Item.objects.filter(subscription=row, number__lte=row.sent, number__gt=row.taken).order_by("number"),
        Receipt.objects.filter(subscription=row, state="ahead").filter(~Exists(later)),
    )


def handovers(row: Subscription) -> "QuerySet[Handover]":
    return Handover.objects.filter(subscription=row)


def receipts(row: Subscription) -> "QuerySet[Receipt]":
    return Receipt.objects.filter(subscription=row)
