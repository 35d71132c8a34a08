"""The pages of the portal that stands on its own: they read the published store and no database."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shiheng.accounts.doors import anyone
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Refused
from shiheng.publication.opendata import writing
from shiheng.publication.portal import projection
from shiheng.publication.reports import verify_report
from shiheng.publication.standing.counting import Counts
from shiheng.publication.standing.store import NAME, Hit, Store
from shiheng.ui import pages

FRAME = {"frame": "publication/standing/frame.html", "standing": True}
PAGE, LONGEST, MOST = 20, 100, 8 * 1024 * 1024


@cache
def _store() -> Store:
    return Store(Path(settings.PUBLISHED))


@cache
def _counts() -> Counts:
    return Counts(Path(settings.PUBLISHED), clock.today)


def _file(key: str) -> projection.PublicFile:
    body = _store().body(key)
    if body is None:
        raise Missing("subject.missing", _("没有找到这个主体。请核对代码，或返回首页按名称重新查询。"))
    return projection.of_plain(json.loads(body))


@anyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """信用查询: one box."""
    return pages.render(request, "publication/home.html", FRAME)


@anyone
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Businesses by name or code; a person's name finds nobody."""
    text, page = request.GET.get("q", "").strip()[:LONGEST], _page(request)
    found = _store().find(text, offset=(page - 1) * PAGE, limit=PAGE + 1) if text else []
    if text:
        _counts().count("portal", "search")
    context = {**FRAME, "search_text": text, "hits": found[:PAGE], "more": len(found) > PAGE, "page": page}
    return pages.render(request, "publication/standing/results.html", context)


def _page(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 4 else 1


@anyone
@require_safe
def subject(request: HttpRequest, key: str) -> HttpResponse:
    """The public page of one business, the same as in the house."""
    file = _file(key)
    if file.uscc and key != file.uscc:
        return HttpResponseRedirect(reverse("portal-subject", args=[file.uscc]))
    _counts().count("portal", "view")
    context = {**FRAME, "file": file, "key": key, "today": clock.today()}
    return pages.render(request, "publication/subject.html", context)


@anyone
@require_safe
def mistake(request: HttpRequest, key: str) -> HttpResponse:
    """发现信息有误."""
    return pages.render(request, "publication/mistake.html", {**FRAME, "file": _file(key), "key": key})


@anyone
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """Lists, alerts and counts."""
    context = {**FRAME, "tables": _store().pages("table"), "meta": _store().meta()}
    return pages.render(request, "publication/standing/tables.html", context)


@anyone
@require_safe
def table(request: HttpRequest, code: str) -> HttpResponse:
    """One of them, a hundred lines at a time."""
    held = _store().page(f"table-{code}")
    if held is None:
        raise Missing("list.unknown", _("没有这个名单。请从公示名单中选择。"))
    page = _page(request)
    _counts().count("portal", "list")
    lines = _store().lines(f"table-{code}", offset=(page - 1) * 100, limit=101)
    context = {**FRAME, "held": held, "lines": lines[:100], "more": len(lines) > 100, "page": page, "code": code}
    return pages.render(request, "publication/standing/table.html", context)


@anyone
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """The catalogue of open data."""
    return pages.render(request, "publication/standing/open_data.html", {**FRAME, "sets": _store().pages("open")})


@anyone
@require_safe
def open_file(request: HttpRequest, name: str) -> FileResponse:  # noqa: ARG001 - the same for everybody
    """A file of the catalogue; no other name opens anything."""
    offered = {file for _code, held in _store().pages("open") for file in held["files"]}
    if name not in offered:
        raise Missing("opendata.past", _("没有这个文件，或它已由新版本取代。请从开放数据目录中选择。"))
    _counts().count("portal", "open")
    path = Path(settings.PUBLISHED) / "open-data" / name
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=writing.FORMS[path.suffix[1:]])


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponseBase:
    """Check a credit report by its file; nothing but the file is needed for it."""
    context: dict[str, Any] = {**FRAME, "keys": _store().meta().get("keys", [])}
    if request.method == "POST":
        sent = request.FILES.get("report")
        try:
            if sent is None or (sent.size or 0) > MOST:
                raise verify_report.NotGoodError("请选择信用报告文件（PDF 或 JSON，最大 8 MB）。")
            context["told"] = verify_report.check(sent.read())
            context["ours"] = context["told"]["fingerprint"] in context["keys"]
        except verify_report.NotGoodError as fault:
            context["fault"] = str(fault)
        except (ValueError, KeyError, TypeError, IndexError):
            context["fault"] = "这不是市衡的信用报告，或文件不完整。"
    return pages.render(request, "publication/reports/check.html", context, status=422 if "fault" in context else 200)


@anyone
@require_safe
def api_one(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """One business as JSON, in the bytes it is kept in."""
    body = _store().body(key)
    if body is None:
        raise Missing("subject.missing", "没有找到这个主体。请核对代码。")
    _counts().count("api", "view")
    return HttpResponse(body, content_type="application/json; charset=utf-8")


@anyone
@require_safe
def api_find(request: HttpRequest) -> HttpResponse:
    """Businesses by name or code as JSON."""
    text = request.GET.get("q", "").strip()
    if not text or len(text) > LONGEST:
        raise Refused("q.invalid", "参数 q 须为 1 至 100 个字。")
    _counts().count("api", "search")
    items = [_plain(hit) for hit in _store().find(text)]
    return JsonResponse({"items": items}, json_dumps_params={"ensure_ascii": False})


def _plain(hit: Hit) -> dict[str, Any]:
    return {"id": hit.id, "uscc": hit.uscc, "name": hit.name, "status": hit.status, "address": hit.address}


def ready() -> bool:
    """Whether there is a store to serve."""
    return (Path(settings.PUBLISHED) / NAME).exists()


@anyone
@require_safe
def program(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """The verifier as one file."""
    text = Path(verify_report.__file__).read_text(encoding="utf-8")
    head = {"Content-Disposition": 'attachment; filename="verify_report.py"'}
    return HttpResponse(text, content_type="text/x-python; charset=utf-8", headers=head)
