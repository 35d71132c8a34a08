"""What a person or the house-keeping does to finished jobs."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from shiheng.jobs.models import DONE, FAILED, READY, Job
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Missing

KEPT = timedelta(days=7)
PRUNED_AT_ONCE = 1000


def retry(job_id: int) -> bool:
    """Put a failed job back with all its attempts. False when it was not failed: a second click changes nothing."""
    try:
        with transaction.atomic():
            back = Job.objects.filter(pk=job_id, state=FAILED).update(
                state=READY, attempts=0, lease_token="", lease_until=None, finished_at=None, started_at=None
            )
    except IntegrityError:
        raise Conflict(
            "jobs.key_taken", "已有同一唯一键的作业正在等待或执行，无需重试本作业；请等它结束后再看。", job=job_id
        ) from None
    if back == 0 and not Job.objects.filter(pk=job_id).exists():
        raise Missing("jobs.missing", f"没有编号为 {job_id} 的作业，可能已过保存期（完成的作业保存 7 天）。")
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
