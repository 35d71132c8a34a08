"""The public part of subject files: the one place where what leaves the house is chosen, for a page or for a million.

Pages, reports, open data, feeds and the portal's own store are all made from what is built here, so that none of them
can show what another hides. Fields and facts are named one by one; free words are cleaned; nobody is asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import Any

from shiheng.accounts.permissions import ANYONE
from shiheng.kernel import clock, sealing
from shiheng.kernel.personal import clean
from shiheng.kernel.registry import all_of
from shiheng.publication.notices import queries as notices
from shiheng.publication.notices.definition import masked
from shiheng.publication.portal.definition import PUBLIC_KINDS, PublicKind
from shiheng.subjects import layout, own
from shiheng.subjects import queries as subjects
from shiheng.subjects.definition import DELETED_STATE, STATES, last_day, validity
from shiheng.subjects.models import Name, Record, Relation, Subject

FORMAT = "shiheng-public-file/1"
RECORDS_SHOWN = 2_000
FREE_WORDS = frozenset({"business_scope"})


@dataclass(frozen=True, slots=True)
class PublicFact:
    """One field of the file: ``state`` is held, none (查无), missing (未取得) or masked (personal, left out)."""

    code: str
    title: str
    value: str
    state: str = "held"
    kind: str = "text"
    source: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """One record: ``id`` never changes while the record stands, and tells nothing of what it is made from."""

    id: str
    kind: str
    side: str
    section: str
    title: str
    state: str
    source: str
    day: str = ""
    until: str = ""
    ended: str = ""
    facts: tuple[tuple[str, str, str], ...] = ()  # code, title, value
    absent: tuple[tuple[str, str], ...] = ()  # titles of what has no value, and which kind of none
    beside: tuple[tuple[str, str, str, str], ...] = ()  # what was said to it: title, day, words, document

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What it says as titles and values, without what its head says already."""
        return [(title, value) for code, title, value in self.facts if code != "removed"]


@dataclass(frozen=True, slots=True)
class PublicFile:
    """Everything everybody may read of one subject."""

    id: int
    uscc: str
    name: str
    kind: str
    kind_title: str
    status: str
    status_title: str
    status_tone: str
    address: str
    region: str
    updated: str
    facts: tuple[PublicFact, ...]
    names: tuple[tuple[str, bool, str, str], ...]  # text, current, first day, last day
    records: tuple[PublicRecord, ...]
    parts: Mapping[str, str] = field(default_factory=dict)  # side → held | none | missing

    @property
    def key(self) -> str:
        """What names it in an address."""
        return self.uscc or str(self.id)

    @property
    def former(self) -> list[tuple[str, bool, str, str]]:
        return [name for name in self.names if not name[1]]

    def of_side(self, side: str) -> list[PublicRecord]:
        return [record for record in self.records if record.side == side]

    @property
    def good(self) -> list[PublicRecord]:
        return self.of_side("good")

    @property
    def bad(self) -> list[PublicRecord]:
        return self.of_side("bad")

    @property
    def plain(self) -> list[PublicRecord]:
        return self.of_side("plain")

    @property
    def standing(self) -> list[PublicRecord]:
        """What speaks against it and is in force."""
        return [record for record in self.bad if not record.ended]

    def fact(self, code: str) -> PublicFact | None:
        return next((fact for fact in self.facts if fact.code == code), None)

    @property
    def authority(self) -> str:
        """Where it is registered."""
        held = self.fact("registration_authority")
        return held.value if held else ""

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Each source that speaks here with its latest day."""
        latest: dict[str, str] = {}
        spoken = [(f.source, f.day) for f in self.facts] + [(r.source, r.day) for r in self.records]
        for source, day in spoken:
            if source:
                latest[source] = max(latest.get(source, ""), day)
        return sorted(latest.items())


def kinds(today: date) -> dict[str, PublicKind]:
    """The kinds of Records that are public, by code."""
    return {kind.code: kind for kind in all_of(PUBLIC_KINDS, on=today)}


def one(key: str) -> PublicFile:
    """The public file a public address names. Raises ``Missing``."""
    return next(iter(files([subjects.by_key(key)])))


def every(*, after: int = 0, chunk: int = 500) -> Iterator[PublicFile]:
    """The public files of all living subjects in the order of their numbers, a chunk in memory at a time."""
    while ids := list(subjects.identities().filter(id__gt=after).order_by("id").values_list("id", flat=True)[:chunk]):
        yield from files(ids)
        after = ids[-1]


def files(ids: Sequence[int]) -> list[PublicFile]:
    """The public files of these subjects, in their order; the same number of queries for one and for many."""
    today = clock.today()
    open_kinds = kinds(today)
    rows = {row.pk: row for row in Subject.objects.filter(id__in=ids, live=True, redirect_to=None)}
    home = {pk: pk for pk in rows}
    home |= dict(Subject.objects.filter(redirect_to__in=list(rows)).values_list("pk", "redirect_to_id"))
    names = _by_subject(Name.objects.filter(subject__in=list(rows)).order_by("subject", "-current", "-last_day", "-id"))
    people = _people(list(rows))
    held = Record.objects.filter(subject__in=list(home), kind__in=[*open_kinds, layout.BESIDE], current=True)
    records: dict[int, list[Record]] = {}
    for record in held.order_by("-day", "-id"):
        records.setdefault(home[record.subject_id], []).append(record)
    checked, noticed = notices.checked_of(list(home), today), notices.noticed_kinds(own.SOURCE, today)
    told = {str(fact.get("source") or "") for row in rows.values() for fact in (row.fields or {}).values()}
    told |= {record.source for held in records.values() for record in held}
    titles = subjects.source_titles(ANYONE, told)
    fed = subjects.fed(open_kinds)
    made = []
    for pk in ids:
        if row := rows.get(pk):
            about = _About(row, people.get(pk, ()), titles, open_kinds, fed, today, checked, noticed)
            made.append(about.file(names.get(pk, []), records.get(pk, [])))
    return made


def _by_subject(rows: Iterable[Any]) -> dict[int, list[Any]]:
    return {pk: list(held) for pk, held in groupby(rows, key=lambda row: row.subject_id)}


def _people(ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Names that may stand in free words and are nobody's to read: everybody who is not registered in public."""
    found: dict[int, set[str]] = {}
    rows = Relation.objects.filter(subject__in=ids, person__isnull=False).exclude(role="representative")
    for pk, name, named in rows.values_list("subject_id", "person__name", "named"):
        found.setdefault(pk, set()).update({name, named} - {""})
    return {pk: tuple(names) for pk, names in found.items()}


