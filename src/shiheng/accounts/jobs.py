"""What this room does without a person waiting: sending messages, and sweeping sessions that are over."""

from datetime import timedelta

from axes.models import AccessFailureLog

from shiheng.accounts import outbox
from shiheng.accounts.models import Session
from shiheng.jobs import queue
from shiheng.kernel import clock

# The failure log feeds the wider lockouts (an hour) and is kept half a year, as network logs must be.
KEEP_FAILURES = timedelta(days=183)


@queue.handles(outbox.SEND, title="发送消息", max_attempts=1)
def send(job: queue.JobContext, message: int) -> str:  # noqa: ARG001
    return outbox.send(message).state


@queue.handles("accounts.sweep", title="清理过期登录")
def sweep(job: queue.JobContext) -> int:  # noqa: ARG001
    """Delete sessions past their day: what is over must not lie about as something one could steal."""
    now = clock.machine()
    AccessFailureLog.objects.filter(attempt_time__lt=now - KEEP_FAILURES).delete()
    return Session.objects.filter(expire_date__lt=now).delete()[0]


queue.periodic("accounts.sweep", every=3600)
