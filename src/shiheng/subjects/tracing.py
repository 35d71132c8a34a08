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
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse

from shiheng.kernel import clock
from shiheng.subjects import addresses, crowds, weights_kept
from shiheng.subjects.comparing import WHOLE, Compared, compare
from shiheng.subjects.definition import address_key
from shiheng.subjects.elements import read
from shiheng.subjects.learning import Weighing
from shiheng.subjects.likeness import own
from shiheng.subjects.models import Premises, Subject

_YEAR = timedelta(days=365)
# Of a house: how many spellings are looked at and compared with, how many others are reached, compared and shown.
_SPELLINGS, _STANDARDS, _REACHED, _CANDIDATES, LIKELY = 200, 6, 1_000, 200, 50
_HEADS, _NAMES = 8, 3
# A house number that is told with its own, 282-1 for 282: as many as a front is likely to have.
_SUBNUMBERS = 20
# Behind every character an address is written with.
_LAST = "\U0010ffff"


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


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody written otherwise who may be at a house: the address, the one at the house it is compared with, why."""

    subject: Subject
    text: str
    beside: str
    found: Compared


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


def likely(door: str, asked: str = "") -> list[Likely]:
    """Who may be at a house under another spelling, the surest first: never counted with those who are.

    The road without the number, the number without the district, a sub-number, or the estate in place of both; looked
    for by the beginnings of addresses and never through all of them, so who is written quite otherwise is not found.
    ``asked`` is the address as somebody typed it.
    """
    held = at(door).filter(current=True)
    written = held.order_by("text").values_list("text", flat=True).distinct()[:_SPELLINGS]
    spellings = [*dict.fromkeys(filter(None, (asked, *written)))]
    first, *more = (Premises.objects.filter(way, current=True).exclude(door=door) for way in _ways(door, spellings))
    # Ways joined by "or" would be estimated to reach most of the table, and all of it be read.
    ids = first.values_list("pk").union(*(way.values_list("pk") for way in more)).order_by("id")[:_REACHED]
    others = _standing(Premises.objects.filter(pk__in=[pk for (pk,) in ids]))
    others = others.exclude(subject_id__in=held.order_by().values("subject_id")).select_related("subject")
    weighing = weights_kept.weighing()
    # What tells most can be compared with most.
    standards = sorted(spellings, key=lambda text: (-len(read(text).told), text))[:_STANDARDS]
    best: dict[int, Likely] = {}
    for other in others.order_by("id")[:_CANDIDATES]:
        for text, found in _beside(standards, other.text, weighing):
            if found.one_building and _surer(found, best.get(other.subject_id)):
                best[other.subject_id] = Likely(other.subject, other.text, text, found)
    return sorted(best.values(), key=lambda line: (*_rank(line.found), line.subject.name, line.subject.pk))


def _beside(standards: Iterable[str], other: str, weighing: Weighing | None) -> list[tuple[str, Compared]]:
    """An address compared with each of some; with what was learned, which takes longer, with the most alike only."""
    found = [(text, compare(text, other, one_city=True)) for text in standards]
    if weighing is None or not found:
        return found
    text = max(found, key=lambda line: line[1].near + line[1].same)[0]
    return [(text, compare(text, other, one_city=True, weighing=weighing))]


def _rank(found: Compared) -> tuple[bool, float]:
    return found.level != WHOLE, -found.same


def _surer(found: Compared, than: Likely | None) -> bool:
    return than is None or _rank(found) < _rank(than.found)


def _ways(door: str, spellings: list[str]) -> list[Q]:
    """Ways to those who may be at this house: the doors it may be, and what its address may begin with, by index."""
    district, road, number = door.split("/")
    numbers = [number, *(f"{number}-{n}" for n in range(1, _SUBNUMBERS + 1))]
    ways = [Q(door__in=[f"{place}/{road}/{told}" for place in (district, "") for told in numbers])]
    keys = [address_key(text) for text in spellings]
    names, heads = Counter[str](), Counter[str](["", district])
    for text, key in zip(spellings, keys, strict=True):
        told = read(text)
        named = [name for name in told.of("name") if len(own(name)) > 1 and len(name) > 2 and name in key]
        names.update(named)
        at = min((place for word in (road, *named) if (place := key.find(word)) >= 0), default=0)
        heads[key[:at]] += 1
        for town in told.of("town"):
            heads[key[:at].removesuffix(town)] += 1
    # By its length: its index would be taken before that of the key, and every address without a number is in it.
    unnumbered = Q(Exact(Length("door"), 0))
    for head, _ in heads.most_common(_HEADS):
        # Behind a road a number makes the door, which is asked for above; behind an estate a room is read as one.
        ways.append(_beginning(head + road) & unnumbered)
        ways += [_beginning(head + name) for name, _ in names.most_common(_NAMES)]
    return ways


def _beginning(key: str) -> Q:
    return Q(key__gte=key, key__lt=key + _LAST)


def growth(door: str) -> list[tuple[int, int]]:
    """(year, subjects of this house established in it), without gaps."""
    days = at(door).filter(current=True).values_list("subject_id", "subject__established").distinct()
    counted = Counter(day.year for _, day in days if isinstance(day, date))
    return [(year, counted[year]) for year in range(min(counted), max(counted) + 1)] if counted else []


def neighbours(subject_id: int) -> list[House]:
    """The houses where a subject is now, each with how many others are there."""
    own = Premises.objects.filter(subject_id=subject_id, current=True).exclude(door="")
    return houses(own.order_by("door").values_list("door", flat=True))
