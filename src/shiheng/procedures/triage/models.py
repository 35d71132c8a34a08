"""What is kept of letters beside their files: how each was read, what a person judged, which are handled together."""

from django.db import models
from django.db.models import Q

from shiheng.accounts.jurisdictions import ScopeField


class Sketch(models.Model):
    """来信要点: a letter as it is compared and counted. Follows from its file and the judgments.

    ``person`` is a keyed digest of the sender's telephone, ``text`` of the words without blanks and marks: they tell
    that two are the same and nothing else.
    """

    proceeding = models.OneToOneField("procedures.Proceeding", models.CASCADE, primary_key=True, related_name="sketch")
    day = models.DateField("收到日期")
    person = models.CharField("来信人摘要", max_length=64, blank=True)
    against = models.CharField("对象", max_length=80, blank=True)
    against_name = models.CharField("对象名称", max_length=300, blank=True)
    text = models.CharField("文字摘要", max_length=64, blank=True)
    kind = models.CharField("问题类别", max_length=40, blank=True)
    wants = models.CharField("诉求", max_length=16, blank=True)
    urgent = models.JSONField("紧急情形", default=list)
    tags = models.JSONField("专题", default=list)
    online = models.BooleanField("涉互联网", default=False)
    place = ScopeField("所在辖区", blank=True, db_index=False)
    lexicon = models.DateField("词表版本", null=True)

    class Meta:
        verbose_name = "来信要点"
        indexes = [
            models.Index(fields=["day"], name="sketch_by_day"),
            models.Index(fields=["person", "day"], condition=~Q(person=""), name="sketch_by_person"),
            models.Index(fields=["against", "day"], condition=~Q(against=""), name="sketch_by_against"),
        ]


class Judged(models.Model):
    """甄别判断: what a person said of a letter, beside what was suggested. Never changed: a later one follows."""

    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="judged", db_index=False)
    number = models.IntegerField("序号")
    what = models.CharField("判断事项", max_length=16)
    suggested = models.JSONField("建议", default=dict)
    chosen = models.JSONField("判断", default=dict)
    other = models.ForeignKey("procedures.Proceeding", models.CASCADE, null=True, related_name="+", db_index=False)
    at = models.DateTimeField("判断时间")
    by = models.CharField("判断人", max_length=100)
    actor = models.CharField("判断人键", max_length=64)

    class Meta:
        verbose_name = "甄别判断"
        constraints = [models.UniqueConstraint(fields=["proceeding", "number"], name="one_judgment_once")]


class Group(models.Model):
    """并案调解: equal letters against one business that are handled in one act, each with its own file."""

    scope = ScopeField("承办单位")
    procedure = models.CharField("程序", max_length=64)
    title = models.CharField("名称", max_length=200)
    against = models.CharField("对象", max_length=80, blank=True)
    formed_at = models.DateTimeField("并案时间")
    formed_by = models.CharField("并案人", max_length=100)

    class Meta:
        verbose_name = "并案调解"


class Member(models.Model):
    """A file in a group; one that left stays written down, with why."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="members")
    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="memberships")
    joined_at = models.DateTimeField("并入时间")
    joined_by = models.CharField("并入人", max_length=100)
    left_at = models.DateTimeField("退出时间", null=True)
    left_by = models.CharField("退出人", max_length=100, blank=True)
    left_why = models.CharField("退出理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "并案成员"
        constraints = [
            models.UniqueConstraint(fields=["proceeding"], condition=Q(left_at=None), name="one_group_at_a_time")
        ]


class GroupStep(models.Model):
    """并案办理: one act for several files at once, with those it was taken for."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="acts")
    step = models.CharField("环节", max_length=64)
    day = models.DateField("发生日期")
    files = models.JSONField("案卷", default=list)
    at = models.DateTimeField("记入时间")
    by = models.CharField("办理人", max_length=100)

    class Meta:
        verbose_name = "并案办理"
