"""地址追寻: type an address or come from a subject's file, and see everybody at that house."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.subjects import comparing, layout, tracing, weights_kept
from shiheng.subjects.models import Premises, Subject
from shiheng.ui import charts, pages
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TABLE = Table(
    "house",
    "同一门牌的主体",
    columns=(
        Column("name", "名称", lambda row: row.subject.name, sort="subject__name", kind="link",
               href=lambda row: reverse("subject", args=[row.subject_id])),
        Column("unit", "房号", sort="unit"),
        Column("kind", "场所类别", lambda row: say(Premises.KINDS[row.kind])),
        Column("status", "登记状态", lambda row: (Subject.STATUSES.get(row.subject.status, row.subject.status),
               layout.STATUS_TONES.get(row.subject.status, "plain")), kind="badge"),
        Column("established", "成立日期", lambda row: row.subject.established, sort="subject__established", kind="day"),
        Column("current", "现在此处", lambda row: say("是") if row.current else say("曾在此处")),
        Column("text", "地址原文"),
        Column("source", "来源", hidden=True),
    ),
    filters=(
        Filter("unit", "房号", "text", "unit"),
        Filter("kind", "场所类别", "choice", "kind", choices=list(Premises.KINDS.items())),
        Filter("current", "是否现在此处", "choice", "current", choices=[("1", "现在此处"), ("0", "曾在此处")]),
    ),
    default_sort="unit",
    empty="这个门牌没有主体。",
)  # fmt: skip


@needs(May.READ_SUBJECTS)
@require_safe
def address(request: HttpRequest) -> HttpResponseBase:
    """Everybody at a house: by an address typed, or by the house itself."""
    who = who_at(request)
    asked = request.GET.get("q", "").strip()
    door, unit = tracing.door_of(asked) if asked else (request.GET.get("door", ""), "")
    context: dict[str, Any] = {"asked": asked, "unread": bool(asked) and not door}
    if door and door.count("/") == 2:
        listing = TABLE.read(request, tracing.at(door), may_export=who.may(May.EXPORT_SUBJECTS))
        if listing.wants_export:
            return listing.response()
        house = tracing.house(door)
        bars = [charts.Bar(str(year), count) for year, count in tracing.growth(door)]
        chart = charts.bar(say("各年成立、现在此处的主体"), bars, unit=say("户")) if len(bars) > 1 else None
        room = tracing.page_of(door, unit) if unit else ""
        context |= {"house": house, "listing": listing, "chart": chart, "room": room, "unit": unit}
        context["elsewhere"] = len(tracing.found_elsewhere(door))
        likely = tracing.likely(door, asked)
        context["likely"] = [(line, comparing.sentence(line.found.reasons, say)) for line in likely[: tracing.LIKELY]]
        kept = weights_kept.kept()
        context["weighed"] = kept.sentence if kept else say(comparing.BY_RULES)
        context["more_likely"] = len(likely) - tracing.LIKELY
    return pages.render(request, "subjects/trace_address.html", context)
