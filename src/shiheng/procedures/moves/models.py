"""What would move open files, as it was shown before it was confirmed, and what became of each. Written by actions."""

from django.db import models
from django.db.models import Q


class Move(models.Model):
    """变动预览: one reason for which clocks or versions of open files would be others.

    A confirmed move of the kind ``calendar`` is the calendar files are reckoned by: its rows stand in ``days``. One of
    the kind ``choice`` says by which day the version of a file is found.
    """

    KINDS = {"calendar": "载入放假安排", "version": "新规定施行", "choice": "本局选择适用规则"}
    STATES = {
        "reading": "正在计算",
        "waiting": "待确认",
        "running": "正在写入",
        "done": "已确认",
        "adopted": "无须确认",
        "declined": "不采用",
        "superseded": "已被取代",
    }

    kind = models.CharField("原因", max_length=16, choices=list(KINDS.items()))
    procedure = models.CharField("程序", max_length=64, blank=True)
    version = models.DateField("程序版本", null=True)
    rule = models.CharField("适用规则", max_length=64, blank=True)
    state = models.CharField("状态", max_length=16, default="reading", choices=list(STATES.items()))
    calendar = models.CharField("日历版本", max_length=64, blank=True)
    days = models.JSONField("放假安排", default=list)
    reason = models.CharField("说明", max_length=500, blank=True)
    made_at = models.DateTimeField("提出时间")
    by = models.CharField("提出人", max_length=100)
    files = models.IntegerField("涉及案卷", default=0)
    moved = models.IntegerField("已变动", default=0)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.CharField("决定人", max_length=100, blank=True)
    decided_why = models.CharField("决定理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "变动预览"
        indexes = [
            models.Index(fields=["kind", "state", "-id"], name="move_in_force"),
            models.Index(fields=["state"], condition=Q(state__in=["reading", "waiting", "running"]), name="move_open"),
        ]


class Moved(models.Model):
    """变动案卷: one clock of one file, from which day to which; or why the file stays as it is."""

    OUTCOMES = {"would": "将变动", "stays": "不变动", "moved": "已变动", "changed": "期间有人办理"}

    move = models.ForeignKey(Move, models.CASCADE, related_name="rows", db_index=False)
    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="+", db_index=False)
    limit = models.CharField("期限事项", max_length=64, blank=True)
    party = models.IntegerField("当事人序号", default=0)
    before = models.DateField("原届满日", null=True)
    after = models.DateField("新届满日", null=True)
    version_before = models.DateField("原版本")
    version_after = models.DateField("新版本")
    why = models.CharField("原因", max_length=500, blank=True)
    outcome = models.CharField("结果", max_length=16, default="would", choices=list(OUTCOMES.items()))

    class Meta:
        verbose_name = "变动案卷"
        constraints = [
            models.UniqueConstraint(fields=["move", "proceeding", "limit", "party"], name="one_moved_clock_once")
        ]
