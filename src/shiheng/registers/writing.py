"""How anything is written to a register: what was said goes down as versions, and each entry is told anew from them.

An entry is the sum of what was said of it in the order of the days it holds from; so what is said late takes its place
before what was known already, and what is undone leaves the entry as if it had never been said. Call in a transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Refused
from shiheng.registers.contents import claim_keys, day_of, indexed_values, lines_of, same, version_of
from shiheng.registers.definition import Register, Said, told
from shiheng.registers.models import Act, Entry, Indexed, Version
from shiheng.subjects import own
from shiheng.subjects.models import Record
from shiheng.ui.wording import in_the_record

Whole = dict[str, Any]
"""An entry as one flat mapping: ``subject``, ``key``, ``title``, ``state``, ``since``, ``until``, ``scope``,
``version`` and ``facts.<name>``; days as ISO text."""

BATCH = 500
_COLUMNS = ("subject_id", "title", "state", "ended", "since", "until", "due", "scope", "facts", "live")


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing to write: from which day, what changes, of which entry (none: it enters one)."""

    day: date
    changes: Mapping[str, Any]
    entry: Entry | None = None


def write(act: Act, sayings: Sequence[Saying]) -> list[Entry]:
    """Write what one act says, each saying of another entry; gives the entries as they stand, in the same order.

    Raises ``Conflict`` where somebody else wrote to one of them meanwhile, or entered the same one.
    """
    known = {saying.entry.pk: saying.entry for saying in sayings if saying.entry is not None}
    _take_turns(known.values())
    held = _rows_of(known)
    fresh = [s for s in sayings if s.entry is None]
    entered = iter(_enter(act, fresh))
    found: list[Entry] = []
    told_of: list[tuple[Entry, list[Version]]] = []
    for saying in sayings:
        if saying.entry is None:
            found.append(next(entered))
            continue
        rows = held[saying.entry.pk]
        if saying.day < min(row.day for row in rows):
            raise Refused("entry.before", _("发生日期不能早于登记日。"), field="day")
        rows.append(_version(act, saying.entry, saying.day, dict(saying.changes)))
        told_of.append((saying.entry, rows))
        found.append(saying.entry)
    _tell(act, told_of)
    _settle(found)
    return found


def undo(act: Act, entries: Iterable[Entry], by: Act) -> list[Entry]:
    """Take back what an act said of these entries; each then stands as if it had never been said."""
    known = {entry.pk: entry for entry in entries}
    _take_turns(known.values())
    held = _rows_of(known)
    Version.objects.filter(act=act, entry__in=known).update(undone=True)
    for rows in held.values():
        for row in rows:
            row.undone = row.undone or row.act_id == act.pk
    _tell(by, [(known[number], rows) for number, rows in held.items()])
    _settle(list(known.values()))
    return list(known.values())


