"""What happened, as leaves of one tree; the tree itself as tiles; and the heads signed over it.

Rows here are never changed but for a leaf's ``position``, once, from nothing to its place in the tree.
"""

import json
from typing import Any

from django.db import models
from django.db.models import Q


class ByteText(models.CharField):
    """Text compared byte by byte on every database, so that ranges over paths mean the same on both."""

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class Leaf(models.Model):
    """存证: one thing somebody did, as canonical JSON. ``hash`` is the tree's leaf hash of ``body``."""

    kind = models.CharField("事项", max_length=64, db_index=True)
    subject = ByteText("对象", max_length=128)
    actor = models.CharField("行为人", max_length=100)
    actor_name = models.CharField("行为人姓名", max_length=100, blank=True)
    scope = ByteText("管辖", max_length=64, blank=True, default="")
    at = models.DateTimeField("时间")
    key = models.CharField("幂等键", max_length=100, null=True, unique=True)  # noqa: DJ001 - absent keys must not collide
    body = models.TextField("正文")
    hash = models.CharField("叶哈希", max_length=64)
    position = models.BigIntegerField("序号", null=True, unique=True)

    class Meta:
        verbose_name = "存证"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], name="leaf_unsequenced", condition=Q(position__isnull=True)),
            models.Index(fields=["subject", "id"], name="leaf_of_subject"),
            models.Index(fields=["scope", "id"], name="leaf_of_scope"),
            models.Index(fields=["actor", "id"], name="leaf_of_actor"),
        ]

    @property
    def content(self) -> dict[str, Any]:
        """The body, read."""
        return json.loads(self.body)

    @property
    def facts(self) -> dict[str, Any]:
        """What the caller put on record."""
        return self.content["facts"]


class Manifest(models.Model):
    """清单: the rows of a bulk write. ``file`` (a kept file) holds their hashes; the leaf's body holds their root."""

    leaf = models.OneToOneField(Leaf, models.PROTECT, related_name="manifest")
    file = models.CharField("清单文件", max_length=64)
    rows = models.BigIntegerField("行数")
    root = models.CharField("行根", max_length=64)

    class Meta:
        verbose_name = "存证清单"


class Attachment(models.Model):
    """附件: a kept file put on record for a subject. ``name`` is for people to read, never a path."""

    leaf = models.OneToOneField(Leaf, models.PROTECT, related_name="attachment")
    subject = ByteText("对象", max_length=128)
    file = models.CharField("文件摘要", max_length=64, db_index=True)
    size = models.BigIntegerField("字节数")
    name = models.CharField("文件名", max_length=200)
    media = models.CharField("格式", max_length=100, blank=True)
    scope = ByteText("管辖", max_length=64, blank=True, default="")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "附件"
        indexes = [models.Index(fields=["subject", "id"], name="attachment_of_subject")]


class Tile(models.Model):
    """树块: up to 256 hashes of one level of the tree (see ``tiles``)."""

    level = models.PositiveSmallIntegerField("层")
    index = models.BigIntegerField("块号")
    hashes = models.BinaryField("哈希")

    class Meta:
        verbose_name = "树块"
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_tile_a_place")]


class Tree(models.Model):
    """树: one row. Who moves ``size`` from what they read to what they add has won; the loser starts again."""

    size = models.BigIntegerField("叶数", default=0)

    class Meta:
        verbose_name = "存证树"


class SigningKey(models.Model):
    """公钥: every key heads were ever signed with, by fingerprint (SHA-256 of the raw public key)."""

    fingerprint = models.CharField("指纹", max_length=64, primary_key=True)
    public = models.CharField("公钥", max_length=64)
    since = models.DateTimeField("启用时间")

    class Meta:
        verbose_name = "签名公钥"


class Head(models.Model):
    """树头: what the tree was at a moment. ``note`` is the signed text; whoever keeps one can prove later that nothing
    before it has moved.
    """

    size = models.BigIntegerField("叶数", unique=True)
    root = models.CharField("根哈希", max_length=64)
    at = models.DateTimeField("签署时间")
    note = models.TextField("签名文本")
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="heads")

    class Meta:
        verbose_name = "树头"
        ordering = ["-size"]


class DataKeyRow(models.Model):
    """数据密钥: a key personal data was sealed under; its bytes are a file. ``uses`` counts what was sealed with it."""

    number = models.IntegerField("编号", primary_key=True)
    since = models.DateTimeField("启用时间")
    uses = models.BigIntegerField("使用次数", default=0)
    destroyed_at = models.DateTimeField("销毁时间", null=True)

    class Meta:
        verbose_name = "数据密钥"
