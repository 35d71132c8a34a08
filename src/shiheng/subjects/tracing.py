"""地址追寻: whoever is or was at a house, how fast they grew to be so many, and who is found elsewhere.

A house is the district, road and number of an address as compared; a room is what follows. Who shares a house shares
a house and no more: a hall of two hundred stalls and a hosting address join nobody, and are told as such.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

import polars as pl
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse

from shiheng.kernel import clock
from shiheng.subjects import addresses, crowds
from shiheng.subjects.models import Premises

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class House:
    """A house and what stands of it today: whoever is there, of them in business, of the last year, and its rooms.

    From ``limit`` subjects on it says nothing of those in it: a market, an office tower, a hosting address.
    """

    door: str
    subjects: int
    operating: int
    rooms: int
    newly: int
    limit: int

    @property
    def title(self) -> str:
        """District, road and number as a person says them."""
        district, road, number = self.door.split("/")
        return f"{district}{road}{number}号"

    @property
    def is_crowd(self) -> bool:
        return self.subjects >= self.limit


def door_of(text: str) -> tuple[str, str]:
    """(door, room) of an address somebody typed; an empty door where it names no road and number."""
    return addresses.houses(pl.Series([text]))[0]


def page_of(door: str, unit: str = "") -> str:
    """Where a house, or a room in it, is traced."""
    told = {"door": door, **({"unit": unit} if unit else {})}
    return f"{reverse('trace-address')}?{urlencode(told)}"


def at(door: str) -> QuerySet[Premises]:
    """Every address at a house, of subjects that stand, told once each."""
    return _standing(Premises.objects.filter(door=door).exclude(door="")).select_related("subject")


def _standing(held: QuerySet[Premises]) -> QuerySet[Premises]:
    return held.filter(subject__live=True, subject__redirect_to=None)


def houses(doors: Iterable[str]) -> list[House]:
    """What stands of some houses, in their order; nobody there is a house of nobody."""
    since = clock.today() - _YEAR
    asked = dict.fromkeys(doors)
    told = _standing(Premises.objects.filter(door__in=[*asked], current=True)).values("door").order_by()
    counted = told.annotate(
        subjects=Count("subject", distinct=True),
        operating=Count("subject", distinct=True, filter=Q(subject__status="active")),
        rooms=Count("unit", distinct=True),
        newly=Count("subject", distinct=True, filter=Q(subject__established__gt=since)),
        # A house lies in one territory; who is in it and placed no nearer than the district says less of where.
        scope=Max("subject__scope"),
    )
    found = {
        line["door"]: House(
            line["door"], line["subjects"], line["operating"], line["rooms"], line["newly"],
            crowds.limit(crowds.HOUSE, line["scope"]),
        )
        for line in counted
    }  # fmt: skip
    return [found.get(door) or House(door, 0, 0, 0, 0, crowds.limit(crowds.HOUSE, "")) for door in asked]


def house(door: str) -> House:
    """What stands of one house."""
    return houses([door])[0]


def found_elsewhere(door: str) -> set[int]:
    """Subjects registered at a house whose place of business is said to be at another."""
    here = at(door).filter(current=True, kind="domicile").values("subject_id")
    other = Premises.objects.filter(subject_id__in=here, kind="business_place", current=True)
    return set(other.exclude(door__in=["", door]).values_list("subject_id", flat=True))


def growth(door: str) -> list[tuple[int, int]]:
    """(year, subjects of this house established in it), without gaps."""
    days = at(door).filter(current=True).values_list("subject_id", "subject__established").distinct()
    counted = Counter(day.year for _, day in days if isinstance(day, date))
    return [(year, counted[year]) for year in range(min(counted), max(counted) + 1)] if counted else []


def neighbours(subject_id: int) -> list[House]:
    """The houses where a subject is now, each with how many others are there."""
    own = Premises.objects.filter(subject_id=subject_id, current=True).exclude(door="")
    return houses(own.order_by("door").values_list("door", flat=True))
