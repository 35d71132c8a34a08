"""Files of other platforms, each row of them, what was told back, what differs. Written by actions."""

from django.db import models
from django.db.models import Q

from shiheng.accounts.jurisdictions import ScopeField
from shiheng.subjects.models import BytewiseField


class PlatformFile(models.Model):
    """来往文件: one file that came from a platform or went to it, kept as it was."""

    KINDS = {"orders": "来件", "roster": "对账清单", "replies": "回复", "receipts": "回执"}

    platform = models.CharField("平台", max_length=64)
    version = models.DateField("格式版本")
    kind = models.CharField("种类", max_length=16, choices=list(KINDS.items()))
    scope = ScopeField("单位", db_index=False)
    name = models.CharField("文件名", max_length=200)
    digest = models.CharField("摘要", max_length=64)
    rows = models.IntegerField("行数", default=0)
    known = models.JSONField("已经收过的行", default=list)  # [line, number of theirs]
    said = models.JSONField("平台所列", default=dict)  # their number → their word for its state, day
    faults = models.JSONField("没有收下的行", default=list)
    first = models.DateField("最早日期", null=True)
    last = models.DateField("最晚日期", null=True)
    day = models.DateField("收发日期")
    at = models.DateTimeField("收发时间")
    by = models.CharField("经手人", max_length=100)

    class Meta:
        verbose_name = "来往文件"
        constraints = [
            models.UniqueConstraint(fields=["platform", "kind", "scope", "digest"], name="one_platform_file_once")
        ]
        indexes = [models.Index(fields=["scope", "platform", "kind", "-at"], name="platform_file_latest")]


class Order(models.Model):
    """来件: one matter as its platform told it; what is personal in ``facts`` is sealed."""

    STATES = {"read": "待登记", "opened": "已登记", "quarantined": "待处理", "dropped": "不予收下"}

    file = models.ForeignKey(PlatformFile, models.PROTECT, related_name="orders", null=True)
    line = models.IntegerField("行号", default=0)
    platform = models.CharField("平台", max_length=64)
    version = models.DateField("格式版本")
    number = BytewiseField("平台编号", max_length=80, blank=True)
    scope = ScopeField("单位", db_index=False)
    state = models.CharField("状态", max_length=16, choices=list(STATES.items()))
    facts = models.JSONField("内容", default=dict)
    faults = models.JSONField("不能登记的原因", default=list)
    theirs = models.CharField("平台状态", max_length=60, blank=True)
    received_on = models.DateField("来件日期", null=True)
    due = models.DateField("回复期限", null=True)
    receipt = models.JSONField("期限计算过程", default=dict)
    answered_on = models.DateField("回复日期", null=True)
    proceeding = models.ForeignKey("procedures.Proceeding", models.PROTECT, null=True, related_name="orders")
    twin = models.ForeignKey("procedures.Proceeding", models.PROTECT, null=True, related_name="twin_orders")
    matched_by = models.CharField("主体认定", max_length=16, blank=True)
    why = models.CharField("不予收下的理由", max_length=300, blank=True)
    at = models.DateTimeField("记入时间")

    class Meta:
        verbose_name = "来件"
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "number"], condition=Q(number__gt=""), name="one_order_number_once"
            )
        ]
        indexes = [
            models.Index(fields=["scope", "state", "id"], name="order_by_state"),
            models.Index(fields=["scope", "due", "id"], condition=Q(answered_on=None), name="order_unanswered"),
        ]


class Reply(models.Model):
    """回复: what is told back of one order; a refused one is followed by another."""

    STATES = {"ready": "待发出", "sent": "已发出", "accepted": "平台已接收", "refused": "平台退回"}

    order = models.ForeignKey(Order, models.PROTECT, related_name="replies", db_index=False)
    number = models.IntegerField("序号")
    outcome = models.CharField("办理结果", max_length=60)
    content = models.TextField("回复内容")
    state = models.CharField("状态", max_length=16, choices=list(STATES.items()))
    file = models.ForeignKey(PlatformFile, models.PROTECT, null=True, related_name="replies")
    sent_at = models.DateTimeField("发出时间", null=True)
    told_at = models.DateTimeField("回执时间", null=True)
    told = models.ForeignKey(PlatformFile, models.PROTECT, null=True, related_name="+", db_index=False)
    why = models.CharField("退回原因", max_length=500, blank=True)
    at = models.DateTimeField("拟定时间")
    by = models.CharField("拟定人", max_length=100)

    class Meta:
        verbose_name = "回复"
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="one_reply_once")]


class FileNote(models.Model):
    """案卷附记: what happened to a file beside its steps: handed to another office, its business found out."""

    KINDS = {"moved": "按责转办", "subject": "认定主体", "refused": "平台退回回复", "again": "退回后另行分送"}

    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="notes", db_index=False)
    number = models.IntegerField("序号")
    kind = models.CharField("种类", max_length=16, choices=list(KINDS.items()))
    before = models.CharField("原为", max_length=300, blank=True)
    after = models.CharField("改为", max_length=300, blank=True)
    reason = models.CharField("理由", max_length=500)
    at = models.DateTimeField("时间")
    by = models.CharField("经办人", max_length=100)

    class Meta:
        verbose_name = "案卷附记"
        constraints = [models.UniqueConstraint(fields=["proceeding", "number"], name="one_file_note_once")]


class DifferenceList(models.Model):
    """差异清单: what a platform's latest list and our files said of each other on a day."""

    platform = models.CharField("平台", max_length=64)
    scope = ScopeField("单位", db_index=False)
    day = models.DateField("日期")
    file = models.ForeignKey(PlatformFile, models.PROTECT, related_name="+", db_index=False)
    same = models.IntegerField("一致", default=0)
    lines = models.JSONField("差异", default=list)
    at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = "差异清单"
        constraints = [models.UniqueConstraint(fields=["platform", "scope", "day"], name="one_difference_list_a_day")]
