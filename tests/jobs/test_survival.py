"""A worker may be killed at any moment: no job is lost, and what is acknowledged with its effect happens once."""

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from shiheng.jobs import leases, queue, runner
from shiheng.jobs.models import Job, Period, Worker
from shiheng.jobs.runner import work
from tests.jobs.processes import Child, Writes

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = frozenset({"count.slowly", "count.once"})


def until(true: Callable[[], object]) -> None:
    """Wait for another process to get somewhere; a minute is a broken test, not a slow machine."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "the other process did not get there"
        time.sleep(0.02)


@pytest.fixture
def counters(transactional_db: None) -> None:
    """Two jobs over one counter each: one in chunks that know where they are, one that may only happen once."""
    Period.objects.bulk_create([Period(pk="slowly", slot=0), Period(pk="once", slot=0)])

    @queue.handles("count.slowly")
    def count_slowly(job: queue.JobContext) -> int:
        while (at := Period.objects.get(pk="slowly").slot) < 3:
            with transaction.atomic():
                Period.objects.filter(pk="slowly", slot=at).update(slot=at + 1)
            job.progress(at + 1, 3)
        return at

    @queue.handles("count.once")
    def count_once(job: queue.JobContext) -> None:
        with transaction.atomic():
            Period.objects.filter(pk="once").update(slot=F("slot") + 1)
            job.done("counted")


def enqueue_both() -> None:
    with transaction.atomic():
        queue.enqueue("count.slowly", key="k")
        queue.enqueue("count.once", key="k")


def slots() -> dict[str, int]:
    return dict(Period.objects.values_list("name", "slot"))


def outcome() -> list[tuple[str, str, object]]:
    return list(Job.objects.order_by("id").values_list("name", "state", "result"))


FINISHED = [("count.slowly", "done", 3), ("count.once", "done", "counted")]


def writes_of_a_whole_run() -> int:
    """How many writes and commits a worker makes from its start to its end, when nothing happens to it."""
    enqueue_both()
    writes = Writes()
    with Child(lambda: (writes.install(), work(until_idle=True, names=NAMES), os._exit(writes.seen))) as child:
        seen = child.wait()
    assert outcome() == FINISHED
    Job.objects.all().delete()
    Period.objects.update(slot=0)
    return seen


def test_a_worker_killed_before_or_after_any_write_or_commit_loses_nothing(counters):
    total = writes_of_a_whole_run()
    assert total >= 14, "enrol, 2 claims, 3 + 1 chunks with their commits, 2 ends, leave"
    for at in range(1, total + 1):
        for after in (False, True):
            enqueue_both()
            writes = Writes(kill_at=at, after=after)
            with Child(lambda w=writes: (w.install(), work(until_idle=True, names=NAMES))) as child:
                assert child.wait() == -signal.SIGKILL
            began = time.monotonic()
            work(until_idle=True, names=NAMES)
            where = f"killed {'after' if after else 'before'} write {at} of {total}"
            assert outcome() == FINISHED, where
            assert slots() == {"slowly": 3, "once": 1}, where
            assert not Worker.objects.exists(), where
            assert time.monotonic() - began < leases.LEASE.total_seconds(), "freed at once, not by the lease's end"
            Job.objects.all().delete()
            Period.objects.update(slot=0)


@pytest.mark.parametrize("point", ["claimed", "returned", "acknowledged"])
def test_a_worker_killed_around_its_handler_leaves_the_job_to_the_next(point, monkeypatch):
    ran = queue.handles("a.name")(lambda job: queue.enqueue("effect", key="effect of the job").pk and job.attempt)
    job = queue.enqueue("a.name")

    def die() -> None:
        monkeypatch.setattr(runner, "checkpoint", lambda at, _job: at == point and os.kill(os.getpid(), 9))
        work(until_idle=True)

    with Child(die) as child:
        assert child.wait() == -signal.SIGKILL
    again = work(until_idle=True)
    job.refresh_from_db()
    expected = {"claimed": (1, 2), "returned": (1, 2), "acknowledged": (0, 1)}[point]
    assert (again, job.result) == expected
    assert job.state == "done"
    assert Job.objects.filter(name="effect").count() == 1
    assert ran


def test_a_worker_killed_in_the_middle_of_a_job_goes_on_where_it_was(counters):
    inside = os.getpid()

    @queue.handles("count.slowly")
    def count_slowly(job: queue.JobContext) -> list[int]:
        at = Period.objects.get(pk="slowly").slot
        Period.objects.filter(pk="slowly").update(slot=at + 2)
        if os.getpid() != inside:
            signal.pause()  # a long chunk; nobody wakes it
        return [at, job.attempt]

    job = queue.enqueue("count.slowly")
    with Child(lambda: work(until_idle=True, names=NAMES)) as child:
        until(lambda: slots()["slowly"] == 2)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert Job.objects.get().state == "running"
    assert work(until_idle=True, names=NAMES) == 1
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", [2, 2])


def test_a_worker_told_to_end_finishes_its_chunk_and_returns_the_job():
    told = os.getpid()

    @queue.handles("a.name", max_attempts=1)
    def in_chunks(job: queue.JobContext, chunks: int) -> int:
        for chunk in range(Period.objects.count(), chunks):
            Period.objects.create(pk=f"chunk {chunk}")
            job.progress(chunk + 1, chunks)
            if os.getpid() != told:
                until(lambda: job.should_stop)
            if job.should_stop:
                job.give_back()
        return job.attempt

    job = queue.enqueue("a.name", chunks=3)
    with Child(work) as child:
        until(Period.objects.exists)
        os.kill(child.pid, signal.SIGTERM)
        assert child.wait() == 0
    job.refresh_from_db()
    assert (job.state, job.attempts, job.progress_done) == ("ready", 0, 1)
    assert not Worker.objects.exists()
    assert work(until_idle=True) == 1
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", 1)
    assert Period.objects.count() == 3


def test_a_silent_live_worker_keeps_its_job_for_a_grace_and_cannot_end_it_afterwards():
    parent = os.getpid()

    @queue.handles("a.name")
    def handler(job: queue.JobContext) -> str:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGSTOP)
            return "the silent one"
        return "the other one"

    job = queue.enqueue("a.name")
    with Child(lambda: work(until_idle=True)) as child:
        child.wait_until_stopped()
        Job.objects.update(lease_until=Now() - leases.GRACE / 2)
        assert leases.claim("w", ["a.name"]) is None, "it lives: perhaps one long transaction keeps it from reporting"
        Job.objects.update(lease_until=Now() - leases.GRACE - timedelta(seconds=1))
        took_over = threading.Event()
        limit = threading.Timer(60, took_over.set)  # a worker that never takes it over must fail here, not hang
        limit.start()
        work(until_idle=True, stop=took_over)
        limit.cancel()
        assert Job.objects.get().state == "done"
        os.kill(child.pid, signal.SIGCONT)
        assert child.wait() == 0
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == ("done", "the other one", 2)


def test_a_process_id_used_again_does_not_pass_for_the_dead_worker():
    queue.handles("a.name")(lambda job: job.attempt)
    queue.enqueue("a.name")
    dead = leases.enrol()
    assert leases.claim(dead.pk, ["a.name"])
    assert leases.free_lost() == 0, "this very process lives"
    Worker.objects.update(born="another birth of the same id")
    assert leases.free_lost() == 1
    assert work(until_idle=True) == 1
    assert Job.objects.get().result == 2


def test_a_worker_of_another_machine_is_judged_by_its_lease_only():
    queue.enqueue("a.name")
    far = leases.enrol()
    Worker.objects.update(place="another boot:1", pid=2**30, born="1")
    leases.claim(far.pk, ["a.name"])
    assert leases.free_lost() == 0
    assert leases.claim("w", ["a.name"]) is None
    Job.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert leases.claim("w", ["a.name"])


def test_the_heartbeat_holds_the_job_and_shows_its_progress_while_the_handler_runs(monkeypatch):
    monkeypatch.setattr(runner, "REPORT_SECONDS", 0.02)
    monkeypatch.setattr(runner, "BEAT_SECONDS", 0.02)
    seen = []

    @queue.handles("a.name")
    def handler(job: queue.JobContext) -> None:
        job.progress(5, 10, "一半")
        until(lambda: Job.objects.get().progress_done == 5)
        Job.objects.update(lease_until=Now())
        until(lambda: Job.objects.filter(lease_until__gt=Now() + timedelta(seconds=10)).exists())
        seen.append(job.should_stop)
        Job.objects.update(lease_token="somebody else")
        until(lambda: job.should_stop)
        seen.append(job.lost)

    queue.enqueue("a.name")
    stop = threading.Event()
    threading.Thread(target=lambda: (until(lambda: len(seen) == 2), stop.set())).start()
    work(stop=stop)
    assert seen == [False, True]
    assert Job.objects.get().state == "running", "whoever holds it now ends it"


def test_a_database_that_is_away_for_a_while_stops_no_worker(monkeypatch):
    from django.db import OperationalError

    monkeypatch.setattr(runner, "SLOW_POLL", 0.01)
    queue.handles("a.name")(lambda job: "done all the same")
    queue.enqueue("a.name")
    real, calls = leases.claim, []

    def away_twice(*args, **kwargs):
        calls.append(1)
        if len(calls) < 3:
            raise OperationalError("the server closed the connection")
        return real(*args, **kwargs)

    monkeypatch.setattr(leases, "claim", away_twice)
    assert work(until_idle=True) == 1
    assert Job.objects.get().result == "done all the same"


def test_an_end_that_did_not_reach_the_database_is_made_up_for(monkeypatch):
    from django.db import OperationalError

    monkeypatch.setattr(runner, "SLOW_POLL", 0.01)
    queue.handles("a.name")(lambda job: job.attempt)
    queue.enqueue("a.name")
    real, calls = leases.rest, []

    def broken(*args, **kwargs):
        raise OperationalError("the server closed the connection")

    def broken_once(*args, **kwargs):
        calls.append(1)
        Job.objects.update(lease_until=Now())
        return broken() if len(calls) == 1 else real(*args, **kwargs)

    acknowledge = leases.acknowledge
    monkeypatch.setattr(leases, "acknowledge", lambda *a, **k: acknowledge(*a, **k) if calls else broken())
    monkeypatch.setattr(leases, "rest", broken_once)
    assert work(until_idle=True) == 1
    assert Job.objects.get().result == 2
