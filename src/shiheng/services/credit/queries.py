"""What stands against the businesses a login stands for, reckoned from their records and our files behind them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Missing
from shiheng.kernel.periods import Receipt
from shiheng.procedures import queries as proceedings
from shiheng.procedures.contents import all_on, version_of
from shiheng.procedures.course import Course
from shiheng.procedures.definition import Procedure, State, Step
from shiheng.procedures.models import Party, Proceeding
from shiheng.procedures.recording import REFERENCE, file_of
from shiheng.services.definition import ENGINE, Condition, Line, Standing, Way
from shiheng.subjects import layout
from shiheng.subjects import queries as subjects
from shiheng.subjects.definition import DELETED_STATE
from shiheng.subjects.models import Record, Subject
from shiheng.subjects.queries import place_of

BESIDE = ("annual_report",)
"""Kinds of records that stand against nobody and are asked for a condition."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A condition, and whether it is met: yes, no, or for the applicant to show."""

    condition: Condition
    met: bool | None


@dataclass(frozen=True, slots=True)
class Offered:
    """A way as it is open to the business today."""

    way: Way
    since: Receipt | None
    until: Receipt | None
    conditions: Sequence[Checked]
    too_early: bool
    too_late: bool

    @property
    def unmet(self) -> list[Condition]:
        return [one.condition for one in self.conditions if one.met is False]

    @property
    def open(self) -> bool:
        return not (self.too_early or self.too_late or self.unmet)


@dataclass(frozen=True, slots=True)
class Held:
    """One line with its standing: until when it stands and how that is reckoned, and what can be done."""

    record: Record
    line: Line
    standing: Standing
    stands: bool
    until: Receipt | None
    ways: Sequence[Offered]
    asked: Sequence[tuple[Proceeding, State]] = ()

    @property
    def said_until(self) -> str:
        """The last day its own source tells."""
        facts = self.record.facts if isinstance(self.record.facts, dict) else {}
        return str(facts.get("public_until") or "")


def kinds(today: date) -> dict[str, Standing]:
    """The declared kinds of unfavourable records."""
    return {one.code: one for one in registry.all_of(ENGINE, on=today)}


def businesses(who: Who) -> "QuerySet[Subject]":
    return subjects.of_account(who.account_id or 0)


def lines_of(who: Who) -> dict[int, list[Held]]:
    """Every line of each own business that stands or stood, what stands first."""
    own = list(businesses(who))
    held = _lines([firm.pk for firm in own])
    asked = _asked(who, own)
    return {
        firm: sorted(
            (replace(one, asked=asked.get(one.line.place, ())) for one in rows),
            key=lambda one: (not one.stands, -(one.record.day or date.min).toordinal()),
        )
        for firm, rows in held.items()
    }


def find(who: Who, number: int) -> Held:
    """One line of an own business. Raises ``Missing``."""
    rows = _records(list(businesses(who).values_list("pk", flat=True)))
    row = rows.filter(pk=number, kind__in=kinds(clock.today())).select_related("subject").first()
    if row is None:
        raise Missing("credit.line", _("没有这条记录，或它不属于您的企业。请从“我的信用”进入。"))
    at = subjects.survivor_of(row.subject_id)
    found = next((one for one in _lines([at]).get(at, ()) if one.record.pk == number), None)
    if found is None:
        raise Missing("credit.line", _("没有这条记录，或它不属于您的企业。请从“我的信用”进入。"))
    return replace(found, asked=_asked(who, list(businesses(who).filter(pk=at))).get(found.line.place, ()))


def _records(firms: Sequence[int]) -> "QuerySet[Record]":
    own = Q(subject__in=firms) | Q(subject__redirect_to__in=firms)
    return Record.objects.filter(own, current=True)


def _lines(firms: Sequence[int]) -> dict[int, list[Held]]:
    today = clock.today()
    known = kinds(today)
    rows = list(_records(firms).filter(kind__in=[*known, *BESIDE]).select_related("subject").order_by("pk"))
    files = _files(rows)
    made: dict[int, list[tuple[Record, Line]]] = {firm: [] for firm in firms}
    for row in rows:
        if row.state == DELETED_STATE:
            continue
        at = row.subject.redirect_to_id or row.subject_id
        made.setdefault(at, []).append((row, _line(row, files.get(file_of(row.reference)))))
    return {firm: _held(pairs, known, today) for firm, pairs in made.items()}


def _files(rows: Iterable[Record]) -> dict[int, tuple[Proceeding, Course]]:
    numbers = {file_of(row.reference) for row in rows if row.reference.startswith(REFERENCE)}
    found = list(Proceeding.objects.filter(pk__in=numbers))
    courses = proceedings.courses_of(found) if found else {}
    return {file.pk: (file, courses[file.pk]) for file in found}


