"""数据归集: sources and what they last sent, a batch and every row it refused, and sending a file in."""

from typing import Annotated
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel, ConfigDict, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import actions, queries, sources, uploads
from shiheng.fusion.definition import FIELDS, Source
from shiheng.fusion.models import Batch
from shiheng.kernel.errors import Problem, Refused
from shiheng.ledger import files
from shiheng.subjects import layout
from shiheng.ui import formats, forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {"published": "ok", "refused": "late", "withdrawn": "done"}


def _state(batch: Batch) -> tuple[str, str]:
    return batch.get_state_display(), TONES.get(batch.state, "wait")


def _source_title(batch: Batch) -> str:
    found = sources.every().get(batch.source)
    return str(say(found.title)) if found else batch.source


BATCHES = Table(
    "batches",
    "批次",
    [
        Column("pk", "批次", sort="pk", kind="number", href=lambda row: reverse("batch", args=[row.pk])),
        Column("filename", "文件", kind="link", href=lambda row: reverse("batch", args=[row.pk])),
        Column("source", "数据源", _source_title),
        Column("landed_at", "接收时间", sort="landed_at", kind="moment"),
        Column("landed_by", "接收人", kind="person"),
        Column("state", "状态", _state, kind="badge", sort="state"),
        Column("rows_in", "来文行数", sort="rows_in", kind="number"),
        Column("accepted", "接受", sort="accepted", kind="number"),
        Column(
            "quarantined",
            "隔离",
            sort="quarantined",
            kind="number",
            href=lambda row: f"{reverse('quarantine')}?batch={row.pk}" if row.quarantined else None,
        ),
        Column("media", "格式", hidden=True),
        Column("charset", "字符集", hidden=True),
    ],
    [
        Filter(
            "source",
            "数据源",
            "choice",
            "source",
            choices=lambda: [(s.code, s.title) for s in sources.every().values()],
        ),
        Filter("state", "状态", "choice", "state", choices=list(Batch.STATES.items())),
        Filter("day", "接收日期", "day_range", "known_on"),
        Filter("filename", "文件名含", lookup="filename__icontains"),
    ],
    default_sort="-pk",
    empty="还没有报送过文件。有报送权限的数据专员可以点“报送文件”，接收的每个文件会在这里成为一个批次。",
)


@needs(May.READ_SOURCES)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Every source: what it last sent, how many rows came in, were accepted, were quarantined."""
    who = who_at(request)
    lines = queries.desk(who)
    totals = {name: sum(getattr(line, name) for line in lines) for name in ("rows_in", "accepted", "quarantined")}
    return render(
        request,
        "fusion/desk.html",
        {
            "lines": [(line, _state(line.last) if line.last else None) for line in lines],
            "totals": totals,
            "mine": queries.quarantine(who).count(),
            "may_land": who.may(May.LAND_FILES),
        },
    )


def _contract_rows(source: Source) -> list[tuple[str, str, str, str]]:
    said = {column: say(FIELDS.get(name)) or layout.title_of_said(name, say) for name, column in source.said().items()}
    return [
        (
            c.title,
            _("、").join(c.aliases) or "—",
            _("必需") if c.required else _("可缺"),
            said.get(c.name) or _("不入档"),
        )
        for c in source.columns
    ]


def _frequency(days: int) -> str:
    if not days:
        return _("未声明")
    return ngettext("每 %(days)s 日", "每 %(days)s 日", days) % {"days": days}


@needs(May.READ_SOURCES)
@require_safe
def source(request: HttpRequest, code: str) -> HttpResponseBase:
    """One source: its contract in words and its batches."""
    found = sources.find(code)
    listing = BATCHES.read(request, queries.visible_to(who_at(request)).filter(source=code))
    if listing.wants_export:
        return listing.response()
    about = [
        (_("编码"), found.code),
        (_("责任部门"), say(found.department) or _("未声明")),
        (_("契约版本"), found.version),
        (_("报送周期"), _frequency(found.frequency_days)),
        (_("用途"), say(found.purpose)),
    ]
    context = {"source": found, "about": about, "columns": _contract_rows(found), "listing": listing}
    return render(request, "fusion/source.html", context)


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
        "source_title": _source_title(found),
        "state": _state(found),
        "running": found.state not in actions.DONE,
        "done": found.checked_chunks + found.resolved_chunks + found.fused_chunks,
        "total": found.chunks * 3,
        "reasons": queries.reasons_of(who_at(request), found),
        "may_open": who_at(request).may(May.READ_SOURCES, found.scope),
        "about": [
            (_("格式"), _("，").join(filter(None, (found.media.upper(), found.charset.upper()))) or _("未读")),
            (_("大小"), filesizeformat(found.size)),
            (_("知悉日"), formats.day(found.known_on)),
            ("SHA-256", formats.code(found.file)),
        ],
    }
    return render(request, "fusion/batch.html", context)


@needs(May.READ_SOURCES)
@require_safe
def original(request: HttpRequest, number: int) -> FileResponse:
    """The file exactly as it was received."""
    found = queries.own(who_at(request), number)
    return FileResponse(files.path_of(found.file).open("rb"), as_attachment=True, filename=found.filename)


@needs(May.READ_SOURCES)
@require_safe
def row(request: HttpRequest, number: int, row: int) -> HttpResponse:
    """One row of a landed file as received: where a value of the subject file came from."""
    cells = queries.row_of(who_at(request), number, row)
    found = queries.batch(who_at(request), number)
    context = {"batch": found, "source_title": _source_title(found), "row": row, "cells": list(cells.items())}
    return render(request, "fusion/row.html", context)


class Sending(BaseModel):
    """报送文件"""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    source: Annotated[str, Field(title="数据源", json_schema_extra={"widget": "select"})]
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
    form = forms.from_model(Sending, code="fusion.send", initial={"source": chosen} if chosen else None)
    form["source"].choices = [
        (s.code, _("%(title)s（%(department)s）") % {"title": say(s.title), "department": say(s.department)})
        for s in sources.every().values()
    ]
    if request.method == "POST" and (value := form.read(request)):
        try:
            landed = _land(value, who_at(request))
        except Problem as problem:
            form.refuse(problem)
        else:
            told = _("已接收 %(file)s，正在逐行校验；结果会显示在本页。")
            messages.success(request, told % {"file": landed.filename})
            return htmx.redirect(request, reverse("batch", args=[landed.pk]))
    return render(request, "fusion/send.html", {"form": form}, status=form.status)


def _land(value: Sending, who: Who) -> Batch:
    """Land the file of this form: sent with it, or piece by piece before it."""
    if value.upload:
        upload = uploads.find(who, value.upload)
        landed = actions.land(value.source, uploads.whole(upload), filename=upload.name, who=who)
        uploads.finish(upload)
        return landed
    if value.file is None:
        raise Refused("upload.none", _("请选择要报送的文件。"), field="file")
    return actions.land(value.source, value.file, filename=value.file.name or "", who=who)


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
