"""Instruments of law, their editions, and the articles of each."""

from django.db import models
from django.db.models import Q

from shiheng.kernel.citation import Number


class Instrument(models.Model):
    """法规: ``key`` is its title without the state's name; ``digest`` is of its declaration, if it has one."""

    code = models.CharField("代码", max_length=60, unique=True)
    key = models.CharField("简称", max_length=200, unique=True)
    title = models.CharField("名称", max_length=200)
    level = models.CharField("层级", max_length=20)
    issuer = models.CharField("制定机关", max_length=100, blank=True)
    digest = models.CharField("声明摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "法规"
        ordering = ["title"]


class Edition(models.Model):
    """版本: one text of an instrument, from its first day in force; without a ``digest`` its words are not loaded."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="editions")
    in_force_from = models.DateField("施行日期")
    until = models.DateField("废止前最后一日", null=True)
    adopted = models.DateField("公布或修正日期", null=True)
    number = models.CharField("文号", max_length=60, blank=True)
    how = models.CharField("施行日期的依据", max_length=12, blank=True)
    verified = models.BooleanField("施行日期已核对", default=False)
    read = models.BooleanField("摘要已对照原文", default=False)
    ended = models.BooleanField("来源标明已废止", default=False)
    why = models.CharField("未核对的原因", max_length=200, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    digest = models.CharField("内容摘要", max_length=64, blank=True)
    file = models.CharField("文件名", max_length=200, blank=True)
    articles = models.PositiveIntegerField("条数", default=0)
    loaded_at = models.DateTimeField("载入时间", null=True)
    loaded_by = models.CharField("载入人", max_length=64, blank=True)

    class Meta:
        verbose_name = "法规版本"
        ordering = ["in_force_from"]
        constraints = [models.UniqueConstraint(fields=["instrument", "in_force_from"], name="one_edition_a_day")]


class Provision(models.Model):
    """条文: one article of an edition: its words, and our summary where there is one."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="provisions")
    article = models.PositiveIntegerField("条")
    inserted = models.PositiveSmallIntegerField("之", default=0)
    chapter = models.CharField("章节", max_length=100, blank=True)
    text = models.TextField("条文", blank=True)
    summary = models.CharField("摘要", max_length=300, blank=True)

    class Meta:
        verbose_name = "条文"
        ordering = ["article", "inserted"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "article", "inserted"], name="one_article_an_edition"),
            models.CheckConstraint(condition=~Q(text="", summary=""), name="provision_says_something"),
        ]

    @property
    def number(self) -> Number:
        return Number(self.article, self.inserted)

    @property
    def key(self) -> tuple[int, int]:
        return (self.article, self.inserted)
