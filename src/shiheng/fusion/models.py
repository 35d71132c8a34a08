"""What a department sent and what became of every row of it."""

from datetime import date

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
    mends = models.ForeignKey("self", models.PROTECT, null=True, related_name="mended_by", verbose_name="修正")
    withdrawn_by = models.CharField("撤回人", max_length=100, blank=True)
    # How far the closing or the withdrawing has come: the last subject it has worked out.
    cursor = models.BigIntegerField("进度", default=-1)
    profile = models.JSONField("数据概貌", default=dict)

    class Meta:
        verbose_name = "批次"
        ordering = ["-id"]

    @property
    def said_on(self) -> date:
        """The day its rows were said: mended ones on the day of the batch they had been refused in."""
        return self.mends.known_on if self.mends else self.known_on


class Quarantined(models.Model):
    """隔离行: a row that broke its contract, as received, with every reason.

    A mended row refused again opens the row it mends; its own refusal is kept as ``again`` and asks for nothing.
    """

    STATES = {"open": "待处理", "mended": "已修正", "rejected": "不予入档", "returned": "已退回", "again": "转回原行"}

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


class Return(models.Model):
    """退回: refused rows sent back to the department that sent them, in its own form, under a number of the year."""

    STATES = {"sent": "已发出", "received": "已签收", "answered": "已更正"}

    year = models.IntegerField("年度")
    serial = models.IntegerField("顺序号")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="returns", verbose_name="批次")
    file = models.CharField("文件摘要", max_length=64)
    filename = models.CharField("文件名", max_length=255)
    size = models.IntegerField("行数")
    scope = ScopeField("管辖")
    why = models.TextField("说明")
    state = models.CharField("状态", max_length=12, choices=list(STATES.items()), default="sent")
    told = models.CharField("已通知", max_length=200, blank=True)
    made_by = models.CharField("退回人", max_length=100)
    made_at = models.DateTimeField("退回时间")
    received_by = models.CharField("签收人", max_length=100, blank=True)
    received_at = models.DateTimeField("签收时间", null=True)
    answered_by = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="answers", verbose_name="更正批次")
    answered_at = models.DateTimeField("更正时间", null=True)

    class Meta:
        verbose_name = "退回"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["year", "serial"], name="one_return_a_number")]

    @property
    def number(self) -> str:
        """退数〔2026〕12号: the number it is cited by."""
        return f"退数〔{self.year}〕{self.serial}号"


class Mending(models.Model):
    """处置: what was done about a refused row, by whom and why. What is undone stays on record and counts no more.

    Of a mended row ``before`` and ``after`` hold the cells that changed, under the file's headers; ``batch`` and
    ``row`` say where it came in again.
    """

    KINDS = {"mended": "修正", "rejected": "不予入档", "returned": "退回"}

    quarantined = models.ForeignKey(Quarantined, models.CASCADE, related_name="mendings")
    kind = models.CharField("处置", max_length=12, choices=list(KINDS.items()))
    proposed = models.BooleanField("采纳建议", default=False)
    before = models.JSONField("修正前", default=dict)
    after = models.JSONField("修正后", default=dict)
    by = models.CharField("处置人", max_length=100)
    at = models.DateTimeField("处置时间")
    why = models.TextField("理由", blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="mendings", verbose_name="入档批次")
    row = models.BigIntegerField("入档行号", null=True)
    sending = models.ForeignKey(Return, models.PROTECT, null=True, related_name="rows", verbose_name="退回单")
    undone_at = models.DateTimeField("作废时间", null=True)
    undone_why = models.CharField("作废原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "处置"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["quarantined"], condition=Q(undone_at=None), name="one_mending_a_row_now"),
            models.UniqueConstraint(fields=["batch", "row"], condition=~Q(row=None), name="one_mending_a_landed_row"),
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


class Ruling(models.Model):
    """并户、分户: a person's word on codes: two are one business's, or one stands for a business of its own.

    It is said of codes and not of subjects, so that it holds whatever rows come and go; undone, it stays and counts no
    more. ``subject`` and ``other`` are whom it was about when it was said.
    """

    KINDS = {"one": "并户", "apart": "分户"}

    says = models.CharField("事项", max_length=8, choices=list(KINDS.items()))
    kind = models.CharField("标识类别", max_length=16)
    value = models.CharField("标识值", max_length=64)
    with_kind = models.CharField("另一标识类别", max_length=16, blank=True, default="")
    with_value = models.CharField("另一标识值", max_length=64, blank=True, default="")
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, related_name="rulings")
    other = models.ForeignKey("subjects.Subject", models.PROTECT, null=True, related_name="rulings_beside")
    scope = ScopeField("管辖", blank=True, default="")
    reason = models.CharField("理由", max_length=500)
    made_by = models.CharField("办理人", max_length=100)
    made_at = models.DateTimeField("办理时间")
    undone_by = models.CharField("撤销人", max_length=100, blank=True, default="")
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_reason = models.CharField("撤销理由", max_length=500, blank=True, default="")

    class Meta:
        verbose_name = "并户分户"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value", "with_kind", "with_value"], condition=Q(undone_at=None), name="one_ruling_now"
            ),
        ]


