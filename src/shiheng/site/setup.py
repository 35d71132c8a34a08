"""Bringing a data directory to the state this version needs: directory, tables, static files, translations.

Every step looks first whether it is needed, so that a second start costs a fraction of a second.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from shiheng import __version__
from shiheng.kernel.errors import Refused


def home() -> Path:
    """The data directory, made if it is missing; refused when it cannot be written."""
    place = Path(settings.HOME)
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o750)
        probe = place / f".probe.{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as fault:
        raise Refused(
            "home.unwritable",
            f"数据目录 {place} 不能写入（{fault.strerror}）。请改正其属主与权限，或用 SHIHENG_HOME 指定别处。",
        ) from None
    return place


def pending_migrations() -> list[str]:
    """What the database still lacks, as ``room.name``."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown_migrations() -> list[str]:
    """What the database has and this version does not know: the data was written by a newer version."""
    loader = MigrationExecutor(connection).loader
    rooms = loader.migrated_apps
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in rooms and (app, name) not in loader.graph.nodes
    )


def migrate() -> list[str]:
    """Bring the tables to this version; refuses a database that a newer version has written."""
    if newer := unknown_migrations():
        raise Refused(
            "database.newer",
            f"数据由更新的版本写入（{newer[0]} 等 {len(newer)} 项本版本不认识）。请升级程序，或用旧版本的备份。",
        )
    waiting = pending_migrations()
    if waiting:
        call_command("migrate", verbosity=0, interactive=False)
    return waiting


def tables() -> dict[str, int]:
    """The built-in code tables of this version, and the declared instruments of law, written where they are new."""
    from shiheng.catalogue.actions import load_builtin_tables
    from shiheng.catalogue.law.actions import install

    install()
    return load_builtin_tables()


def collect_static() -> bool:
    """Gather the static files beside the data, when any of them changed since the last time."""
    mark = Path(settings.STATIC_ROOT) / ".gathered"
    fingerprint = _static_fingerprint()
    if mark.exists() and mark.read_text(encoding="utf-8") == fingerprint:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    mark.write_text(fingerprint, encoding="utf-8")
    return True


def _static_fingerprint() -> str:
    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            state: Any = Path(storage.path(name)).stat()
            digest.update(f"{name}|{state.st_size}|{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def translations() -> int:
    """Compile the English catalogue where it is older than its source and the place can be written."""
    from shiheng.site import translate

    try:
        return translate.compile_catalogues()
    except OSError:
        return 0  # an installation nobody may write to: compiled when it was installed
