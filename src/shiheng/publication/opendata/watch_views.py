"""Pages of watching a business: ask, prove the address, see it, end it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shiheng.accounts.doors import anyone
from shiheng.kernel.errors import Refused
from shiheng.publication.opendata import watching
from shiheng.publication.portal import projection
from shiheng.ui import pages


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest, key: str) -> HttpResponseBase:
    """Leave an address; a code is sent to it."""
    context = {"file": projection.one(key), "key": key, "available": watching.available(), "given": "", "fault": ""}
    if request.method != "POST":
        return pages.render(request, "publication/opendata/watch.html", context)
    context["given"] = request.POST.get("address", "")[:120]
    try:
        watch = watching.ask(key, request.POST.get("address", ""), key=_key(request))
    except Refused as refusal:
        context["fault"] = refusal.message
        return pages.render(request, "publication/opendata/watch.html", context, status=422)
    return HttpResponseRedirect(reverse("watch", args=[watch.token]))


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def one(request: HttpRequest, token: str) -> HttpResponse:
    """Prove the address, see what is watched, or end it; opening the page alone ends nothing."""
    fault = ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "end":
                watching.end(token)
            else:
                watching.confirm(token, request.POST.get("code", "")[:12])
        except Refused as refusal:
            fault = refusal.message
    context = {"watch": watching.found(token), "token": token, "fault": fault}
    return pages.render(request, "publication/opendata/watching.html", context, status=422 if fault else 200)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key.missing", "表单已失效，请刷新页面后重试。") from None
