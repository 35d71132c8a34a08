"""What goes on without anybody waiting: every minute each subscription is moved, and officers are told what is new."""

from shiheng.jobs import queue
from shiheng.jobs.queue import JobContext
from shiheng.publication.exchange import actions, sending
from shiheng.publication.models import Subscription
from shiheng.publication.notices import gathering as notices_gathering
from shiheng.publication.notices import sending as notices_sending
from shiheng.publication.pushing import gathering


@queue.handles("exchange.turn", title="数据交换轮次")
def turn(_job: JobContext) -> int:
    """One job a subscription, so that a slow receiver holds up nobody else."""
    codes = list(Subscription.objects.filter(state="approved").values_list("code", flat=True))
    for code in codes:
        queue.enqueue(actions.MOVE, key=code, code=code)
    return len(codes)


@queue.handles(actions.MOVE, title="数据交换")
def move(job: JobContext, code: str) -> None:
    sending.move(code, should_stop=lambda: job.should_stop)


@queue.handles("pushing.turn", title="推送给工作人员")
def push(_job: JobContext) -> int:
    """What changed since the last turn goes to the officers it concerns."""
    return gathering.gather()


@queue.handles("notices.turn", title="公示信息轮次")
def notices(job: JobContext) -> int:
    """New decisions become drafts, what is over comes down, and each receiver gets what it is owed."""
    made, down = notices_gathering.turn()
    for receiver in notices_sending.every():
        notices_sending.turn(receiver.code, should_stop=lambda: job.should_stop)
    return made + down


queue.periodic("exchange.turn", every=60)
queue.periodic("notices.turn", every=60)
queue.periodic("pushing.turn", every=60)
