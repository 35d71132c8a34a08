"""判断疑似关联: one suspicion of a tracing, said to be so or not, or the judgement taken back."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Problem
from shiheng.subjects import suspicions
from shiheng.subjects.models import Opinion
from shiheng.ui import forms
from shiheng.ui.pages import render


class Judging(BaseModel):
    """判断疑似关联"""

    verdict: Annotated[
        Literal["so", "not"],
        Field(title="判断", json_schema_extra={"choices": Opinion.VERDICTS, "widget": "radio", "draft": False}),
    ]
    reason: Annotated[
        str,
        Field(
            title="理由",
            max_length=300,
            description="凭什么认定：询问、实地核查、材料比对等。不要写入个人信息。",
            json_schema_extra={"widget": "textarea", "draft": False},
        ),
    ]


class Undoing(BaseModel):
    """撤回判断"""

    reason: Annotated[
        str, Field(title="撤回的理由", max_length=300, json_schema_extra={"widget": "textarea", "draft": False})
    ]


@needs(May.TRACE_PERSONS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def judge(request: HttpRequest, number: int, relation: int) -> HttpResponseBase:
    """Whether a suspicion is so, by whoever looked into it; one that is judged can be taken back."""
    who = who_at(request)
    trace, one = suspicions.suspect(who, number, relation)
    held = suspicions.opinions(trace).get((one.person.pk, one.subject.pk))
    asked = request.GET.get("opinion", "")
    # Which judgement is taken back stands in the address, so that a second click takes back the same.
    opinion = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    if held and opinion is None and request.method != "POST":
        return redirect(f"{request.path}?opinion={held.pk}")
    form: Any = forms.from_model(Undoing if opinion else Judging, code="subjects.suspicion")
    if request.method == "POST" and (given := form.read(request)):
        try:
            key = UUID(str(form.key))
            if opinion:
                suspicions.undo(who, number, opinion, reason=given.reason, key=key)
            else:
                suspicions.judge(who, number, relation, given.verdict, reason=given.reason, key=key)
            return redirect("trace-person-found", number)
        except Problem as problem:
            form.refuse(problem)
    context = {
        "trace": trace,
        "one": one,
        "held": held,
        "undoing": bool(opinion),
        "verdict": Opinion.VERDICTS[held.verdict] if held else "",
        "precision": suspicions.precision(),
        "form": form,
    }
    return render(request, "subjects/suspicion.html", context, status=form.status)
