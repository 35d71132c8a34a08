"""查看保密身份: the reason first, then who it is, once."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Problem
from shiheng.procedures import identity
from shiheng.ui import forms
from shiheng.ui.pages import render


class Reading(BaseModel):
    """查看身份"""

    reason: Annotated[str, Field(title="查看的用途", max_length=200, json_schema_extra={"draft": False})]


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def view(request: HttpRequest, number: int, party: int) -> HttpResponseBase:
    """Say what for, then read who it is."""
    who = who_at(request)
    row = identity.sealed_party(who, number, party)
    form = forms.from_model(Reading, code="procedures.identity", about=f"{number}-{party}")
    held = None
    if request.method == "POST" and (given := form.read(request)):
        try:
            held = identity.read(who, number, party, reason=given.reason, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
    context = {"file": row.proceeding, "party": row, "form": form, "held": held}
    return render(request, "procedures/identity.html", context, status=form.status)
