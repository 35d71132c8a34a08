"""How jobs begin, go on and end under one worker."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now

from shiheng.jobs import actions, leases, queries, queue, runner
from shiheng.jobs.models import Job, Period, Worker
from shiheng.jobs.runner import work
from shiheng.kernel.errors import Conflict, Missing, Refused

pytestmark = pytest.mark.django_db


def test_urgent_jobs_go_first_then_the_older():
    order = []
    queue.handles("a.name")(lambda job, n: order.append(n))
    for n, priority in enumerate([0, 5, 0, 5]):
        queue.enqueue("a.name", priority=priority, n=n)
    assert work(until_idle=True) == 4
    assert order == [1, 3, 0, 2]


def test_the_result_and_the_progress_are_kept():
    def handler(job, n):
        job.progress(n, 2 * n, "读取中")
        return {"read": n}

    queue.handles("a.name")(handler)
    job = queue.enqueue("a.name", n=4)
    work(until_idle=True)
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == ("done", {"read": 4}, 1)
    assert (job.progress_done, job.progress_total, job.progress_text) == (4, 8, "读取中")
    assert job.started_at
    assert job.finished_at
    assert job.lease_token == ""
    assert len(job.workers) == 1


def test_a_job_may_enqueue_the_next_one():
    queue.handles("second.name")(lambda job: "end")
    queue.handles("first.name")(lambda job: queue.enqueue("second.name").pk)
    first = queue.enqueue("first.name")
    assert work(until_idle=True) == 2
    first.refresh_from_db()
    assert Job.objects.get(pk=first.result).result == "end"


def test_a_failed_attempt_rests_and_is_tried_again():
    tries = []

    def handler(job):
        tries.append(job.attempt)
        if job.attempt < 3:
            raise RuntimeError("坏了")
        return "好了"

    queue.handles("a.name", backoff=0.01)(handler)
    job = queue.enqueue("a.name")
    assert work(until_idle=True) == 3
    job.refresh_from_db()
    assert (tries, job.state, job.result, job.error) == ([1, 2, 3], "done", "好了", "")


def test_a_resting_job_is_not_claimed_before_its_time():
    queue.enqueue("a.name")
    job = leases.claim("w", ["a.name"])
    assert leases.rest(job.pk, job.lease_token, seconds=60, error="e", error_class="E")
    assert leases.claim("w", ["a.name"]) is None
    Job.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert leases.claim("w", ["a.name"]).attempts == 2


def test_a_job_seen_a_moment_ago_is_not_taken_from_its_rest():
    queue.enqueue("a.name")
    queue.enqueue("a.name")
    shelf = leases.Shelf()
    assert leases.claim("slow", ["a.name"], shelf=shelf)
    assert len(shelf.jobs) == 1
    other = leases.claim("quick", ["a.name"])
    assert leases.rest(other.pk, other.lease_token, seconds=60, error="e", error_class="E")
    assert leases.claim("slow", ["a.name"], shelf=shelf) is None
    assert Job.objects.get(pk=other.pk).state == "ready"


def test_a_shelf_grows_old(monkeypatch):
    for n in range(3):
        queue.enqueue("a.name", n=n)
    shelf = leases.Shelf()
    assert leases.claim("w", ["a.name"], shelf=shelf).payload == {"n": 0}
    urgent = queue.enqueue("a.name", priority=9)
    assert leases.claim("w", ["a.name"], shelf=shelf).payload == {"n": 1}
    monkeypatch.setattr(leases, "SHELF_SECONDS", 0.0)
    assert leases.claim("w", ["a.name"], shelf=shelf).pk == urgent.pk


def test_after_the_last_attempt_the_job_fails_and_says_why():
    def handler(job):
        raise RuntimeError(f"第{job.attempt}回坏了")

    queue.handles("a.name", backoff=0.001, max_attempts=2)(handler)
    job = queue.enqueue("a.name")
    work(until_idle=True)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error_class) == ("failed", 2, "builtins.RuntimeError")
    summary, _, trace = job.error.partition("\n\n")
    assert summary == "第 2 次执行出错：RuntimeError：第2回坏了"
    assert "in handler" in trace
    assert job.finished_at


def test_a_refusal_is_an_answer_and_is_not_tried_again():
    def handler(job):
        raise Refused("batch.withdrawn", "批次已撤回，不能发布。")

    queue.handles("a.name")(handler)
    job = queue.enqueue("a.name")
    assert work(until_idle=True) == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 1)
    assert job.error.startswith("批次已撤回，不能发布。\n")


def test_a_result_that_is_not_json_fails_the_job():
    queue.handles("a.name", max_attempts=1)(lambda job: object())
    job = queue.enqueue("a.name")
    work(until_idle=True)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "not JSON serializable" in job.error


def test_a_handler_that_breaks_a_transaction_breaks_only_its_own():
    def handler(job):
        Period.objects.create(pk="effect")
        with transaction.atomic():
            Period.objects.create(pk="taken")

    Period.objects.create(pk="taken")
    queue.handles("a.name", max_attempts=1)(handler)
    queue.handles("b.name")(lambda job: None)
    broken, fine = queue.enqueue("a.name"), queue.enqueue("b.name")
    assert work(until_idle=True) == 2
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, fine.state) == ("failed", "done")
    assert broken.error_class == f"{IntegrityError.__module__}.IntegrityError"


def test_a_job_told_to_stop_returns_whole_and_goes_on_later():
    stop = threading.Event()
    chunks = []

    def handler(job):
        for chunk in range(len(chunks), 4):
            chunks.append(chunk)
            job.progress(len(chunks), 4)
            if chunk == 1:
                stop.set()
            if job.should_stop:
                job.give_back()

    queue.handles("a.name", max_attempts=1)(handler)
    job = queue.enqueue("a.name")
    assert work(until_idle=True, stop=stop) == 0
    job.refresh_from_db()
    assert (job.state, job.attempts, job.progress_done, job.worker) == ("ready", 0, 2, "")
    stop.clear()
    assert work(until_idle=True) == 1
    assert chunks == [0, 1, 2, 3]
    assert not Worker.objects.exists()


def test_a_job_given_back_unasked_rests_a_little(monkeypatch):
    monkeypatch.setattr(runner, "SLOW_POLL", 0.01)
    runs = []

    def handler(job):
        runs.append(Job.objects.get().attempts)
        if len(runs) < 3:
            job.give_back()

    queue.handles("a.name")(handler)
    queue.enqueue("a.name")
    assert work(until_idle=True) == 1
    assert runs == [1, 1, 1]


def test_a_lost_lease_cannot_acknowledge_nor_beat_nor_fail():
    queue.enqueue("a.name")
    slow = leases.claim("slow", ["a.name"])
    assert leases.claim("quick", ["a.name"]) is None
    Job.objects.update(lease_until=Now() - timedelta(seconds=1))
    quick = leases.claim("quick", ["a.name"])
    assert quick.pk == slow.pk
    with pytest.raises(leases.LeaseLost):
        leases.acknowledge(slow.pk, slow.lease_token, result="slow")
    assert not leases.extend(slow.pk, slow.lease_token)
    assert not leases.fail(slow.pk, slow.lease_token, error="e", error_class="E")
    assert not leases.rest(slow.pk, slow.lease_token, seconds=0, error="e", error_class="E")
    assert not leases.give_back(slow.pk, slow.lease_token)
    leases.acknowledge(quick.pk, quick.lease_token, result="quick")
    assert Job.objects.get().result == "quick"
    with pytest.raises(leases.LeaseLost):
        leases.acknowledge(quick.pk, quick.lease_token, result="twice")


def test_an_effect_acknowledged_in_its_own_transaction_is_undone_when_the_lease_is_lost():
    Period.objects.create(pk="counter", slot=0)

    def handler(job):
        Job.objects.filter(pk=job.id).update(lease_token="somebody else")
        with transaction.atomic():
            Period.objects.update(slot=F("slot") + 1)
            job.done("counted")

    queue.handles("a.name")(handler)
    job = queue.enqueue("a.name")
    with pytest.raises(leases.LeaseLost):
        handler(queue.JobContext(id=job.pk, name="a.name", key=None, attempt=1, payload={}, token="mine"))
    assert Period.objects.get().slot == 0


def test_an_effect_acknowledged_in_its_own_transaction_ends_the_job_once():
    Period.objects.create(pk="counter", slot=0)

    def handler(job):
        with transaction.atomic():
            Period.objects.update(slot=F("slot") + 1)
            job.done("counted")
        return "not this"

    queue.handles("a.name")(handler)
    job = queue.enqueue("a.name")
    assert work(until_idle=True) == 1
    job.refresh_from_db()
    assert (job.state, job.result, Period.objects.get().slot) == ("done", "counted", 1)


def test_a_job_that_kills_its_worker_each_time_fails_at_last():
    queue.enqueue("a.name")
    for _ in range(5):
        assert leases.claim("gone", ["a.name"], limits={"a.name": 1})
        Job.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert leases.claim("w", ["a.name"]) is None
    job = Job.objects.get()
    assert (job.state, job.attempts) == ("failed", 5)
    assert "执行进程在执行中消失" in job.error


def test_a_period_enqueues_once_in_each_interval(clock):
    queue.periodic("a.name", every=3600)
    runs = []
    queue.handles("a.name")(lambda job: runs.append(job.id))
    for _ in range(3):
        runner.tick()
    assert Job.objects.count() == 1
    assert work(until_idle=True) == 1
    assert work(until_idle=True) == 0
    clock.advance(minutes=59)
    assert work(until_idle=True) == 0
    clock.advance(minutes=1)
    assert work(until_idle=True) == 1
    clock.advance(days=365)
    assert work(until_idle=True) == 1, "a jump of a year is one new interval, not thousands"
    clock.advance(days=-365)
    assert work(until_idle=True) == 1, "a clock set back begins a new series"
    assert len(runs) == 4


def test_a_period_keeps_its_last_good_run_and_every_failed_one(clock):
    queue.periodic("a.name", every=10)
    bad = []
    queue.handles("a.name", max_attempts=1)(lambda job: 1 / 0 if bad else None)
    for n in range(6):
        if n == 3:
            bad.append(1)
        elif n == 4:
            bad.clear()
        work(until_idle=True)
        clock.advance(seconds=10)
    assert list(Job.objects.order_by("id").values_list("state", flat=True)) == ["failed", "done"]


def test_a_period_whose_last_job_is_unfinished_is_not_piled_up(clock):
    queue.periodic("a.name", every=10)
    for _ in range(5):
        runner.tick()
        clock.advance(seconds=10)
    assert Job.objects.count() == 1


def test_a_worker_a_little_behind_in_time_does_not_repeat_an_interval(clock):
    queue.periodic("a.name", every=10)
    queue.handles("a.name")(lambda job: None)
    assert work(until_idle=True) == 1
    clock.advance(seconds=-20)
    assert work(until_idle=True) == 0


def test_a_failed_job_is_retried_by_hand_once(clock):
    queue.handles("a.name", max_attempts=1)(lambda job: 1 / 0)
    job = queue.enqueue("a.name", key="k")
    work(until_idle=True)
    assert actions.retry(job.pk) is True
    assert actions.retry(job.pk) is False
    queue.handles("a.name")(lambda job: "好了")
    work(until_idle=True)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", "好了")
    assert actions.retry(job.pk) is False
    with pytest.raises(Missing):
        actions.retry(2**63)
    with pytest.raises(Missing):
        actions.retry(job.pk + 1)


def test_a_late_second_click_does_not_retry_a_newer_failure(clock):
    queue.handles("a.name", max_attempts=1)(lambda job: 1 / 0)
    job = queue.enqueue("a.name")
    work(until_idle=True)
    clock.advance(seconds=1)
    assert actions.retry(job.pk, ended=Job.objects.get().finished_at - timedelta(seconds=1)) is False
    seen = Job.objects.get().finished_at
    assert actions.retry(job.pk, ended=seen) is True
    work(until_idle=True)
    assert actions.retry(job.pk, ended=seen) is False
    assert Job.objects.get().state == "failed"


def test_a_retry_yields_to_a_newer_job_of_the_same_key():
    queue.handles("a.name", max_attempts=1)(lambda job: 1 / 0)
    failed = queue.enqueue("a.name", key="k")
    work(until_idle=True)
    queue.enqueue("a.name", key="k")
    with pytest.raises(Conflict):
        actions.retry(failed.pk)
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_done_jobs_are_kept_seven_days_and_failed_ones_stay(clock):
    queue.handles("good.name")(lambda job: None)
    queue.handles("bad.name", max_attempts=1)(lambda job: 1 / 0)
    queue.enqueue("good.name")
    queue.enqueue("bad.name")
    queue.enqueue("unknown.name")
    work(until_idle=True)
    clock.advance(days=6)
    assert actions.prune() == 0
    clock.advance(days=2)
    assert actions.prune() == 1
    assert queries.counts() == {"ready": 1, "running": 0, "done": 0, "failed": 1}
