"""What was laid before the heads, what each of them said, the chains a bureau set for itself. Written by actions."""

from django.db import models
from django.db.models import Q

from shiheng.accounts.jurisdictions import ScopeField


class Approval(models.Model):
    """呈批件: one step as an officer proposes it, and how far it has gone up."""

    STATES = {"waiting": "审批中", "approved": "已批准", "returned": "已退回", "withdrawn": "已撤回"}

    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="approvals", db_index=False)
    scope = ScopeField("承办单位", db_index=False)
    step = models.CharField("环节", max_length=64)
    party = models.IntegerField("当事人序号", default=0)
    officers = models.JSONField("在场人员", default=list)
    facts = models.JSONField("内容", default=dict)
    reason = models.CharField("说明", max_length=500, blank=True)
    chain = models.JSONField("审批层级", default=list)  # the roles, lowest first, as they were when it was laid up
    stage = models.IntegerField("已到层级", default=0)
    role = models.CharField("待审批岗位", max_length=32)
    state = models.CharField("状态", max_length=16, default="waiting", choices=list(STATES.items()))
    actor = models.CharField("呈批人键", max_length=64)
    by = models.CharField("呈批人", max_length=100)
    at = models.DateTimeField("呈批时间")
    ended_at = models.DateTimeField("办结时间", null=True)
    passage = models.IntegerField("办理记录序号", null=True)

    class Meta:
        verbose_name = "呈批件"
        indexes = [
            models.Index(fields=["role", "scope", "at"], condition=Q(state="waiting"), name="approval_waiting"),
            models.Index(fields=["proceeding", "id"], name="approval_of_file"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding", "step", "party"], condition=Q(state="waiting"), name="one_step_laid_up_once"
            )
        ]  # fmt: skip


class Opinion(models.Model):
    """审批意见: what one of the chain said; ``phoned``: told by telephone and written down by the officer, until the
    one who said it confirms or denies it."""

    VERDICTS = {"agree": "同意", "return": "退回"}

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="opinions", db_index=False)
    stage = models.IntegerField("层级")
    role = models.CharField("岗位", max_length=32)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    actor = models.CharField("审批人键", max_length=64)
    by = models.CharField("审批人", max_length=100)
    verdict = models.CharField("结论", max_length=16, choices=list(VERDICTS.items()))
    words = models.CharField("意见", max_length=1000, blank=True)
    at = models.DateTimeField("时间")
    phoned = models.BooleanField("电话审批", default=False)
    noted_by = models.CharField("记录人", max_length=100, blank=True)
    confirmed_at = models.DateTimeField("补签时间", null=True)
    denied_at = models.DateTimeField("否认时间", null=True)

    class Meta:
        verbose_name = "审批意见"
        constraints = [models.UniqueConstraint(fields=["approval", "stage"], name="one_opinion_a_stage")]
        indexes = [
            models.Index(
                fields=["account"], condition=Q(phoned=True, confirmed_at=None, denied_at=None), name="opinion_phoned"
            )
        ]


class OwnChain(models.Model):
    """审批层级: whom a bureau lets approve a step, from a day on; ``must``: nobody takes the step without."""

    procedure = models.CharField("程序", max_length=64)
    step = models.CharField("环节", max_length=64)
    roles = models.JSONField("层级", default=list)
    must = models.BooleanField("必须逐级审批", default=True)
    in_force_from = models.DateField("施行日期")
    why = models.CharField("依据和理由", max_length=300)
    by = models.CharField("设定人", max_length=100)
    at = models.DateTimeField("设定时间")

    class Meta:
        verbose_name = "审批层级"
        indexes = [models.Index(fields=["procedure", "step", "-in_force_from", "-id"], name="own_chain_of_step")]
