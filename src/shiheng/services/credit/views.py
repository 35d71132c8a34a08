"""我的信用: what stands against a business and until when, what it can do now, how its applications go."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, ConfigDict, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.catalogue.queries import calendar
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem, Refused
from shiheng.procedures import queries as proceedings
from shiheng.procedures.contents import Nothing, contents_of, version_of
from shiheng.procedures.definition import OPENING, Step
from shiheng.procedures.models import Party, Proceeding
from shiheng.procedures.recording import file_of
from shiheng.registers.contents import choices_in, lines_of
from shiheng.registers.definition import choices_of
from shiheng.services import actions as counter
from shiheng.services import attaching
from shiheng.services import queries as told
from shiheng.services.credit import actions, queries
from shiheng.services.credit.queries import Held
from shiheng.services.credit.receipts import SLOT, arrivals
from shiheng.services.definition import Way
from shiheng.subjects.models import Record
from shiheng.ui import forms, slots
from shiheng.ui.forms import Form
from shiheng.ui.pages import render

PAPERS = ("paper_1_", "paper_2_", "paper_3_")
ANY = ConfigDict(arbitrary_types_allowed=True)
SHOWN = 60
"""Lines of one business on the first page; the rest stand in its file."""


@needs(May.OWN_BUSINESS)
@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponseBase:
    """What stands against each own business, and what was applied for."""
    who = who_at(request)
    held = queries.lines_of(who)
    firms = [
        (
            firm,
            [one for one in held.get(firm.pk, ()) if one.stands][:SHOWN],
            [one for one in held.get(firm.pk, ()) if not one.stands][:SHOWN],
        )
        for firm in queries.businesses(who)
    ]
    asked = [(row, version_of(row.procedure, row.version)) for row in queries.asked_by(who)[:SHOWN]]
    context = {
        "firms": firms,
        "asked": [(row, procedure, procedure.state(row.state)) for row, procedure in asked],
        "today": clock.today(),
        "waiting": queries.told_of(who),
    }
    return render(request, "services/credit/home.html", context)


@needs(May.OWN_BUSINESS)
@require_safe
@never_cache
def line(request: HttpRequest, number: int) -> HttpResponseBase:
    """One line: how long it stands and how that is reckoned, each way with its conditions, where changes arrived."""
    who = who_at(request)
    held = queries.find(who, number)
    origin = Proceeding.objects.filter(pk=file_of(held.record.reference)).first()
    context = {
        "held": held,
        "subject": held.record.subject,
        "file": origin if origin and _open_to_owner(who, origin.pk) else None,
        "arrivals": arrivals(held.record),
        "more": slots.fragments(SLOT, who, held.record),
        "today": clock.today(),
    }
    return render(request, "services/credit/line.html", context)


def _open_to_owner(who: Any, number: int) -> bool:
    try:
        queries.find_file(who, number)
    except Missing:
        return False
    return True


@needs(May.OWN_BUSINESS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def apply(request: HttpRequest, number: int, way: str) -> HttpResponseBase:
    """Go one way about a line: its conditions, its form with papers; refused with the article where one is not met."""
    who = who_at(request)
    held = queries.find(who, number)
    known, offered = held.standing.way(way), next((one for one in held.ways if one.way.code == way), None)
    if known is None or (offered is None and request.method != "POST"):
        offered = actions.offered(held, way)
        known = offered.way
    form = _way_form(held, known)
    if request.method == "POST" and (given := form.read(request)):
        try:
            attached = _attached(given)
            values = given.model_dump()
            facts = {name: values[name] for name in known.asks if values.get(name) is not None}
            made, _party = actions.apply(who, number, way, facts, attached=attached, key=UUID(str(form.key)))
        except Problem as problem:
            if offered is None:
                raise
            form.refuse(problem)
        else:
            messages.success(request, _("已提交。办理的期限和结果在这里可以看到。"))
            return redirect("own-credit-file", made.pk)
    context = {"held": held, "offered": offered, "form": form, "subject": held.record.subject}
    return render(request, "services/credit/apply.html", context, status=form.status)


def _way_form(held: Held, way: Way) -> Form[Any]:
    """What a way asks for, with the choices that remain for this line, and room for papers."""
    origin = Proceeding.objects.filter(pk=file_of(held.record.reference)).first()
    base = actions.model_of(way.procedure, way.step, origin)
    return _form(base, way.asks, f"{held.record.pk}-{way.code}", way.offers(held.line))


def _form(
    base: type[BaseModel], names: Sequence[str], about: str, remain: Mapping[str, Sequence[str]] | None = None
) -> Form[Any]:  # fmt: skip
    asked: dict[str, Any] = {
        name: (base.model_fields[name].annotation, base.model_fields[name])
        for name in names
        if name in base.model_fields
    }
    hint = _("申请书、补报回执、缴款票据、照片等，每个不超过 20 MB。")
    for n, name in enumerate(PAPERS):
        extra: dict[str, Any] = {"group": _("证明材料")} if n == 0 else {}
        asked[name] = (UploadedFile | None, Field(
            default=None, title=_("附件 %(n)s") % {"n": n + 1}, json_schema_extra=extra,
            description=hint if n == 0 else None,
        ))  # fmt: skip
    model: type[BaseModel] = create_model("Applying", __config__=ANY, **asked)
    choices = dict(choices_in(base))
    for name, left in (remain or {}).items():
        titles = choices_of(base.model_fields[name])
        choices[name] = [(code, titles.get(code, code)) for code in left]
    return forms.from_model(model, code="services.credit", about=about, choices=choices)


def _attached(given: Any) -> list[counter.Attached]:
    return attaching.kept([one for name in PAPERS if (one := getattr(given, name, None))])


@needs(May.OWN_BUSINESS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """How one application goes: what was done, what comes by when, what the business can do in it now."""
    who = who_at(request)
    found, party = queries.find_file(who, number)
    if request.method == "POST":
        try:
            key = UUID(request.POST.get("_key", ""))
        except ValueError:
            raise Refused("key_missing", _("这次提交缺少防重编号，请返回重试。")) from None
        attached = attaching.kept(request.FILES.getlist("papers"))
        counter.add(found, party, "words", request.POST.get("text", "")[:4000], attached=attached, key=key)
        messages.success(request, _("已提交，承办人会看到。"))
        return redirect("own-credit-file", number)
    course = proceedings.course_of(found)
    opened = dict(course.opened.facts) if course.opened else {}
    rows = lines_of(contents_of(course.procedure, OPENING), {k: v for k, v in opened.items() if k != "about"})
    context = {
        "file": found, "procedure": course.procedure, "state": course.procedure.state(course.state),
        "lines": [row for row in rows if row[1]] if course.procedure.by_owner or party.added else [],
        "told": told.told_to(found, party, calendar()), "steps": _own_steps(found, party), "key": uuid4(),
        "most": attaching.MOST_FILES, "record": _record(who, found),
    }  # fmt: skip
    return render(request, "services/credit/file.html", context)


def _own_steps(found: Proceeding, party: Party) -> list[Step]:
    """The steps of the business's own that are open where the file stands, without those its ways lead to."""
    ways = {way.step for one in queries.kinds(clock.today()).values() for way in one.ways}
    procedure = version_of(found.procedure, found.version)
    return [
        step
        for step in procedure.steps_from(found.state)
        if step.by_public
        and step.code not in ways
        and (not step.of_party or (step.of_party == party.kind and party.state in step.party_from))
    ]


