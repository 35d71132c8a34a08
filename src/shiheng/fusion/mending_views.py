"""隔离行: rows a contract refused, each beside what is wrong with it and what it may have meant, and what is done."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import mending, personal, queries, sheets, sources
from shiheng.fusion.models import Mending, Quarantined
from shiheng.fusion.sheets import Cell
from shiheng.fusion.tables import source_title
from shiheng.jobs.models import UNFINISHED, Job
from shiheng.kernel.errors import Problem, Refused
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Listing, Table
from shiheng.ui.wording import say

TONES = {"open": "warn", "returned": "wait", "mended": "ok"}
# Rows of one reason are counted over so many; more is "1000+", as for every list.
COUNTED = 2_000


QUARANTINE = Table(
    "quarantine",
    "隔离行",
    [
        Column("row", "行号", sort="row", kind="number", href=lambda row: reverse("quarantined", args=[row.pk])),
        Column(
            "batch",
            "批次",
            "batch_id",
            sort="batch_id",
            kind="number",
            href=lambda r: reverse("batch", args=[r.batch_id]),
        ),
        Column(
            "reasons",
            "原因",
            lambda row: "；".join(reason["message"].rstrip("。") for reason in row.reasons),
            kind="link",
            href=lambda row: reverse("quarantined", args=[row.pk]),
        ),
        Column(
            "raw", "原始内容（节选）", lambda row: " | ".join(v for v in personal.shown(row.raw).values() if v)[:80]
        ),
        Column("file", "文件", "batch.filename", hidden=True),
        Column(
            "state",
            "处理",
            lambda row: state_of(row),  # noqa: PLW0108 - defined below
            kind="badge",
        ),
    ],
    [
        Filter(
            "batch",
            "批次号",
            apply=lambda rows, value: rows.filter(batch_id=int(value)) if value.isdigit() else rows.none(),
        ),
        Filter(
            "source",
            "数据源",
            "choice",
            apply=queries.from_source,
            choices=lambda: [(s.code, s.title) for s in sources.every().values()],
        ),
        Filter("state", "处理", "choice", "state", choices=list(Quarantined.STATES.items())),
        Filter("reason", "原因代号", apply=mending.with_reason),
    ],
    default_sort="-batch",
    empty="没有隔离行：接收的每一行都合乎契约。不合契约的行会连同原因列在这里，不会丢失。",
)


def state_of(row: Quarantined) -> tuple[str, str]:
    """What became of a refused row, in a word and a tone."""
    return Quarantined.STATES.get(row.state, row.state), TONES.get(row.state, "done")


def _may_mend(who: Who, row: Quarantined) -> bool:
    return who.may(May.MEND_QUARANTINE, row.scope) or who.may(May.MEND_QUARANTINE, row.batch.scope)


@needs(May.READ_SOURCES)
@require_safe
def quarantine(request: HttpRequest) -> HttpResponseBase:
    """Refused rows of my territory, each with every reason, and by reason what may be done with all of them."""
    who = who_at(request)
    listing = QUARANTINE.read(request, queries.quarantine(who))
    if listing.wants_export:
        return listing.response()
    may = who.may(May.MEND_QUARANTINE)
    context = {
        "listing": listing,
        "reasons": _by_reason(listing) if may else [],
        "counted": COUNTED,
        "running": Job.objects.filter(name=mending.MANY, state__in=UNFINISHED, key__startswith=f"{who.key}:").first()
        if may
        else None,
    }
    return render(request, "fusion/quarantine.html", context)


def _by_reason(listing: Listing) -> list[dict[str, Any]]:
    """The open rows of the list by reason, most frequent first, with the addresses of what may be done with all."""
    rows: Any = listing.matching
    counted: Counter[str] = Counter()
    examples: dict[str, dict[str, str]] = {}
    for reasons in rows.order_by().filter(state="open").values_list("reasons", flat=True)[:COUNTED]:
        for reason in {r["code"]: r for r in reasons}.values():
            counted[reason["code"]] += 1
            examples.setdefault(reason["code"], reason)
    held = {name: listing.params.get(name, "") for name in ("source", "batch")}
    chosen = {name: value for name, value in held.items() if value}
    return [
        {
            "column": examples[code]["column"],
            "example": examples[code]["message"],
            "rows": number,
            "list": listing.url(reason=code, page=None),
            "accept": f"{reverse('quarantine-bulk')}?{urlencode({'step': 'accept', 'reason': code, **chosen})}",
            "reject": f"{reverse('quarantine-bulk')}?{urlencode({'step': 'reject', 'reason': code, **chosen})}",
        }
        for code, number in counted.most_common()
    ]


@needs(May.READ_SOURCES)
@require_safe
def quarantined(request: HttpRequest, number: int) -> HttpResponse:
    """One refused row: as received, as understood, what is wrong, what it may have meant, what was done."""
    who = who_at(request)
    found = queries.refused_row(who, number)
    context: dict[str, Any] = {
        "row": found,
        "personal": personal.sealed_titles(found.raw) if who.may(May.READ_PERSONAL) else (),
        "at": f"refused:{number}",
        "source_title": source_title(found.batch),
        "state": state_of(found),
        "history": _history(found),
        **_beside(found),
    }
    standing = found.batch.state in mending.IN_FORCE
    may = _may_mend(who, found) and standing
    context |= {
        "may_mend": may and found.state in mending.PENDING,
        "may_reopen": may and found.state in {"rejected", "returned"},
        "standing": standing,
        "rejecting": forms.from_model(Rejecting, code="fusion.reject", about=str(number)),
        "reopening": forms.from_model(Reopening, code="fusion.reopen", about=str(number)),
    }
    return render(request, "fusion/quarantined.html", context)


def _beside(found: Quarantined) -> dict[str, Any]:
    """The row cell by cell under its contract; as received alone where the contract cannot read its file any more."""
    try:
        sheet = sheets.sheet_of(found.batch)
        cells = sheet.view(found)
    except Refused as refused:
        kept = personal.shown(found.raw).items()
        return {"cells": [Cell(title, value) for title, value in kept], "unread": refused.message}
    sure = found.state in mending.PENDING and sheet.accepted(found) is not None
    return {"cells": cells, "proposals": [cell for cell in cells if cell.repair], "sure": sure}


def _history(found: Quarantined) -> list[dict[str, Any]]:
    held = Mending.objects.filter(quarantined=found).select_related("batch", "sending").order_by("pk")
    return [
        {
            "mending": one,
            "title": _("采纳建议") if one.proposed else say(Mending.KINDS[one.kind]),
            "changes": [
                (title, before, personal.shown(one.after).get(title, ""))
                for title, before in personal.shown(one.before).items()
            ],
        }
        for one in held
    ]


class Rejecting(BaseModel):
    """不予入档"""

    why: Annotated[
        str, Field(title="不予入档的理由", max_length=500, json_schema_extra={"widget": "textarea", "rows": 2})
    ]


class Reopening(BaseModel):
    """恢复待处理"""

    why: Annotated[str, Field(title="恢复的理由", max_length=500, json_schema_extra={"widget": "textarea", "rows": 2})]


@needs(May.MEND_QUARANTINE)
@require_POST
def accept(request: HttpRequest, number: int) -> HttpResponse:
    """Take the proposals for a row."""
    mending.accept(number, who=who_at(request), key=_key(request))
    messages.success(request, "已采纳建议，这一行将以修正后的内容入档。")
    return htmx.redirect(request, reverse("quarantined", args=[number]))


@needs(May.MEND_QUARANTINE)
@require_POST
def reject(request: HttpRequest, number: int) -> HttpResponse:
    """Leave a row out, with the reason why."""
    form = forms.from_model(Rejecting, code="fusion.reject", about=str(number))
    value = form.read(request)
    mending.reject(number, who=who_at(request), why=value.why if value else "", key=UUID(form.key))
    messages.success(request, "已登记不予入档。")
    return htmx.redirect(request, reverse("quarantined", args=[number]))


@needs(May.MEND_QUARANTINE)
@require_POST
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Take back that a row was left out or sent back."""
    form = forms.from_model(Reopening, code="fusion.reopen", about=str(number))
    value = form.read(request)
    mending.reopen(number, who=who_at(request), why=value.why if value else "", key=UUID(form.key))
    messages.success(request, "这一行已恢复待处理。")
    return htmx.redirect(request, reverse("quarantined", args=[number]))


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key_missing", "这次提交缺少防重编号。请刷新页面后重新提交。") from None


