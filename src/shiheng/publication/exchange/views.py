"""数据交换: what departments take from us, counted; each subscription with what is on its way; asking and deciding."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, signed_in, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.law import links
from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Problem, Refused
from shiheng.publication.exchange import actions, queries
from shiheng.publication.models import Item, Receipt, Subscription
from shiheng.subjects import layout
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {"asked": "wait", "approved": "ok", "refused": "late", "stopped": "done"}
RECEIPT_TONES = {"taken": "ok", "again": "done", "ahead": "late", "bad": "late"}
DAYS = 30


def _subscription_href(row: Subscription) -> str:
    return reverse("exchange-subscription", args=[row.code])


SUBSCRIPTIONS = Table(
    "exchange",
    "订阅",
    [
        Column("code", "订阅编号", kind="code", sort="code", href=_subscription_href),
        Column("office", "接收单位", "office.title", sort="office__title"),
        Column("kinds", "事项", lambda row: _("、").join(say(queries.title_of(kind)) for kind in row.kinds)),
        Column("way", "方式", lambda row: say(Subscription.WAYS[row.way]), sort="way"),
        Column(
            "state", "状态", lambda row: (Subscription.STATES[row.state], TONES[row.state]), kind="badge", sort="state"
        ),
        Column("last", "应交", kind="number", sort="last"),
        Column("sent", "已送", kind="number", sort="sent"),
        Column("taken", "已确认", kind="number", sort="taken"),
        Column("fault", "最近的失败"),
        Column("asked_at", "申请时间", kind="moment", sort="asked_at", hidden=True),
    ],
    [
        Filter("state", "状态", "choice", "state", choices=list(Subscription.STATES.items())),
        Filter("way", "方式", "choice", "way", choices=list(Subscription.WAYS.items())),
        Filter("office", "接收单位含", lookup="office__title__icontains"),
    ],
    default_sort="-pk",
    empty="还没有部门订阅。需要使用登记、许可等数据的部门可以申请，批准后按共享规则交付。",
)

ITEMS = Table(
    "exchange-items",
    "交换件",
    [
        Column("id", "编号", lambda row: f"{row.subscription.code}-{row.number}", kind="code", sort="number"),
        Column("office", "接收单位", "subscription.office.title"),
        Column("kind", "事项", lambda row: say(queries.title_of(row.kind)), sort="kind"),
        Column(
            "subject",
            "主体",
            "subject.name",
            kind="link",
            href=lambda row: reverse("portal-subject", args=[row.subject_id]),
        ),
        Column("action", "动作", lambda row: say(Item.ACTIONS[row.action])),
        Column("sent_on", "送出日", kind="day", sort="sent_on"),
        Column("taken_on", "确认日", kind="day", sort="taken_on"),
        Column("body", "内容", hidden=True),
    ],
    [
        Filter("subscription", "订阅编号", "text", "subscription__code"),
        Filter("office", "单位代码", "text", "subscription__office__code"),
        Filter("kind", "事项", "text", "kind"),
        Filter("sent", "送出日期", "day_range", "sent_on"),
        Filter("taken", "确认日期", "day_range", "taken_on"),
        Filter(
            "open",
            "送出未确认",
            "flag",
            apply=lambda rows, on: rows.filter(taken_on=None).exclude(sent_on=None) if on else rows,
        ),
    ],
    default_sort="-pk",
    empty="还没有交换件。订阅批准后，作业进程会把应交的数据逐件编号。",
)

HANDOVERS = Table(
    "exchange-handovers",
    "交付",
    [
        Column("first", "自", kind="number", sort="first"),
        Column("last", "至", kind="number", sort="last"),
        Column("way", "方式", lambda row: say(Subscription.WAYS[row.way])),
        Column("at", "首次交付时间", kind="moment", sort="at"),
        Column("sha256", "内容摘要", kind="code"),
        Column("leaf", "存证", kind="number"),
    ],
    default_sort="-pk",
    empty="还没有交付过。",
    export=False,
)

RECEIPTS = Table(
    "exchange-receipts",
    "回执",
    [
        Column("at", "时间", kind="moment", sort="at"),
        Column("way", "方式", lambda row: say(Subscription.WAYS[row.way])),
        Column("upto", "确认至", kind="number", sort="upto"),
        Column("state", "结果", lambda row: (Receipt.STATES[row.state], RECEIPT_TONES[row.state]), kind="badge"),
        Column("text", "原文"),
    ],
    default_sort="-pk",
    empty="对方还没有回执。",
    export=False,
)


def check_reader(who: Who) -> None:
    """Officers of the exchange, and departments' own people."""
    if not (who.may(May.READ_EXCHANGE) or who.may(May.TAKE_EXCHANGE)):
        raise Forbidden("power.missing", "您的岗位没有使用本页的权限。如工作需要，请联系本单位系统管理员增加岗位。")


