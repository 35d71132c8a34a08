"""裁量: the violations with their elements and evidence, and the calculation of a fine step by step."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.catalogue.boundaries import queries as boundaries
from shiheng.catalogue.boundaries import words
from shiheng.catalogue.boundaries.definition import STATES, told_shares
from shiheng.catalogue.boundaries.views import TONES
from shiheng.catalogue.discretion import GRADES, Outcome, calculate
from shiheng.catalogue.lists import definition as lists
from shiheng.catalogue.lists import queries as list_queries
from shiheng.catalogue.violations import BASES, EVIDENCE, PENALTIES, STAGES, VIOLATIONS, Scale, Violation
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Missing, Problem, Refused
from shiheng.kernel.money import format_fen
from shiheng.ui import formats, forms
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

MONEY: dict[str, Any] = {"widget": "money"}
SHOWN = 20


def _fields() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted({held.field for held in registry.all_of(VIOLATIONS)})]


LISTING = Table(
    "violations",
    "违法行为与裁量",
    [
        Column("title", "违法行为", sort="title", kind="link", href=lambda row: reverse("violation", args=[row.code])),
        Column("field", "业务领域", sort="field"),
        Column("breach", "违反的条款", lambda row: row.breach.words(_)),
        Column("penal", "处罚依据", lambda row: row.penal.words(_)),
        Column("penalties", "处罚种类", lambda row: _("、").join(say(PENALTIES[code]) for code in row.penalties)),
        Column("ranges", "罚款幅度", lambda row: _("；").join(told_ranges(row))),
        Column("elements", "构成要件", lambda row: len(row.elements), kind="number", hidden=True),
        Column("lenient", "减免责事项", lambda row: " ".join(row.lenient), kind="code"),
        Column("in_force_from", "施行日期", kind="day", hidden=True),
        Column("code", "编码", kind="code", hidden=True),
    ],
    [
        Filter("q", "名称含", apply=lambda rows, text: [row for row in rows if text in row.title]),
        Filter(
            "field",
            "业务领域",
            "choice",
            choices=_fields,
            apply=lambda rows, name: [r for r in rows if r.field == name],
        ),
        Filter("instrument", "依据含", apply=lambda rows, text: [r for r in rows if text in f"{r.breach}{r.penal}"]),
    ],
    empty="没有符合条件的违法行为。",
    row_label="title",
)


def told_ranges(violation: Violation) -> list[str]:
    """The statutory ranges in words."""
    return [words.told_range(held) for held in violation.ranges]


@needs(May.SEE_DESK)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every declared violation in force."""
    table = LISTING.read(request, list_queries.in_force(VIOLATIONS))
    if table.wants_export:
        return table.response()
    return render(request, "catalogue/discretion/listing.html", {"listing": table})


def _model(violation: Violation, scale: Scale) -> type[BaseModel]:
    """What a calculation asks for this violation: its own sums, its stages, the factors of the bureau's scale."""
    asked: dict[str, Any] = {}
    for base in violation.bases:
        asked[base] = (Annotated[int, Field(title=BASES[base], ge=0, json_schema_extra=MONEY)], ...)
    told = "违法行为发生的日期；按这一天施行的条文和分界计算，留空是今天。"
    asked["day"] = (Annotated[date | None, Field(None, title="行为日期", description=told)], None)
    stages: dict[str, Any] = {stage: STAGES[stage] for stage in violation.stages} or {"first": STAGES["first"]}
    asked["stage"] = (Annotated[str, Field(title="情形", json_schema_extra={"choices": stages})], ...)
    factors: dict[str, Any] = {factor.code: factor.title for factor in scale.factors}
    asked["factors"] = (
        Annotated[list[str], Field(default_factory=list, title="情节", json_schema_extra={"choices": factors})],
        ...,
    )
    grades: dict[str, Any] = {"": "按情节提出", **GRADES}
    asked["grade"] = (
        Annotated[str, Field("", title="裁量等级", json_schema_extra={"choices": grades, "widget": "select"})],
        "",
    )
    asked["proposed"] = (
        Annotated[
            int | None,
            Field(None, title="拟处罚款", description="填写后显示与裁量幅度的偏离", ge=0, json_schema_extra=MONEY),
        ],
        None,
    )
    return create_model("Calculation", **asked)


