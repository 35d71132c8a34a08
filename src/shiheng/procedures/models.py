"""Files of every procedure in one table, what was done in them step by step, who stands in them, and their clocks.

Rows here are written by actions only. A ``Passage`` is never changed nor deleted: one taken back is marked so. What a
``Proceeding`` and its ``Clock`` rows say follows from the passages and is written anew after each.
"""

from django.db import models
from django.db.models import Q

from shiheng.accounts.jurisdictions import ScopeField
from shiheng.procedures.approvals.models import Approval, Opinion, OwnChain
from shiheng.procedures.duty.models import Handing, Leave
from shiheng.procedures.evidence.models import Allegation, Carried, Custody, Evidence, Redaction, Upload
from shiheng.procedures.exchange.models import DifferenceList, FileNote, Order, PlatformFile, Reply
from shiheng.procedures.flowing.models import Flowed, Goods, Stocktake
from shiheng.procedures.measures.models import Heeded
from shiheng.procedures.money.models import FinanceFile
from shiheng.procedures.moves.models import Move, Moved
from shiheng.procedures.ownforms.models import OwnForm
from shiheng.procedures.takeover.models import Batch, BatchRow
from shiheng.procedures.triage.models import Group, GroupStep, Judged, Member, Sketch
from shiheng.subjects.models import BytewiseField

__all__ = [
    "Address", "Allegation", "Approval", "Batch", "BatchRow", "Carried", "Clock", "Correction", "Counter",
    "Custody", "DifferenceList", "Evidence", "FileNote", "FinanceFile", "Flowed", "Goods", "Group", "GroupStep",
    "Handing", "Heeded", "Judged", "Leave", "Link", "Member", "Move", "Moved", "Opinion", "Order", "OwnChain",
    "OwnForm", "Paper", "Party", "Passage", "PlatformFile", "Proceeding", "Redaction", "Reply", "Serving", "Sketch",
    "Stocktake", "Upload",
]  # fmt: skip


class Proceeding(models.Model):
    """案卷: one file of one procedure, under the version it was received under."""

    procedure = models.CharField("程序", max_length=64)
    version = models.DateField("程序版本")
    number = BytewiseField("编号", max_length=80)
    title = models.CharField("名称", max_length=300)
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, null=True, related_name="proceedings")
    scope = ScopeField("承办单位", db_index=False)
    officer = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+", db_index=False)
    officer_name = models.CharField("承办人", max_length=64, blank=True)
    state = models.CharField("状态", max_length=32)
    ended = models.BooleanField("已办结", default=False)
    received_on = models.DateField("收到日期")
    opened_at = models.DateTimeField("登记时间")
    ended_on = models.DateField("办结日期", null=True)
    due = models.DateField("最近期限", null=True)
    due_limit = models.CharField("最近期限事项", max_length=64, blank=True)
    facts = models.JSONField("内容", default=dict)
    changed_at = models.DateTimeField("最近办理")
    turn = models.IntegerField("办理次数", default=0)  # moved by each writing: who read an earlier one is told
    taken_over = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="files", db_index=False)
    source_number = BytewiseField("原系统编号", max_length=80, blank=True)
    calendar = models.CharField("日历版本", max_length=64, blank=True)  # by which its clocks were reckoned last

    class Meta:
        verbose_name = "案卷"
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_number_once"),
            models.UniqueConstraint(
                fields=["procedure", "source_number"], condition=~Q(source_number=""), name="one_source_number_once"
            ),
        ]
        indexes = [
            # One an order of the desk, holding also what narrows it.
            models.Index(fields=["ended", "due", "id", "scope", "procedure"], name="file_by_due"),
            models.Index(fields=["officer", "ended", "due", "id"], name="file_of_officer"),
            models.Index(fields=["received_on", "id", "scope", "procedure"], name="file_by_receipt"),
            models.Index(fields=["procedure", "state", "scope", "id"], name="file_by_state"),
            models.Index(fields=["procedure", "subject", "-received_on"], name="file_by_subject"),
        ]


