"""People, the offices they serve, and the posts that join the two."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from shiheng.accounts.jurisdictions import ScopeField
from shiheng.accounts.permissions import ROLE_TITLES


class Office(models.Model):
    """机构: a bureau, a section, a town station, or a department that sends data. ``path`` is its territory."""

    KINDS = {"city": "市局", "district": "区局", "section": "科室", "station": "监管所", "town": "镇街",
             "department": "数据部门"}  # fmt: skip

    code = models.CharField("机构代码", max_length=32, unique=True)
    title = models.CharField("机构名称", max_length=100)
    kind = models.CharField("机构类别", max_length=16, choices=list(KINDS.items()))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = ScopeField("辖区路径", unique=True, db_index=False)
    town = models.CharField("镇街", max_length=50, blank=True)
    address = models.CharField("办公地址", max_length=200, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    established_posts = models.PositiveIntegerField("核定编制数", default=0)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = "机构"
        ordering = ["path"]


class Town(models.Model):
    """镇街: a town or street of a district, with a station or not; what the share of towns served divides by."""

    code = models.CharField("镇街代码", max_length=12, unique=True)
    title = models.CharField("镇街名称", max_length=50)
    office = models.ForeignKey(Office, models.PROTECT, related_name="towns")

    class Meta:
        verbose_name = "镇街"
        ordering = ["code"]


class Accounts(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """登录账号: an officer, an enterprise's user, never a citizen (who needs no sign-in)."""

    KINDS = {"officer": "工作人员", "enterprise": "经营主体用户"}

    username = models.CharField("登录名", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=64)
    kind = models.CharField("账号类别", max_length=16, choices=list(KINDS.items()), default="officer")
    phone = models.CharField("手机", max_length=20, blank=True)
    disabled_at = models.DateTimeField("停用时间", null=True, blank=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    created_at = models.DateTimeField("开通时间")

    objects = Accounts()
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = "账号"
        ordering = ["username"]

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.disabled_at is None


class Post(models.Model):
    """岗位: one person's role at one office, from a day on."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="posts")
    office = models.ForeignKey(Office, models.PROTECT, related_name="posts")
    role = models.CharField("角色", max_length=32, choices=[(r.value, t) for r, t in ROLE_TITLES.items()])
    card_number = models.CharField("执法证号", max_length=32, blank=True)
    since = models.DateField("任职日期")
    until = models.DateField("免职日期", null=True, blank=True)

    class Meta:
        verbose_name = "岗位"
        constraints = [
            models.UniqueConstraint(fields=["account", "office", "role", "since"], name="one_post_once"),
        ]


class Session(AbstractBaseSession):
    """登录会话: Django's session row, with its owner and times in columns so that it can be listed and ended."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField("登录时间", null=True)
    seen_at = models.DateTimeField("最近活动", null=True)
    address = models.CharField("登录地址", max_length=45, blank=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)

    class Meta:
        verbose_name = "登录会话"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from shiheng.accounts.sessions import SessionStore

        return SessionStore


class UsedCode(models.Model):
    """已用动态码: one time step of one account's second factor; the unique pair is what refuses a second use."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="used_codes")
    step = models.BigIntegerField("时间步")

    class Meta:
        verbose_name = "已用动态码"
        constraints = [models.UniqueConstraint(fields=["account", "step"], name="one_code_once")]


class Deed(models.Model):
    """办理凭证: one write under its idempotency key, with what it gave, so that a repeat gives the same."""

    actor = models.CharField("办理人", max_length=64)
    key = models.UUIDField("幂等键")
    action = models.CharField("事项", max_length=64)
    payload = models.CharField("内容摘要", max_length=64)
    result = models.JSONField("结果", default=dict)
    done_at = models.DateTimeField("办理时间")

    class Meta:
        verbose_name = "办理凭证"
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_deed_once")]


class Message(models.Model):
    """消息: what is to be told to somebody, by which channel, and what the channel said."""

    STATES = {"waiting": "待发送", "sent": "已发送", "failed": "发送失败"}

    channel = models.CharField("渠道", max_length=32)
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="messages")
    address = models.CharField("地址", max_length=200, blank=True)
    title = models.CharField("标题", max_length=100)
    text = models.TextField("正文")
    secret = models.TextField("密文", blank=True)  # sealed, in place of the text, and wiped once it was sent
    link = models.CharField("链接", max_length=300, blank=True)
    key = models.UUIDField("幂等键", unique=True)
    state = models.CharField("状态", max_length=16, choices=list(STATES.items()), default="waiting")
    receipt = models.CharField("回执", max_length=300, blank=True)
    made_at = models.DateTimeField("生成时间")
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["account", "channel", "-made_at"], name="message_of_account")]
