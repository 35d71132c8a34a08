"""The papers of a file: made of it as it stands, read, printed, downloaded, and when and how each was served."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Missing, Problem, Refused
from shiheng.procedures import actions, queries
from shiheng.procedures.models import Paper
from shiheng.ui import documents, forms
from shiheng.ui.documents import Document, Made
from shiheng.ui.pages import render

WAYS = ("直接送达", "留置送达", "邮寄送达", "电子送达", "委托送达", "公告送达", "短信", "全国12315平台")


class Serving(BaseModel):
    """登记送达"""

    how: str = Field(title="送达方式", json_schema_extra={"choices": {way: way for way in WAYS}})
    day: date | None = Field(
        default=None, title="送达日期", description="留空是今天。", json_schema_extra={"width": "short"}
    )
    proof: str = Field(title="送达证明", max_length=200, description="签收人、邮件单号、短信回执号、见证人。")


def document_of(paper: Paper) -> Document:
    """A paper as it was made."""
    held = dict(paper.content)
    return Document(held["title"], held["number"], [Made(**block) for block in held["blocks"]])


@needs(May.HANDLE_FILES)
@require_POST
def make(request: HttpRequest, number: int) -> HttpResponseBase:
    """Make a form of a file."""
    try:
        key = UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key_missing", _("这次提交缺少防重编号，请返回重试。")) from None
    made = actions.make_paper(who_at(request), number, request.POST.get("form", ""), key=key)
    messages.success(request, _("已制作 %(number)s。") % {"number": made.number})
    return redirect("file-paper", number, made.pk)


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def paper(request: HttpRequest, number: int, paper: int) -> HttpResponseBase:
    """One paper: its words, its downloads, its service."""
    who = who_at(request)
    found = queries.find(who, number)
    held = _held(found.pk, paper)
    form: Any = None
    if held.served_on is None and who.may(May.HANDLE_FILES, found.scope):
        form = forms.from_model(Serving, code="procedures.serve", about=str(paper))
        if request.method == "POST" and (given := form.read(request)):
            try:
                actions.serve_paper(
                    who, number, paper, day=given.day, how=given.how, proof=given.proof, key=UUID(str(form.key))
                )
            except Problem as problem:
                form.refuse(problem)
            else:
                messages.success(request, _("已登记送达。"))
                return redirect("file-paper", number, paper)
    context = {"file": found, "paper": held, "html": documents.to_html(document_of(held)), "form": form}
    return render(request, "procedures/paper.html", context, status=form.status if form else 200)


def _held(number: int, paper: int) -> Paper:
    held = Paper.objects.filter(proceeding=number, pk=paper).first()
    if held is None:
        raise Missing("paper.unknown", _("案卷里没有这份文书。"))
    return held


@needs(May.READ_FILES)
@require_safe
def download(request: HttpRequest, number: int, paper: int, kind: str) -> HttpResponseBase:
    """A paper for Word, or as PDF."""
    held = _held(queries.find(who_at(request), number).pk, paper)
    if kind == "docx":
        content = documents.to_docx(document_of(held))
        media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    elif kind == "pdf":
        content, media = documents.to_pdf(document_of(held)), "application/pdf"
    else:
        raise Missing("paper.kind", _("没有这种格式。"))
    answer = HttpResponse(content, content_type=media)
    answer.headers["Content-Disposition"] = f"attachment; filename=paper-{held.pk}.{kind}"
    return answer
