"""What leaves the house, and how often it is asked for."""

from django.db import models

from shiheng.publication.bureau.models import BureauPage, BureauVersion
from shiheng.publication.exchange.models import Handover, Item, Receipt, Report, Subscription
from shiheng.publication.notices.models import Delivery, Notice, ReceiverAddress
from shiheng.publication.opendata.models import DataVersion, Watch, WatchNote
from shiheng.publication.pushing.models import Feed, Interest, Pushed
from shiheng.publication.reports.models import CreditReport, ReportUse

__all__ = [
    "BureauPage",
    "BureauVersion",
    "CreditReport",
    "DataVersion",
    "Delivery",
    "Feed",
    "Handover",
    "Interest",
    "Item",
    "Notice",
    "Pushed",
    "QueryCount",
    "Receipt",
    "ReceiverAddress",
    "Report",
    "ReportUse",
    "Subscription",
    "Watch",
    "WatchNote",
]


class QueryCount(models.Model):
    """查询量: how many queries of one kind came by one channel on one day. No word of who asked, or for what."""

    CHANNELS = {"portal": "信用门户", "api": "数据接口", "desk": "工作台", "enterprise": "企业端"}
    KINDS = {"search": "检索", "view": "查看主体", "list": "查看名单", "export": "导出", "match": "比对",
             "report": "信用报告", "verify": "核验", "open": "开放数据"}  # fmt: skip

    day = models.DateField("日期")
    channel = models.CharField("渠道", max_length=16)
    kind = models.CharField("类型", max_length=16)
    count = models.BigIntegerField("次数", default=0)

    class Meta:
        verbose_name = "查询量"
        constraints = [models.UniqueConstraint(fields=["day", "channel", "kind"], name="one_count_a_day")]
