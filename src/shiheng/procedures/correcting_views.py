"""Taking a step back, or putting right what it said: by a second person, with a reason."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Missing, Problem
from shiheng.procedures import correcting, queries
from shiheng.procedures.contents import contents_of, pointing
from shiheng.procedures.course import Course
from shiheng.procedures.course import Passage as Said
from shiheng.procedures.models import Proceeding
from shiheng.registers.contents import choices_in, opened
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.wording import say


class Voiding(BaseModel):
    """撤回"""

    reason: str = Field(title="撤回的理由", max_length=correcting.REASON_MOST, json_schema_extra={"widget": "textarea"})


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def void(request: HttpRequest, number: int, passage: int) -> HttpResponseBase:
    """Take back a step that was taken by mistake: by a second person, with a reason."""
    who = who_at(request)
    found = queries.find(who, number)
    course = queries.course_of(found)
    said = next((p for p in course.live if p.number == passage), None)
    if said is None:
        raise Missing("void.unknown", _("没有这条办理记录，或它已经撤回。"))
    form = forms.from_model(Voiding, code="procedures.void", about=f"{number}-{passage}")
    if request.method == "POST" and (given := form.read(request)):
        try:
            correcting.void(who, number, passage, reason=given.reason, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已撤回，期限已重新计算。"))
            return redirect("file", number)
    step = course.procedure.step(said.step)
    context = {"file": found, "title": say(step.title) if step else said.step, "said": said, "form": form}
    return render(request, "procedures/void.html", context, status=form.status)


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correct(request: HttpRequest, number: int, passage: int) -> HttpResponseBase:
    """Put right what a step said; once it was served, with the correcting document."""
    who = who_at(request)
    found = queries.find(who, number)
    course = queries.course_of(found)
    said = next((p for p in course.live if p.number == passage), None)
    if said is None:
        raise Missing("void.unknown", _("没有这条办理记录，或它已经撤回。"))
    title = correcting.served(found, course, said)
    form = _form(found, course, said, served=bool(title))
    if request.method == "POST" and (given := form.read(request)):
        values = given.model_dump()
        contents = contents_of(course.procedure, said.step)
        known = opened(contents, said.facts)
        facts = {n: values[n] for n in contents.facts.model_fields if values.get(n) is not None}
        facts |= {n: known[n] for n in contents.personal if n in known and not facts.get(n)}  # left blank: as it was
        paper = str(values.get("paper_") or "")
        try:
            correcting.correct(
                who, number, passage, facts, day=values.get("day_"), reason=values["reason_"],
                paper=int(paper) if paper.isdigit() else None, key=UUID(str(form.key)),
            )  # fmt: skip
        except Problem as problem:
            form.refuse(pointing(problem))
        else:
            messages.success(request, _("已更正，期限已重新计算。"))
            return redirect("file", number)
    step = course.procedure.step(said.step)
    context = {"file": found, "title": say(step.title) if step else _("登记"), "form": form, "served": title}
    return render(request, "procedures/correct.html", context, status=form.status)


def _form(found: Proceeding, course: Course, said: Said, *, served: bool) -> Form[Any]:
    """The step's own contents as they stand; what is personal is left blank and stays, unless something is written."""
    contents = contents_of(course.procedure, said.step)
    extra: dict[str, Any] = {}
    for name in contents.personal:
        info = contents.facts.model_fields[name]
        extra[name] = (str | None, Field(default=None, title=info.title, description="留空不改。"))
    if served:
        extra["paper_"] = (str, Field(title="凭哪一份更正文书"))
    extra["day_"] = (date, Field(title="发生日期", json_schema_extra={"group": "更正", "width": "short"}))
    extra["reason_"] = (str, Field(title="更正的理由", max_length=correcting.REASON_MOST))
    model: type[BaseModel] = create_model("Correcting", __base__=contents.facts, **extra)
    start = {n: v for n, v in opened(contents, said.facts).items() if n not in contents.personal}
    choices = dict(choices_in(contents.facts, course.facts))
    choices["paper_"] = [(str(row.pk), row.number) for row in correcting.correcting_papers(found)]
    return forms.from_model(
        model, code=f"procedures.correct.{course.procedure.code}.{said.step}", about=f"{found.pk}-{said.number}",
        choices=choices, initial={**start, "day_": said.day},
    )  # fmt: skip
