"""Our register against another department's: who is in one and not in the other, and whose states or names differ."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from shiheng.accounts.jurisdictions import narrow
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock, registry
from shiheng.publication.definition import COMPARISONS, Comparison
from shiheng.subjects.models import Record, Subject

KINDS = {
    "missing_there": "登记在册，对方没有登记",
    "missing_here": "对方有登记，登记库没有",
    "state": "状态不一致",
    "name": "名称不一致",
}


def declared(code: str) -> Comparison:
    found: Comparison = registry.find(COMPARISONS, code, on=clock.today())
    return found


def rows(who: Who, comparison: Comparison, kind: str) -> QuerySet[Subject]:
    """The subjects of my territory that differ in one way, each with what the other says and in which row."""
    held = narrow(Subject.objects.filter(redirect_to=None, live=True), who, May.READ_SOURCES)
    said = Record.objects.filter(
        subject=OuterRef("pk"), kind=comparison.kind, source=comparison.source, gone_on=None, current=True
    ).order_by("-day", "-pk")
    held = held.annotate(
        their_state=Subquery(said.values("state")[:1]),
        their_day=Subquery(said.values("day")[:1]),
        their_row=Subquery(said.values("reference")[:1]),
    )
    if kind == "missing_there":
        return held.filter(~Exists(said), status__in=comparison.registered)
    if kind == "missing_here":
        return held.filter(Exists(said), status="unknown")
    if kind == "state":
        return held.exclude(status="unknown").filter(_disagrees(comparison))
    named = said.annotate(called=KeyTextTransform(comparison.name_fact, "facts")).values("called")[:1]
    return held.annotate(their_name=Subquery(named)).exclude(status="unknown").exclude(their_name=F("name"))


def _disagrees(comparison: Comparison) -> Q:
    wrong = Q(pk__in=())
    for theirs, ours in comparison.agrees.items():
        wrong |= Q(their_state=theirs) & ~Q(status__in=ours)
    return wrong


@dataclass(frozen=True, slots=True)
class District:
    """One district and how many of its subjects differ in each way."""

    title: str
    path: str
    counts: dict[str, int]


def by_district(who: Who, comparison: Comparison) -> list[District]:
    """Counts by district; what lies in none is counted at its bureau above."""
    bureaux = list(Office.objects.filter(kind__in=["city", "district"], closed_on=None).order_by("path"))
    counted: dict[str, Counter[str]] = {office.path: Counter() for office in bureaux}
    for kind in KINDS:
        found = rows(who, comparison, kind).order_by().values("scope").annotate(n=Count("pk"))
        for scope, number in found.values_list("scope", "n"):
            at = max((path for path in counted if scope.startswith(path)), key=len, default=None)
            if at is not None:
                counted[at][kind] += number
    return [
        District(office.title, office.path, {kind: counted[office.path][kind] for kind in KINDS})
        for office in bureaux
        if counted[office.path]
    ]
