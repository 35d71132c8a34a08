"""来信热点: what letters are about in a span of days against those before, the files behind each figure, an alert or a
proposal drafted from it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Refused
from shiheng.procedures import tables
from shiheng.procedures.triage import alerts, hotspots, peaks
from shiheng.procedures.triage.hotspots import SPANS, Counted, Span
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Table

ROWS = Table(
    "hotspot",
    "热点来信",
    [
        Column("number", "编号", "number", kind="link", href=lambda row: reverse("file", args=[row.pk])),
        Column("title", "名称", "title"),
        Column("procedure", "程序", tables.procedure_title),
        Column("subject", "主体", "subject.name"),
        Column("state", "状态", tables.state_of, kind="badge"),
        Column("received", "收到日期", "received_on", kind="day", sort="received_on"),
        Column("officer", "承办人", "officer_name", kind="person"),
    ],
    [],
    default_sort="-received",
    empty="没有这样的来信。",
)


def _span(given: Any) -> Span:
    return hotspots.span_of(given.get("days", ""), given.get("until", ""))


@needs(May.READ_FILES)
@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponseBase:
    """What letters are about, in every way, with charts."""
    who = who_at(request)
    span = _span(request.GET)
    counted = Counted(who, span)
    parts = counted.parts()
    context = {
        "span": span, "spans": SPANS, "parts": parts, "peaks": counted.peaks(parts), "charts": counted.charts(),
        "now": len(counted.now), "before": len(counted.before), "times": peaks.BEFORE,
        "unlikely": 1 / peaks.UNLIKELY, "least": peaks.LEAST,
    }  # fmt: skip
    return render(request, "procedures/triage/hotspots.html", context)


@needs(May.READ_FILES)
@require_safe
@never_cache
def rows(request: HttpRequest) -> HttpResponseBase:
    """The files behind one figure."""
    who = who_at(request)
    span = _span(request.GET)
    by, value = request.GET.get("by", ""), request.GET.get("value", "")[:100]
    title, spot, held = hotspots.rows_of(who, span, by, value)
    table = ROWS.read(request, held)
    if table.wants_export:
        return table.response()
    context = {
        "span": span, "title": title, "way": hotspots.WAYS[by], "spot": spot, "listing": table, "by": by,
        "value": value, "drafts": alerts.may_draft(who), "key": uuid4(), "times": peaks.BEFORE,
    }  # fmt: skip
    return render(request, "procedures/triage/hotspot_rows.html", context)


@needs(May.READ_FILES)
@require_POST
def alert(request: HttpRequest) -> HttpResponseBase:
    """Draft a consumer alert from a hot spot: kept as a draft nobody outside reads, to be worded and published."""
    who = who_at(request)
    made = alerts.draft(
        who, _span(request.POST), request.POST.get("by", ""), request.POST.get("value", "")[:100],
        key=_key(request),
    )  # fmt: skip
    messages.success(request, _("已起草消费警示，改好文字后办理“发布”。"))
    return redirect("register-entry", made.register, made.pk)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key.form", _("这张表单不完整，请刷新页面后重试。")) from None
