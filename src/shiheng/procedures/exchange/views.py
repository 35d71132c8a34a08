"""来件总台账: every channel in one list; the files platforms sent, row by row; what waits to be put right."""

from typing import Annotated, Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, ConfigDict, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.kernel.errors import Problem
from shiheng.ledger import files as kept
from shiheng.procedures.exchange import queries, replying, tables, taking
from shiheng.procedures.exchange.definition import Platform
from shiheng.procedures.exchange.models import Order, PlatformFile
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.grids import ACCEPTED
from shiheng.ui.pages import render


@needs(May.READ_FILES)
@require_safe
@never_cache
def queue(request: HttpRequest) -> HttpResponseBase:
    """One list of every matter that came in, with how many came by which channel on which day."""
    who = who_at(request)
    listing = tables.queue().read(request, tables.rows_of_queue(who))
    if listing.wants_export:
        return listing.response()
    days, lines = tables.by_day(who)
    context = {"listing": listing, "stats": tables.stats(who), "days": days, "lines": lines,
               "takes": queries.may_intake(who)}  # fmt: skip
    return render(request, "procedures/exchange/queue.html", context)


class Uploading(BaseModel):
    """平台文件"""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    platform: str = Field(title="来自")
    kind: str = Field(title="文件种类")
    file: Annotated[
        UploadedFile,
        Field(title="文件", description="xlsx 或者 csv（UTF-8、GB18030 都可以），按平台导出的原样上传。",
              json_schema_extra={"accept": ACCEPTED}),
    ]  # fmt: skip


WAYS = [
    ("orders", "来件（每行一件，登记成案卷）"),
    ("roster", "对账清单（只核对，不登记）"),
    ("receipts", "回复的回执"),
]


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def files(request: HttpRequest) -> HttpResponseBase:
    """The files that came and went; taking one in."""
    who = who_at(request)
    platforms = queries.platforms()
    form: Form[Any] | None = None
    if queries.may_intake(who):
        form = forms.from_model(
            Uploading, code="procedures.platform",
            choices={"platform": [(one.code, one.title) for one in platforms], "kind": WAYS},
        )  # fmt: skip
    if request.method == "POST" and form and (given := form.read(request)):
        content, name = given.file.read(), given.file.name or ""
        try:
            if given.kind == "receipts":
                made, fresh = replying.take_receipts(who, given.platform, content, name, key=UUID(str(form.key)))
            else:
                made, fresh = taking.take(who, given.platform, content, name, kind=given.kind, key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _told(made, fresh=fresh))
            return redirect("order-file", made.pk)
    context = {"form": form, "platforms": platforms, "files": _files(who)}
    return render(request, "procedures/exchange/files.html", context, status=form.status if form else 200)


def _told(made: PlatformFile, *, fresh: bool) -> str:
    if not fresh:
        return str(_("这份文件收过了，没有重复登记。"))
    if made.kind != "orders":
        return str(_("已收下 %(n)s 行。") % {"n": made.rows})
    counts = taking.counts(made)
    return str(_("共 %(rows)s 行：登记 %(opened)s 件，已经收过 %(known)s 件，待处理 %(quarantined)s 件。") % {
        "rows": made.rows, **counts})  # fmt: skip


def _files(who: Who) -> list[tuple[PlatformFile, str]]:
    titles = {one.code: one.title for one in queries.platforms()}
    return [(row, titles.get(row.platform, row.platform)) for row in queries.files(who).order_by("-at", "-pk")[:50]]


@needs(May.READ_FILES)
@require_safe
@never_cache
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """One file: every row with what became of it."""
    who = who_at(request)
    found = queries.find_file(who, number)
    platform = queries.version_of(found.platform, found.version)
    rows = Order.objects.filter(file=found).select_related("proceeding", "twin")
    listing = tables.orders(platform).read(request, rows)
    if listing.wants_export:
        return listing.response()
    counts = taking.counts(found)
    sums = [
        (_("登记成案卷"), counts["opened"], "?state=opened"),
        (_("已经收过"), counts["known"], "#known"),
        (_("待处理"), counts["quarantined"], "?state=quarantined"),
        (_("不予收下"), counts["dropped"], "?state=dropped"),
    ]
    sums += [(_("等待登记"), counts["read"], "?state=read")] if counts["read"] else []
    replies = found.replies.select_related("order").order_by("pk") if found.kind == "replies" else []
    context = {"file": found, "platform": platform, "listing": listing, "sums": sums, "known": _known(found),
               "replies": replies, "handles": queries.may_intake(who, found.scope)}  # fmt: skip
    return render(request, "procedures/exchange/file.html", context)


def _known(found: PlatformFile) -> list[tuple[int, str, int | None]]:
    numbers = [number for _line, number in found.known[:200]]
    held = dict(Order.objects.filter(platform=found.platform, number__in=numbers).values_list("number", "pk"))
    return [(line, number, held.get(number)) for line, number in found.known[:200]]


@needs(May.HANDLE_FILES)
@require_safe
@never_cache
def content(request: HttpRequest, number: int) -> HttpResponseBase:
    """A file as it came or as it leaves, to those at intake."""
    who = who_at(request)
    found = queries.find_file(who, number)
    taking.check_reader(who, found)
    return FileResponse(kept.open_kept(found.digest), as_attachment=True, filename=found.name)


