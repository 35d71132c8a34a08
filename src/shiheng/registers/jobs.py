"""In the background: imports read and written, acts taken back, reminders sent, fed registers brought up to date."""

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import SYSTEM, Who
from shiheng.accounts.queries import who_of
from shiheng.jobs import queue
from shiheng.jobs.queue import JobContext
from shiheng.registers import feeding, importing, reminders, undoing
from shiheng.registers.models import Act


def _who(act: Act) -> Who:
    """Whoever began the act, with the powers they hold now."""
    return who_of(Account.objects.filter(pk=act.account_id).first()) if act.account_id else SYSTEM


@queue.handles(importing.READ_JOB, title="读取名录导入文件")
def read(job: JobContext, act: int) -> None:
    found = Act.objects.get(pk=act)
    importing.read(_who(found), found, progress=lambda done, total: job.progress(done, total or None, "行"))


@queue.handles(importing.WRITE_JOB, title="写入名录条目")
def write(job: JobContext, act: int) -> None:
    found = Act.objects.get(pk=act)
    whole = importing.write(
        _who(found), found, progress=lambda done, total: job.progress(done, total, "条目"),
        should_stop=lambda: job.should_stop,
    )  # fmt: skip
    if not whole:
        job.give_back()


@queue.handles(undoing.JOB, title="撤销批量办理")
def undo(job: JobContext, act: int) -> None:
    found = Act.objects.get(pk=act)
    if found.state != "undoing":
        return
    whole = undoing.run(
        _who(found), found, progress=lambda done, total: job.progress(done, total, "条目"),
        should_stop=lambda: job.should_stop,
    )  # fmt: skip
    if not whole:
        job.give_back()


@queue.handles(reminders.JOB, title="名录到期提醒")
def remind(_job: JobContext) -> int:
    return reminders.send()


@queue.handles(feeding.JOB, title="用部门来文更新名录")
def feed(job: JobContext) -> None:
    whole = feeding.run(
        progress=lambda done, total: job.progress(done, total, "条目"), should_stop=lambda: job.should_stop
    )
    if not whole:
        job.give_back()


queue.periodic(reminders.JOB, every=86_400)
queue.periodic(feeding.JOB, every=600)
