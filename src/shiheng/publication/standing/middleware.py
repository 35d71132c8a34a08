"""Around every request of the portal that stands on its own: nobody is signed in, and each address has its budget."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shiheng.accounts.addresses import address_of
from shiheng.accounts.permissions import ANYONE
from shiheng.publication.middleware import Budget, TooMany
from shiheng.ui.pages import refusal

BUDGET = Budget()
FREE = ("/static/", "/ui/", "/language/")


class BudgetMiddleware:
    """Spends before anything is read, so that a flood from one address costs the others nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.who = ANYONE  # type: ignore[attr-defined]
        if not request.path.startswith(FREE):
            wait = BUDGET.spend(address_of(request), max(1.0, settings.PORTAL_BUDGET / max(1, settings.WORKERS)))
            if wait:
                return self._refused(request, int(wait) + 1)
        return self.get_response(request)

    def _refused(self, request: HttpRequest, seconds: int) -> HttpResponse:
        told = _("您的网络地址查询得太快了。请等 %(seconds)s 秒再查；需要成批取用数据的，请使用开放数据接口。")
        if request.path.startswith("/api/"):
            response = refusal(request, TooMany("query.too_many", told % {"seconds": seconds}, wait=seconds))
        else:
            response = HttpResponse(told % {"seconds": seconds}, status=429, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = str(seconds)
        return response
