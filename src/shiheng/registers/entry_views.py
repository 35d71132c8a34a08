"""One entry: what it says, how it came to, what may be done with it; entering, changing, moving, renewing, noting."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.registers import actions, queries
from shiheng.registers.contents import lines_of, masked, named, opened, version_of
from shiheng.registers.definition import SUBJECT, Move, Register
from shiheng.registers.held import SOURCE, held_by_others
from shiheng.registers.models import Act, Entry
from shiheng.registers.viewing import sealed_in
from shiheng.subjects import queries as subjects
from shiheng.ui import forms, slots
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.wording import say

TAKEN = {"subject_": "subject", "since_": "since", "until_": "until", "day_": "day", "reason_": "reason"}


class About(BaseModel):
    """办理"""

    day_: Annotated[
        date | None,
        Field(title="发生日期", default=None, description="留空是今天；事后补录填实际发生的日期。",
              json_schema_extra={"width": "short"}),
    ]  # fmt: skip
    reason_: Annotated[
        str, Field(title="事由", max_length=actions.REASON_MOST, json_schema_extra={"widget": "textarea"})
    ]


class Noting(BaseModel):
    """记事"""

    kind: Annotated[str, Field(title="类别")]
    day: Annotated[date | None, Field(title="日期", default=None, json_schema_extra={"width": "short"})]
    text: Annotated[str, Field(title="内容", max_length=1000, json_schema_extra={"widget": "textarea"})]


class Renewing(About):
    """延续"""

    until: Annotated[date, Field(title="延续到", json_schema_extra={"width": "short"})]


def form_of(
    register: Register, who: Who, *, entry: Entry | None = None, subject: int | None = None, applying: bool = False
) -> Form[Any]:
    """The form of an entry, made from its register: whose it is, what it says, how long, why."""
    extra: dict[str, Any] = {}
    choices: dict[str, list[tuple[str, str]]] = {}
    if not applying and entry is None and (register.bound == SUBJECT or register.owned):
        hint = "统一社会信用代码，或者主体编号。"
        asked: Any = Field(title="主体", description=hint, json_schema_extra={"widget": "code"})
        kind: Any = str
        if register.bound != SUBJECT:
            asked, kind = Field(default=None, title="所属主体", description=hint), str | None
        extra["subject_"] = (kind, asked)
    if not applying and entry is None and register.bound != SUBJECT:
        places = list(_offices(who, register))
        if len(places) > 1:
            extra["scope_"] = (str, Field(title="管辖单位"))
            choices["scope_"] = places
    days = {} if applying else _around(required=entry is not None)
    model = create_model("Entering", __base__=_merged(register.facts, extra, days))
    initial = masked(register, entry.facts) if entry else {}
    initial |= {"since_": entry.since, "until_": entry.until} if entry else {"subject_": subject or ""}
    form = forms.from_model(
        model, code=f"registers.{register.code}", about=str(entry.pk if entry else ""), initial=initial, choices=choices
    )
    form.fields.sort(key=lambda item: item.name not in extra)  # whose it is comes first
    return form


def _around(*, required: bool) -> dict[str, Any]:
    """What is asked around the contents: the term, the day, the reason."""
    short = {"width": "short"}
    later = "留空是长期，或按名录规定的年限推算。"
    happened = "留空是今天；事后补录填实际发生的日期。"
    since = Field(default=None, title="有效期起", json_schema_extra={"group": "期限与事由", **short})
    until = Field(default=None, title="有效期止", description=later, json_schema_extra=dict(short))
    day = Field(default=None, title="发生日期", description=happened, json_schema_extra=dict(short))
    area: dict[str, Any] = {"widget": "textarea"}
    if required:
        reason: Any = (str, Field(title="事由", max_length=500, json_schema_extra=area))
    else:
        reason = (str | None, Field(default=None, title="事由", max_length=500, json_schema_extra=area))
    return {
        "since_": (date | None, since),
        "until_": (date | None, until),
        "day_": (date | None, day),
        "reason_": reason,
    }


def _merged(facts: type[BaseModel], before: dict[str, Any], after: dict[str, Any]) -> type[BaseModel]:
    """The register's own model with what is asked before it and after it; its own checks stay."""
    made: type[BaseModel] = create_model(facts.__name__, __base__=facts, **before, **after)
    return made


