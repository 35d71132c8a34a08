"""The papers of a file: made of it as it stands, read, printed, downloaded, taken back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem, Refused
from shiheng.procedures import actions, checking, formbook, papers, queries, sending, served, serving, ways
from shiheng.procedures.models import Paper, Proceeding
from shiheng.procedures.paper_actions import paper_of
from shiheng.ui import documents, forms
from shiheng.ui.pages import render
from shiheng.ui.wordform import MEDIA


@needs(May.HANDLE_FILES)
@require_POST
def make(request: HttpRequest, number: int) -> HttpResponseBase:
    """Make a form of a file."""
    try:
        key = UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key_missing", _("这次提交缺少防重编号，请返回重试。")) from None
    code, _colon, about = request.POST.get("form", "").partition(":")
    if formbook.of_code(code, on=clock.today()).asks:
        address = reverse("file-paper-new", args=[number, code])
        return redirect(f"{address}?party={about}" if about else address)
    made = actions.make_paper(who_at(request), number, code, party=_number(about), key=key)
    messages.success(request, _("已制作 %(number)s。") % {"number": made.number})
    return redirect("file-paper", number, made.pk)


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, number: int, code: str) -> HttpResponseBase:
    """Make a form that says something only this paper says: asked for first."""
    who = who_at(request)
    found = queries.find(who, number)
    held = formbook.of_code(code, on=clock.today())
    party = _number(request.GET.get("party", ""))
    form = _asking(held, found, party)
    if request.method == "POST" and (given := form.read(request)):
        asked = {name: str(value or "") for name, value in given.model_dump().items()}
        try:
            made = actions.make_paper(who, number, code, party=party, asked=asked, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已制作 %(number)s。") % {"number": made.number})
            return redirect("file-paper", number, made.pk)
    return render(request, "procedures/paper_new.html", {"file": found, "held": held, "form": form}, status=form.status)


def _asking(held: formbook.Form, found: Proceeding, party: int | None) -> forms.Form[Any]:
    fields: dict[str, Any] = {}
    for ask in held.asks:
        default: Any = None if ask.optional else ...
        extra: dict[str, Any] = {"widget": "textarea"} if ask.long else {}
        most = 4000 if ask.long else 300
        fields[ask.name] = (
            str | None if ask.optional else str,
            Field(default, title=ask.title, description=ask.hint or None, max_length=most, json_schema_extra=extra),
        )
    model: type[BaseModel] = create_model("Asking", **fields)
    told = papers.suggested(held, found, queries.course_of(found), party=party)
    return forms.from_model(model, code="procedures.paper", about=f"{found.pk}-{held.code}", initial=told)


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 10 else None


@needs(May.READ_FILES)
@require_safe
@never_cache
def paper(request: HttpRequest, number: int, paper: int) -> HttpResponseBase:
    """One paper: its words, its downloads, and how it reached each of those it is for."""
    who, today = who_at(request), clock.today()
    found = queries.find(who, number)
    held = paper_of(found, paper)
    context = {
        "file": found,
        "paper": held,
        "html": documents.to_html(papers.document_of(held.content, checking.check_of(held, request))),
        "receivers": [_told(one) for one in serving.receivers(found, held)],
        "today": today,
        "handles": who.may(May.HANDLE_FILES, found.scope) and held.withdrawn_on is None,
        "ways": ways.all_on(today),
    }
    return render(request, "procedures/paper.html", context)


def _told(one: serving.Receiver) -> dict[str, Any]:
    """A receiver as the page shows it: each try with its way, day and proof in words."""
    tries = [(row, ways.title_of(row.way), serving.result_title(row.result), served.words(row)) for row in one.tries]
    sends = sending.channel_of(one.confirmed) if one.party and not one.waiting else ""
    return {"one": one, "tries": tries, "served": one.served, "sends": sends, "key": uuid4()}


@needs(May.READ_FILES)
@require_safe
def download(request: HttpRequest, number: int, paper: int, kind: str) -> HttpResponseBase:
    """A paper for Word, or as PDF."""
    held = paper_of(queries.find(who_at(request), number), paper)
    check = checking.check_of(held, request)
    if kind == "docx":
        content = papers.word_of(held.content, held.own.file if held.own else "", check)
        media = MEDIA
    elif kind == "pdf":
        content, media = documents.to_pdf(papers.document_of(held.content, check)), "application/pdf"
    else:
        raise Missing("paper.kind", _("没有这种格式。"))
    answer = HttpResponse(content, content_type=media)
    answer.headers["Content-Disposition"] = f"attachment; filename=paper-{held.pk}.{kind}"
    return answer


class Withdrawing(BaseModel):
    """撤回文书"""

    reason: str = Field(title="撤回的理由", max_length=500, json_schema_extra={"widget": "textarea"})


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: HttpRequest, number: int, paper: int) -> HttpResponseBase:
    """Say that a paper no longer counts, and which one stands in its place."""
    who = who_at(request)
    found = queries.find(who, number)
    held = paper_of(found, paper)
    form = _withdrawing(found, held)
    if request.method == "POST" and (given := form.read(request)):
        instead = str(given.model_dump().get("instead") or "")
        try:
            actions.withdraw_paper(
                who, number, paper, reason=given.reason, instead=int(instead) if instead.isdigit() else None,
                key=UUID(str(form.key)),
            )  # fmt: skip
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("文书已撤回。"))
            return redirect("file-paper", number, paper)
    return render(request, "procedures/withdraw.html", {"file": found, "paper": held, "form": form}, status=form.status)


def _withdrawing(found: Proceeding, held: Paper) -> forms.Form[Any]:
    others = found.papers.filter(form=held.form, withdrawn_on=None).exclude(pk=held.pk).order_by("-pk")
    model: type[BaseModel] = create_model(
        "WithdrawingFor", __base__=Withdrawing,
        instead=(str | None, Field(default=None, title="替代它的文书", description="没有的留空。")),
    )  # fmt: skip
    choices = {"instead": [(str(row.pk), row.number) for row in others]}
    return forms.from_model(model, code="procedures.withdraw", about=str(held.pk), choices=choices)
