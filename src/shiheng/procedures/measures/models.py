"""What was found of a measure when a file asked for it, and what came of it."""

from django.db import models
from django.db.models import Q


class Heeded(models.Model):
    """信用措施适用: one measure found to mean somebody in a file, by which entry, and what was done about it.

    ``place`` names the entry of the list; ``person``: it means the representative or the applicant, not the business.
    ``sure`` is false where only the name is the same: such a one holds up nothing, and is looked into.
    """

    OUTCOMES = {
        "open": "待处理",
        "applied": "已适用",
        "not_meant": "核实不是本人、本单位",
        "over": "名单已移出、期限已满",
        "not_applied": "依法未适用",
    }

    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="heeded", db_index=False)
    measure = models.CharField("措施", max_length=64)
    version = models.DateField("措施版本")
    department = models.CharField("实施部门", max_length=60)
    kind = models.CharField("类别", max_length=16)
    effect = models.CharField("效力", max_length=8)
    listed = models.CharField("名单", max_length=64)
    place = models.CharField("名单条目", max_length=280)
    title = models.CharField("条目", max_length=200, blank=True)
    person = models.BooleanField("针对人员", default=False)
    sure = models.BooleanField("确定", default=True)
    found_at = models.DateTimeField("发现时间")
    outcome = models.CharField("结果", max_length=16, default="open", choices=list(OUTCOMES.items()))
    words = models.CharField("说明", max_length=500, blank=True)
    told_at = models.DateTimeField("反馈时间", null=True)
    told_by = models.CharField("反馈人", max_length=100, blank=True)

    class Meta:
        verbose_name = "信用措施适用"
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "measure", "place"], name="one_measure_an_entry"),
        ]
        indexes = [
            models.Index(fields=["department", "outcome"], name="heeded_by_department"),
            models.Index(fields=["id"], condition=Q(outcome="open"), name="heeded_open"),
        ]
