"""In the background: what falls due is told; clocks are reckoned anew when a calendar was loaded."""

from shiheng.jobs import queue
from shiheng.jobs.queue import JobContext
from shiheng.procedures import actions, reminders

RESETTLE = "procedures.resettle"


@queue.handles(reminders.JOB, title="案卷到期提醒")
def remind(_job: JobContext) -> int:
    return reminders.send()


@queue.handles(RESETTLE, title="按新日历重新计算期限")
def resettle(job: JobContext) -> int:
    return len(actions.resettle(lambda done, total: job.progress(done, total, "案卷")))


queue.periodic(reminders.JOB, every=43_200)
queue.periodic(RESETTLE, every=600)
