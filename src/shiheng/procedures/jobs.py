"""In the background: what falls due is told; clocks reckoned anew by a new calendar, seals made anew by a new key."""

from shiheng.jobs import queue
from shiheng.jobs.queue import JobContext
from shiheng.procedures import actions, reminders, resealing, sending
from shiheng.procedures.evidence import uploads
from shiheng.procedures.flowing import actions as flowing

RESETTLE = "procedures.resettle"
RESEAL = "procedures.reseal"
UPLOADS = "procedures.uploads"
GOODS = "procedures.goods"


@queue.handles(reminders.JOB, title="案卷到期提醒")
def remind(_job: JobContext) -> int:
    return reminders.send()


@queue.handles(RESETTLE, title="按新日历重新计算期限")
def resettle(job: JobContext) -> int:
    return len(actions.resettle(lambda done, total: job.progress(done, total, "案卷")))


@queue.handles(RESEAL, title="案卷换用新的数据密钥")
def reseal(_job: JobContext) -> int:
    return resealing.run()


@queue.handles(UPLOADS, title="清除没有传完的证据")
def sweep_uploads(_job: JobContext) -> int:
    return uploads.sweep()


queue.periodic(UPLOADS, every=86_400)


@queue.handles(GOODS, title="补记案卷的财物")
def count_goods(_job: JobContext) -> int:
    return flowing.bring_missing()


@queue.handles(sending.JOB, title="读取电子送达的回执")
def receipts(_job: JobContext) -> int:
    return sending.take_receipts()


queue.periodic(GOODS, every=86_400)
queue.periodic(reminders.JOB, every=43_200)
queue.periodic(RESETTLE, every=600)
queue.periodic(RESEAL, every=600)
queue.periodic(sending.JOB, every=300)
