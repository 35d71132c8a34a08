"""Putting many businesses into one file at once: by their codes, one a line."""

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
from shiheng.procedures import joining, queries
from shiheng.procedures.contents import Nothing, version_of
from shiheng.procedures.definition import Step
from shiheng.registers.contents import choices_in
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render

OWN = {"name", "subject"}


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def many(request: HttpRequest, number: int, step: str) -> HttpResponseBase:
    """Take a step that adds a business for each code that is written down."""
    who = who_at(request)
    found = queries.find(who, number)
    held = version_of(found.procedure, found.version).step(step)
    if held is None or not joining.takes_many(held) or not queries.may_take(who, held, found.scope):
        raise Missing("step.unknown", _("这个程序没有这个环节。"))
    form = _form(held, number)
    if request.method == "POST" and (given := form.read(request)):
        values = given.model_dump()
        facts = {name: value for name, value in values.items() if name != "codes" and value is not None}
        try:
            done = joining.add_each(who, number, step, values["codes"].splitlines(), facts, UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已登记 %(many)s 户。") % {"many": done})
            return redirect("file", number)
    return render(request, "procedures/many.html", {"file": found, "step": held, "form": form}, status=form.status)


def _form(step: Step, number: int) -> Form[Any]:
    base = step.facts or Nothing
    asked: dict[str, Any] = {
        name: (info.annotation, info) for name, info in base.model_fields.items() if name not in OWN
    }
    hint = _("每行一个统一社会信用代码，一次最多 %(most)s 户。") % {"most": joining.MOST}
    codes = Field(title=_("经营主体"), description=hint, max_length=20_000, json_schema_extra={"widget": "textarea"})
    model: type[BaseModel] = create_model("Many", codes=(str, codes), **asked)
    return forms.from_model(model, code=f"procedures.many.{step.code}", about=str(number), choices=choices_in(base))
