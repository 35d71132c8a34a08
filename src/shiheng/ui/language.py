"""The language of pages: Chinese, unless this browser chose English on a page of ours.

What a browser says it prefers is not asked: most are set to English by their makers, and the public's page is Chinese.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from shiheng.ui.pages import YEAR, is_api

TAGS = {"zh-hans": "zh-CN"}  # what <html lang> says; other codes stand for themselves


def language_of(request: HttpRequest) -> str:
    """The language chosen; the machine interface answers in Chinese, only its description for people is a page."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    page = not is_api(request) or request.path.endswith("/docs")
    return chosen if page and chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def keep_language(request: HttpRequest, response: HttpResponse, chosen: str) -> None:
    """Write the choice into the browser's cookie."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=YEAR,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )


def tag() -> str:
    """The language of the page being made, as HTML names it."""
    code = translation.get_language() or settings.LANGUAGE_CODE
    return TAGS.get(code, code)


class LanguageMiddleware:
    """Speaks the chosen language while a request is answered, no longer: jobs and the command line speak Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of(request)):
            return self.get_response(request)
