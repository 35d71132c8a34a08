"""What changed in subject files, as a log that others read on from where they stopped.

A line names what changed and where (subject, kind, key, territory), not what it became: whoever reads it asks the file
as it stands. Lines are written in the transaction of the change, by ``actions`` inside the fold, so they become visible
in the order of their numbers: who has read to a number has missed nothing before it. Kinds nobody watches cost nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from shiheng.accounts.jurisdictions import within
from shiheng.columnar import frames
from shiheng.kernel import clock
from shiheng.subjects.models import Change, Record, Subject, Watch

IDENTITY = "identity"
COLUMNS = ("scope", "live", "name", "uscc", "kind", "status", "address", "redirect_to_id")
_RECORDED = ("day", "state", "facts", "absent", "title", "until", "scope", "current", "gone_on")

#: A line: subject, kind, key, territory, and whether the thing was not there before.
Line = tuple[int, str, str, str, bool]
#: (the old row or nothing, the new row or nothing)
Pair = tuple[Record | None, Record | None]


def watch(kinds: Iterable[str]) -> None:
    """Begin to write down what changes of these kinds. Call inside the fold, so that no change under way is missed."""
    Watch.objects.bulk_create([Watch(kind=kind) for kind in sorted(set(kinds))], ignore_conflicts=True)


def unwatch(kinds: Iterable[str]) -> None:
    """Nobody reads these kinds any more."""
    Watch.objects.filter(kind__in=list(kinds)).delete()


def watched() -> frozenset[str]:
    """The kinds somebody reads."""
    return frozenset(Watch.objects.values_list("kind", flat=True))


def last() -> int:
    """The number of the newest line."""
    return int(Change.objects.aggregate(last=Max("pk"))["last"] or 0)


@dataclass(frozen=True, slots=True)
class Told:
    """A run of the log: what it speaks of, each once (subject, kind, key); how far it goes, and whether more waits.

    ``added`` are those that were not there before.
    """

    abouts: list[tuple[int, str, str]]
    added: frozenset[tuple[int, str, str]]
    cursor: int
    more: bool


def since(cursor: int, *, scope: str, kinds: Iterable[str], at_most: int) -> Told:
    """What changed of these kinds in a territory after a line of the log."""
    top = last()
    lines = Change.objects.filter(within((scope,)), pk__gt=cursor, pk__lte=top, kind__in=list(kinds))
    found = list(lines.order_by("pk").values_list("pk", "subject_id", "kind", "key", "added")[:at_most])
    more = len(found) == at_most
    abouts = list(dict.fromkeys((subject, kind, key) for _, subject, kind, key, _ in found))
    added = frozenset((subject, kind, key) for _, subject, kind, key, is_new in found if is_new)
    return Told(abouts, added, found[-1][0] if more else top, more)


def identities(ids: list[int]) -> dict[int, Subject]:
    """The subjects as they stand, to be compared with what is about to be written."""
    return Subject.objects.only("fields", *COLUMNS).in_bulk(ids)


def of_subjects(before: dict[int, Subject], after: Iterable[Subject]) -> list[Line]:
    """Lines for the subjects whose identity is not what it was; where a value came from does not count."""
    lines = []
    for row in after:
        old = before.get(row.pk)
        if old is None or _identity(old) != _identity(row):
            added = old is None or not old.live
            lines += [(row.pk, IDENTITY, "", scope, added) for scope in _scopes(old.scope if old else None, row.scope)]
    return lines


def _identity(row: Subject) -> tuple[Any, ...]:
    said = {name: (field["value"], field.get("absent", "")) for name, field in row.fields.items()}
    return (*(getattr(row, column) for column in COLUMNS), said)


def of_records(pairs: Iterable[Pair], kinds: frozenset[str]) -> list[Line]:
    """Lines for records that came, went or say something else; which batch repeated them does not count."""
    lines = []
    for old, new in pairs:
        row = new or old
        if row is None or row.kind not in kinds:
            continue
        if old and new and all(getattr(old, f) == getattr(new, f) for f in _RECORDED):
            continue
        key = f"{row.source}:{row.key}"
        places = _scopes(old.scope if old else None, new.scope if new else None)
        lines += [(row.subject_id, row.kind, key, scope, old is None) for scope in places]
    return lines


def _scopes(old: str | None, new: str | None) -> list[str]:
    """Whose readers are told: those of the territory it is in, and of the one it left."""
    return sorted({scope for scope in (old, new) if scope is not None})


def write(lines: list[Line]) -> int:
    """Append lines in the caller's transaction."""
    day = clock.today()
    return frames.insert(
        Change, ("subject_id", "kind", "key", "scope", "added", "day"), ((*line, day) for line in lines)
    )
