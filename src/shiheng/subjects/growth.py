"""增减与迁移监测: who was established, ended, and moved in a territory, month by month; every figure opens its stays.

Figures and lists are of the same rows (``Stay``) under the same conditions (``condition``), so they agree. However many
subjects there are, three grouped counts are asked, of indexes alone; three more for a breakdown by kind or industry.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import narrow_in_order, within_in_order
from shiheng.accounts.jurisdictions import within as in_territory
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue import queries as catalogue
from shiheng.kernel import clock
from shiheng.subjects import balance
from shiheng.subjects.balance import Flow, Lead, Line
from shiheng.subjects.models import Month, Stay, Subject
from shiheng.subjects.stays import ACROSS, WITHIN

MOST_MONTHS = 120
STOCK = "stock"
KIND, INDUSTRY = "kind", "industry"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted: months (both included, ``2026-05``), territory (none: all of mine), kind, industry division."""

    first: str
    last: str
    at: str = ""
    kind: str = ""
    industry: str = ""

    @property
    def months(self) -> list[str]:
        return balance.months(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the territory, a kind or an industry over all months asked about."""

    code: str
    title: str
    line: Line


@dataclass(frozen=True, slots=True)
class Growth:
    """What was found. ``months`` after ``known`` (the last with anything in it anywhere) are not obtained yet.

    ``parts`` are the districts or stations of the territory; ``matrix`` is (from, to) → moves between them.
    """

    asked: Asked
    paths: tuple[str, ...]
    titles: Mapping[str, str]
    months: Sequence[tuple[str, Line]]
    parts: Sequence[Part]
    matrix: Mapping[tuple[str, str], int]
    leads: Sequence[Lead]
    known: str

    @property
    def total(self) -> Line:
        return balance.total([line for _month, line in self.months])

    def obtained(self, month: str) -> bool:
        return month <= self.known

    def title(self, path: str) -> str:
        """What a part is called; of an office that is no more, its path."""
        return title_of(path, self.titles)


def title_of(path: str, titles: Mapping[str, str]) -> str:
    """What an office is called, or what is left of it."""
    if path.endswith(balance.DIRECT):
        return _("%(office)s（未分到下级）") % {"office": titles.get(path[:-1], path[:-1])}
    return titles.get(path, path)


def visible_to(who: Who) -> QuerySet[Stay]:
    """The stays in the territory over which ``who`` reads subjects."""
    return narrow_in_order(Stay.objects.all(), who, May.READ_SUBJECTS)


def offices(who: Who) -> list[tuple[str, str]]:
    """(path, title) of the districts and stations one may ask about."""
    mine = in_territory(who.paths(May.READ_SUBJECTS), "path")
    held = Office.objects.filter(mine, kind__in=("city", "district", "station"), closed_on=None)
    return list(held.order_by("path").values_list("path", "title"))


def paths_of(who: Who, at: str) -> tuple[str, ...]:
    """The territory asked about; one that is not one's own is no territory at all."""
    mine = who.paths(May.READ_SUBJECTS)
    if not at:
        return mine
    return (at,) if balance.inside(at.removesuffix(balance.DIRECT), mine) else ()


def within(paths: tuple[str, ...], field: str = "scope") -> Q:
    """Rows inside any of some territories, or in what is left of one (``balance.DIRECT``)."""
    found = in_territory(tuple(path for path in paths if not path.endswith(balance.DIRECT)), field)
    for path in paths:
        if path.endswith(balance.DIRECT):
            found |= Q(**{field: path[:-1]})
    return found


def first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:7]), 1)


def last_day(month: str) -> date:
    return first_day(balance.later(month, 1)) - timedelta(days=1)


def latest(count: int) -> tuple[str, str]:
    """The last so many months, this one included."""
    last = clock.today().strftime("%Y-%m")
    return balance.later(last, 1 - count), last


