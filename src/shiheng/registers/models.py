"""Entries of every register in one table, what was said of each day by day, and the acts that said it.

Rows here are written by actions only. An ``Entry`` is the last that was said; ``Version`` is never changed nor deleted.
"""

from django.db import models
from django.db.models import Q

from shiheng.accounts.jurisdictions import ScopeField
from shiheng.subjects.models import BytewiseField


class Act(models.Model):
    """办理: one writing to a register, of one entry or of many, that can be undone as a whole.

    An import begins as a preview: its rows stand in ``Row`` and nothing is written until it is confirmed.
    """

    KINDS = {
        "enter": "登记",
        "change": "更正或变更",
        "move": "变更状态",
        "renew": "延续",
        "note": "记事",
        "bulk": "批量办理",
        "import": "批量导入",
        "feed": "部门来文",
    }
    STATES = {
        "reading": "正在读取",
        "preview": "待确认",
        "running": "正在写入",
        "done": "已完成",
        "undoing": "正在撤销",
        "undone": "已撤销",
        "dropped": "已放弃",
        "refused": "整份拒收",
    }

    register = models.CharField("名录", max_length=64)
    kind = models.CharField("办理", max_length=16, choices=list(KINDS.items()))
    state = models.CharField("状态", max_length=16, choices=list(STATES.items()), default="done")
    account = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+", db_index=False)
    actor = models.CharField("办理人键", max_length=64)
    by = models.CharField("办理人", max_length=100)
    scope = ScopeField("管辖", blank=True, default="", db_index=False)
    at = models.DateTimeField("办理时间")
    day = models.DateField("发生日期")
    reason = models.CharField("事由", max_length=500, blank=True)
    facts = models.JSONField("内容", default=dict)
    file = models.CharField("文件", max_length=64, blank=True)
    filename = models.CharField("文件名", max_length=200, blank=True)
    rows = models.IntegerField("行数", default=0)
    taken = models.IntegerField("办成", default=0)
    faulty = models.IntegerField("有误", default=0)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.CharField("撤销人", max_length=100, blank=True)
    undone_why = models.CharField("撤销事由", max_length=500, blank=True)

    class Meta:
        verbose_name = "名录办理"
        indexes = [
            models.Index(fields=["register", "-id"], name="act_of_register"),
            models.Index(
                fields=["state"], condition=~Q(state__in=["done", "undone", "dropped"]), name="act_unfinished"
            ),
        ]


class Entry(models.Model):
    """名录条目: one row of a register. ``live`` is false once every saying that entered it is undone."""

    register = models.CharField("名录", max_length=64)
    version = models.DateField("名录版本")
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, null=True, related_name="entries")
    key = BytewiseField("条目键", max_length=255)
    title = models.CharField("名称", max_length=300)
    state = models.CharField("状态", max_length=24)
    ended = models.BooleanField("不在册", default=False)
    since = models.DateField("起", null=True)
    until = models.DateField("止", null=True)
    due = models.DateField("到期应办日", null=True)
    scope = ScopeField("管辖", blank=True, default="", db_index=False)
    facts = models.JSONField("内容", default=dict)
    live = models.BooleanField("有效登记", default=True)
    entered_on = models.DateField("登记日")
    changed_at = models.DateTimeField("最近办理")
    turn = models.IntegerField("办理次数", default=0)  # moved by each writing: who read an earlier one is told

    class Meta:
        verbose_name = "名录条目"
        constraints = [
            models.UniqueConstraint(fields=["register", "key"], condition=Q(live=True), name="one_live_entry_once"),
        ]
        indexes = [
            # One an order of the list, holding also what narrows it.
            models.Index(fields=["register", "id", "scope", "live", "ended"], name="entry_by_number"),
            models.Index(fields=["register", "title", "id", "scope", "live", "ended"], name="entry_by_title"),
            models.Index(fields=["register", "since", "id", "scope", "live", "ended"], name="entry_by_since"),
            models.Index(fields=["register", "until", "id", "scope", "live", "ended"], name="entry_by_until"),
            models.Index(fields=["register", "due", "id", "scope", "live", "ended"], name="entry_by_due"),
            models.Index(fields=["register", "state", "scope", "live"], name="entry_by_state"),
        ]


