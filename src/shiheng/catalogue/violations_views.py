"""裁量: the violations with their elements and evidence, and the calculation of a fine step by step."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs
from shiheng.accounts.permissions import May
from shiheng.catalogue.discretion import GRADES, Outcome, calculate
from shiheng.catalogue.lists import definition as lists
from shiheng.catalogue.lists import queries as list_queries
from shiheng.catalogue.violations import BASES, EVIDENCE, PENALTIES, SCALES, STAGES, VIOLATIONS, Scale, Violation
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Problem
from shiheng.kernel.money import format_fen
from shiheng.ui import forms
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

MONEY: dict[str, Any] = {"widget": "money"}
SCALE = "bureau"
SIGNS = {
    "<": "%(base)s不足 %(bound)s",
    "<=": "%(base)s不超过 %(bound)s",
    ">": "%(base)s超过 %(bound)s",
    ">=": "%(base)s %(bound)s 以上",
    "=": "%(base)s为 %(bound)s",
}


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
    return [_told(held) for held in violation.ranges]


def _told(held: Any) -> str:
    facts = {"base": say(BASES[held.base]), "stage": say(STAGES[held.stage])}
    if held.multiple:
        span = _("%(base)s的 %(low)s 至 %(high)s 倍") % {
            **facts,
            "low": f"{float(held.low):g}",
            "high": f"{float(held.high):g}",
        }
    else:
        span = _("%(low)s 至 %(high)s") % {"low": format_fen(int(held.low)), "high": format_fen(int(held.high))}
    conditions = _("、").join(
        _(SIGNS[sign]) % {"base": facts["base"], "bound": format_fen(bound)} for sign, bound in held.conditions
    )
    told = _("%(condition)s：%(span)s") % {"condition": conditions, "span": span} if conditions else span
    if held.floor:
        told = _("%(told)s（不足 %(floor)s 按 %(floor)s 计算）") % {"told": told, "floor": format_fen(held.floor)}
    if held.cap is not None:
        told = _("%(told)s，最高 %(cap)s") % {"told": told, "cap": format_fen(held.cap)}
    return told if held.stage == "first" else _("%(stage)s，%(told)s") % {"stage": facts["stage"], "told": told}


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
    held: Violation = list_queries.one(VIOLATIONS, code)
    scale: Scale = registry.find(SCALES, SCALE, on=clock.today())
    begun = {"stage": next(iter(held.stages), "first")}
    form = forms.from_model(_model(held, scale), code="catalogue.discretion", about=code, initial=begun)
    outcome: Outcome | None = None
    proposed: int | None = None
    if request.method == "POST" and (value := form.read(request)):
        given = value.model_dump()
        proposed = given["proposed"]
        try:
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
    }
    return render(request, "catalogue/discretion/one.html", context, status=form.status)


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
