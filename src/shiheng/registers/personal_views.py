"""查看条目的个人信息全文: the reason first, then the values, once."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.kernel.errors import Problem
from shiheng.registers import viewing
from shiheng.registers.contents import named
from shiheng.subjects.viewing import Viewing
from shiheng.ui import forms
from shiheng.ui.pages import render


@needs(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def view(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Say why, then read an entry's personal facts once."""
    who = who_at(request)
    asked = viewing.asked_for(who, named(code, on=clock.today()), number)
    context: dict[str, Any] = {"lines": asked.masked, "back": reverse("register-entry", args=[code, number])}
    form = forms.from_model(Viewing, code="registers.personal")
    if request.method == "POST" and (given := form.read(request)):
        try:
            lines = viewing.view(who, asked, purpose=given.purpose, reason=given.reason, key=form.key)
        except Problem as problem:
            form.refuse(problem)
        else:
            return render(request, "subjects/personal_shown.html", {**context, "lines": lines})
    return render(request, "subjects/personal.html", {**context, "form": form}, status=form.status)
