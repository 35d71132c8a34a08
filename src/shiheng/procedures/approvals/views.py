"""呈批: what waits for me, one piece with what was said of it, and the chains the bureau set."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.models import Account
from shiheng.accounts.permissions import ROLE_TITLES, May, Role
from shiheng.accounts.queries import who_of
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.procedures import queries as files
from shiheng.procedures.approvals import actions, queries
from shiheng.procedures.approvals.models import Approval, Opinion
from shiheng.procedures.contents import contents_of, procedure_of
from shiheng.registers.contents import lines_of
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.wording import say

MOST = 200


class Speaking(BaseModel):
    """审批"""

    verdict: str = Field(title="审批结论", json_schema_extra={"choices": dict(Opinion.VERDICTS), "widget": "radio"})
    words: str | None = Field(
        default=None, title="意见", max_length=actions.WORDS_MOST, json_schema_extra={"widget": "textarea"}
    )


@needs(May.HANDLE_FILES)
@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponseBase:
    """Everything that waits for my word, and what I am said to have approved by telephone."""
    who = who_at(request)
    rows = queries.waiting_for(who).select_related("proceeding")[:MOST]
    context = {"rows": [(row, *_told(row)) for row in rows], "phoned": queries.to_confirm(who), "key": uuid4()}
    return render(request, "procedures/approvals/mine.html", context)


def _told(row: Approval) -> tuple[str, str]:
    """What the step is called, and for whom it waits."""
    step = files.version_of(row.proceeding.procedure, row.proceeding.version).step(row.step)
    return str(say(step.title if step else row.step)), str(say(ROLE_TITLES[Role(row.role)]))


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def one(request: HttpRequest, number: int, approval: int) -> HttpResponseBase:
    """One piece: what is proposed, how far it is, what each said; and my own word where it waits for it."""
    who = who_at(request)
    row = queries.find(who, number, approval)
    course = files.course_of(row.proceeding)
    step = course.procedure.step(row.step)
    form = forms.from_model(Speaking, code="procedures.approval", about=str(approval))
    speaks = queries.may_speak(who, row)
    if request.method == "POST" and speaks and (given := form.read(request)):
        try:
            actions.speak(
                who, number, approval, verdict=given.verdict, words=given.words or "", key=UUID(str(form.key))
            )
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已审批：%(verdict)s。") % {"verdict": say(Opinion.VERDICTS[given.verdict])})
            return redirect("file", number)
    said = {opinion.stage: opinion for opinion in row.opinions.all()}
    context = {
        "row": row,
        "file": row.proceeding,
        "step": step,
        "party": row.proceeding.parties.filter(number=row.party).first() if row.party else None,
        "lines": [line for line in lines_of(contents_of(course.procedure, row.step), row.facts) if line[1]],
        "chain": [(ROLE_TITLES[Role(role)], said.get(at), at == row.stage) for at, role in enumerate(row.chain)],
        "speaks": speaks,
        "form": form,
        "own": row.actor == who.key and row.state == "waiting",
        "phone": _phone_form(row) if row.actor == who.key and row.state == "waiting" else None,
        "key": uuid4(),
    }
    return render(request, "procedures/approvals/one.html", context, status=form.status)


def _phone_form(row: Approval) -> Form[Any]:
    """Who may be said to have agreed by telephone: those it waits for."""
    heads = [one for one in files.officers_at(row.scope) if queries.may_speak(who_of(one), row)]
    model = create_model(
        "Phoning", account=(str, Field(title="电话审批人")),
        words=(str, Field(title="审批意见", max_length=actions.WORDS_MOST)),
    )  # fmt: skip
    choices = {"account": [(str(head.pk), head.name) for head in heads]}
    return forms.from_model(model, code="procedures.phone", about=str(row.pk), choices=choices)


@needs(May.HANDLE_FILES)
@require_POST
def phone(request: HttpRequest, number: int, approval: int) -> HttpResponseBase:
    """Write down an approval by telephone."""
    who = who_at(request)
    form = _phone_form(queries.find(who, number, approval))
    if given := form.read(request):
        values = given.model_dump()
        account = Account.objects.filter(pk=values["account"]).first() if values["account"].isdigit() else None
        try:
            actions.phone(
                who, number, approval, account=account.pk if account else 0, words=values["words"],
                key=UUID(str(form.key)),
            )  # fmt: skip
        except Problem as problem:
            messages.error(request, str(say(problem.message)))
        else:
            messages.success(request, _("已记录电话审批，待本人补签。"))
    else:
        messages.error(request, _("请选择电话审批人并填写意见。"))
    return redirect("file-approval", number, approval)


@needs(May.HANDLE_FILES)
@require_POST
def withdraw(request: HttpRequest, number: int, approval: int) -> HttpResponseBase:
    """Take back what I laid up."""
    try:
        actions.withdraw(who_at(request), number, approval, key=_key(request))
    except Problem as problem:
        messages.error(request, str(say(problem.message)))
    else:
        messages.success(request, _("已撤回呈批。"))
    return redirect("file", number)


@needs(May.HANDLE_FILES)
@require_POST
def confirm(request: HttpRequest, opinion: int) -> HttpResponseBase:
    """Say of my approval by telephone that I gave it, or that I never did."""
    given = request.POST.get("given") == "1"
    try:
        actions.confirm(who_at(request), opinion, true=given, key=_key(request))
    except Problem as problem:
        messages.error(request, str(say(problem.message)))
    else:
        messages.success(request, _("已补签。") if given else _("已记录：您没有作过这次电话审批。"))
    return redirect("approvals")


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        return None


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def chains(request: HttpRequest, code: str) -> HttpResponseBase:
    """Who approves which step of a procedure, as declared and as the bureau set it; setting it from a day on."""
    who, today = who_at(request), clock.today()
    procedure = procedure_of(code, on=today)
    held = queries.chains_of(procedure, on=today)
    steps = [(step, held[step.code]) for step in procedure.steps]
    form = _chain_form(code, [(step.code, step.title) for step in procedure.steps]) if _may_set(who) else None
    if request.method == "POST":
        if form is None:
            raise Missing("approval.chain", _("您的岗位不能设定审批层级。"))
        if given := form.read(request):
            values = given.model_dump()
            try:
                actions.set_chain(
                    who, code, values["step"], [values[name] for name in STAGES if values.get(name)],
                    must=bool(values["must"]), since=values.get("since") or today, why=values["why"],
                    key=UUID(str(form.key)),
                )  # fmt: skip
            except Problem as problem:
                form.refuse(problem)
            else:
                messages.success(request, _("已设定审批层级。"))
                return redirect("chains", code)
    context = {
        "procedure": procedure,
        "steps": [(step, [ROLE_TITLES[role] for role in held.roles], held)
                  for step, held in steps if held.roles or held.own],
        "history": [(row, procedure.step(row.step), [ROLE_TITLES[Role(role)] for role in row.roles])
                    for row in queries.chains(code)],
        "form": form,
    }  # fmt: skip
    return render(request, "procedures/approvals/chains.html", context, status=form.status if form else 200)


STAGES = ("first", "second", "third", "fourth")


def _may_set(who: Any) -> bool:
    return bool(who.may(May.DECIDE_CATALOGUE))


def _chain_form(code: str, steps: list[tuple[str, str]]) -> Form[Any]:
    titles = ("第一级", "第二级", "第三级", "第四级")
    extra: dict[str, Any] = {
        name: (str | None, Field(default=None, title=title)) for name, title in zip(STAGES, titles, strict=True)
    }
    model = create_model(
        "Chaining", step=(str, Field(title="环节")), **extra,
        must=(bool, Field(default=True, title="必须逐级审批，不能直接办理")),
        since=(date | None, Field(default=None, title="施行日期", description="留空是今天。")),
        why=(str, Field(title="依据和理由", max_length=300)),
    )  # fmt: skip
    roles = [(str(role), title) for role, title in ROLE_TITLES.items() if role != Role.OUTSIDE_PARTY]
    return forms.from_model(
        model, code="procedures.chains", about=code, choices={"step": steps, **dict.fromkeys(STAGES, roles)}
    )
