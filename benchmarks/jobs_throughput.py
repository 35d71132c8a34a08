"""Our lease table drains short jobs at least as fast as django-tasks-db, and begins a killed worker's job at once.

Both sides speak the same Tasks API on the same Django, the same database and the same durability (SQLite with
``synchronous=FULL``), one worker process each, in turns; the medians are compared. The peer leaves a killed worker's
job in the state "running" for ever, so that figure is held against our own limit, the length of a lease.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.claims import Claim

JOBS = 500
TURNS = 3
LEASE_SECONDS = 15.0


def run() -> list[Claim]:
    with tempfile.TemporaryDirectory(prefix="shiheng-bench-") as home:
        claims = _on("SQLite", lambda name: f"sqlite:///{Path(home) / name}.sqlite3")
    from tests import postgres

    if postgres.binaries() is None:
        print("  PostgreSQL is missing on this machine: its half is not measured")
        return claims
    cluster = postgres.start()
    try:
        return claims + _on("PostgreSQL", lambda _name: cluster.url)
    finally:
        cluster.stop()


def _on(database: str, url: Any) -> list[Claim]:
    turns: dict[str, list[dict[str, float]]] = {"ours": [], "peer": []}
    for turn in range(TURNS):
        for side, seen in turns.items():
            seen.append(_side(side, url(f"{side}{turn}")))
    ours, peer = ({key: statistics.median(t[key] for t in seen) for key in seen[0]} for seen in turns.values())
    return [
        Claim(
            f"{database}: {JOBS} jobs drained by one worker", ours["drain"], peer["drain"], "s", more_is_better=False
        ),
        # Our row carries a unique key and its index, the peer's does not: near the peer is the claim, not beyond it.
        Claim(
            f"{database}: {JOBS} jobs enqueued, a transaction each",
            ours["enqueue"],
            peer["enqueue"],
            "s",
            at_least=0.7,
            more_is_better=False,
        ),
        Claim(
            f"{database}: a job whose worker was killed has begun again, against the length of a lease",
            _recovery(url("recovery")),
            LEASE_SECONDS,
            "s",
            at_least=3.0,  # a heartbeat of three seconds finds the dead, an idle worker asks once a second
            more_is_better=False,
        ),
    ]


def _command(side: str, url: str) -> list[str]:
    program = "import sys; from benchmarks.jobs_throughput import measured; measured(*sys.argv[1:])"
    return [sys.executable, "-c", program, side, url]


def _side(side: str, url: str) -> dict[str, float]:
    done = subprocess.run(_command(side, url), check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _recovery(url: str) -> float:
    """Seconds from the death of a worker in the middle of a job to the handler's second beginning."""
    with subprocess.Popen(_command("stuck", url), stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout
        assert victim.stdout.readline().strip() == "begun"
        # The next worker is already there and idle, as a second process of a bureau would be.
        with subprocess.Popen(_command("rescue", url), stdout=subprocess.PIPE, text=True) as rescuer:
            assert rescuer.stdout
            assert rescuer.stdout.readline().strip() == "ready"
            time.sleep(1)
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            began = time.monotonic()
            assert rescuer.stdout.readline().strip() == "begun"
            return time.monotonic() - began


# What follows runs in the measured processes.


def _configure(app: str, backend: str, url: str) -> None:
    import django
    from django.conf import settings

    os.environ.setdefault("SHIHENG_HOME", tempfile.gettempdir())
    from shiheng.site.settings.env import database

    settings.configure(
        INSTALLED_APPS=[app],
        DATABASES={"default": database(url, Path(), synchronous="FULL")},
        TASKS={"default": {"BACKEND": backend, "QUEUES": ["default"]}},
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING_CONFIG=None,
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def nothing(number: int) -> int:
    """The job that is measured: all its cost is the queue's."""
    return number


def _measure(side: str, url: str) -> None:
    if side == "peer":
        _configure("django_tasks_db", "django_tasks_db.DatabaseBackend", url)
    else:
        _configure("shiheng.jobs", "shiheng.jobs.tasks.LeaseBackend", url)
    from django_tasks import task

    declared = task(nothing)
    # The peer finds a task by its path, so the path must lead to the declared one.
    sys.modules[nothing.__module__].__dict__["nothing"] = declared
    began = time.monotonic()
    for number in range(JOBS):
        declared.enqueue(number)
    enqueued = time.monotonic()
    if side == "peer":
        from django_tasks_db.management.commands.db_worker import Worker

        Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id="bench",
            excluded_queue_names=[],
        ).run()
        from django_tasks_db.models import DBTaskResult

        ended = DBTaskResult.objects.successful().filter(finished_at__isnull=False).count()
    else:
        from shiheng.jobs.models import Job
        from shiheng.jobs.runner import work

        work(until_idle=True)
        ended = Job.objects.filter(state="done", name=declared.module_path).count()
    drained = time.monotonic()
    assert ended % JOBS == 0, f"only {ended} of {JOBS} jobs ended"
    assert ended, "no job ended"
    print(json.dumps({"enqueue": enqueued - began, "drain": drained - enqueued}))


def _work(side: str, url: str) -> None:
    _configure("shiheng.jobs", "shiheng.jobs.tasks.LeaseBackend", url)
    from shiheng.jobs import queue
    from shiheng.jobs.runner import work

    @queue.handles("bench.stuck")
    def stuck(job: queue.JobContext) -> None:
        print("begun", flush=True)
        if side == "stuck":
            signal.pause()

    if side == "stuck":
        queue.enqueue("bench.stuck", key="the one")
    else:
        print("ready", flush=True)
    work(until_idle=True)


def measured(side: str, url: str) -> None:
    """One measured process: a whole side (``ours``, ``peer``) or a part of the recovery (``stuck``, ``rescue``)."""
    (_measure if side in {"ours", "peer"} else _work)(side, url)
