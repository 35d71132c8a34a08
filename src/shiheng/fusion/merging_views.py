"""并户与分户: who else claims a code, what a word of mine would make of every file, the word, and its undoing."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import merging
from shiheng.fusion.definition import FIELDS
from shiheng.fusion.merging import Fate, Told
from shiheng.fusion.models import Ruling
from shiheng.fusion.tables import value_shown
from shiheng.kernel.errors import Problem
from shiheng.subjects.models import Subject
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say


def _code(kind: str, value: str) -> str:
    return f"{say(FIELDS.get(kind, kind))} {value}"


def _codes(row: Ruling) -> str:
    first = _code(row.kind, row.value)
    return f"{first} = {_code(row.with_kind, row.with_value)}" if row.says == "one" else first


RULINGS = Table(
    "rulings",
    "并户分户",
    [
        Column("made_at", "办理时间", kind="moment", sort="made_at"),
        Column("says", "事项", lambda row: say(Ruling.KINDS[row.says]), sort="says"),
        Column("subject", "主体", lambda row: row.subject.name or row.subject.mint_key.partition(":")[2], kind="link",
               href=lambda row: reverse("subject-rulings", args=[row.subject_id])),
        Column("codes", "标识", _codes),
        Column("reason", "理由"),
        Column("made_by", "办理人", kind="person"),
        Column("state", "状态", lambda row: ("已撤销", "done") if row.undone_at else ("有效", "ok"), kind="badge"),
        Column("undone_by", "撤销人", kind="person", hidden=True),
        Column("undone_reason", "撤销理由", hidden=True),
    ],
    [
        Filter("says", "事项", "choice", "says", choices=list(Ruling.KINDS.items())),
        Filter("made_by", "办理人", lookup="made_by__icontains"),
        Filter("day", "办理日期", "moment_range", "made_at"),
    ],
    default_sort="-made_at",
    empty="没有并户、分户。在主体的“并户与分户”页上可以把两户并为一户，或把号码分出去。",
)  # fmt: skip


class Saying(BaseModel):
    """理由"""

    reason: Annotated[
        str,
        Field(
            title="理由",
            max_length=500,
            description="写明凭什么认定，例如“登记档案显示该注册号已由另一户继受”。理由记入存证。",
            json_schema_extra={"widget": "textarea"},
        ),
    ]


@needs(May.JUDGE_LINKS)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every ruling of my territory."""
    found = RULINGS.read(request, merging.visible_to(who_at(request)))
    return found.response() if found.wants_export else render(request, "fusion/rulings.html", {"listing": found})


@needs(May.JUDGE_LINKS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def of_subject(request: HttpRequest, subject_id: int) -> HttpResponseBase:
    """One subject: who shares its codes, and the forms that show what would become of it.

    The first form is sent by ``GET`` and shows what would happen; the second, by ``POST``, says it.
    """
    who = who_at(request)
    says, code = request.GET.get("says", ""), request.GET.get("code", "")
    asked = says in Ruling.KINDS and bool(code)
    form = forms.from_model(Saying, code=f"fusion.{says}", about=f"{subject_id}:{code}") if asked else None
    if form and request.method == "POST" and (given := form.read(request)):
        try:
            made = _say(who, subject_id, says, code, reason=given.reason, key=UUID(str(form.key)))
            messages.success(request, _("已%(what)s，档案已经改好。") % {"what": say(Ruling.KINDS[says])})
            return htmx.redirect(request, reverse("ruling", args=[made.pk]))
        except Problem as problem:
            form.refuse(problem)
    subject = merging.find(who, subject_id)
    context: dict[str, Any] = {
        "subject": subject,
        "asked": code,
        "says": says,
        "form": form,
        "numbers": [(f"{kind}:{value}", _code(kind, value), n) for kind, value, n in merging.partable(subject)],
        "claims": [(claim, _code(claim.kind, claim.value)) for claim in merging.claims(subject)],
        "rulings": [(row, say(Ruling.KINDS[row.says]), _codes(row)) for row in merging.about(subject)],
    }
    status = form.status if form else 200
    try:
        context |= _foreseen(who, subject, says, code) if asked else {}
    except Problem as problem:
        context |= {"problem": problem.message, "form": None}
        status = 422
    return render(request, "fusion/subject_rulings.html", context, status=status)


def _say(who: Who, number: int, says: str, code: str, *, reason: str, key: UUID) -> Ruling:
    if says == "one":
        return merging.merge(who, number, code, reason=reason, key=key)
    kind, _colon, value = code.partition(":")
    return merging.part(who, number, kind, value, reason=reason, key=key)


def _foreseen(who: Who, subject: Subject, says: str, code: str) -> dict[str, Any]:
    """What a word would make of the files."""
    if says == "one":
        other, fates = merging.merged(who, subject, code)
        return {"other": other, "fates": _shown(who, fates)}
    kind, _colon, value = code.partition(":")
    return {"code": _code(kind, value), "fates": _shown(who, merging.parted(who, subject, kind, value))}


@needs(May.JUDGE_LINKS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def detail(request: HttpRequest, number: int) -> HttpResponseBase:
    """One ruling, and what undoing it would make of the files."""
    who = who_at(request)
    row = merging.one(who, number)
    undoing = "undo" in request.GET and not row.undone_at
    form = forms.from_model(Saying, code="fusion.undo_ruling", about=str(number)) if undoing else None
    if form and request.method == "POST" and (given := form.read(request)):
        try:
            merging.undo(who, number, reason=given.reason, key=UUID(str(form.key)))
            messages.success(request, _("已撤销，档案如同从未有过这一项。"))
            return htmx.redirect(request, reverse("ruling", args=[number]))
        except Problem as problem:
            form.refuse(problem)
    context = {
        "row": row,
        "what": say(Ruling.KINDS[row.says]),
        "codes": _codes(row),
        "form": form,
        "fates": _shown(who, merging.undone(who, number)) if form else [],
    }
    return render(request, "fusion/ruling.html", context, status=form.status if form else 200)


def _shown(who: Who, fates: Sequence[Fate]) -> list[dict[str, Any]]:
    """Files before and after, as this person may read them."""
    return [
        {
            "subject": fate.subject,
            "name": fate.name,
            "fate": _fate(fate),
            "fields": [
                (say(FIELDS[field]), *(value_shown(who, fate.scope, field, value) for value in (before, after)))
                for field, before, after in fate.fields
            ]
            if fate.before and fate.after
            else [],
            "records": (_count(fate.before, "records"), _count(fate.after, "records")),
            "rows": (_count(fate.before, "rows"), _count(fate.after, "rows")),
        }
        for fate in fates
    ]


def _fate(fate: Fate) -> tuple[str, str]:
    if fate.before is None:
        return say("新立的一户"), "ok"
    if fate.after is None:
        return say("并入他户，编号转到那一户"), "warn"
    return say("档案变化"), "plain"


def _count(told: Told | None, name: str) -> int:
    return int(getattr(told, name)) if told else 0
