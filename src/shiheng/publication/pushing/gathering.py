"""From the log of changes to what each officer is told: the log is read once, every line given to whom it concerns.

Every slice is one transaction that moves the cursor by compare-and-set, so two gatherers at once tell nobody twice.
What comes in for the first time and lies long back is no news: a department's first file brings years, of which
officers are told the last weeks. What changes is told whatever its day.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction

from shiheng.columnar import frames
from shiheng.fusion import publish
from shiheng.kernel import clock
from shiheng.publication.definition import IDENTITY
from shiheng.publication.exchange import content
from shiheng.publication.exchange.gathering import SLICE, About, OvertakenError
from shiheng.publication.models import Feed, Pushed
from shiheng.publication.pushing import interests
from shiheng.publication.pushing.interests import Reader
from shiheng.subjects import changes
from shiheng.subjects.models import Record, Subject

OFFICERS = "officers"
# Long enough for what departments send monthly, short enough that the first file of a department is no flood.
NEWS = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it stands now, as far as a line of a list tells it."""

    scope: str
    title: str
    state: str
    day: date | None
    spoken: date | None

    def is_news(self, today: date) -> bool:
        return self.spoken is None or self.spoken > today - NEWS


@dataclass(frozen=True, slots=True)
class Said:
    """What an officer was told last about a thing, and through which office."""

    office: int
    action: str
    fact: Fact


def gather(*, at_most: int | None = None) -> int:
    """Tell officers what has changed by now; gives how many were told of how much, counted together."""
    _begin()
    told, slices = 0, 0
    while at_most is None or slices < at_most:
        try:
            with transaction.atomic():
                count, more = _slice()
        except OvertakenError:
            continue
        told, slices = told + count, slices + 1
        if not more:
            break
    return told


def _begin() -> None:
    """See that what concerns officers is written down from now on."""
    Feed.objects.get_or_create(name=OFFICERS, defaults={"cursor": changes.last()})
    missing = interests.read_by_officers() - changes.watched()
    if missing:
        publish.folded(lambda: changes.watch(missing))


def _slice() -> tuple[int, bool]:
    cursor = Feed.objects.values_list("cursor", flat=True).get(name=OFFICERS)
    readers = interests.readers()
    kinds = {kind for reader in readers for kind in reader.kinds}
    told = changes.since(cursor, scope="", kinds=kinds, at_most=SLICE)
    if told.cursor == cursor:
        return 0, False
    if Feed.objects.filter(name=OFFICERS, cursor=cursor).update(cursor=told.cursor) != 1:
        raise OvertakenError
    today = clock.today()
    names = ("account_id", "office_id", "subject_id", "kind", "key", "action", "title", "state", "day", "scope",
             "pushed_on")  # fmt: skip
    rows = (
        (account, said.office, *about, said.action, said.fact.title, said.fact.state, said.fact.day, said.fact.scope,
         today)
        for about, account, said in _lines(told, readers, today)
    )  # fmt: skip
    return frames.insert(Pushed, names, rows), told.more


def _lines(told: changes.Told, readers: list[Reader], today: date) -> Iterator[tuple[About, int, Said]]:
    """Who is told what: whoever has the fact in a territory, and whoever was told of it and has it no more."""
    at: dict[str, list[Reader]] = defaultdict(list)
    for reader in readers:
        at[reader.path].append(reader)
    wanted = {(reader.account, kind) for reader in readers for kind in reader.kinds}
    facts, before = _facts(told.abouts), _told_before(told.abouts)
    for about in told.abouts:
        fact, heard = facts.get(about), before.get(about, {})
        having: dict[int, Reader] = {}
        for path in _paths(fact.scope) if fact else ():
            for reader in at.get(path, ()):
                if about[1] in reader.kinds:
                    having.setdefault(reader.account, reader)
        for account, reader in having.items():
            assert fact is not None
            if about not in told.added:
                yield about, account, Said(reader.office, "changed", fact)
            elif fact.is_news(today):
                yield about, account, Said(reader.office, "new", fact)
        for account, said in heard.items():
            if account not in having and said.action != "gone" and (account, about[1]) in wanted:
                yield about, account, replace(said, action="gone")


def _paths(scope: str) -> list[str]:
    """The territories a path lies in, from the widest: ``4499.01.`` lies in ``4499.`` and in itself."""
    steps = scope.rstrip(".").split(".") if scope else []
    return [".".join(steps[:n]) + "." for n in range(1, len(steps) + 1)]


def _facts(abouts: Iterable[About]) -> dict[About, Fact]:
    """What stands now of each thing; what went is missing."""
    held = set(abouts)
    ids = {subject for subject, _, _ in held}
    found: dict[About, Fact] = {}
    subjects = Subject.objects.in_bulk([subject for subject, kind, _ in held if kind == IDENTITY])
    for row in subjects.values():
        if (row.pk, IDENTITY, "") in held and content.subject_stands(row):
            days = [date.fromisoformat(field["day"]) for field in row.fields.values() if field.get("day")]
            spoken = max(days, default=None)
            found[row.pk, IDENTITY, ""] = Fact(row.scope, "", row.status, spoken, spoken)
    kinds = {kind for _, kind, _ in held if kind != IDENTITY}
    for record in Record.objects.filter(subject_id__in=ids, kind__in=kinds):
        about = (record.subject_id, record.kind, f"{record.source}:{record.key}")
        if about in held and content.record_stands(record):
            found[about] = Fact(record.scope, record.title, record.state, record.day, record.day)
    return found


def _told_before(abouts: Iterable[About]) -> dict[About, dict[int, Said]]:
    """About → officer → what he was told last."""
    ids, kinds = ({about[at] for about in abouts} for at in (0, 1))
    found: dict[About, dict[int, Said]] = defaultdict(dict)
    for row in Pushed.objects.filter(subject_id__in=ids, kind__in=kinds).order_by("pk"):
        fact = Fact(row.scope, row.title, row.state, row.day, row.day)
        found[row.subject_id, row.kind, row.key][row.account_id] = Said(row.office_id, row.action, fact)
    return found
