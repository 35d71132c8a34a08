"""街镇监管所设置: which towns have a station, how many posts are established there and how many are filled.

Every figure is the size of a set of rows that its page lists, so a figure and its rows cannot disagree.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shiheng.accounts.jurisdictions import narrow
from shiheng.accounts.models import Office, Post, Town
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock

_BETWEEN = re.compile(r"[、,，;；/\s]+")


@dataclass(frozen=True, slots=True)
class Station:
    """One station with its posts: established on paper, held by people."""

    office: Office
    district: str
    staff: int

    @property
    def pk(self) -> int:
        return self.office.pk

    @property
    def title(self) -> str:
        return self.office.title

    @property
    def town(self) -> str:
        return self.office.town

    @property
    def established(self) -> int:
        return self.office.established_posts

    @property
    def gap(self) -> int:
        """Posts still empty; below zero: more people than posts."""
        return self.established - self.staff

    @property
    def share(self) -> str:
        return percent(self.staff, self.established)


@dataclass(frozen=True, slots=True)
class TownRow:
    """One town with the stations that serve it."""

    town: Town
    district: str
    stations: tuple[Office, ...]

    @property
    def pk(self) -> int:
        return self.town.pk

    @property
    def code(self) -> str:
        return self.town.code

    @property
    def title(self) -> str:
        return self.town.title

    @property
    def served(self) -> bool:
        return bool(self.stations)

    @property
    def names(self) -> str:
        return "、".join(station.title for station in self.stations)


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report for one person's territory on one day."""

    day: date
    stations: list[Station] = field(default_factory=list)
    towns: list[TownRow] = field(default_factory=list)

    @property
    def served(self) -> int:
        return sum(town.served for town in self.towns)

    @property
    def unserved(self) -> int:
        return len(self.towns) - self.served

    @property
    def established(self) -> int:
        return sum(station.established for station in self.stations)

    @property
    def staff(self) -> int:
        return sum(station.staff for station in self.stations)

    @property
    def set_up_share(self) -> str:
        """设置率 = towns with a station / towns."""
        return percent(self.served, len(self.towns))

    @property
    def staff_share(self) -> str:
        """到岗率 = people in post at stations / established posts."""
        return percent(self.staff, self.established)


def percent(part: int, whole: int) -> str:
    """One decimal, rounded half up, never up to 100 % while something is missing; a dash where there is no whole."""
    if whole == 0:
        return "—"
    tenths = (part * 2000 + whole) // (2 * whole)
    if part < whole:
        tenths = min(tenths, 999)
    return f"{tenths // 10}.{tenths % 10}%"


def report(who: Who, *, on: date | None = None) -> Report:
    """The report over the territories whose stations ``who`` may read, in three queries."""
    day = on or clock.today()
    rows = narrow(Office.objects.filter(kind="station"), who, May.READ_STATIONS, field="path")
    rows = rows.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day)).select_related("parent")
    offices = list(rows.order_by("path"))
    counts = dict(staff(who, on=day).order_by().values_list("office").annotate(Count("pk")))
    towns = narrow(Town.objects.all(), who, May.READ_STATIONS, field="office__path").select_related("office")
    serving: dict[tuple[str, str], list[Office]] = {}
    for office in offices:
        for name in _BETWEEN.split(office.town):
            serving.setdefault((_district(office.path), name), []).append(office)
    return Report(
        day=day,
        stations=[Station(o, o.parent.title if o.parent else "", counts.get(o.pk, 0)) for o in offices],
        towns=[
            TownRow(town, town.office.title, tuple(serving.get((_district(town.office.path), town.title), ())))
            for town in towns.order_by("office__path", "code")
        ],
    )


def _district(path: str) -> str:
    """A town's name is unique inside its district only."""
    return ".".join(path.split(".")[:2])


def staff(who: Who, *, on: date | None = None) -> "QuerySet[Post]":
    """The people in post at stations, one row a person and station: what the figure 在岗人数 opens."""
    day = on or clock.today()
    held = Post.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)
    # An earlier post of the same person at the same station; only this table, so that its index by person serves.
    again = held.filter(account_id=OuterRef("account_id"), office_id=OuterRef("office_id"), pk__lt=OuterRef("pk"))
    rows = held.filter(
        ~Exists(again),
        Q(office__closed_on__isnull=True) | Q(office__closed_on__gt=day),
        account__disabled_at__isnull=True,
        office__kind="station",
    )
    rows = narrow(rows, who, May.READ_STATIONS, field="office__path")
    return rows.select_related("account", "office", "office__parent")
