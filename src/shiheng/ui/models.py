"""What one person keeps about their own pages: saved views, preferences and unfinished forms.

Rows are keyed by an owner string (``Who.key``) instead of a foreign key, because ``ui`` knows no room above it.
"""

from django.db import models


class SavedView(models.Model):
    """常用视图: the filters, sort and page size of one list under a name."""

    owner = models.CharField("所有者", max_length=64)
    table = models.CharField("列表代码", max_length=64)
    name = models.CharField("视图名称", max_length=40)
    query = models.CharField("查询条件", max_length=2000)
    created_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "常用视图"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "table", "name"], name="one_view_a_name")]


class Preference(models.Model):
    """偏好: one remembered choice of one person (theme, columns of a list, density)."""

    owner = models.CharField("所有者", max_length=64)
    code = models.CharField("偏好代码", max_length=80)
    value = models.JSONField("内容", default=dict)

    class Meta:
        verbose_name = "偏好"
        constraints = [models.UniqueConstraint(fields=["owner", "code"], name="one_preference_a_code")]


class Draft(models.Model):
    """草稿: what somebody typed into a form and has not sent yet."""

    owner = models.CharField("所有者", max_length=64)
    form = models.CharField("表单代码", max_length=80)
    about = models.CharField("对象", max_length=80, blank=True)
    data = models.JSONField("内容", default=dict)
    saved_at = models.DateTimeField("保存时间", db_index=True)

    class Meta:
        verbose_name = "草稿"
        constraints = [models.UniqueConstraint(fields=["owner", "form", "about"], name="one_draft_a_form")]