@dataclass(frozen=True, slots=True)
class _About:
    """One subject on its way out, with what is known around it."""

    row: Subject
    people: tuple[str, ...]
    titles: Mapping[str, str]
    kinds: Mapping[str, PublicKind]
    fed: set[str]
    today: date
    checked: Mapping[tuple[str, str], tuple[str, ...]]
    noticed: frozenset[str]

    def clean(self, text: str) -> str:
        row = self.row
        return clean(text, known=self.people, keep=(row.representative, row.name, row.address))

    def file(self, names: Iterable[Name], records: Iterable[Record]) -> PublicFile:
        row = self.row
        rows = list(records)
        said = self.replies(one for one in rows if one.kind == layout.BESIDE)
        listed = (one for one in rows if one.kind != layout.BESIDE)
        shown = tuple(line for one in listed if (line := self.record(one, said)))[:RECORDS_SHOWN]
        return PublicFile(
            id=row.pk, uscc=row.uscc, name=row.name, kind=row.kind,
            kind_title=Subject.KINDS.get(row.kind, row.kind), status=row.status,
            status_title=Subject.STATUSES.get(row.status, row.status),
            status_tone=layout.STATUS_TONES.get(row.status, "plain"), address=row.address, region=row.region,
            updated=row.updated_on.isoformat() if row.updated_on else "", facts=tuple(self.facts()),
            names=tuple((n.text, n.current, _day(n.first_day), _day(n.last_day)) for n in names),
            records=shown, parts=self.parts(shown),
        )  # fmt: skip

    def facts(self) -> Iterator[PublicFact]:
        known = self.row.fields or {}
        for plan in layout.FIELDS:
            held = known.get(plan.code)
            title = layout.title_of(plan.code, self.row.kind)
            if held is None:
                if plan.always:
                    yield PublicFact(plan.code, title, "", "missing", plan.kind)
                continue
            value = str(held.get("value") or "")
            if plan.mask is not None or sealing.parse(value):
                if value:
                    yield PublicFact(plan.code, title, "", "masked")  # that it is held is told, and nothing of it
                continue
            shown = layout.written(plan.code, value, Subject.STATUSES)
            source = str(held.get("source") or "")
            yield PublicFact(
                plan.code, title, self.clean(shown) if plan.code in FREE_WORDS else shown,
                "held" if value else "none", plan.kind, self.titles.get(source, source), str(held.get("day") or ""),
            )  # fmt: skip

    def replies(self, rows: Iterable[Record]) -> dict[str, list[tuple[str, str, str, str]]]:
        """What was said to each record by the business, or in answer to it."""
        found: dict[str, list[tuple[str, str, str, str]]] = {}
        for row in rows:
            facts = row.facts if isinstance(row.facts, dict) else {}
            if facts.get("about") and row.state != DELETED_STATE:
                words, number = self.clean(str(facts.get("text") or "")), str(facts.get("document") or "")
                found.setdefault(str(facts["about"]), []).append((row.title, _day(row.day), words, number))
        return found

    def record(
        self, row: Record, said: Mapping[str, list[tuple[str, str, str, str]]] | None = None
    ) -> PublicRecord | None:  # fmt: skip
        plan = self.kinds[row.kind]
        facts = row.facts if isinstance(row.facts, dict) else {}
        if row.state == DELETED_STATE or layout.withheld(row.kind, row.state, facts, self.today):
            return None
        if row.gone_on is not None and row.kind in layout.LISTED:
            return None  # a full list came without it: whoever has left a list is not on it in public
        struck = self.checked.get((row.source, row.key))
        if struck is None and row.source == own.SOURCE and row.kind in self.noticed:
            return None  # a decision of ours is nobody's to read before a second person compared its notice
        removed = facts.get("removed")
        ended = str(removed) if isinstance(removed, str) else ""
        return PublicRecord(
            id=sha256(f"{row.subject_id}|{row.kind}|{row.source}|{row.key}".encode()).hexdigest()[:20],
            kind=row.kind, side=plan.side, section=plan.section,
            title=masked(self.clean(row.title), "", strike=struck or ()) or plan.title,
            state=_state(row, self.today, ended=ended), source=self.titles.get(row.source, row.source),
            day=_day(row.day), until=_day(row.until), ended=ended,
            facts=tuple(
                (code, title, masked(text, "", strike=struck or ()))
                for code, title, text in self.said(plan, facts, row.absent)
            ),
            absent=tuple((layout.FACTS.get(c, c), told) for c, told in row.absent.items() if c in self.named(plan)),
            beside=tuple((said or {}).get(subjects.place_of(row), ())),
        )  # fmt: skip

    @staticmethod
    def named(plan: PublicKind) -> set[str]:
        return {*plan.facts, *plan.texts}

    def said(
        self, plan: PublicKind, facts: Mapping[str, Any], absent: Mapping[str, str]
    ) -> Iterator[tuple[str, str, str]]:
        named = self.named(plan)
        sums = layout.with_sums(dict(facts))
        for code in (code for code in layout.FACTS if code in named):
            title, value = layout.FACTS[code], sums.get(code)
            if value in (None, ""):
                if code in absent:
                    yield code, title, layout.ABSENT[absent[code]]
                continue
            if not isinstance(value, str | int | float) or sealing.parse(str(value)):
                continue  # what is marked personal or sealed is not public, whatever its name
            text = _ended(str(value)) if code == "valid_until" else str(value)
            yield code, title, self.clean(text) if code in plan.texts else text

    def parts(self, shown: Iterable[PublicRecord]) -> dict[str, str]:
        there = {record.side for record in shown}
        sent = {self.kinds[kind].side for kind in self.fed}
        sides = {plan.side for plan in self.kinds.values()}
        return {side: "held" if side in there else "none" if side in sent else "missing" for side in sorted(sides)}


def _state(row: Record, today: date, *, ended: str) -> str:
    if ended:
        return "已移出"
    if row.until and row.kind not in layout.LISTED:
        return validity(row.until, row.state, today).title
    return STATES.get(row.state, row.state)


def _ended(given: str) -> str:
    try:
        return str(last_day(date.fromisoformat(given)))
    except ValueError:
        return given


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def plain(file: PublicFile) -> dict[str, Any]:
    """A public file as JSON holds it."""
    return {"format": FORMAT, **asdict(file)}


def of_plain(held: Mapping[str, Any]) -> PublicFile:
    """The public file that ``plain`` made this of."""
    rest = {name: value for name, value in held.items() if name not in {"format", "facts", "names", "records"}}
    return PublicFile(
        **rest,
        facts=tuple(PublicFact(**fact) for fact in held["facts"]),
        names=tuple((text, current, since, until) for text, current, since, until in held["names"]),
        records=tuple(
            PublicRecord(**{
                **record, "facts": tuple((c, t, v) for c, t, v in record["facts"]),
                "absent": tuple((t, s) for t, s in record["absent"]),
            })
            for record in held["records"]
        ),
    )  # fmt: skip
