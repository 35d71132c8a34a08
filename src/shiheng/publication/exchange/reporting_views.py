"""监管行为上报: files in the layout another system prescribes, what was held back of them, and the receipts."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem, Refused
from shiheng.ledger import files
from shiheng.publication.exchange import queries, supervision
from shiheng.publication.models import Report
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {"made": "wait", "taken": "ok", "refused": "late"}


def _title(row: Report) -> str:
    shapes = {shape.code: shape.title for shape in supervision.layouts()}
    return str(say(shapes.get(row.layout, row.layout)))


def _href(row: Report) -> str:
    return reverse("report", args=[row.pk])


REPORTS = Table(
    "reports",
    "上报文件",
    [
        Column("pk", "编号", kind="number", sort="pk", href=_href),
        Column("layout", "表", _title, kind="link", href=_href),
        Column("first", "自", kind="day", sort="first"),
        Column("last", "至", kind="day", sort="last"),
        Column("rows", "行数", kind="number", sort="rows"),
        Column("held_back", "留下未报", kind="number", sort="held_back"),
        Column("state", "状态", lambda row: (Report.STATES[row.state], TONES[row.state]), kind="badge", sort="state"),
        Column("receipt", "回执"),
        Column("made_at", "生成时间", kind="moment", sort="made_at"),
    ],
    [Filter("state", "状态", "choice", "state", choices=list(Report.STATES.items()))],
    default_sort="-pk",
    empty="还没有生成过上报文件。",
)


class Making(BaseModel):
    """生成上报文件"""

    code: Annotated[str, Field(title="表", json_schema_extra={"widget": "select"})]
    scope: Annotated[str, Field(title="管辖范围", json_schema_extra={"widget": "select"})]
    first: Annotated[date, Field(title="自")]
    last: Annotated[date, Field(title="至", description="含当日")]


@needs(May.READ_EXCHANGE)
def listing(request: HttpRequest) -> HttpResponseBase:
    """The files made, and a form to make the next."""
    who = who_at(request)
    found = REPORTS.read(request, supervision.visible_to(who))
    if found.wants_export:
        return found.response()
    form = None
    status = 200
    if who.may(May.MANAGE_EXCHANGE):
        today = clock.today()
        form = forms.from_model(
            Making,
            code="report.make",
            initial={"first": today.replace(day=1), "last": today},
            choices={
                "code": [(shape.code, say(shape.title)) for shape in supervision.layouts()],
                "scope": [(office.path, office.title) for office in queries.territories(who)],
            },
        )
        if request.method == "POST" and (value := form.read(request)):
            try:
                made = supervision.make(who, **value.model_dump())
            except Problem as problem:
                form.refuse(problem)
            else:
                messages.success(request, _("已生成 %(rows)s 行。") % {"rows": made.rows})
                return htmx.redirect(request, _href(made))
        status = form.status
    context = {"listing": found, "form": form, "unverified": [s for s in supervision.layouts() if not s.verified]}
    return render(request, "publication/exchange/reports.html", context, status=status)


@needs(May.READ_EXCHANGE)
@require_safe
def report(request: HttpRequest, number: int) -> HttpResponse:
    """One file: how many rows, what was held back and why, and its receipt."""
    row = supervision.one(who_at(request), number)
    manifest = supervision.manifest_of(row)
    context = {
        "report": row,
        "title": say(manifest["title"]),
        "state": (Report.STATES[row.state], TONES[row.state]),
        "manifest": manifest,
        "about": [
            (_("系统"), say(manifest["system"])),
            (_("起止日期"), f"{row.first} — {row.last}"),
            (_("管辖范围"), queries.territory_of(row.scope)),
            (_("生成人"), row.made_by),
            ("SHA-256", row.file),
            (_("存证"), str(row.leaf)),
            *([(_("回执"), row.receipt)] if row.receipt else []),
        ],
        "faults": sorted(row.faults.items(), key=lambda pair: -pair[1]),
        "may_manage": who_at(request).may(May.MANAGE_EXCHANGE, row.scope),
    }
    return render(request, "publication/exchange/report.html", context)


@needs(May.READ_EXCHANGE)
@require_safe
def download(request: HttpRequest, number: int) -> HttpResponse:
    """The file with its manifest."""
    row = supervision.one(who_at(request), number)
    name = supervision.name_of(row).removesuffix(".csv") + ".zip"
    response = HttpResponse(supervision.parcel(row), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs(May.READ_EXCHANGE)
@require_safe
def rest(request: HttpRequest, number: int) -> FileResponse:
    """The acts held back, with the reasons."""
    row = supervision.one(who_at(request), number)
    if not row.rest:
        raise Missing("report.rest", "这个文件没有留下未报的行。")
    name = supervision.name_of(row).removesuffix(".csv") + "-rest.csv"
    return FileResponse(files.path_of(row.rest).open("rb"), as_attachment=True, filename=name)


@needs(May.MANAGE_EXCHANGE)
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    try:
        key = UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key.missing", "表单已失效，请刷新页面后重试。") from None
    taken = request.POST.get("state") == "taken"
    row = supervision.answer(who_at(request), number, taken=taken, receipt=request.POST.get("receipt", ""), key=key)
    messages.success(request, _("回执已登记。"))
    return htmx.redirect(request, _href(row))
