"""Reading the work table, for the page, the doctor and the command line."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from shiheng.jobs import queue
from shiheng.jobs.models import READY, UNFINISHED, Job, Worker
from shiheng.kernel.errors import Missing


def jobs() -> QuerySet[Job]:
    """All jobs, the newest first. The table holds no business data to scope: who may read it is the door's matter."""
    return Job.objects.order_by("-id")


def job(job_id: int) -> Job:
    found = Job.objects.filter(pk=job_id).first() if job_id < 2**63 else None
    if found is None:
        raise Missing(
            "jobs.missing",
            _("没有编号为 %(number)s 的作业，可能已过保存期（完成的作业保存 7 天）。") % {"number": job_id},
        )
    return found


def counts() -> dict[str, int]:
    """How many jobs stand in each state; every state is named, also with none."""
    found = dict(Job.objects.values_list("state").annotate(n=Count("pk")).order_by())
    return {state: found.get(state, 0) for state in Job.STATES}


def unhandled() -> dict[str, int]:
    """Names that wait although no part of this platform handles them, with how many rows each."""
    waiting = Job.objects.filter(state=READY).exclude(name__in=list(queue.HANDLERS))
    return dict(waiting.values_list("name").annotate(n=Count("pk")).order_by("name"))


def oldest_due() -> Job | None:
    """The job that has been due for longest and that nobody has begun: how far behind the workers are."""
    return (
        Job.objects.filter(state=READY, lease_until__isnull=True, name__in=list(queue.HANDLERS), run_after__isnull=True)
        .order_by("enqueued_at")
        .first()
    )


def workers() -> QuerySet[Worker]:
    """Worker processes that reported within the last half minute, each with whether it has a job in hand."""
    return (
        Worker.objects.filter(seen_at__gt=Now() - timedelta(seconds=30))
        .annotate(busy=Exists(Job.objects.filter(worker=OuterRef("pk"), state__in=UNFINISHED)))
        .order_by("started_at")
    )
