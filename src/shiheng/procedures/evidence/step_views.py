"""What is done with evidence once it is there: handed on, said to prove something, masked, withdrawn, exported."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Problem, Refused
from shiheng.procedures import queries as proceedings
from shiheng.procedures.evidence import actions, bundle, chain, content, queries, redaction
from shiheng.procedures.evidence.definition import EVENTS, REASONS
from shiheng.procedures.evidence.views import element_choices
from shiheng.procedures.models import Evidence
from shiheng.ui import forms
from shiheng.ui.pages import render

ROWS, MOST_ROWS = 4, 40


class Moving(BaseModel):
    """流转"""

    kind: Annotated[str, Field(title="事项", json_schema_extra={"widget": "radio"})]
    to: Annotated[str, Field(title="交给谁", max_length=100, description="移交、借出时填写：姓名和单位、科室。")] = ""
    why: Annotated[
        str,
        Field(
            title="事由",
            max_length=500,
            description="送检、质证、移送；封存的写明封条编号。",
            json_schema_extra={"widget": "textarea", "rows": 2},
        ),
    ]
    at: Annotated[datetime | None, Field(title="时间", description="留空是现在。")] = None


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def custody(request: HttpRequest, number: int, item: int) -> HttpResponseBase:
    """Put down that an item changed hands, was sealed or opened."""
    who = who_at(request)
    held = queries.find(who, number, item)
    standing = queries.standing_of(queries.custody_of(held))
    kinds = [(kind, EVENTS[kind]) for kind in chain.possible(standing)]
    form = forms.from_model(Moving, code="procedures.custody", about=str(held.pk), choices={"kind": kinds})
    if request.method == "POST" and (given := form.read(request)):
        try:
            actions.move(
                who, number, item, given.kind, to=given.to, why=given.why, at=given.at, key=UUID(str(form.key))
            )
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已记入流转。"))
            return redirect("file-evidence-item", number, item)
    context = {"file": held.proceeding, "item": held, "form": form, "standing": standing}
    return render(request, "procedures/evidence/custody.html", context, status=form.status)


class Assessing(BaseModel):
    """证明对象"""

    elements: Annotated[list[str], Field(title="证明哪些构成要件", json_schema_extra={"widget": "checkboxes"})] = []
    proves: Annotated[
        str, Field(title="证明内容", max_length=500, json_schema_extra={"widget": "textarea", "rows": 2})
    ] = ""


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def assess(request: HttpRequest, number: int, item: int) -> HttpResponseBase:
    """Say anew what an item is to prove."""
    who = who_at(request)
    held = queries.find(who, number, item)
    choices = element_choices(held.proceeding, proceedings.course_of(held.proceeding))
    form = forms.from_model(
        Assessing, code="procedures.assess", about=str(held.pk), choices={"elements": choices},
        initial={"elements": held.elements, "proves": held.proves},
    )  # fmt: skip
    if not choices:
        form.fields.remove(form["elements"])
    if request.method == "POST" and (given := form.read(request)):
        try:
            key = UUID(str(form.key))
            actions.assess(who, number, item, elements=given.elements, proves=given.proves, key=key)
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已改记证明对象，原来的记在流转里。"))
            return redirect("file-evidence-item", number, item)
    context = {"file": held.proceeding, "item": held, "form": form}
    return render(request, "procedures/evidence/assess.html", context, status=form.status)


class Withdrawing(BaseModel):
    """撤回证据"""

    reason: Annotated[str, Field(title="撤回的理由", max_length=500, json_schema_extra={"widget": "textarea"})]


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: HttpRequest, number: int, item: int) -> HttpResponseBase:
    """Mark an item as wrong: by a second person, with a reason; it stays to be seen."""
    who = who_at(request)
    held = queries.find(who, number, item)
    form = forms.from_model(Withdrawing, code="procedures.evidence.withdraw", about=str(held.pk))
    if request.method == "POST" and (given := form.read(request)):
        try:
            actions.withdraw(who, number, item, reason=given.reason, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已撤回。证据和撤回的理由都留在案卷里。"))
            return redirect("file-evidence-item", number, item)
    context = {"file": held.proceeding, "item": held, "form": form}
    return render(request, "procedures/evidence/withdraw.html", context, status=form.status)


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def redact(request: HttpRequest, number: int, item: int) -> HttpResponseBase:
    """Mark what is to go, by drawing or by figures, and have a flattened copy made."""
    who = who_at(request)
    held = queries.find(who, number, item)
    queries.check_readable(who, held)
    if not redaction.possible(held):
        raise Refused("redaction.kind", _("这种文件不能在这里遮蔽。请遮蔽后作为复制件另行收存。"))
    text = content.of_media(held.media).shown == "text"
    given = request.POST if request.method == "POST" else request.GET
    rows, fault = _rows(given, text=text), ""
    if request.method == "POST" and not request.POST.get("more"):
        try:
            made = _redacted(request, held, rows, text=text)
        except Problem as problem:
            fault = problem.message
        else:
            messages.success(request, _("已制作第 %(number)s 份遮蔽件，原件没有改动。") % {"number": made.number})
            return redirect("file-evidence-item", number, item)
    last = 1 if text else queries.pages_of(held)
    context = {
        "file": held.proceeding, "item": held, "rows": rows, "reasons": list(REASONS.items()), "fault": fault,
        "text": content.text_of(queries.head_of(held, 80_000))[:20_000] if text else "", "is_text": text,
        "pages": range(1, last + 1), "key": given.get("_key") or uuid4(),
        "purpose": given.get("purpose", ""), "more": min(MOST_ROWS, len(rows) + ROWS),
    }  # fmt: skip
    return render(request, "procedures/evidence/redact.html", context, status=422 if fault else 200)


def _rows(given: QueryDict, *, text: bool) -> list[dict[str, str]]:
    """What was typed so far, row by row, and empty rows to type into."""
    names = ("text", "reason") if text else ("page", "x", "y", "w", "h", "reason")
    wanted = given.get("more") or given.get("rows", "")
    count = min(MOST_ROWS, int(wanted) if wanted.isdigit() and len(wanted) < 4 else ROWS)
    return [{name: given.get(f"{name}_{n}", "").strip() for name in names} for n in range(max(count, ROWS))]


def _redacted(request: HttpRequest, held: Evidence, rows: list[dict[str, str]], *, text: bool) -> Any:
    try:
        key = UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key_missing", _("这次提交缺少防重编号，请返回重试。")) from None
    filled = [row for row in rows if any(row[name] for name in row if name not in {"reason", "page"})]
    words = [redaction.Word(row["text"], row["reason"]) for row in filled] if text else []
    bars = [] if text else [_bar(row) for row in filled]
    purpose = request.POST.get("purpose", "")
    number, item = held.proceeding_id, held.number
    return redaction.redact(who_at(request), number, item, bars=bars, words=words, purpose=purpose, key=key)


def _bar(row: dict[str, str]) -> redaction.Bar:
    figures = [row[name] or ("1" if name == "page" else "") for name in ("page", "x", "y", "w", "h")]
    if not all(one.isdecimal() and len(one) < 5 for one in figures):
        raise Refused("redaction.figures", _("每一处的页码、左、上、宽、高都要填写整数，单位是千分之一。"))
    page, x, y, w, h = map(int, figures)
    return redaction.Bar(x, y, w, h, row["reason"], page)


class Exporting(BaseModel):
    """导出证据"""

    to: Annotated[str, Field(title="提供给谁", max_length=100)]
    why: Annotated[str, Field(title="用于什么", max_length=500, json_schema_extra={"widget": "textarea", "rows": 2})]
    copies: Annotated[
        str,
        Field(
            title="给原件还是遮蔽件",
            json_schema_extra={
                "choices": {"original": "都给原件", "masked": "有遮蔽件的给遮蔽件，没有的给原件"}, "widget": "radio"
            },
        ),
    ]  # fmt: skip


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def export(request: HttpRequest, number: int) -> HttpResponseBase:
    """All evidence of a file as one archive with its proofs; to whom and why goes on record first."""
    who = who_at(request)
    found = proceedings.find(who, number)
    form = forms.from_model(Exporting, code="procedures.evidence.export", about=str(number))
    if request.method == "POST" and (given := form.read(request)):
        try:
            made = bundle.make(who, number, to=given.to, why=given.why, copies=given.copies, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            answer = StreamingHttpResponse(bundle.stream(made), content_type="application/zip")
            answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
            return answer
    rows = [row for row in queries.of_file(found) if row.withdrawn_at is None]
    context = {"file": found, "form": form, "count": len(rows)}
    return render(request, "procedures/evidence/export.html", context, status=form.status)


@needs(May.HANDLE_FILES)
@require_POST
def allege(request: HttpRequest, number: int) -> HttpResponseBase:
    """Put down, or take off again, which violation a file is about."""
    try:
        key = UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key_missing", _("这次提交缺少防重编号，请返回重试。")) from None
    who, code = who_at(request), request.POST.get("violation", "")
    if request.POST.get("drop"):
        actions.drop(who, number, request.POST["drop"], key=key)
        messages.success(request, _("已取消。"))
    else:
        if not code:
            raise Refused("evidence.about", _("请选择涉嫌的违法行为。"))
        actions.allege(who, number, code, key=key)
        messages.success(request, _("已记入。下面列出它的构成要件和还缺的证据。"))
    return redirect("file-evidence", number)
