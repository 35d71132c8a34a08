"""The entries of a public list: those whose business is known, and those nobody was matched to, told the same way.

Rows without a code and without a match have no file to stand in; they are worked out here from what their sources said,
by the very steps a subject's records are. What is worked out is kept until one of the list's own sources says more, or
one of its subjects is shown otherwise; while such a file comes in, the list is worked out anew once a minute at most.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Max

from shiheng.fusion import publish, sources
from shiheng.fusion.definition import Source
from shiheng.fusion.models import Batch, Nameless
from shiheng.fusion.statement import NONE, UNKNOWN
from shiheng.fusion.survivorship import closed, records
from shiheng.kernel.masking import mask_name
from shiheng.kernel.registry import all_of, find
from shiheng.ledger import keyring
from shiheng.publication.definition import LISTS, PublicList
from shiheng.subjects import marks, own
from shiheng.subjects.definition import DELETED_STATE
from shiheng.subjects.models import Record
from shiheng.subjects.queries import survivor_of

UNGROUPED = ""
OURS = "本局的决定"
#: States of a batch whose rows are being entered.
COMING = {"resolving", "fusing", "closing"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is held, nothing hidden. ``subject`` is the business it means, None where nobody was matched."""

    plan: PublicList
    key: str
    name: str
    source: str
    day: date | None
    state: str
    until: date | None
    gone_on: date | None
    facts: Mapping[str, Any]
    absent: Mapping[str, str] = field(default_factory=dict)
    batch: int | None = None
    row: int | None = None
    subject: int | None = None
    uscc: str = ""
    kind: str = ""
    signs: Mapping[str, str] = field(default_factory=dict)
    sealed_id: str = ""

    @property
    def natural(self) -> bool:
        """Whether it means a natural person."""
        return self.plan.is_natural(self.facts)

    @property
    def shown_name(self) -> str:
        """The name as everybody may read it."""
        return mask_name(self.name) if self.natural else self.name

    @property
    def issue(self) -> str:
        return str(self.facts.get(self.plan.grouped[0]) or UNGROUPED)

    @property
    def place(self) -> str:
        return str(self.facts.get(self.plan.grouped[1]) or UNGROUPED)

    @property
    def address(self) -> str:
        """What names its business in the address of a public page; nothing where there is none."""
        return "" if self.subject is None or self.natural else self.uscc or str(self.subject)

    @property
    def masked_id(self) -> str:
        return keyring.shown(self.sealed_id) if self.sealed_id else ""

    def published(self, today: date) -> bool:
        """Whether its day of publication has come; a source that tells none sends what is published."""
        said = self.facts.get(self.plan.published) if self.plan.published else None
        return not isinstance(said, str) or said <= today.isoformat()

    def standing(self, today: date) -> bool:
        """Whether it is on the list on a day."""
        if self.gone_on is not None or self.state in {*self.plan.ended, DELETED_STATE}:
            return False
        return (self.until is None or self.until > today) and self.published(today)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a list's sources have delivered: nothing ever (``last`` is None) is 未取得, not an empty list."""

    codes: tuple[str, ...]
    titles: tuple[str, ...]
    departments: tuple[str, ...]
    third_party: bool
    last: date | None


def plans(today: date) -> tuple[PublicList, ...]:
    """The lists in force."""
    return tuple(all_of(LISTS, on=today))


def plan_of(code: str, today: date) -> PublicList:
    """One list. Raises ``Missing``."""
    found: PublicList = find(LISTS, code, on=today)
    return found


def _fed(plan: PublicList) -> list[Source]:
    return [source for source in sources.every().values() if source.record and source.record.kind == plan.kind]


