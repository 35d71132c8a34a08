"""What goes on without anybody waiting: every minute each subscription is moved, and officers are told what is new."""

from shiheng.jobs import queue
from shiheng.jobs.queue import JobContext
from shiheng.publication.exchange import actions, sending
from shiheng.publication.models import Subscription
from shiheng.publication.notices import gathering as notices_gathering
from shiheng.publication.notices import sending as notices_sending
from shiheng.publication.opendata import actions as opendata
from shiheng.publication.opendata import watching
from shiheng.publication.portal import statistics
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


@queue.handles(opendata.MAKE, title="生成开放数据")
def make_open_data(_job: JobContext) -> int:
    """New versions of what changed, and the figures of the portal."""
    statistics.keep()
    return len(opendata.make())


@queue.handles(watching.LOOK, title="发送关注摘要")
def look(_job: JobContext) -> int:
    """Whoever watches a business is told what changed."""
    return watching.look()


queue.periodic(opendata.MAKE, every=86_400)
queue.periodic(watching.LOOK, every=86_400)
queue.periodic("exchange.turn", every=60)
queue.periodic("notices.turn", every=60)
queue.periodic("pushing.turn", every=60)