@needs(May.MEND_QUARANTINE)
def mend(request: HttpRequest, number: int) -> HttpResponse:
    """Mend a row by hand: the faulty cells first, all of them when asked for."""
    who = who_at(request)
    found = queries.refused_row(who, number, May.MEND_QUARANTINE)
    sheet = sheets.sheet_of(found.batch)
    cells = [cell for cell in sheet.view(found) if cell.title in sheet.titles]
    every = "all" in request.GET or not any(cell.faulty for cell in cells)
    asked = [(at, cell) for at, cell in enumerate(cells) if every or cell.faulty]
    form = forms.from_model(
        _model(asked), initial={f"c{at}": cell.shown for at, cell in asked}, code="fusion.mend", about=str(number)
    )
    here = reverse("quarantined", args=[number])
    if request.method == "POST" and (value := form.read(request)):
        typed = {cell.title: (getattr(value, f"c{at}"), cell) for at, cell in asked}
        # What is personal is not written into the page: left empty it stays as it came.
        changes = {title: text for title, (text, cell) in typed.items() if text or not cell.personal}
        why: str = getattr(value, "why")  # noqa: B009 - the model is made for this row
        try:
            mending.mend(number, changes, who=who, why=why, key=UUID(form.key))
        except Problem as problem:
            _refuse(form, problem, asked)
        else:
            messages.success(request, "已修正，这一行将以修正后的内容入档。")
            return htmx.redirect(request, here)
    context = {"row": found, "form": form, "every": every, "loose": [r for r in found.reasons if not r["column"]]}
    return render(request, "fusion/mend.html", context, status=form.status)


