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
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

# A day, a deed and its words.
Step = tuple[str, str, dict[str, Any]]


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
    slice: int = 50


def enter(place: Place) -> None:
    """Let this process work in a place of its own."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from shiheng.columnar import lake
    from shiheng.fusion import publish

    connection.settings_dict["NAME"] = place.database
    settings.HOME = Path(place.home)
    lake.CHUNK = place.chunk
    publish.SLICE = place.slice


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


def take_in(story: list[Step]) -> None:
    """Do what a story tells, step after step, letting a worker take each as far as it goes.

    The platform's clock never runs backwards: whoever does a story again does its first steps on the day it had
    reached.
    """
    from shiheng.fusion import actions, matching
    from shiheng.jobs import runner
    from shiheng.kernel import clock

    for day, deed, words in story:
        with clock.standing_at(max(date.fromisoformat(day), _reached())):
            DEEDS[deed](**words)
            runner.work(until_idle=True, names=frozenset({actions.ADVANCE, matching.JOB}))


def _reached() -> date:
    """The last day on which anything was done here."""
    from shiheng.accounts.models import Deed
    from shiheng.fusion.models import Batch
    from shiheng.kernel import clock

    days = [*Batch.objects.values_list("known_on", flat=True)]
    days += [moment.astimezone(clock.SHANGHAI).date() for moment in Deed.objects.values_list("done_at", flat=True)]
    return max(days, default=date.min)


def land(source: str, path: str) -> None:
    """A department sends a file."""
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.fusion import actions

    actions.land(source, Path(path), filename=Path(path).name, who=SYSTEM, scope="4499.")


def merge(named: str, code: str, reason: str) -> None:
    """A person says that the subject minted from ``named`` and whoever bears a code are one business."""
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.fusion import merging

    merging.merge(SYSTEM, _minted(named), code, reason=reason, key=_form(reason))


def part(named: str, number: str, reason: str) -> None:
    """A person says that a registration number stands for a business of its own."""
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.fusion import merging

    merging.part(SYSTEM, _minted(named), "regno", number, reason=reason, key=_form(reason))


def undo(said: str, reason: str) -> None:
    """A person takes back what was said with a reason."""
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.fusion import merging
    from shiheng.fusion.models import Ruling

    merging.undo(SYSTEM, Ruling.objects.get(reason=said).pk, reason=reason, key=_form(reason))


def judge(filename: str, row: int, code: str, reason: str) -> None:
    """A person says whom a row without a code means."""
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.fusion import judging
    from shiheng.fusion.models import Nameless

    one = Nameless.objects.get(batch__filename=filename, row=row)
    judging.say(one.pk, "same", who=SYSTEM, code=code, reason=reason, key=_form(reason))


DEEDS: dict[str, Callable[..., None]] = {"land": land, "merge": merge, "part": part, "undo": undo, "judge": judge}


def _minted(named: str) -> int:
    from shiheng.subjects.models import Subject

    return Subject.objects.get(mint_key=named).pk


def _form(reason: str) -> UUID:
    """The hidden key of the form a person sends again, not knowing whether it arrived."""
    return uuid5(NAMESPACE_URL, reason)


def outcome() -> dict[str, Any]:
    """What stands after a run: the digest of the subject file, whom each row means, how many rows each table has."""
    from shiheng.accounts.models import Deed
    from shiheng.fusion import queries
    from shiheng.fusion.models import Batch, Contest, Fold, Link, Nameless, Quarantined, Ruling, Verdict
    from shiheng.jobs.models import Job
    from shiheng.ledger.models import Leaf, Manifest
    from shiheng.subjects.models import Identifier, Name, Person, Premises, Record, Relation, SearchName, Subject

    whole = hashlib.sha256()
    for line in queries.canonical():
        whole.update(line.encode() + b"\n")
    models = (
        Batch,
        Link,
        Contest,
        Nameless,
        Verdict,
        Ruling,
        Deed,
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
    leaves = Leaf.objects.values_list("subject", "kind")
    at = ("batch__filename", "row")
    return {
        "digest": whole.hexdigest(),
        "states": sorted(Batch.objects.values_list("filename", "state", "rows_in", "accepted", "quarantined")),
        "rows": {model.__name__: model.objects.count() for model in models},
        "leaves": sorted((files.get(subject, subject), kind) for subject, kind in leaves),
        "links": sorted(Link.objects.values_list(*at, "subject", "by", "since", "until"), key=str),
        "nameless": sorted(Nameless.objects.values_list(*at, "subject", "decision", "likely"), key=str),
        "contests": sorted(Contest.objects.values_list(*at, "speaker", "holder", "kind", "value")),
        "redirects": sorted(Subject.objects.exclude(redirect_to=None).values_list("pk", "redirect_to")),
        "rulings": sorted(Ruling.objects.values_list("reason", "says", "subject", "other", "undone_reason"), key=str),
        "folds": Fold.objects.get(name="subjects").value,
        "jobs": sorted(Job.objects.values_list("name", "state")),
    }


def run(place: Place, story: list[Step], answer: str, kill_at: int = 0, after: bool = False) -> None:
    """A whole run in a process; leaves its outcome, its seconds and its number of commits in ``answer``."""
    enter(place)
    commits = Commits(kill_at=kill_at, after=after)
    commits.install()
    Path(answer).with_suffix(".began").touch()
    began = time.monotonic()
    take_in(story)
    took = time.monotonic() - began
    seen = commits.seen
    told = json.dumps({**outcome(), "seconds": took, "commits": seen}, ensure_ascii=False, default=str)
    Path(answer).write_text(told, encoding="utf-8")
