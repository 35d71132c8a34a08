"""Whole pages: rendering them, and what a person sees when something is refused, missing or broken.

A refusal is told in the form it was asked for: a page, a fragment for htmx, or problem+json under ``/api/``.
"""

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html

from shiheng.kernel.errors import Problem
from shiheng.ui import drafts, htmx
from shiheng.ui.models import Preference
from shiheng.ui.wording import say

log = logging.getLogger(__name__)

FACE_COOKIE = "face"
THEMES = {"auto": "跟随系统", "light": "浅色", "dark": "深色"}
YEAR = 365 * 24 * 3600

# The pages the frame links to. Whoever serves them uses these names; a name nobody serves is simply not shown.
PLACES = {
    "home": "home",
    "search": "desk-search",
    "counter": "counter",
    "sign-in": "account_login",
    "sign-out": "account_logout",
    "switch-post": "switch-post",
    "password": "account_change_password",
    "inbox": "inbox",
}


@dataclass(frozen=True, slots=True)
class Face:
    """How this person wants pages to look."""

    theme: str = "auto"
    care: bool = False

    @property
    def cookie(self) -> str:
        return f"{self.theme}-{'care' if self.care else 'plain'}"


def owner_of(request: HttpRequest) -> str | None:
    """The key under which a signed-in person's own things are kept; nobody signed in has none."""
    who = getattr(request, "who", None)
    if who is None or getattr(who, "account_id", None) is None:
        return None
    return str(who.key)


def face_of(request: HttpRequest) -> Face:
    """The face from the cookie; on a new browser from what the signed-in person chose elsewhere."""
    held: Face | None = getattr(request, "_face", None)
    if held is None:
        theme, _, care = request.COOKIES.get(FACE_COOKIE, "").partition("-")
        if theme in THEMES:
            held = Face(theme, care == "care")
        else:
            held = Face()
            if owner := owner_of(request):
                row = Preference.objects.filter(owner=owner, code="face").first()
                if row and row.value.get("theme") in THEMES:
                    held = Face(row.value["theme"], bool(row.value.get("care")))
                request._face_to_keep = held  # type: ignore[attr-defined]
        request._face = held  # type: ignore[attr-defined]
    return held


def keep_face(request: HttpRequest, response: HttpResponse, face: Face) -> None:
    """Write the face into the browser's cookie."""
    response.set_cookie(
        FACE_COOKIE, face.cookie, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
    )


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The one way a view answers with a page. Asked into the side panel, the same template gives only its content."""
    filled = dict(context or {})
    panel = htmx.into_panel(request)
    if panel:
        filled["desk_frame"] = "ui/panel.html"
    response = TemplateResponse(request, template, filled, status=status).render()
    if panel:
        response["HX-Push-Url"] = "false"  # the list stays where it is
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


class ProblemMiddleware:
    """Turns a refusal into its answer, keeps the face cookie, and forgets the draft of a form that went through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if face := getattr(request, "_face_to_keep", None):
            keep_face(request, response, face)
        if request.method == "POST" and _went_through(response) and "_form" in request.POST:
            owner = owner_of(request)
            if owner:
                drafts.drop(owner, request.POST["_form"], request.POST.get("_about", ""))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Problem):
            return refusal(request, exception)
        return None


def _went_through(response: HttpResponse) -> bool:
    return isinstance(response, HttpResponseRedirect) or "HX-Redirect" in response.headers


def refusal(request: HttpRequest, problem: Problem) -> HttpResponse:
    """``problem`` in the form it was asked for."""
    if is_api(request):
        return problem_json(problem.status, problem.code, problem.message, details=problem.details)
    return _told(request, problem.status, problem.message, code=problem.code, details=problem.details)


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def problem_json(
    status: int, code: str, message: str, *, details: Mapping[str, Any] | None = None, reference: str = ""
) -> JsonResponse:
    """RFC 9457: ``title`` is the English phrase of the status, ``detail`` the Chinese sentence for people."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": message,
    }
    if details:
        body["details"] = {
            k: v if isinstance(v, str | int | float | bool | list | dict) else str(v) for k, v in details.items()
        }
    if reference:
        body["reference"] = reference
    return JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


LAST_RESORT = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>系统出错</title>'  # not shown: leans on nothing
    "<h1>系统出错</h1><p>{}</p><p>故障编号 {}</p></html>"
)

HEADINGS = {
    400: "请求有误",
    403: "无权办理",
    404: "找不到这个页面",
    405: "不支持这种请求方式",
    409: "内容已被他人更改",
    413: "提交的内容过大",
    422: "未能办理",
    429: "操作过于频繁",
    500: "系统出错",
}


def _told(
    request: HttpRequest,
    status: int,
    message: str,
    *,
    code: str = "",
    details: Mapping[str, Any] | None = None,
    reference: str = "",
) -> HttpResponse:
    kept = status < 500 and drafts.keep_refused(request, owner_of(request))
    context = {
        "status": status,
        "heading": say(HEADINGS.get(status, "未能完成")),
        "message": say(message),
        "code": code,
        "rows": list(_readable(details or {})),
        "reference": reference,
        "draft_kept": kept,
        "back": htmx.safe_path(request, request.headers.get("Referer"), ""),
        "face": face_of(request) if status < 500 else Face(),
    }
    if htmx.asked(request):
        html = render_to_string("ui/problem.html", context)
        # The list or form that asked stays as it was; the message goes to the notice at the top.
        return HttpResponse(
            html,
            status=status,
            headers={
                "HX-Retarget": "#notice",
                "HX-Reswap": "innerHTML",
                "HX-Reselect": "#problem",
                "HX-Push-Url": "false",
            },
        )
    return HttpResponse(render_to_string("ui/error.html", context), status=status)


def _readable(details: Mapping[str, Any]) -> Any:
    """Details meant for people carry a Chinese key; the others are for machines and stay in the JSON."""
    return ((say(k), say(v)) for k, v in details.items() if not k.isascii())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _plain(
        request, 400, "bad_request", "请求不完整或格式不对。请返回上一页重新操作；若仍出现，请联系系统管理员。"
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _plain(request, 403, "forbidden", "您的岗位没有办理此事的权限。如确需办理，请切换岗位或联系系统管理员。")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _plain(
        request, 404, "not_found", "网址可能有误，内容可能已撤下，或不在您的辖区范围内。请核对网址，或从首页重新查找。"
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.info("csrf: %s", reason)
    return _plain(
        request,
        403,
        "csrf",
        "页面停留过久，或在别处重新登录过。这次提交没有被接受，也没有留下记录。请返回上一页，刷新后再提交。",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """The last page: it may lean on nothing, so it asks neither the database nor a context processor."""
    reference = uuid.uuid4().hex[:8].upper()
    log.error("500 reference=%s path=%s", reference, request.path)
    message = "这次操作没有完成，系统已记下故障。请稍后再试；若急需办理，请把下面的故障编号告诉系统管理员。"
    if is_api(request):
        return problem_json(500, "server_error", message, reference=reference)
    try:
        return _told(request, 500, message, code="server_error", reference=reference)
    except Exception:
        log.exception("the page of a broken page is broken too, reference=%s", reference)
        return HttpResponse(format_html(LAST_RESORT, message, reference), status=500)


def _plain(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    if is_api(request):
        return problem_json(status, code, message)
    return _told(request, status, message, code=code)
