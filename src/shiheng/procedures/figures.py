"""Files counted: by office, by their own facts, by what was late; each figure opens its rows on the desk.

Figures are of the files a reader may see, by the same query as the desk, so that they and their rows cannot disagree.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiheng.accounts.models import Office
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.procedures import queries
from shiheng.procedures.contents import all_on
from shiheng.procedures.definition import Procedure
from shiheng.procedures.models import Clock, Proceeding
from shiheng.registers.definition import choices_of
from shiheng.ui import charts
from shiheng.ui.charts import Bar, Chart
from shiheng.ui.wording import say

MOST = 15
UNTOLD = "-"
"""Stands in an address for files that do not tell a fact."""
ANY = "1"
"""Stands in an address for any limit."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure under its head, and the rows behind it."""

    head: str
    number: int
    href: str


@dataclass(frozen=True, slots=True)
class Crossed:
    """Two facts against each other: the heads of the columns, and a line for each value of the first."""

    titles: tuple[str, str]
    heads: list[str]
    lines: list[tuple[str, list[Cell]]]


@dataclass(frozen=True, slots=True)
class Overall:
    """One procedure in a line: all files, those open, those late now, those that were ever late."""

    procedure: Procedure
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The year of receipt that is counted; none: every year."""

    year: int | None = None

    @property
    def asked(self) -> dict[str, str]:
        return {"received_from": f"{self.year}-01-01", "received_to": f"{self.year}-12-31"} if self.year else {}

    def of(self, rows: "QuerySet[Proceeding]") -> "QuerySet[Proceeding]":
        if not self.year:
            return rows
        return rows.filter(received_on__gte=date(self.year, 1, 1), received_on__lte=date(self.year, 12, 31))


def late(rows: "QuerySet[Proceeding]", limit: str) -> "QuerySet[Proceeding]":
    """Files in which a limit (``ANY``: some limit) was met late, or has run out and is not met; a citizen's term is
    nobody's delay."""
    return rows.filter(pk__in=_missed("" if limit == ANY else limit).values("proceeding"))


def _missed(limit: str = "") -> "QuerySet[Clock]":
    today = clock.today()
    missed = Q(met_on__gt=F("due")) | Q(met_on=None, running=True, due__lt=today)
    rows = Clock.objects.filter(missed, of_party=False)
    return rows.filter(limit=limit) if limit else rows


def years(who: Who) -> list[int]:
    """The years in which files the reader sees were received."""
    held = queries.visible_to(who).order_by().dates("received_on", "year")
    return sorted({day.year for day in held}, reverse=True)


def overall(who: Who, chosen: Chosen) -> list[Overall]:
    """Every procedure of which the reader sees files."""
    rows = chosen.of(queries.visible_to(who)).order_by()
    every, open_ = _by(rows), _by(rows.filter(ended=False))
    now = _by(rows.filter(ended=False, due__lt=clock.today()))
    ever = _by(rows.filter(pk__in=_missed().values("proceeding")))
    found = []
    for one in all_on(clock.today()):
        if not every[one.code]:
            continue
        asked = {"procedure": one.code, **chosen.asked}
        cells = [
            Cell(str(_("收到")), every[one.code], _desk(asked, done=True)),
            Cell(str(_("在办")), open_[one.code], _desk(asked)),
            Cell(str(_("现在超期")), now[one.code], _desk({**asked, "late": "1"})),
            Cell(str(_("曾经超期")), ever[one.code], _desk({**asked, "missed": ANY}, done=True)),
        ]
        found.append(Overall(one, cells))
    return found


def _by(rows: "QuerySet[Proceeding]") -> Counter[str]:
    return Counter(dict(rows.values_list("procedure").annotate(Count("pk"))))


def _desk(asked: Mapping[str, str], *, done: bool = False) -> str:
    """The desk with just these rows, those that ended among them."""
    return f"{reverse('files')}?{urlencode({**asked, **({'done': '1'} if done else {})})}"