class Nameless(models.Model):
    """无码行: a landed row without a code, its signs, and how it was last judged: whom it means and how sure that is.

    ``candidates`` are the likeliest subjects, best first: subject, likely, and what each sign said (level, how many
    share it, bits), of which the sentences are made.
    """

    DECISIONS = {
        "": "待比对",
        "auto": "自动归户",
        "judged": "人工归户",
        "tie": "并列待判",
        "ask": "待判",
        "none": "无对应主体",
    }

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="nameless")
    row = models.BigIntegerField("行号")
    name = models.CharField("名称", max_length=300, db_index=True)
    signs = models.JSONField("佐证", default=dict)
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, null=True, related_name="+")
    decision = models.CharField("判定", max_length=8, default="", choices=list(DECISIONS.items()))
    likely = models.FloatField("把握", default=0.0)
    version = models.CharField("规则版本", max_length=16, default="")
    candidates = models.JSONField("候选", default=list)
    # The likeliest, whether or not it decides: whose territory the row most likely lies in.
    best = models.ForeignKey("subjects.Subject", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "无码行"
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="one_nameless_a_row")]
        indexes = [models.Index(fields=["decision", "-likely"], name="nameless_to_judge")]


class Verdict(models.Model):
    """人工判断: a person's word on whether a row means a subject; undone, it stays and counts no more."""

    SAYS = {"same": "是同一户", "different": "不是同一户", "unsure": "无法判断"}

    row = models.ForeignKey(Nameless, models.CASCADE, related_name="verdicts")
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, related_name="+")
    says = models.CharField("判断", max_length=10, choices=list(SAYS.items()))
    reason = models.CharField("理由", max_length=500, blank=True)
    misled = models.CharField("误导的特征", max_length=10, blank=True)
    likely = models.FloatField("当时把握", default=0.0)
    judged_by = models.CharField("判断人", max_length=100)
    judged_at = models.DateTimeField("判断时间")
    undone_by = models.CharField("撤销人", max_length=100, default="")
    undone_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = "人工判断"
        constraints = [
            # Any number of persons may find that they cannot tell.
            models.UniqueConstraint(
                fields=["row", "subject"],
                condition=Q(undone_at=None, says__in=["same", "different"]),
                name="one_verdict_a_pair",
            ),
            models.UniqueConstraint(
                fields=["row"], condition=Q(undone_at=None, says="same"), name="one_subject_a_judged_row"
            ),
        ]


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


class Dispute(models.Model):
    """数据异议: somebody says that a field or a record of a subject's file is wrong; the source answers for it.

    What stood there is kept as it may be shown, and as a keyed digest: whether it stands still is found at reading.
    """

    STATES = {"open": "待答复", "answered": "认可，待更正", "mended": "已更正", "refused": "维持原值"}
    UNSETTLED = ("open", "answered")

    year = models.PositiveIntegerField("年度")
    serial = models.PositiveIntegerField("序号")
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, related_name="disputes", verbose_name="主体")
    scope = ScopeField("管辖", blank=True, default="")
    field = models.CharField("字段", max_length=64, blank=True)
    record_kind = models.CharField("记录类别", max_length=32, blank=True)
    record_key = models.CharField("来源键", max_length=200, blank=True)
    shown = models.TextField("报告时的内容", blank=True)
    digest = models.CharField("内容摘要", max_length=64)
    source = models.CharField("数据源", max_length=64, db_index=True)
    department = models.CharField("责任部门", max_length=100, blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="disputes", verbose_name="批次")
    row = models.BigIntegerField("行号", null=True)
    wrong = models.TextField("哪里不对")
    should = models.TextField("应当是什么", blank=True)
    evidence = models.CharField("证明材料", max_length=64, blank=True)
    evidence_name = models.CharField("证明材料名称", max_length=255, blank=True)
    reporter = models.CharField("报告人键", max_length=64)
    reporter_name = models.CharField("报告人", max_length=100)
    reporter_office = models.CharField("报告人单位", max_length=100, blank=True)
    account = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=12, choices=list(STATES.items()), default="open")
    answer = models.TextField("答复", blank=True)
    answered_by = models.CharField("答复人", max_length=100, blank=True)
    answered_at = models.DateTimeField("首次答复时间", null=True)
    settled_at = models.DateTimeField("办结时间", null=True)
    mended_by = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="disputes_mended", verbose_name="更正的批次"
    )

    class Meta:
        verbose_name = "数据异议"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="one_dispute_a_number"),
            models.UniqueConstraint(
                fields=["reporter", "subject", "field", "record_kind", "source", "record_key"],
                condition=Q(state__in=["open", "answered"]),
                name="one_dispute_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "source", "opened_at"], name="dispute_by_source"),
            models.Index(fields=["reporter", "-id"], name="dispute_of_reporter"),
        ]

    @property
    def number(self) -> str:
        return f"{self.year}-{self.serial:04d}"