def _take_turns(entries: Iterable[Entry]) -> None:
    """Move every entry's turn from where it was read; whoever comes second is refused."""
    wanted = [(entry.pk, entry.turn) for entry in entries]
    if not wanted:
        return
    table = connection.ops.quote_name(Entry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET turn = turn + 1 WHERE id = %s AND turn = %s", wanted)  # noqa: S608
        if cursor.rowcount != len(wanted):
            raise Conflict("entry.moved", _("有人刚刚办理过同一条目。请刷新页面，看过最新内容后再办理。"))
    for entry in entries:
        entry.turn += 1


def _rows_of(known: Mapping[int, Entry]) -> dict[int, list[Version]]:
    """What was ever said of each entry, oldest first; how each saying is known to have left it stands on the row."""
    held: dict[int, list[Version]] = {number: [] for number in known}
    by_number: dict[int, Version] = {}
    for row in Version.objects.filter(entry__in=list(known)).order_by("pk"):
        if row.restates_id is None:
            row.known = row  # type: ignore[attr-defined]
            held[row.entry_id].append(row)
            by_number[row.pk] = row
        else:
            by_number[row.restates_id].known = row  # type: ignore[attr-defined]
    return held


def _enter(act: Act, sayings: Sequence[Saying]) -> list[Entry]:
    now = clock.now()
    made, versions = [], []
    for saying in sayings:
        whole = {**saying.changes, "entered": act.register}
        register = version_of(act.register, date.fromisoformat(whole["version"]))
        made.append(
            Entry(
                register=act.register, version=register.in_force_from, key=whole["key"], entered_on=saying.day,
                changed_at=now, **_columns(register, whole),
            )
        )  # fmt: skip
    try:
        Entry.objects.bulk_create(made, batch_size=BATCH)
    except IntegrityError:
        raise Conflict("entry.twice", _("同一条目已在册，不能重复登记。请先在名录中查找。")) from None
    for entry, saying in zip(made, sayings, strict=True):
        row = _version(act, entry, saying.day, {**saying.changes, "entered": act.register})
        _fill(row, entry)
        versions.append(row)
    claim_keys(*(row.changes for row in versions))
    Version.objects.bulk_create(versions, batch_size=BATCH)
    return made


def _version(act: Act, entry: Entry, day: date, changes: Whole) -> Version:
    return Version(entry=entry, act=act, register=entry.register, day=day, at=clock.now(), changes=changes)


def _fill(row: Version, entry: Entry) -> None:
    for name in _COLUMNS:
        setattr(row, name, getattr(entry, name))


def _tell(act: Act, entries: Sequence[tuple[Entry, list[Version]]]) -> None:
    """Tell each entry from its sayings (the last may be new): new rows, restated days, and the entry's own columns."""
    new: list[Version] = []
    restated: list[Version] = []
    for entry, rows in entries:
        top = max((row.pk for row in rows if row.pk), default=0) + 1
        by_place = {row.pk or top: row for row in rows}
        wholes = told([Said(row.day, place, row.changes, row.undone) for place, row in by_place.items()])
        last: dict[str, Any] = {"live": False}
        for said, whole in wholes:
            row = by_place[said.place]
            register = version_of(entry.register, date.fromisoformat(whole["version"])) if whole else None
            columns = _columns(register, whole) if register and whole else {"live": False}
            last = columns
            if row.pk is None:
                _set(row, columns)
                new.append(row)
                continue
            known = row.known  # type: ignore[attr-defined]
            if row.undone or _differs(known, columns):
                again = _version(act, entry, row.day, {})
                again.restates = row
                _fill(again, entry)
                _set(again, columns)
                if _differs(known, {name: getattr(again, name) for name in _COLUMNS}):
                    restated.append(again)
        _set(entry, last)
        # The last that is not undone says under which version of the register the entry stands.
        if (whole := wholes[-1][1]) is not None:
            entry.version = date.fromisoformat(whole["version"])
            entry.key = whole["key"]
        entry.changed_at = clock.now()
    fresh = [*new, *restated]
    claim_keys(*(row.changes for row in fresh), *(row.facts for row in fresh), *(entry.facts for entry, _ in entries))
    Version.objects.bulk_create(fresh, batch_size=BATCH)
    names = [*_COLUMNS, "version", "key", "changed_at"]
    fields = ["subject" if name == "subject_id" else name for name in names]
    try:
        Entry.objects.bulk_update([entry for entry, _rows in entries], fields, batch_size=BATCH)
    except IntegrityError:
        raise Conflict("entry.twice", _("办理后会与另一条在册条目重复，没有写入。请先核对另一条。")) from None


def _differs(row: Version, columns: Mapping[str, Any]) -> bool:
    """Whether a row says anything else than these columns; a value sealed under another key is the same value."""
    facts = columns.get("facts", row.facts)
    names = {*facts, *row.facts}
    plain = any(getattr(row, name) != value for name, value in columns.items() if name != "facts")
    return plain or not all(same(row.facts.get(name), facts.get(name)) for name in names)


def _set(row: Entry | Version, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)


def _columns(register: Register, whole: Whole) -> dict[str, Any]:
    """The columns of an entry or a version from its flat form."""
    facts = {name.removeprefix("facts."): value for name, value in whole.items() if name.startswith("facts.")}
    facts = {name: value for name, value in facts.items() if value is not None}
    state = register.state(whole["state"])
    return {
        "subject_id": whole.get("subject"),
        "title": whole["title"][:300],
        "state": whole["state"],
        "ended": state.ended,
        "since": _day(whole.get("since")),
        "until": _day(whole.get("until")),
        "due": None if state.idle else day_of(facts, register.due),
        "scope": whole.get("scope", ""),
        "facts": facts,
        "live": True,
    }


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def whole_of(entry: Entry) -> Whole:
    """An entry in the flat form, for seeing what would change."""
    days = {"since": entry.since, "until": entry.until}
    return {
        "subject": entry.subject_id,
        "key": entry.key,
        "title": entry.title,
        "state": entry.state,
        "scope": entry.scope,
        "version": entry.version.isoformat(),
        **{name: day.isoformat() if day else None for name, day in days.items()},
        **{f"facts.{name}": value for name, value in entry.facts.items()},
    }


def _settle(entries: Sequence[Entry]) -> None:
    """What follows from the entries: the index of their facts, and our records in the subject files."""
    numbers = [entry.pk for entry in entries]
    Indexed.objects.filter(entry__in=numbers).delete()
    rows, records, gone = [], [], []
    for entry in entries:
        register = version_of(entry.register, entry.version)
        if entry.live:
            rows += [
                Indexed(
                    entry_id=entry.pk, register=entry.register, field=name, text=text, number=number, day=day,
                    scope=entry.scope,
                )
                for name, text, number, day in indexed_values(register, entry.facts)
            ]  # fmt: skip
        if register.feed is None:  # what departments report stands in the file as their record
            if entry.live and entry.subject_id:
                records.append(record_of(register, entry))
            else:
                gone.append(record_key(entry))
    Indexed.objects.bulk_create(rows, batch_size=BATCH)
    own.keep(own.REGISTER, records, gone=gone)


def record_key(entry: Entry) -> str:
    return f"{entry.register}:{entry.key}"


def record_of(register: Register, entry: Entry) -> Record:
    """An entry as the record of it in its subject's file."""
    with in_the_record():
        facts = {title: words for title, words in lines_of(register, entry.facts) if words}
    return Record(
        subject_id=entry.subject_id or 0,
        key=record_key(entry),
        day=entry.since or entry.entered_on,
        state=register.state(entry.state).title,
        title=register.title,
        until=entry.until,
        scope=entry.scope,
        facts=facts,
        reference=f"entry:{entry.pk}",
    )
