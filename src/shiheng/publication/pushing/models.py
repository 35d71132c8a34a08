"""What officers want to be told, what each was told and read, and how far the log of changes was read for them."""

from django.db import models

from shiheng.accounts.jurisdictions import ScopeField


class Feed(models.Model):
    """推送进度: how far the log of changes was read, once for all officers."""

    name = models.CharField("名称", max_length=32, unique=True)
    cursor = models.BigIntegerField("变动读至", default=0)

    class Meta:
        verbose_name = "推送进度"


class Interest(models.Model):
    """关注事项: the kinds of facts an officer chose; whoever chose none is told what fits the post."""

    account = models.OneToOneField("accounts.Account", models.CASCADE, related_name="+", verbose_name="人员")
    kinds = models.JSONField("事项", default=list)
    chosen_at = models.DateTimeField("选定时间")

    class Meta:
        verbose_name = "关注事项"


class Pushed(models.Model):
    """推送件: one fact told to one officer through the post at ``office``, and the day it was read."""

    ACTIONS = {"new": "新增", "changed": "变化", "gone": "撤销或离开辖区"}

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", db_index=False)
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+", db_index=False)
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("事项", max_length=32)
    key = models.CharField("来源键", max_length=265, blank=True)
    action = models.CharField("动作", max_length=8, choices=list(ACTIONS.items()))
    title = models.CharField("内容", max_length=200, blank=True)
    state = models.CharField("状态", max_length=32, blank=True)
    day = models.DateField("事实日期", null=True)
    scope = ScopeField("管辖", db_index=False)
    pushed_on = models.DateField("推送日期")
    read_on = models.DateField("已读日期", null=True)

    class Meta:
        verbose_name = "推送件"
        indexes = [
            models.Index(fields=["account", "id", "scope", "kind", "read_on"], name="pushed_to_account"),
            models.Index(fields=["account", "read_on", "scope"], name="pushed_unread"),
            models.Index(fields=["subject", "account"], name="pushed_of_subject"),
            models.Index(fields=["office", "account", "pushed_on", "read_on"], name="pushed_through_office"),
        ]
