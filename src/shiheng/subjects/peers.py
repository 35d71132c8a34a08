"""同类: whom a subject is compared with, and how it stands beside them.

Its like are those of its kind and industry (the first two places of the code) in its own territory; where they are too
few, in the territory around it, step by step up to the whole register. No more than ``MOST`` are counted, the first by
territory and number: the choice is the same however often it is made, and one index is read for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.subjects import behaviour, queries
from shiheng.subjects.behaviour import ENOUGH, MEASURES, Measure, Standing
from shiheng.subjects.definition import DELETED_STATE
from shiheng.subjects.models import IndustryClass, Record, Subject
from shiheng.ui.wording import say

MOST = 2_000
SHOWN = 20
PERIODS = {1: "近一年", 3: "近三年"}


@dataclass(frozen=True, slots=True)
class Group:
    """The like of a subject: who, of which industry and territory, and how many each narrower territory had."""

    industry: str
    path: str
    title: str
    ids: tuple[int, ...]
    capped: bool
    tried: tuple[tuple[str, int], ...] = ()
    href: str = ""

    @property
    def enough(self) -> bool:
        return len(self.ids) >= ENOUGH


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of a subject beside its like; ``counts`` are (count, subject) of the like."""

    measure: Measure
    standing: Standing
    fed: bool
    counts: Sequence[tuple[int, int]]

    def sentence(self, years: int) -> str:
        """The figure and how many of the like have fewer, in words."""
        held, told = self.standing, {"period": say(PERIODS[years]), "measure": say(self.measure.title)}
        told |= {"own": str(held.own), "unit": str(say(self.measure.unit)), "peers": str(held.peers)}
        told |= {"percent": str(held.percent_fewer), "most": str(held.most_of_fewer), "as_many": str(held.as_many)}
        first = _("%(period)s%(measure)s %(own)s %(unit)s，") % told
        if held.highest == 0:
            rest = _("同类 %(peers)s 户一%(unit)s也没有。")
        elif held.as_many == 0:
            rest = _("同类 %(peers)s 户都没有这么多，最多的 %(most)s %(unit)s。")
        elif held.most_of_fewer == 0:
            rest = _("同类 %(peers)s 户中 %(percent)s%% 一%(unit)s也没有，一样多或者更多的 %(as_many)s 户。")
        else:
            rest = _("同类 %(peers)s 户中 %(percent)s%% 不超过 %(most)s %(unit)s，一样多或者更多的 %(as_many)s 户。")
        return first + rest % told


@dataclass(frozen=True, slots=True)
class Comparison:
    """A subject beside its like over the last years; no group where its industry is not known."""

    group: Group | None
    years: int
    lines: Sequence[Compared] = ()

    @property
    def unusual(self) -> list[Compared]:
        return [line for line in self.lines if line.standing.unusual]

    def line(self, code: str) -> Compared | None:
        return next((line for line in self.lines if line.measure.code == code), None)


def of(who: Who, subject: Subject, *, years: int) -> Comparison:
    """How a subject stands beside its like over the last ``years``, in at most eight queries."""
    group = group_of(who, subject)
    if group is None:
        return Comparison(None, years)
    after = behaviour.since(clock.today(), years)
    counted = count([*group.ids, subject.pk], after=after)
    fed = queries.fed(behaviour.KINDS)
    lines = []
    for measure in MEASURES:
        counts = [(counted.get(pk, {}).get(measure.code, 0), pk) for pk in group.ids]
        own = counted.get(subject.pk, {}).get(measure.code, 0)
        standing = behaviour.compare(own, (n for n, _pk in counts), least=measure.least)
        lines.append(Compared(measure, standing, bool(fed.intersection(measure.kinds)), counts))
    return Comparison(group, years, lines)


def group_of(who: Who, subject: Subject) -> Group | None:
    """The like of a subject; None where no source told its industry."""
    held = (subject.fields or {}).get("industry_code", {})
    industry = behaviour.same_class(str(held.get("value") or ""))
    if not industry:
        return None
    like = Subject.objects.filter(live=True, redirect_to=None, kind=subject.kind, status__in=Subject.STANDING)
    like = of_industry(like, industry).exclude(pk=subject.pk).order_by("scope", "pk")
    paths = behaviour.widened(subject.scope)
    titles = dict(Office.objects.filter(path__in=paths).values_list("path", "title"))
    titles[""] = _("本平台全部主体")
    tried: list[tuple[str, int]] = []
    found: list[int] = []
    path = ""
    for path in paths:
        found = list(like.filter(within((path,))).values_list("pk", flat=True)[: MOST + 1])
        if len(found) >= ENOUGH:
            break
        tried.append((titles.get(path, path), len(found)))
    capped = len(found) > MOST
    title = titles.get(path, path)
    return Group(industry, path, title, tuple(found[:MOST]), capped, tuple(tried), _href(who, subject, industry, path))


def of_industry(rows: "QuerySet[Subject]", industry: str) -> "QuerySet[Subject]":
    """Of these subjects those whose industry code begins so; two places are read from the index."""
    return rows.alias(industry_class=IndustryClass("fields")).filter(industry_class=industry)


def _href(who: Who, subject: Subject, industry: str, path: str) -> str:
    """The list that shows the group, where this reader has one: a list shows no more than the reader's territory."""
    mine = who.paths(May.READ_SUBJECTS)
    asked = {"status": "standing", "kind": subject.kind, "industry": industry}
    if path not in mine:
        if not path or not any(path.startswith(held) for held in mine):
            return ""
        asked["office"] = path
    return f"{reverse('subjects')}?{urlencode(asked)}"


def count(ids: Sequence[int], *, after: date) -> dict[int, dict[str, int]]:
    """Each measure of each subject since a day; who has nothing is not there. Two grouped queries."""
    rows = Record.objects.filter(
        subject_id__in=ids,
        kind__in=behaviour.KINDS,
        day__gt=after,
        day__lte=clock.today(),
        current=True,
    ).exclude(state=DELETED_STATE)
    plain = {m.code: Count("pk", filter=_counted(m)) for m in MEASURES if not m.late}
    found: dict[int, dict[str, int]] = {}
    for subject, *counts in rows.order_by().values("subject_id").annotate(**plain).values_list("subject_id", *plain):
        found[subject] = dict(zip(plain, counts, strict=True))
    for measure in (m for m in MEASURES if m.late):
        told = rows.filter(kind__in=measure.kinds).order_by().values_list("subject_id", "day", "facts__year")
        for subject, day, year in told:
            if day is not None and behaviour.is_late({"year": year}, day):
                held = found.setdefault(subject, {})
                held[measure.code] = held.get(measure.code, 0) + 1
    return found


def _counted(measure: Measure) -> Q:
    """A measure's own rule as a condition; ``Measure.counts`` says the same of one record."""
    asked = Q(kind__in=measure.kinds)
    if measure.states:
        asked &= Q(state__in=measure.states)
    if measure.but:
        asked &= ~Q(state__in=measure.but)
    if measure.words:
        titled = Q(pk__in=())
        for word in measure.words:
            titled |= Q(title__contains=word)
        asked &= titled
    return asked


def named(counts: Sequence[tuple[int, int]]) -> list[tuple[Subject, int]]:
    """The first of these (count, subject), each with its count."""
    subjects = Subject.objects.only("id", "name", "scope").in_bulk([pk for _n, pk in counts[:SHOWN]])
    return [(subjects[pk], n) for n, pk in counts[:SHOWN] if pk in subjects]