class Party(models.Model):
    """当事各方: who stands in a file. ``facts`` (identity, contact) are sealed where they are personal."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="parties", db_index=False)
    number = models.IntegerField("序号")
    kind = models.CharField("身份", max_length=32)
    name = models.CharField("名称", max_length=300)
    subject = models.ForeignKey("subjects.Subject", models.PROTECT, null=True, related_name="+", db_index=False)
    facts = models.JSONField("资料", default=dict)
    state = models.CharField("状态", max_length=32, blank=True)
    added = models.IntegerField(
        "加入的环节", null=True
    )  # the passage that put it into the file; none: it was opened with it
    gone = models.BooleanField("加入已撤回", default=False)

    class Meta:
        verbose_name = "当事各方"
        constraints = [models.UniqueConstraint(fields=["proceeding", "number"], name="one_party_once")]
        indexes = [models.Index(fields=["subject"], condition=Q(subject__isnull=False), name="party_by_subject")]


class Passage(models.Model):
    """办理记录: one step taken: on which day it happened, when and by whom it was entered, what was found."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="passages", db_index=False)
    number = models.IntegerField("序号")
    step = models.CharField("环节", max_length=64)
    day = models.DateField("发生日期")
    at = models.DateTimeField("记入时间")
    account = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+", db_index=False)
    actor = models.CharField("办理人键", max_length=64)
    by = models.CharField("办理人", max_length=100)
    officers = models.JSONField("在场人员", default=list)
    party = models.IntegerField("当事人序号", null=True)
    facts = models.JSONField("内容", default=dict)
    reason = models.CharField("说明", max_length=500, blank=True)
    taken_over = models.BooleanField("原系统办理", default=False)
    voided_at = models.DateTimeField("撤回时间", null=True)
    voided_by = models.CharField("撤回人", max_length=100, blank=True)
    voided_why = models.CharField("撤回理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "办理记录"
        constraints = [models.UniqueConstraint(fields=["proceeding", "number"], name="one_passage_once")]


class Correction(models.Model):
    """更正: what a passage said, and its day, before somebody put it right; ``paper`` is the document that says so."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="corrections")
    passage = models.ForeignKey(Passage, models.CASCADE, related_name="corrections", db_index=False)
    facts = models.JSONField("原内容", default=dict)
    day = models.DateField("原发生日期")
    at = models.DateTimeField("更正时间")
    by = models.CharField("更正人", max_length=100)
    actor = models.CharField("更正人键", max_length=64)
    why = models.CharField("更正理由", max_length=500)
    paper = models.ForeignKey("procedures.Paper", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = "更正"


class Clock(models.Model):
    """期限: one clock of a file with its receipt, as it stands after the latest passage."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="clocks", db_index=False)
    limit = models.CharField("期限事项", max_length=64)
    party = models.IntegerField("当事人序号", default=0)
    started_on = models.DateField("起算日")
    due = models.DateField("届满日", null=True)
    due_at = models.DateTimeField("届满时刻", null=True)
    met_on = models.DateField("办成日", null=True)
    of_party = models.BooleanField("当事人的期限", default=False)
    provisional = models.BooleanField("暂定", default=False)
    running = models.BooleanField("在计", default=True)
    receipt = models.JSONField("计算过程", default=dict)

    class Meta:
        verbose_name = "期限"
        constraints = [models.UniqueConstraint(fields=["proceeding", "limit", "party"], name="one_clock_once")]
        indexes = [
            models.Index(fields=["due", "proceeding"], condition=Q(running=True), name="clock_running_by_due"),
            models.Index(fields=["limit", "due"], name="clock_by_limit"),
        ]


class Paper(models.Model):
    """文书: a form as it was made of a file. Never changed: a wrong one is followed by another, and both are seen.

    ``own`` is the bureau's own form it was made of. ``served_on`` is the day on which the last of those it is for was
    served; how and with what proof stands in its ``Serving`` rows.
    """

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="papers")
    form = models.CharField("文书种类", max_length=64)
    version = models.DateField("格式版本")
    title = models.CharField("名称", max_length=100)
    number = BytewiseField("文书编号", max_length=80, unique=True)
    content = models.JSONField("内容", default=dict)
    digest = models.CharField("内容摘要", max_length=64)
    made_at = models.DateTimeField("制作时间")
    by = models.CharField("制作人", max_length=100)
    actor = models.CharField("制作人键", max_length=64, blank=True)
    own = models.ForeignKey(OwnForm, models.PROTECT, null=True, related_name="papers", db_index=False)
    to = models.JSONField("送达对象", default=list)
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_by = models.CharField("撤回人", max_length=100, blank=True)
    withdrawn_why = models.CharField("撤回理由", max_length=500, blank=True)
    instead = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    served_on = models.DateField("送达日期", null=True)
    served_how = models.CharField("送达方式", max_length=60, blank=True)
    served_proof = models.CharField("送达证明", max_length=200, blank=True)

    class Meta:
        verbose_name = "文书"
        indexes = [models.Index(fields=["digest"], name="paper_by_digest")]


