"""Every page somebody reads, opened by that person in a browser: accessible, quiet, and no wider than a phone."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e import addresses
from tests.e2e.watching import Watch, tab_through
from tests.structure import world

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"
HEIGHT = 900
LONG = "云泽市临江区江畔街道长青鸿运恒达瑞祥福星海川农副产品冷链物流供应链管理服务有限公司（临江分公司）"
KEYBOARD = {
    "publication": {"home", "portal-subject"},
    "subjects": {"subjects", "subject", "subject-all"},
    "fusion": {"batch", "source-send"},
    "accounts": {"account_login", "offices"},
}


@pytest.fixture
def axe() -> str:
    from axe_playwright_python.sync_playwright import Axe

    return Axe().axe_script


@pytest.fixture
def city(cast: SimpleNamespace) -> world.World:
    """Three rows of each kind; the first business has the longest of names and something left to say."""
    from shiheng.subjects.models import Identifier, Name, Representation, Subject
    from tests import factories

    made = world.build(cast, 3)
    Name.objects.filter(subject=made.tokens["subject"]).update(text=LONG)
    row = Subject.objects.get(pk=made.tokens["subject"])
    Subject.objects.filter(pk=row.pk).update(
        name=LONG,
        fields=row.fields | {"name": factories.fact(LONG), "business_scope": factories.fact("糕点制售；" * 60)},
    )
    assert Identifier.objects.filter(value=made.tokens["uscc"]).exists()
    assert Representation.objects.filter(subject=row).exists()
    return made


@pytest.fixture
def watch(chromium: "Browser", live_server: Any, sign_in: Any) -> Any:
    """``watch("chief")``: that person's browser, signed in once a test."""
    held: dict[tuple[Any, ...], Watch] = {}

    def one(column: str, *, scheme: Any = "light", face: str = "") -> Watch:
        key = (column, scheme, face)
        if key not in held:
            context = chromium.new_context(color_scheme=scheme, locale="zh-CN", reduced_motion="reduce")
            cookies = {name: morsel.value for name, morsel in sign_in(column).cookies.items()}
            if face:
                cookies["face"] = face
            context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
            held[key] = Watch(context, live_server.url)
        return held[key]

    yield one
    for each in held.values():
        each.context.close()


@pytest.mark.parametrize("table", addresses.tables())
def test_every_page_is_accessible_quiet_and_fits(
    table: str, city: world.World, sign_in: Any, watch: Any, axe: str
) -> None:
    wrong = []
    for address in addresses.of_room(table, city, sign_in):
        eye = watch(address.column)
        eye.page.set_viewport_size({"width": 1440, "height": HEIGHT})
        eye.open(address.url, refused=address.refused)
        for width in (1440, 360):
            eye.page.set_viewport_size({"width": width, "height": HEIGHT})
            wrong += [f"{address.name} {address.url} as {address.column} at {width}: {f}" for f in eye.faults(axe)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("table", sorted(KEYBOARD))
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    table: str, city: world.World, sign_in: Any, watch: Any
) -> None:
    found = {address.name: address for address in addresses.of_room(table, city, sign_in)}
    wrong = []
    for name in sorted(KEYBOARD[table]):
        eye = watch(found[name].column)
        eye.page.set_viewport_size({"width": 1440, "height": HEIGHT})
        eye.open(found[name].url)
        missed, unseen = tab_through(eye.page)
        wrong += [f"{name}: never reached {html}" for html in missed] + [f"{name}: {html}" for html in unseen]
    assert not wrong, "\n".join(wrong)


def test_the_first_key_skips_to_the_main_part(city: world.World, sign_in: Any, watch: Any) -> None:
    for column, url in (("anyone", "/"), ("chief", "/subjects/")):
        page = watch(column).page
        watch(column).open(url)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["y"] >= 0, "the skip link is seen when it has the focus"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


@pytest.mark.slow
def test_every_page_in_every_width_theme_and_size_of_type(
    city: world.World, sign_in: Any, watch: Any, axe: str, quality: Callable[[str, str], None]
) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    wrong, pages, looks = [], 0, 0
    for table in addresses.tables():
        for address in addresses.of_room(table, city, sign_in):
            pages += 1
            for scheme in ("light", "dark"):
                for face in ("auto-plain", "auto-care"):
                    eye = watch(address.column, scheme=scheme, face=face)
                    eye.open(address.url, refused=address.refused)
                    for width in (1440, 768, 360):
                        looks += 1
                        eye.page.set_viewport_size({"width": width, "height": HEIGHT})
                        said = f"{table}-{address.name}-{width}-{scheme}{'-care' if face == 'auto-care' else ''}"
                        wrong += [f"{said} {address.url}: {fault}" for fault in eye.faults(axe)]
                        eye.page.screenshot(path=SCREENS / f"{said}.png", full_page=True)
    quality(
        "every_page",
        f"{pages} pages looked at {looks} times (1440, 768 and 360 px, light and dark, plain and care mode): "
        f"{len(wrong)} faults of axe, width, console, title, heading or language",
    )
    assert not wrong, "\n".join(wrong)