def _offices(who: Who, register: Register) -> list[tuple[str, str]]:
    from shiheng.accounts.jurisdictions import within

    held = Office.objects.filter(within(queries.keeping_paths(who, register), "path"), closed_on=None)
    return list(held.order_by("path").values_list("path", "title"))


def taken(given: BaseModel, register: Register) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a form gave, as the entry's contents and as what stands around them."""
    values = given.model_dump()
    facts = {name: values[name] for name in register.facts.model_fields if name in values}
    around = {name: values.get(asked) for asked, name in TAKEN.items() if asked in values}
    if values.get("scope_"):
        around["scope"] = values["scope_"]
    return {name: value for name, value in facts.items() if value is not None}, around


@needs(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Enter one."""
    who = who_at(request)
    register = named(code, on=clock.today())
    actions.check_keeper(who, register)
    form = form_of(register, who, subject=_asked_subject(request))
    if request.method == "POST" and (given := form.read(request)):
        facts, around = taken(given, register)
        try:
            around["subject"] = _number(around.get("subject"))
            around["reason"] = around.get("reason") or ""
            made = actions.enter(who, code, facts, key=UUID(str(form.key)), **around)
        except Problem as problem:
            form.refuse(_pointing(problem))
        else:
            messages.success(request, _("已登记。"))
            return redirect("register-entry", code, made.pk)
    return render(request, "registers/new.html", {"register": register, "form": form}, status=form.status)


def _asked_subject(request: HttpRequest) -> Any:
    number = request.GET.get("subject", "")
    if not number.isdigit():
        return None
    found = subjects.identities().filter(pk=int(number[:18])).first()
    return (found.uscc or found.pk) if found else None


def _number(text: Any) -> int | None:
    """The subject a code or a number names."""
    return subjects.by_key(str(text)) if text else None


def _pointing(problem: Problem) -> Problem:
    """Fields of an action as the form calls them."""
    name = str(problem.details.get("field", ""))
    names = {held: asked for asked, held in TAKEN.items()}
    if problem.code == "subject.missing":
        name = "subject"
    problem.details["field"] = names.get(name, name)
    return problem


@dataclass(frozen=True, slots=True)
class Open:
    """A step that may be taken now."""

    move: Move
    href: str


@needs(May.READ_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def entry(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """One entry: what it says, its history and its notes; as of a day when one is asked for."""
    who = who_at(request)
    register = named(code, on=clock.today())
    found = queries.find(who, register, number)
    notes = found.live and queries.may_keep(who, register, found.scope)
    keeps = notes and not held_by_others([found.pk])
    form = _note_form(request, who, register, found) if notes and register.notes else None
    if form and request.method == "POST" and form.bound and not form.errors:
        return redirect("register-entry", code, number)
    stood, day, fault = _stood(request, found)
    shown = stood or found
    own = version_of(found.register, found.version)
    titles = {kind.code: kind.title for kind in register.notes}
    context = {
        "register": register,
        "entry": found,
        "shown": shown,
        "day": day,
        "day_fault": fault,
        "today": clock.today(),
        "missing_then": day is not None and stood is None,
        "lines": lines_of(own, shown.facts),
        "state": own.state(shown.state),
        "standing": queries.standing_of(shown),
        "history": queries.history_of(found),
        "notes": [(titles.get(note.kind, note.kind), note) for note in queries.notes_of(found)],
        "form": form,
        "keeps": keeps,
        "sources": slots.fragments(SOURCE, who, found.pk),
        "personal": notes and bool(sealed_in(own, found.facts)),
        "moves": _open(register, found) if keeps else [],
        "acts": Act.KINDS,
    }  # fmt: skip
    return render(request, "registers/entry.html", context, status=form.status if form else 200)


def _open(register: Register, found: Entry) -> list[Open]:
    """The steps that may be taken from where an entry stands."""
    args = [register.code, found.pk]
    return [Open(m, reverse("register-move", args=[*args, m.code])) for m in register.moves_from(found.state)]


def _stood(request: HttpRequest, found: Entry) -> tuple[Any, date | None, str]:
    text = request.GET.get("on", "").strip()
    if not text:
        return None, None, ""
    try:
        day = forms.day_of(text)
    except ValueError as fault:
        return None, None, str(say(str(fault)))
    known = request.GET.get("known", "").strip()
    try:
        moment = datetime.combine(forms.day_of(known), time.max, tzinfo=clock.SHANGHAI) if known else None
    except ValueError as fault:
        return None, None, str(say(str(fault)))
    return queries.entry_on(found, day, known=moment), day, ""


def _note_form(request: HttpRequest, who: Who, register: Register, found: Entry) -> Form[Noting]:
    kinds = [(kind.code, kind.title) for kind in register.notes]
    initial = {"kind": kinds[0][0], "day": clock.today()}
    form = forms.from_model(
        Noting, code="registers.note", about=str(found.pk), choices={"kind": kinds}, initial=initial
    )
    if request.method == "POST" and (given := form.read(request)):
        try:
            key = UUID(str(form.key))
            actions.note(who, register.code, found.pk, given.kind, given.text, day=given.day, key=key)
        except Problem as problem:
            form.refuse(problem)
    return form


@needs(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Say an entry's contents anew."""
    who = who_at(request)
    register = named(code, on=clock.today())
    found = queries.find(who, register, number)
    actions.check_keeper(who, register, found.scope)
    form = form_of(register, who, entry=found)
    if request.method == "POST" and (given := _read(request, form, register, found)):
        facts, around = taken(given, register)
        try:
            actions.change(who, code, number, facts, turn=_turn(request), key=UUID(str(form.key)), **around)
        except Problem as problem:
            form.refuse(_pointing(problem))
        else:
            messages.success(request, _("已更改。"))
            return redirect("register-entry", code, number)
    context = {"register": register, "entry": found, "form": form, "heading": _("更正或变更")}
    return render(request, "registers/act_on.html", context, status=form.status)


def _read(request: HttpRequest, form: Form[Any], register: Register, found: Entry) -> Any:
    """What was sent. A personal fact that comes back as it is masked was left as it is; it is never shown in full."""
    shown, posted = masked(register, found.facts), request.POST.copy()
    left = [name for name in register.personal if shown.get(name) and posted.get(name) == shown[name]]
    whole = opened(register, found.facts) if left else {}
    for name in left:
        posted[name] = whole[name]
    given = form.check(posted, request.FILES)
    for name in left:
        form[name].values = [shown[name]]
    return given


def _turn(request: HttpRequest) -> int | None:
    """How often the entry had been written to when the page was shown."""
    text = request.GET.get("turn", "")
    return int(text) if text.isdigit() and len(text) < 10 else None


@needs(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def move(request: HttpRequest, code: str, number: int, step: str) -> HttpResponseBase:
    """Take one declared step."""
    who = who_at(request)
    register = named(code, on=clock.today())
    found = queries.find(who, register, number)
    actions.check_keeper(who, register, found.scope)
    chosen = actions.move_of(register, found, step)
    form = forms.from_model(About, code=f"registers.move.{step}", about=str(number))
    if request.method == "POST" and (given := form.read(request)):
        try:
            actions.move(
                who, code, number, step, day=given.day_, reason=given.reason_, turn=_turn(request),
                key=UUID(str(form.key)),
            )  # fmt: skip
        except Problem as problem:
            form.refuse(_pointing(problem))
        else:
            messages.success(request, _("已办理：%(step)s。") % {"step": say(chosen.title)})
            return redirect("register-entry", code, number)
    context = {"register": register, "entry": found, "form": form, "heading": say(chosen.title), "basis": chosen.basis}
    return render(request, "registers/act_on.html", context, status=form.status)


@needs(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def renew(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Let an entry hold longer."""
    who = who_at(request)
    register = named(code, on=clock.today())
    found = queries.find(who, register, number)
    actions.check_keeper(who, register, found.scope)
    form = forms.from_model(Renewing, code="registers.renew", about=str(number))
    if request.method == "POST" and (given := form.read(request)):
        try:
            actions.renew(
                who, code, number, given.until, day=given.day_, reason=given.reason_, turn=_turn(request),
                key=UUID(str(form.key)),
            )  # fmt: skip
        except Problem as problem:
            form.refuse(_pointing(problem))
        else:
            messages.success(request, _("已延续。"))
            return redirect("register-entry", code, number)
    context = {"register": register, "entry": found, "form": form, "heading": _("延续")}
    return render(request, "registers/act_on.html", context, status=form.status)


@needs(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def undo(request: HttpRequest, code: str, number: int, act: int) -> HttpResponseBase:
    """Take back one writing: the entry stands as if it had never been said."""
    who = who_at(request)
    register = named(code, on=clock.today())
    found = queries.find(who, register, number)
    actions.check_keeper(who, register, found.scope)
    held = Act.objects.filter(pk=act, register=code, versions__entry=found).exclude(kind__in=("import", "bulk")).first()
    if held is None:
        raise Missing("act.unknown", _("没有这次办理。"))
    form = forms.from_model(About, code="registers.undo", about=str(act))
    form.fields = [item for item in form.fields if item.name == "reason_"]
    if request.method == "POST" and (given := form.read(request)):
        try:
            actions.undo(who, act, reason=given.reason_, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(_pointing(problem))
        else:
            messages.success(request, _("已撤销，条目恢复为没有这次办理的样子。"))
            return redirect("register-entry", code, number)
    title = _("撤销：%(what)s") % {"what": say(held.facts.get("title") or Act.KINDS[held.kind])}
    context = {"register": register, "entry": found, "form": form, "heading": title, "act": held}
    return render(request, "registers/act_on.html", context, status=form.status)


@needs(May.OWN_BUSINESS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def apply_for(request: HttpRequest, subject_id: int, code: str) -> HttpResponseBase:
    """A business asks to be on a register."""
    who = who_at(request)
    register = named(code, on=clock.today())
    firm = subjects.of_account(who.account_id or 0).filter(pk=subject_id).first()
    if firm is None or not register.applied_for:
        raise Missing("register.closed", _("没有这个可以申请的名录。请从企业首页进入。"))
    form = form_of(register, who, applying=True)
    if request.method == "POST" and (given := form.read(request)):
        facts, _around = taken(given, register)
        try:
            actions.apply_for(who, code, subject_id, facts, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("申请已提交，审核结果会通知您。"))
            return redirect("enterprise-home")
    return render(
        request, "registers/apply.html", {"register": register, "subject": firm, "form": form}, status=form.status
    )


@needs(May.READ_REGISTERS)
@require_safe
def of_subject(request: HttpRequest, subject_id: int) -> HttpResponseBase:
    """Registers on which a subject may be entered, for whoever keeps them."""
    who = who_at(request)
    from shiheng.registers.contents import all_on

    firm = subjects.identities().filter(pk=subjects.survivor_of(subject_id)).first()
    if firm is None:
        raise Missing("subject.missing", _("没有找到这个主体。请核对编号。"))
    offered = [
        register for register in all_on(clock.today())
        if (register.bound == SUBJECT or register.owned) and not register.feed
        and queries.may_keep(who, register, firm.scope)
    ]  # fmt: skip
    return render(request, "registers/of_subject.html", {"subject": firm, "registers": offered})
