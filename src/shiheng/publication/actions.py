"""Counting queries: one increment a query, never a row about a person, and never a reader who waits for a writer."""

import threading
from collections import Counter
from datetime import date

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F

from shiheng.kernel import clock
from shiheng.publication.models import QueryCount

_Key = tuple[date, str, str]
_waiting: Counter[_Key] = Counter()
_lock = threading.Lock()


def count(channel: str, kind: str, *, times: int = 1) -> None:
    """Count a query. Where the database is busy with a long write the count waits in memory for the next query."""
    with _lock:
        _waiting[clock.today(), channel, kind] += times
        due = dict(_waiting)
        _waiting.clear()
    for key, number in due.items():
        try:
            _add(key, number)
        except OperationalError:
            with _lock:
                _waiting[key] += number


def _add(key: _Key, number: int) -> None:
    day, channel, kind = key
    with _impatient():
        for _ in range(2):
            row = QueryCount.objects.filter(day=day, channel=channel, kind=kind)
            if row.update(count=F("count") + number) == 1:
                return
            try:
                with transaction.atomic():
                    QueryCount.objects.create(day=day, channel=channel, kind=kind, count=number)
            except IntegrityError:
                continue  # somebody was first to open the day
            return


class _impatient:  # noqa: N801 - reads as a verb: with _impatient()
    """SQLite has one writer at a time: a count gives up after a moment instead of keeping a reader waiting."""

    def __enter__(self) -> None:
        self._set(50)

    def __exit__(self, *error: object) -> None:
        self._set(30_000)

    def _set(self, milliseconds: int) -> None:
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
