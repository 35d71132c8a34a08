"""The bureau's own boundaries of discretion, each for one violation from a day on."""

from django.db import models

from shiheng.catalogue.boundaries import definition


class Boundary(models.Model):
    """本局裁量分界: one boundary on its way from a proposal to the calculator; what was published is never edited.

    ``content`` is the whole boundary, ``before`` what held on its first day when it was drafted, so that a boundary
    over another one is noticed.
    """

    violation = models.CharField("违法行为编码", max_length=80)
    title = models.CharField("违法行为", max_length=200)
    content = models.JSONField("内容", default=dict)
    before = models.JSONField("原内容", default=dict)
    instrument = models.CharField("依据文件", max_length=200)
    article = models.CharField("条款", max_length=60, blank=True)
    verified = models.BooleanField("已核对条文", default=False)
    reason = models.CharField("理由", max_length=500)
    in_force_from = models.DateField("施行日期")
    state = models.CharField("状态", max_length=16, default="draft", choices=list(definition.STATES.items()))
    scope = models.CharField("辖区", max_length=64, blank=True)
    drafted_by = models.CharField("起草人", max_length=64)
    drafted_key = models.CharField("起草人键", max_length=64)
    drafted_at = models.DateTimeField("起草时间")
    office = models.CharField("决定单位", max_length=100, blank=True)
    published_by = models.CharField("决定人", max_length=64, blank=True)
    published_at = models.DateTimeField("公布时间", null=True)
    opinion = models.CharField("决定意见", max_length=500, blank=True)
    undone_by = models.CharField("撤销人", max_length=64, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_why = models.CharField("撤销理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "本局裁量分界"
        ordering = ["-id"]
        indexes = [models.Index(fields=["violation", "published_at"], name="boundary_of_violation")]

    def __str__(self) -> str:
        return self.title
