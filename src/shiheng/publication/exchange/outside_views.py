"""单位首页 of another department's own person: its files and what became of them, its subscriptions, its figures."""

from typing import Annotated

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from pydantic import BaseModel, ConfigDict, Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.fusion import outside, personal, sources
from shiheng.fusion.definition.punctuality import STATES
from shiheng.fusion.models import Batch, Quarantined
from shiheng.kernel.errors import Forbidden, Problem, Refused
from shiheng.ledger import files
from shiheng.publication.exchange import queries
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

STANDING_TONES = {"late": "late", "never": "warn", "soon": "warn", "on_time": "ok"}
TONES = {"published": "ok", "refused": "late", "withdrawn": "done"}


def _reasons(row: Quarantined) -> str:
    return "；".join(reason["message"] for reason in row.reasons)


def _cells(row: Quarantined) -> str:
    return "，".join(f"{name}：{value}" for name, value in personal.shown(row.raw).items() if value)


BATCHES = Table(
    "outside-batches",
    "报送的文件",
    [
        Column("pk", "批次", kind="number", sort="pk", href=lambda row: reverse("outside-batch", args=[row.pk])),
        Column("filename", "文件", kind="link", href=lambda row: reverse("outside-batch", args=[row.pk])),
        Column("landed_at", "接收时间", kind="moment", sort="landed_at"),
        Column("landed_by", "报送人", kind="person"),
        Column("state", "状态", lambda row: (row.get_state_display(), TONES.get(row.state, "wait")), kind="badge"),
        Column("rows_in", "来文行数", kind="number", sort="rows_in"),
        Column("accepted", "接受", kind="number", sort="accepted"),
        Column("quarantined", "隔离", kind="number", sort="quarantined"),
    ],
    [
        Filter("state", "状态", "choice", "state", choices=list(Batch.STATES.items())),
        Filter("day", "接收日期", "day_range", "known_on"),
    ],
    default_sort="-pk",
    empty="您的单位还没有报送过文件。点“报送文件”，接收的每个文件会列在这里。",
)

REFUSED = Table(
    "outside-refused",
    "隔离的行",
    [
        Column("row", "行号", kind="number", sort="row"),
        Column("reasons", "原因", _reasons),
        Column("raw", "来文内容", _cells),
    ],
    default_sort="row",
    empty="没有隔离的行：每一行都符合契约。",
)


@needs(May.SEND_OWN)
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """What is due of us, what became of it, and what we take."""
    who = who_at(request)
    listing = BATCHES.read(request, outside.batches(who))
    if listing.wants_export:
        return listing.response()
    board = outside.board(who)
    lines = [line for score in board for line in score.lines]
    subscriptions = [(row, queries.difference(row).empty) for row in queries.visible_to(who)]
    context = {
        "offices": outside.offices(who),
        "board": board,
        "lines": [
            (line, (STATES[line.standing.state], STANDING_TONES.get(line.standing.state, "plain"))) for line in lines
        ],
        "due": sum(score.due for score in board),
        "delivered": sum(score.delivered for score in board),
        "late": sum(score.late for score in board),
        "subscriptions": subscriptions,
        "listing": listing,
    }
    return render(request, "publication/exchange/outside.html", context)


@needs(May.SEND_OWN)
@require_safe
def batch(request: HttpRequest, number: int) -> HttpResponseBase:
    """One file of ours: every row accepted or refused with its reasons, to be downloaded, mended and sent again."""
    who = who_at(request)
    found = outside.batch(who, number)
    listing = REFUSED.read(request, outside.refused_rows(who, number))
    if listing.wants_export:
        return listing.response()
    context = {"batch": found, "state": (found.get_state_display(), TONES.get(found.state, "wait")), "listing": listing}
    return render(request, "publication/exchange/outside_batch.html", context)


@needs(May.SEND_OWN)
@require_safe
def original(request: HttpRequest, number: int) -> FileResponse:
    """Our file as it was received."""
    found = outside.batch(who_at(request), number)
    if sources.find(found.source).sensitive():
        told = "这个文件含有个人信息，加密保存，不在此下载；请从本单位的系统取原件。"
        raise Forbidden("personal.power", told)
    return FileResponse(files.open_kept(found.file), as_attachment=True, filename=found.filename)


class Sending(BaseModel):
    """报送文件"""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    source: Annotated[str, Field(title="数据源", json_schema_extra={"widget": "select"})]
    file: Annotated[
        UploadedFile | None,
        Field(
            title="数据文件",
            description="CSV、XLSX、JSON 或 Parquet，UTF-8 或 GB18030 编码；重复报送不会重复入档。",
            json_schema_extra={"widget": "file", "accept": ".csv,.txt,.xlsx,.json,.jsonl,.parquet,.gz"},
        ),
    ] = None
    replaces: Annotated[
        int | None, Field(title="更正的批次", description="改正后重报的，填原批次的编号；原批次随即撤回。", ge=1)
    ] = None


@needs(May.SEND_OWN)
def send(request: HttpRequest) -> HttpResponse:
    """Send a file of the own department in."""
    who = who_at(request)
    own = outside.own_sources(who)
    chosen = {name: request.GET[name] for name in ("source", "replaces") if request.GET.get(name, "").strip()}
    form = forms.from_model(
        Sending,
        code="outside.send",
        initial=chosen or None,
        choices={"source": [(code, say(source.title)) for code, source in own.items()]},
    )
    if request.method == "POST" and (value := form.read(request)):
        try:
            if value.file is None:
                raise Refused("upload.none", "请选择要报送的文件。", field="file")
            name = value.file.name or ""
            landed = outside.land(value.source, value.file, filename=name, who=who, replaces=value.replaces)
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已接收 %(file)s，正在逐行校验。") % {"file": landed.filename})
            return htmx.redirect(request, reverse("outside-batch", args=[landed.pk]))
    return render(request, "publication/exchange/outside_send.html", {"form": form}, status=form.status)
