"""The database as it stood at one moment, as plain files, on either database; and loading it again."""

import contextlib
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from shiheng.kernel.errors import Refused

SQLITE_FILE = "database/shiheng.sqlite3"


@dataclass(slots=True)
class Snapshot:
    """What was taken: the engine, its migrations, and for PostgreSQL how each table is to be read again."""

    engine: str
    migrations: list[list[str]] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    sequences: dict[str, int] = field(default_factory=dict)


def take(place: Path) -> Snapshot:
    """Write the database of this moment below ``place``; whoever writes meanwhile is not held up."""
    (place / "database").mkdir(parents=True)
    if connection.vendor == "sqlite":
        return _take_sqlite(place / SQLITE_FILE)
    return _take_postgresql(place / "database")


def _take_sqlite(target: Path) -> Snapshot:
    source = sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True, timeout=30)
    with contextlib.closing(source), contextlib.closing(sqlite3.connect(target)) as copy:
        source.backup(copy, pages=-1)  # one step, one read transaction: a single moment
        copy.execute("PRAGMA journal_mode=DELETE")
        names = [list(row) for row in copy.execute("SELECT app, name FROM django_migrations ORDER BY app, name")]
    return Snapshot("sqlite", names)


def _take_postgresql(folder: Path) -> Snapshot:
    found = Snapshot("postgresql")
    connection.close()  # a connection of its own transaction, whatever was open before
    with transaction.atomic():
        raw = connection.connection
        with raw.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for table in sorted(connection.introspection.table_names()):
                columns = _columns(cursor, table)
                path = folder / f"{table}.copy"
                with path.open("wb") as out, cursor.copy(f"COPY {_quoted(table, columns)} TO STDOUT") as copy:
                    for block in copy:
                        out.write(block)
                found.tables.append({"name": table, "columns": columns, "rows": max(cursor.rowcount, 0)})
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
            found.migrations = [list(row) for row in cursor.fetchall()]
            cursor.execute(
                "SELECT sequencename, last_value FROM pg_sequences "
                "WHERE schemaname = current_schema() AND last_value IS NOT NULL"
            )
            found.sequences = dict(cursor.fetchall())
    return found


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _quoted(table: str, columns: list[str]) -> str:
    return f"{connection.ops.quote_name(table)} ({', '.join(map(connection.ops.quote_name, columns))})"


def is_empty() -> bool:
    """Whether the database holds no tables yet."""
    if connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists():
        return True  # asking would make the file
    return not connection.introspection.table_names()


def set_aside(name: str) -> None:
    """Make room without destroying: PostgreSQL's tables move to a schema of their own (files move with the rest)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            schema = connection.ops.quote_name(cursor.fetchone()[0])
            cursor.execute(f"ALTER SCHEMA {schema} RENAME TO {connection.ops.quote_name(name)}")
            cursor.execute(f"CREATE SCHEMA {schema}")


def load(place: Path, snapshot: Snapshot) -> None:
    """Put a snapshot into the (empty) database."""
    if snapshot.engine != connection.vendor:
        raise Refused(
            "restore.engine",
            f"备份取自 {snapshot.engine}，现在的数据库是 {connection.vendor}。"
            "请把 SHIHENG_DATABASE_URL 设为同类数据库再恢复。",
        )
    check_known(snapshot)
    connection.close()
    if snapshot.engine == "sqlite":
        target = Path(settings.DATABASES["default"]["NAME"])
        target.parent.mkdir(parents=True, exist_ok=True)
        for suffix in ("-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        (place / SQLITE_FILE).replace(target)
        return
    _load_postgresql(place / "database", snapshot)


def check_known(snapshot: Snapshot) -> None:
    """Refuse a snapshot that a newer version has taken."""
    loader = MigrationExecutor(None).loader
    unknown = [
        f"{app}.{name}"
        for app, name in snapshot.migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    ]
    if unknown:
        raise Refused(
            "restore.newer",
            f"备份由更新的版本取得（本版本不认识 {unknown[0]} 等 {len(unknown)} 项）。请先升级程序再恢复。",
        )


def _load_postgresql(folder: Path, snapshot: Snapshot) -> None:
    executor = MigrationExecutor(connection)
    held = {(app, name) for app, name in snapshot.migrations}
    nodes = executor.loader.graph.node_map
    covered = {
        parent.key for key in held for parent in (nodes[key].parents if key in nodes else ()) if parent.key[0] == key[0]
    }
    executor.migrate([key for key in nodes if key in held and key not in covered])
    with transaction.atomic():
        raw = connection.connection
        with raw.cursor() as cursor:
            names = ", ".join(connection.ops.quote_name(table["name"]) for table in snapshot.tables)
            cursor.execute(f"TRUNCATE {names}")
            for table in snapshot.tables:
                with (
                    (folder / f"{table['name']}.copy").open("rb") as held_rows,
                    cursor.copy(f"COPY {_quoted(table['name'], table['columns'])} FROM STDIN") as copy,
                ):
                    while block := held_rows.read(1 << 20):
                        copy.write(block)
            for name, value in snapshot.sequences.items():
                cursor.execute("SELECT setval(quote_ident(%s), %s)", [name, value])
