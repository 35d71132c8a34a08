"""How punctual and how clean departments are, from stored batches alone: the desk of sources and its scoreboard.

What counts as delivered is a batch that was not refused whole and not withdrawn. A source whose last file was refused,
or that never delivered, has no figures: it is never counted as zero rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from shiheng.accounts.jurisdictions import above, within
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import queries, sources
from shiheng.fusion.definition import Source
from shiheng.fusion.definition.punctuality import Standing, standing
from shiheng.fusion.models import Batch, Reminder
from shiheng.kernel import clock

VOID = ("refused", "withdrawing", "withdrawn")
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """What a source delivered in one month."""

    first: date
    batches: int
    rows_in: int
    accepted: int
    quarantined: int
    last_day: date


@dataclass(frozen=True, slots=True)
class Line:
    """One source on the desk: how it stands, what it last sent and what it has sent in all."""

    source: Source
    standing: Standing
    last: Batch | None = None
    failed: Batch | None = None
    reminded: Reminder | None = None
    months: Sequence[Month] = field(default=(), repr=False)

    @property
    def pk(self) -> str:
        return self.source.code

    @property
    def department(self) -> str:
        return self.source.department

    @property
    def batches(self) -> int:
        return sum(m.batches for m in self.months)

    @property
    def rows_in(self) -> int | None:
        return self._all("rows_in")

    @property
    def accepted(self) -> int | None:
        return self._all("accepted")

    @property
    def quarantined(self) -> int | None:
        return self._all("quarantined")

    def _all(self, name: str) -> int | None:
        """Of all deliveries; nothing where there is none, for that is not zero rows."""
        return sum(getattr(m, name) for m in self.months) if self.months else None

    @property
    def states(self) -> tuple[str, ...]:
        """Every state it may be looked for by: one that is late may also have had its last file refused."""
        return (self.standing.state, "failed") if self.failed else (self.standing.state,)

    @property
    def null_cells(self) -> tuple[int, int]:
        """Empty cells and all cells of the last delivery, as its profile counted them."""
        profile = self.last.profile if self.last else {}
        columns = profile.get("columns", {})
        return sum(c["missing"] for c in columns.values()), profile.get("readable", 0) * len(columns)


def reminders_visible_to(who: Who) -> QuerySet[Reminder]:
    """Reminders of my territory, of the offices above it, and those the clock sent."""
    paths = who.paths(May.READ_SOURCES)
    if "" in paths:
        return Reminder.objects.all()
    return Reminder.objects.filter(within(paths) | Q(scope__in=["", *above(paths)]))


def lines(who: Who) -> list[Line]:
    """Every declared source by department, in four queries however many there are."""
    seen = queries.visible_to(who).order_by()
    months: dict[str, list[Month]] = {}
    newest: dict[str, int] = {}
    counted = seen.exclude(state__in=VOID).annotate(month=TruncMonth("known_on")).values("source", "month")
    for row in counted.annotate(
        n=Count("pk"), i=Sum("rows_in"), a=Sum("accepted"), q=Sum("quarantined"), day=Max("known_on"), last=Max("pk")
    ):
        of = months.setdefault(row["source"], [])
        of.append(Month(row["month"], row["n"], row["i"], row["a"], row["q"], row["day"]))
        newest[row["source"]] = max(newest.get(row["source"], 0), row["last"])
    refused = dict(seen.filter(state="refused").values_list("source").annotate(last=Max("pk")))
    batches = Batch.objects.in_bulk([*newest.values(), *refused.values()])
    told = _last_reminders(who)
    today = clock.today()
    found = []
    for code, source in sources.every().items():
        held = sorted(months.get(code, ()), key=lambda m: m.first)
        last = batches.get(newest.get(code, 0))
        failed = batches.get(refused.get(code, 0))
        if failed and last and failed.pk < last.pk:
            failed = None
        day = max((m.last_day for m in held), default=None)
        found.append(Line(source, standing(source.frequency_days, day, today), last, failed, told.get(code), held))
    return sorted(found, key=lambda line: (line.department, line.source.code))


def line_of(who: Who, code: str) -> Line:
    """One source of the desk."""
    source = sources.find(code)
    return next(line for line in lines(who) if line.source.code == source.code)


def _last_reminders(who: Who) -> dict[str, Reminder]:
    newest = reminders_visible_to(who).order_by().values("source").annotate(last=Max("pk")).values("last")
    return {reminder.source: reminder for reminder in Reminder.objects.filter(pk__in=newest)}


@dataclass(frozen=True, slots=True)
class Score:
    """One department: how many sources are due of it, delivered, late or never came, and how clean the last were."""

    department: str
    lines: Sequence[Line]

    @property
    def due(self) -> int:
        return sum(line.standing.counted for line in self.lines)

    @property
    def delivered(self) -> int:
        return sum(line.standing.counted and not line.standing.owing for line in self.lines)

    @property
    def owing(self) -> list[Line]:
        return [line for line in self.lines if line.standing.owing]

    def of(self, state: str) -> int:
        return sum(state in line.states for line in self.lines)

    @property
    def late(self) -> int:
        return self.of("late")

    @property
    def never(self) -> int:
        return self.of("never")

    @property
    def failed(self) -> int:
        return self.of("failed")

    @property
    def days_late(self) -> int:
        return max((line.standing.days_late for line in self.lines), default=0)

    @property
    def accepted_share(self) -> float | None:
        """Of the rows of every source's last delivery; nothing where none delivered."""
        held = [line.last for line in self.lines if line.last and line.last.rows_in]
        rows = sum(batch.rows_in for batch in held)
        return sum(batch.accepted for batch in held) / rows if rows else None

    @property
    def null_share(self) -> float | None:
        """Empty cells among all cells of the last deliveries; nothing where no profile was kept."""
        cells = [line.null_cells for line in self.lines]
        total = sum(of for _, of in cells)
        return sum(missing for missing, _ in cells) / total if total else None

    @property
    def accepted_text(self) -> str:
        return _percent(self.accepted_share)

    @property
    def null_text(self) -> str:
        return _percent(self.null_share)

    @property
    def reminded(self) -> Reminder | None:
        held = [line.reminded for line in self.lines if line.reminded]
        return max(held, key=lambda reminder: reminder.pk, default=None)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}%"