def crossed(who: Who, procedure: Procedure, chosen: Chosen) -> Crossed | None:
    """The first two facts a procedure is counted by, against each other, with sums."""
    if len(procedure.counted_by) < 2:
        return None
    first, second = procedure.counted_by[:2]
    counted = _rows(who, procedure, chosen).annotate(first=KT(f"facts__{first}"), second=KT(f"facts__{second}"))
    counts = {(a, b): n for a, b, n in counted.values_list("first", "second").annotate(n=Count("pk"))}
    if not counts:
        return None
    heads = _in_order(procedure, second, {b for _a, b in counts})
    titled = [_words(procedure, second, head) for head in heads]
    asked = {"procedure": procedure.code, **chosen.asked}
    lines = []
    for value in _in_order(procedure, first, {a for a, _b in counts}):
        own = {**asked, f"f-{first}": value or UNTOLD}
        cells = [
            Cell(title, counts.get((value, head), 0), _desk({**own, f"f-{second}": head or UNTOLD}, done=True))
            for head, title in zip(heads, titled, strict=True)
        ]
        whole = Cell(str(_("合计")), sum(cell.number for cell in cells), _desk(own, done=True))
        lines.append((_words(procedure, first, value), [whole, *cells]))
    titles = (_title(procedure, first), _title(procedure, second))
    return Crossed(titles, [str(_("合计")), *titled], lines)


def parts(who: Who, procedure: Procedure, chosen: Chosen) -> list[Chart]:
    """A chart for each way of counting: by office, by each fact, by limits that were missed."""
    rows = _rows(who, procedure, chosen)
    found = [_by_office(rows, procedure, chosen), _by_limit(rows, procedure, chosen)]
    found += [_by_fact(rows, procedure, chosen, name) for name in procedure.counted_by]
    return [chart for chart in found if chart is not None]


def _rows(who: Who, procedure: Procedure, chosen: Chosen) -> "QuerySet[Proceeding]":
    return chosen.of(queries.visible_to(who).filter(procedure=procedure.code)).order_by()


def _chart(title: str, bars: list[Bar]) -> Chart | None:
    if not any(bar.value for bar in bars):
        return None
    return charts.bar(title, bars, unit=pgettext("after a number of files", "件"), name=_("案卷"))


def _by_office(rows: "QuerySet[Proceeding]", procedure: Procedure, chosen: Chosen) -> Chart | None:
    counts: Counter[str] = Counter(dict(rows.values_list("scope").annotate(Count("pk"))))
    titles = dict(Office.objects.filter(path__in=list(counts)).values_list("path", "title"))
    asked = {"procedure": procedure.code, **chosen.asked}
    bars = [Bar(titles.get(path, path), n, _desk({**asked, "at": path}, done=True))
            for path, n in counts.most_common(MOST)]  # fmt: skip
    return _chart(str(_("按承办单位")), bars)


def _by_limit(rows: "QuerySet[Proceeding]", procedure: Procedure, chosen: Chosen) -> Chart | None:
    missed = _missed().filter(proceeding__in=rows.values("pk")).order_by()
    counts = dict(missed.values_list("limit").annotate(Count("proceeding", distinct=True)))
    asked = {"procedure": procedure.code, **chosen.asked}
    bars = [
        Bar(str(say(limit.title)), counts.get(limit.code, 0), _desk({**asked, "missed": limit.code}, done=True), "late")
        for limit in procedure.limits
        if not limit.of_party
    ]
    return _chart(str(_("超过期限的")), bars)


def _by_fact(rows: "QuerySet[Proceeding]", procedure: Procedure, chosen: Chosen, name: str) -> Chart | None:
    counted = rows.annotate(told=KT(f"facts__{name}")).values_list("told").annotate(n=Count("pk"))
    counts: Counter[Any] = Counter(dict(counted))
    asked = {"procedure": procedure.code, **chosen.asked}
    bars = [
        Bar(_words(procedure, name, value), n, _desk({**asked, f"f-{name}": value or UNTOLD}, done=True))
        for value, n in counts.most_common(MOST)
    ]
    return _chart(str(_("按%(title)s") % {"title": _title(procedure, name)}), bars)


def _in_order(procedure: Procedure, name: str, values: set[Any]) -> list[Any]:
    """The values there are: declared ones in the order of their declaration, then others, then none."""
    declared = list(choices_of(procedure.told[name]))
    at = {value: n for n, value in enumerate(declared)}
    return sorted(values, key=lambda value: (value is None, at.get(value, len(at)), str(value)))


def _words(procedure: Procedure, name: str, value: Any) -> str:
    if value is None:
        return str(_("还没有"))
    return str(say(choices_of(procedure.told[name]).get(value, value)))


def _title(procedure: Procedure, name: str) -> str:
    return str(say(procedure.told[name].title or name))
