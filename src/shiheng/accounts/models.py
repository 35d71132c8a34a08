"""People, the offices they serve, and the posts that join the two."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from shiheng.accounts.jurisdictions import ScopeField
from shiheng.accounts.permissions import ROLE_TITLES


class Office(models.Model):
    """机构: a bureau, a section, a town station, or a department that sends data. ``path`` is its territory."""

    KINDS = {"city": "市局", "district": "区局", "section": "科室", "station": "监管所", "department": "数据部门"}

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
