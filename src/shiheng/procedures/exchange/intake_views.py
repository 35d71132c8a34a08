"""电话接听, 按责转办 and 认定主体: what intake does with one matter before anybody handles it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from pydantic import Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.procedures import queries as procedures
from shiheng.procedures import tables
from shiheng.procedures.contents import pointing, procedure_of, version_of
from shiheng.procedures.definition import PartyKind, Procedure
from shiheng.procedures.exchange import notes, queries
from shiheng.procedures.models import Proceeding
from shiheng.procedures.opening import open_from, opening_form
from shiheng.subjects import search
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.wording import say

MOST = 500
FEW = 8


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def phone(request: HttpRequest) -> HttpResponseBase:
    """One page for a call: what the caller told us before, what is open against the business, the new matter."""
    who = who_at(request)
    offered = [
        one
        for code in queries.intake_procedures()
        if procedures.may_open(who, one := procedure_of(code, on=clock.today())) and not (one.bond and one.bond.needed)
    ]
    chosen = request.POST.get("kind_") or request.GET.get("kind", "")
    procedure = next((one for one in offered if one.code == chosen), offered[0])
    form = opening_form(procedure, who)
    number, trader = _asked(request, procedure)
    if request.method == "POST" and "_key" in request.POST and (given := form.read(request)):
        try:
            made = open_from(who, procedure, given.model_dump(), UUID(str(form.key)), None)
        except Problem as problem:
            form.refuse(pointing(problem))
        else:
            messages.success(request, _("已登记，编号 %(number)s。") % {"number": made.number})
            return redirect("file", made.pk)
    elif not form.bound:
        _fill(form, procedure, number, trader)
    context = {
        "procedure": procedure, "offered": offered, "form": form, "phone": number, "trader": trader,
        "asked": bool(number or trader),
        "earlier": [_line(row) for row in queries.earlier_of(who, number)],
        "against": [_line(row) for row in queries.against(who, trader)],
    }  # fmt: skip
    return render(request, "procedures/exchange/phone.html", context, status=form.status)


def _kinds(procedure: Procedure) -> tuple[PartyKind | None, PartyKind | None]:
    """Who calls, and whom the call is about."""
    caller = next((kind for kind in procedure.parties if kind.masked), None)
    return caller, next((kind for kind in procedure.parties if kind.subject), None)


def _asked(request: HttpRequest, procedure: Procedure) -> tuple[str, str]:
    """The caller's number and the business, as either of the page's two forms says them."""
    caller, about = _kinds(procedure)
    number = request.POST.get("phone_") or (request.POST.get(f"phone_{caller.code}_") if caller else "") or ""
    trader = request.POST.get("trader_") or (request.POST.get(f"name_{about.code}_") if about else "") or ""
    return "".join(number.split())[:20], trader.strip()[:300]


def _fill(form: Form[Any], procedure: Procedure, number: str, trader: str) -> None:
    """What is known already stands in the form."""
    caller, about = _kinds(procedure)
    (found,) = queries.match([(trader, trader)]) if trader else (None,)
    known = {"channel": "hotline"}
    if caller and number:
        known[f"phone_{caller.code}_"] = number
    if about and trader:
        known[f"name_{about.code}_"] = found.subject.name if found and found.subject else trader
        if found and found.subject:
            known[f"subject_{about.code}_"] = found.subject.uscc or str(found.subject.pk)
    for item in form.fields:
        if item.name in known:
            item.values = [known[item.name]]


def _line(row: Proceeding) -> tuple[Proceeding, str, tuple[str, str], str]:
    channel = str(say(queries.channels().get(str(row.facts.get("channel")), "")))
    return row, tables.procedure_title(row), tables.state_of(row), channel


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def move(request: HttpRequest, number: int) -> HttpResponseBase:
    """按责转办: to the office in charge, by territory and level; of one given back, sent on anew."""
    who = who_at(request)
    found = procedures.find(who, number)
    again = found.state == "returned"
    held = queries.offices_below(who, found.scope)
    guess = queries.responsible(found, held)
    model = create_model(
        "Moving", office=(str, Field(title="承办单位")),
        reason=(str, Field(title="理由", max_length=MOST, description="管辖依据：经营地在哪个辖区、由哪一级办理。",
                           json_schema_extra={"widget": "textarea"})),
    )  # fmt: skip
    form: Form[Any] = forms.from_model(
        model, code="procedures.move", about=str(number), initial={"office": str(guess.pk)} if guess else None,
        choices={"office": [(str(one.pk), one.title) for one in held]},
    )  # fmt: skip
    if request.method == "POST" and (given := form.read(request)):
        values = given.model_dump()
        act = notes.send_again if again else notes.move
        try:
            made = act(who, number, int(values["office"]), reason=values["reason"], key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已转办，编号 %(number)s。") % {"number": made.number})
            return redirect("file", made.pk)
    context = {"file": found, "form": form, "again": again, "guess": guess, "why": _why(found)}
    return render(request, "procedures/exchange/move.html", context, status=form.status)


def _why(found: Proceeding) -> str:
    """Why a unit gave a matter back."""
    return str(found.facts.get("why", "")) if found.state == "returned" else ""


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def subject(request: HttpRequest, number: int, party: int) -> HttpResponseBase:
    """认定主体: which business of the register a party is, chosen from those its name may mean."""
    who = who_at(request)
    found = procedures.find(who, number)
    row = _party(found, party)
    asked = (request.GET.get("q") or row.name).strip()[:100]
    hits = search.find(asked, limit=FEW).hits
    model = create_model(
        "Finding",
        subject=(str, Field(title="统一社会信用代码或者主体编号", max_length=40, json_schema_extra={"widget": "code"})),
        reason=(str, Field(title="认定的理由", max_length=MOST, description="例如：按小票上的店名和地址核对。")),
    )
    initial = {"subject": request.GET.get("pick", "")[:40]}
    form: Form[Any] = forms.from_model(model, code="procedures.subject", about=f"{number}:{party}", initial=initial)
    if request.method == "POST" and (given := form.read(request)):
        values = given.model_dump()
        try:
            notes.settle_subject(
                who, number, party, values["subject"], reason=values["reason"], key=UUID(str(form.key))
            )
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已认定主体，原来的名称留在案卷里。"))
            return redirect("file", number)
    context = {"file": found, "party": row, "form": form, "hits": hits, "asked": asked}
    return render(request, "procedures/exchange/subject.html", context, status=form.status)


def _party(found: Proceeding, number: int) -> Any:
    row = found.parties.filter(number=number, gone=False).first()
    kind = version_of(found.procedure, found.version).party(row.kind) if row else None
    if kind is None or not kind.subject:
        raise Missing("subject.party", _("这个案卷没有可以认定主体的这一方。"))
    return row
