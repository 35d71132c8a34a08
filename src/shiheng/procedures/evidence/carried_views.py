"""Evidence carried into a file from those it came of: choosing it, looking at it there, saying what it proves there."""

from typing import Annotated, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Problem
from shiheng.procedures import queries as proceedings
from shiheng.procedures.evidence import actions, carrying, content, content_views, pictures, queries
from shiheng.procedures.evidence.definition import KINDS
from shiheng.procedures.evidence.step_views import Assessing
from shiheng.procedures.evidence.views import element_choices
from shiheng.procedures.models import Carried, Evidence
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.wording import say

CLEARED = "来自举报等须保密的案卷、没有遮蔽件的，须逐件核对内容不显示其身份。"
SHOWN, HEADER = 20_000, 1024**2


class Carrying(BaseModel):
    """转入证据"""

    items: Annotated[list[str], Field(title="转入哪些证据", min_length=1, json_schema_extra={"widget": "checkboxes"})]
    cleared: Annotated[bool, Field(title="已核对内容不显示须保密的身份", description=CLEARED)] = False


def choices_of(rows: list[Evidence]) -> list[tuple[str, str]]:
    """Items as one chooses among them: from which file, which number, which kind."""
    said = "%(file)s 第 %(n)s 号：%(title)s（%(kind)s）"
    return [
        (str(row.pk), str(_(said)) % {"file": row.proceeding.number, "n": row.number, "title": row.title,
                                      "kind": say(KINDS.get(row.kind, row.kind))})
        for row in rows
    ]  # fmt: skip


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choose(request: HttpRequest, number: int) -> HttpResponseBase:
    """Carry evidence over from the files this one came of."""
    who = who_at(request)
    found = proceedings.find(who, number)
    rows = carrying.offered(who, found)
    form = forms.from_model(
        Carrying, code="procedures.carry", about=str(found.pk), choices={"items": choices_of(rows)},
        initial={"items": [str(row.pk) for row in rows]},
    )  # fmt: skip
    if request.method == "POST" and (given := form.read(request)):
        try:
            items = [int(one) for one in given.items]
            made = carrying.carry(who, number, items, cleared=given.cleared, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已转入 %(n)s 件证据，原件仍在原案卷。") % {"n": made})
            return redirect("file-evidence", number)
    context = {"file": found, "form": form, "rows": rows}
    return render(request, "procedures/evidence/carry.html", context, status=form.status)


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def item(request: HttpRequest, number: int, carried: int) -> HttpResponseBase:
    """One carried item: what it is, from where it came, its custody, what it is to prove here."""
    who = who_at(request)
    held = carrying.find(who, number, carried)
    handles = queries.may_handle(who, held.proceeding) and not held.proceeding.ended
    form = _form(held) if handles else None
    if request.method == "POST" and form and (given := form.read(request)):
        try:
            carrying.use(who, number, carried, elements=given.elements, proves=given.proves, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已改记证明对象。"))
            return redirect("file-carried", number, carried)
    rows = queries.custody_of(held.evidence)
    context = {
        "file": held.proceeding, "held": held, "item": held.evidence, "line": (line := carrying.line_of(who, held)),
        "elements": [one.partition(":")[2] for one in held.elements], "form": form,
        "origin": proceedings.visible_to(who).filter(pk=held.evidence.proceeding_id).exists(),
        "custody": [(actions.event_title(row.kind), row) for row in rows], "standing": queries.standing_of(rows),
        "officers": _("、").join(name for _key, name in held.evidence.taken_by), **_preview(line),
    }  # fmt: skip
    return render(request, "procedures/evidence/carried.html", context, status=form.status if form else 200)


def _form(held: Carried) -> Form[Assessing]:
    choices = element_choices(held.proceeding, proceedings.course_of(held.proceeding))
    form = forms.from_model(
        Assessing, code="procedures.carried", about=str(held.pk), choices={"elements": choices},
        initial={"elements": held.elements, "proves": held.proves},
    )  # fmt: skip
    if not choices:
        form.fields.remove(form["elements"])
    return form


def _preview(line: carrying.Line) -> dict[str, Any]:
    if not line.readable:
        return {}
    sha256, size, media = carrying.shown_of(line.row)
    try:
        if line.content.shown == "picture":
            pictures.check_size(queries.head_at(sha256, HEADER), media)
        if line.content.shown == "pages":
            return {"pages": range(1, pictures.pages(queries.content_at(sha256, size), media) + 1)}
        if line.content.shown == "text":
            text = content.text_of(queries.head_at(sha256, SHOWN * 4))
            return {"text": text[:SHOWN], "cut": len(text) > SHOWN}
    except Problem as problem:
        return {"fault": problem.message}
    return {}


@needs(May.READ_FILES)
@require_safe
def picture(request: HttpRequest, number: int, carried: int) -> HttpResponseBase:
    """A page or an image of a carried item, drawn for the screen."""
    who = who_at(request)
    held = carrying.find(who, number, carried)
    carrying.check_readable(who, held)
    return content_views.drawn(request, *carrying.shown_of(held))


@needs(May.READ_FILES)
@require_safe
def media(request: HttpRequest, number: int, carried: int) -> HttpResponseBase:
    """Sound or film of a carried item."""
    who = who_at(request)
    held = carrying.find(who, number, carried)
    carrying.check_readable(who, held)
    return content_views.played(request, *carrying.shown_of(held))
