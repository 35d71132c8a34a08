"""目录比对: the catalogue of the level above, loaded and taken into use; our list beside it; taking items over."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.catalogue.powers import actions, comparing, forms, queries, tables, upper
from shiheng.catalogue.powers.comparing import Compared
from shiheng.catalogue.powers.definition import FIELDS
from shiheng.catalogue.powers.effective import fields_of
from shiheng.catalogue.powers.models import UpperCatalogue
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.ui import formats, htmx
from shiheng.ui import forms as made
from shiheng.ui.pages import render
from shiheng.ui.wording import say


@needs(May.SEE_DESK)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Our list beside the catalogue in use, item by item."""
    held = queries.current_upper()
    rows = queries.compared(held) if held else []
    table = tables.COMPARED.read(request, rows)
    if table.wants_export:
        return table.response()
    counts = Counter(row.status for row in rows)
    context = {
        "held": held,
        "listing": table,
        "counts": [(title, counts[code], f"?status={code}") for code, title in comparing.STATUSES.items()],
        "total": len(rows),
        "may_keep": who_at(request).may(May.KEEP_CATALOGUE),
    }
    return render(request, "catalogue/powers/compare.html", context)


def _sides(row: Compared) -> list[tuple[str, str, str, bool]]:
    """Every field that is compared: title, ours, theirs, whether it differs."""
    ours = fields_of(row.ours) if row.ours else {}
    theirs: dict[str, Any] = {}
    if row.theirs:
        theirs = {
            "title": row.theirs.title,
            "kind": row.theirs.kind,
            "instrument": row.theirs.instrument,
            "article": row.theirs.article,
            "levels": list(row.theirs.levels),
            "statutory": row.theirs.statutory,
            "base_code": row.theirs.base_code,
        }
    differing = {held.name for held in row.differences}
    names = ("title", "kind", "instrument", "article", "levels", "statutory", "base_code")
    return [
        (
            say(FIELDS[name]),
            tables.told(name, ours.get(name)) if row.ours else "—",
            tables.told(name, theirs.get(name)) if row.theirs else "—",
            name in differing,
        )
        for name in names
    ]


@needs(May.SEE_DESK)
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One item of both sides, and taking over what the catalogue above says."""
    held = queries.current_upper()
    if held is None:
        raise Missing("upper.none", "还没有启用上级目录。")
    row = queries.compared_one(held, key)
    who = who_at(request)
    open_to = who.may(May.KEEP_CATALOGUE) and row.status != comparing.SAME
    model = forms.AdoptNew if row.status == comparing.LACKING else forms.Adopt
    form = made.from_model(model, code="catalogue.power.adopt", about=key, initial={"in_force_from": clock.today()})
    if request.method == "POST" and open_to and (value := form.read(request)):
        try:
            drafted = actions.adopt(
                who,
                held,
                key,
                reason=value.reason,
                in_force_from=value.in_force_from,
                field=getattr(value, "field", ""),
                unit=getattr(value, "unit", ""),
                key=UUID(form.key),
            )
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已按上级目录起草调整，等待合法性审核。"))
            return htmx.redirect(request, reverse("power-change", args=[drafted.pk]))
    context = {
        "row": row,
        "held": held,
        "status": (comparing.STATUSES[row.status], tables.COMPARED_TONES[row.status]),
        "sides": _sides(row),
        "touched": queries.touched_by(row.ours.code) if row.ours else [],
        "form": form if open_to else None,
        "pending": queries.visible_to(who)
        .filter(power=row.ours.code if row.ours else f"local.{key}")
        .exclude(state__in=["published", "returned", "undone"])
        .first(),
    }
    return render(request, "catalogue/powers/compare_one.html", context, status=form.status)


@needs(May.KEEP_CATALOGUE)
def uppers(request: HttpRequest) -> HttpResponseBase:
    """The catalogues that were loaded, and loading one."""
    form = made.from_model(forms.Upload, code="catalogue.upper")
    if request.method == "POST" and (value := form.read(request)):
        try:
            row = upper.load(
                who_at(request),
                value.file.read(upper.LARGEST + 1),
                value.file.name or "",
                title=value.title,
                issued_by=value.issued_by,
                issued_on=value.issued_on,
                key=UUID(form.key),
            )
        except Problem as problem:
            form.refuse(problem)
        else:
            return htmx.redirect(request, reverse("upper-catalogue", args=[row.pk]))
    table = tables.UPPERS.read(request, UpperCatalogue.objects.all())
    if table.wants_export:
        return table.response()
    context = {"form": form, "listing": table}
    return render(request, "catalogue/powers/uppers.html", context, status=form.status)


@needs(May.KEEP_CATALOGUE)
def upper_one(request: HttpRequest, number: int) -> HttpResponse:
    """One loaded catalogue: what was read, what was not and why; taking it into use."""
    row = UpperCatalogue.objects.filter(pk=number).first()
    if row is None:
        raise Missing("upper.unknown", "没有这份目录。")
    form = made.from_model(forms.Use, code="catalogue.upper.use", about=str(number))
    if request.method == "POST" and (value := form.read(request)):
        try:
            upper.use(who_at(request), number, knowing=value.knowing, key=UUID(form.key))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已启用，比对结果已按这份目录重新计算。"))
            return htmx.redirect(request, reverse("powers-compare"))
    counts = Counter(held.status for held in queries.compared(row)) if row.state == "preview" else Counter()
    context = {
        "row": row,
        "state": (UpperCatalogue.STATES[row.state], tables.UPPER_TONES[row.state]),
        "about": [
            ("发布机关", row.issued_by),
            ("发布日期", formats.day(row.issued_on)),
            ("文件名", row.filename),
            ("文件摘要", formats.code(row.sha256)),
            ("行数", row.rows),
            ("读入", row.accepted),
            ("有误", row.faulty),
            ("载入人", row.loaded_by),
        ],
        "faults": [(f["line"], say(f["column"]), f["value"], say(f["why"]) % f["facts"]) for f in row.faults],
        "counts": [(title, counts[code]) for code, title in comparing.STATUSES.items()],
        "form": form if row.state == "preview" else None,
    }
    return render(request, "catalogue/powers/upper.html", context, status=form.status)
