"""退回: what is left of a batch sent back to its department, and the list of what was sent, received and answered."""

from typing import Annotated, Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, signed_in, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import queries, returns, sources
from shiheng.fusion.models import Return
from shiheng.fusion.tables import source_filter, source_title
from shiheng.kernel.errors import Forbidden, Problem
from shiheng.ledger import files
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {"sent": "warn", "received": "wait", "answered": "ok"}

RETURNS = Table(
    "returns",
    "退回件",
    [
        Column("number", "文号", sort="pk", kind="link", href=lambda row: reverse("return", args=[row.pk])),
        Column("source", "数据源", lambda row: source_title(row.batch)),
        Column(
            "batch",
            "批次",
            "batch_id",
            sort="batch_id",
            kind="number",
            href=lambda row: reverse("batch", args=[row.batch_id]),
        ),
        Column("size", "行数", sort="size", kind="number"),
        Column("made_at", "退回时间", sort="made_at", kind="moment"),
        Column("made_by", "退回人", kind="person"),
        Column("told", "已通知"),
        Column("state", "状态", lambda row: (Return.STATES[row.state], TONES[row.state]), kind="badge"),
        Column(
            "answered",
            "更正批次",
            "answered_by_id",
            kind="number",
            href=lambda row: reverse("batch", args=[row.answered_by_id]),
        ),
    ],
    [
        Filter("state", "状态", "choice", "state", choices=list(Return.STATES.items())),
        source_filter("batch__source"),
        Filter("day", "退回日期", "day_range", "made_at__date"),
    ],
    default_sort="-pk",
    empty="还没有退回过隔离行。在批次页点“退回部门”，会按部门自己的表样生成带原因的文件，并在这里跟踪签收和更正。",
)


def _reader(request: HttpRequest) -> Who:
    """Whoever reads sources here, and whoever sends files from outside."""
    who = who_at(request)
    if not any(map(who.may, (May.READ_SOURCES, May.LAND_FILES, May.SEND_OWN))):
        raise Forbidden("power.missing", "您的岗位没有使用本页的权限。如工作需要，请联系本单位系统管理员增加岗位。")
    return who


@signed_in
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Everything sent back in my territory, and how it stands."""
    found = RETURNS.read(request, returns.visible_to(_reader(request)))
    if found.wants_export:
        return found.response()
    return render(request, "fusion/returns.html", {"listing": found})


class Answering(BaseModel):
    """登记更正批次"""

    batch: Annotated[
        int,
        Field(
            title="更正批次的编号",
            ge=1,
            description="部门改好后重新报送、已经入档的批次。报送时写明更正哪个批次的，会自动登记。",
            json_schema_extra={"width": "short"},
        ),
    ]


@signed_in
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One return: what went back and why, who has it, what answered it."""
    who = _reader(request)
    found = returns.find(number, who=who)
    form = forms.from_model(Answering, code="fusion.answer", about=str(number))
    if request.method == "POST" and (value := form.read(request)):
        try:
            returns.answer(number, value.batch, who=who, key=UUID(form.key))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, "已登记更正批次。")
            return htmx.redirect(request, reverse("return", args=[number]))
    return render(request, "fusion/return.html", _about(found, who, form), status=form.status)


def _about(found: Return, who: Who, form: forms.Form[Answering]) -> dict[str, Any]:
    rows = list(returns.rows_of(found)[:50])
    readable = who.may(May.READ_SOURCES, found.scope)
    return {
        "return": found,
        "source_title": source_title(found.batch),
        "state": (Return.STATES[found.state], TONES[found.state]),
        "rows": [
            (m.quarantined, "；".join(r["message"].rstrip("。") for r in m.quarantined.reasons), m.undone_at)
            for m in rows
        ],
        "more": found.size - len(rows),
        "readable": readable,
        "may_receive": found.state == "sent" and returns.may_receive(who, found),
        "may_answer": found.state != "answered"
        and (who.may(May.MEND_QUARANTINE, found.scope) or returns.may_receive(who, found)),
        "key": form.key,
        "form": form,
    }


@signed_in
@require_POST
def receive(request: HttpRequest, number: int) -> HttpResponse:
    """The department confirms that it has the file."""
    returns.receive(
        number, who=_reader(request), key=UUID(request.POST.get("_key", "")) if "_key" in request.POST else None
    )
    messages.success(request, "已签收。")
    return htmx.redirect(request, reverse("return", args=[number]))


@signed_in
@require_safe
def file(request: HttpRequest, number: int) -> FileResponse:
    """The file that went back, as it was sent."""
    found = returns.find(number, who=_reader(request))
    return FileResponse(files.open_kept(found.file), as_attachment=True, filename=found.filename)


class Returning(BaseModel):
    """退回部门"""

    why: Annotated[
        str,
        Field(
            title="退回说明",
            max_length=500,
            description="要部门改什么、何时再报。会写进通知并记入存证。",
            json_schema_extra={"widget": "textarea"},
        ),
    ]


@needs(May.MEND_QUARANTINE)
def send_back(request: HttpRequest, number: int) -> HttpResponse:
    """Send what is left of a batch back to its department."""
    who = who_at(request)
    batch = queries.batch(who, number)
    reason = request.GET.get("reason", "")
    form = forms.from_model(Returning, code="fusion.return", about=str(number))
    if request.method == "POST" and (value := form.read(request)):
        try:
            made = returns.send_back(number, who=who, why=value.why, reason=reason, key=UUID(form.key))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已退回，文号 %(number)s。") % {"number": made.number})
            return htmx.redirect(request, reverse("return", args=[made.pk]))
    department = sources.find(batch.source).department
    context = {
        "batch": batch,
        "source_title": source_title(batch),
        "department": say(department) or _("未声明"),
        "left": returns.left(number, who=who, reason=reason),
        "reason": reason,
        "form": form,
    }
    return render(request, "fusion/send_back.html", context, status=form.status)


@needs(May.MEND_QUARANTINE)
@require_safe
def form_file(request: HttpRequest, number: int) -> HttpResponse:
    """What is left of a batch in the department's own form, without sending anything."""
    made = returns.form(number, who=who_at(request), reason=request.GET.get("reason", ""))
    response = HttpResponse(made.content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, made.filename)
    return response
