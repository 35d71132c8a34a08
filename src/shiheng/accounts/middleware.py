"""Puts the person behind a request on ``request.who`` and holds what every signed-in page must hold.

That is: the session's idle time and lifetime, a password that must be changed first, a second factor some roles need.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from shiheng.accounts import sessions
from shiheng.accounts.doors import away
from shiheng.accounts.permissions import ANYONE
from shiheng.accounts.queries import Standing, standing_of

# What a person may still open while something must be done first.
ALWAYS = frozenset({"account_logout", "account_reauthenticate", "mfa_reauthenticate"})
TO_CHANGE_PASSWORD = ALWAYS | {"account_change_password"}
TO_ADD_FACTOR = TO_CHANGE_PASSWORD | {"mfa_activate_totp"}


class WhoMiddleware:
    """One query for the person's posts; none for the public, who carry no session cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.standing = Standing(who=ANYONE)  # type: ignore[attr-defined]
        # Without a cookie there is nobody to find; not touching the session keeps public pages cacheable.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if reason := sessions.over(request.session):
                logout(request)
                messages.info(request, reason)
            else:
                sessions.touch(request)
                acting = request.session.get("acting")
                request.standing = standing_of(request.user, acting=acting)  # type: ignore[attr-defined]
        request.who = request.standing.who  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Before any other page: a changed password, then the second factor the role needs."""
        standing: Standing = request.standing  # type: ignore[attr-defined]
        if standing.who.account_id is None or request.resolver_match is None:
            return None
        name = request.resolver_match.url_name
        if request.user.must_change_password:  # type: ignore[union-attr]
            return None if name in TO_CHANGE_PASSWORD else away(request, reverse("account_change_password"))
        if not standing.has_second_factor and standing.roles & settings.SECOND_FACTOR_ROLES:
            return None if name in TO_ADD_FACTOR else away(request, reverse("mfa_activate_totp"))
        return None