def scores(held: Iterable[Line]) -> list[Score]:
    """The scoreboard: most overdue first, then by name."""
    by_department: dict[str, list[Line]] = {}
    for line in held:
        by_department.setdefault(line.department, []).append(line)
    found = [Score(name, own) for name, own in by_department.items()]
    return sorted(found, key=lambda score: (-score.days_late, -len(score.owing), score.department))


@dataclass(frozen=True, slots=True)
class Point:
    """How departments stood at the end of one month (of the running one: today)."""

    first: date
    due: int | None
    delivered: int | None
    accepted_share: float | None


def trend(held: Sequence[Line], today: date) -> list[Point]:
    """The last twelve months. A source counts from its first delivery on."""
    points = []
    for first in _months(today):
        end = min(_next(first) - timedelta(days=1), today)
        due = delivered = rows = accepted = 0
        for line in held:
            before = [m for m in line.months if m.first <= first]
            if before and line.source.frequency_days:
                stood = standing(line.source.frequency_days, before[-1].last_day, end)
                due, delivered = due + 1, delivered + (not stood.owing)
            if before and before[-1].first == first:
                rows, accepted = rows + before[-1].rows_in, accepted + before[-1].accepted
        known = bool(due)
        points.append(
            Point(first, due if known else None, delivered if known else None, accepted / rows if rows else None)
        )
    return points


def _months(today: date) -> list[date]:
    first = today.replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found[::-1]


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def deliveries_of(who: Who, code: str, *, most: int) -> list[Batch]:
    """The last deliveries of a source that were not refused or withdrawn, oldest first."""
    held: Any = queries.visible_to(who).filter(source=code).exclude(state__in=VOID)
    return list(held.order_by("-pk")[:most])[::-1]
