"""How somebody outside follows a file, what he adds to it, how he rates it.

No code and no telephone number stands here: only keyed digests of them. What was added is never changed.
"""

from django.db import models


class Follow(models.Model):
    """查询凭证: by what somebody who stands in a file follows it."""

    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="+", db_index=False)
    party = models.IntegerField("当事人序号")
    code = models.CharField("查询码摘要", max_length=64)
    phone = models.CharField("电话摘要", max_length=64, blank=True)
    tries = models.IntegerField("连续失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)
    sent = models.CharField("短信验证码摘要", max_length=64, blank=True)
    sent_until = models.DateTimeField("验证码有效至", null=True)
    made_at = models.DateTimeField("发出时间")

    class Meta:
        verbose_name = "查询凭证"
        constraints = [models.UniqueConstraint(fields=["proceeding", "party"], name="one_follow_a_party")]


class Addition(models.Model):
    """补充: what somebody who stands in a file said to it from outside; items are numbers of evidence."""

    KINDS = {
        "words": "补充说明", "withdraw": "请求撤回", "agree": "同意调解", "disagree": "不同意调解",
        "answer": "答辩意见", "offer": "提出和解方案",
    }  # fmt: skip

    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="additions", db_index=False)
    number = models.IntegerField("序号")
    party = models.IntegerField("当事人序号")
    kind = models.CharField("种类", max_length=16)
    text = models.TextField("内容", blank=True)
    items = models.JSONField("材料", default=list)
    at = models.DateTimeField("提交时间")
    by = models.CharField("提交人", max_length=100)
    read_at = models.DateTimeField("阅读时间", null=True)
    read_by = models.CharField("阅读人", max_length=100, blank=True)

    class Meta:
        verbose_name = "补充"
        constraints = [models.UniqueConstraint(fields=["proceeding", "number"], name="one_addition_once")]
        indexes = [models.Index(fields=["proceeding"], condition=models.Q(read_at=None), name="addition_unread")]

    @property
    def title(self) -> str:
        return self.KINDS.get(self.kind, self.kind)


class Rating(models.Model):
    """评价: how the person a file was for found its handling; once, after its end."""

    proceeding = models.OneToOneField("procedures.Proceeding", models.CASCADE, related_name="rating")
    party = models.IntegerField("当事人序号")
    score = models.IntegerField("分数")
    words = models.CharField("意见", max_length=500, blank=True)
    at = models.DateTimeField("评价时间")

    class Meta:
        verbose_name = "评价"
        indexes = [models.Index(fields=["-at"], name="rating_by_time")]
