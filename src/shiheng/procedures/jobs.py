"""In the background: what falls due is told."""

from shiheng.jobs import queue
from shiheng.jobs.queue import JobContext
from shiheng.procedures import reminders


@queue.handles(reminders.JOB, title="案卷到期提醒")
def remind(_job: JobContext) -> int:
    return reminders.send()


queue.periodic(reminders.JOB, every=43_200)
