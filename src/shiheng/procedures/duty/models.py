"""Who got a file from whom and why; who is away from when until when, and who stands in. Written by actions."""

from django.db import models
from django.db.models import Q

from shiheng.accounts.jurisdictions import ScopeField


class Leave(models.Model):
    """离岗: somebody is away; the deputy has the open files meanwhile and gives them back afterwards."""

    STATES = {"planned": "未开始", "running": "离岗中", "ended": "已返岗", "cancelled": "已取消"}

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", db_index=False)
    name = models.CharField("离岗人", max_length=100)
    deputy = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+", db_index=False)
    deputy_name = models.CharField("代办人", max_length=100)
    since = models.DateField("自")
    until = models.DateField("至")
    reason = models.CharField("事由", max_length=500)
    state = models.CharField("状态", max_length=16, default="planned", choices=list(STATES.items()))
    scope = ScopeField("单位", db_index=False)
    at = models.DateTimeField("登记时间")
    by = models.CharField("登记人", max_length=100)
    actor = models.CharField("登记人键", max_length=64)

    class Meta:
        verbose_name = "离岗"
        indexes = [
            models.Index(fields=["account", "-since"], name="leave_of_account"),
            models.Index(fields=["state", "since"], condition=Q(state__in=["planned", "running"]), name="leave_open"),
        ]


class Handing(models.Model):
    """承办变动: one file that changed hands, in an act with others (``act``) or by itself."""

    KINDS = {"given": "指定", "transfer": "移交", "leave": "离岗代办", "return": "返岗交还"}

    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="handings", db_index=False)
    kind = models.CharField("原因", max_length=16, choices=list(KINDS.items()))
    before = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+", db_index=False)
    before_name = models.CharField("原承办人", max_length=100, blank=True)
    after = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+", db_index=False)
    after_name = models.CharField("承办人", max_length=100)
    reason = models.CharField("理由", max_length=500, blank=True)
    leave = models.ForeignKey(Leave, models.PROTECT, null=True, related_name="handings")
    act = models.UUIDField("同一次办理")
    at = models.DateTimeField("时间")
    by = models.CharField("办理人", max_length=100)

    class Meta:
        verbose_name = "承办变动"
        indexes = [models.Index(fields=["proceeding", "id"], name="handing_of_file")]
