"""权责清单 at the desk: the list on a day, one power with its duties and chart, its changes step by step."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shiheng.accounts.doors import anyone, needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.powers import actions, flow_chart, forms, queries, tables
from shiheng.catalogue.powers.definition import CHANGES, KINDS, STATES, STATUSES, TRIGGERS
from shiheng.catalogue.powers.effective import Entry, fields_of
from shiheng.catalogue.powers.models import PowerChange
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem, Refused
from shiheng.ui import formats, htmx, slots
from shiheng.ui import forms as made
from shiheng.ui.pages import render
from shiheng.ui.wording import say

slots.declare("power.impact", "牵涉的在办事项")


def _day(request: HttpRequest, name: str) -> date | None:
    given = request.GET.get(name, "")
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Refused("power.day", "日期请写成 2026-11-21 的样子。") from None


@needs(May.SEE_DESK)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """The list in force, or as it stood on a day, as it was known on a day."""
    on, known = _day(request, "on"), _day(request, "known")
    held = queries.entries(on=on, known=known)
    rows = sorted(held.values(), key=lambda row: (list(KINDS).index(row.power.kind), row.power.field, row.code))
    table = tables.powers(rows).read(request, rows)
    if table.wants_export:
        return table.response()
    counts = [
        (title, sum(row.power.kind == kind and row.in_force for row in rows), f"?kind={kind}")
        for kind, title in KINDS.items()
    ]
    context = {
        "listing": table,
        "counts": counts,
        "total": sum(row.in_force for row in rows),
        "on": on,
        "known": known,
        "may_keep": who_at(request).may(May.KEEP_CATALOGUE),
    }
    return render(request, "catalogue/powers/listing.html", context)


def about(entry: Entry) -> list[tuple[str, Any]]:
    """The facts of one item, as officers and everybody read them."""
    power = entry.power
    facts: list[tuple[str, Any]] = [
        ("职权编码", power.code),
        ("基本编码", power.base_code or "—"),
        ("职权类别", say(KINDS[power.kind])),
        ("业务领域", power.field),
        ("设定依据", power.basis.words(_)),
        ("责任科室", power.unit),
        ("行使层级", tables.told_levels(power.levels)),
        ("法定期限", tables.told_limit(power.statutory) or "—"),
        ("承诺期限", tables.told_limit(power.promised) or "—"),
        ("收费", power.fee or _("不收费")),
        ("行使内容", power.content or "—"),
        ("生效日期", formats.day(entry.changed_on or power.in_force_from)),
    ]
    if entry.entrusted_to:
        until = formats.day_text(entry.ends) if entry.ends else "—"
        told = _("%(name)s（%(agreement)s，至 %(until)s；公布：%(where)s）") % {
            "name": entry.entrusted_to,
            "agreement": entry.agreement,
            "until": until,
            "where": entry.published_where,
        }
        facts.append(("受委托组织", told))
    return facts


def _page(entry: Entry, on: date | None) -> dict[str, Any]:
    flow = queries.flow(entry.power, on=on)
    chart = flow_chart.draw(flow) if flow else None
    return {
        "entry": entry,
        "power": entry.power,
        "status": (STATUSES[entry.status], tables.STATUS_TONES[entry.status]),
        "about": about(entry),
        "flow": flow,
        "chart": chart,
        "duties": [list(zip(chart.head, row, strict=True)) for row in chart.rows] if chart else [],
        "on": on,
    }


@needs(May.SEE_DESK)
@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One power: facts, duties by step, chart, who answers, its versions and changes, what rests on it."""
    on, known = _day(request, "on"), _day(request, "known")
    entry = queries.entry(code, on=on, known=known)
    who = who_at(request)
    context = _page(entry, on) | {
        "versions": queries.versions(code),
        "changes": queries.visible_to(who).filter(power=code).order_by("-id")[:20],
        "states": STATES,
        "touched": queries.touched_by(code),
        "may_keep": who.may(May.KEEP_CATALOGUE),
        "steps": [(what, CHANGES[what]) for what in forms.CHANGE_FORMS] if entry.in_force else [],
    }
    return render(request, "catalogue/powers/one.html", context)


