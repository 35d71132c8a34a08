"""期末实有主体: who existed at the end of each year, by kind, and how much that is more than a year before.

A subject is of the stock of a day when it was established by then and had not ended by then. When it ended is the day
its cancellation bears, else the day of the statement that says it is no more. Who lacks either day is in no year's
stock, and counted apart. One who was revoked first and deregistered later counts as ended on the later day, as the
register tells no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.subjects import queries
from shiheng.subjects.models import Subject

YEARS = 10
UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Cell:
    """The stock of one kind on one day; ``growth`` is percent of the year end before, None where that was nobody."""

    title: str
    count: int
    href: str
    growth: float | None


@dataclass(frozen=True, slots=True)
class Point:
    """The stock on one day: of all kinds, then kind by kind."""

    title: str
    day: date
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Growth:
    """The stock at each year end and today, the latest last; ``undated`` of today's subjects are in none of them."""

    titles: Sequence[str]
    points: Sequence[Point]
    undated: int
    undated_href: str


def days(today: date) -> list[date]:
    """The year ends shown, and today."""
    return [date(year, 12, 31) for year in range(today.year - YEARS, today.year)] + [today]


def title_of(day: date) -> str:
    """A year end by its year, today by itself."""
    return _("%(year)s 年末") % {"year": day.year} if (day.month, day.day) == (12, 31) else day.isoformat()


def choices() -> list[tuple[str, str]]:
    """What the list of subjects can be narrowed to."""
    shown = [(day.isoformat(), title_of(day)) for day in reversed(days(clock.today()))]
    return [*shown, (UNDATED, "起止日期未取得")]


def on(day: date) -> Q:
    """Who is of the stock of a day."""
    lasting = Q(status__in=Subject.STANDING) | Q(ended_on__gt=day)
    return Q(established__lte=day) & lasting


def undated() -> Q:
    """Who stands and has no day of establishment, or has ended and nobody says since when, or before it began."""
    ended = ~Q(status__in=[*Subject.STANDING, "unknown"])
    return Q(established=None) | (ended & (Q(ended_on=None) | Q(ended_on__lt=F("established"))))


def narrow(rows: "QuerySet[Subject]", asked: str) -> "QuerySet[Subject]":
    """Of these subjects the stock of a day, or those no day can be told of."""
    return rows.filter(undated() if asked == UNDATED else on(date.fromisoformat(asked)))


def of(who: Who) -> Growth:
    """The growth of the stock of the territory over which ``who`` reads subjects, in one count."""
    today = clock.today()
    # One year more than is shown, for the first to be measured by.
    shown = days(today)
    counted = [date(shown[0].year - 1, 12, 31), *shown]
    figures = {f"n{place}": Count("pk", filter=on(day)) for place, day in enumerate(counted)}
    rows = queries.visible_to(who).order_by().values("kind").annotate(undated=Count("pk", filter=undated()), **figures)
    by: dict[str, dict[str, Any]] = {row["kind"]: dict(row) for row in rows}
    kinds = list(Subject.KINDS)

    def count(kind: str, place: int) -> int:
        held = [by[kind]] if kind in by else [] if kind else list(by.values())
        return sum(row[f"n{place}"] for row in held)

    points = []
    for place, day in enumerate(counted[1:], start=1):
        cells = [
            Cell(
                Subject.KINDS.get(kind, "合计"),
                count(kind, place),
                _href(day.isoformat(), kind),
                grown(count(kind, place), count(kind, place - 1)),
            )
            for kind in ("", *kinds)
        ]
        points.append(Point(title_of(day), day, cells))
    return Growth(
        ["合计", *Subject.KINDS.values()], points, sum(row["undated"] for row in by.values()), _href(UNDATED, "")
    )


def grown(now: int, before: int) -> float | None:
    """By how many percent the stock grew, to one place; nothing can be said of growth from nobody."""
    return round(100 * (now - before) / before, 1) if before else None


def _href(asked: str, kind: str) -> str:
    given = {"stock": asked, **({"kind": kind} if kind else {})}
    return f"{reverse('subjects')}?{urlencode(given)}"
