"""Tables of files brought from an earlier system, and what became of every row. Written by actions.

What a row said is not kept here: the table itself is, sealed, and it is read again when it is taken.
"""

from django.db import models

from shiheng.accounts.jurisdictions import ScopeField
from shiheng.subjects.models import BytewiseField


class Batch(models.Model):
    """接收批次: one table. Rows in it are those taken, those already there and those quarantined, always."""

    STATES = {
        "reading": "正在读取",
        "preview": "待确认",
        "running": "正在接收",
        "done": "已接收",
        "undone": "已撤销",
        "dropped": "已放弃",
        "refused": "整份拒收",
    }

    procedure = models.CharField("程序", max_length=64)
    scope = ScopeField("单位", db_index=False)
    state = models.CharField("状态", max_length=16, default="reading", choices=list(STATES.items()))
    filename = models.CharField("文件名", max_length=200)
    file = models.CharField("文件", max_length=64)
    rows = models.IntegerField("行数", default=0)
    taken = models.IntegerField("接收", default=0)
    already = models.IntegerField("已在系统", default=0)
    quarantined = models.IntegerField("隔离", default=0)
    reason = models.CharField("说明", max_length=500, blank=True)
    account = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+", db_index=False)
    at = models.DateTimeField("上传时间")
    by = models.CharField("上传人", max_length=100)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.CharField("撤销人", max_length=100, blank=True)
    undone_why = models.CharField("撤销理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "接收批次"


class BatchRow(models.Model):
    """接收行: one row by its number, taken, already there, or quarantined with the column and what to do."""

    OUTCOMES = {"new": "可以接收", "taken": "已接收", "already": "已在系统", "quarantined": "隔离", "undone": "已撤销"}

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines", db_index=False)
    line = models.IntegerField("行号")
    number = BytewiseField("原编号", max_length=80, blank=True)
    outcome = models.CharField("结果", max_length=16, choices=list(OUTCOMES.items()))
    faults = models.JSONField("原因", default=list)  # pairs of a column and what to do about it
    proceeding = models.ForeignKey("procedures.Proceeding", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "接收行"
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="one_batch_line_once")]
