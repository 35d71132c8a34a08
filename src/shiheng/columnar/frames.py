"""Many rows into the transactional database at the speed it can take them, in the caller's transaction.

Django's ``bulk_create`` spends four fifths of its time preparing values and spelling one long statement; here rows are
plain tuples that go in by one prepared statement (SQLite) or ``COPY`` (PostgreSQL). Constraints hold as ever.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, cast

from django.db import connection
from django.db.models import Field, JSONField, Model


def _columns(model: type[Model], names: Sequence[str]) -> tuple[list[str], list[Callable[[Any], Any]]]:
    """Quoted column names, and what makes each column's values fit the driver."""
    fields = [cast("Field[Any, Any]", model._meta.get_field(name)) for name in names]
    quoted = [connection.ops.quote_name(str(f.column)) for f in fields]
    return quoted, [_as_json if isinstance(f, JSONField) else _plain for f in fields]


def slices(values: Sequence[Any], size: int = 5_000) -> Iterable[Sequence[Any]]:
    """Pieces short enough to be asked for in one statement."""
    return (values[at : at + size] for at in range(0, len(values), size))


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert ``rows`` (tuples in the order of ``names``; dates as dates, JSON as values); gives how many."""
    quoted, fit = _columns(model, names)
    table = connection.ops.quote_name(model._meta.db_table)
    # Worked out before the first is written: a query in the making of a row would wait for COPY, and COPY for the row.
    ready = [[f(v) for f, v in zip(fit, row, strict=True)] for row in rows]
    if not ready:
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(quoted)}) FROM STDIN") as copy:
                for row in ready:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(quoted))
            cursor.executemany(f"INSERT INTO {table} ({', '.join(quoted)}) VALUES ({marks})", ready)  # noqa: S608
    return len(ready)


def update(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set ``names`` of many rows, each by its primary key, which comes first in every tuple."""
    quoted, fit = _columns(model, names)
    meta = model._meta
    key = connection.ops.quote_name(str(meta.pk.column))
    table = connection.ops.quote_name(meta.db_table)
    ready = [[*(f(v) for f, v in zip(fit, row[1:], strict=True)), row[0]] for row in rows]
    if not ready:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _update_by_copy(cursor, table, key, quoted, ready)
            return
        setting = ", ".join(f"{q} = %s" for q in quoted)
        cursor.executemany(f"UPDATE {table} SET {setting} WHERE {key} = %s", ready)  # noqa: S608


def _update_by_copy(cursor: Any, table: str, key: str, quoted: list[str], ready: list[list[Any]]) -> None:
    """PostgreSQL: the new values as a temporary table, then one statement."""
    cursor.execute("DROP TABLE IF EXISTS incoming")
    listed = ", ".join([*quoted, key])
    cursor.execute(f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")  # noqa: S608
    with cursor.copy(f"COPY incoming ({listed}) FROM STDIN") as copy:
        for row in ready:
            copy.write_row(row)
    setting = ", ".join(f"{q} = incoming.{q}" for q in quoted)
    cursor.execute(f"UPDATE {table} SET {setting} FROM incoming WHERE {table}.{key} = incoming.{key}")  # noqa: S608
    cursor.execute("DROP TABLE incoming")
