"""Pages of the legal forms: each with what the law demands, a Word file to begin with, the bureau's own versions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.ledger import files
from shiheng.procedures import formbook, papers, queries
from shiheng.procedures.contents import all_on
from shiheng.procedures.formbook import Form
from shiheng.procedures.models import Proceeding
from shiheng.procedures.ownforms import actions, forms, starter
from shiheng.procedures.ownforms import queries as own
from shiheng.procedures.ownforms.definition import STATES
from shiheng.procedures.ownforms.models import OwnForm
from shiheng.ui import documents, formats, htmx
from shiheng.ui import forms as made
from shiheng.ui.pages import render
from shiheng.ui.wordform import MEDIA
from shiheng.ui.wording import say

TONES = {"draft": "wait", "published": "ok", "returned": "late", "undone": "done"}
STEPS = {"publish": "同意并公布", "return": "退回", "undo": "停用"}
TRIED = 20


@needs(May.SEE_DESK)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every legal form, by procedure, and whether the bureau uses its own."""
    today = clock.today()
    replaced = own.in_force(today)
    every = formbook.all_on(today)
    groups = [
        (procedure.title, [(form, replaced.get(form.code, [])) for form in every if procedure.code in form.procedures])
        for procedure in all_on(today)
    ]
    waiting = own.visible_to(who_at(request)).filter(state="draft")
    held = {"groups": [group for group in groups if group[1]], "waiting": waiting, "count": len(every)}
    return render(request, "procedures/forms.html", held)


@needs(May.SEE_DESK)
@require_safe
def one(request: HttpRequest, code: str) -> HttpResponseBase:
    """One form: its elements and placeholders, and its versions side by side."""
    form, today = _form(code), clock.today()
    names = papers.names(form, papers.procedure_for(form, today)).values()
    needed = documents.needed(form.blocks)
    rows = own.of_form(code)
    used = {scope: own.used(code, scope=scope, on=today) for scope in {row.scope for row in rows}}
    context = {
        "form": form,
        "used": [name for name in names if name.fact in needed],
        "others": [name for name in names if name.fact not in needed],
        "rows": [(row, STATES[row.state], TONES[row.state], used[row.scope] == row) for row in rows],
        "may_draft": who_at(request).may(May.KEEP_CATALOGUE),
    }
    return render(request, "procedures/form.html", context)


@needs(May.SEE_DESK)
@require_safe
def begin(request: HttpRequest, code: str) -> HttpResponseBase:  # noqa: ARG001 - the shape of a view
    """The shipped form as a Word file with placeholders, to be made one's own."""
    form = _form(code)
    names = papers.names(form, papers.procedure_for(form, clock.today()))
    return _sent(starter.starter(form, names), f"{code}.docx")


@needs(May.KEEP_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, code: str) -> HttpResponseBase:
    """Bring a form of one's own: checked at once, decided by somebody else."""
    held = _form(code)
    form = made.from_model(
        forms.Proposal, code="procedures.ownform", about=code, initial={"in_force_from": clock.today()}
    )
    if request.method == "POST" and (given := form.read(request)):
        try:
            row = actions.draft(
                who_at(request), code, content=given.file.read(), name=given.file.name or "", reason=given.reason,
                in_force_from=given.in_force_from, key=UUID(form.key),
            )  # fmt: skip
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已提出，等待决定。"))
            return htmx.redirect(request, reverse("own-form", args=[row.pk]))
    names = papers.names(held, papers.procedure_for(held, clock.today())).values()
    context = {"held": held, "form": form, "demanded": [name.title for name in names if name.demanded]}
    return render(request, "procedures/form_draft.html", context, status=form.status)


@needs(May.SEE_DESK)
@require_safe
def version(request: HttpRequest, number: int) -> HttpResponseBase:
    """One own form: how it came, how a paper made of it looks with a real file, the next step."""
    return _page(request, _row(request, number), None)


@needs(May.SEE_DESK)
@require_safe
def download(request: HttpRequest, number: int) -> HttpResponseBase:
    """The Word file as it was brought."""
    row = _row(request, number)
    with files.open_kept(row.file) as held:
        return _sent(held.read(), f"form-{row.pk}.docx")


