"""The backend of Django's Tasks API over the work rows: ``@task`` functions are enqueued in the caller's transaction.

A task is known by its function's path; it registers itself when its module is read, so a worker runs only what its
own code declares and never imports a path that merely stands in a row.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string
from django_tasks import TaskContext, TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError
from django_tasks.exceptions import TaskResultDoesNotExist

from shiheng.jobs import queue
from shiheng.jobs.models import DONE, FAILED, READY, RUNNING, Job

STATUSES = {
    READY: TaskResultStatus.READY,
    RUNNING: TaskResultStatus.RUNNING,
    DONE: TaskResultStatus.SUCCESSFUL,
    FAILED: TaskResultStatus.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedTask(Task):
    """A task of this backend: declaring it makes its name known to the workers of this process."""

    max_attempts: int = queue.DEFAULT_ATTEMPTS
    backoff: float = 2.0

    def __post_init__(self) -> None:
        # Not super(): a dataclass with slots is made anew, and the nameless form would mean the first class.
        Task.__post_init__(self)
        queue.register(queue.Handler(self.module_path, self.perform, self.max_attempts, self.backoff))

    def perform(self, job: queue.JobContext) -> Any:
        args, kwargs = job.payload["args"], job.payload["kwargs"]
        if self.takes_context:
            return self.call(TaskContext(task_result=self.get_backend().get_result(str(job.id))), *args, **kwargs)
        return self.call(*args, **kwargs)


class LeaseBackend(BaseTaskBackend):
    """Named in ``settings.TASKS``."""

    task_class = LeasedTask
    supports_defer = True
    supports_async_task = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        self.validate_task(task)
        job = queue.insert(
            task.module_path,
            {"args": list(args), "kwargs": kwargs},
            key=None,
            at=task.run_after,
            priority=task.priority,
            queue=task.queue_name,
        )
        return self._result(job, task)

    def get_result(self, result_id: str) -> TaskResult:
        try:
            job = Job.objects.get(pk=int(result_id))
        except (ValueError, Job.DoesNotExist):
            raise TaskResultDoesNotExist(result_id) from None
        task = import_string(job.name) if job.name in queue.HANDLERS else None
        if not isinstance(task, Task):  # a named job is no task; its row is read with jobs.queries
            raise TaskResultDoesNotExist(result_id)
        return self._result(job, task)

    def _result(self, job: Job, task: Task) -> TaskResult:
        result: TaskResult = TaskResult(
            task=task.using(priority=job.priority, queue_name=job.queue, run_after=job.run_after),
            id=str(job.pk),
            status=STATUSES[job.state],
            enqueued_at=job.enqueued_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            last_attempted_at=job.started_at,
            args=job.payload["args"],
            kwargs=job.payload["kwargs"],
            backend=self.alias,
            errors=[TaskError(exception_class_path=job.error_class, traceback=job.error)] if job.error else [],
            worker_ids=list(job.workers),
        )
        object.__setattr__(result, "_return_value", job.result)
        return result