@needs(May.READ_FILES)
@require_safe
@never_cache
def waiting(request: HttpRequest) -> HttpResponseBase:
    """来件待处理: every row of every file that waits to be put right."""
    who = who_at(request)
    listing = tables.orders(None).read(request, queries.orders(who).filter(state="quarantined"))
    if listing.wants_export:
        return listing.response()
    return render(request, "procedures/exchange/waiting.html", {"listing": listing})


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def order(request: HttpRequest, number: int) -> HttpResponseBase:
    """One matter as its platform told it: what is wrong and putting it right; its clock, its files, its replies."""
    who = who_at(request)
    found = queries.find_order(who, number)
    platform = queries.version_of(found.platform, found.version)
    may = queries.may_intake(who, found.scope)
    mends = may and found.state == "quarantined"
    form = _mending(platform, found) if mends else _replying(platform, found) if may else None
    dropping = _dropping(found) if mends else None
    status = 200
    if request.method == "POST" and form:
        try:
            if dropping and "drop_reason" in request.POST:
                if given := dropping.read(request):
                    taking.drop(who, number, reason=given.drop_reason, key=UUID(str(dropping.key)))
                    messages.success(request, _("已记为不予收下。"))
                    return redirect("order", number)
                status = dropping.status
            elif given := form.read(request):
                _done(request, who, found, given.model_dump(), UUID(str(form.key)))
                return redirect("order", number)
            else:
                status = form.status
        except Problem as problem:
            (dropping if dropping and "drop_reason" in request.POST else form).refuse(problem)
            status = problem.status
    cells = queries.cells_of(found)
    context = {
        "order": found, "platform": platform, "form": form, "dropping": dropping, "mends": mends,
        "cells": [(col.title, cells[col.name]) for col in platform.columns if cells.get(col.name)],
        "faults": [tables.fault_words(found.line, fault) for fault in found.faults],
        "due": tables.order_words(found), "replies": found.replies.order_by("-number"),
        "state": (Order.STATES[found.state], tables.TONES[found.state]),
    }  # fmt: skip
    return render(request, "procedures/exchange/order.html", context, status=status)


def _done(request: HttpRequest, who: Who, found: Order, values: dict[str, Any], key: UUID) -> None:
    if found.state == "quarantined":
        reason = str(values.pop("reason_"))
        made = taking.mend(who, found.pk, {n: str(v or "") for n, v in values.items()}, reason=reason, key=key)
        number = made.proceeding.number if made.proceeding else ""
        messages.success(request, _("已补正并登记，编号 %(number)s。") % {"number": number})
        return
    replying.write(who, found.pk, outcome=values["outcome"], content=values["content"], key=key)
    messages.success(request, _("回复已拟定，随下一份回复文件发出。"))


def _mending(platform: Platform, found: Order) -> Form[Any]:
    """Every column of the row to be put right; what is personal stands in it whole, for it is to be mended."""
    cells = queries.cells_of(found, whole=True)
    wrong = {str(fault["column"]) for fault in found.faults}
    asked: dict[str, Any] = {}
    for col in platform.columns:
        extra: dict[str, Any] = {"draft": not col.personal}
        if col.name == "content":
            extra["widget"] = "textarea"
        why = next((str(fault["why"]) for fault in found.faults if fault["column"] == col.title), None)
        told: dict[str, Any] = {"title": col.title, "max_length": col.longest, "description": why}
        field = Field(**told, json_schema_extra=extra) if col.required else Field(
            default=None, **told, json_schema_extra=extra
        )  # fmt: skip
        asked[col.name] = (str if col.required else str | None, field)
    asked["reason_"] = (str, Field(title="补正的依据", max_length=300, description="例如：电话核实、平台更正。"))
    model = create_model("Mending", **asked)
    form = forms.from_model(model, code="procedures.order", about=str(found.pk), initial=cells)
    # What is wrong stands first.
    form.fields.sort(key=lambda item: (item.name == "reason_", item.title not in wrong))
    return form


def _dropping(found: Order) -> Form[Any]:
    field = Field(title="不予收下的理由", max_length=300, description="例如：与某号重复、平台的测试数据。")
    model = create_model("Dropping", drop_reason=(str, field))
    return forms.from_model(model, code="procedures.order.drop", about=str(found.pk))


def _replying(platform: Platform, found: Order) -> Form[Any] | None:
    """The reply as it begins, once the file came to something."""
    held = replying.outcome_of(platform, found) if found.state == "opened" and not found.answered_on else None
    if held is None:
        return None
    ready = found.replies.filter(state="ready").first()
    words = list(dict.fromkeys(one.word for one in platform.outcomes))
    model = create_model(
        "Replying",
        outcome=(str, Field(title="办理结果")),
        content=(str, Field(title="回复内容", max_length=replying.LONGEST, json_schema_extra={"widget": "textarea"})),
    )
    initial = {
        "outcome": ready.outcome if ready else held[1].word,
        "content": ready.content if ready else replying.words_of(platform, found),
    }
    choices = {"outcome": [(word, word) for word in words]}
    return forms.from_model(
        model, code="procedures.reply", about=str(found.pk), initial=initial, choices=choices
    )  # fmt: skip
