"""Chromium for tests that look at pages as people do. Where it is missing they are skipped, loudly."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WHERE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing leaves the machine: neither the browser's own errands nor a page's.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-default-apps", "--disable-sync", "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """One browser a file: while Playwright's loop runs in this thread, no other test may run one of its own."""
    path = os.environ.get("SHIHENG_TEST_CHROMIUM") or next(filter(None, map(shutil.which, WHERE)), None)
    if path is None:
        pytest.skip("CHROMIUM IS MISSING: pages were not looked at; install the package chromium")
    from playwright.sync_api import sync_playwright

    # Playwright keeps a loop in this thread, and Django would take our own queries for ones of that loop.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium: "Browser", live_server: Any, sign_in: Any) -> Iterator[Callable[..., "Page"]]:
    """``open_page("/ui/", column="chief", width=360, scheme="dark")``; faults of the page fail the test at its end."""
    contexts, faults = [], []

    def make(
        path: str,
        *,
        column: str = "anyone",
        width: int = 1440,
        scheme: Any = "light",
        script: bool = True,
        refused: bool = False,
    ) -> "Page":
        """``refused`` says that the server will refuse something, which the browser reports on its console."""

        def note(message: Any) -> None:
            if message.type == "error" and not (refused and "the server responded with" in message.text):
                faults.append(f"console: {message.text}")

        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN", java_script_enabled=script
        )
        contexts.append(context)
        for name, morsel in sign_in(column).cookies.items():
            context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda e: faults.append(f"script: {e}"))
        page.on("request", lambda r: faults.append(f"outside: {r.url}") if not _ours(r.url, live_server.url) else None)
        page.goto(live_server.url + path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults


def _ours(url: str, server: str) -> bool:
    return url.startswith("data:") or urlsplit(url).netloc == urlsplit(server).netloc


@pytest.fixture
def check_page() -> Callable[["Page"], None]:
    """No axe violation and nothing wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: "Page") -> None:
        wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"the page is {wide} px wider than the screen"
        found = Axe().run(page).response["violations"]
        assert not [f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in found]

    return check
