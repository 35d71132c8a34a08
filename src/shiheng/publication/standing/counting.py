"""Counting queries without waiting for a disk: held in memory a few seconds, then written as one small file.

A file is named once and taken in once; what stands in memory when the server is told to stop is written before it ends.
"""

import atexit
import json
import os
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from multiprocessing.util import Finalize
from pathlib import Path
from uuid import uuid4

EVERY = 4.0
"""Seconds a count may wait in memory: below the five it is allowed."""
FOLDER = "counts"


class Counts:
    """The counts of one process."""

    def __init__(self, folder: Path, today: Callable[[], date], *, every: float = EVERY) -> None:
        self.folder = folder / FOLDER
        self._today, self._every = today, every
        self._held: Counter[tuple[str, str, str]] = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        # A server's workers end as children of a pool, which run these and not the handlers of ``atexit``.
        Finalize(None, self.flush, exitpriority=10)
        atexit.register(self.flush)

    def count(self, channel: str, kind: str) -> None:
        key = (self._today().isoformat(), channel, kind)
        with self._lock:
            self._held[key] += 1
            if self._timer is None:
                self._timer = threading.Timer(self._every, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write what is held; a count is in memory or in a file, never in both and never in neither."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if not self._held:
                return
            self.folder.mkdir(parents=True, exist_ok=True)
            name = str(uuid4())
            part = self.folder / f".{name}"
            lines = [[*key, number] for key, number in sorted(self._held.items())]
            with part.open("w", encoding="utf-8") as out:
                json.dump(lines, out)
                out.flush()
                os.fsync(out.fileno())
            part.replace(self.folder / f"{name}.json")
            self._held.clear()
