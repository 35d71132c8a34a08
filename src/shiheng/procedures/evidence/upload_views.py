"""Uploads in pieces, for the page's script: begin or go on, one piece, and all of it here."""

from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Problem, Refused
from shiheng.procedures.evidence import uploads
from shiheng.ui.wording import say


@needs(May.HANDLE_FILES)
@require_POST
def begin(request: HttpRequest, number: int) -> JsonResponse:
    """Open an upload, or go on with one: from which byte."""
    given = request.POST
    size = int(given["size"]) if given.get("size", "").isdecimal() and len(given["size"]) < 18 else 0
    try:
        found = uploads.begin(
            who_at(request), number, name=given.get("name", ""), size=size, fingerprint=given.get("fingerprint", "")
        )
    except Problem as problem:
        return _told(problem)
    return JsonResponse({"id": str(found.code), "offset": uploads.received(found)})


@needs(May.HANDLE_FILES)
@require_POST
def piece(request: HttpRequest, number: int, upload: UUID) -> JsonResponse:
    """Take one piece at the offset named in ``Upload-Offset``."""
    offset = request.headers.get("Upload-Offset", "")
    try:
        found = uploads.find(who_at(request), number, upload)
        if not offset.isdecimal() or len(offset) > 15:
            raise Refused("upload.offset", _("请求缺少 Upload-Offset。"))
        return JsonResponse({"offset": uploads.append(found, offset=int(offset), piece=request.body)})
    except Problem as problem:
        return _told(problem)


@needs(May.HANDLE_FILES)
@require_POST
def whole(request: HttpRequest, number: int, upload: UUID) -> JsonResponse:
    """Every byte was sent: is what is here what the browser has?"""
    try:
        found = uploads.find(who_at(request), number, upload)
        kept = uploads.whole(found, sha256=request.POST.get("sha256", ""))
    except Problem as problem:
        return _told(problem)
    return JsonResponse({"id": str(found.code), "sha256": kept.sha256, "size": kept.size})


def _told(problem: Problem) -> JsonResponse:
    return JsonResponse(
        {"code": problem.code, "message": str(say(problem.message)), **problem.details}, status=problem.status
    )
