"""Around every public query: a budget an address, and one more on the count when it was answered."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shiheng.accounts.addresses import address_of
from shiheng.kernel.errors import Problem
from shiheng.publication import actions
from shiheng.ui.pages import refusal

#: What counts as a query: the address's name, its channel and kind.
COUNTED = {
    "portal-search": ("portal", "search"),
    "portal-subject": ("portal", "view"),
    "public-list": ("portal", "list"),
    "list-issue": ("portal", "list"),
    "credit-report-pdf": ("portal", "report"),
    "verify-report": ("portal", "verify"),
    "open-file": ("portal", "open"),
    "open-changes": ("portal", "open"),
    "open_rows": ("api", "open"),
    "open_changes": ("api", "open"),
    "desk-search": ("desk", "search"),
    "subject": ("desk", "view"),
    "subjects": ("desk", "list"),
    "enterprise-subject": ("enterprise", "view"),
    "subjects_search": ("api", "search"),
    "subjects_one": ("api", "view"),
    "match": ("api", "match"),
}
ADDRESSES_HELD = 20_000


class TooMany(Problem):
    """More queries from one address than its budget."""

    status = 429


class Budget:
    """So many queries a minute for each address, refilled evenly; the addresses longest unseen are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, address: str, a_minute: float) -> float:
        """Take one query from the budget; the seconds to wait when there is none left, else 0."""
        now = self._clock()
        with self._lock:
            left, since = self._held.pop(address, (a_minute, now))
            left = min(a_minute, left + (now - since) * a_minute / 60)
            wait = 0.0 if left >= 1 else (1 - left) * 60 / a_minute
            self._held[address] = (left if wait else left - 1, now)
            while len(self._held) > ADDRESSES_HELD:
                self._held.popitem(last=False)
        return wait


BUDGET = Budget()


class QueryMiddleware:
    """Knows queries by the name of their address, so that no view must remember to count itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        asked = _asked(request)
        if asked and response.status_code == 200 and request.method == ("POST" if asked[1] == "match" else "GET"):
            channel, kind = asked
            actions.count(channel, "export" if kind == "list" and request.GET.get("export") else kind)
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if _asked(request) is None or request.who.account_id is not None:  # type: ignore[attr-defined]
            return None
        # Each web process keeps its own book.
        wait = BUDGET.spend(address_of(request), max(1.0, settings.PORTAL_BUDGET / max(1, settings.WORKERS)))
        if not wait:
            return None
        seconds = int(wait) + 1
        told = _("您的网络地址查询得太快了。请等 %(seconds)s 秒再查；需要成批取用数据的，请使用开放数据接口。")
        message = told % {"seconds": seconds}
        response = refusal(request, TooMany("query.too_many", message, wait=seconds))
        response["Retry-After"] = str(seconds)
        return response


def _asked(request: HttpRequest) -> tuple[str, str] | None:
    """The channel and kind of a query; a search page opened without a question is none."""
    match = request.resolver_match
    asked = COUNTED.get(match.url_name or "") if match else None
    if asked and asked[1] == "search" and not request.GET.get("q", "").strip():
        return None
    return asked