def of(who: Who, asked: Asked) -> Growth:
    """The months, the parts, the matrix and the leads of a territory, in three grouped counts and two small ones."""
    paths = paths_of(who, asked.at)
    # A year more than is shown, for the first month to be compared with.
    begin = balance.later(asked.first, -balance.COMPARED)
    rows = _rows(asked).filter(within(paths))
    opening = _stock(rows, first_day(begin))
    flows = _flows(rows, begin, asked.last)
    span, known = balance.months(begin, asked.last), _known()
    whole = _run(flows, opening, paths, span, lambda _scope: "all").get("all") or balance.rolled({}, 0, span)
    units = _run(flows, opening, paths, span, lambda scope: balance.unit_of(scope, paths))
    stations = _run(flows, opening, paths, span, lambda scope: scope)
    shown = [f for f in flows if f.month >= asked.first]
    titles = dict(Office.objects.order_by("path").values_list("path", "title"))
    return Growth(
        asked,
        paths,
        titles,
        list(zip(span, whole, strict=True))[balance.COMPARED :],
        [
            Part(path, title_of(path, titles), balance.total(run[balance.COMPARED :]))
            for path, run in sorted(units.items())
        ],
        balance.matrix(shown, paths),
        [
            lead
            for path, run in sorted(stations.items())
            for lead in balance.leads(path, run, span, whole=lambda month: month < known)
            if lead.month <= known
        ],
        known,
    )


def broken_down(who: Who, asked: Asked, by: str) -> list[Part]:
    """The same totals by kind of subject or by industry division, in three grouped counts."""
    paths = paths_of(who, asked.at)
    rows, column = _rows(asked).filter(within(paths)), "kind" if by == KIND else "division"
    before = first_day(asked.first)
    stock = dict(_standing(rows, before).order_by().values_list(column).annotate(n=Count("*")))
    found: dict[str, Line] = {code: Line(count) for code, count in stock.items()}
    for part, flow in _parted(rows, asked.first, asked.last, column):
        if name := balance.event(flow, not balance.inside(flow.other, paths)):
            found.setdefault(part, Line()).events[name] += flow.count
    titles = {**Subject.KINDS} if by == KIND else catalogue.titles("industry")
    made = [Part(code, titles.get(code, code) if code else "未取得", line) for code, line in found.items()]
    return sorted(made, key=lambda part: (-part.line.closing, part.code))


def _rows(asked: Asked) -> QuerySet[Stay]:
    rows = Stay.objects.order_by()
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    return rows.filter(division=asked.industry) if asked.industry else rows


def _standing(rows: QuerySet[Stay], before: date) -> QuerySet[Stay]:
    """The stock at the end of the day before one."""
    return rows.filter(Q(until=None) | Q(until__gte=before), since__lt=before)


def _stock(rows: QuerySet[Stay], before: date) -> dict[str, int]:
    return dict(_standing(rows, before).values_list("scope").annotate(n=Count("*")))


_BEGINS, _ENDS = ("since", "began", "came_from"), ("until", "ended", "left_to")


def _flows(rows: QuerySet[Stay], first: str, last: str) -> list[Flow]:
    """What began and ended in these months, in two grouped counts."""
    found = []
    for day, kind, far in (_BEGINS, _ENDS):
        span = {f"{day}__gte": first_day(first), f"{day}__lte": last_day(last)}
        counted = rows.filter(**span).values_list(Month(day), "scope", kind, far).annotate(n=Count("*"))
        begins = day == "since"
        found += [Flow(month, scope, how, other, n, begins) for month, scope, how, other, n in counted]
    return found


def _parted(rows: QuerySet[Stay], first: str, last: str, column: str) -> list[tuple[str, Flow]]:
    """As ``_flows``, all months together, each with the part it belongs to."""
    found = []
    for day, kind, far in (_BEGINS, _ENDS):
        span = {f"{day}__gte": first_day(first), f"{day}__lte": last_day(last)}
        counted = rows.filter(**span).values_list(column, "scope", kind, far).annotate(n=Count("*"))
        begins = day == "since"
        found += [(part, Flow("", scope, how, other, n, begins)) for part, scope, how, other, n in counted]
    return found


def _run(
    flows: Sequence[Flow],
    opening: Mapping[str, int],
    paths: tuple[str, ...],
    span: Sequence[str],
    part: Callable[[str], str],
) -> dict[str, list[Line]]:
    """Each part's months one after the other, from the stock at the beginning."""
    stock: dict[str, int] = {}
    for scope, count in opening.items():
        stock[part(scope)] = stock.get(part(scope), 0) + count
    held = balance.lines(flows, stock, paths, part=part)
    return {name: balance.rolled(by, stock.get(name, 0), span) for name, by in held.items()}


