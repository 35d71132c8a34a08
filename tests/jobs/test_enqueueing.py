"""What a caller may rely on when it puts work into the table."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from shiheng.jobs import queries, queue
from shiheng.jobs.models import Job
from shiheng.jobs.runner import work

pytestmark = pytest.mark.django_db


def test_the_row_holds_what_was_asked_and_waits(clock):
    job = queue.enqueue("a.name", priority=3, batch=12, names=["甲", "乙"])
    row = Job.objects.get(pk=job.pk)
    assert (row.name, row.payload, row.priority, row.state) == (
        "a.name",
        {"batch": 12, "names": ["甲", "乙"]},
        3,
        "ready",
    )
    assert row.enqueued_at == clock.moment
    assert row.key is None


def test_an_unfinished_key_gives_the_same_job_and_a_finished_one_a_new_job():
    queue.handles("a.name")(lambda job, **payload: None)
    first = queue.enqueue("a.name", key="batch:1", n=1)
    assert queue.enqueue("a.name", key="batch:1", n=2).pk == first.pk
    assert queue.enqueue("a.name", key="batch:2").pk != first.pk
    assert queue.enqueue("other.name", key="batch:1").pk != first.pk
    work(until_idle=True, names=frozenset({"a.name"}))
    assert queue.enqueue("a.name", key="batch:1").pk != first.pk


def test_two_jobs_without_a_key_are_two_jobs():
    assert queue.enqueue("a.name").pk != queue.enqueue("a.name").pk


def test_a_lost_race_for_a_key_leaves_the_callers_transaction_usable(monkeypatch):
    first = queue.enqueue("a.name", key="k")
    real, calls = Job.objects.filter, []

    def blind_once(*args, **kwargs):
        calls.append(kwargs)
        return Job.objects.none() if len(calls) == 1 else real(*args, **kwargs)

    monkeypatch.setattr(Job.objects, "filter", blind_once)
    with transaction.atomic():
        assert queue.enqueue("a.name", key="k").pk == first.pk
        monkeypatch.undo()
        queue.enqueue("a.name", key="still usable")
    assert Job.objects.filter(name="a.name").count() == 2


def test_a_rolled_back_transaction_leaves_no_job():
    with transaction.atomic():
        queue.enqueue("a.name", key="k")
        queue.enqueue("a.name")
        assert Job.objects.count() == 2
        transaction.set_rollback(True)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "payload", [{"x": object()}, {"x": {1, 2}}, {"x": b"bytes"}, {"x": float("nan")}, {"x": "a\x00b"}]
)
def test_what_json_or_a_database_cannot_hold_is_refused_at_once(payload):
    with pytest.raises((TypeError, ValueError)):
        queue.enqueue("a.name", **payload)
    assert not Job.objects.exists()


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        queue.enqueue("a.name", at=datetime(2026, 11, 20))


def test_a_job_of_a_later_day_waits_for_the_platforms_clock(clock):
    ran = []
    queue.handles("a.name")(lambda job: ran.append(job.id))
    queue.enqueue("a.name", at=clock.moment + timedelta(days=30))
    assert work(until_idle=True) == 0
    clock.advance(days=29)
    assert work(until_idle=True) == 0
    clock.advance(days=1)
    assert work(until_idle=True) == 1
    assert len(ran) == 1


def test_a_name_nobody_handles_waits_and_is_named_as_such():
    queue.handles("known.name")(lambda job: None)
    waiting = queue.enqueue("unknown.name", priority=100)
    queue.enqueue("known.name")
    assert work(until_idle=True) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("ready", 0)
    assert queries.unhandled() == {"unknown.name": 1}
    queue.handles("unknown.name")(lambda job: "now it is handled")
    assert work(until_idle=True) == 1
    waiting.refresh_from_db()
    assert waiting.result == "now it is handled"
    assert queries.unhandled() == {}
