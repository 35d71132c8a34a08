"""涉案财物: what lies in which store with how many days left, all of it counted; taking stock of a store."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.procedures import queries as files
from shiheng.procedures import tables
from shiheng.procedures.flowing import actions, queries
from shiheng.procedures.flowing.definition import TITLES
from shiheng.procedures.models import Goods, Stocktake
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say


def _number(name: str, *, hidden: bool = False) -> Column:
    return Column(name, TITLES[name], name, sort=name, kind="number", hidden=hidden)


def _left(row: Goods) -> tuple[str, str]:
    if not row.held:
        return str(_("已处理")), "done"
    return tables.left_words(row.due, clock.today())


def _lying(rows: "QuerySet[Goods]", _on: object) -> "QuerySet[Goods]":
    return rows.filter(queries.LYING)


def _late(rows: "QuerySet[Goods]", _on: object) -> "QuerySet[Goods]":
    return rows.filter(held__gt=0, due__lt=clock.today())


def _soon(rows: "QuerySet[Goods]", _on: object) -> "QuerySet[Goods]":
    today = clock.today()
    return rows.filter(held__gt=0, due__gte=today, due__lte=today + queries.SOON)


def _some(name: str, rows: "QuerySet[Goods]", _on: object) -> "QuerySet[Goods]":
    return rows.filter(**{f"{name}__gt": 0})


GOODS = Table(
    "goods",
    "涉案财物",
    [
        Column("thing", "物品", "thing", kind="link",
               href=lambda row: reverse("register-entry", args=[row.entry.register, row.entry_id])),
        Column("file", "案号", "proceeding.number", kind="link",
               href=lambda row: reverse("file", args=[row.proceeding_id])),
        Column("place", "存放地点", "place", sort="place"),
        Column("unit", "单位", "unit", hidden=True),
        _number("count"), _number("held"), _number("released"), _number("confiscated"), _number("gone"),
        _number("handed", hidden=True),
        Column("value", "估价", "value", sort="value", kind="money", hidden=True),
        Column("left", "期限", _left, kind="badge", sort="due"),
        Column("due", "期限届满日", "due", kind="day", sort="due", hidden=True),
    ],
    [
        Filter("q", "物品", "text", apply=lambda rows, text: rows.filter(thing__contains=text.strip())),
        Filter("place", "存放地点", apply=lambda rows, text: rows.filter(place=text)),
        Filter("lying", "只看在库的", "flag", apply=_lying),
        Filter("late", "已超期", "flag", apply=_late),
        Filter("soon", "十日内到期", "flag", apply=_soon),
        *(
            Filter(f"has-{name}", TITLES[name], "flag", apply=partial(_some, name))
            for name in TITLES if name != "count"
        ),
    ],
    default_sort="due",
    empty="没有查封、扣押、先行登记保存的财物。",
    row_label="thing",
)  # fmt: skip


@needs(May.READ_FILES)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every thing, how many of it are where, and the stores with what is due first."""
    who = who_at(request)
    table = GOODS.read(request, queries.visible_to(who))
    if table.wants_export:
        return table.response()
    totals = queries.totals(who)
    shown = [(say(title), totals[name], "?" if name == "count" else f"?has-{name}=1") for name, title in TITLES.items()]
    context = {
        "listing": table, "totals": shown, "places": queries.places(who), "adds_up": _adds_up(totals),
        "stocktakes": queries.stocktakes(who)[:10], "counts": who.may(May.HANDLE_FILES),
    }  # fmt: skip
    return render(request, "procedures/flowing/goods.html", context)


def _adds_up(totals: dict[str, int]) -> bool:
    return totals["count"] == sum(number for name, number in totals.items() if name != "count")


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def count(request: HttpRequest) -> HttpResponseBase:
    """Take stock of one place (``?place=``): every thing the books say lies there, and how many were found."""
    who, place = who_at(request), request.GET.get("place", "")
    rows = [row for row in queries.lying_at(who, place) if who.may(May.HANDLE_FILES, row.scope)]
    if not rows:
        raise Missing("stock.place", _("账上没有存放在这里的财物，或它们不在您的管辖范围内。"))
    form = _counting(who, place, rows)
    if request.method == "POST" and (given := form.read(request)):
        values = given.model_dump()
        try:
            made = actions.take_stock(
                who, place, {row.pk: values[f"found_{row.pk}"] for row in rows}, other=values["other"],
                why={row.pk: values[f"why_{row.pk}"] or "" for row in rows}, key=UUID(str(form.key)),
            )  # fmt: skip
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已记入盘点。"))
            return redirect("stocktake", made.pk)
    context = {"place": place, "form": form, "rows": rows}
    return render(request, "procedures/flowing/count.html", context, status=form.status)


def _counting(who: Who, place: str, rows: list[Goods]) -> Form[Any]:
    asked: dict[str, Any] = {}
    for row in rows:
        title = str(_("账面 %(n)s %(unit)s")) % {"n": row.held + row.confiscated, "unit": row.unit}
        group = {"group": f"{row.thing}（{row.proceeding.number}）", "width": "short"}
        asked[f"found_{row.pk}"] = (int, Field(title="实点数量", ge=0, description=title, json_schema_extra={**group}))
        asked[f"why_{row.pk}"] = (str | None, Field(default=None, title="差异说明", max_length=300))
    other = Field(title="另一名盘点人", max_length=60, json_schema_extra={"group": "盘点人"})
    model: type[BaseModel] = create_model("Counting", **asked, other=(str, other))
    names = {row.name for scope in {row.scope for row in rows} for row in files.officers_at(scope)}
    choices = {"other": [(name, name) for name in sorted(names - {who.name})]}
    return forms.from_model(model, code="procedures.stocktake", about=place, choices=choices)


class Reviewing(BaseModel):
    """审核盘点结果"""

    view: Annotated[
        str,
        Field(title="查明的原因和处理意见", max_length=500, json_schema_extra={"widget": "textarea"},
              description="账物相符的可以留空。"),
    ] = ""  # fmt: skip


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stocktake(request: HttpRequest, number: int) -> HttpResponseBase:
    """One stocktaking: what differs first; its review by another."""
    who = who_at(request)
    held = queries.stocktake(who, number)
    reviews = held.closed_at is None and held.actor != who.key and who.may(May.ASSIGN_FILES, held.scope)
    form = forms.from_model(Reviewing, code="procedures.stocktake.review", about=str(number)) if reviews else None
    if request.method == "POST" and form and (given := form.read(request)):
        try:
            actions.review_stock(who, number, given.view, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已审核。"))
            return redirect("stocktake", number)
    context = {"held": held, "lines": _lines(held), "form": form}
    return render(request, "procedures/flowing/stocktake.html", context, status=form.status if form else 200)


def _lines(held: Stocktake) -> list[dict[str, Any]]:
    lines = [{**line, "difference": line["found"] - line["booked"]} for line in held.lines]
    return sorted(lines, key=lambda line: not line["difference"])
