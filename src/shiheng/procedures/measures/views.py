"""The catalogue of measures for everybody; what was found and told back for officers, counted by department."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import anyone, needs, who_at
from shiheng.accounts.permissions import May
from shiheng.catalogue.measures.definition import EFFECTS, KINDS, REGISTER, WHO, CreditMeasure, by_department
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.procedures.contents import procedure_of
from shiheng.procedures.measures import actions, queries
from shiheng.procedures.measures.models import Heeded
from shiheng.registers.contents import register_of
from shiheng.subjects import layout
from shiheng.ui import forms
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

OPEN = "open"


class Telling(BaseModel):
    """反馈适用情况"""

    outcome: str = Field(title="结果", json_schema_extra={"choices": {
        code: title for code, title in Heeded.OUTCOMES.items() if code != OPEN}})  # fmt: skip
    words: str = Field(title="说明", max_length=actions.WORDS_MOST, json_schema_extra={"widget": "textarea"},
                       description="怎样适用、凭什么核实不是本人，或者依法没有适用的理由。")  # fmt: skip


@anyone
@require_safe
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """信用措施清单: every measure in force by department, with its basis and where it is asked for."""
    held = by_department(sorted(queries.all_on(clock.today()), key=lambda one: int(one.number)))
    departments = [(name, [_line(one) for one in rows]) for name, rows in held.items()]
    frame = "ui/desk.html" if who_at(request).account_id is not None else "ui/public.html"
    return render(request, "procedures/measures/catalogue.html", {"departments": departments, "face": frame})


def _line(one: CreditMeasure) -> dict[str, Any]:
    return {
        "measure": one, "kind": KINDS[one.kind], "effect": EFFECTS[one.effect], "who": WHO[one.who],
        "lists": _("、").join(list_title(listed) for listed in one.lists),
        "asks": _("、").join(_asking(asked) for asked in one.asks),
    }  # fmt: skip


def list_title(listed: str) -> str:
    """A list of the catalogue in words."""
    if not listed.startswith(REGISTER):
        return str(say(layout.RECORD_TITLES.get(listed, listed)))
    try:
        return str(say(register_of(listed.removeprefix(REGISTER), on=clock.today()).title))
    except Missing:
        return listed


def _asking(asked: str) -> str:
    code, _colon, step = asked.partition(":")
    try:
        procedure = procedure_of(code, on=clock.today())
    except Missing:
        return asked
    held = procedure.step(step)
    return str(say(procedure.title)) + (f"·{say(held.title)}" if held else "")


APPLIED = Table(
    "heeded",
    "信用措施适用",
    (
        Column("file", "案卷", lambda row: row.proceeding.number, kind="link",
               href=lambda row: reverse("file", args=[row.proceeding_id])),
        Column("measure", "措施", lambda row: say(queries.measure_of(row).title)),
        Column("department", "实施部门", lambda row: say(row.department), sort="department"),
        Column("listed", "名单", lambda row: list_title(row.listed)),
        Column("title", "条目", "title"),
        Column("effect", "效力", lambda row: say(EFFECTS[row.effect])),
        Column("outcome", "结果", lambda row: say(Heeded.OUTCOMES[row.outcome]), kind="badge"),
        Column("words", "说明", "words"),
        Column("found_at", "发现时间", kind="moment", sort="found_at"),
    ),
    (
        Filter("department", "实施部门", apply=lambda rows, text: rows.filter(department=text)),
        Filter("outcome", "结果", "choice", "outcome", choices=list(Heeded.OUTCOMES.items())),
        Filter("kind", "类别", "choice", "kind", choices=list(KINDS.items())),
    ),
    default_sort="-found_at",
    empty="还没有案卷触发信用措施。",
)  # fmt: skip


@needs(May.READ_FILES)
@require_safe
def applied(request: HttpRequest) -> HttpResponseBase:
    """信用措施适用: what was found in the files of the territory and what came of it, counted by department."""
    rows = queries.visible_to(who_at(request))
    listing = APPLIED.read(request, rows)
    if listing.wants_export:
        return listing.response()
    return render(request, "procedures/measures/applied.html", {"listing": listing, "counts": counted(rows)})


def counted(rows: "QuerySet[Heeded]") -> list[dict[str, Any]]:
    """By department: found, not told back yet, applied, not applied with a reason."""
    held = rows.order_by().values("department").annotate(
        found=Count("pk"), open=Count("pk", filter=Q(outcome=OPEN)),
        applied=Count("pk", filter=Q(outcome="applied")),
        other=Count("pk", filter=Q(outcome__in=actions.SETTLED)),
    )  # fmt: skip
    return [dict(one) for one in held.order_by("department")]


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def tell(request: HttpRequest, number: int) -> HttpResponseBase:
    """Tell back what came of one measure."""
    who = who_at(request)
    row = queries.visible_to(who).filter(pk=number).first()
    if row is None:
        raise Missing("measure.unknown", _("没有这条提示，或它不在您的管辖范围内。"))
    form = forms.from_model(Telling, code="procedures.measure", about=str(number))
    if request.method == "POST" and (given := form.read(request)):
        try:
            actions.tell(who, number, given.outcome, given.words, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已反馈。"))
            return redirect("file", row.proceeding_id)
    context = {"row": row, "measure": queries.measure_of(row), "form": form}
    return render(request, "procedures/measures/tell.html", context, status=form.status)