@anyone
@require_safe
def public_listing(request: HttpRequest) -> HttpResponseBase:
    """The published list, open to everybody: only what is in force."""
    rows = [row for row in queries.entries(on=_day(request, "on")).values() if row.in_force]
    rows.sort(key=lambda row: (list(KINDS).index(row.power.kind), row.power.field, row.code))
    table = tables.powers(rows, public=True).read(request, rows)
    if table.wants_export:
        return table.response()
    return render(request, "catalogue/powers/public_listing.html", {"listing": table, "total": len(rows)})


@anyone
@require_safe
def public_one(request: HttpRequest, code: str) -> HttpResponse:
    """One published power, open to everybody."""
    entry = queries.entry(code)
    if not entry.in_force:
        raise Missing("power.gone", "这项职权已经取消。")
    return render(request, "catalogue/powers/public_one.html", _page(entry, None))


# -- changes


@needs(May.SEE_DESK)
@require_safe
def changes(request: HttpRequest) -> HttpResponseBase:
    """Every change of the list and where it stands."""
    table = tables.CHANGES.read(request, queries.visible_to(who_at(request)))
    if table.wants_export:
        return table.response()
    context = {"listing": table, "may_keep": who_at(request).may(May.KEEP_CATALOGUE)}
    return render(request, "catalogue/powers/changes.html", context)


@needs(May.KEEP_CATALOGUE)
def add(request: HttpRequest) -> HttpResponse:
    """Draft a power the lines do not declare."""
    form = made.from_model(forms.Add, code="catalogue.power.add", initial={"in_force_from": clock.today()})
    if request.method == "POST" and (value := form.read(request)):
        done = _drafted(request, form, "add", value.power, _content(value), value)
        if done:
            return done
    context = {"form": form, "what": CHANGES["add"], "back": reverse("powers")}
    return render(request, "catalogue/powers/draft.html", context, status=form.status)


