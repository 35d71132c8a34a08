"""Subscriptions, the numbered items each is owed, what was handed over and what was said in answer."""

from django.db import models

from shiheng.accounts.jurisdictions import ScopeField


class Subscription(models.Model):
    """订阅: a department takes kinds of facts of a territory, as far as a declared sharing rule allows.

    ``cursor`` is how far the log of changes was read, ``baseline`` the last subject of the first full reading (nothing
    when it is done), ``last`` the number given last, ``sent`` and ``taken`` how far was handed over and confirmed.
    """

    STATES = {"asked": "待批准", "approved": "已批准", "refused": "未批准", "stopped": "已停止"}
    WAYS = {"pull": "对方来取（接口）", "file": "文件交换目录", "push": "推送到对方接口"}

    code = models.CharField("订阅编号", max_length=40, unique=True)
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="subscriptions", verbose_name="接收单位")
    rule = models.CharField("共享规则", max_length=64)
    rule_from = models.DateField("规则生效日")
    kinds = models.JSONField("事项", default=list)
    scope = ScopeField("管辖")
    way = models.CharField("方式", max_length=8, choices=list(WAYS.items()), default="pull")
    endpoint = models.CharField("推送地址", max_length=500, blank=True)
    purpose = models.CharField("用途", max_length=500)
    state = models.CharField("状态", max_length=12, choices=list(STATES.items()), default="asked")
    reason = models.CharField("说明", max_length=500, blank=True)
    asked_by = models.CharField("申请人", max_length=100)
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.CharField("批准人", max_length=100, blank=True)
    decided_at = models.DateTimeField("批准时间", null=True)
    token = models.CharField("凭证摘要", max_length=64, blank=True)
    cursor = models.BigIntegerField("变动读至", default=0)
    baseline = models.BigIntegerField("首次读至", null=True)
    last = models.BigIntegerField("编至", default=0)
    sent = models.BigIntegerField("送至", default=0)
    taken = models.BigIntegerField("确认至", default=0)
    failures = models.IntegerField("连续失败次数", default=0)
    fault = models.CharField("最近的失败", max_length=300, blank=True)
    next_at = models.DateTimeField("下次重试", null=True)

    class Meta:
        verbose_name = "订阅"
        ordering = ["-id"]


class Item(models.Model):
    """交换件: one numbered thing a subscription is owed, with its content: the same whenever it is sent."""

    ACTIONS = {"set": "提供", "gone": "撤销"}

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="items")
    number = models.BigIntegerField("编号")
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("事项", max_length=32)
    key = models.CharField("来源键", max_length=265, blank=True)
    action = models.CharField("动作", max_length=4, choices=list(ACTIONS.items()))
    body = models.TextField("内容")
    digest = models.CharField("内容摘要", max_length=64)
    made_on = models.DateField("编成日")
    sent_on = models.DateField("送出日", null=True)
    taken_on = models.DateField("确认日", null=True)

    class Meta:
        verbose_name = "交换件"
        constraints = [models.UniqueConstraint(fields=["subscription", "number"], name="one_item_a_number")]
        indexes = [
            models.Index(fields=["subscription", "subject", "number"], name="item_of_subject"),
            models.Index(fields=["sent_on", "subscription", "kind"], name="item_sent"),
            models.Index(fields=["taken_on", "subscription", "kind"], name="item_taken"),
        ]


class Handover(models.Model):
    """交付: a run of items handed over in one piece (page, file or push), and its leaf in the ledger."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="handovers")
    way = models.CharField("方式", max_length=8, choices=list(Subscription.WAYS.items()))
    first = models.BigIntegerField("自")
    last = models.BigIntegerField("至")
    sha256 = models.CharField("内容摘要", max_length=64)
    leaf = models.BigIntegerField("存证")
    at = models.DateTimeField("首次交付时间")

    class Meta:
        verbose_name = "交付"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "way", "first", "last"], name="one_handover_a_run"),
        ]


class Receipt(models.Model):
    """回执: what a receiver said, whatever it said. ``ahead`` names numbers never handed over; ``bad`` says nothing."""

    STATES = {"taken": "已确认", "again": "重复确认", "ahead": "确认了未送出的编号", "bad": "无法识别"}

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="receipts")
    way = models.CharField("方式", max_length=8, choices=list(Subscription.WAYS.items()))
    upto = models.BigIntegerField("确认至", null=True)
    state = models.CharField("结果", max_length=8, choices=list(STATES.items()))
    text = models.CharField("原文", max_length=300, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "回执"
        ordering = ["-id"]


class Report(models.Model):
    """上报: a file of supervision acts made for a system above us, what of it was held back, and the receipt for it."""

    STATES = {"made": "已生成", "taken": "已回执", "refused": "被退回"}

    layout = models.CharField("表", max_length=64)
    layout_from = models.DateField("格式生效日")
    scope = ScopeField("管辖")
    first = models.DateField("自")
    last = models.DateField("至")
    rows = models.BigIntegerField("行数")
    held_back = models.BigIntegerField("留下未报", default=0)
    faults = models.JSONField("留下的原因", default=dict)
    file = models.CharField("文件摘要", max_length=64)
    rest = models.CharField("留下的行", max_length=64, blank=True)
    leaf = models.BigIntegerField("存证")
    made_by = models.CharField("生成人", max_length=100)
    made_at = models.DateTimeField("生成时间")
    state = models.CharField("状态", max_length=8, choices=list(STATES.items()), default="made")
    receipt = models.CharField("回执", max_length=500, blank=True)
    receipt_at = models.DateTimeField("回执时间", null=True)

    class Meta:
        verbose_name = "上报"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["layout", "scope", "first", "last", "file"], name="one_report_a_content"),
        ]
