"""The calendar and the code tables as the rest of the house reads them."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Count, F, Max, Q, QuerySet

from shiheng.catalogue.models import CalendarLoad, CodeEntry, CodeTable, WorkDay
from shiheng.kernel.calendars import Calendar, OwnRow, published_calendar

Version = tuple[int, int, str]


@dataclass(slots=True)
class _Held:
    version: Version | None = None
    calendar: Calendar | None = None


_held = _Held()


def calendar_version() -> Version:
    """What changes whenever a load is committed: how many there are, the latest, and the digest over all of them.

    The count matters: a load may be committed after one with a higher number.
    """
    seen = CalendarLoad.objects.aggregate(count=Count("id"), latest=Max("id"))
    if not seen["count"]:
        return (0, 0, "")
    state = CalendarLoad.objects.values_list("state", flat=True).get(pk=seen["latest"])
    return (seen["count"], seen["latest"], state)


def calendar() -> Calendar:
    """The calendar in force: the published years with this bureau's rows over them.

    Kept in each process and read again when somebody has loaded rows; asking costs two small queries.
    """
    version = calendar_version()
    if _held.version != version or _held.calendar is None:
        rows = WorkDay.objects.values_list("day", "is_workday", "name", "source")
        fresh = published_calendar().with_rows(OwnRow(*row) for row in rows)
        _held.calendar, _held.version = fresh, version
        return fresh
    return _held.calendar


def loads() -> QuerySet[CalendarLoad]:
    """The uploads of holiday tables, latest first."""
    return CalendarLoad.objects.order_by("-id")


def tables() -> QuerySet[CodeTable]:
    """The code tables with how many entries each has and how many were not checked against a source."""
    return CodeTable.objects.annotate(
        size=Count("entries"), unverified=Count("entries", filter=Q(entries__verified=False))
    ).order_by("title")


def entries(table: str) -> QuerySet[CodeEntry]:
    """The entries of a table in its own order."""
    return CodeEntry.objects.filter(table__code=table).order_by("position")


def titles(table: str, *, on: date | None = None) -> dict[str, str]:
    """Code to title, in the table's order; with ``on`` only the codes in force that day."""
    found = _titles(table, _table_digest(table), on)
    return dict(found)


def _table_digest(table: str) -> str:
    return CodeTable.objects.filter(code=table).values_list("digest", flat=True).first() or ""


@lru_cache(maxsize=64)
def _titles(table: str, digest: str, on: date | None) -> tuple[tuple[str, str], ...]:  # noqa: ARG001 - the version
    """Read once for each ``digest``: another one is another table."""
    rows = CodeEntry.objects.filter(table__code=table)
    if on is not None:
        rows = rows.filter(Q(since=None) | Q(since__lte=on), Q(until=None) | Q(until__gte=on))
    # Of two versions of one code the later one names it.
    return tuple(rows.order_by("position", F("since").asc(nulls_first=True)).values_list("code", "title"))


def children(table: str, parent: str = "") -> QuerySet[CodeEntry]:
    """The entries right under one, or the topmost ones. Retired codes are left out: nobody may choose them any more."""
    return entries(table).filter(parent=parent, current=True)
