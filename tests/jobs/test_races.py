"""Many processes at one row: one of them wins, on either database, every round."""

import multiprocessing
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from shiheng.jobs import leases, queue, runner
from shiheng.jobs.models import Job, Period
from shiheng.jobs.runner import work
from tests.jobs.processes import Child

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8
ROUNDS = [20, pytest.param(1000, marks=pytest.mark.slow)]
forked: Any = multiprocessing.get_context("fork")


def race(rounds: int, once: Callable[[int], int]) -> list[list[int]]:
    """Let eight processes begin each round together; what each returned, a list a round."""
    gate = forked.Barrier(PROCESSES)
    outcomes = forked.Array("q", rounds * PROCESSES, lock=False)

    def run(me: int) -> None:
        for number in range(rounds):
            gate.wait(120)
            outcomes[number * PROCESSES + me] = once(number)

    with ExitStack() as all_of_them:
        children = [all_of_them.enter_context(Child(lambda me=me: run(me))) for me in range(PROCESSES)]
        assert [child.wait() for child in children] == [0] * PROCESSES
    return [list(outcomes[n * PROCESSES : (n + 1) * PROCESSES]) for n in range(rounds)]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_eight_processes_that_claim_one_job_one_wins(rounds):
    Job.objects.bulk_create([queue.Job(name=f"round {n}", enqueued_at=queue.clock.now()) for n in range(rounds)])
    outcomes = race(rounds, lambda n: int(leases.claim("w", [f"round {n}"]) is not None))
    assert [sum(wins) for wins in outcomes] == [1] * rounds
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.parametrize("rounds", ROUNDS)
def test_eight_processes_that_enqueue_one_key_get_one_job(rounds):
    def enqueue(number: int) -> int:
        with transaction.atomic():
            return queue.enqueue("a.name", key=f"round {number}").pk

    outcomes = race(rounds, enqueue)
    assert all(len(set(ids)) == 1 for ids in outcomes)
    assert Job.objects.count() == rounds


@pytest.mark.parametrize("rounds", ROUNDS)
def test_eight_workers_enqueue_a_period_once_an_interval(rounds, clock, monkeypatch):
    queue.periodic("a.name", every=60)
    began, real = clock.moment, queue.enqueue
    enqueued: list[str] = []
    monkeypatch.setattr(queue, "enqueue", lambda name, **kw: enqueued.append(name) or real(name, **kw))

    def tick(number: int) -> int:
        clock.move_to(began + timedelta(minutes=number))
        enqueued.clear()
        runner.tick()
        return len(enqueued)

    assert [sum(times) for times in race(rounds, tick)] == [1] * rounds


@pytest.mark.parametrize("jobs", [100, pytest.param(5000, marks=pytest.mark.slow)])
def test_four_workers_with_two_threads_do_each_job_once(jobs):
    Period.objects.create(pk="counter", slot=0)

    @queue.handles("a.name")
    def count(job: queue.JobContext) -> None:
        with transaction.atomic():
            Period.objects.update(slot=F("slot") + 1)
            job.done()

    with transaction.atomic():
        for _ in range(jobs):
            queue.enqueue("a.name")
    with ExitStack() as all_of_them:
        children = [all_of_them.enter_context(Child(lambda: work(until_idle=True, threads=2))) for _ in range(4)]
        assert [child.wait() for child in children] == [0] * 4
    assert Period.objects.get().slot == jobs
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}
