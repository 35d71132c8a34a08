"""In the background: what falls due, what a new calendar or rule would move, seals made anew by a new key."""

from shiheng.accounts.permissions import SYSTEM
from shiheng.jobs import queue
from shiheng.jobs.queue import JobContext
from shiheng.procedures import reminders, resealing, sending
from shiheng.procedures.duty import actions as duty
from shiheng.procedures.evidence import uploads
from shiheng.procedures.exchange import differing, taking
from shiheng.procedures.exchange.models import PlatformFile
from shiheng.procedures.flowing import actions as flowing
from shiheng.procedures.moves import actions as moves
from shiheng.procedures.takeover import actions as takeover
from shiheng.procedures.triage import sketches, watch

NOTICE = "procedures.moves.notice"
LEAVES = "procedures.leaves"
RESEAL = "procedures.reseal"
UPLOADS = "procedures.uploads"
SKETCH = "procedures.triage.sketch"
GOODS = "procedures.goods"


@queue.handles(reminders.JOB, title="案卷到期提醒")
def remind(_job: JobContext) -> int:
    return reminders.send()


@queue.handles(NOTICE, title="查看放假安排和规定有无变动")
def notice(_job: JobContext) -> int:
    return len(moves.notice())


@queue.handles(moves.RECKON, title="计算哪些案卷将变动")
def reckon(job: JobContext, move: int) -> int:
    return moves.reckon(move, lambda done, total: job.progress(done, total, "案卷")).files


@queue.handles(moves.MOVE, title="变动已确认的案卷")
def carry_out(job: JobContext, move: int) -> int:
    return moves.carry_out(move, lambda done, total: job.progress(done, total, "案卷"))


@queue.handles(takeover.READ, title="读取原系统案卷")
def read_takeover(job: JobContext, batch: int) -> int:
    return takeover.read(batch, lambda done, total: job.progress(done, total or None, "行")).rows


@queue.handles(takeover.WRITE, title="接收原系统案卷")
def write_takeover(job: JobContext, batch: int, actor: str, by: str) -> int:
    return takeover.write(batch, actor, by, lambda done, total: job.progress(done, total, "行"))


@queue.handles(LEAVES, title="离岗代办和返岗交还")
def turn_over(_job: JobContext) -> int:
    return duty.turn_over()


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


@queue.handles(SKETCH, title="补作来信要点")
def sketch(_job: JobContext) -> int:
    return sketches.refresh()


@queue.handles(watch.JOB, title="专题来信达到件数的专项行动建议")
def propose(_job: JobContext) -> int:
    sketches.refresh()
    return watch.run()


queue.periodic(SKETCH, every=3_600)
queue.periodic(watch.JOB, every=43_200)
queue.periodic(GOODS, every=86_400)


@queue.handles(taking.JOB, title="来件登记成案卷")
def orders(job: JobContext, file: int) -> int:
    found = PlatformFile.objects.get(pk=file)
    return taking.open_waiting(SYSTEM, found, lambda done, total: job.progress(done, total, "来件"))


@queue.handles(differing.JOB, title="核对平台清单")
def differences(_job: JobContext) -> int:
    return len(differing.make())


queue.periodic(differing.JOB, every=86_400)
queue.periodic(reminders.JOB, every=43_200)
queue.periodic(NOTICE, every=600)
queue.periodic(LEAVES, every=3_600)
queue.periodic(RESEAL, every=600)
queue.periodic(sending.JOB, every=300)
