"""Putting an archive back: everything is unpacked and held against its manifest before anything takes its place."""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
from django.db import connection

from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Missing, Refused
from shiheng.site import setup
from shiheng.site.backup import snapshot
from shiheng.site.backup.taking import FORMAT, MANIFEST

MADE_BY_STARTING = frozenset({"keys/secret", "run.lock"})
BLOCK = 1 << 20


def restore(
    archive: Path, *, force: bool = False, progress: Callable[[int], object] = lambda _size: None
) -> dict[str, Any]:
    """Restore ``archive`` into the data directory and database of the settings, which must be empty.

    With ``force`` what is there is moved aside (never deleted): files to ``before-…`` in the data directory, the
    tables of PostgreSQL to a schema of that name.
    """
    if not archive.is_file():
        raise Missing("restore.archive", f"没有备份文件 {archive}。")
    home = setup.home()
    aside = f"before-restore-{clock.machine():%Y%m%d-%H%M%S}"
    occupied = _occupied(home)
    if occupied and not force:
        raise Conflict(
            "restore.occupied",
            f"数据目录 {home} 不是空的（有 {occupied[0]} 等 {len(occupied)} 项）。"
            "请换一个空的 SHIHENG_HOME 与空的数据库；或加 --force，把现有内容移到一边再恢复。",
        )
    working = home / f".restoring-{os.getpid()}"
    working.mkdir(mode=0o700)
    try:
        manifest = _unpack(archive, working, progress)
        held = snapshot.Snapshot(**manifest["database"])
        snapshot.check_known(held)
        if held.engine != connection.vendor:
            snapshot.load(working, held)  # refuses, with the reason, before anything has been moved
        if occupied:
            _move_aside(home, home / aside, but=working)
            snapshot.set_aside(aside.replace("-", "_"))
        _put_in_place(working / "home", home)
        snapshot.load(working, held)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    applied = setup.migrate()
    return {
        "archive": str(archive),
        "taken_at": manifest["taken_at"],
        "version": manifest["version"],
        "files": len(manifest["files"]),
        "migrated": applied,
        "moved_aside": aside if occupied else None,
    }


def _occupied(home: Path) -> list[str]:
    """What is in the way: files that starting a command does not make by itself, or tables."""
    found = [
        path.relative_to(home).as_posix()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.relative_to(home).as_posix() not in MADE_BY_STARTING
    ]
    if not snapshot.is_empty():
        found.append("数据库中的表")
    return found


def _unpack(archive: Path, working: Path, progress: Callable[[int], object]) -> dict[str, Any]:
    """Unpack and verify. Nothing outside ``working`` is written, whatever the archive's names say."""
    found: dict[str, tuple[int, str]] = {}
    manifest: dict[str, Any] = {}
    try:
        with (
            pa.CompressedInputStream(pa.OSFile(str(archive)), "zstd") as packed,
            tarfile.open(fileobj=packed, mode="r|") as tar,
        ):
            for entry in tar:
                if manifest:
                    raise _broken(archive, f"清单之后还有 {entry.name}")
                content = tar.extractfile(entry)
                if content is None or not _plain(entry.name):
                    raise _broken(archive, f"含有不该有的条目 {entry.name}")
                if entry.name == MANIFEST:
                    manifest = json.loads(content.read())
                    continue
                found[entry.name] = _copy(content, working / entry.name, progress)
    except (OSError, tarfile.TarError, pa.ArrowException, ValueError, EOFError) as fault:
        raise _broken(archive, str(fault)) from None
    if manifest.get("format") != FORMAT:
        raise _broken(archive, "没有清单，或清单的格式不认识")
    for name, said in manifest["files"].items():
        if found.pop(name, None) != (said["size"], said["sha256"]):
            raise _broken(archive, f"{name} 缺失，或内容与清单的 SHA-256 不符")
    if found:
        raise _broken(archive, f"清单中没有 {next(iter(found))}")
    return manifest


def _copy(content: Any, target: Path, progress: Callable[[int], object]) -> tuple[int, str]:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as out:
        while block := content.read(BLOCK):
            digest.update(block)
            size += len(block)
            out.write(block)
            progress(len(block))
        out.flush()
        os.fsync(out.fileno())
    return size, digest.hexdigest()


def _plain(name: str) -> bool:
    path = PurePosixPath(name)
    if name == MANIFEST:
        return True
    return not path.is_absolute() and ".." not in path.parts and path.parts[0] in {"home", "database"}


def _put_in_place(unpacked: Path, home: Path) -> None:
    if not unpacked.is_dir():
        return
    for path in sorted(unpacked.rglob("*")):
        if path.is_file():
            name = path.relative_to(unpacked)
            target = home / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if name.parts[0] == "keys" else 0o750)
            path.chmod({"keys": 0o600, "files": 0o440}.get(name.parts[0], 0o640))
            path.replace(target)


def _move_aside(home: Path, aside: Path, *, but: Path) -> None:
    connection.close()
    aside.mkdir(mode=0o700)
    for path in sorted(home.iterdir()):
        if path not in {aside, but} and path.name != "run.lock" and not path.name.startswith("before-"):
            path.rename(aside / path.name)


def _broken(archive: Path, why: str) -> Refused:
    return Refused("restore.broken", f"备份文件 {archive.name} 不完整或被改动：{why}。没有恢复任何内容，请换一份备份。")
