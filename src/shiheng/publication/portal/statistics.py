"""What the portal tells of itself and of the bureau: queries, what is published, how files went, powers used.

Worked out once a day, since it counts everything; the page says as of when. A figure of fewer than five files is not
told, so that nobody is found in a count. How the bureau did is told the same way where it did well and where not.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q

from shiheng.catalogue.powers import queries as powers
from shiheng.catalogue.powers.definition import KINDS
from shiheng.catalogue.violations import VIOLATIONS
from shiheng.kernel import clock, registry
from shiheng.procedures.contents import all_on
from shiheng.procedures.models import Clock, Proceeding
from shiheng.publication import queries as counted
from shiheng.publication.models import CreditReport, QueryCount, ReportUse
from shiheng.publication.portal import projection
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import Record

YEAR = timedelta(days=365)
FEWEST = 5
STOPPED = ("停止公示", "已撤销", "deleted")  # not shown: states as they are kept


@dataclass(frozen=True, slots=True)
class Dealt:
    """One procedure in the last year: None where there were too few to tell."""

    title: str
    received: int | None
    ended: int | None
    in_time: int | None  # percent of the limits met or run out in that year
    late_now: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Everything on the page."""

    at: str
    queries: int
    months: list[tuple[str, int]]
    channels: list[tuple[str, int]]
    kinds: list[tuple[str, int]]
    subjects: int
    records: list[tuple[str, int]]
    hidden: int
    reports: int
    checks: int
    dealt: list[Dealt] = field(default_factory=list)
    powers: list[tuple[str, int, int]] = field(default_factory=list)
    used: list[tuple[str, str, int]] = field(default_factory=list)


def path() -> Path:
    return Path(settings.HOME) / "opendata" / "statistics.json"


def latest() -> Statistics:
    """As of the last working out; worked out now where there was none."""
    try:
        held = json.loads(path().read_text(encoding="utf-8"))
        return Statistics(**{**held, "dealt": [Dealt(**one) for one in held["dealt"]]})
    except (OSError, ValueError, TypeError, KeyError):
        return made()


def keep() -> Statistics:
    """Work everything out and keep it for the page."""
    found = made()
    path().parent.mkdir(parents=True, exist_ok=True)
    part = path().with_suffix(".part")
    part.write_text(json.dumps(asdict(found), ensure_ascii=False), encoding="utf-8")
    part.replace(path())
    return found


def made() -> Statistics:
    today = clock.today()
    year = QueryCount.objects.filter(day__gte=date(today.year, 1, 1), day__lte=today)
    by_kind = Counter(dict(year.order_by().values_list("kind").annotate(n=_sum())))
    kinds = projection.kinds(today)
    published = Record.objects.filter(kind__in=list(kinds), current=True)
    stopped = published.filter(state__in=STOPPED)
    counts = dict(published.exclude(state__in=STOPPED).order_by().values_list("kind").annotate(n=Count("pk")))
    return Statistics(
        at=clock.now().isoformat(timespec="minutes"),
        queries=counted.total(year),
        months=[(f"{m.first:%Y-%m}", m.count) for m in counted.by_month(QueryCount.objects.all(), until=today)],
        channels=[(title, counted.by_channel(year).get(code, 0)) for code, title in QueryCount.CHANNELS.items()],
        kinds=[(title, int(by_kind.get(code, 0))) for code, title in QueryCount.KINDS.items()],
        subjects=subjects.identities().count(),
        records=[(kind.title, counts.get(code, 0)) for code, kind in kinds.items()],
        hidden=stopped.count(),
        reports=CreditReport.objects.count(),
        checks=int(ReportUse.objects.filter(kind="check").aggregate(n=_sum())["n"] or 0),
        dealt=list(_dealt(today)),
        **_powers(today),
    )


def _sum() -> Any:
    from django.db.models import Sum

    return Sum("count")


def _dealt(today: date) -> Iterator[Dealt]:
    since = today - YEAR
    received = _by(Proceeding.objects.filter(received_on__gt=since))
    ended = _by(Proceeding.objects.filter(ended=True, ended_on__gt=since))
    late = _by(Proceeding.objects.filter(ended=False, due__lt=today))
    ours = Clock.objects.filter(of_party=False, proceeding__received_on__gt=since)
    met = _clocks(ours.filter(met_on__lte=F("due")))
    missed = _clocks(ours.filter(Q(met_on__gt=F("due")) | Q(met_on=None, running=True, due__lt=today)))
    for procedure in all_on(today):
        code = procedure.code
        if not received[code] and not ended[code]:
            continue
        limits = met[code] + missed[code]
        yield Dealt(
            procedure.title, _told(received[code]), _told(ended[code]),
            round(100 * met[code] / limits) if limits >= FEWEST else None, late[code],
        )  # fmt: skip


def _told(count: int) -> int | None:
    return count if count >= FEWEST else None


def _by(rows: Any) -> Counter[str]:
    return Counter(dict(rows.order_by().values_list("procedure").annotate(n=Count("pk"))))


def _clocks(rows: Any) -> Counter[str]:
    return Counter(dict(rows.order_by().values_list("proceeding__procedure").annotate(n=Count("pk"))))


def _powers(today: date) -> Mapping[str, Any]:
    """How many powers of each kind there are and were used in a year; the used ones by the files that name them."""
    of = {violation.code: violation.power for violation in registry.all_of(VIOLATIONS, on=today)}
    cases = Proceeding.objects.filter(received_on__gt=today - YEAR, facts__has_key="violation")
    used: Counter[str] = Counter()
    for violation, count in cases.order_by().values_list("facts__violation").annotate(n=Count("pk")):
        if power := of.get(str(violation)):
            used[power] += count
    held = [entry for entry in powers.entries(on=today).values() if entry.in_force]
    totals, uses = Counter(e.power.kind for e in held), Counter(e.power.kind for e in held if used[e.code])
    shown = sorted(((e.code, e.power.title, used[e.code]) for e in held if used[e.code]), key=lambda row: -row[2])
    return {"powers": [(str(KINDS[kind]), totals[kind], uses[kind]) for kind in KINDS if totals[kind]], "used": shown}
