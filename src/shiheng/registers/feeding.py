"""Registers whose entries departments report: brought up to date from the records in the subject files.

What changed in the files is read on from where it was left; the first time everything is brought. Each register's
entries then follow their records: entered, changed, ended, and back. An entry nobody reports any more is ended, with
the day; nothing is forgotten. Where a subject moves to another territory, its entries go with it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from pydantic import ValidationError

from shiheng.accounts.permissions import SYSTEM
from shiheng.kernel import clock
from shiheng.ledger import actions as ledger
from shiheng.registers import writing
from shiheng.registers.actions import KEY_MOST, differences, title_of
from shiheng.registers.contents import all_on, kept
from shiheng.registers.definition import SUBJECT, Feed, Register
from shiheng.registers.models import Act, Entry, Fed
from shiheng.registers.writing import Saying, Whole
from shiheng.subjects import changes
from shiheng.subjects.models import Change, Record, Subject

JOB = "registers.feed"
CHUNK = 500
OWN = {"day", "until", "state", "title", "key"}
Progress = Callable[[int, int], object]


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def run(*, progress: Progress = _quiet, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """Bring every fed register up to date; False when told to stop."""
    for register in all_on(clock.today()):
        if register.feed is not None and not _bring(register, register.feed, progress, should_stop):
            return False
    return _follow_moves(progress, should_stop)


def _bring(register: Register, feed: Feed, progress: Progress, should_stop: Callable[[], bool]) -> bool:
    mark = _mark(register.code, (feed.kind,))
    if not mark.whole:
        done, total = 0, Record.objects.filter(kind=feed.kind).count()
        last = mark.change
        while rows := list(
            Record.objects.filter(kind=feed.kind, pk__gt=last).order_by("pk").select_related("subject")[:CHUNK]
        ):
            _chunk(register, feed, rows, Fed.objects.filter(pk=mark.pk), change=rows[-1].pk)
            last, done = rows[-1].pk, done + len(rows)
            progress(done, total)
            if should_stop():
                return False
        Fed.objects.filter(pk=mark.pk).update(whole=True, change=mark.at_begin, at=clock.now())
        mark.refresh_from_db()
    while True:
        lines = Change.objects.filter(kind=feed.kind, pk__gt=mark.change).order_by("pk")[:CHUNK]
        abouts = list(lines.values_list("pk", "subject_id", "key"))
        if not abouts:
            return True
        _changed(register, feed, [(subject, key) for _pk, subject, key in abouts], mark, abouts[-1][0])
        mark.refresh_from_db()
        if should_stop():
            return False


def _mark(code: str, kinds: tuple[str, ...]) -> Fed:
    """How far a register was brought. Made together with the watch on its kinds, before anything is read."""
    held = Fed.objects.filter(register=code).first()
    if held is None:
        with transaction.atomic():
            changes.watch(kinds)
            held, _made = Fed.objects.get_or_create(
                register=code, defaults={"at": clock.now(), "at_begin": changes.last()}
            )
    return held


def _changed(register: Register, feed: Feed, abouts: list[tuple[int, str]], mark: Fed, top: int) -> None:
    """The records these lines of the log speak of, as they stand; those that are gone end their entries."""
    asked = Q(pk__in=())
    for _subject, key in abouts:
        source, _colon, number = key.partition(":")
        asked |= Q(source=source, key=number)
    rows = list(Record.objects.filter(asked, kind=feed.kind).select_related("subject"))
    held = {f"{row.source}:{row.key}" for row in rows}
    gone = [key for _subject, key in abouts if key not in held]
    _chunk(register, feed, rows, Fed.objects.filter(pk=mark.pk), change=top, gone=gone)


def _chunk(register: Register, feed: Feed, rows: list[Record], mark: Any, *, change: int, gone: list[str] = []) -> None:  # noqa: B006
    """Say of a chunk of records what they say now, in one transaction with how far that goes."""
    day, now = clock.today(), clock.now()
    wanted = {whole["key"]: whole for row in rows if row.current and (whole := whole_of(register, feed, row))}
    ended = {row.key[:KEY_MOST] for row in rows if not row.current} | {key.partition(":")[2] for key in gone}
    ended -= set(wanted)
    with transaction.atomic():
        held = {e.key: e for e in Entry.objects.filter(register=register.code, live=True, key__in={*wanted, *ended})}
        sayings = [Saying(day, *_said(held.get(key), whole)) for key, whole in wanted.items()]
        sayings = [saying for saying in sayings if saying.changes]
        out = next((state.code for state in register.states if state.ended), "")
        sayings += [
            Saying(day, {"state": out}, held[key])
            for key in sorted(ended)
            if key in held and not held[key].ended and out
        ]
        if sayings:
            act = Act.objects.create(
                register=register.code, kind="feed", actor=SYSTEM.key, by=SYSTEM.name, at=now, day=day,
                rows=len(sayings), taken=len(sayings), facts={"kind": feed.kind},
            )  # fmt: skip
            writing.write(act, sayings)
            ledger.record_rows(
                "register.many", subject=f"act:{act.pk}", who=SYSTEM,
                rows=[str(saying.changes.get("key", "")).encode() for saying in sayings],
                facts={"register": register.code, "fed": feed.kind, "entries": len(sayings)},
            )  # fmt: skip
        mark.update(change=change, at=now)


def _said(entry: Entry | None, whole: Whole) -> Iterator[Any]:
    """The changes and the entry of a saying."""
    yield differences(writing.whole_of(entry), whole) if entry else whole
    yield entry


def whole_of(register: Register, feed: Feed, row: Record) -> Whole | None:
    """A record as an entry of its register; None where it does not say what every entry must."""
    raw = {name: _taken(row, said) for name, said in feed.facts.items()}
    try:
        given = register.facts.model_validate({name: value for name, value in raw.items() if value not in (None, "")})
    except ValidationError:
        return None
    stored = kept(register, given)
    firm = row.subject
    number = firm.redirect_to_id or firm.pk
    state = (feed.states or {}).get(row.state, register.first_state)
    if row.gone_on or row.state == "deleted":
        state = next((held.code for held in register.states if held.ended), state)
    return {
        "version": register.in_force_from.isoformat(),
        "subject": number if register.bound == SUBJECT or register.owned else None,
        "key": row.key[:KEY_MOST],
        "title": title_of(register, stored, firm),
        "state": state,
        "since": row.day.isoformat() if row.day else None,
        "until": row.until.isoformat() if row.until else None,
        "scope": row.scope,
        **{f"facts.{name}": value for name, value in stored.items()},
    }


def _taken(row: Record, said: str) -> Any:
    if said in OWN:
        held = getattr(row, said)
        return held.isoformat() if isinstance(held, date) else held
    return row.facts.get(said) if isinstance(row.facts, dict) else None


def _follow_moves(progress: Progress, should_stop: Callable[[], bool]) -> bool:
    """Where a subject's territory is another, so is that of its entries our own registers hold."""
    mark = _mark("@subjects", (changes.IDENTITY,))
    if not mark.whole:
        Fed.objects.filter(pk=mark.pk).update(whole=True, change=mark.at_begin)
        mark.refresh_from_db()
    while True:
        lines = list(
            Change.objects.filter(kind=changes.IDENTITY, pk__gt=mark.change)
            .order_by("pk")
            .values_list("pk", "subject_id")[:CHUNK]
        )
        if not lines:
            return True
        _moved({subject for _pk, subject in lines}, mark, lines[-1][0])
        mark.refresh_from_db()
        progress(mark.change, 0)
        if should_stop():
            return False


def _moved(numbers: set[int], mark: Fed, top: int) -> None:
    day, now = clock.today(), clock.now()
    places = dict(Subject.objects.filter(pk__in=numbers).values_list("pk", "scope"))
    with transaction.atomic():
        rows = Entry.objects.filter(subject__in=numbers, live=True).order_by("register")
        by_register: dict[str, list[Saying]] = {}
        for entry in rows:
            scope = places.get(entry.subject_id or 0, entry.scope)
            if scope and scope != entry.scope:
                by_register.setdefault(entry.register, []).append(Saying(day, {"scope": scope}, entry))
        for code, sayings in by_register.items():
            act = Act.objects.create(
                register=code, kind="feed", actor=SYSTEM.key, by=SYSTEM.name, at=now, day=day, rows=len(sayings),
                taken=len(sayings), facts={"kind": changes.IDENTITY},
            )  # fmt: skip
            writing.write(act, sayings)
        Fed.objects.filter(pk=mark.pk).update(change=top, at=now)
