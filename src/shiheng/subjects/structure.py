"""主体结构: the stock of a territory by kind, by registered capital and by year, each figure opening its rows.

Counts are of the subject file as it is now and of the rows the reader's list shows: a figure and its list agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import ExtractYear
from django.urls import reverse

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.subjects import queries
from shiheng.subjects.models import Subject

STANDING = Subject.STANDING
# No instrument sets these bands; they are how bureaux print the table (ten thousand yuan, lower end included).
BANDS = ((0, 10), (10, 50), (50, 100), (100, 500), (500, 1_000), (1_000, 10_000), (10_000, None))
TEN_THOUSAND = 10_000
FEN = 100
YEARS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A count and the address of the rows it counts; ``share`` is of the whole it stands in."""

    title: str
    count: int
    href: str
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Structure:
    """The stock: in all, by kind, by band of capital, newly established by year, and by how all stand."""

    standing: Figure
    kinds: Sequence[Figure]
    bands: Sequence[Figure]
    years: Sequence[Figure]
    statuses: Sequence[Figure]


def _href(**asked: Any) -> str:
    return f"{reverse('subjects')}?{urlencode(asked)}"


def standing(rows: "QuerySet[Subject]") -> "QuerySet[Subject]":
    """Of these subjects the stock."""
    return rows.filter(status__in=STANDING)


def without_capital(rows: "QuerySet[Subject]") -> "QuerySet[Subject]":
    """Of these subjects those whose capital no source has told."""
    return rows.filter(capital_fen=None)


def by_status(rows: "QuerySet[Subject]", status: str) -> "QuerySet[Subject]":
    """Of these subjects those that stand so; ``standing`` is the stock."""
    return standing(rows) if status == "standing" else rows.filter(status=status)


def of(who: Who) -> Structure:
    """The structure of the territory over which ``who`` reads subjects, in three counts."""
    rows = queries.visible_to(who).order_by()
    by = {(kind, status): n for kind, status, n in rows.values_list("kind", "status").annotate(n=Count("pk"))}
    stock = sum(n for (_, status), n in by.items() if status in STANDING)
    return Structure(
        Figure("实有主体", stock, _href(status="standing"), 1.0),
        _kinds(by, stock),
        _bands(standing(rows), stock),
        _years(rows),
        _statuses(by),
    )


def _shared(figures: Sequence[Figure], whole: int) -> list[Figure]:
    return [Figure(f.title, f.count, f.href, f.count / whole if whole else 0.0) for f in figures]


def _kinds(by: Mapping[tuple[str, str], int], stock: int) -> list[Figure]:
    stood = {kind: sum(by.get((kind, status), 0) for status in STANDING) for kind in Subject.KINDS}
    made = [Figure(title, stood[kind], _href(status="standing", kind=kind)) for kind, title in Subject.KINDS.items()]
    return _shared(made, stock)


def _statuses(by: Mapping[tuple[str, str], int]) -> list[Figure]:
    counts = {s: sum(n for (_, status), n in by.items() if status == s) for s in Subject.STATUSES}
    made = [Figure(title, counts[s], _href(status=s)) for s, title in Subject.STATUSES.items() if counts[s]]
    return _shared(made, sum(counts.values()))


def _band_title(low: int, high: int | None) -> str:
    lower, upper = _sum_of(low), _sum_of(high or 0)
    if high is None:
        return f"{lower}及以上"
    return f"{upper}以下" if low == 0 else f"{lower}至 {upper}以下"


def _sum_of(ten_thousands: int) -> str:
    whole, rest = divmod(ten_thousands, TEN_THOUSAND)
    return f"{whole} 亿元" if whole and not rest else f"{ten_thousands} 万元"


def _bands(rows: "QuerySet[Subject]", stock: int) -> list[Figure]:
    whens = [When(capital_fen=None, then=Value(-1)), When(~Q(capital_currency="CNY"), then=Value(-2))]
    for n, (_low, high) in enumerate(BANDS):
        bound = Q() if high is None else Q(capital_fen__lt=high * TEN_THOUSAND * FEN)
        whens.append(When(bound & Q(capital_fen__gte=0), then=Value(n)))
    banded = rows.annotate(band=Case(*whens, default=Value(-1), output_field=IntegerField()))
    counts = dict(banded.values_list("band").annotate(n=Count("pk")))
    made = []
    for n, (low, high) in enumerate(BANDS):
        asked = {"status": "standing", "currency": "CNY", "capital_from": low * TEN_THOUSAND}
        if high is not None:
            asked["capital_to"] = f"{high * TEN_THOUSAND - 1}.99"
        made.append(Figure(_band_title(low, high), counts.get(n, 0), _href(**asked)))
    made.append(Figure("外币出资", counts.get(-2, 0), _href(status="standing", currency="foreign")))
    made.append(Figure("未取得", counts.get(-1, 0), _href(status="standing", capital_unknown=1)))
    return _shared(made, stock)


def _years(rows: "QuerySet[Subject]") -> list[Figure]:
    last = clock.today().year
    named = rows.filter(established__year__gt=last - YEARS, established__year__lte=last)
    counts = dict(named.annotate(year=ExtractYear("established")).values_list("year").annotate(n=Count("pk")))
    span = range(last - YEARS + 1, last + 1)
    made = [
        Figure(f"{y}", counts.get(y, 0), _href(established_from=f"{y}-01-01", established_to=f"{y}-12-31"))
        for y in span
    ]
    return _shared(made, sum(counts.values()))


def in_currency(rows: "QuerySet[Subject]", asked: str) -> "QuerySet[Subject]":
    """Of these subjects those whose capital is in yuan, or in any other money."""
    held = rows.exclude(capital_fen=None)
    return held.filter(capital_currency="CNY") if asked == "CNY" else held.exclude(capital_currency="CNY")