def _model(asked: Iterable[tuple[int, Cell]]) -> type[BaseModel]:
    """A form with a question for each of these cells, and why."""
    fields: dict[str, Any] = {}
    for at, cell in asked:
        hints = ["".join(cell.reasons)]
        if cell.personal:
            hints.append(_("个人信息不在此显示；留空则保持来文内容（%(said)s）。") % {"said": cell.said or _("空")})
        elif cell.repair:
            hints.append(_("已填入建议；来文为“%(said)s”。%(why)s") % {"said": cell.said, "why": cell.repair.why})
        extra: dict[str, Any] = {"draft": not cell.personal}
        if len(cell.raw) > 60:
            extra["widget"] = "textarea"
        fields[f"c{at}"] = (str, Field("", title=cell.title, description="".join(hints), json_schema_extra=extra))
    fields["why"] = (
        str,
        Field(title="依据", max_length=500, description="例如：电话向报送部门核实、对照营业执照。"),
    )
    return create_model("Mend", **fields)


def _refuse(form: forms.Form[Any], problem: Problem, asked: Iterable[tuple[int, Cell]]) -> None:
    """Each fault beside its cell; those of cells that are not asked for, in the summary."""
    columns = dict(problem.details.get("columns", {}))
    for at, cell in asked:
        named = cell.column.title if cell.column else cell.title
        if told := columns.pop(named, columns.pop(cell.title, "")):
            form.refuse(Refused(problem.code, told, field=f"c{at}"))
    for told in columns.values():
        form.refuse(Refused(problem.code, told))
    if not form.errors:
        form.refuse(problem)


class BulkAccepting(BaseModel):
    """批量采纳建议"""


class BulkRejecting(BaseModel):
    """批量不予入档"""

    why: Annotated[
        str, Field(title="不予入档的理由", max_length=500, json_schema_extra={"widget": "textarea", "rows": 2})
    ]


@needs(May.MEND_QUARANTINE)
def bulk(request: HttpRequest) -> HttpResponse:
    """All open rows of one reason at once: first what would be done with the first of them, then the step."""
    who = who_at(request)
    given = request.GET
    step = given.get("step", "accept")
    number = given.get("batch", "")
    chosen = mending.Chosen(
        source=given.get("source", ""),
        reason=given.get("reason", ""),
        batch=int(number) if number.isdecimal() else None,
    )
    form: forms.Form[Any] = forms.from_model(
        BulkRejecting if step == "reject" else BulkAccepting, code=f"fusion.bulk_{step}", about=given.urlencode()[:100]
    )
    back = f"{reverse('quarantine')}?{urlencode({k: v for k, v in given.items() if k != 'step'})}"
    if request.method == "POST" and (value := form.read(request)) is not None:
        try:
            done = mending.many(step, chosen, who=who, why=getattr(value, "why", ""), key=UUID(form.key))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _told(done))
            return htmx.redirect(request, back)
    rows = chosen.rows(who)
    total = rows[: COUNTED + 1].count()
    context = {
        "step": step,
        "form": form,
        "back": back,
        "total": f"{COUNTED}+" if total > COUNTED else total,
        "lines": _sample(step, rows[:10]),
        "at_once": mending.AT_ONCE,
    }
    return render(request, "fusion/bulk.html", context, status=form.status)


def _sample(step: str, rows: Iterable[Quarantined]) -> list[dict[str, Any]]:
    held = sheets.Sheets()
    lines = []
    for row in rows:
        sheet = held.of(row)
        views = [cell for cell in sheet.view(row) if cell.repair or cell.reasons]
        lines.append({"row": row, "cells": views, "sure": step == "reject" or sheet.accepted(row) is not None})
    return lines


def _told(done: dict[str, Any]) -> str:
    if "job" in done:
        return _("共 %(rows)s 行，已转为后台办理，进度显示在本页。") % {"rows": done["rows"]}
    settled = ngettext("已处置 %(done)s 行。", "已处置 %(done)s 行。", done["done"]) % {"done": done["done"]}
    if not done["left"]:
        return settled
    return settled + _("另有 %(left)s 行没有把握，仍待逐行处理。") % {"left": done["left"]}
