"""The clock of a demonstration: an offset kept with the data, the same for web, worker and command line.

Production refuses it: there the machine's own time is the only time.
"""

import json
import os
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from shiheng.kernel import clock
from shiheng.kernel.errors import Refused

_read: dict[str, tuple[int, timedelta]] = {}


def path() -> Path:
    return _path(str(settings.HOME))


@lru_cache(maxsize=4)
def _path(home: str) -> Path:
    """Made once: a page asks for the time at every row."""
    return Path(home) / "clock.json"


def install() -> None:
    """Let the house clock read the offset; a changed file is seen by running processes at their next reading."""
    if settings.MODE == "demo":
        clock.install(lambda: clock.machine() + offset())


def offset() -> timedelta:
    """The offset now in force; no file means none."""
    held = path()
    try:
        changed = held.stat().st_mtime_ns
    except FileNotFoundError:
        return timedelta()
    known = _read.get(str(held))
    if known is None or known[0] != changed:
        seconds = json.loads(held.read_text(encoding="utf-8"))["offset_seconds"]
        known = _read[str(held)] = (changed, timedelta(seconds=seconds))
    return known[1]


def set_to(moment: datetime | None) -> timedelta:
    """Let the house clock show ``moment`` from now on and run on from there; None gives the machine's time back."""
    if settings.MODE != "demo":
        raise Refused("clock.production", "正式环境只用本机时间，不能调整时钟。演示环境请设 SHIHENG_MODE=demo。")
    if moment is None:
        path().unlink(missing_ok=True)
        return timedelta()
    by = moment - clock.machine()
    fresh = path().with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps({"offset_seconds": by.total_seconds()}), encoding="utf-8")
    fresh.replace(path())
    return by
