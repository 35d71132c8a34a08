"""Functions of Django's Tasks API live in the same table and come back as its results."""

import asyncio
import importlib
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connections, transaction
from django_tasks import TaskResultStatus, default_task_backend
from django_tasks.exceptions import TaskResultDoesNotExist, TaskResultMismatch

from shiheng.jobs import queue
from shiheng.jobs.models import Job
from shiheng.jobs.runner import work
from tests.jobs import tasks_sample

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def declared(own_names):
    importlib.reload(tasks_sample)


def test_a_task_is_enqueued_runs_and_gives_its_result():
    result = tasks_sample.add.enqueue(2, b=3)
    assert (result.status, result.args, result.kwargs) == (TaskResultStatus.READY, [2], {"b": 3})
    assert Job.objects.get().name == "tests.jobs.tasks_sample.add"
    assert work(until_idle=True) == 1
    assert not result.is_finished, "a result is read anew on request only"
    result.refresh()
    assert (result.status, result.return_value, result.attempts) == (TaskResultStatus.SUCCESSFUL, 5, 1)
    assert tasks_sample.add.get_result(result.id).return_value == 5


def test_a_task_of_a_rolled_back_transaction_was_never_enqueued():
    with transaction.atomic():
        result = tasks_sample.add.enqueue(1)
        transaction.set_rollback(True)
    with pytest.raises(TaskResultDoesNotExist):
        tasks_sample.add.get_result(result.id)


def test_priority_queue_day_and_context_reach_the_row_and_the_function(clock):
    waits = tasks_sample.attempt_of.using(run_after=clock.moment + timedelta(days=1)).enqueue()
    row = Job.objects.get()
    assert (row.priority, row.queue, row.run_after) == (7, "slow", clock.moment + timedelta(days=1))
    assert work(until_idle=True) == 0
    clock.advance(days=1)
    work(until_idle=True)
    assert tasks_sample.attempt_of.get_result(waits.id).return_value == {"attempt": 1, "id": waits.id}


def test_a_task_that_breaks_gives_its_error():
    result = tasks_sample.breaks.enqueue()
    work(until_idle=True)
    result.refresh()
    assert result.status == TaskResultStatus.FAILED
    assert result.errors[0].exception_class is LookupError
    assert "没有" in result.errors[0].traceback


def test_a_coroutine_is_a_task_too():
    result = tasks_sample.later.enqueue("ab")
    work(until_idle=True)
    assert default_task_backend.get_result(result.id).return_value == "abab"


@pytest.mark.django_db(transaction=True)
def test_results_can_be_awaited():
    async def both():
        try:
            result = await tasks_sample.add.aenqueue(4)
            return await tasks_sample.add.aget_result(result.id)
        finally:
            await sync_to_async(connections.close_all)()  # the thread that served this loop keeps its own

    assert asyncio.run(both()).args == [4]


def test_another_tasks_result_and_a_named_job_are_told_apart():
    result = tasks_sample.add.enqueue(1)
    with pytest.raises(TaskResultMismatch):
        tasks_sample.breaks.get_result(result.id)
    named = queue.enqueue("a.name")
    for wrong in (str(named.pk), "0", "not a number"):
        with pytest.raises(TaskResultDoesNotExist):
            default_task_backend.get_result(wrong)


def test_arguments_that_are_not_json_are_refused():
    with pytest.raises(TypeError):
        tasks_sample.add.enqueue(object())
    assert not Job.objects.exists()
