"""What the demonstration's people do once departments' files have been taken in."""

from datetime import date, timedelta

from shiheng.fusion.actions import DONE
from shiheng.fusion.models import Batch
from shiheng.jobs import queue
from shiheng.jobs.queue import JobContext
from shiheng.kernel import clock
from shiheng.site import demo_days


@queue.handles(demo_days.AFTER, title="演示：办理来文带来的事项")
def live_after(_job: JobContext, until: str, tries: int = 0) -> None:
    """Asked again a little later while files are still on their way; each act is done once."""
    if Batch.objects.exclude(state__in=DONE).exists() and tries < demo_days.MOST_TRIES:
        later = clock.now() + timedelta(seconds=30)
        queue.enqueue(
            demo_days.AFTER, key=f"{demo_days.AFTER}:{until}:{tries + 1}", at=later, until=until, tries=tries + 1
        )
        return
    demo_days.live_after(date.fromisoformat(until))
