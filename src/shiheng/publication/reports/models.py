"""Reports that were made, and how often each was taken away or checked: no word of who took it."""

from django.db import models

from shiheng.accounts.jurisdictions import ScopeField


class CreditReport(models.Model):
    """信用报告: one report as it was made. ``content`` and ``pdf`` are kept files, the leaf holds both digests."""

    CHANNELS = {"portal": "信用门户", "desk": "工作台", "enterprise": "企业端"}

    number = models.CharField("报告编号", max_length=32, unique=True)
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, related_name="+", verbose_name="主体")
    scope = ScopeField("管辖", blank=True, default="")
    name = models.CharField("名称", max_length=300)
    made_at = models.DateTimeField("出具时间", db_index=True)
    content = models.CharField("内容", max_length=64)
    pdf = models.CharField("PDF", max_length=64)
    leaf = models.ForeignKey("ledger.Leaf", models.PROTECT, related_name="+", verbose_name="存证")
    channel = models.CharField("渠道", max_length=16, choices=list(CHANNELS.items()))
    account = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+", verbose_name="出具人")
    good = models.IntegerField("许可与守信条数", default=0)
    bad = models.IntegerField("处罚与名录条数", default=0)

    class Meta:
        verbose_name = "信用报告"
        indexes = [models.Index(fields=["subject", "-made_at"], name="report_of_subject")]


class ReportUse(models.Model):
    """报告使用量: how often one report was downloaded, printed or checked on one day."""

    KINDS = {"pdf": "下载 PDF", "json": "下载数据", "check": "核验"}

    report = models.ForeignKey(CreditReport, models.CASCADE, related_name="uses")
    day = models.DateField("日期")
    kind = models.CharField("类型", max_length=8)
    count = models.IntegerField("次数", default=0)

    class Meta:
        verbose_name = "报告使用量"
        constraints = [models.UniqueConstraint(fields=["report", "day", "kind"], name="one_use_count_a_day")]
