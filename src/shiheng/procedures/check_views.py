"""The public page by which anybody checks a printed paper."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import anyone
from shiheng.procedures import checking
from shiheng.ui.pages import render


@anyone
@require_safe
@never_cache
def begin(request: HttpRequest) -> HttpResponseBase:
    """By number and short code, for whoever cannot scan."""
    number, short = request.GET.get("number", "").strip()[:80], request.GET.get("code", "").strip()[:64]
    asked = bool(number or short)
    told = checking.by_number(number, short) if asked else None
    context = {"told": told, "asked": asked, "number": number, "short": short}
    return render(request, "procedures/check.html", context, status=404 if asked and told is None else 200)


@anyone
@require_safe
@never_cache
def one(request: HttpRequest, code: str) -> HttpResponseBase:
    """By the code that was scanned."""
    told = checking.by_code(code)
    return render(request, "procedures/check.html", {"told": told, "asked": True}, status=200 if told else 404)
