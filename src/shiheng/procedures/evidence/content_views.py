"""The content of evidence as a browser may have it: pictures drawn anew, sound and film in ranges, masked copies.

Nothing an outsider made is ever sent as a page of ours: what is no drawing of our own goes out as a download or to the
browser's player only, with its kind as it was recognised.
"""

import re
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import files
from shiheng.procedures.evidence import actions, content, pictures, queries
from shiheng.procedures.models import Redaction

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
# Own pictures only, and nothing in them runs: also where somebody opens one by its address.
_STILL = {"Cache-Control": "private, max-age=3600", "Content-Security-Policy": "default-src 'none'; sandbox"}


@needs(May.READ_FILES)
@require_safe
def picture(request: HttpRequest, number: int, item: int) -> HttpResponseBase:
    """A page or an image, drawn for the screen (``?page=2``, ``?small=1``)."""
    who = who_at(request)
    held = queries.find(who, number, item)
    queries.check_readable(who, held)
    return drawn(request, held.file, held.size, held.media)


def drawn(request: HttpRequest, sha256: str, size: int, media: str) -> HttpResponseBase:
    """A kept file as a picture for the screen, whoever was asked for it before."""
    if content.of_media(media).shown not in {"picture", "pages"}:
        raise Missing("evidence.picture", _("这件证据不是图片，没有预览。"))
    page = request.GET.get("page", "1")
    most = pictures.THUMB if request.GET.get("small") == "1" else pictures.SCREEN
    at = int(page) if page.isdigit() and len(page) < 5 else 1
    made = pictures.drawn(queries.content_at(sha256, size), media, page=at, most=most)
    return HttpResponse(made, content_type="image/png", headers=_STILL)


@needs(May.READ_FILES)
@require_safe
def media(request: HttpRequest, number: int, item: int) -> HttpResponseBase:
    """Sound or film for the browser's own player, from any place on."""
    who = who_at(request)
    held = queries.find(who, number, item)
    queries.check_readable(who, held)
    return played(request, held.file, held.size, held.media)


def played(request: HttpRequest, sha256: str, size: int, media: str) -> HttpResponseBase:
    """A kept file in the ranges a player asks for."""
    if content.of_media(media).shown not in {"sound", "film"}:
        raise Missing("evidence.media", _("这件证据不是录音录像，没有预览。"))
    start, stop, status = 0, size, 200
    if (asked := request.headers.get("Range")) and (match := _RANGE.fullmatch(asked.strip())) and any(match.groups()):
        first, last = match.groups()
        start = int(first) if first else max(0, size - int(last))
        stop = min(size, int(last) + 1) if first and last else size
        if start >= stop:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        status = 206
    handle = files.open_kept(sha256)
    handle.seek(start)
    headers = {**_STILL, "Accept-Ranges": "bytes", "Content-Length": str(stop - start)}
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return StreamingHttpResponse(_pieces(handle, stop - start), status=status, content_type=media, headers=headers)


def _pieces(handle: IO[bytes], left: int) -> Iterator[bytes]:
    with handle:
        while left > 0 and (piece := handle.read(min(left, files.CHUNK))):
            left -= len(piece)
            yield piece


@needs(May.HANDLE_FILES)
@require_POST
@never_cache
def original(request: HttpRequest, number: int, item: int) -> HttpResponseBase:
    """The very file as it was received, to whoever says what for; that goes on record first."""
    try:
        key = UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key_missing", _("这次提交缺少防重编号，请返回重试。")) from None
    held = actions.copied(who_at(request), number, item, purpose=request.POST.get("purpose", ""), key=key)
    answer = FileResponse(files.open_kept(held.file), as_attachment=True, filename=held.name)
    answer.headers["Content-Type"] = "application/octet-stream"
    return answer


@needs(May.READ_FILES)
@require_safe
def copy(request: HttpRequest, number: int, item: int, copy: int) -> HttpResponseBase:
    """A masked copy, as a file to take away."""
    held = queries.find(who_at(request), number, item)
    found = Redaction.objects.filter(evidence=held, number=copy).first()
    if found is None:
        raise Missing("redaction.unknown", _("没有这份遮蔽件。"))
    name = f"evidence-{item}-masked-{copy}{content.of_media(found.media).ending}"
    answer = FileResponse(files.open_kept(found.file), as_attachment=True, filename=name)
    answer.headers["Content-Type"] = "application/octet-stream"
    return answer