@needs(May.READ_EXCHANGE)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """What was sent and taken in the last thirty days by department and kind; every figure opens its rows."""
    who = who_at(request)
    listing = SUBSCRIPTIONS.read(request, queries.visible_to(who))
    if listing.wants_export:
        return listing.response()
    last = clock.today()
    first = last - timedelta(days=DAYS - 1)
    lines = queries.counted(who, first=first, last=last)
    context = {
        "listing": listing,
        "lines": [(line, say(queries.title_of(line.kind))) for line in lines],
        "days": list(queries.by_day(who, first=first, last=last).items())[::-1],
        "first": first,
        "last": last,
        "sent": sum(line.sent for line in lines),
        "taken": sum(line.taken for line in lines),
        "waiting": queries.visible_to(who).filter(state="asked").count(),
        "failing": queries.visible_to(who).filter(state="approved", failures__gt=0).count(),
        "may_manage": who.may(May.MANAGE_EXCHANGE),
    }
    return render(request, "publication/exchange/overview.html", context)


@signed_in
@require_safe
def items(request: HttpRequest) -> HttpResponseBase:
    """The items behind a figure."""
    check_reader(who_at(request))
    listing = ITEMS.read(request, queries.items(who_at(request)))
    if listing.wants_export:
        return listing.response()
    return render(
        request,
        "publication/exchange/items.html",
        {"listing": listing, "officer": who_at(request).may(May.READ_EXCHANGE)},
    )


@signed_in
@require_safe
def subscription(request: HttpRequest, code: str) -> HttpResponse:
    """One subscription: what it may take and on which basis, how far it is, and where both sides differ."""
    who = who_at(request)
    check_reader(who)
    row = queries.one(who, code)
    rule, found = queries.rule_of(row), queries.difference(row)
    shared = [
        (
            say(queries.title_of(part.kind)),
            _("、").join(_titled(part.kind, name) for name in part.fields),
            _("、").join(_titled(part.kind, name) for name in part.masked),
        )
        for part in rule.shared
        if part.kind in row.kinds
    ]
    context = {
        "row": row,
        "state": (Subscription.STATES[row.state], TONES[row.state]),
        "way": say(Subscription.WAYS[row.way]),
        "about": [
            (_("接收单位"), row.office.title),
            (_("共享规则"), say(rule.title)),
            (_("依据"), format_html_join(_("；"), "{}", ((links.linked(basis),) for basis in rule.basis))),
            (_("用途"), row.purpose),
            (_("管辖范围"), queries.territory_of(row.scope)),
            (_("方式"), say(Subscription.WAYS[row.way])),
            (_("申请"), f"{row.asked_by} {row.asked_at:%Y-%m-%d}"),
            *([(_("推送地址"), row.endpoint)] if row.endpoint else []),
        ],
        "shared": shared,
        "unconfirmed": found.unconfirmed.count(),
        "ahead": list(found.ahead[:20]),
        "handovers": HANDOVERS.read(request, queries.handovers(row)),
        "receipts": RECEIPTS.read(request, queries.receipts(row)),
        "officer": who.may(May.READ_EXCHANGE),
        "may_manage": who.may(May.MANAGE_EXCHANGE, row.scope),
    }
    return render(request, "publication/exchange/subscription.html", context)


def _titled(kind: str, name: str) -> str:
    if kind == "identity":
        found = layout.BY_CODE.get(name)
        return str(say(found.title)) if found else name
    own = {"title": "名称", "day": "日期", "state": "状态", "until": "截止日期"}
    return str(say(own.get(name) or layout.FACTS.get(name, name)))


