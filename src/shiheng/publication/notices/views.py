"""公示信息: what everybody reads; the officer's queue, the comparison before it goes out, and who received it."""

import csv
import difflib
import io
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import anyone, needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Missing, Problem
from shiheng.publication.notices import actions, addresses, content, queries, sending
from shiheng.publication.notices.definition import PUBLISHABLES
from shiheng.publication.notices.models import Delivery, Notice, ReceiverAddress
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {"draft": "wait", "ready": "warn", "public": "ok", "withdrawn": "done", "hidden": "plain"}
SENT = {"waiting": "wait", "sent": "wait", "taken": "ok", "refused": "late"}
FORMS = ("prepare", "return", "publish", "hide", "withdraw")


def _titles() -> dict[str, str]:
    return {plan.code: plan.title for plan in registry.all_of(PUBLISHABLES, on=clock.today())}


def _kind(row: Notice) -> str:
    return str(say(_titles().get(row.plan, row.plan)))


def _state(row: Notice) -> tuple[str, str]:
    return Notice.STATES[row.state], TONES[row.state]


def _sent(row: Delivery) -> tuple[str, str]:
    return Delivery.STATES[row.state], SENT[row.state]


def _by_text(rows: "QuerySet[Notice]", text: str) -> "QuerySet[Notice]":
    return rows.filter(Q(number__contains=text) | Q(title__contains=text) | Q(subject__name__contains=text))


def _public() -> Table:
    return Table(
        "notices",
        "公示信息",
        [
            Column("title", "名称", lambda row: row.subject.name, kind="link",
                   href=lambda row: reverse("notice", args=[row.pk])),
            Column("plan", "事项", _kind),
            Column("published_on", "公示日期", kind="day", sort="published_on"),
            Column("until", "公示截止", kind="day"),
        ],
        [
            Filter("text", "名称或者文号", apply=_by_text),
            Filter("plan", "事项", "choice", "plan", choices=list(_titles().items())),
        ],
        default_sort="-published_on",
        empty="没有正在公示的信息。",
    )  # fmt: skip


@anyone
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """What stands in public now; how many are kept back, and on which basis."""
    found = _public().read(request, queries.public().select_related("subject"))
    if found.wants_export:
        return found.response()
    titles = _titles()
    kept = [(titles.get(plan, plan), basis, n) for plan, basis, n in queries.kept_back()]
    leads = [(plan.title, plan.lead) for plan in registry.all_of(PUBLISHABLES, on=clock.today())]
    return render(request, "publication/notices/public.html", {"listing": found, "kept": kept, "leads": leads})


@anyone
@require_safe
def notice(request: HttpRequest, number: int) -> HttpResponseBase:
    """One notice as everybody reads it, until its last day."""
    found = queries.find_public(number)
    plan = queries.plan_of(found)
    lines = [(title, text) for _name, title, text in found.content]
    context = {"notice": found, "plan": plan, "lines": lines, "key": found.subject.uscc or ""}
    return render(request, "publication/notices/notice.html", context)


# -- the officer's side


def _queue() -> Table:
    return Table(
        "publicity",
        "公示工作",
        [
            Column("title", "标题", kind="link", href=lambda row: reverse("publicity-one", args=[row.pk])),
            Column("subject", "主体", lambda row: row.subject.name),
            Column("plan", "事项", _kind),
            Column("number", "文号"),
            Column("decided_on", "决定日期", kind="day", sort="decided_on"),
            Column("due", "公示期限", kind="day", sort="due"),
            Column("state", "状态", _state, kind="badge", sort="state"),
            Column("drafted_by", "整理人"),
        ],
        [
            Filter("text", "名称或者文号", apply=_by_text),
            Filter("state", "状态", "choice", "state", choices=list(Notice.STATES.items())),
            Filter("plan", "事项", "choice", "plan", choices=list(_titles().items())),
            Filter("late", "已超期", "flag", apply=lambda rows, _said: rows.filter(
                state__in=("draft", "ready"), due__lt=clock.today())),
        ],
        default_sort="due",
        empty="没有要公示的信息。",
    )  # fmt: skip


@needs(May.READ_FILES)
@require_safe
@never_cache
def queue(request: HttpRequest) -> HttpResponseBase:
    """What is to be published by when, what waits for a second person, what stands and what came down."""
    who, today = who_at(request), clock.today()
    rows = queries.visible_to(who)
    shown = rows if set(request.GET) & {"state", "text", "plan", "late"} else rows.filter(state__in=("draft", "ready"))
    found = _queue().read(request, shown.select_related("subject"))
    if found.wants_export:
        return found.response()
    held = rows.aggregate(
        draft=Count("pk", filter=Q(state="draft")), ready=Count("pk", filter=Q(state="ready")),
        late=Count("pk", filter=Q(state__in=("draft", "ready"), due__lt=today)),
        public=Count("pk", filter=Q(state="public")),
    )  # fmt: skip
    return render(request, "publication/notices/queue.html", {"listing": found, "held": held})


