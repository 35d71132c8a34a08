"""承办负荷: what each officer has, handing files over, leave with a deputy."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.models import Account
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Problem
from shiheng.procedures import tables
from shiheng.procedures.duty import actions, queries
from shiheng.procedures.duty.queries import Load
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table

MOST = 500


def _desk(load: Load, **asked: object) -> str:
    """The desk with exactly the files a figure counts."""
    whose = {"officer": load.name} if load.account else {"nobody": "1"}
    return f"{reverse('files')}?{urlencode({**whose, **{k: str(v) for k, v in asked.items()}})}"


def loads_table() -> Table:
    until = queries.soon_until()

    def soon(load: Load) -> str:
        return _desk(load, due_from=clock.today(), due_to=until)

    def away(load: Load) -> tuple[str, str]:
        if load.away is None:
            return "", "plain"
        told = {"until": load.away.until, "name": load.away.deputy_name}
        return str(_("%(until)s 前由%(name)s代办") % told), "wait"

    return Table(
        "loads",
        "承办负荷",
        [
            Column("name", "承办人", "name", kind="link", sort="name",
                   href=lambda load: reverse("file-officer", args=[load.account]) if load.account else _desk(load)),
            Column("offices", "单位", "offices"),
            Column("open", "在办", "open", kind="number", sort="open", href=_desk),
            Column("soon", "五个工作日内到期", "soon", kind="number", sort="soon", href=soon),
            Column("late", "已超期", "late", kind="number", sort="late", href=lambda load: _desk(load, late=1)),
            Column("away", "离岗", away, kind="badge"),
        ],
        [Filter("q", "姓名或单位", apply=lambda rows, text: [r for r in rows if text in f"{r.name} {r.offices}"])],
        empty="辖区内没有承办案卷的工作人员。",
        row_label="name",
    )  # fmt: skip


@needs(May.ASSIGN_FILES)
@require_safe
@never_cache
def every(request: HttpRequest) -> HttpResponseBase:
    """How much each officer has; each figure opens its files."""
    listing = loads_table().read(request, queries.loads(who_at(request)))
    if listing.wants_export:
        return listing.response()
    return render(request, "procedures/duty/every.html", {"listing": listing})


@needs(May.ASSIGN_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def officer(request: HttpRequest, account: int) -> HttpResponseBase:
    """One officer: open files with what would become of each if handed over, in one act; leaves."""
    who = who_at(request)
    held = queries.find_officer(who, account)
    rows = list(queries.open_files_of(who, account)[:MOST])
    form = _transferring(who, held)
    shown: list[tuple[Any, str]] = [(row, "") for row in rows]
    to: Account | None = None
    chosen = {int(text) for text in request.POST.getlist("chosen") if text.isdigit() and len(text) < 19}
    if request.method == "POST" and (given := form.read(request)):
        values = given.model_dump()
        to = Account.objects.filter(pk=int(values["to"])).first()
        picked = [row for row in rows if row.pk in chosen]
        try:
            if not picked:
                form.refuse(Problem("file.none", _("还没有勾选任何一件案卷。")))
            elif request.POST.get("confirmed") == "1":
                moved, stays = actions.transfer(
                    who, account, [row.pk for row in picked], int(values["to"]), reason=values["reason"],
                    key=UUID(str(form.key)),
                )  # fmt: skip
                told = _("已移交 %(moved)s 件，%(stays)s 件没有移交。") % {"moved": moved, "stays": stays}
                messages.success(request, told)
                return redirect("file-officer", account)
        except Problem as problem:
            form.refuse(problem)
        unfit = queries.refusals(picked, to) if to else {}
        shown = [(row, unfit.get(row.pk, "")) for row in rows]
    asked = bool(to and chosen and request.method == "POST")
    context = {
        "officer": held,
        "rows": [(row, why, not asked or row.pk in chosen, tables.urgency(row), tables.state_of(row),
                  tables.procedure_title(row)) for row, why in shown],
        "goes": sum(1 for row, why in shown if row.pk in chosen and not why),
        "asked": asked,
        "to": to,
        "form": form,
        "leaves": queries.leaves_of(account)[:50],
        "today": clock.today(),
    }  # fmt: skip
    return render(request, "procedures/duty/officer.html", context, status=form.status)


def _transferring(who: Who, held: Account) -> Form[Any]:
    model = create_model(
        "Transferring", to=(str, Field(title="移交给")),
        reason=(str, Field(title="理由", max_length=actions.REASON_MOST)),
    )  # fmt: skip
    people = [(str(one.pk), one.name) for one in queries.officers_of(who) if one.pk != held.pk]
    return forms.from_model(model, code="procedures.transfer", about=str(held.pk), choices={"to": people})


@needs(May.ASSIGN_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def leave(request: HttpRequest, account: int) -> HttpResponseBase:
    """Put down that somebody is away, and who stands in."""
    who = who_at(request)
    held = queries.find_officer(who, account)
    short: dict[str, Any] = {"width": "short"}
    model = create_model(
        "Leaving", deputy=(str, Field(title="代办人")),
        since=(date, Field(title="自", json_schema_extra=short)),
        until=(date, Field(title="至", description="最后一天也算离岗。", json_schema_extra=short)),
        reason=(str, Field(title="事由", max_length=200)),
    )  # fmt: skip
    people = [(str(one.pk), one.name) for one in queries.officers_of(who) if one.pk != held.pk]
    form: Form[Any] = forms.from_model(model, code="procedures.leave", about=str(account), choices={"deputy": people})
    if request.method == "POST" and (given := form.read(request)):
        values = given.model_dump()
        try:
            made = actions.enter_leave(
                who, account, int(values["deputy"]), since=values["since"], until=values["until"],
                reason=values["reason"], key=UUID(str(form.key)),
            )  # fmt: skip
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已登记，%(name)s代办。") % {"name": made.deputy_name})
            return redirect("file-officer", account)
    return render(request, "procedures/duty/leave.html", {"officer": held, "form": form}, status=form.status)


@needs(May.ASSIGN_FILES)
@require_POST
def back(request: HttpRequest, number: int) -> HttpResponseBase:
    """End a leave before its day."""
    held = actions.cancel_leave(who_at(request), number)
    messages.success(request, _("已返岗，代办的案卷已经交还。") if held.state == "ended" else _("已取消离岗登记。"))
    return redirect("file-officer", held.account_id)
