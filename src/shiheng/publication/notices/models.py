"""Notices, what went to each receiver of them, and where receivers are reached. Written by actions."""

from django.db import models
from django.db.models import Q

from shiheng.accounts.jurisdictions import ScopeField


class Notice(models.Model):
    """公示信息: what one decision says in public. ``content`` is what goes out, as declared."""

    STATES = {
        "draft": "待整理",
        "ready": "待核对",
        "public": "公示中",
        "withdrawn": "已撤下",
        "hidden": "不予公开",
    }

    plan = models.CharField("事项", max_length=64)
    version = models.DateField("事项版本")
    source = models.CharField("来源", max_length=64)
    key = models.CharField("来源键", max_length=200)
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, related_name="notices", verbose_name="主体")
    scope = ScopeField("管辖", db_index=False)
    number = models.CharField("文号", max_length=200, blank=True)
    title = models.CharField("标题", max_length=200)
    decided_on = models.DateField("决定日期", null=True)
    due = models.DateField("公示期限", null=True)
    dues = models.JSONField("各项期限", default=dict)
    content = models.JSONField("公示内容", default=list)  # [name, title, value]
    names = models.JSONField("案中人名", default=list)
    strike = models.JSONField("另外隐去", default=list)
    digest = models.CharField("原内容摘要", max_length=64)
    state = models.CharField("状态", max_length=12, choices=list(STATES.items()))
    secret_checked = models.BooleanField("已作保密审查", default=False)
    drafted_by = models.CharField("整理人", max_length=100, blank=True)
    drafter = models.CharField("整理人键", max_length=64, blank=True)
    confirmed_by = models.CharField("核对人", max_length=100, blank=True)
    published_on = models.DateField("公示日期", null=True)
    until = models.DateField("公示截止", null=True)
    term = models.CharField("公示期怎样算的", max_length=500, blank=True)
    withdrawn_on = models.DateField("撤下日期", null=True)
    why = models.CharField("理由", max_length=500, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    hidden_until = models.DateField("不公开至", null=True)
    turn = models.IntegerField("变动次数", default=0)
    made_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = "公示信息"
        constraints = [models.UniqueConstraint(fields=["plan", "source", "key"], name="one_notice_once")]
        indexes = [
            models.Index(fields=["state", "scope", "due"], name="notice_by_state"),
            models.Index(fields=["plan", "state", "-published_on", "-id"], name="notice_public"),
            models.Index(fields=["subject", "state"], name="notice_of_subject"),
            models.Index(fields=["until"], condition=Q(state="public"), name="notice_to_end"),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """送达公示平台: one notice to one receiver, or its taking back; ``key`` is the same however often it is sent."""

    STATES = {"waiting": "待送", "sent": "已送，待回执", "taken": "已接收", "refused": "被退回"}
    ACTIONS = {"publish": "公示", "withdraw": "撤下"}

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    receiver = models.CharField("平台", max_length=64)
    action = models.CharField("动作", max_length=12, choices=list(ACTIONS.items()))
    key = models.UUIDField("稳定编号", unique=True)
    until = models.DateField("该平台公示截止", null=True)
    term = models.CharField("公示期怎样算的", max_length=500, blank=True)
    state = models.CharField("状态", max_length=12, choices=list(STATES.items()), default="waiting")
    tries = models.IntegerField("已送次数", default=0)
    next_at = models.DateTimeField("下次重送", null=True)
    sent_at = models.DateTimeField("送出时间", null=True)
    told_at = models.DateTimeField("回执时间", null=True)
    told = models.CharField("回执或失败原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "送达公示平台"
        constraints = [models.UniqueConstraint(fields=["notice", "receiver", "action"], name="one_delivery_once")]
        indexes = [models.Index(fields=["receiver", "state", "id"], name="delivery_by_receiver")]


class ReceiverAddress(models.Model):
    """平台地址: how one receiver is reached; as a file in the exchange folder where nothing is said."""

    WAYS = {"file": "文件交换目录", "push": "推送到对方接口"}

    receiver = models.CharField("平台", max_length=64, unique=True)
    way = models.CharField("方式", max_length=8, choices=list(WAYS.items()), default="file")
    endpoint = models.CharField("推送地址", max_length=500, blank=True)
    roster = models.JSONField("对方所列", default=dict)  # stable id → state
    roster_at = models.DateTimeField("对账时间", null=True)

    class Meta:
        verbose_name = "平台地址"