class Serving(models.Model):
    """送达: one try to serve a paper on one of those it is for; never changed, a failed one is followed by another."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="servings", db_index=False)
    number = models.IntegerField("序号")
    party = models.IntegerField("当事人序号", default=0)
    to = models.CharField("受送达人", max_length=300)
    way = models.CharField("送达方式", max_length=16)
    result = models.CharField("结果", max_length=16)
    day = models.DateField("日期")
    effective_on = models.DateField("生效日期", null=True)
    proof = models.JSONField("送达证明", default=dict)
    message = models.BigIntegerField("发件编号", null=True)
    at = models.DateTimeField("记入时间")
    by = models.CharField("送达人", max_length=100)
    actor = models.CharField("送达人键", max_length=64)
    officer = models.CharField("另一名送达人", max_length=100, blank=True)

    class Meta:
        verbose_name = "送达"
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="one_serving_once")]
        indexes = [models.Index(fields=["id"], condition=Q(result="waiting"), name="serving_waiting")]


class Address(models.Model):
    """送达地址确认: where a party wants to be served, in writing. A later one takes the place of an earlier one."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="addresses", db_index=False)
    number = models.IntegerField("序号")
    party = models.IntegerField("当事人序号")
    facts = models.JSONField("内容", default=dict)  # sealed: address, receiver, phone, electronic address
    channel = models.CharField("电子方式", max_length=32, blank=True)
    signed_on = models.DateField("签署日期")
    at = models.DateTimeField("记入时间")
    by = models.CharField("记入人", max_length=100)

    class Meta:
        verbose_name = "送达地址确认"
        constraints = [models.UniqueConstraint(fields=["proceeding", "number"], name="one_address_once")]


class Link(models.Model):
    """关联: that one file came of another, or belongs with it."""

    KINDS = {
        "spawned": "由此转办", "twin": "同一来信", "same": "重复反映", "group": "并案调解",
        "appeals": "复议、诉讼", "rehandles": "重新处理", "about": "围绕本案",
    }  # fmt: skip

    first = models.ForeignKey(Proceeding, models.CASCADE, related_name="links_out", db_index=False)
    second = models.ForeignKey(Proceeding, models.CASCADE, related_name="links_in")
    kind = models.CharField("关系", max_length=16, choices=list(KINDS.items()))
    at = models.DateTimeField("记入时间")

    class Meta:
        verbose_name = "关联"
        constraints = [models.UniqueConstraint(fields=["first", "second", "kind"], name="one_link_once")]


class Counter(models.Model):
    """编号: the last number given of a series in a year at an office; moved by compare-and-set."""

    scope = ScopeField("单位", db_index=False)
    year = models.IntegerField("年度")
    series = models.CharField("字号", max_length=64)
    last = models.IntegerField("已用到", default=0)

    class Meta:
        verbose_name = "编号"
        constraints = [models.UniqueConstraint(fields=["scope", "year", "series"], name="one_series_once")]
