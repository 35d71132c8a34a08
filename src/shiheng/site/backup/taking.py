"""Taking an archive: one ``.tar.zst`` that is there whole or not at all, with the SHA-256 of everything in it."""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from django.conf import settings
from django.db import connection

from shiheng import __version__
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ledger import keyring
from shiheng.ledger.models import DataKeyRow
from shiheng.site.backup import snapshot

MANIFEST = "manifest.json"
FORMAT = "shiheng-backup/1"
NOT_COPIED = frozenset({"static", "run.lock", "backups", "match"})
Progress = Callable[[int, int], None]


def take(target: Path, *, progress: Progress = lambda _done, _total: None) -> dict[str, Any]:
    """Write the archive ``target``; gives what its manifest says. An existing file is never overwritten."""
    home = Path(settings.HOME)
    if target.exists():
        raise Conflict("backup.exists", f"文件 {target} 已存在。请换一个文件名，备份从不覆盖旧文件。")
    if snapshot.is_empty():
        raise Refused("backup.nothing", "还没有数据可备份：数据库是空的。请先执行 shiheng run 或 shiheng migrate。")
    target.parent.mkdir(parents=True, exist_ok=True)
    working = target.with_name(f".{target.name}.{os.getpid()}")
    working.mkdir(mode=0o700)
    try:
        taken_at = clock.machine()
        # No key goes from before the first row is copied until the last file is: rows may need one that files do not.
        with keyring.all_kept():
            held = snapshot.take(working)  # first the rows …
            found = [*_below(working / "database", working), *_of_home(home, target)]  # … then the files they mention
            total = sum(path.stat().st_size for _, path in found)
            part = working / "archive"
            # … and the data keys last: a file copied meanwhile may be sealed under one made meanwhile.
            everything = chain(found, _data_keys(home))
            files = _write(part, everything, held, taken_at.isoformat(), lambda done: progress(done, total))
        part.chmod(0o600)  # the signing keys are inside
        os.link(part, target)  # fails when somebody made the target meanwhile; never overwrites
        _sync(target.parent)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return {
        "archive": str(target),
        "size": target.stat().st_size,
        "files": len(files),
        "bytes": sum(file["size"] for file in files.values()),
        "engine": held.engine,
        "taken_at": taken_at.isoformat(),
        "sha256": _sha256(target),
    }


def _of_home(home: Path, target: Path) -> Iterator[tuple[str, Path]]:
    """Every file of the data directory but the live database, what can be made again, and files being written."""
    name = str(settings.DATABASES["default"]["NAME"])
    database = {Path(name + suffix).resolve() for suffix in ("", "-wal", "-shm", "-journal")}
    skipped = database if connection.vendor == "sqlite" else set()
    for folder, folders, names in os.walk(home):
        at_top = Path(folder) == home
        folders[:] = sorted(
            f
            for f in folders
            if not f.startswith(".") and not (at_top and (f in NOT_COPIED or f.startswith("before-")))
        )
        for name in sorted(names):
            path = Path(folder) / name
            if name.startswith(".") or (at_top and name in NOT_COPIED):
                continue
            if Path(folder) == home / "keys" and name.startswith("data-"):
                continue  # these come last, and without those half written or destroyed
            if path.resolve() in skipped or path.resolve() == target.resolve() or not path.is_file():
                continue
            yield f"home/{path.relative_to(home).as_posix()}", path


def _data_keys(home: Path) -> Iterator[tuple[str, Path]]:
    """The data keys as they are when this is asked for its first."""
    if DataKeyRow._meta.db_table in connection.introspection.table_names():
        yield from ((f"home/{path.relative_to(home).as_posix()}", path) for path in keyring.files())


def _below(folder: Path, root: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        yield path.relative_to(root).as_posix(), path


class _Hashing:
    """A file being read into the archive, hashed on its way."""

    def __init__(self, file: BinaryIO, told: Callable[[int], None]) -> None:
        self.file, self.told, self.digest = file, told, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.digest.update(block)
        self.told(len(block))
        return block


def _write(
    part: Path, found: Iterable[tuple[str, Path]], held: snapshot.Snapshot, taken_at: str, told: Callable[[int], None]
) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = {}
    done = 0

    def more(size: int) -> None:
        nonlocal done
        done += size
        told(done)

    with pa.CompressedOutputStream(str(part), "zstd") as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for name, path in found:
            with path.open("rb") as file:
                entry = tar.gettarinfo(arcname=name, fileobj=file)
                entry.uid = entry.gid = 0
                entry.uname = entry.gname = ""
                reader = _Hashing(file, more)
                tar.addfile(entry, reader)
            files[name] = {"size": entry.size, "sha256": reader.digest.hexdigest()}
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "taken_at": taken_at,
            "database": asdict(held),
            "files": files,
        }
        content = json.dumps(manifest, ensure_ascii=False).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(content), 0o600
        tar.addfile(entry, pa.BufferReader(content))
    with part.open("rb") as written:
        os.fsync(written.fileno())
    return files


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
