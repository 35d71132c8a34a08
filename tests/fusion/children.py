"""Processes that land and fuse, to be killed and raced, forked from a server that has loaded all and used nothing.

Polars and DuckDB keep threads, so a process that has used them must not be forked; the fork server never has.
"""

import hashlib
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def context() -> Any:
    """The fork server, with the platform already loaded in it."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.fusion.loaded"])
    return found


@dataclass(frozen=True)
class Place:
    """A database and a data directory for a child to work in, and the size of its chunks."""

    database: str
    home: str
    chunk: int = 100


def enter(place: Place) -> None:
    """Let this process work in a place of its own."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from shiheng.columnar import lake

    connection.settings_dict["NAME"] = place.database
    settings.HOME = Path(place.home)
    lake.CHUNK = place.chunk


class Commits:
    """Numbers this process's commits and its jobs' ends, and may kill it just before or after one of them."""

    def __init__(self, *, kill_at: int = 0, after: bool = False) -> None:
        self.seen, self.kill_at, self.after = 0, kill_at, after
        self.thread = threading.get_ident()

    def install(self) -> None:
        from django.db import connection

        from shiheng.jobs import runner

        commit = connection.commit
        connection.commit = lambda: self.step(commit)
        acknowledge = runner.leases.acknowledge
        runner.leases.acknowledge = lambda *a, **k: self.step(lambda: acknowledge(*a, **k))

    def step(self, do: Callable[[], Any]) -> Any:
        if threading.get_ident() != self.thread:
            return do()
        self.seen += 1
        mine = self.seen == self.kill_at
        if mine and not self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        outcome = do()
        if mine and self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome


def take_in(files: list[tuple[str, str]]) -> None:
    """Land files (path, day known) and let a worker take each as far as it goes."""
    from datetime import date

    from shiheng.accounts.permissions import SYSTEM
    from shiheng.fusion import actions
    from shiheng.jobs import runner
    from shiheng.kernel import clock

    for path, day in files:
        with clock.standing_at(date.fromisoformat(day)):
            actions.land("register", Path(path), filename=Path(path).name, who=SYSTEM, scope="4499.")
            runner.work(until_idle=True, names=frozenset({actions.ADVANCE}))


def outcome() -> dict[str, Any]:
    """What stands after a run: the digest of the subject file and how many rows each table has."""
    from shiheng.fusion import queries
    from shiheng.fusion.models import Batch, Fold, Link, Quarantined
    from shiheng.jobs.models import Job
    from shiheng.ledger.models import Leaf, Manifest
    from shiheng.subjects.models import Identifier, Name, Person, Premises, Record, Relation, SearchName, Subject

    whole = hashlib.sha256()
    for line in queries.canonical():
        whole.update(line.encode() + b"\n")
    models = (
        Batch,
        Link,
        Quarantined,
        Subject,
        Identifier,
        Name,
        Person,
        Premises,
        Record,
        Relation,
        SearchName,
        Manifest,
    )
    # A number burnt by a transaction that was killed is no difference: batches are named by their files.
    files = {f"batch:{number}": name for number, name in Batch.objects.values_list("pk", "filename")}
    leaves = Leaf.objects.filter(subject__startswith="batch:").values_list("subject", "kind")
    return {
        "digest": whole.hexdigest(),
        "states": sorted(Batch.objects.values_list("filename", "state", "rows_in", "accepted", "quarantined")),
        "rows": {model.__name__: model.objects.count() for model in models},
        "leaves": sorted((files[subject], kind) for subject, kind in leaves),
        "folds": Fold.objects.get(name="subjects").value,
        "jobs": sorted(Job.objects.values_list("name", "state")),
    }


def run(place: Place, files: list[tuple[str, str]], answer: str, kill_at: int = 0, after: bool = False) -> None:
    """A whole run in a process; leaves its outcome, its seconds and its number of commits in ``answer``."""
    enter(place)
    commits = Commits(kill_at=kill_at, after=after)
    commits.install()
    Path(answer).with_suffix(".began").touch()
    began = time.monotonic()
    take_in(files)
    took = time.monotonic() - began
    seen = commits.seen
    told = json.dumps({**outcome(), "seconds": took, "commits": seen}, ensure_ascii=False)
    Path(answer).write_text(told, encoding="utf-8")
