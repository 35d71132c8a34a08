"""The goods files hold, place by place; the entries they keep; stocktakings. Chosen by what a reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.procedures.models import Flowed, Goods, Stocktake

SOON = timedelta(days=10)
LYING = Q(held__gt=0) | Q(confiscated__gt=0)


@dataclass(frozen=True, slots=True)
class Place:
    """One store: how many things lie in it, how many are due soon or late, when it was counted last."""

    place: str
    things: int
    held: int
    confiscated: int
    soon: int
    late: int
    first: date | None
    counted: Stocktake | None

    @property
    def left(self) -> int | None:
        """Days until the first term in it ends."""
        return (self.first - clock.today()).days if self.first else None


def visible_to(who: Who) -> "QuerySet[Goods]":
    """The goods of the territory over which ``who`` may read files."""
    return Goods.objects.filter(within(who.paths(May.READ_FILES))).select_related("proceeding", "entry")


def lying_at(who: Who, place: str) -> list[Goods]:
    """What the books say lies in one place."""
    return list(visible_to(who).filter(LYING, place=place).order_by("due", "pk"))


def places(who: Who) -> list[Place]:
    """Every place in which something lies, what is due first on top."""
    today = clock.today()
    held = Q(held__gt=0)
    rows = visible_to(who).filter(LYING).order_by().values("place").annotate(
        things=Count("pk"), all_held=Sum("held"), all_taken=Sum("confiscated"), first=Min("due", filter=held),
        soon=Count("pk", filter=held & Q(due__gte=today, due__lte=today + SOON)),
        late=Count("pk", filter=held & Q(due__lt=today)),
    )  # fmt: skip
    counted: dict[str, Stocktake] = {}
    for row in stocktakes(who).filter(place__in=[one["place"] for one in rows]).order_by("at"):
        counted[row.place] = row
    found = [
        Place(one["place"], one["things"], one["all_held"], one["all_taken"], one["soon"], one["late"], one["first"],
              counted.get(one["place"]))
        for one in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.first or date.max, one.place))


def totals(who: Who) -> dict[str, int]:
    """What came in and where it is, over everything the reader may see; held by the check on each row to add up."""
    names = ("count", "held", "released", "confiscated", "gone", "handed")
    sums = visible_to(who).aggregate(**{f"all_{name}": Sum(F(name)) for name in names})
    return {name: sums[f"all_{name}"] or 0 for name in names}


def stocktakes(who: Who) -> "QuerySet[Stocktake]":
    """Stocktakings of the territory, the latest first."""
    return Stocktake.objects.filter(within(who.paths(May.READ_FILES))).order_by("-at", "-pk")


def stocktake(who: Who, number: int) -> Stocktake:
    found = stocktakes(who).filter(pk=number).first()
    if found is None:
        raise Missing("stock.unknown", _("没有这次盘点，或它不在您的管辖范围内。"))
    return found


def kept_entries(numbers: Iterable[int]) -> set[int]:
    """Those of these entries of registers that a file keeps."""
    return set(Flowed.objects.filter(entry__in=list(numbers)).values_list("entry", flat=True))


def entries_of(proceeding: int) -> "QuerySet[Flowed]":
    """The entries a file keeps, with their registers."""
    return Flowed.objects.filter(proceeding=proceeding).select_related("entry").order_by("register", "party")


def source_of(entry: int) -> Flowed | None:
    """The file that keeps an entry."""
    return Flowed.objects.filter(entry=entry).select_related("proceeding").first()
