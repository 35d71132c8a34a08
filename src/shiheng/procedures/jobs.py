"""In the background: what falls due is told; clocks reckoned anew by a new calendar, seals made anew by a new key."""

from shiheng.accounts.permissions import SYSTEM
from shiheng.jobs import queue
from shiheng.jobs.queue import JobContext
from shiheng.procedures import actions, reminders, resealing, sending
from shiheng.procedures.evidence import uploads
from shiheng.procedures.exchange import differing, taking
from shiheng.procedures.exchange.models import PlatformFile

RESETTLE = "procedures.resettle"
RESEAL = "procedures.reseal"
UPLOADS = "procedures.uploads"


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


@queue.handles(sending.JOB, title="读取电子送达的回执")
def receipts(_job: JobContext) -> int:
    return sending.take_receipts()


@queue.handles(taking.JOB, title="来件登记成案卷")
def orders(job: JobContext, file: int) -> int:
    found = PlatformFile.objects.get(pk=file)
    return taking.open_waiting(SYSTEM, found, lambda done, total: job.progress(done, total, "来件"))


@queue.handles(differing.JOB, title="核对平台清单")
def differences(_job: JobContext) -> int:
    return len(differing.make())


queue.periodic(differing.JOB, every=86_400)
queue.periodic(reminders.JOB, every=43_200)
queue.periodic(RESETTLE, every=600)
queue.periodic(RESEAL, every=600)
queue.periodic(sending.JOB, every=300)
