"""What the finance department sent, row by row as it was read. Written by actions."""

from django.db import models

from shiheng.accounts.jurisdictions import ScopeField


class FinanceFile(models.Model):
    """财政缴款文件: one file of receipts, its rows and those that were not taken."""

    scope = ScopeField("单位")
    name = models.CharField("文件名", max_length=200)
    digest = models.CharField("摘要", max_length=64)
    first = models.DateField("最早缴款日期")
    last = models.DateField("最晚缴款日期")
    slips = models.JSONField("票据", default=list)
    faults = models.JSONField("没有收下的行", default=list)
    at = models.DateTimeField("上传时间")
    by = models.CharField("上传人", max_length=100)

    class Meta:
        verbose_name = "财政缴款文件"
        constraints = [models.UniqueConstraint(fields=["scope", "digest"], name="one_finance_file_once")]
