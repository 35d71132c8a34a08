"""Pages of bureau information and every version each of them ever had."""

from django.db import models

from shiheng.accounts.jurisdictions import ScopeField


class BureauPage(models.Model):
    """政务公开页: one page of one kind. ``state`` is draft, on or withdrawn; the newest version that is on is shown."""

    KINDS = {
        "functions": "机构职能",
        "sections": "内设机构",
        "leaders": "领导分工",
        "guides": "办事指南",
        "supervision": "监督方式",
        "remedies": "救济渠道",
        "channels": "联系与公开渠道",
        "reconsideration": "行政复议决定",
        "news": "政务信息",
    }
    STATES = {"draft": "草稿", "on": "已公开", "withdrawn": "已撤下"}

    kind = models.CharField("类别", max_length=16, choices=list(KINDS.items()))
    scope = ScopeField("管辖")
    title = models.CharField("标题", max_length=120)
    state = models.CharField("状态", max_length=10, choices=list(STATES.items()), default="draft")
    version = models.IntegerField("现行版本", default=0)
    text = models.TextField("正文", blank=True)
    updated_on = models.DateField("更新日期", null=True)
    used_by = models.CharField("采用单位", max_length=200, blank=True)
    used_on = models.DateField("采用日期", null=True)
    order = models.IntegerField("次序", default=0)

    class Meta:
        verbose_name = "政务公开页"
        indexes = [models.Index(fields=["kind", "state", "order"], name="bureau_page_shown")]


class BureauVersion(models.Model):
    """政务公开页的版本: the words as they were, who put them there, why they were taken down."""

    page = models.ForeignKey(BureauPage, models.PROTECT, related_name="versions")
    number = models.IntegerField("版本")
    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文", blank=True)
    at = models.DateTimeField("时间")
    by = models.CharField("经办人", max_length=100)
    act = models.CharField("动作", max_length=10)
    reason = models.CharField("理由", max_length=300, blank=True)
    hidden = models.IntegerField("隐去处数", default=0)

    class Meta:
        verbose_name = "政务公开页的版本"
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="one_bureau_version")]
