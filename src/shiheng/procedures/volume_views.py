"""The volume of a file: what lies in it in which order, and the whole of it as one PDF."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Missing
from shiheng.procedures import queries, volume
from shiheng.ui.pages import render


@needs(May.READ_FILES)
@require_safe
@never_cache
def contents(request: HttpRequest, number: int) -> HttpResponseBase:
    """What lies in the volume, part by part."""
    found = queries.find(who_at(request), number)
    lying = volume.entries(found)
    listed = volume.has_evidence(found)
    parts = [(code, title, [one for one in lying if one.part == code]) for code, title in volume.PARTS.items()]
    return render(
        request,
        "procedures/volume.html",
        {"file": found, "parts": parts, "count": len(lying) + listed, "listed": listed},
    )


@needs(May.READ_FILES)
@require_safe
@never_cache
def bound(request: HttpRequest, number: int, part: str) -> HttpResponseBase:
    """The volume, or one part of it, as one PDF."""
    if part != "whole" and part not in volume.PARTS:
        raise Missing("volume.part", _("没有这一卷。"))
    found = queries.find(who_at(request), number)
    content = volume.bound(found, "" if part == "whole" else part)
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename=volume-{found.pk}-{part}.pdf"
    return answer
