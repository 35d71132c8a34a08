"""Batches move on without anybody waiting; a batch left behind is taken up again."""

from datetime import timedelta
from typing import Any

from shiheng.accounts.models import Account
from shiheng.accounts.queries import who_of
from shiheng.fusion import actions, asking, matching, mending, prepared, reminders, resealing, uploads
from shiheng.fusion.models import Batch
from shiheng.jobs import queue
from shiheng.jobs.queue import JobContext
from shiheng.kernel import clock


@queue.handles(actions.ADVANCE, title="处理来源批次")
def advance(job: JobContext, batch: int) -> None:
    """Take one batch as far as it goes; stops between chunks when the worker is to end."""
    done = actions.advance(
        batch,
        progress=lambda step, at, total: job.progress(at, total or None, step),
        should_stop=lambda: job.should_stop,
    )
    if done.state not in actions.DONE:
        job.give_back()


@queue.handles(resealing.JOB, title="用现行密钥重新加密个人信息")
def reseal(job: JobContext) -> None:
    """Seal anew what is sealed under earlier keys, and destroy those; taken up again by going through it once more."""
    done = resealing.run(
        progress=lambda step, at, total: job.progress(at, total or None, step), should_stop=lambda: job.should_stop
    )
    if done.stopped:
        job.give_back()


@queue.handles("fusion.sweep", title="续办中断的批次")
def sweep(_job: JobContext) -> None:
    """A batch whose landing process died before the queue heard of it, or whose job was lost, is enqueued again."""
    left = Batch.objects.exclude(state__in=actions.DONE).filter(landed_at__lt=clock.now() - timedelta(minutes=5))
    for batch in left.values_list("pk", flat=True):
        queue.enqueue(actions.ADVANCE, key=f"batch:{batch}", batch=batch)


@queue.handles(matching.JOB, title="比对无码行")
def match(job: JobContext) -> None:
    """Judge the rows without a code anew until the register stands still."""
    while not job.should_stop:
        done = matching.settle(
            progress=lambda step, at, total: job.progress(at, total or None, step), should_stop=lambda: job.should_stop
        )
        if done.stands:
            return
    job.give_back()


@queue.handles(asking.JOB, title="准备比对用的登记簿")
def prepare(_job: JobContext) -> None:
    """Make the register anew for whoever asks about one record."""
    prepared.register(matching.register)


@queue.handles("fusion.uploads")
def sweep_uploads(_job: JobContext) -> None:
    """Uploads begun a week ago and never finished are forgotten."""
    uploads.sweep()


@queue.handles("fusion.remind", title="自动催报")
def remind(_job: JobContext) -> None:
    """Departments whose files are late are told, as often as the house's rule says."""
    reminders.remind_late()


@queue.handles(mending.ENTER, title="修正行入档")
def enter(_job: JobContext, batch: int) -> None:
    """Land what has been mended of a batch."""
    mending.enter(batch)


@queue.handles(mending.MANY, title="按原因批量处置隔离行")
def mend_many(job: JobContext, account: int, step: str, why: str, chosen: dict[str, Any]) -> dict[str, int]:
    """A bulk step over refused rows, with the powers its officer has now."""
    who = who_of(Account.objects.filter(pk=account).first())
    done = mending.through(
        step,
        mending.Chosen(**chosen),
        who=who,
        why=why,
        progress=lambda at, total: job.progress(at, total, "隔离行"),
        should_stop=lambda: job.should_stop,
    )
    if job.should_stop:
        job.give_back()
    return done


queue.periodic(matching.JOB, every=300)
queue.periodic("fusion.remind", every=86_400)
queue.periodic("fusion.uploads", every=86_400)
queue.periodic("fusion.sweep", every=300)
queue.periodic(resealing.JOB, every=3600)
