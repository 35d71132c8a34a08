"""What the subject file does by itself."""

from shiheng.jobs import queue
from shiheng.subjects import postings


@queue.handles("subjects.tidy_search", title="整理名称索引")
def tidy_search(job: queue.JobContext) -> int:  # noqa: ARG001
    """Keep the index of names in few parts, so that searches stay as quick as after a fresh start."""
    return postings.tidy()


queue.periodic("subjects.tidy_search", every=3600)
