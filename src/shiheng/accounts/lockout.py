"""Guessing passwords is slowed three ways: by person and address, by person everywhere, by address for everyone.

django-axes counts the first; the two wider ones read its failure log, with limits an honest office never meets.
"""

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from shiheng.accounts.addresses import address_of
from shiheng.accounts.names import plain_username
from shiheng.accounts.permissions import ANYONE
from shiheng.kernel import clock
from shiheng.ledger import actions as ledger


class Handler(AxesDatabaseHandler):
    """Axes' own handler with the wider limits and a ledger record of every failure."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        return request.method == "POST" and bool(_widely(request, username_at(request, credentials)))

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count the failure and put it on record; what knocks at a door already locked is not recorded again and
        again, or a stranger could fill the evidence log."""
        already = bool(getattr(request, "axes_locked_out", False))
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is None or already:
            return
        username = username_at(request, credentials)
        both = "账号与地址"  # not shown: a fact of the ledger
        locked = both if getattr(request, "axes_locked_out", False) else _widely(request, username)
        facts = {"address": address_of(request), **({"locked": locked} if locked else {})}
        with transaction.atomic():
            ledger.record(
                "accounts.sign_in_locked" if locked else "accounts.sign_in_failed",
                subject=f"sign_in:{username or '?'}",
                who=ANYONE,
                facts=facts,
            )


def _widely(request: HttpRequest, username: str) -> str:
    """What the wider limits lock now: the account everywhere, the address for everyone, or nothing."""
    since = clock.machine() - timedelta(hours=settings.LOCK_WIDE_HOURS)
    recent = AccessFailureLog.objects.filter(attempt_time__gt=since)
    if username and recent.filter(username=username).count() >= settings.LOCK_WIDE_ACCOUNT:
        return "账号"
    if recent.filter(ip_address=address_of(request)).count() >= settings.LOCK_WIDE_ADDRESS:
        return "地址"
    return ""


def username_at(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The login name tried, in its one spelling: capitals or full-width letters do not start a new count."""
    given = (credentials or {}).get("username") or request.POST.get("login") or ""
    return plain_username(str(given))[:64]


def address_for(request: HttpRequest) -> str:
    """The client's address, as the rest of the platform sees it."""
    return address_of(request)


def locked_page(request: HttpRequest, *_: Any) -> HttpResponse:
    """What a locked-out person sees: the same for an existing account and an invented one."""
    from shiheng.ui.pages import render

    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    response: HttpResponse = render(request, "account/locked.html", {"minutes": minutes}, status=429)
    response.headers["Retry-After"] = str(minutes * 60)
    return response
