"""清单与检查表: checklists, spot-check items and rules, law education, market access, leniency, legal review."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from pydantic import BaseModel, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.catalogue.lists import access, actions, definition, queries, review, tables
from shiheng.catalogue.lists.definition import AUDIENCES, MEASURES
from shiheng.catalogue.violations import PENALTIES
from shiheng.kernel import clock
from shiheng.kernel.errors import Problem, Refused
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Table
from shiheng.ui.wording import say


def _on(request: HttpRequest) -> date:
    given = request.GET.get("on", "")
    if not given:
        return clock.today()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Refused("list.day", "日期请写成 2026-11-21 的样子。") from None


def _listed(request: HttpRequest, table: Table, rows: list[Any], tab: str, lead: str) -> HttpResponseBase:
    listing = table.read(request, rows)
    if listing.wants_export:
        return listing.response()
    return render(request, "catalogue/lists/listing.html", {"listing": listing, "tab": tab, "lead": lead})


@needs(May.SEE_DESK)
@require_safe
def checklists(request: HttpRequest) -> HttpResponseBase:
    """The checklists in force."""
    lead = "检查人员按检查表逐项检查。重点项不合格且影响安全的转入调查，一般项不合格的责令改正。"
    rows = queries.in_force(definition.CHECKLISTS, on=_on(request))
    return _listed(request, tables.CHECKLISTS, rows, "checklists", lead)


@needs(May.SEE_DESK)
@require_safe
def checklist(request: HttpRequest, code: str) -> HttpResponseBase:
    """One checklist with its points and the results it may end with."""
    held = queries.one(definition.CHECKLISTS, code, on=_on(request))
    listing = tables.POINTS.read(request, list(held.points))
    if listing.wants_export:
        return listing.response()
    context = {
        "held": held,
        "listing": listing,
        "results": [(result, definition.RESULTS[result]) for result in held.results],
        "versions": queries.versions(definition.CHECKLISTS, code),
    }
    return render(request, "catalogue/lists/checklist.html", context)


@needs(May.SEE_DESK)
@require_safe
def spot_checks(request: HttpRequest) -> HttpResponseBase:
    """随机抽查事项清单 (一单)."""
    lead = "未列入清单的事项不得开展随机抽查。重点检查事项的比例不设上限，一般检查事项的比例从严控制。"
    rows = queries.in_force(definition.SPOT_CHECKS, on=_on(request))
    return _listed(request, tables.SPOT_CHECKS, rows, "spot", lead)


@needs(May.SEE_DESK)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """随机抽查工作细则 (一细则), the version in force."""
    held = queries.in_force(definition.RULES, on=_on(request))
    return render(request, "catalogue/lists/rules.html", {"rules": held})


@needs(May.SEE_DESK)
@require_safe
def leniency(request: HttpRequest) -> HttpResponseBase:
    """减免责清单."""
    lead = "符合清单所列情形的，依法不予处罚、从轻、减轻处罚或者免予强制。“首次”往前看几个月由本局规定，未规定的为空。"
    rows = queries.in_force(definition.LENIENCY, on=_on(request))
    return _listed(request, tables.LENIENCY, rows, "leniency", lead)


# -- law education


@needs(May.SEE_DESK)
@require_safe
def education(request: HttpRequest) -> HttpResponseBase:
    """普法责任清单: what is taught to whom, and what of it was done this year."""
    on = _on(request)
    done = {
        row["duty"]: row
        for row in queries.visible_to(who_at(request))
        .filter(day__year=on.year, day__lte=on)
        .values("duty")
        .annotate(n=Count("id"), people=Sum("people"), last=Max("day"))
    }
    rows = [
        tables.Taught(held, row["n"], row["people"], row["last"])
        if (row := done.get(held.code))
        else tables.Taught(held, 0, 0, None)
        for held in queries.in_force(definition.EDUCATION, on=on)
    ]
    lead = "谁执法谁普法：按对象列出普法内容，本年完成的次数点开可见每次活动。"
    return _listed(request, tables.EDUCATION, rows, "education", lead)


class Activity(BaseModel):
    day: Annotated[date, Field(title="日期")]
    title: Annotated[str, Field(title="活动", max_length=200)]
    place: Annotated[str, Field(title="地点", max_length=200)]
    people: Annotated[int, Field(title="受众人数", ge=1, le=1_000_000)]


@needs(May.SEE_DESK)
def duty(request: HttpRequest, code: str) -> HttpResponseBase:
    """One duty with its activities; recording another."""
    held = queries.one(definition.EDUCATION, code)
    who = who_at(request)
    form = forms.from_model(Activity, code="catalogue.education", about=code, initial={"day": clock.today()})
    if request.method == "POST" and (value := form.read(request)):
        try:
            actions.hold(
                who,
                code,
                day=value.day,
                title=value.title,
                place=value.place,
                people=value.people,
                key=UUID(form.key),
            )
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已登记普法活动。"))
            return htmx.redirect(request, reverse("law-duty", args=[code]))  # fmt: skip
    listing = tables.ACTIVITIES.read(request, queries.activities(who, code))
    if listing.wants_export:
        return listing.response()
    about = [
        ("普法对象", say(AUDIENCES[held.audience])),
        ("法律法规", held.instrument),
        ("普法内容", held.content),
        ("方式", held.way),
        ("每年次数", held.a_year),
        ("责任科室", held.unit),
    ]
    context = {
        "held": held,
        "about": about,
        "listing": listing,
        "form": form if who.may(May.KEEP_CATALOGUE) else None,
    }
    return render(request, "catalogue/lists/duty.html", context, status=form.status)


# -- market access


class Scope(BaseModel):
    scope: Annotated[
        str,
        Field(
            title="经营范围",
            description="整段粘贴，按分号、顿号逐项核对",
            max_length=4000,
            json_schema_extra={"widget": "textarea", "rows": 6, "draft": False},
        ),
    ]


@needs(May.SEE_DESK)
def market_access(request: HttpRequest) -> HttpResponseBase:
    """Check a business scope against the negative list; the list itself below."""
    items = sorted(queries.in_force(definition.NEGATIVE, on=_on(request)), key=lambda item: int(item.number))
    form = forms.from_model(Scope, code="catalogue.scope")
    hits: list[tuple[access.Hit, list[tuple[str, bool]], tuple[str, str]]] | None = None
    if request.method == "POST" and (value := form.read(request)):
        tones = {"banned": "late", "permit": "warn"}
        hits = [
            (hit, access.marked(hit), (MEASURES[hit.item.measure], tones[hit.item.measure]))
            for hit in access.check_scope(value.scope, items)
        ]
    listing = tables.NEGATIVE.read(request, items)
    if listing.wants_export:
        return listing.response()
    context = {"form": form, "hits": hits, "listing": listing, "tab": "access"}
    return render(request, "catalogue/lists/market_access.html", context, status=form.status)


# -- legal review


class CaseForm(BaseModel):
    decision: Annotated[
        Literal["penalty", "coercion", "licensing"],
        Field(
            title="拟作出的决定",
            json_schema_extra={"choices": {"penalty": "行政处罚", "coercion": "行政强制", "licensing": "行政许可"}},
        ),
    ] = "penalty"
    person: Annotated[bool, Field(False, title="当事人是自然人")]
    penalties: Annotated[
        list[str], Field(default_factory=list, title="处罚种类", json_schema_extra={"choices": PENALTIES})
    ]
    fine: Annotated[int, Field(0, title="罚款", ge=0, json_schema_extra={"widget": "money"})]
    confiscated: Annotated[int, Field(0, title="没收违法所得、非法财物", ge=0, json_schema_extra={"widget": "money"})]
    seized: Annotated[int, Field(0, title="查封、扣押财物价值", ge=0, json_schema_extra={"widget": "money"})]
    heard: Annotated[bool, Field(False, title="经过听证程序")]
    public_interest: Annotated[bool, Field(False, title="涉及重大公共利益")]
    difficult: Annotated[bool, Field(False, title="案情疑难复杂")]
    legal_relations: Annotated[int, Field(1, title="涉及的法律关系数", ge=1, le=20)]
    required_by_law: Annotated[bool, Field(False, title="法律、法规规定应当法制审核")]


@needs(May.SEE_DESK)
def legal_reviews(request: HttpRequest) -> HttpResponseBase:
    """重大执法决定法制审核目录: the list, and whether one decision is on it."""
    items = queries.reviews(on=_on(request))
    form = forms.from_model(CaseForm, code="catalogue.review")
    reasons: list[review.Reason] | None = None
    if request.method == "POST" and (value := form.read(request)):
        facts = review.CaseFacts(**{**value.model_dump(), "penalties": frozenset(value.penalties)})
        reasons = review.needs_legal_review(facts, items)
    listing = tables.REVIEWS.read(request, items)
    if listing.wants_export:
        return listing.response()
    context = {"form": form, "reasons": reasons, "listing": listing, "tab": "reviews"}
    return render(request, "catalogue/lists/legal_reviews.html", context, status=form.status)
