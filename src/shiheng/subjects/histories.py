"""What befell one subject, as one reader may see it: its records, and what changed of it that no record tells."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.ledger import keyring
from shiheng.subjects import behaviour, layout, queries
from shiheng.subjects.definition import DELETED_STATE, STATES
from shiheng.subjects.models import Name, Premises, Record, Relation, Subject
from shiheng.ui.wording import say

# The latest so many: a file with more is a file of monthly reports, and its page says so.
MOST = 3_000
_COLUMNS = ("id", "kind", "source", "day", "state", "facts", "title", "gone_on")
#: Facts that tell when a subject left a list.
_LEFT = ("removed", "left", "settled")
_SPANS = {"name": "名称变更", "address": "住所变更", "representative": "法定代表人变更"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that befell a subject; ``record`` is the record that tells it, ``tab`` where it stands in the file."""

    day: date | None
    lane: str
    what: str
    title: str
    tab: str
    state: str = ""
    text: str = ""
    source: str = ""
    record: int | None = None
    measures: frozenset[str] = frozenset()
    over: bool = False  # something ended: a list left, a business closed

    @property
    def lane_title(self) -> str:
        return next(lane.title for lane in behaviour.LANES if lane.code == self.lane)


@dataclass(frozen=True, slots=True)
class History:
    """The events, the latest first; ``cut`` where the file holds more than ``MOST`` records."""

    events: list[Event]
    cut: bool


def of(who: Who, subject: Subject) -> History:
    """Everything that befell a subject, in four queries and one for the titles of the sources."""
    reader = queries.reader_of(who, subject)
    rows = list(
        Record.objects.filter(subject=subject, current=True).only(*_COLUMNS).order_by("-day", "-id")[: MOST + 1]
    )
    titles = queries.source_titles(who, {row.source for row in rows})
    events = [event for row in rows[:MOST] for event in _told(row, reader, titles)]
    told = [(item, row.day) for row in rows if row.kind == "change" and row.day and (item := _item(row))]
    events += [
        Event(
            span.since, "moves" if span.item == "address" else "changes", _SPANS[span.item], span.text, "registration"
        )
        for span in behaviour.begun(_spans(subject), told)
    ]
    events += _ends(subject, cancelled=any(row.kind == "cancellation" for row in rows))
    events.sort(key=lambda event: (event.day or date.min, event.record or 0), reverse=True)
    return History(events, len(rows) > MOST)


def _item(row: Record) -> str:
    return behaviour.item_of(row.title)


def _told(row: Record, reader: queries.Reader, titles: Any) -> Iterator[Event]:
    """A record as an event, and the day one left a list as another."""
    facts = row.facts if isinstance(row.facts, dict) else {}
    hidden = row.kind not in layout.OPEN_KINDS or layout.withheld(row.kind, row.state, facts, clock.today())
    hidden = hidden and not reader.personal
    what = layout.RECORD_TITLES.get(row.kind, row.kind)
    lane, tab = behaviour.lane_of(row.kind, row.title), behaviour.tab_of(row.kind)
    yield Event(
        day=row.day,
        lane=lane,
        what=what,
        title=row.title or what,
        tab=tab,
        state=STATES.get(row.state, row.state),
        text="内容限辖区内查看" if hidden else _text(row.kind, facts),
        source=titles.get(row.source, row.source),
        record=row.pk,
        measures=behaviour.measured(row.kind, row.title, row.state, facts, row.day),
    )
    left = next((day for name in _LEFT if (day := _day(facts.get(name)))), None) if lane == "lists" else None
    if left and not hidden and row.state != DELETED_STATE and left <= clock.today():
        yield Event(left, lane, what, row.title or what, tab, "移出", source=titles.get(row.source, ""), record=row.pk,
                    over=True)  # fmt: skip


def _day(given: Any) -> date | None:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        return None


def _text(kind: str, facts: dict[str, Any]) -> str:
    """What a line says beside its title: what became of what, or what was found."""
    if kind == "change":
        before, after = (_said(facts.get(name)) for name in ("before", "after"))
        return _("%(before)s → %(after)s") % {"before": before, "after": after} if before and after else after
    wanted = {"inspection": "problem", "penalty": "punishment", "complaint": "result", "hotline": "result"}
    return _said(facts.get(wanted.get(kind, "")))


def _said(given: Any) -> str:
    return keyring.shown(given)[:200] if isinstance(given, str) else ""


def _spans(subject: Subject) -> list[behaviour.Span]:
    """What it was called, where it was registered and who answered for it, as sources said it over time."""
    names = Name.objects.filter(subject=subject).values_list("text", "first_day")
    places = Premises.objects.filter(subject=subject, kind="domicile").values_list("text", "first_day", "door", "key")
    people = Relation.objects.filter(subject=subject, role="representative", person__isnull=False)
    return [
        *(behaviour.Span("name", text, day) for text, day in names),
        *(behaviour.Span("address", text, day, door or key) for text, day, door, key in places),
        *(behaviour.Span("representative", n, day) for n, day in people.values_list("person__name", "first_day")),
    ]


def _ends(subject: Subject, *, cancelled: bool) -> list[Event]:
    """When it began, and when it ended unless a cancellation tells that."""
    found = []
    if subject.established:
        found.append(Event(subject.established, "changes", "成立", subject.name, "registration"))
    if subject.ended_on and not cancelled:
        ended = str(say(Subject.STATUSES.get(subject.status, subject.status)))
        found.append(Event(subject.ended_on, "changes", "终止", ended, "registration", over=True))
    return found
