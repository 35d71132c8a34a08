"""Entries files keep in registers; the goods they hold, counted; stocktakings. Written by ``flowing.actions`` only."""

from django.db import models
from django.db.models import F, Q

from shiheng.accounts.jurisdictions import ScopeField


class Flowed(models.Model):
    """案卷登记的条目: which entry of which register a file keeps, of which party (0: of the file)."""

    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="flowed", db_index=False)
    register = models.CharField("名录", max_length=64)
    party = models.IntegerField("当事人序号", default=0)
    entry = models.OneToOneField("registers.Entry", models.PROTECT, related_name="flowed")

    class Meta:
        verbose_name = "案卷登记的条目"
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "register", "party"], name="one_entry_of_a_party_once")
        ]


class Goods(models.Model):
    """涉案财物: one thing a file holds or held. It follows from the passages; the counts always add up."""

    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="goods", db_index=False)
    party = models.IntegerField("当事人序号")
    kind = models.CharField("类别", max_length=32)
    entry = models.ForeignKey("registers.Entry", models.PROTECT, related_name="goods", db_index=False)
    scope = ScopeField("单位")
    thing = models.CharField("物品", max_length=200)
    unit = models.CharField("计量单位", max_length=20)
    place = models.CharField("存放地点", max_length=200)
    count = models.BigIntegerField("收入")
    held = models.BigIntegerField("仍在保管")
    released = models.BigIntegerField("已解除返还", default=0)
    confiscated = models.BigIntegerField("没收在库", default=0)
    gone = models.BigIntegerField("已处置", default=0)
    handed = models.BigIntegerField("已移交", default=0)
    value = models.BigIntegerField("估价", default=0)
    due = models.DateField("期限", null=True)

    class Meta:
        verbose_name = "涉案财物"
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "party"], name="one_thing_once"),
            models.CheckConstraint(
                condition=Q(count=F("held") + F("released") + F("confiscated") + F("gone") + F("handed"))
                & Q(held__gte=0, released__gte=0, confiscated__gte=0, gone__gte=0, handed__gte=0),
                name="goods_add_up",
            ),
        ]
        indexes = [models.Index(fields=["place", "scope"], name="goods_by_place")]


class Stocktake(models.Model):
    """盘点: what the books say of one place on a day, and what was found there; closed by another than who counted."""

    scope = ScopeField("单位")
    place = models.CharField("存放地点", max_length=200)
    at = models.DateTimeField("盘点时间")
    actor = models.CharField("盘点人键", max_length=64)
    by = models.CharField("盘点人", max_length=100)
    other = models.CharField("另一名盘点人", max_length=100)
    lines = models.JSONField("逐项", default=list)  # goods, thing, file, booked, found, why
    differences = models.IntegerField("有差异的", default=0)
    closed_at = models.DateTimeField("审核时间", null=True)
    closed_by = models.CharField("审核人", max_length=100, blank=True)
    view = models.CharField("处理意见", max_length=500, blank=True)

    class Meta:
        verbose_name = "盘点"
        indexes = [models.Index(fields=["place", "-at"], name="stocktake_by_place")]