class Asking(BaseModel):
    """申请订阅"""

    office: Annotated[str, Field(title="接收单位", json_schema_extra={"widget": "select"})]
    rule: Annotated[
        str,
        Field(
            title="共享规则",
            description="决定可以取哪些字段、依据什么；敏感字段一律不提供。",
            json_schema_extra={"widget": "select"},
        ),
    ]
    kinds: Annotated[
        list[str],
        Field(title="事项", description="只能选共享规则包括的事项。", json_schema_extra={"widget": "checkboxes"}),
    ]
    scope: Annotated[str, Field(title="管辖范围", json_schema_extra={"widget": "select"})]
    way: Annotated[str, Field(title="方式", json_schema_extra={"widget": "select", "choices": Subscription.WAYS})] = (
        "pull"
    )
    endpoint: Annotated[str, Field(title="推送地址", description="只在选择推送时填写。", max_length=500)] = ""
    purpose: Annotated[
        str,
        Field(
            title="用途",
            description="为办理什么业务，依据什么职责。",
            min_length=2,
            max_length=500,
            json_schema_extra={"widget": "textarea"},
        ),
    ]


@signed_in
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a subscription: for any department, or from outside for the own one."""
    who = who_at(request)
    if not (who.may(May.MANAGE_EXCHANGE) or who.may(May.TAKE_EXCHANGE)):
        check_reader(who)
        raise Forbidden("exchange.ask", "您的岗位不能申请订阅。")
    offices = {office.code: office for office in queries.receivers(who)}
    served = [rule for rule in queries.rules() if any(rule.serves(office.title) for office in offices.values())]
    kinds = {kind: say(queries.title_of(kind)) for rule in served for kind in rule.kinds()}
    choices = {
        "office": [(code, office.title) for code, office in offices.items()],
        "rule": [(rule.code, say(rule.title)) for rule in served],
        "kinds": list(kinds.items()),
        "scope": [(office.path, office.title) for office in queries.territories(who)],
    }
    only = {"office": next(iter(offices))} if len(offices) == 1 else None
    form = forms.from_model(Asking, code="exchange.ask", choices=choices, initial=only)
    if request.method == "POST" and (value := form.read(request)):
        try:
            if value.office not in offices:
                raise Refused("exchange.office", "请选择列出的接收单位。", field="office")
            given = value.model_dump(exclude={"office"})
            made = actions.ask(who, office=offices[value.office], key=UUID(form.key), **given)
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("申请已提交，等待批准。"))
            return htmx.redirect(request, _subscription_href(made))
    context = {"form": form, "officer": who.may(May.READ_EXCHANGE)}
    return render(request, "publication/exchange/ask.html", context, status=form.status)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key.missing", "表单已失效，请刷新页面后重试。") from None


@needs(May.MANAGE_EXCHANGE)
@require_POST
def approve(request: HttpRequest, code: str) -> HttpResponse:
    row = actions.approve(who_at(request), code, key=_key(request))
    messages.success(request, _("已批准，先交付现有数据，再交付以后的变动。"))
    return htmx.redirect(request, _subscription_href(row))


def _ending(act: Callable[..., Subscription], done: str) -> Callable[..., HttpResponse]:
    @needs(May.MANAGE_EXCHANGE)
    @require_POST
    def step(request: HttpRequest, code: str) -> HttpResponse:
        row = act(who_at(request), code, reason=request.POST.get("reason", ""), key=_key(request))
        messages.success(request, say(done))
        return htmx.redirect(request, _subscription_href(row))

    return step


decline = _ending(actions.decline, "已不予批准，原因会显示给申请单位。")
stop = _ending(actions.stop, "已停止，不再交付新的数据。")


@needs(May.MANAGE_EXCHANGE)
@require_POST
def token(request: HttpRequest, code: str) -> HttpResponse:
    """A fresh credential, shown on this page and nowhere after."""
    held = actions.give_token(who_at(request), code)
    row = queries.one(who_at(request), code)
    address = request.build_absolute_uri(f"/api/v1/exchange/{code}/changes")
    response = render(request, "publication/exchange/token.html", {"row": row, "token": held, "address": address})
    response["Cache-Control"] = "no-store"
    return response