class Preparing(BaseModel):
    """整理"""

    strike: Annotated[str, Field(
        title="另外隐去的字句", default="", max_length=2000, json_schema_extra={"widget": "textarea"},
        description="每行一处；公民号码、电话、账号和案中人名已经自动隐去。",
    )]  # fmt: skip
    secret_checked: Annotated[
        bool, Field(title="已作保密审查，不涉及国家秘密、商业秘密和不应公开的个人信息", default=False)
    ]


class Reason(BaseModel):
    """说明"""

    reason: Annotated[str, Field(title="理由", max_length=500)]


class Hiding(BaseModel):
    """不予公开"""

    reason: Annotated[str, Field(title="理由", max_length=500)]
    basis: Annotated[str, Field(title="依据", max_length=200)]
    until: Annotated[date | None, Field(title="不公开至", default=None, description="留空的，直到另有决定。")]


class Taking(BaseModel):
    """撤下"""

    reason: Annotated[str, Field(title="理由", max_length=500)]
    basis: Annotated[str, Field(title="依据", max_length=200)]


class Nothing(BaseModel):
    """核对"""


SHAPES: Mapping[str, tuple[type[BaseModel], str]] = {
    "prepare": (Preparing, "整理完毕，交另一人核对"),
    "publish": (Nothing, "核对无误，公示"),
    "return": (Reason, "退回重新整理"),
    "hide": (Hiding, "决定不予公开"),
    "withdraw": (Taking, "提前撤下"),
}
OPEN = {"draft": ("prepare", "hide"), "ready": ("publish", "return", "prepare", "hide"), "public": ("withdraw", "hide"),
        "hidden": (), "withdrawn": ()}  # fmt: skip


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def work(request: HttpRequest, number: int) -> HttpResponseBase:
    """One notice: what the record says against what goes out; prepared by one person, checked by another."""
    who = who_at(request)
    found = queries.find(who, number)
    made: dict[str, Form[Any]] = {}
    if who.may(May.HANDLE_FILES, found.scope):
        made = {name: _form(name, found) for name in OPEN[found.state]}
    what, status = request.GET.get("what", ""), 200
    if request.method == "POST":
        if what not in made:
            raise Missing("notice.form", _("这条信息已经处理过，请刷新页面。"))
        form = made[what]
        if told := form.read(request):
            try:
                _do(who, found, what, told.model_dump(), UUID(str(form.key)))
            except Problem as problem:
                form.refuse(problem)
            else:
                messages.success(request, _("已办理：%(what)s。") % {"what": say(SHAPES[what][1])})
                return redirect("publicity-one", found.pk)
        status = form.status
    plan = queries.plan_of(found)
    lines = _compared(found) if found.state in {"draft", "ready"} else []
    context = {
        "notice": found, "plan": plan, "state": _state(found), "lines": lines,
        "shown": [(title, text) for _name, title, text in found.content],
        "dues": [(one.title, found.dues.get(one.code), one.basis) for one in plan.dues],
        "forms": [(f"?what={name}", say(SHAPES[name][1]), form) for name, form in made.items()],
        "deliveries": [
            (_receiver(row), row, _sent(row)) for row in queries.deliveries_of(found)
        ],
    }  # fmt: skip
    return render(request, "publication/notices/work.html", context, status=status)


def _form(name: str, found: Notice) -> Form[Any]:
    initial = {"strike": "\n".join(found.strike)} if name == "prepare" and found.strike else None
    return forms.from_model(SHAPES[name][0], code=f"notice.{name}", about=str(found.pk), initial=initial)


def _do(who: Who, found: Notice, what: str, told: dict[str, Any], key: UUID) -> None:
    if what == "prepare":
        strike = told["strike"].splitlines()
        actions.prepare(who, found.pk, secret_checked=told["secret_checked"], strike=strike, key=key)
    elif what == "publish":
        actions.publish(who, found.pk, key=key)
    elif what == "return":
        actions.send_back(who, found.pk, reason=told["reason"], key=key)
    elif what == "hide":
        actions.hide(who, found.pk, **told, key=key)
    else:
        actions.withdraw(who, found, **told, key=key)


