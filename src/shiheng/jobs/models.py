"""Work rows: what is to be done, who holds it until when, and how it ended."""

from django.db import models
from django.db.models import Q

READY, RUNNING, DONE, FAILED = "ready", "running", "done", "failed"
UNFINISHED = (READY, RUNNING)


class Job(models.Model):
    """作业. Held by ``lease_token`` until ``lease_until``; whoever lost the token can no longer end the job.

    ``lease_until`` is real time by the database's clock (one clock for every worker on every machine), and on a ready
    row means "rest until then" before a retry. ``run_after`` is the platform's clock, which a demonstration may shift:
    it says on which day the law wants the work, not how long a process may be silent. An empty one means at once.
    """

    STATES = {READY: "等待", RUNNING: "执行中", DONE: "完成", FAILED: "失败"}

    name = models.CharField("作业名", max_length=200)
    payload = models.JSONField("参数", default=dict)
    key = models.CharField("唯一键", max_length=200, null=True)  # noqa: DJ001 - no key is not the empty key
    queue = models.CharField("队列", max_length=64, default="default")
    priority = models.SmallIntegerField("优先级", default=0)
    run_after = models.DateTimeField("不早于", null=True)
    state = models.CharField("状态", max_length=8, choices=list(STATES.items()), default=READY)
    attempts = models.PositiveIntegerField("已执行次数", default=0)
    max_attempts = models.PositiveIntegerField("最多次数", default=5)
    lease_token = models.CharField("租约", max_length=32, blank=True, default="")
    lease_until = models.DateTimeField("租约至", null=True)
    worker = models.CharField("执行进程", max_length=32, blank=True, default="")
    workers = models.JSONField("历次执行进程", default=list)
    progress_done = models.BigIntegerField("已完成", default=0)
    progress_total = models.BigIntegerField("总数", null=True)
    progress_text = models.CharField("进度说明", max_length=200, blank=True, default="")
    result = models.JSONField("结果", null=True)
    error = models.TextField("错误", blank=True, default="")
    error_class = models.CharField("错误类别", max_length=200, blank=True, default="")
    enqueued_at = models.DateTimeField("提交时间")
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "作业"
        constraints = [
            models.UniqueConstraint(
                fields=["name", "key"], condition=Q(state__in=UNFINISHED), name="one_unfinished_job_a_key"
            ),
        ]
        indexes = [
            models.Index(fields=["-priority", "id"], condition=Q(state__in=UNFINISHED), name="job_unfinished"),
            models.Index(fields=["state", "-id"], name="job_state"),
        ]


class Worker(models.Model):
    """执行进程. ``place`` names the machine and its space of process ids: there a sibling sees whether it lives."""

    id = models.CharField("编号", max_length=32, primary_key=True)
    host = models.CharField("主机", max_length=255)
    place = models.CharField("进程空间", max_length=255, db_index=True)
    pid = models.BigIntegerField("进程号")
    born = models.CharField("进程启动时刻", max_length=64)
    started_at = models.DateTimeField("登记时间")
    seen_at = models.DateTimeField("最近一次报到")

    class Meta:
        verbose_name = "执行进程"


class Period(models.Model):
    """周期: the slot that was last enqueued, moved on by compare-and-set, so one worker of many wins each slot."""

    name = models.CharField("作业名", max_length=200, primary_key=True)
    slot = models.BigIntegerField("最近一期", default=-1)
    last_job = models.BigIntegerField("最近一次作业", null=True)

    class Meta:
        verbose_name = "周期作业"