@needs(May.KEEP_CATALOGUE)
def change(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Draft a change of one power, beside it what the change touches."""
    model = forms.CHANGE_FORMS.get(what)
    if model is None:
        raise Missing("power.what", "没有这种调整。")
    entry = queries.entry(code)
    initial: dict[str, Any] = {"in_force_from": clock.today()}
    if what == "amend":
        now = fields_of(entry.power)
        initial |= now | {"law": now["instrument"]}
        initial.pop("instrument")
    elif what == "devolve":
        initial["levels"] = list(entry.power.levels)
    form = made.from_model(model, code=f"catalogue.power.{what}", about=code, initial=initial)
    if request.method == "POST" and (value := form.read(request)):
        done = _drafted(request, form, what, code, _content(value), value)
        if done:
            return done
    context = {
        "form": form,
        "what": CHANGES[what],
        "entry": entry,
        "touched": queries.touched_by(code),
        "back": reverse("power", args=[code]),
        "code": code,
    }
    return render(request, "catalogue/powers/draft.html", context, status=form.status)


def _content(value: forms.Why) -> dict[str, Any]:
    """What a form says of the power itself, without why it is changed."""
    outer = {*forms.Why.model_fields, "power", "ends", "onward"}
    content = {name: held for name, held in value.model_dump().items() if name not in outer}
    if "law" in content:
        content["instrument"] = content.pop("law")
    return content


def _drafted(
    request: HttpRequest, form: made.Form[Any], what: str, code: str, content: dict[str, Any], value: forms.Why
) -> HttpResponse | None:
    try:
        row = actions.draft(
            who_at(request),
            what=what,
            power=code,
            content=content,
            trigger=value.trigger,
            instrument=value.instrument,
            reason=value.reason,
            in_force_from=value.in_force_from,
            ends=getattr(value, "ends", None),
            onward=getattr(value, "onward", False),
            key=UUID(form.key),
        )
    except Problem as problem:
        form.refuse(problem)
        return None
    messages.success(request, _("已起草，等待合法性审核。"))
    return htmx.redirect(request, reverse("power-change", args=[row.pk]))


STEPS = {
    "check": "审核通过",
    "approve": "批准",
    "publish": "公布",
    "return": "退回",
    "undo": "撤销",
}


def _open(row: PowerChange, who: Who) -> list[tuple[str, str]]:
    """The steps this person may take now; who did one step may not do the next."""
    keeps, decides = who.may(May.KEEP_CATALOGUE), who.may(May.DECIDE_CATALOGUE)
    mine, checked = who.key == row.drafted_key, who.key == row.checked_key
    steps = {
        "check": row.state == "draft" and keeps and not mine,
        "approve": row.state == "checked" and decides and not (mine or checked),
        "publish": row.state == "approved" and decides and not (mine or checked),
        "return": row.state in {"draft", "checked", "approved"} and keeps,
        "undo": row.state == "published" and decides and not mine,
    }
    return [(step, STEPS[step]) for step, allowed in steps.items() if allowed]


def _course(row: PowerChange) -> list[dict[str, Any]]:
    """What happened with a change, latest first."""
    held = [
        (row.drafted_at, "起草", row.drafted_by, row.reason),
        (row.checked_at, "合法性审核通过", row.checked_by, row.opinion),
        (row.approved_at, "批准", row.approved_by, ""),
        (row.published_at, "公布", row.published_by, ""),
        (row.undone_at, STATES.get(row.state, "") if row.undone_at else "", row.undone_by, row.undone_why),
    ]
    done = [{"moment": at, "title": say(title), "who": by, "text": text} for at, title, by, text in held if at]
    return sorted(done, key=lambda item: item["moment"], reverse=True)


@needs(May.SEE_DESK)
@require_safe
def change_one(request: HttpRequest, number: int) -> HttpResponse:
    """One change: what it sets beside how it stood, what it touches, and the next step."""
    return _change_page(request, _change(request, number), None)


def _change(request: HttpRequest, number: int) -> PowerChange:
    row = queries.visible_to(who_at(request)).filter(pk=number).first()
    if row is None:
        raise Missing("power.change", "没有这项调整。")
    return row


def _change_page(request: HttpRequest, row: PowerChange, form: made.Form[Any] | None) -> HttpResponse:
    who = who_at(request)
    form = form or made.from_model(forms.Opinion, code="catalogue.power.step", about=str(row.pk))
    about = [
        ("职权名称", row.title),
        ("职权编码", row.power),
        ("调整", say(CHANGES[row.what])),
        ("调整原因", say(TRIGGERS[row.trigger])),
        ("依据文件", row.instrument),
        ("理由", row.reason),
        ("生效日期", formats.day(row.in_force_from)),
        *([("截止日期", formats.day(row.ends))] if row.ends else []),
        *((title, row.content[name]) for name, title in ENTRUSTED if name in row.content),
    ]
    context = {
        "row": row,
        "state": (STATES[row.state], tables.STATE_TONES[row.state]),
        "about": about,
        "facts": tables.change_facts(row),
        "course": _course(row),
        "touched": queries.touched_by(row.power),
        "open": _open(row, who),
        "form": form,
    }
    return render(request, "catalogue/powers/change.html", context, status=form.status)


ENTRUSTED = (
    ("entrusted_to", "受委托组织"),
    ("agreement", "委托书文号"),
    ("published_where", "委托书公布的网址或者方式"),
)


@needs(May.KEEP_CATALOGUE)
@require_POST
def change_step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Take one step of a change."""
    row, who = _change(request, number), who_at(request)
    form = made.from_model(forms.Opinion, code="catalogue.power.step", about=str(number))
    value = form.read(request)
    if value is None:
        return _change_page(request, row, form)
    key = UUID(form.key)
    try:
        if step == "check":
            actions.check(who, number, opinion=value.opinion, text_read=value.text_read, key=key)
        elif step == "approve":
            actions.approve(who, number, key=key)
        elif step == "publish":
            actions.publish(who, number, key=key)
        elif step == "return":
            actions.give_back(who, number, reason=value.opinion, key=key)
        elif step == "undo":
            actions.undo(who, number, reason=value.opinion, key=key)
        else:
            raise Missing("power.step", "没有这一步。")
    except Problem as problem:
        form.refuse(problem)
        return _change_page(request, row, form)
    messages.success(request, _("已办理：%(step)s。") % {"step": say(STEPS[step])})
    return htmx.redirect(request, reverse("power-change", args=[number]))
