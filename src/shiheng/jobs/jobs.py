"""The room's own house-keeping."""

from shiheng.jobs import actions, queue


@queue.handles("jobs.prune", title="清理已完成作业")
def prune(job: queue.JobContext) -> int:  # noqa: ARG001 - every handler receives its job
    return actions.prune()


queue.periodic("jobs.prune", every=3600)
