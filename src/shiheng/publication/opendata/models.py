"""Versions of data sets, and watches over businesses that anybody may leave with us."""

from django.db import models


class DataVersion(models.Model):
    """开放数据版本: ``files`` are kept files by form; ``manifest`` holds the key and digest of every row.

    Only the newest version's files stay readable: an earlier one would show what was withdrawn since. What changed
    since an earlier version is worked out from its manifest, which says nothing but that a row was there.
    """

    dataset = models.CharField("数据集", max_length=64)
    number = models.IntegerField("版本")
    made_at = models.DateTimeField("生成时间")
    rows = models.BigIntegerField("行数")
    files = models.JSONField("文件", default=dict)
    manifest = models.CharField("行清单", max_length=64)
    columns = models.JSONField("列", default=list)
    added = models.BigIntegerField("新增", default=0)
    changed = models.BigIntegerField("更改", default=0)
    removed = models.BigIntegerField("撤下", default=0)
    leaf = models.ForeignKey("ledger.Leaf", models.PROTECT, related_name="+", verbose_name="存证")

    class Meta:
        verbose_name = "开放数据版本"
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="one_data_version")]


class Watch(models.Model):
    """关注: somebody asked to be told of a business, and proved by a code that the address is theirs.

    The address is sealed; ``mark`` is its keyed digest, so that one address watches one business once. ``told`` holds
    what the last message knew: the id of each record, its title and digest.
    """

    STATES = {"asked": "待确认", "on": "关注中", "ended": "已取消"}

    token = models.CharField("凭据", max_length=64, unique=True)
    subject = models.ForeignKey("subjects.Subject", models.CASCADE, related_name="+", verbose_name="主体")
    channel = models.CharField("渠道", max_length=32)
    address = models.TextField("地址密文")
    mark = models.CharField("地址摘要", max_length=64)
    state = models.CharField("状态", max_length=8, choices=list(STATES.items()), default="asked")
    code = models.CharField("验证码摘要", max_length=64, blank=True)
    code_until = models.DateTimeField("验证码有效至", null=True)
    tries = models.IntegerField("试过次数", default=0)
    asked_at = models.DateTimeField("申请时间")
    began_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("取消时间", null=True)
    told = models.JSONField("已告知", default=dict)
    looked_on = models.DateField("最近核对", null=True)

    class Meta:
        verbose_name = "关注"
        constraints = [models.UniqueConstraint(fields=["subject", "mark"], name="one_watch_an_address")]
        indexes = [models.Index(fields=["state", "looked_on"], name="watch_due")]


class WatchNote(models.Model):
    """关注摘要: what one message told a watcher: new, changed, and taken back."""

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="notes")
    day = models.DateField("日期")
    fresh = models.IntegerField("新增", default=0)
    changed = models.IntegerField("更改", default=0)
    gone = models.IntegerField("撤下", default=0)
    message = models.ForeignKey("accounts.Message", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "关注摘要"
        constraints = [models.UniqueConstraint(fields=["watch", "day"], name="one_watch_note_a_day")]
