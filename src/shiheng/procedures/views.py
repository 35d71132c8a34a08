"""The desk: every file I may see, by what falls due; opening a file of a procedure."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Problem
from shiheng.procedures import actions, bonds, queries, tables
from shiheng.procedures.contents import CONTACT, all_on, pointing, procedure_of
from shiheng.procedures.definition import PartyKind, Procedure
from shiheng.procedures.models import Proceeding
from shiheng.registers.contents import choices_in
from shiheng.subjects import queries as subjects
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponseBase:
    """待办: one list of every kind of file, what falls due first on top; given to an officer one or many at once."""
    who = who_at(request)
    rows = queries.visible_to(who).select_related("subject")
    if request.GET.get("done") != "1":
        rows = rows.filter(ended=False)
    found = tables.table_of(who, request.GET.get("procedure", "")).read(request, rows, steps=tables.steps_of(who))
    if found.wants_step:
        return found.step_response()
    if found.wants_export:
        return found.response()
    return render(
        request,
        "procedures/desk.html",
        {"listing": found, "counts": _counts(who), "may_open": who.may(May.HANDLE_FILES)},
    )


def _counts(who: Who) -> list[tuple[str, int, str, str]]:
    """The figures above the desk: what is mine, what is late, what falls due in three days; each opens its rows."""
    today, rows = clock.today(), queries.visible_to(who).filter(ended=False)
    own = rows.filter(officer_id=who.account_id)
    soon = today + tables.SOON
    return [
        (str(_("我承办的")), own.count(), "?mine=1", "plain"),
        (str(_("我的已超期")), own.filter(due__lt=today).count(), "?mine=1&late=1", "late"),
        (str(_("辖区已超期")), rows.filter(due__lt=today).count(), "?late=1", "late"),
        (str(_("三日内到期")), rows.filter(due__gte=today, due__lte=soon).count(),
         f"?due_from={today}&due_to={soon}", "warn"),
    ]  # fmt: skip


@needs(May.HANDLE_FILES)
@require_safe
def choose(request: HttpRequest) -> HttpResponseBase:
    """Which kind of file to open."""
    who = who_at(request)
    every = [one for one in all_on(clock.today()) if queries.may_open(who, one)]
    offered = [one for one in every if not (one.bond and one.bond.needed)]
    return render(request, "procedures/choose.html", {"procedures": offered})


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Open a file: what it is about, who stands in it, when it was received."""
    who = who_at(request)
    procedure = procedure_of(code, on=clock.today())
    if not queries.may_open(who, procedure):
        raise Forbidden("file.opener", _("您的岗位不能登记“%(title)s”。") % {"title": procedure.title})
    earlier = bonds.earlier_of(who, procedure, _about(request))
    form = opening_form(procedure, who, earlier)
    if request.method == "POST" and (given := form.read(request)):
        try:
            made = open_from(who, procedure, given.model_dump(), UUID(str(form.key)), earlier)
        except Problem as problem:
            form.refuse(pointing(problem))
        else:
            messages.success(request, _("已登记，编号 %(number)s。") % {"number": made.number})
            return redirect("file", made.pk)
    context = {"procedure": procedure, "form": form, "earlier": earlier}
    return render(request, "procedures/new.html", context, status=form.status)


def _about(request: HttpRequest) -> int | None:
    """The number of the earlier file a new one is opened from."""
    text = request.GET.get("about", "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def opening_form(procedure: Procedure, who: Who, earlier: Proceeding | None = None) -> Form[Any]:
    """The procedure's own facts, then each party, then day and office; what an earlier file knows is filled in."""
    extra: dict[str, Any] = {}
    for kind in _asked(procedure):
        extra |= _asked_of(kind)
    short = {"width": "short"}
    extra["day_"] = (
        date | None, Field(default=None, title="收到日期", description="留空是今天。",
                                 json_schema_extra={"group": "收到与承办", **short}),
    )  # fmt: skip
    places = list(offices_of(who))
    choices = choices_in(procedure.facts)
    if len(places) > 1:
        extra["scope_"] = (str, Field(title="承办单位"))
        choices["scope_"] = places
    model: type[BaseModel] = create_model("Opening", __base__=procedure.facts, **extra)
    start = bonds.filled(procedure, earlier) if earlier else {}
    return forms.from_model(
        model, code=f"procedures.{procedure.code}", about=str(earlier.pk) if earlier else "", choices=choices,
        initial=start, sources=dict.fromkeys(start, earlier.number if earlier else ""),
    )  # fmt: skip


def _asked(procedure: Procedure) -> list[PartyKind]:
    """Who is asked for when a file is opened."""
    return [kind for kind in procedure.parties if not kind.later]


def _asked_of(kind: PartyKind) -> dict[str, Any]:
    """What is asked of one party: its name, for a business its code, for a person how to reach it."""
    group: dict[str, Any] = {"group": kind.title}
    optional = kind.hidden
    name: Any = (str | None, Field(default=None, title=f"{kind.title}名称", max_length=300, json_schema_extra=group))
    if not optional:
        name = (str, Field(title=f"{kind.title}名称", max_length=300, json_schema_extra=group))
    found: dict[str, Any] = {f"name_{kind.code}_": name}
    if kind.subject:
        hint = "统一社会信用代码或者主体编号；查不到的留空，以后再并。"
        code = Field(default=None, title="主体", description=hint, json_schema_extra={"widget": "code"})
        found[f"subject_{kind.code}_"] = (str | None, code)
    for fact, (title, _mask) in CONTACT.items():
        if kind.masked or fact != "id":
            found[f"{fact}_{kind.code}_"] = (str | None, Field(default=None, title=title, max_length=200))
    return found


def offices_of(who: Who) -> list[tuple[str, str]]:
    """The offices in whose name ``who`` may open files."""
    held = Office.objects.filter(within(who.paths(May.HANDLE_FILES), "path"), closed_on=None)
    return list(held.order_by("path").values_list("path", "title"))


def open_from(
    who: Who, procedure: Procedure, values: dict[str, Any], key: UUID, earlier: Proceeding | None
) -> Proceeding:
    """Open a file as its opening form was filled in."""
    facts = {n: values[n] for n in procedure.facts.model_fields if values.get(n) is not None}
    standing, firm = [], None
    for kind in _asked(procedure):
        name, text = values.get(f"name_{kind.code}_"), values.get(f"subject_{kind.code}_")
        number = subjects.by_key(str(text)) if text else None
        firm = number or firm
        contact = {fact: str(values.get(f"{fact}_{kind.code}_") or "") for fact in CONTACT}
        if name:
            standing.append(actions.Standing(kind.code, name, contact, number))
    return actions.open_file(
        who, procedure.code, facts, parties=standing, subject=firm, day=values.get("day_"),
        scope=values.get("scope_") or "", about=earlier.pk if earlier else None, key=key,
    )  # fmt: skip
