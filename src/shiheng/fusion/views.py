"""Batches: the list, one batch with what came of every row of it, and sending a file in."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel, ConfigDict, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import actions, personal_views, queries, sources, uploads, viewing, withdrawal
from shiheng.fusion.definition import DELIVERIES
from shiheng.fusion.models import Batch
from shiheng.fusion.returns import may_return
from shiheng.fusion.tables import BATCHES, source_title, state_of
from shiheng.fusion.withdrawal_views import may_withdraw
from shiheng.kernel.errors import Problem, Refused
from shiheng.ledger import files
from shiheng.ui import formats, forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.wording import say


@needs(May.READ_SOURCES)
@require_safe
def batches(request: HttpRequest) -> HttpResponseBase:
    """All batches of my territory."""
    listing = BATCHES.read(request, queries.visible_to(who_at(request)))
    if listing.wants_export:
        return listing.response()
    return render(request, "fusion/batches.html", {"listing": listing, "may_land": who_at(request).may(May.LAND_FILES)})


@needs(May.READ_SOURCES)
@require_safe
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """One batch: what came of every row, why rows were refused, and how far it is."""
    found = queries.batch(who_at(request), number)
    context = {
        "batch": found,
        "source_title": source_title(found),
        "state": state_of(found),
        "running": found.state not in actions.DONE,
        "progress": _progress(found),
        "breaches": found.profile.get("breaches", []) if found.state == "refused" else [],
        "replaced_by": found.replaced_by.order_by("pk"),
        "mended_by": found.mended_by.order_by("pk"),
        "may_return": may_return(who_at(request), found),
        "may_withdraw": may_withdraw(who_at(request), found),
        "may_correct": who_at(request).may(May.LAND_FILES, found.scope) and found.state == "published",
        "reasons": queries.reasons_of(who_at(request), found),
        "may_open": who_at(request).may(May.READ_SOURCES, found.scope),
        "about": [
            (_("报送方式"), say(DELIVERIES[found.delivery])),
            (_("格式"), _("，").join(filter(None, (found.media.upper(), found.charset.upper()))) or _("未读")),
            (_("大小"), filesizeformat(found.size)),
            (_("知悉日"), formats.day(found.known_on)),
            ("SHA-256", formats.code(found.file)),
        ],
    }
    return render(request, "fusion/batch.html", context)


def _progress(found: Batch) -> tuple[int, int]:
    """How much of a batch is done: of its rows in chunks, or of the subjects a withdrawal walks over."""
    if found.state != "withdrawing":
        return found.checked_chunks + found.resolved_chunks + found.fused_chunks, found.chunks * 3
    touched = withdrawal.touched_by(found).order_by().values("subject_id").distinct()
    return touched.filter(subject_id__lte=found.cursor).count(), touched.count()


@needs(May.READ_SOURCES)
@require_safe
def original(request: HttpRequest, number: int) -> HttpResponseBase:
    """The file exactly as it was received; one with personal data only for a reason, on record."""
    found = queries.own(who_at(request), number)
    if sources.find(found.source).sensitive():
        return HttpResponseRedirect(personal_views.address(f"file:{number}"))
    return FileResponse(files.open_kept(found.file), as_attachment=True, filename=found.filename)


@needs(May.READ_SOURCES)
@require_safe
def row(request: HttpRequest, number: int, row: int) -> HttpResponse:
    """One row of a landed file as received: where a value of the subject file came from."""
    cells = queries.row_of(who_at(request), number, row)
    found = queries.batch(who_at(request), number)
    context = {
        "batch": found,
        "source_title": source_title(found),
        "row": row,
        "cells": list(cells.items()),
        "personal": viewing.personal_titles(found, row) if who_at(request).may(May.READ_PERSONAL) else (),
        "at": f"row:{number}:{row}",
        "refused": queries.refused_at(who_at(request), number, row),
    }
    return render(request, "fusion/row.html", context)


class Sending(BaseModel):
    """报送文件"""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    source: Annotated[str, Field(title="数据源", json_schema_extra={"widget": "select"})]
    delivery: Annotated[
        str,
        Field(
            title="报送方式",
            description="全量会终止名单以外的记录；不选则按契约的常用方式。",
            json_schema_extra={"widget": "select"},
        ),
    ] = ""
    replaces: Annotated[
        int | None,
        Field(
            title="更正的批次", ge=1, description="更正以前报错的文件时，填写那个批次的编号；新文件入档后它自动撤回。"
        ),
    ] = None
    file: Annotated[
        UploadedFile | None,
        Field(
            title="数据文件",
            description="CSV、XLSX、JSON 或 Parquet，UTF-8 或 GB18030 编码，可以是 .gz 压缩；重复报送不会重复入档。",
            json_schema_extra={"widget": "file", "accept": ".csv,.txt,.xlsx,.json,.jsonl,.parquet,.gz"},
        ),
    ] = None
    upload: Annotated[str, Field(title="已上传的文件", json_schema_extra={"widget": "hidden", "draft": False})] = ""


@needs(May.LAND_FILES)
def send(request: HttpRequest) -> HttpResponse:
    """Send a file in: it is kept as received and goes through its contract row by row."""
    chosen = request.GET.get("source", "")
    replaces = request.GET.get("replaces", "")
    initial = {"source": chosen, "replaces": int(replaces) if replaces.isdecimal() else None}
    form = forms.from_model(Sending, code="fusion.send", initial={k: v for k, v in initial.items() if v})
    every = sources.every()
    form["source"].choices = [
        ("", _("请选择")),
        *(
            (s.code, _("%(title)s（%(department)s）") % {"title": say(s.title), "department": say(s.department)})
            for s in every.values()
        ),
    ]
    ways = {s.code: _titled(s.deliveries) for s in every.values()}
    given = request.POST.get("source", chosen)
    form["delivery"].choices = ways.get(given) or [("", _("按契约的常用方式")), *_titled(DELIVERIES)]
    if request.method == "POST" and (value := form.read(request)):
        try:
            landed = _land(value, who_at(request))
        except Problem as problem:
            form.refuse(problem)
        else:
            told = _("已接收 %(file)s，正在逐行校验；结果会显示在本页。")
            messages.success(request, told % {"file": landed.filename})
            return htmx.redirect(request, reverse("batch", args=[landed.pk]))
    return render(request, "fusion/send.html", {"form": form, "ways": ways}, status=form.status)


def _titled(deliveries: Iterable[str]) -> list[tuple[str, str]]:
    """Ways of delivering as options; of a contract's the usual one comes first."""
    return [(way, str(say(DELIVERIES[way]))) for way in deliveries]


