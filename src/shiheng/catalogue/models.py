"""Holiday rows a bureau loaded over the published calendar, and the code tables in force."""

from django.db import models
from django.db.models import Q

from shiheng.catalogue.boundaries.models import Boundary
from shiheng.catalogue.law.models import Edition, Instrument, Provision
from shiheng.catalogue.powers.models import LawActivity, PowerChange, UpperCatalogue, UpperItem

__all__ = [
    "Boundary",
    "CalendarLoad",
    "CodeEntry",
    "CodeTable",
    "Edition",
    "Instrument",
    "LawActivity",
    "PowerChange",
    "Provision",
    "UpperCatalogue",
    "UpperItem",
    "WorkDay",
]


class CalendarLoad(models.Model):
    """放假安排载入: one upload of a holiday table. ``state`` chains over all uploads, so a stale copy is noticed."""

    actor = models.CharField("载入人键", max_length=64)
    actor_name = models.CharField("载入人", max_length=64)
    key = models.CharField("幂等键", max_length=64)
    payload = models.CharField("内容摘要", max_length=64)
    state = models.CharField("累计摘要", max_length=64)
    filename = models.CharField("文件名", max_length=200, blank=True)
    rows = models.PositiveIntegerField("行数")
    changed = models.PositiveIntegerField("变动天数")
    loaded_at = models.DateTimeField("载入时间")

    class Meta:
        verbose_name = "放假安排载入"
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_calendar_load_once")]


class WorkDay(models.Model):
    """放假安排: what a notice says of one day."""

    day = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("上班")
    name = models.CharField("名称", max_length=50, blank=True)
    source = models.CharField("文号", max_length=100, blank=True)
    load = models.ForeignKey(CalendarLoad, models.PROTECT, related_name="days")
    loaded_at = models.DateTimeField("载入时间")

    class Meta:
        verbose_name = "放假安排"
        ordering = ["day"]


class CodeTable(models.Model):
    """代码表: where its codes come from and under which licence."""

    code = models.CharField("表代码", max_length=40, unique=True)
    title = models.CharField("名称", max_length=100)
    edition = models.CharField("版本", max_length=100, blank=True)
    source = models.CharField("来源", max_length=300)
    licence = models.CharField("许可", max_length=100)  # not shown: pages say 使用许可
    note = models.CharField("说明", max_length=300, blank=True)
    in_force_from = models.DateField("施行日期", null=True)
    digest = models.CharField("内容摘要", max_length=64, blank=True)
    loaded_at = models.DateTimeField("载入时间", null=True)

    class Meta:
        verbose_name = "代码表"
        ordering = ["title"]


class CodeEntry(models.Model):
    """代码: one code of a table. ``since`` is empty when the day it came into force was not looked up."""

    table = models.ForeignKey(CodeTable, models.CASCADE, related_name="entries")
    code = models.CharField("代码", max_length=20)
    title = models.CharField("名称", max_length=200)
    parent = models.CharField("上级代码", max_length=20, blank=True)
    since = models.DateField("启用", null=True)
    until = models.DateField("停用", null=True)
    verified = models.BooleanField("已核对", default=False)
    current = models.BooleanField("现行", default=True)
    note = models.CharField("说明", max_length=200, blank=True)
    position = models.PositiveIntegerField("次序")

    class Meta:
        verbose_name = "代码"
        ordering = ["table", "position"]
        constraints = [
            models.UniqueConstraint(fields=["table", "code", "since"], name="one_code_version_once"),
            models.UniqueConstraint(fields=["table", "code"], condition=Q(since=None), name="one_undated_code_once"),
        ]
        indexes = [
            models.Index(fields=["table", "position"], name="code_entry_in_order"),
            models.Index(fields=["table", "parent"], name="code_entry_under"),
        ]
