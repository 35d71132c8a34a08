"""Hot spots: what letters are about in a span of days, against as many days before; each figure opens its files."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.procedures.models import Proceeding, Sketch
from shiheng.procedures.triage import peaks
from shiheng.procedures.triage.declared import lexicons
from shiheng.procedures.triage.peaks import Spot
from shiheng.ui import charts
from shiheng.ui.charts import Bar, Chart, Series
from shiheng.ui.wording import say

SPANS = (7, 14, 30, 90)
USUAL_SPAN = 30
SHOWN, MOST_TITLES = 10, 8_000
WAYS = {
    "against": "按商家",
    "words": "按字词",
    "place": "按镇街",
    "kind": "按问题类别",
    "tag": "按专题",
    "online": "按线上线下",
}
"""How letters are counted, and what each way is called."""
ONLINE = {"1": "涉互联网", "0": "不涉互联网"}


@dataclass(frozen=True, slots=True)
class Span:
    """So many days up to one."""

    until: date
    days: int

    @property
    def since(self) -> date:
        return self.until - timedelta(days=self.days - 1)

    @property
    def first(self) -> date:
        """The first of all days looked at, those before among them."""
        return self.since - timedelta(days=self.days * peaks.BEFORE)

    @property
    def asked(self) -> dict[str, str]:
        return {"days": str(self.days), "until": self.until.isoformat()}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing letters are about as the page shows it."""

    title: str
    spot: Spot
    href: str