def _land(value: Sending, who: Who) -> Batch:
    """Land the file of this form: sent with it, or piece by piece before it."""
    how: dict[str, Any] = {"delivery": value.delivery, "replaces": value.replaces, "who": who}
    if value.upload:
        upload = uploads.find(who, value.upload)
        landed = actions.land(value.source, uploads.whole(upload), filename=upload.name, **how)
        uploads.finish(upload)
        return landed
    if value.file is None:
        raise Refused("upload.none", _("请选择要报送的文件。"), field="file")
    return actions.land(value.source, value.file, filename=value.file.name or "", **how)


@needs(May.LAND_FILES)
@require_POST
def upload_begin(request: HttpRequest) -> JsonResponse:
    """Open an upload in pieces, or go on with one: where to go on from."""
    given = request.POST
    size = int(given["size"]) if given.get("size", "").isdecimal() else 0
    try:
        found = uploads.begin(
            who_at(request), name=given.get("name", ""), size=size, fingerprint=given.get("fingerprint", "")
        )
    except Problem as problem:
        return _told(problem)
    return JsonResponse({"id": str(found.pk), "offset": uploads.received(found)})


@needs(May.LAND_FILES)
@require_POST
def upload_piece(request: HttpRequest, upload: UUID) -> JsonResponse:
    """Take one piece at the offset named in ``Upload-Offset``."""
    offset = request.headers.get("Upload-Offset", "")
    try:
        found = uploads.find(who_at(request), upload)
        if not offset.isdecimal():
            raise Refused("upload.offset", _("请求缺少 Upload-Offset。"))
        return JsonResponse({"offset": uploads.append(found, offset=int(offset), piece=request.body)})
    except Problem as problem:
        return _told(problem)


def _told(problem: Problem) -> JsonResponse:
    return JsonResponse({"code": problem.code, "message": problem.message, **problem.details}, status=problem.status)
