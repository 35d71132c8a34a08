"""What differs when htmx asked: redirects it follows and fragments it places.

A page must work without JavaScript, so nothing here is the only way to reach anything.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

PANEL = "panel"


def asked(request: HttpRequest) -> bool:
    """Whether htmx made this request (and not to restore history, which needs the whole page)."""
    if request.headers.get("HX-Request") != "true":
        return False
    return request.headers.get("HX-History-Restore-Request") != "true"


def into_panel(request: HttpRequest) -> bool:
    """Whether the answer goes into the side panel of a list."""
    return asked(request) and request.headers.get("HX-Target") == PANEL


def safe_path(request: HttpRequest, given: str | None, fallback: str = "/") -> str:
    """``given`` if it stays on this site, else ``fallback``."""
    if given and url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return given
    return fallback


def back(request: HttpRequest, fallback: str = "/") -> str:
    """Where a small form (theme, columns, saved view) returns to: its ``next`` field, else the page it came from."""
    return safe_path(request, request.POST.get("next"), safe_path(request, request.headers.get("Referer"), fallback))


def redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser on, as a whole page, whoever asked."""
    if asked(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