@dataclass(frozen=True, slots=True)
class Part:
    """One way of counting: its lines, and how many more there are."""

    by: str
    title: str
    lines: list[Line]
    more: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it is counted."""

    pk: int
    day: date
    against: str
    name: str
    kind: str
    place: str
    online: bool
    tags: tuple[str, ...]
    title: str


def visible_to(who: Who) -> "QuerySet[Sketch]":
    """The letters of the territory over which ``who`` reads files."""
    return Sketch.objects.filter(within(who.paths(May.READ_FILES), "proceeding__scope"))


class Counted:
    """The letters a reader may see, in a span and before it, counted in every way."""

    def __init__(self, who: Who, span: Span) -> None:
        self.span = span
        rows = visible_to(who).filter(day__gte=span.first, day__lte=span.until)
        self.letters = [
            Letter(pk, day, against, name, kind, place, online, tuple(tags), title)
            for pk, day, against, name, kind, place, online, tags, title in rows.values_list(
                "pk", "day", "against", "against_name", "kind", "place", "online", "tags", "proceeding__title"
            )
        ]

    @cached_property
    def now(self) -> list[Letter]:
        return [one for one in self.letters if one.day >= self.span.since]

    @cached_property
    def before(self) -> list[Letter]:
        return [one for one in self.letters if one.day < self.span.since]

    def spots(self, by: str) -> list[Spot]:
        """What is written in about, counted in one way."""
        if by == "words":
            return peaks.words((one.title for one in self.now[:MOST_TITLES]), (one.title for one in self.before))
        values = VALUES[by]
        now, before = (Counter(value for one in held for value in values(one)) for held in (self.now, self.before))
        return peaks.spots(now, before)

    def parts(self) -> list[Part]:
        """Every way of counting that has something to tell."""
        found = []
        for by, title in WAYS.items():
            spots = self.spots(by)
            titled = self.titles(by, [spot.value for spot in spots[:SHOWN]])
            lines = [Line(titled[spot.value], spot, self.place_of(by, spot.value)) for spot in spots[:SHOWN]]
            if lines:
                found.append(Part(by, str(say(title)), lines, len(spots) - len(lines)))
        return found

    def peaks(self, parts: list[Part]) -> list[Line]:
        """Everything that is more than before, the least likely first."""
        held = [replace(line, title=f"{part.title}：{line.title}") for part in parts for line in part.lines
                if line.spot.peak]  # fmt: skip
        return sorted(held, key=lambda line: line.spot.chance)

    def titles(self, by: str, values: list[str]) -> dict[str, str]:
        """What the values of one way are called."""
        if by == "against":
            named = {one.against: one.name for one in self.letters}
            return {value: named.get(value, value) for value in values}
        if by == "place":
            held = dict(Office.objects.filter(path__in=values).values_list("path", "title"))
            return {value: held.get(value, value) for value in values}
        return {value: title_of(by, value) for value in values}

    def place_of(self, by: str, value: str) -> str:
        """Where the files behind a figure are shown."""
        return f"{reverse('file-hotspot-rows')}?{urlencode({'by': by, 'value': value, **self.span.asked})}"

    def charts(self) -> list[Chart]:
        """How many came in each span up to now, and what most were about."""
        counts: dict[int, int] = defaultdict(int)
        for one in self.letters:
            counts[(self.span.until - one.day).days // self.span.days] += 1
        order = range(peaks.BEFORE, -1, -1)
        labels = [(self.span.until - timedelta(days=self.span.days * n)).strftime("%m-%d") for n in order]
        unit = pgettext("after a number of files", "件")
        drawn = [
            charts.line(
                str(_("每 %(days)s 日收到的来信") % {"days": self.span.days}), labels,
                [Series(str(_("来信")), [counts[n] for n in order])], unit=unit,
            )
        ]  # fmt: skip
        spots = self.spots("kind")[:SHOWN]
        titled = self.titles("kind", [spot.value for spot in spots])
        bars = [
            Bar(titled[spot.value], spot.now, self.place_of("kind", spot.value), "late" if spot.peak else "")
            for spot in sorted(spots, key=lambda one: (-one.now, one.value))
        ]
        if bars:
            drawn.append(charts.bar(str(_("按问题类别")), bars, unit=unit, name=_("案卷")))
        return drawn


VALUES: dict[str, Callable[[Letter], Iterator[str]]] = {
    "against": lambda one: iter([one.against] if one.against else ()),
    "place": lambda one: iter([one.place] if one.place else ()),
    "kind": lambda one: iter([one.kind] if one.kind else ()),
    "tag": lambda one: iter(one.tags),
    "online": lambda one: iter(["1" if one.online else "0"]),
    "words": lambda one: iter([one.title]),
}


def title_of(by: str, value: str) -> str:
    """What a value is called where that follows from the declarations alone."""
    if by == "online":
        return str(say(ONLINE.get(value, value)))
    if by == "tag":
        rules = (lexicon.rule("tag", value) for lexicon in lexicons())
        return str(say(next((rule.title for rule in rules if rule), value)))
    return str(say(value))


def span_of(days: str, until: str) -> Span:
    """The span asked for; thirty days up to today where it is none."""
    today = clock.today()
    try:
        day = min(date.fromisoformat(until), today) if until else today
    except ValueError:
        day = today
    number = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else USUAL_SPAN
    return Span(day, number if number in SPANS else USUAL_SPAN)


def rows_of(who: Who, span: Span, by: str, value: str) -> "tuple[str, Spot, QuerySet[Proceeding]]":
    """The files behind one figure, what it is called, and the figure itself."""
    if by not in WAYS or not value:
        raise Missing("hotspot.unknown", _("没有这种统计方式，请从热点页面打开。"))
    counted = Counted(who, span)
    values = VALUES[by]
    if by == "words":
        now, before = ([one for one in held if value in one.title] for held in (counted.now, counted.before))
    else:
        now, before = ([one for one in held if value in set(values(one))] for held in (counted.now, counted.before))
    spot = Spot(value, len(now), len(before), peaks.chance(len(now), len(before)))
    rows = Proceeding.objects.filter(
        within(who.paths(May.READ_FILES)), sketch__day__gte=span.since, sketch__day__lte=span.until
    )
    narrowed: dict[str, dict[str, Any]] = {
        "against": {"sketch__against": value}, "place": {"sketch__place": value}, "kind": {"sketch__kind": value},
        "online": {"sketch__online": value == "1"}, "words": {"title__contains": value},
    }  # fmt: skip
    if by in narrowed:
        rows = rows.filter(**narrowed[by])
    else:  # what stands in a list is told apart here: the databases differ in how they ask a list
        rows = rows.filter(pk__in=[one.pk for one in now])
    title = counted.titles(by, [value])[value]
    return title, spot, rows.select_related("subject").order_by("-received_on", "-pk")
