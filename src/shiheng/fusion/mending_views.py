"""隔离行: rows a contract refused, each beside what is wrong with it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.fusion import personal, queries, sources
from shiheng.fusion.models import Batch
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

ROW_STATES = {"open": "待处理", "mended": "已修正", "rejected": "已退回"}


def source_title(batch: Batch) -> str:
    """A batch's source by its title, as this page says it."""
    found = sources.every().get(batch.source)
    return str(say(found.title)) if found else batch.source


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
            lambda row: (ROW_STATES.get(row.state, row.state), "warn" if row.state == "open" else "ok"),
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
        Filter("state", "处理", "choice", "state", choices=list(ROW_STATES.items())),
    ],
    default_sort="-batch",
    empty="没有隔离行：接收的每一行都合乎契约。不合契约的行会连同原因列在这里，不会丢失。",
)


@needs(May.READ_SOURCES)
@require_safe
def quarantine(request: HttpRequest) -> HttpResponseBase:
    """Refused rows of my territory, each with every reason."""
    listing = QUARANTINE.read(request, queries.quarantine(who_at(request)))
    if listing.wants_export:
        return listing.response()
    return render(request, "fusion/quarantine.html", {"listing": listing})


@needs(May.READ_SOURCES)
@require_safe
def quarantined(request: HttpRequest, number: int) -> HttpResponse:
    """One refused row: as received, beside what is wrong with it."""
    found = queries.refused_row(who_at(request), number)
    context: dict[str, Any] = {
        "row": found,
        "cells": personal.shown(found.raw),
        "personal": personal.sealed_titles(found.raw) if who_at(request).may(May.READ_PERSONAL) else (),
        "at": f"refused:{number}",
        "source_title": source_title(found.batch),
        "wrong": {reason["column"] for reason in found.reasons},
        "state": (ROW_STATES.get(found.state, found.state), "warn" if found.state == "open" else "ok"),
    }
    return render(request, "fusion/quarantined.html", context)
