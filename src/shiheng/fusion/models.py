"""What a department sent and what became of every row of it."""

from django.db import models
from django.db.models import Q

from shiheng.accounts.jurisdictions import ScopeField


class Batch(models.Model):
    """批次: one file landed from one source. Its rows are in the lake, its refusals in ``Quarantined``."""

    STATES = {
        "landed": "已接收",
        "checking": "校验中",
        "resolving": "归户中",
        "fusing": "融合中",
        "closing": "收束中",
        "published": "已入档",
        "refused": "整批拒收",
        "withdrawing": "撤回中",
        "withdrawn": "已撤回",
    }
    DELIVERIES = {"increment": "增量", "snapshot": "全量", "deletions": "删除"}
    LIVE = ("resolving", "fusing", "closing", "published")
    # Every row has its subject: a full snapshot may close what it leaves out.
    LINKED = ("fusing", "closing", "published")

    source = models.CharField("数据源", max_length=64, db_index=True)
    contract = models.CharField("契约版本", max_length=32)
    key = models.CharField("幂等键", max_length=64, unique=True)
    file = models.CharField("文件摘要", max_length=64)
    filename = models.CharField("文件名", max_length=255)
    size = models.BigIntegerField("字节数", default=0)
    media = models.CharField("格式", max_length=16, blank=True)
    charset = models.CharField("字符集", max_length=16, blank=True)
    scope = ScopeField("管辖")
    landed_by = models.CharField("接收人", max_length=100)
    landed_at = models.DateTimeField("接收时间")
    known_on = models.DateField("知悉日", db_index=True)
    withdrawn_on = models.DateField("撤回日", null=True)
    state = models.CharField("状态", max_length=16, choices=list(STATES.items()), default="landed", db_index=True)
    reason = models.TextField("说明", blank=True)
    rows_in = models.BigIntegerField("来文行数", default=0)
    accepted = models.BigIntegerField("接受行数", default=0)
    quarantined = models.BigIntegerField("隔离行数", default=0)
    checked_chunks = models.IntegerField("已校验块", default=0)
    resolved_chunks = models.IntegerField("已归户块", default=0)
    fused_chunks = models.IntegerField("已融合块", default=0)
    chunks = models.IntegerField("总块数", default=0)
    delivery = models.CharField("报送方式", max_length=12, choices=list(DELIVERIES.items()), default="increment")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="更正")
    withdrawn_by = models.CharField("撤回人", max_length=100, blank=True)
    # How far the closing or the withdrawing has come: the last subject it has worked out.
    cursor = models.BigIntegerField("进度", default=-1)
    profile = models.JSONField("数据概貌", default=dict)

    class Meta:
        verbose_name = "批次"
        ordering = ["-id"]


class Quarantined(models.Model):
    """隔离行: a row that broke its contract, as received, with every reason."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="quarantine")
    row = models.BigIntegerField("行号")
    raw = models.JSONField("原始内容")
    reasons = models.JSONField("原因")
    state = models.CharField("状态", max_length=12, default="open")
    scope = ScopeField("管辖")

    class Meta:
        verbose_name = "隔离行"
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="one_refusal_a_row")]
        indexes = [
            models.Index(fields=["state", "batch", "id", "scope"], name="refusal_by_state"),
            # Each begins with an order of the list and holds what decides whether a row is shown.
            models.Index(fields=["batch", "id", "scope"], name="refusal_in_batches"),
            models.Index(fields=["row", "id", "scope", "batch"], name="refusal_in_rows"),
            models.Index(fields=["state", "row", "id", "scope", "batch"], name="refusal_by_state_in_rows"),
        ]


class Link(models.Model):
    """归户: which subject a landed row speaks of, and by which key that was decided.

    Withdrawing a batch may lead rows of others elsewhere: then the old link ends (``until``) and a new one begins
    (``since``), so that the file as known on a day can still be shown.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="links")
    row = models.BigIntegerField("行号")
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, related_name="links", db_index=False)
    by = models.CharField("归户依据", max_length=16)
    since = models.DateField("自", null=True)
    until = models.DateField("至", null=True)

    class Meta:
        verbose_name = "归户"
        constraints = [
            models.UniqueConstraint(fields=["batch", "row"], condition=Q(until=None), name="one_subject_a_row_now"),
        ]
        indexes = [models.Index(fields=["subject", "until", "batch", "row"], name="link_of_subject")]


class Contest(models.Model):
    """争议码: a row of ``speaker`` names a code that ``holder`` holds. Both stand; whether the two are one is asked."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="contests")
    row = models.BigIntegerField("行号")
    speaker = models.ForeignKey("subjects.Subject", models.PROTECT, related_name="contests_raised")
    holder = models.ForeignKey("subjects.Subject", models.PROTECT, related_name="contests_met")
    kind = models.CharField("标识类别", max_length=16)
    value = models.CharField("标识值", max_length=64)

    class Meta:
        verbose_name = "争议码"
        constraints = [models.UniqueConstraint(fields=["batch", "row", "kind", "value"], name="one_contest_a_code")]


class Nameless(models.Model):
    """无码行: a landed row that bears a name and no code, with its second signs, and whom it was taken to mean."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="nameless")
    row = models.BigIntegerField("行号")
    name = models.CharField("名称", max_length=300, db_index=True)
    signs = models.JSONField("佐证", default=dict)
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "无码行"
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="one_nameless_a_row")]


class Fold(models.Model):
    """折叠计数: how many chunks have changed the subject file. What was read at N may be written only while it is N."""

    name = models.CharField("名称", max_length=16, primary_key=True)
    value = models.BigIntegerField("计数", default=0)

    class Meta:
        verbose_name = "折叠计数"


class Upload(models.Model):
    """上传: a file on its way in, piece by piece; what is on the disk says how far it is. Cut off, it goes on there."""

    id = models.UUIDField("编号", primary_key=True)
    owner = models.CharField("上传人", max_length=100)
    fingerprint = models.CharField("文件特征", max_length=300)
    name = models.CharField("文件名", max_length=255)
    size = models.BigIntegerField("字节数")
    begun_at = models.DateTimeField("开始时间")

    class Meta:
        verbose_name = "上传"
        constraints = [models.UniqueConstraint(fields=["owner", "fingerprint"], name="one_upload_a_file")]


class Reminder(models.Model):
    """催报: a department was told that a file of its is due; one a key, so that a double click tells it once."""

    source = models.CharField("数据源", max_length=64)
    department = models.CharField("责任部门", max_length=100, blank=True)
    scope = ScopeField("管辖", blank=True, default="")
    day = models.DateField("催报日")
    due = models.DateField("应报日", null=True)
    to = models.CharField("收件人", max_length=300)
    by = models.CharField("催报人", max_length=100)
    message = models.ForeignKey("accounts.Message", models.SET_NULL, null=True, related_name="+", verbose_name="消息")
    made_at = models.DateTimeField("催报时间")
    key = models.CharField("幂等键", max_length=160, unique=True)

    class Meta:
        verbose_name = "催报"
        ordering = ["-id"]
        indexes = [models.Index(fields=["source", "-id"], name="reminder_of_source")]
