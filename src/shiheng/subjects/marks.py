"""A mark for each kind of records that moves whenever one of them, or what is shown of its subject, changes.

Whoever keeps something worked out of one kind compares the mark and need not look at the rows. Marks are moved inside
the fold, in the transaction of the change.
"""

from collections.abc import Iterable

from django.db.models import F

from shiheng.subjects.models import Mark, Record


def of(kind: str) -> int:
    """The mark of a kind; 0 before the first record."""
    return Mark.objects.filter(kind=kind).values_list("value", flat=True).first() or 0


def move(changed: Iterable[int], records: Iterable[Record | None]) -> None:
    """Move the marks of the kinds of these records, and of every kind the changed subjects have a record of."""
    _moved({row.kind for row in records if row is not None} | _kinds_of(changed))


def move_all(ids: list[int]) -> None:
    """Move the marks of every kind these subjects have a record of."""
    _moved(_kinds_of(ids))


def _kinds_of(ids: Iterable[int]) -> set[str]:
    return set(Record.objects.filter(subject_id__in=list(ids)).order_by().values_list("kind", flat=True).distinct())


def _moved(kinds: set[str]) -> None:
    Mark.objects.bulk_create([Mark(kind=kind) for kind in sorted(kinds)], ignore_conflicts=True)
    Mark.objects.filter(kind__in=kinds).update(value=F("value") + 1)