def delivered(plan: PublicList) -> Delivered:
    """Whose files feed a list, our own decisions among them, and when the last of them was known."""
    fed = _fed(plan)
    codes = tuple(source.code for source in fed)
    last = Batch.objects.filter(source__in=codes, state="published").aggregate(day=Max("known_on"))["day"]
    ours = Record.objects.filter(kind=plan.kind, source=own.SOURCE).aggregate(day=Max("day"))["day"]
    return Delivered(
        codes,
        (*(source.title for source in fed), *((OURS,) if ours else ())),
        tuple(sorted({source.department for source in fed})),
        any(source.third_party for source in fed),
        max((day for day in (last, ours) if day), default=None),
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A list as it was worked out: by what, when, and its entries."""

    stamp: object
    at: float
    entries: tuple[Entry, ...]


# A file of many chunks would else have the whole list worked out again for every reader between two of them.
PATIENCE = 60.0
_held: dict[str, Held] = {}
_lock = threading.Lock()


def everything(plan: PublicList) -> tuple[Entry, ...]:
    """Every entry there ever was and whose file was not withdrawn, the newest first."""
    codes = tuple(source.code for source in _fed(plan))
    files = Batch.objects.filter(source__in=codes).order_by("pk")
    batches = tuple(files.values_list("pk", "state", "fused_chunks", "cursor", "file"))
    stamp = (marks.of(plan.kind), plan, batches)
    with _lock:
        held = _held.get(plan.code)
    if held is not None and (held.stamp == stamp or _to_be_had(held, batches)):
        return held.entries
    matched = list(_matched(plan))
    known = {(entry.source, entry.key) for entry in matched}
    waiting = [entry for entry in _waiting(plan, codes) if (entry.source, entry.key) not in known]
    found = tuple(sorted(matched + waiting, key=_newest_first))
    with _lock:
        _held[plan.code] = Held(stamp, time.monotonic(), found)
    return found


def _to_be_had(held: Held, batches: tuple[tuple[Any, ...], ...]) -> bool:
    """Whether what is held is good enough for now: a file is on its way in, and the list was worked out just now."""
    coming = any(state in COMING for _batch, state, *_rest in batches)
    return coming and time.monotonic() - held.at < PATIENCE


def standing(plan: PublicList, today: date) -> list[Entry]:
    """The entries on a list on a day."""
    return [entry for entry in everything(plan) if entry.standing(today)]


def _newest_first(entry: Entry) -> tuple[int, str, str]:
    return (-entry.day.toordinal() if entry.day else 0, entry.name, entry.key)


def _matched(plan: PublicList) -> Iterable[Entry]:
    rows = Record.objects.filter(kind=plan.kind, current=True).select_related("subject").order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        batch, _colon, line = row.reference.partition(":")
        subject = row.subject
        at = survivor_of(subject.pk) if subject.redirect_to_id else subject.pk
        yield Entry(
            plan=plan,
            key=row.key,
            name=subject.name,
            source=row.source,
            day=row.day,
            state=row.state,
            until=row.until,
            gone_on=row.gone_on,
            facts=row.facts if isinstance(row.facts, dict) else {},
            absent=row.absent,
            batch=int(batch) if batch.isdigit() else None,
            row=int(line) if line.isdigit() else None,
            subject=at,
            uscc=subject.uscc if at == subject.pk else "",
            kind=subject.kind,
            signs={"representative": subject.representative, "address": subject.address, "region": subject.region},
        )


def _waiting(plan: PublicList, codes: Iterable[str]) -> Iterable[Entry]:
    """Entries of rows that name nobody we know: a natural person, or a business no code and no second sign tells."""
    held = Nameless.objects.filter(subject=None, batch__source__in=list(codes), batch__state__in=Batch.LIVE)
    links = publish.links_frame((0, *rest) for rest in held.values_list(*publish.LINK_VALUES[1:]))
    if links.is_empty():
        return
    said = closed(_apart(publish.statements_about(links), plan.kind), publish.stopped())
    own = _own(said)
    for record in records(said):
        signs = own.get(record["subject"], {})
        name = signs.get("name", "")
        yield Entry(
            plan=plan,
            key=record["key"],
            name=name,
            source=record["source"],
            day=_day(record["day"]),
            state=record["state"],
            until=_day(record["until"]),
            gone_on=record["gone_on"],
            facts=record["facts"],
            absent=record["absent"],
            batch=record["batch"],
            row=record["row"],
            signs=signs,
            sealed_id=record.get("person_id") or "",
        )


def _apart(said: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Each record's statements under a number of its own: rows of different records speak of different people."""
    keys = said.filter(pl.col("field") == f"{kind}.key").select("batch", "row", key="value").unique(["batch", "row"])
    numbered = keys.with_columns(pl.col("key").rank("dense").cast(pl.Int64).alias("number")).drop("key")
    return said.join(numbered, on=["batch", "row"]).with_columns(pl.col("number").alias("subject")).drop("number")


def _own(said: pl.DataFrame) -> dict[int, dict[str, str]]:
    """What was said last beside each record: the name, and the signs that would tell whose it is."""
    found: dict[int, dict[str, str]] = {}
    plain = said.filter(~pl.col("field").str.contains(".", literal=True) & ~pl.col("value").is_in([NONE, UNKNOWN]))
    order = ["known_on", "batch", "row"]
    for number, fact, value in plain.sort(*order).select("subject", "field", "value").iter_rows():
        found.setdefault(number, {})[fact] = value
    return found


def _day(text: Any) -> date | None:
    try:
        return text if isinstance(text, date) else date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def matching(entries: Iterable[Entry], text: str) -> list[Entry]:
    """Entries of a name or code; of a natural person the whole name only, so that nobody leafs through persons."""
    wanted = "".join(text.split()).casefold()
    code = wanted.upper()
    return [
        entry
        for entry in entries
        if (entry.name.casefold() == wanted if entry.natural else wanted in entry.name.casefold())
        or (len(code) >= 4 and not entry.natural and entry.uscc.startswith(code))
    ]
