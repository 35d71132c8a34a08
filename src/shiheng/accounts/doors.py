"""The door of every view: who may come in. A view without one fails a structure test.

The decorator writes what it holds on the view (``view.door``), so that the whole house's doors can be listed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shiheng.accounts.permissions import Who
from shiheng.kernel.errors import Forbidden

View = Callable[..., Any]


def anyone(view: View) -> View:
    """Open to all, signed in or not."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return view(request, *args, **kwargs)

    door.door = "anyone"  # type: ignore[attr-defined]
    return door


def signed_in(view: View) -> View:
    """Open to every signed-in person."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if who_at(request).account_id is None:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    door.door = "signed_in"  # type: ignore[attr-defined]
    return door


def needs(*powers: str) -> Callable[[View], View]:
    """Open to those who hold every one of ``powers`` somewhere; over which rows, the query decides."""

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            who = who_at(request)
            if who.account_id is None:
                return to_sign_in(request)
            for power in powers:
                if not who.may(power):
                    raise Forbidden(
                        "power.missing",
                        "您的岗位没有使用本页的权限。如工作需要，请联系本单位系统管理员增加岗位。",
                        power=str(power),
                    )
            return view(request, *args, **kwargs)

        door.door = "needs:" + ",".join(str(p) for p in powers)  # type: ignore[attr-defined]
        return door

    return decorate


def who_at(request: HttpRequest) -> Who:
    """The person of this request, as the middleware found them."""
    who: Who = request.who  # type: ignore[attr-defined]
    return who


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page and back here afterwards; machines get a refusal instead of a page."""
    if request.path.startswith("/api/"):
        raise Forbidden("sign_in.required", "请先登录，或使用有权限的接口凭证。")
    target = reverse("account_login")
    if request.method in {"GET", "HEAD"} and not getattr(request, "htmx", False):
        target += "?" + urlencode({"next": request.get_full_path()})
    return away(request, target)


def away(request: HttpRequest, target: str) -> HttpResponse:
    """A redirect that moves the whole page, also when only a fragment was asked for."""
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
