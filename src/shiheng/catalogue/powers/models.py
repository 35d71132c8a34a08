"""The bureau's own changes to the list of powers, and the catalogues of the level above."""

from django.db import models

from shiheng.catalogue.powers import definition


class PowerChange(models.Model):
    """权责清单调整: one change of one power on its way from draft to published; what was published is never edited.

    ``content`` holds the fields it sets (for an addition all of them), ``before`` the same fields as they stood when it
    was drafted, so that a change over another one is noticed.
    """

    power = models.CharField("职权编码", max_length=80)
    title = models.CharField("职权名称", max_length=200)
    what = models.CharField("调整", max_length=16)
    trigger = models.CharField("调整原因", max_length=16)
    instrument = models.CharField("依据文件", max_length=200)
    reason = models.CharField("理由", max_length=500)
    content = models.JSONField("内容", default=dict)
    before = models.JSONField("原内容", default=dict)
    in_force_from = models.DateField("生效日期")
    ends = models.DateField("截止日期", null=True)
    state = models.CharField("状态", max_length=16, default="draft")
    scope = models.CharField("辖区", max_length=64, blank=True)
    drafted_by = models.CharField("起草人", max_length=64)
    drafted_key = models.CharField("起草人键", max_length=64)
    drafted_at = models.DateTimeField("起草时间")
    checked_by = models.CharField("审核人", max_length=64, blank=True)
    checked_key = models.CharField("审核人键", max_length=64, blank=True)
    checked_at = models.DateTimeField("审核时间", null=True)
    opinion = models.CharField("审核意见", max_length=500, blank=True)
    approved_by = models.CharField("批准人", max_length=64, blank=True)
    approved_key = models.CharField("批准人键", max_length=64, blank=True)
    approved_at = models.DateTimeField("批准时间", null=True)
    published_by = models.CharField("公布人", max_length=64, blank=True)
    published_at = models.DateTimeField("公布时间", null=True)
    undone_by = models.CharField("撤销人", max_length=64, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_why = models.CharField("撤销理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "权责清单调整"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["power", "published_at"], name="power_change_of"),
            models.Index(fields=["state", "in_force_from"], name="power_change_in_force"),
        ]

    def __str__(self) -> str:
        return f"{definition.CHANGES[self.what]} {self.title}"


class UpperCatalogue(models.Model):
    """上级通用目录: one uploaded catalogue of the level above; the one last taken into use is compared with."""

    STATES = {"preview": "待启用", "current": "使用中", "past": "已被替换", "dropped": "已放弃"}

    title = models.CharField("名称", max_length=200)
    issued_by = models.CharField("发布机关", max_length=100)
    issued_on = models.DateField("发布日期")
    filename = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("文件摘要", max_length=64)
    rows = models.PositiveIntegerField("行数")
    accepted = models.PositiveIntegerField("读入")
    faulty = models.PositiveIntegerField("有误")
    faults = models.JSONField("错误", default=list)
    state = models.CharField("状态", max_length=16, default="preview")
    loaded_by = models.CharField("载入人", max_length=64)
    loaded_at = models.DateTimeField("载入时间")
    used_by = models.CharField("启用人", max_length=64, blank=True)
    used_at = models.DateTimeField("启用时间", null=True)

    class Meta:
        verbose_name = "上级通用目录"
        ordering = ["-id"]


class UpperItem(models.Model):
    """上级目录的一项职权, as its file has it."""

    catalogue = models.ForeignKey(UpperCatalogue, models.CASCADE, related_name="items")
    line = models.PositiveIntegerField("行号")
    base_code = models.CharField("基本编码", max_length=40)
    title = models.CharField("职权名称", max_length=200)
    kind = models.CharField("类别", max_length=16)
    instrument = models.CharField("设定依据", max_length=200)
    article = models.CharField("条款", max_length=100, blank=True)
    levels = models.CharField("行使层级", max_length=60)
    statutory = models.CharField("法定期限", max_length=8, blank=True)

    class Meta:
        verbose_name = "上级目录项"
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["catalogue", "base_code"], name="one_base_code_a_catalogue")]


class LawActivity(models.Model):
    """普法活动: what was done for one duty of law education, for whom and when."""

    duty = models.CharField("普法责任", max_length=60)
    day = models.DateField("日期")
    title = models.CharField("活动", max_length=200)
    place = models.CharField("地点", max_length=200)
    people = models.PositiveIntegerField("受众人数")
    scope = models.CharField("辖区", max_length=64)
    by = models.CharField("登记人", max_length=64)
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "普法活动"
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["duty", "day"], name="law_activity_of_duty")]
