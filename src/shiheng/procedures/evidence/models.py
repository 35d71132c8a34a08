"""Evidence of files, who held it, masked copies of it, what a file alleges, and uploads that are under way.

Rows here are written by ``evidence.actions`` and ``evidence.uploads`` only. What was once received is never changed nor
deleted: a wrong item is marked withdrawn, and every hand it goes through is one more row.
"""

from django.db import models
from django.db.models import Q


class Upload(models.Model):
    """上传: a file on its way in. Its pieces lie sealed on the disk; ``facts`` holds the key they are sealed under."""

    code = models.UUIDField("上传编号", unique=True)
    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="uploads", db_index=False)
    owner = models.CharField("上传人键", max_length=64)
    fingerprint = models.CharField("文件特征", max_length=300)
    name = models.CharField("文件名", max_length=255)
    size = models.BigIntegerField("字节数")
    facts = models.JSONField("密钥", default=dict)
    begun_at = models.DateTimeField("开始时间", db_index=True)
    file = models.CharField("文件摘要", max_length=64, blank=True)  # once every byte is here and kept

    class Meta:
        verbose_name = "证据上传"
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "owner", "fingerprint"], name="one_upload_of_a_file")
        ]


class Evidence(models.Model):
    """证据: one item of a file as it was received. ``card`` is what was said of it then, in the spelling hashed."""

    proceeding = models.ForeignKey("procedures.Proceeding", models.PROTECT, related_name="evidence", db_index=False)
    number = models.IntegerField("序号")
    kind = models.CharField("证据种类", max_length=2)
    title = models.CharField("名称", max_length=200)
    source = models.CharField("来源", max_length=200)
    taken_by = models.JSONField("取证人员", default=list)  # [key, name] of each
    taken_at = models.DateTimeField("取证时间")
    place = models.CharField("取证地点", max_length=200)
    passage = models.IntegerField("所属环节", null=True)
    act = models.CharField("执法行为", max_length=16, blank=True)
    proves = models.CharField("证明内容", max_length=500, blank=True)
    elements = models.JSONField("证明对象", default=list)  # "violation:element" of each
    original = models.BooleanField("原件")
    checked = models.CharField("复制件核对", max_length=300, blank=True)
    confidential = models.BooleanField("限承办人员查看", default=False)
    file = models.CharField("文件摘要", max_length=64)
    size = models.BigIntegerField("字节数")
    media = models.CharField("格式", max_length=100)
    name = models.CharField("文件名", max_length=200)
    card = models.TextField("登记内容")
    received_at = models.DateTimeField("收存时间")
    actor = models.CharField("收存人键", max_length=64)
    by = models.CharField("收存人", max_length=100)
    events = models.IntegerField("流转次数", default=0)  # moved by each writing: who read an earlier one is told
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.CharField("撤回人", max_length=100, blank=True)
    withdrawn_why = models.CharField("撤回理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "证据"
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "number"], name="one_item_once"),
            models.UniqueConstraint(
                fields=["proceeding", "file"], condition=Q(withdrawn_at__isnull=True), name="one_file_in_a_file"
            ),
        ]


class Custody(models.Model):
    """流转: one thing that happened to an item: who gave it to whom, when and why."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="custody", db_index=False)
    number = models.IntegerField("序号")
    kind = models.CharField("事项", max_length=16)
    at = models.DateTimeField("发生时间")
    entered_at = models.DateTimeField("记入时间")
    giver = models.CharField("交出人", max_length=100, blank=True)
    taker = models.CharField("接收人", max_length=100, blank=True)
    why = models.CharField("事由", max_length=500, blank=True)
    actor = models.CharField("记入人键", max_length=64)
    by = models.CharField("记入人", max_length=100)

    class Meta:
        verbose_name = "证据流转"
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="one_event_once")]


class Redaction(models.Model):
    """遮蔽件: a flattened copy of an item with parts of it gone, bound to the original by its hash."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="copies", db_index=False)
    number = models.IntegerField("序号")
    original = models.CharField("原件摘要", max_length=64)
    file = models.CharField("文件摘要", max_length=64)
    size = models.BigIntegerField("字节数")
    media = models.CharField("格式", max_length=100)
    areas = models.JSONField("遮蔽处", default=list)
    purpose = models.CharField("用途", max_length=200)
    made_at = models.DateTimeField("制作时间")
    by = models.CharField("制作人", max_length=100)

    class Meta:
        verbose_name = "遮蔽件"
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="one_copy_once")]


class Allegation(models.Model):
    """涉嫌违法行为: what a file is about, by the catalogue, where its own facts do not name it."""

    proceeding = models.ForeignKey("procedures.Proceeding", models.CASCADE, related_name="allegations", db_index=False)
    violation = models.CharField("违法行为", max_length=64)
    at = models.DateTimeField("记入时间")
    by = models.CharField("记入人", max_length=100)
    dropped_at = models.DateTimeField("取消时间", null=True)
    dropped_by = models.CharField("取消人", max_length=100, blank=True)

    class Meta:
        verbose_name = "涉嫌违法行为"
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding", "violation"], condition=Q(dropped_at__isnull=True), name="one_allegation_once"
            )
        ]


class Carried(models.Model):
    """转入的证据: an item that stays fixed in the file it came into, shown and used in another opened from that.

    ``copy`` is the masked copy shown here instead of the original; ``secret``: it came from a file that keeps the
    identity of somebody, so that neither its source nor its place is told here.
    """

    proceeding = models.ForeignKey("procedures.Proceeding", models.PROTECT, related_name="carried", db_index=False)
    number = models.IntegerField("序号")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="carried_to")
    copy = models.ForeignKey(Redaction, models.PROTECT, null=True, related_name="+", db_index=False)
    title = models.CharField("名称", max_length=200)
    proves = models.CharField("证明内容", max_length=500, blank=True)
    elements = models.JSONField("证明对象", default=list)
    secret = models.BooleanField("来源保密", default=False)
    at = models.DateTimeField("转入时间")
    actor = models.CharField("转入人键", max_length=64)
    by = models.CharField("转入人", max_length=100)

    class Meta:
        verbose_name = "转入的证据"
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "number"], name="one_carried_once"),
            models.UniqueConstraint(fields=["proceeding", "evidence"], name="one_item_carried_once"),
        ]
