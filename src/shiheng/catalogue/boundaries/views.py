"""本局裁量分界: proposed on the page of a violation, what it changes shown first, decided by somebody else."""

import hashlib
import json
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.boundaries import actions, forms, queries, words
from shiheng.catalogue.boundaries.definition import STATES, content_of
from shiheng.catalogue.boundaries.models import Boundary
from shiheng.catalogue.lists import queries as lists
from shiheng.catalogue.violations import VIOLATIONS, Violation
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.ui import formats, htmx
from shiheng.ui import forms as made
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {"draft": "wait", "published": "ok", "returned": "late", "undone": "done"}

LISTING = Table(
    "boundaries",
    "本局裁量分界",
    [
        Column("title", "违法行为", sort="title", kind="link", href=lambda row: reverse("boundary", args=[row.pk])),
        Column("shares", "分界", lambda row: words.shares(row.content)),
        Column("instrument", "依据文件"),
        Column("in_force_from", "施行日期", kind="day", sort="in_force_from"),
        Column("state", "状态", lambda row: (STATES[row.state], TONES[row.state]), kind="badge", sort="state"),
        Column("drafted_by", "起草人", kind="person"),
        Column("drafted_at", "起草时间", kind="moment", sort="drafted_at", hidden=True),
        Column("published_by", "决定人", kind="person"),
        Column("published_at", "公布时间", kind="moment", sort="published_at", hidden=True),
        Column("reason", "理由", hidden=True),
    ],
    [
        Filter("state", "状态", "choice", "state", choices=list(STATES.items())),
        Filter("q", "名称含", lookup="title__icontains"),
        Filter("from", "施行日期", "day_range", "in_force_from"),
    ],
    default_sort="-pk",
    empty="还没有提出过本局的分界。打开一种违法行为可以提出。",
)


@needs(May.SEE_DESK)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every boundary and where it stands."""
    table = LISTING.read(request, queries.visible_to(who_at(request)))
    if table.wants_export:
        return table.response()
    return render(request, "catalogue/boundaries/listing.html", {"listing": table})


@needs(May.KEEP_CATALOGUE)
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """Propose a boundary for one violation: first what it changes is shown, then it is sent for the decision."""
    held: Violation = lists.one(VIOLATIONS, code)
    shipped, now = queries.shipped(), queries.used(code)
    begun = content_of(now.scale, shipped)
    initial = {name: begun[name] for name in ("lighter", "general")} | {"in_force_from": clock.today()}
    initial |= {forms.EFFECT + name: effect for name, effect in begun["effects"].items()}
    form = made.from_model(forms.proposal_of(shipped), code="catalogue.boundary", about=code, initial=initial)
    context: dict[str, Any] = {"held": held, "form": form, "back": reverse("violation", args=[code])}
    if request.method == "POST" and (given := form.read(request)):
        try:
            found = actions.what_changes(code, forms.content(given), on=_first_day(given))
            seen = _seen(given)
            if form["seen"].value == seen:
                row = _drafted(who_at(request), code, given, UUID(form.key))
                messages.success(request, _("已提出，等待决定。"))
                return htmx.redirect(request, reverse("boundary", args=[row.pk]))
            form["seen"].values = [seen]
            context["changes"] = words.changes(found)
            context["from"] = _first_day(given)
        except Problem as problem:
            form.refuse(problem)
    return render(request, "catalogue/boundaries/draft.html", context, status=form.status)


def _first_day(given: BaseModel) -> date:
    found: date = given.in_force_from  # type: ignore[attr-defined]
    return found


def _seen(given: BaseModel) -> str:
    """What a proposal said when its changes were shown: another one is shown again before it is taken."""
    said = {name: value for name, value in given.model_dump(mode="json").items() if name != "seen"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _drafted(who: Who, code: str, given: BaseModel, key: UUID) -> Boundary:
    grounds = given.model_dump(include={"instrument", "article", "reason", "in_force_from"})
    return actions.draft(who, violation=code, content=forms.content(given), key=key, **grounds)


STEPS = {"publish": "同意并公布", "return": "退回", "undo": "撤销"}


def _open(row: Boundary, who: Who) -> list[tuple[str, str]]:
    """The steps this person may take now; who proposed does not decide."""
    keeps, decides = who.may(May.KEEP_CATALOGUE), who.may(May.DECIDE_CATALOGUE)
    mine = who.key == row.drafted_key
    steps = {
        "publish": row.state == "draft" and decides and not mine,
        "return": row.state == "draft" and keeps,
        "undo": row.state == "published" and decides and not mine,
    }
    return [(step, STEPS[step]) for step, allowed in steps.items() if allowed]


def _course(row: Boundary) -> list[dict[str, Any]]:
    """What happened with a boundary, latest first."""
    held = [
        (row.drafted_at, "提出", row.drafted_by, row.reason),
        (row.published_at, "公布", row.published_by, row.opinion),
        (row.undone_at, STATES.get(row.state, "") if row.undone_at else "", row.undone_by, row.undone_why),
    ]
    done = [{"moment": at, "title": say(title), "who": by, "text": text} for at, title, by, text in held if at]
    return sorted(done, key=lambda item: item["moment"], reverse=True)


@needs(May.SEE_DESK)
@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One boundary: what it sets beside how it stood, what became of it, and the next step."""
    return _page(request, _row(request, number), None)


def _row(request: HttpRequest, number: int) -> Boundary:
    row = queries.visible_to(who_at(request)).filter(pk=number).first()
    if row is None:
        raise Missing("boundary.unknown", "没有这项分界。")
    return row


def _page(request: HttpRequest, row: Boundary, form: made.Form[Any] | None) -> HttpResponse:
    form = form or made.from_model(forms.Step, code="catalogue.boundary.step", about=str(row.pk))
    about = [
        ("违法行为", row.title),
        ("依据文件", row.instrument),
        ("条款", row.article or "—"),
        ("理由", row.reason),
        ("施行日期", formats.day(row.in_force_from)),
        *([("决定单位", row.office)] if row.office else []),
    ]
    context = {
        "row": row,
        "state": (STATES[row.state], TONES[row.state]),
        "about": about,
        "changes": words.changes(queries.changed_by(row)),
        "course": _course(row),
        "open": _open(row, who_at(request)),
        "form": form,
    }
    return render(request, "catalogue/boundaries/one.html", context, status=form.status)


@needs(May.KEEP_CATALOGUE)
@require_POST
def step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Take one step of a boundary."""
    row, who = _row(request, number), who_at(request)
    form = made.from_model(forms.Step, code="catalogue.boundary.step", about=str(number))
    value = form.read(request)
    if value is None:
        return _page(request, row, form)
    key = UUID(form.key)
    try:
        if step == "publish":
            actions.publish(who, number, opinion=value.opinion, text_read=value.text_read, key=key)
        elif step == "return":
            actions.give_back(who, number, reason=value.opinion, key=key)
        elif step == "undo":
            actions.undo(who, number, reason=value.opinion, key=key)
        else:
            raise Missing("boundary.step", "没有这一步。")
    except Problem as problem:
        form.refuse(problem)
        return _page(request, row, form)
    messages.success(request, _("已办理：%(step)s。") % {"step": say(STEPS[step])})
    return htmx.redirect(request, reverse("boundary", args=[number]))
