"""Who holds a job: every step is one compare-and-set on the lease's token, so no row lock is needed on any database.

Leases are measured by the database's clock. It is the one clock all workers share, it is not the platform's clock
(which a demonstration shifts), and two machines that disagree about the time still agree about a lease.
"""

import os
import socket
import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from shiheng.jobs.models import DONE, FAILED, READY, RUNNING, UNFINISHED, Job, Worker
from shiheng.kernel import clock

LEASE = timedelta(seconds=15)
# A live process on this machine may be late with its heartbeat (one long SQLite transaction locks the file, its own
# heartbeat included); its jobs are taken from it only after this long.
GRACE = timedelta(minutes=10)
# A dead worker is nobody's failed attempt, so even a job that is tried once only is begun again, but not for ever.
LOST_MOST = 5
LOOK_AHEAD = 16
SHELF_SECONDS = 0.2  # an urgent job waits at most this long behind others that were seen before it came

Reported = tuple[int, int | None, str]


class LeaseLost(Exception):  # noqa: N818 - says what happened
    """The job is held by somebody else now, or has ended: whatever was done for it must not be acknowledged."""


def due(names: Collection[str]) -> QuerySet[Job]:
    """Unfinished jobs of these names whose day has come, whoever holds them."""
    return Job.objects.filter(state__in=UNFINISHED, name__in=names).filter(
        Q(run_after__isnull=True) | Q(run_after__lte=clock.now())
    )


@dataclass
class Shelf:
    """Free jobs a worker saw a moment ago, so that short jobs do not cost a search each; a seen job may be gone."""

    jobs: list[Job] = field(default_factory=list)
    seen_at: float = 0.0

    def fresh(self) -> bool:
        return bool(self.jobs) and time.monotonic() - self.seen_at < SHELF_SECONDS


def claim(
    worker: str,
    names: Collection[str],
    *,
    limits: Mapping[str, int] = MappingProxyType({}),
    holding: Collection[int] = (),
    shelf: Shelf | None = None,
) -> Job | None:
    """Take one job that nobody holds, the most urgent and oldest first, or none.

    Also takes over a job whose holder fell silent. ``holding`` are the jobs this worker has in hand: of its own silent
    jobs it need not ask whether it lives. ``limits`` are the attempts the handlers of this process allow.
    """
    shelf = shelf or Shelf()
    if shelf.fresh():
        job = shelf.jobs.pop(0)
        if _take(job, worker, limits, holding):
            return job
        # Somebody else works on the same rows: what was seen is worth little, so look again.
    free = due(names).filter(Q(lease_until__isnull=True) | Q(lease_until__lte=Now()))
    shelf.jobs = list(free.order_by("-priority", "id")[:LOOK_AHEAD])
    shelf.seen_at = time.monotonic()
    while shelf.jobs:
        job = shelf.jobs.pop(0)
        if _take(job, worker, limits, holding):
            return job
    return None


def _take(job: Job, worker: str, limits: Mapping[str, int], holding: Collection[int]) -> bool:
    """Make the job ours if it still is as it was seen.

    The number of attempts is compared too: a job that was claimed, failed and put back to rest since looks the same
    otherwise. One that was lost again and again is ended as failed, because it probably kills its worker.
    """
    if job.state == RUNNING and (job.pk in holding or (job.worker != worker and _still_at_work(job))):
        return False
    limit = limits.get(job.name, job.max_attempts)
    unchanged = Job.objects.filter(pk=job.pk, state=job.state, lease_token=job.lease_token, attempts=job.attempts)
    if job.state == RUNNING and job.attempts >= max(limit, LOST_MOST):
        unchanged.update(
            state=FAILED,
            lease_token="",
            lease_until=None,
            finished_at=clock.now(),
            error=f"执行进程在执行中消失，已 {job.attempts} 次，不再重试。请查看服务器日志与内存，处理后重试。",
            error_class="shiheng.jobs.leases.LeaseLost",
        )
        return False
    taken = {
        "state": RUNNING,
        "lease_token": uuid.uuid4().hex,
        "worker": worker,
        "workers": [*job.workers, worker],
        "attempts": job.attempts + 1,
        "max_attempts": limit,
        "started_at": clock.now(),
    }
    if unchanged.update(lease_until=Now() + LEASE, **taken) != 1:
        return False
    for name, value in taken.items():
        setattr(job, name, value)
    return True


