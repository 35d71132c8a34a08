"""The prepared register kept on the disk: one row is judged at once, and a new file without preparing it anew.

A folder of Arrow files that are mapped, never read whole, and never changed once the folder has its name. Which folder
is in force stands in the database, so that it goes back and forth with what it was made of; what changed since says
whether it is still true. It can be made again at any time and is not backed up.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from django.conf import settings
from pyarrow import ipc

from shiheng.fusion import publish
from shiheng.fusion.match import judge, weigh
from shiheng.fusion.match.sides import Side
from shiheng.fusion.models import Fold
from shiheng.kernel import clock

FOLDER = "match"
# The number of the folder in force.
KEPT = "kept"
_STAMP = "stamp.json"
_TABLES = [f.name for f in fields(Side)]


@dataclass(frozen=True, slots=True)
class Kept:
    """A prepared register: how often what coded rows say had changed before it was made, and whether it has since."""

    register: judge.Register
    of: int
    made_at: datetime
    current: bool = True


_opened: tuple[Path, Kept] | None = None


def opened() -> Kept | None:
    """The register in force, however old; nothing where none is kept, or another version of the platform made it."""
    for _again in range(2):  # it may be taken away for a newer one between the two looks
        counts = publish.counts()
        found = _open(settings.HOME / FOLDER / f"{counts[KEPT]:016x}") if KEPT in counts else None
        if found:
            return Kept(found.register, found.of, found.made_at, current=found.of == publish.register_of(counts))
    return None


def register(make: Callable[[], judge.Register]) -> Kept:
    """The register as it stands: the one kept while that is still true, otherwise made now, and kept."""
    found = opened()
    if found and found.current:
        return found
    of = publish.register_of(publish.counts())
    known = make()
    if publish.register_of(publish.counts()) == of:
        keep(known, of=of)
        if (found := opened()) and found.of == of:
            return found
    return Kept(known, of, clock.now())


def keep(known: judge.Register, *, of: int) -> None:
    """Keep a register made when what coded rows say had changed ``of`` times, in place of any other.

    Whole or not at all: a process killed meanwhile leaves a folder nobody looks for, and the next one sweeps it away.
    """
    root = settings.HOME / FOLDER
    root.mkdir(mode=0o700, exist_ok=True)
    number = secrets.randbits(63)
    with (root / "lock").open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        folder = root / f"{number:016x}"
        write(known, folder, of=of, at=clock.now())
        Fold.objects.update_or_create(name=KEPT, defaults={"value": number})
        for other in root.iterdir():
            if other.is_dir() and other != folder:
                shutil.rmtree(other, ignore_errors=True)


def write(known: judge.Register, folder: Path, *, of: int, at: datetime) -> None:
    """Write a register to ``folder``, which is there whole or not at all."""
    fresh = folder.with_name(f".{folder.name}")
    fresh.mkdir()
    for name in _TABLES:
        _write(getattr(known.lines, name), fresh / f"{name}.arrow")
    _write(known.keys, fresh / "keys.arrow")
    stamp = {**_made_by(), "of": of, "total": known.total, "places": known.places, "at": at.isoformat()}
    (fresh / _STAMP).write_text(json.dumps(stamp, ensure_ascii=False), encoding="utf-8")
    _sync(fresh / _STAMP)
    fresh.rename(folder)
    _sync(folder.parent)


def read(folder: Path) -> Kept:
    """The register of a folder, mapped. Raises ``FileNotFoundError`` where it is not there or not for this version."""
    stamp = json.loads((folder / _STAMP).read_text(encoding="utf-8"))
    if any(stamp[name] != value for name, value in _made_by().items()):
        raise FileNotFoundError(folder)
    lines = Side(*(_mapped(folder / f"{name}.arrow") for name in _TABLES))
    known = judge.Register(lines, _mapped(folder / "keys.arrow"), stamp["total"], tuple(stamp["places"]))
    return Kept(known, stamp["of"], datetime.fromisoformat(stamp["at"]))


def _made_by() -> dict[str, Any]:
    """What must be the same in whoever reads it; keys are hashed, and hashes are a version's own."""
    probe = pl.Series(["市衡"]).hash(seed=0).item()
    return {"matcher": weigh.VERSION, "polars": pl.__version__, "hash": probe}


def _write(table: pl.DataFrame, path: Path) -> None:
    table.write_ipc(path, compression="uncompressed", record_batch_size=max(table.height, 1))
    _sync(path)


def _sync(path: Path) -> None:
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _open(folder: Path) -> Kept | None:
    """A folder mapped, once for as long as it is in force."""
    global _opened  # noqa: PLW0603 - a process maps the register once
    if _opened and _opened[0] == folder:
        return _opened[1]
    try:
        _opened = (folder, read(folder))
    except FileNotFoundError:
        return None
    return _opened[1]


def _mapped(path: Path) -> pl.DataFrame:
    # Polars would look through every text for whether it is one; these are our own.
    with pa.memory_map(str(path)) as held:
        return pl.DataFrame(pl.from_arrow(ipc.open_file(held).read_all()))