class Version(models.Model):
    """条目历次: how an entry stood from ``day`` on, as it was known from ``at`` on.

    ``changes`` is what was said; the columns are the whole entry after it. A row without changes (``restates``) says
    again how the entry stood from a day on, because something earlier was said later, or something was undone.
    Of two rows for one day the one with the higher number holds.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="versions", db_index=False)
    act = models.ForeignKey(Act, models.PROTECT, related_name="versions")
    restates = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    day = models.DateField("发生日期")
    at = models.DateTimeField("记入时间")
    changes = models.JSONField("所改内容", default=dict)
    undone = models.BooleanField("已撤销", default=False)
    register = models.CharField("名录", max_length=64)
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, null=True, related_name="+", db_index=False)
    title = models.CharField("名称", max_length=300, blank=True)
    state = models.CharField("状态", max_length=24, blank=True)
    ended = models.BooleanField("不在册", default=False)
    since = models.DateField("起", null=True)
    until = models.DateField("止", null=True)
    due = models.DateField("到期应办日", null=True)
    scope = ScopeField("管辖", blank=True, default="", db_index=False)
    facts = models.JSONField("内容", default=dict)
    live = models.BooleanField("有效登记", default=True)

    class Meta:
        verbose_name = "条目历次"
        indexes = [
            models.Index(fields=["entry", "day", "id"], name="version_of_entry"),
            models.Index(fields=["register", "day"], name="version_of_register"),
        ]


class Indexed(models.Model):
    """条目索引: one indexed fact of one live entry, as lists filter, sort and count by it.

    ``scope`` and ``ended`` stand here too, so that a filtered list of one territory is one range of one index.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="indexed", db_index=False)
    register = models.CharField("名录", max_length=64)
    field = models.CharField("内容项", max_length=40)
    text = BytewiseField("文字", max_length=200, blank=True)
    number = models.DecimalField("数值", max_digits=20, decimal_places=4, null=True)
    day = models.DateField("日期", null=True)
    scope = ScopeField("管辖", blank=True, default="", db_index=False)

    class Meta:
        verbose_name = "条目索引"
        constraints = [models.UniqueConstraint(fields=["entry", "field"], name="one_indexed_fact_once")]
        indexes = [
            models.Index(fields=["register", "field", "text", "scope", "entry"], name="indexed_by_text"),
            models.Index(
                fields=["register", "field", "number", "scope", "entry"],
                condition=Q(number__isnull=False),
                name="indexed_by_number",
            ),
            models.Index(
                fields=["register", "field", "day", "scope", "entry"],
                condition=Q(day__isnull=False),
                name="indexed_by_day",
            ),
        ]


class Note(models.Model):
    """条目记事: a dated line under an entry: a visit, an opinion, an activity. Undone with its act, never deleted."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="notes")
    act = models.ForeignKey(Act, models.PROTECT, related_name="notes", db_index=False)
    kind = models.CharField("类别", max_length=24)
    day = models.DateField("日期")
    text = models.CharField("内容", max_length=1000)
    by = models.CharField("记录人", max_length=100)
    at = models.DateTimeField("记录时间")
    undone = models.BooleanField("已撤销", default=False)

    class Meta:
        verbose_name = "条目记事"
        indexes = [models.Index(fields=["entry", "-day", "-id"], name="note_of_entry")]


class Row(models.Model):
    """导入行: one row of a file as it was read, and what becomes of it."""

    OUTCOMES = {"new": "新增", "changed": "变更", "same": "无变化", "faulty": "有误"}

    act = models.ForeignKey(Act, models.CASCADE, related_name="lines", db_index=False)
    line = models.IntegerField("行号")
    outcome = models.CharField("结果", max_length=8)
    cells = models.JSONField("原内容", default=dict)
    why = models.CharField("原因", max_length=1000, blank=True)
    plan = models.JSONField("拟写入", default=dict)
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+")
    written = models.BooleanField("已写入", default=False)

    class Meta:
        verbose_name = "导入行"
        constraints = [models.UniqueConstraint(fields=["act", "line"], name="one_row_once")]
        indexes = [models.Index(fields=["act", "outcome", "line"], name="row_by_outcome")]


class Fed(models.Model):
    """来文取用进度: how far a register fed by departments has been brought.

    Until it is ``whole`` the number of the last record brought; from then on that of the last change read, beginning
    with ``at_begin``, the last before anything was brought.
    """

    register = models.CharField("名录", max_length=64, unique=True)
    change = models.BigIntegerField("变动号", default=0)
    at_begin = models.BigIntegerField("起取时的变动号", default=0)
    whole = models.BooleanField("已全部取用", default=False)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "来文取用进度"


class Warned(models.Model):
    """到期提醒: that an end was told of at so many days before it; once each."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+", db_index=False)
    end = models.DateField("到期日")
    days = models.IntegerField("提前天数")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "到期提醒"
        constraints = [models.UniqueConstraint(fields=["entry", "end", "days"], name="one_warning_once")]
