"""推送给我: the officer's list, the kinds he chose, what he has read; and the counts by office and officer."""

from typing import Annotated, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Problem
from shiheng.publication.exchange.queries import title_of
from shiheng.publication.models import Pushed
from shiheng.publication.pushing import actions, interests, queries
from shiheng.subjects import layout
from shiheng.subjects.models import Subject
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Step, StepPreview, Table
from shiheng.ui.wording import say

TONES = {"new": "ok", "changed": "warn", "gone": "done"}
KINDS = [("identity", title_of("identity")), *layout.RECORD_TITLES.items()]


def _what(row: Pushed) -> str:
    return str(say(row.title or title_of(row.kind)))


def _state(row: Pushed) -> str:
    return str(say(Subject.STATUSES.get(row.state, row.state) if row.kind == "identity" else row.state))


def _preview(who: Any, rows: list[Pushed]) -> StepPreview:  # noqa: ARG001 - the shape of every step
    return StepPreview([(row.pk, row.subject.name) for row in rows])


def _read_chosen(who: Any, ids: list[Any], key: str) -> str:  # noqa: ARG001 - reading twice is reading once
    return _("已将 %(number)s 条标为已读。") % {"number": actions.read(who, [int(one) for one in ids])}


PUSHED = Table(
    "pushed",
    "推送给我",
    [
        Column("subject", "主体", "subject.name", kind="link", href=lambda row: reverse("pushed-one", args=[row.pk])),
        Column("kind", "事项", lambda row: say(title_of(row.kind)), sort="kind"),
        Column("action", "动作", lambda row: (Pushed.ACTIONS[row.action], TONES[row.action]), kind="badge"),
        Column("title", "内容", _what),
        Column("state", "状态", _state),
        Column("day", "事实日期", kind="day"),
        Column("pushed_on", "推送日期", kind="day", sort="pushed_on"),
        Column(
            "read",
            "阅读",
            lambda row: (pgettext("message", "未读"), "wait") if row.read_on is None else ("已读", "done"),
            kind="badge",
        ),
    ],
    [
        Filter("kind", "事项", "choice", "kind", choices=KINDS),
        Filter("unread", "只看未读", "flag", apply=lambda rows, yes: rows.filter(read_on=None) if yes else rows),
        Filter("subject", "主体名称含", lookup="subject__name__icontains"),
        Filter("pushed", "推送日期", "day_range", "pushed_on"),
    ],
    default_sort="-pk",
    empty="还没有推送给您的新情况。辖区主体有您关注的新增或变化时，会显示在这里。",
    steps=[Step("read", "标为已读", _preview, _read_chosen)],
    row_label="subject.name",
)

COUNTS = Table(
    "pushed-counts",
    "推送统计",
    [
        Column("office", "单位", sort="office"),
        Column("name", "人员", kind="person", sort="name"),
        Column("pushed", "累计推送", kind="number", sort="pushed"),
        Column("read", "累计已读", kind="number", sort="read"),
        Column("unread", "未读", kind="number", sort="unread"),
        Column("pushed_lately", "近 30 天推送", kind="number", sort="pushed_lately"),
        Column("read_lately", "近 30 天已读", kind="number", sort="read_lately"),
    ],
    [
        Filter(
            "office",
            "单位含",
            apply=lambda rows, text: [row for row in rows if text in row.office],
        )
    ],
    default_sort="office",
    empty="还没有推送过。",
)


@needs(May.READ_SUBJECTS)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponseBase:
    """What was pushed to me, the newest first."""
    who = who_at(request)
    found = PUSHED.read(request, queries.visible_to(who).select_related("subject"))
    if found.wants_export:
        return found.response()
    if found.wants_step:
        return found.step_response()
    kinds = [say(title_of(kind)) for kind in interests.of(who)]
    return render(request, "publication/pushing/list.html", {"listing": found, "kinds": kinds})


@needs(May.READ_SUBJECTS)
@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Open the subject an item speaks of: it counts as read from its first opening, as a message does."""
    row = actions.read_one(who_at(request), number)
    return HttpResponseRedirect(reverse("subject", args=[row.subject_id]))


@needs(May.READ_SUBJECTS)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything unread is read."""
    messages.success(request, _("已将 %(number)s 条标为已读。") % {"number": actions.read(who_at(request))})
    return htmx.redirect(request, reverse("pushed"))


class Choosing(BaseModel):
    """选择推送事项"""

    kinds: Annotated[
        list[str],
        Field(
            title="事项",
            description="从选定之时起，辖区主体的这些事项有新增或变化就推送给您；一项也不选，就不再推送。",
            json_schema_extra={"widget": "checkboxes"},
        ),
    ] = []


@needs(May.READ_SUBJECTS)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The kinds I am told of; until I choose, those that fit my post."""
    who = who_at(request)
    choices = {"kinds": [(kind, say(title_of(kind))) for kind in interests.offered_to(who)]}
    form = forms.from_model(Choosing, code="pushed.choose", choices=choices, initial={"kinds": list(interests.of(who))})
    if request.method == "POST" and (value := form.read(request)):
        try:
            actions.choose(who, value.kinds, key=UUID(form.key))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已保存，从现在起按所选事项推送。"))
            return htmx.redirect(request, reverse("pushed"))
    return render(request, "publication/pushing/choose.html", {"form": form}, status=form.status)


@needs(May.READ_EXCHANGE)
@require_safe
def counts(request: HttpRequest) -> HttpResponseBase:
    """What was pushed and read by office and officer."""
    lines = queries.counted(who_at(request))
    found = COUNTS.read(request, lines)
    if found.wants_export:
        return found.response()
    context = {"listing": found, "offices": queries.offices(lines).items()}
    return render(request, "publication/pushing/counts.html", context)
