"""Our own records in subject files (source ``bureau``): what rooms above write of a subject, in their transaction."""

from collections.abc import Collection, Iterable

from shiheng.subjects import changes, marks
from shiheng.subjects.models import Record

SOURCE = "bureau"
REGISTER = "register"
"""The kind of a record that stands for an entry of one of our registers; its key begins with the register's code."""
_SETTLED = ("day", "state", "facts", "title", "until", "scope", "reference")


def keep(kind: str, desired: Iterable[Record], *, gone: Collection[str] = ()) -> None:
    """Write our records of one kind, each named by its key whatever subject it is of; those in ``gone`` are taken away.

    In the caller's transaction; whoever follows the changes of this kind is told.
    """
    wanted = {row.key: row for row in desired}
    held = {row.key: row for row in Record.objects.filter(kind=kind, source=SOURCE, key__in=[*wanted, *gone])}
    pairs: list[changes.Pair] = []
    fresh, moved, dropped = [], [], []
    for key, row in wanted.items():
        row.kind, row.source = kind, SOURCE
        old = held.pop(key, None)
        if old is not None and old.subject_id == row.subject_id:
            if all(getattr(old, name) == getattr(row, name) for name in _SETTLED):
                continue
            row.pk = old.pk
            moved.append(row)
            pairs.append((old, row))
            continue
        if old is not None:
            dropped.append(old)
            pairs.append((old, None))
        fresh.append(row)
        pairs.append((None, row))
    dropped += held.values()
    pairs += [(old, None) for old in held.values()]
    if not pairs:
        return
    Record.objects.filter(pk__in=[row.pk for row in dropped]).delete()
    Record.objects.bulk_create(fresh, batch_size=500)
    Record.objects.bulk_update(moved, _SETTLED, batch_size=500)
    marks.move((), (row for pair in pairs for row in pair))
    changes.write(changes.of_records(pairs, changes.watched()))