def _compared(found: Notice) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each field as pieces: kept, taken out, put in their place."""
    plan, row = queries.plan_of(found), queries.record_of(found)
    after = {name: text for name, _title, text in content.content(plan, row, names=found.names, strike=found.strike)}
    return [(title, _pieces(text, after.get(name, ""))) for name, title, text in content.original(plan, row)]


def _pieces(before: str, after: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("same", before[a:b]))
            continue
        found += [("del", before[a:b])] if b > a else []
        found += [("ins", after[c:d])] if d > c else []
    return found


def _receiver(row: Delivery) -> str:
    return next((str(say(one.title)) for one in sending.every() if one.code == row.receiver), row.receiver)


# -- receivers


@needs(May.READ_EXCHANGE)
@require_safe
@never_cache
def receivers(request: HttpRequest) -> HttpResponseBase:
    """Each platform: how much it has, what it still is owed, and what its own list says differently."""
    counted: dict[tuple[str, str], int] = {
        (row["receiver"], row["state"]): row["n"]
        for row in Delivery.objects.values("receiver", "state").annotate(n=Count("pk"))
    }
    held = {row.receiver: row for row in ReceiverAddress.objects.all()}
    rows = [
        (one, held.get(one.code), {state: counted.get((one.code, state), 0) for state in Delivery.STATES})
        for one in sending.every()
    ]
    return render(request, "publication/notices/receivers.html", {"rows": rows, "states": Delivery.STATES.items()})


class Reaching(BaseModel):
    """怎样送达"""

    way: Annotated[str, Field(title="方式", json_schema_extra={"choices": ReceiverAddress.WAYS})]
    endpoint: Annotated[
        str, Field(title="推送地址", default="", max_length=500, description="方式为推送的填写，以 https:// 开头。")
    ]


@needs(May.READ_EXCHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def receiver(request: HttpRequest, code: str) -> HttpResponseBase:
    """One platform: what it was sent and what it said; its address; its own list held against ours."""
    who = who_at(request)
    one = next((held for held in sending.every() if held.code == code), None)
    if one is None:
        raise Missing("receiver.unknown", _("没有这个公示平台。"))
    rows = Delivery.objects.filter(receiver=code).select_related("notice__subject")
    listing = _deliveries().read(request, rows)
    if listing.wants_export:
        return listing.response()
    address, status, form = sending.address(code), 200, None
    if who.may(May.MANAGE_EXCHANGE):
        form = forms.from_model(
            Reaching, code=f"receiver.{code}", choices={"way": list(ReceiverAddress.WAYS.items())},
            initial={"way": address.way, "endpoint": address.endpoint},
        )  # fmt: skip
        if request.method == "POST" and request.FILES.get("roster"):
            n = addresses.take_roster(who, code, _roster(request))
            messages.success(request, _("已读入对方清单 %(n)s 条。") % {"n": n})
            return redirect("receiver", code)
        if request.method == "POST" and (told := form.read(request)):
            try:
                addresses.reach(who, code, way=told.way, endpoint=told.endpoint, key=UUID(str(form.key)))
            except Problem as problem:
                form.refuse(problem)
            else:
                messages.success(request, _("已更新送达方式。"))
                return redirect("receiver", code)
        status = form.status
    notices = {str(row.pk): row for row in Notice.objects.filter(
        pk__in=[int(n) for n, _ours, _theirs in sending.differences(code) if n.isdigit()])}  # fmt: skip
    differ = [(number, notices.get(number), ours, theirs) for number, ours, theirs in sending.differences(code)]
    context = {"receiver": one, "address": address, "listing": listing, "form": form, "differ": differ}
    return render(request, "publication/notices/receiver.html", context, status=status)


def _roster(request: HttpRequest) -> dict[str, str]:
    """The receiver's list: CSV with the columns notice and state."""
    data = request.FILES["roster"].read(4_000_000)  # type: ignore[union-attr]
    return {
        str(line.get("notice")): str(line.get("state") or "public")
        for line in csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace")))
        if line.get("notice")
    }


def _deliveries() -> Table:
    return Table(
        "deliveries",
        "送达记录",
        [
            Column("notice", "信息", lambda row: row.notice.title, kind="link",
                   href=lambda row: reverse("publicity-one", args=[row.notice_id])),
            Column("subject", "主体", lambda row: row.notice.subject.name),
            Column("action", "动作", lambda row: say(Delivery.ACTIONS[row.action])),
            Column("state", "状态", _sent, kind="badge", sort="state"),
            Column("told", "回执或失败原因"),
            Column("until", "公示截止", kind="day"),
            Column("tries", "已送次数", kind="number", hidden=True),
            Column("sent_at", "送出时间", kind="moment", sort="sent_at"),
            Column("told_at", "回执时间", kind="moment"),
        ],
        [Filter("state", "状态", "choice", "state", choices=list(Delivery.STATES.items()))],
        default_sort="-sent_at",
        empty="还没有送过。",
    )  # fmt: skip
