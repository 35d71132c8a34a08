"""What a person or the house-keeping does to finished jobs."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from shiheng.jobs import queries
from shiheng.jobs.models import DONE, FAILED, READY, Job
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict

KEPT = timedelta(days=7)
PRUNED_AT_ONCE = 1000


def retry(job_id: int, *, ended: datetime | None = None) -> bool:
    """Put a failed job back with all its attempts. False when it was not failed: a second click changes nothing.

    ``ended`` is the end the person saw: a job that was retried and failed again since is not retried a second time
    by the same click.
    """
    failed = Job.objects.filter(pk=queries.job(job_id).pk, state=FAILED)
    if ended is not None:
        failed = failed.filter(finished_at=ended)
    try:
        with transaction.atomic():
            back = failed.update(
                state=READY, attempts=0, lease_token="", lease_until=None, finished_at=None, started_at=None
            )
    except IntegrityError:
        raise Conflict(
            "jobs.key_taken", "已有同一唯一键的作业正在等待或执行，无需重试本作业；请等它结束后再看。", job=job_id
        ) from None
    return back == 1


def prune() -> int:
    """Delete done jobs past their keeping time, a bounded number in a transaction; failed ones stay for a person."""
    deleted = 0
    while True:
        old = Job.objects.filter(state=DONE, finished_at__lt=clock.now() - KEPT).values_list("pk", flat=True)
        gone, _ = Job.objects.filter(pk__in=list(old[:PRUNED_AT_ONCE])).delete()
        deleted += gone
        if gone < PRUNED_AT_ONCE:
            return deleted