@needs(May.KEEP_CATALOGUE)
@require_POST
def step(request: HttpRequest, number: int, step: str) -> HttpResponseBase:
    """Take one step of an own form."""
    row, who = _row(request, number), who_at(request)
    form = made.from_model(forms.Step, code="procedures.ownform.step", about=str(number))
    given = form.read(request)
    if given is None:
        return _page(request, row, form)
    key = UUID(form.key)
    try:
        if step == "publish":
            actions.publish(who, number, opinion=given.opinion, key=key)
        elif step == "return":
            actions.give_back(who, number, reason=given.opinion, key=key)
        elif step == "undo":
            actions.undo(who, number, reason=given.opinion, key=key)
        else:
            raise Missing("ownform.step", _("没有这一步。"))
    except Problem as problem:
        form.refuse(problem)
        return _page(request, row, form)
    messages.success(request, _("已办理：%(step)s。") % {"step": say(STEPS[step])})
    return htmx.redirect(request, reverse("own-form", args=[number]))


def _form(code: str) -> Form:
    return formbook.of_code(code, on=clock.today())


def _row(request: HttpRequest, number: int) -> OwnForm:
    row = own.visible_to(who_at(request)).filter(pk=number).first()
    if row is None:
        raise Missing("ownform.unknown", _("没有这份本局文书格式。"))
    return row


def _sent(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=MEDIA)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(request: HttpRequest, row: OwnForm, form: made.Form[Any] | None) -> HttpResponse:
    form = form or made.from_model(forms.Step, code="procedures.ownform.step", about=str(row.pk))
    who = who_at(request)
    file, html, fault = _preview(who, row, request.GET.get("file", "").strip())
    about = [
        ("文书", row.title),
        ("适用单位", row.office or "—"),
        ("启用日期", formats.day(row.in_force_from)),
        ("文件名", row.name),
        ("理由", row.reason),
    ]
    context = {
        "row": row, "state": (STATES[row.state], TONES[row.state]), "about": about, "course": _course(row),
        "open": _open(row, who), "form": form, "file": file, "html": html, "fault": fault,
        "asked": request.GET.get("file", "").strip() or (file.number if file else ""),
    }  # fmt: skip
    return render(request, "procedures/form_own.html", context, status=form.status)


def _open(row: OwnForm, who: Who) -> list[tuple[str, str]]:
    keeps, decides = who.may(May.KEEP_CATALOGUE, row.scope), who.may(May.DECIDE_CATALOGUE, row.scope)
    mine = who.key == row.drafted_key
    steps = {
        "publish": row.state == "draft" and decides and not mine,
        "return": row.state == "draft" and keeps,
        "undo": row.state == "published" and decides and not mine,
    }
    return [(step, STEPS[step]) for step, allowed in steps.items() if allowed]


def _course(row: OwnForm) -> list[dict[str, Any]]:
    held = [
        (row.drafted_at, "提出", row.drafted_by, row.reason),
        (row.published_at, "公布", row.published_by, row.opinion),
        (row.undone_at, STATES.get(row.state, ""), row.undone_by, row.undone_why),
    ]
    done = [{"moment": at, "title": say(title), "who": by, "text": text} for at, title, by, text in held if at]
    return sorted(done, key=lambda item: item["moment"], reverse=True)


def _preview(who: Who, row: OwnForm, asked: str) -> tuple[Proceeding | None, str, str]:
    """How a paper of this form looks: of the file asked for, else of the latest one that has what it names."""
    if not who.may(May.READ_FILES):
        return None, "", ""
    try:
        form = formbook.of_code(row.form, on=max(row.in_force_from, clock.today()))
    except Missing as problem:
        return None, "", problem.message
    rows = queries.visible_to(who).filter(procedure__in=form.procedures)
    rows = rows.filter(number=asked) if asked else rows.filter(passages__step__in=form.steps).distinct()
    fault = str(_("没有这个案卷，或者它不能制作这种文书。")) if asked else ""
    for file in rows.order_by("-received_on", "-pk")[: 1 if asked else TRIED]:
        try:
            course = queries.course_of(file)
            party = next(iter(formbook.parties_for(form, course)), None)
            blank = {ask.name: documents.BLANK for ask in form.asks}
            paper = papers.make(form, file, course, str(_("（预览）")), row, party=party, asked=blank)
        except Problem as problem:
            fault = problem.message
            continue
        return file, documents.to_html(paper.document), ""
    return None, "", fault
