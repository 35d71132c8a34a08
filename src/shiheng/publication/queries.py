"""Reading what was asked for: counts by day, month, channel and kind."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncMonth

from shiheng.accounts.permissions import May, Who
from shiheng.publication.models import QueryCount

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One month's queries."""

    first: date
    count: int

    @property
    def last(self) -> date:
        """The month's last day."""
        after = date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1)
        return date.fromordinal(after.toordinal() - 1)


def visible_to(who: Who) -> "QuerySet[QueryCount]":
    """The counts: they name nobody and no territory, so whoever may read usage reads them all."""
    return QueryCount.objects.all() if who.may(May.READ_USAGE) else QueryCount.objects.none()


def total(rows: "QuerySet[QueryCount]") -> int:
    """The queries these rows count."""
    return int(rows.aggregate(sum=Sum("count"))["sum"] or 0)


def by_month(rows: "QuerySet[QueryCount]", *, until: date) -> list[Month]:
    """The last twelve months, each of them, also those in which nobody asked."""
    first = date(until.year - 1, until.month, 1)
    months = [date(first.year + (first.month + n - 1) // 12, (first.month + n - 1) % 12 + 1, 1) for n in range(1, 13)]
    grouped = rows.filter(day__gte=months[0], day__lte=until).annotate(month=TruncMonth("day"))
    found = {row["month"]: row["sum"] for row in grouped.values("month").order_by("month").annotate(sum=Sum("count"))}
    return [Month(month, int(found.get(month, 0))) for month in months]


def by_channel(rows: "QuerySet[QueryCount]") -> dict[str, int]:
    """The queries of each channel."""
    grouped = rows.values("channel").order_by("channel").annotate(sum=Sum("count"))
    return {row["channel"]: int(row["sum"]) for row in grouped}