def _record(who: Any, found: Proceeding) -> Record | None:
    """The line an application is about, to go back to."""
    about = str(found.facts.get("about") or "")
    for rows in queries.lines_of(who).values():
        for one in rows:
            if one.line.place == about or file_of(one.record.reference) == found.pk:
                return one.record
    return None


@needs(May.OWN_BUSINESS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def step(request: HttpRequest, number: int, code: str) -> HttpResponseBase:
    """A step of the business's own in its application: papers that were asked for, a withdrawal."""
    who = who_at(request)
    found, party = queries.find_file(who, number)
    offered = _own_steps(found, party)
    if request.method == "POST":  # the same again, as by a double click, is answered by the action itself
        offered = [one for one in version_of(found.procedure, found.version).steps if one.by_public]
    held = next((one for one in offered if one.code == code), None)
    if held is None:
        raise Missing("step.unknown", _("现在没有这个环节。"))
    base = held.facts or Nothing
    names = [name for name in base.model_fields if name != "person"]
    form = _form(base, names, f"{found.pk}-{code}")
    if request.method == "POST" and (given := form.read(request)):
        try:
            values = given.model_dump()
            facts = {name: values[name] for name in names if values.get(name) is not None}
            actions.take(who, number, code, facts, attached=_attached(given), key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已提交。"))
            return redirect("own-credit-file", number)
    context = {"file": found, "step": held, "form": form}
    return render(request, "services/credit/step.html", context, status=form.status)
