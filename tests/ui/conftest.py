"""A request of somebody, without a server."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.test import RequestFactory

from shiheng.accounts.permissions import Who


@pytest.fixture
def ask() -> Callable[..., HttpRequest]:
    """``ask("/list/?page=2", owner="account:7")``; with ``post=…`` a POST."""

    def make(url: str = "/list/", *, owner: str | None = None, post: Any = None, **headers: str) -> HttpRequest:
        factory = RequestFactory(headers=headers)
        request = factory.get(url) if post is None else factory.post(url, post)
        everybody = Who(key=owner or "anyone", name="", kind="system", account_id=7 if owner else None)
        request.who = everybody  # type: ignore[attr-defined]
        request.session = {}  # type: ignore[assignment]
        request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        return request

    return make