def _line(row: Record, of: tuple[Proceeding, Course] | None) -> Line:
    facts = row.facts if isinstance(row.facts, dict) else {}
    line = Line(row.kind, row.key, row.title or layout.RECORD_TITLES.get(row.kind, row.kind), row.day, row.state, facts,
                place=place_of(row))  # fmt: skip
    if of is None:
        return line
    file, course = of
    party = party_number(row)
    told: dict[str, Any] = {}
    for said in course.live:
        if said.party in {None, party}:
            told |= said.facts
    state = course.party_state(party) if party else ""
    return replace(line, procedure=file.procedure, file_state=course.state, party_state=state, told=told)


def party_number(row: Record) -> int | None:
    """As which party of our file a record is kept."""
    _number, slash, party = row.key.rpartition("/")
    return int(party) if slash and party.isdigit() else None


def _held(pairs: Sequence[tuple[Record, Line]], known: Mapping[str, Standing], today: date) -> list[Held]:
    against = [line for row, line in pairs if row.kind in known and stands(row, today)]
    beside = [line for row, line in pairs if row.kind not in known]
    found = []
    for row, line in pairs:
        standing = known.get(row.kind)
        if standing is None:
            continue
        whole = replace(line, others=tuple(one for one in (*against, *beside) if one is not line))
        now = stands(row, today)
        until = standing.until(whole) if now else None
        ways = [_offered(way, whole, today) for way in standing.ways if now and way.open(whole)]
        found.append(Held(row, whole, standing, now, until, ways))
    return found


def _offered(way: Way, line: Line, today: date) -> Offered:
    since, until = way.since(line), way.until(line)
    return Offered(
        way, since, until, [Checked(one, one.met(line, today)) for one in way.conditions],
        too_early=bool(since and since.due_day and today < since.due_day),
        too_late=bool(until and until.due_day and today > until.due_day),
    )  # fmt: skip


def stands(row: Record, today: date) -> bool:
    """Whether a record stands against its business in public now."""
    if row.gone_on is not None or row.state == DELETED_STATE:
        return False
    if row.until is not None and row.until <= today:
        return False
    return not layout.withheld(row.kind, row.state, row.facts, today)


# -- what was asked


def by_owner(today: date) -> list[str]:
    """The procedures a business opens for itself."""
    return [one.code for one in all_on(today) if one.by_owner]


def asked_by(who: Who, firms: Sequence[Subject] | None = None) -> "QuerySet[Proceeding]":
    """The applications of one's own businesses, the latest first."""
    own = list(businesses(who)) if firms is None else firms
    rows = Proceeding.objects.filter(procedure__in=by_owner(clock.today()), parties__subject__in=own)
    return rows.filter(parties__gone=False).distinct().order_by("ended", "-received_on", "-pk")


def _asked(who: Who, firms: Sequence[Subject]) -> dict[str, list[tuple[Proceeding, State]]]:
    """The applications about each line, by the line they name."""
    found: dict[str, list[tuple[Proceeding, State]]] = {}
    for row in asked_by(who, firms):
        state = version_of(row.procedure, row.version).state(row.state)
        found.setdefault(str(row.facts.get("about") or ""), []).append((row, state))
    return found


def told_of(who: Who) -> list[tuple[Proceeding, Party, Step]]:
    """What own businesses are to do in files of the bureau: the party they are and the step that waits for them."""
    waiting = {
        (one.code, step.of_party): step
        for one in all_on(clock.today())
        for step in one.steps
        if step.by_public and step.of_party
    }
    if not waiting:
        return []
    rows = Party.objects.filter(
        subject__in=list(businesses(who)), gone=False, proceeding__ended=False,
        proceeding__procedure__in={code for code, _kind in waiting},
    ).select_related("proceeding").order_by("-proceeding")  # fmt: skip
    found = []
    for row in rows:
        step = waiting.get((row.proceeding.procedure, row.kind))
        if step is not None and (not step.party_from or row.state in step.party_from):
            found.append((row.proceeding, row, step))
    return found


def find_file(who: Who, number: int) -> tuple[Proceeding, Party]:
    """A file an own business follows: one it opened, or the one its line comes of. Raises ``Missing``."""
    own = list(businesses(who).values_list("pk", flat=True))
    found = Proceeding.objects.filter(pk=number).first()
    party = found.parties.filter(gone=False, subject__in=own).order_by("number").first() if found else None
    if (
        found is None
        or party is None
        or not _followed(version_of(found.procedure, found.version), found, party.kind, own)
    ):
        raise Missing("credit.file", _("没有这件申请，或它不是您的企业提出的。"))
    return found, party


def _followed(procedure: Procedure, found: Proceeding, kind: str, own: Sequence[int]) -> bool:
    if procedure.by_owner or any(step.by_public and step.of_party == kind for step in procedure.steps):
        return True
    if not any(step.by_public for step in procedure.steps) or procedure.public is not None:
        return False
    return _records(own).filter(reference=f"{REFERENCE}{found.pk}").exists()
