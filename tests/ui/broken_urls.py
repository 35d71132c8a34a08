"""Addresses whose view crashes."""

from typing import Any

from django.http import HttpRequest
from django.urls import path

from shiheng.site.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]


def broken(request: HttpRequest) -> Any:
    raise RuntimeError("broken on purpose")


urlpatterns = [*urlpatterns, path("broken/", broken), path("api/broken/", broken)]