@needs(May.SEE_DESK)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One violation: elements, evidence, ranges, leniency; and the calculation."""
    day, fault = _day(request, code)
    held: Violation = list_queries.one(VIOLATIONS, code, on=day)
    used = boundaries.used(code, on=day)
    scale, who = used.scale, who_at(request)
    begun = {"stage": next(iter(held.stages), "first"), "day": day}
    form = forms.from_model(_model(held, scale), code="catalogue.discretion", about=code, initial=begun)
    outcome: Outcome | None = None
    proposed: int | None = None
    if request.method == "POST" and (value := form.read(request)):
        given = value.model_dump()
        proposed = given["proposed"]
        try:
            if fault:
                raise fault
            outcome = calculate(
                held,
                scale,
                sums={base: given[base] for base in held.bases},
                factors=given["factors"],
                stage=given["stage"],
                chosen=given["grade"],
            )
        except Problem as problem:
            form.refuse(problem)
    lenient = [item for item in list_queries.in_force(lists.LENIENCY) if item.violation == code]
    context = {
        "held": held,
        "elements": [(e.title, e.text, [EVIDENCE[kind] for kind in e.evidence]) for e in held.elements],
        "ranges": told_ranges(held),
        "penalties": [PENALTIES[kind] for kind in held.penalties],
        "lenient": [(item, lists.PARTS[item.part]) for item in lenient],
        "form": form,
        "scale": scale,
        "result": _result(outcome, proposed) if outcome else None,
        "day": day,
        "whose": words.whose(used),
        "used": used,
        "shares": [(title, f"{low}% – {high}%") for title, low, high in told_shares(scale)],
        "boundaries": [
            (row, words.shares(row.content), (STATES[row.state], TONES[row.state]))
            for row in boundaries.visible_to(who).filter(violation=code).order_by("-id")[:SHOWN]
        ],
        "may_keep": who.may(May.KEEP_CATALOGUE),
    }
    return render(request, "catalogue/discretion/one.html", context, status=form.status)


def _day(request: HttpRequest, code: str) -> tuple[date, Problem | None]:
    """The day of the act that is asked about, and why nothing can be worked out for it; today where none is asked."""
    text, today = (request.POST.get("day") or request.GET.get("on") or "").strip(), clock.today()
    try:
        day = forms.day_of(text) if text else today
    except ValueError:
        return today, None  # the form says so itself
    try:
        list_queries.one(VIOLATIONS, code, on=day)
        boundaries.shipped(on=day)
    except Missing:
        told = _("%(day)s尚无施行的条文或者分界，不能计算。") % {"day": formats.day_text(day)}
        return today, Refused("discretion.day", told, field="day")
    return day, None


def _result(outcome: Outcome, proposed: int | None) -> dict[str, Any]:
    """A calculation as the page shows it."""
    tones = {"none": "ok", "reduced": "ok", "lighter": "ok", "general": "wait", "heavier": "late"}
    away = outcome.deviation(proposed) if proposed is not None else None
    told = ""
    if away is not None and proposed is not None:
        facts = {"proposed": format_fen(proposed), "away": format_fen(abs(away))}
        if away == 0:
            told = _("拟处罚款 %(proposed)s 在裁量幅度之内。") % facts
        elif away < 0:
            told = _("拟处罚款 %(proposed)s 低于裁量幅度 %(away)s，须写明理由或者改变等级。") % facts
        else:
            told = _("拟处罚款 %(proposed)s 高于裁量幅度 %(away)s，须写明理由或者改变等级。") % facts
    return {
        "grade": (GRADES[outcome.grade], tones[outcome.grade]),
        "open": [GRADES[grade] for grade in outcome.open],
        "range": (outcome.least, outcome.most) if outcome.range else None,
        "band": (outcome.low, outcome.high),
        "steps": [(_(step.text) % {k: say(v) for k, v in step.facts.items()}, step.basis) for step in outcome.steps],
        "deviation": told,
        "away": away,
    }
