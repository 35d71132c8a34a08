"""The bureau's own forms, each in place of a shipped one from a day on."""

from django.db import models

from shiheng.accounts.jurisdictions import ScopeField
from shiheng.procedures.ownforms.definition import STATES


class OwnForm(models.Model):
    """本局文书格式: one form on its way from a proposal to the papers made of it; what was published is never edited.

    ``file`` is the Word file by its content; ``placeholders`` are the names in it as they were checked.
    """

    form = models.CharField("文书种类", max_length=64)
    title = models.CharField("名称", max_length=100)
    file = models.CharField("文件摘要", max_length=64)
    name = models.CharField("文件名", max_length=200)
    placeholders = models.JSONField("占位符", default=list)
    reason = models.CharField("理由", max_length=500)
    in_force_from = models.DateField("启用日期")
    state = models.CharField("状态", max_length=16, default="draft", choices=list(STATES.items()))
    scope = ScopeField("适用单位", db_index=False)
    office = models.CharField("单位名称", max_length=100, blank=True)
    drafted_by = models.CharField("提出人", max_length=64)
    drafted_key = models.CharField("提出人键", max_length=64)
    drafted_at = models.DateTimeField("提出时间")
    published_by = models.CharField("决定人", max_length=64, blank=True)
    published_at = models.DateTimeField("公布时间", null=True)
    opinion = models.CharField("决定意见", max_length=500, blank=True)
    undone_by = models.CharField("撤销人", max_length=64, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_why = models.CharField("撤销理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "本局文书格式"
        ordering = ["-id"]
        indexes = [models.Index(fields=["form", "state", "in_force_from"], name="own_form_in_force")]

    def __str__(self) -> str:
        return self.title