def _known() -> str:
    """The last month anything is known of, anywhere: what comes after it has not been sent yet."""
    # Asked one by one, each is the last of an index; asked together, the whole table is read.
    rows = {"since": Stay.objects.all(), "until": Stay.objects.filter(until__isnull=False)}
    last = (held.aggregate(day=Max(name))["day"] for name, held in rows.items())
    days = [day for day in last if day is not None]
    return min(max(days), clock.today()).strftime("%Y-%m") if days else ""


# --- rows --------------------------------------------------------------------------------------------------------

EVENTS = {
    **balance.TITLES,
    "ends": "终止（注销、吊销、撤销登记）",
    "departures": "终止和迁出",
    STOCK: "期末实有",
}
_CAME = {f"{how}_in": how for how in (ACROSS, WITHIN)} | {f"inner_{how}": how for how in (ACROSS, WITHIN)}
_LEFT = {f"{how}_out": how for how in (ACROSS, WITHIN)}
_CLOSED = {"deregistered": ("deregistered",), "revoked": ("revoked", "revoked_closed"), "cancelled": ("cancelled",)}
_GONE = ("deregistered", "revoked", "revoked_closed", "cancelled", "moved_out")


def happened(rows: QuerySet[Stay], what: str, paths: tuple[str, ...]) -> QuerySet[Stay]:
    """Of these stays those a figure counts, each with the ``day`` it happened on; ``paths`` is the territory asked of.

    Of the stock every stay is kept, by the day it began.
    """
    rows = rows.filter(_listed(paths))
    if what == STOCK:
        return rows.annotate(day=F("since"))
    if what == "born" or what in _CAME:
        return rows.filter(_begun(what, paths)).annotate(day=F("since"))
    return rows.filter(_over(what, paths), until__isnull=False).annotate(day=F("until"))


def _listed(paths: tuple[str, ...]) -> Q:
    """As ``within``, for a list that is read by its days."""
    return within(paths) if any(path.endswith(balance.DIRECT) for path in paths) else within_in_order(paths)


def _begun(what: str, paths: tuple[str, ...]) -> Q:
    if what == "born":
        return Q(began="born")
    from_inside = within(paths, "came_from")
    return Q(began=_CAME[what]) & (from_inside if what.startswith("inner") else ~from_inside)


def _over(what: str, paths: tuple[str, ...]) -> Q:
    away = Q(ended__in=(ACROSS, WITHIN)) & ~within(paths, "left_to")
    if what == "departures":
        return Q(ended__in=_GONE) | away
    if what == "ends":
        return Q(ended__in=[name for names in _CLOSED.values() for name in names])
    if what in _LEFT:
        return Q(ended=_LEFT[what]) & ~within(paths, "left_to")
    return Q(ended__in=_CLOSED.get(what, (what,)))


def moved_between(rows: QuerySet[Stay], origin: str, goal: str, paths: tuple[str, ...]) -> QuerySet[Stay]:
    """The stays of one cell of the matrix: those that began by a move, or that ended by one out of the territory."""
    if goal in {balance.OUTSIDE, balance.ELSEWHERE}:
        held = rows.filter(within((origin,)) & within(paths), until__isnull=False).annotate(day=F("until"))
        if goal == balance.ELSEWHERE:
            return held.filter(ended="moved_out")
        return held.filter(Q(ended__in=(ACROSS, WITHIN)) & ~within(paths, "left_to"))
    held = rows.filter(within((goal,)) & within(paths), began__in=(ACROSS, WITHIN)).annotate(day=F("since"))
    if origin == balance.OUTSIDE:
        return held.filter(~within(paths, "came_from"))
    return held.filter(within((origin,), "came_from"))


def stock_on(rows: QuerySet[Stay], day: date) -> QuerySet[Stay]:
    """Of these stays those of the stock at the end of a day."""
    return _standing(rows, day + timedelta(days=1))