def _still_at_work(job: Job) -> bool:
    """True when the silent holder is a live process of this machine and has not been silent for unduly long."""
    if not Job.objects.filter(pk=job.pk, lease_until__gt=Now() - GRACE).exists():
        return False
    holder = Worker.objects.filter(pk=job.worker, place=PLACE).first()
    return holder is not None and holder.born == born(holder.pid)


def _held(job_id: int, token: str) -> QuerySet[Job]:
    return Job.objects.filter(pk=job_id, state=RUNNING, lease_token=token)


def _shown(reported: Reported | None) -> dict[str, Any]:
    if reported is None:
        return {}
    return dict(zip(("progress_done", "progress_total", "progress_text"), reported, strict=True))


def extend(job_id: int, token: str, *, reported: Reported | None = None) -> bool:
    """Heartbeat: hold the job for another lease. False when it is no longer ours."""
    return _held(job_id, token).update(lease_until=Now() + LEASE, **_shown(reported)) == 1


def acknowledge(job_id: int, token: str, *, result: Any, reported: Reported | None = None) -> None:
    """End the job as done, if it is still ours."""
    ended = _held(job_id, token).update(
        state=DONE,
        result=result,
        error="",
        error_class="",
        lease_token="",
        lease_until=None,
        finished_at=clock.now(),
        **_shown(reported),
    )
    if ended != 1:
        raise LeaseLost(f"job {job_id}")


def give_back(job_id: int, token: str, *, seconds: float = 0.0, reported: Reported | None = None) -> bool:
    """Return an unfinished job, to go on after some real seconds; the attempt does not count, for it did not fail."""
    return (
        _held(job_id, token).update(
            state=READY,
            lease_token="",
            lease_until=Now() + timedelta(seconds=seconds) if seconds else None,
            worker="",
            attempts=F("attempts") - 1,
            **_shown(reported),
        )
        == 1
    )


def rest(job_id: int, token: str, *, seconds: float, error: str, error_class: str) -> bool:
    """Put a failed attempt back, to be tried again after some real seconds."""
    return (
        _held(job_id, token).update(
            state=READY,
            lease_token="",
            lease_until=Now() + timedelta(seconds=seconds),
            error=error,
            error_class=error_class,
        )
        == 1
    )


def fail(job_id: int, token: str, *, error: str, error_class: str) -> bool:
    """End the job as failed; a person decides whether to try again."""
    return (
        _held(job_id, token).update(
            state=FAILED,
            lease_token="",
            lease_until=None,
            error=error,
            error_class=error_class,
            finished_at=clock.now(),
        )
        == 1
    )


# Workers and whether they live.


def _place() -> str:
    """This boot of this machine and its space of process ids: only inside it does a process id mean anything."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}:{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return f"{socket.gethostname()}:{uuid.getnode():x}"


PLACE = _place()


def born(pid: int) -> str:
    """When the process of this id began, as an opaque text; empty when there is none. Ids come back, births do not."""
    try:
        # Field 22, counted after the command's closing bracket (a command may hold spaces and brackets itself).
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except OSError:
        if Path("/proc/self/stat").exists():
            return ""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "alive"


def enrol() -> Worker:
    """Enter this process as a worker."""
    return Worker.objects.create(
        id=uuid.uuid4().hex,
        host=socket.gethostname()[:255],
        place=PLACE,
        pid=os.getpid(),
        born=born(os.getpid()),
        started_at=clock.now(),
        seen_at=Now(),
    )


def free_lost() -> int:
    """Let go the jobs of workers of this machine that no longer run, without waiting for their leases."""
    freed = 0
    for worker in Worker.objects.filter(place=PLACE):
        if worker.born == born(worker.pid):
            continue
        freed += Job.objects.filter(worker=worker.pk, state=RUNNING).update(lease_until=Now())
        worker.delete()
    # A worker of another machine, or of this one before it restarted, that has been silent for a day.
    Worker.objects.filter(seen_at__lt=Now() - timedelta(days=1)).delete()
    return freed
