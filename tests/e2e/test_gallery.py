"""Every component in a browser: both themes, three widths, keyboard, side panel, drafts; and without scripts."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., "Page"]
Check = Callable[["Page"], None]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 768, 360])
def test_every_component_is_accessible_and_fits(open_page: Open, check_page: Check, width: int, scheme: str) -> None:
    page = open_page("/ui/", column="chief", width=width, scheme=scheme)
    check_page(page)
    page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true })")
    check_page(page)


def test_care_mode_is_larger_and_fits(open_page: Open, check_page: Check) -> None:
    page = open_page("/ui/", width=360)
    size = "() => parseFloat(getComputedStyle(document.body).fontSize)"
    before = page.evaluate(size)
    page.locator(".menu summary", has_text="显示").click()
    page.get_by_role("button", name="长辈版").click()
    page.wait_for_load_state()
    assert page.evaluate(size) >= before * 1.5
    check_page(page)


def test_the_theme_of_ones_choice_wins_over_the_systems(open_page: Open) -> None:
    page = open_page("/ui/", scheme="light")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator(".menu summary", has_text="显示").click()
    page.get_by_role("button", name="深色").click()
    page.wait_for_load_state()
    assert page.evaluate(ground) != light


def test_keys_find_the_search_box_the_rows_and_the_help(open_page: Open) -> None:
    page = open_page("/ui/", column="chief")
    if page.locator("[data-key-focus]").count():
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "q"
        page.keyboard.type("/j")
        assert page.locator("[data-key-focus]").input_value() == "/j", "keys typed into a box are text"
        page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    rows = page.locator("#listing-gallery tbody tr")
    assert "here" in (rows.nth(1).get_attribute("class") or "")
    page.keyboard.press("x")
    assert rows.nth(1).locator("input[type=checkbox]").is_checked()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_a_row_opens_beside_the_list_and_closing_it_returns_to_the_row(open_page: Open, check_page: Check) -> None:
    page = open_page("/ui/", column="chief")
    link = page.locator("#listing-gallery tbody tr").nth(2).locator("a").first
    number = link.inner_text()
    address = page.url
    link.click()
    panel = page.locator("#panel")
    panel.get_by_role("heading", name=number).wait_for()
    assert page.url == address, "the list stays where it was"
    check_page(page)
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert page.evaluate("document.activeElement.textContent") == number


def test_filtering_and_sorting_change_only_the_list_and_its_address(open_page: Open) -> None:
    page = open_page("/ui/", column="chief")
    page.evaluate("() => { document.body.dataset.same = '1' }")
    page.locator("#gallery-state").select_option("逾期")
    page.locator("#listing-gallery").get_by_role("button", name="查询").click()
    page.wait_for_url(re.compile("state="))
    page.locator("#listing-gallery .total", has_text="200").wait_for()
    page.locator("#listing-gallery").get_by_role("link", name="金额").click()
    page.wait_for_url(re.compile("sort=amount"))
    assert "state=" in page.url
    page.locator("#listing-gallery [aria-sort=ascending]", has_text="金额").wait_for()
    assert page.locator("body").get_attribute("data-same") == "1", "the page was not loaded anew"
    page.go_back()
    page.locator("#listing-gallery [aria-sort=ascending]", has_text="到期日").wait_for()


def test_a_refusal_leaves_the_list_and_is_told_at_the_top(open_page: Open) -> None:
    page = open_page("/ui/", column="chief", refused=True)
    page.evaluate("""() => htmx.ajax("POST", "/ui/table/", {target: "#listing-gallery", values: {
        table: "x", csrfmiddlewaretoken: document.querySelector("[name=csrfmiddlewaretoken]").value}})""")
    page.locator("#notice", has_text="至少要显示一列").wait_for()
    assert page.locator("#listing-gallery tbody tr").count() == 20


def test_what_is_typed_is_kept_and_offered_back(open_page: Open) -> None:
    page = open_page("/ui/", column="chief")
    form = page.locator("form.form").first
    form.get_by_label("事情经过").fill("买到过期酱油，店家不退。")
    form.locator(".draft-note", has_text="草稿已保存").wait_for()
    page.reload()
    page.get_by_role("link", name="恢复草稿").first.click()
    page.wait_for_url(re.compile("_draft=1"))
    assert page.locator("form.form").first.get_by_label("事情经过").input_value() == "买到过期酱油，店家不退。"


def test_the_error_summary_takes_the_focus_and_leads_to_the_question(open_page: Open) -> None:
    page = open_page("/ui/", refused=True)
    form = page.locator("form.form").first
    form.get_by_label("经营主体名称").fill("")
    form.get_by_role("button", name="提交投诉").click()
    page.wait_for_load_state()
    summary = page.locator("#error-summary").first
    assert page.evaluate("document.activeElement.id") == "error-summary"
    summary.get_by_role("link", name="经营主体名称").click()
    assert page.evaluate("document.activeElement.name") == "subject"


def test_everything_works_without_scripts(open_page: Open) -> None:
    page = open_page("/ui/", column="chief", script=False)
    page.locator("#gallery-state").select_option("逾期")
    page.locator("#listing-gallery").get_by_role("button", name="查询").click()
    page.locator("#listing-gallery").get_by_role("link", name="金额").click()
    page.locator("#listing-gallery").get_by_role("link", name="下一页").click()
    assert "第 21–40 条，共 200 条" in page.locator("#listing-gallery .pager").inner_text()
    page.locator("#listing-gallery tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="转办所选").click()
    page.get_by_role("button", name="确认转办 1 条").click()
    assert "1 条已核对" in page.locator("#notice").inner_text()
    page.locator("#listing-gallery tbody a").first.click()
    assert "row=" in page.url


def test_the_menu_opens_on_a_phone_without_scripts(open_page: Open) -> None:
    page = open_page("/ui/", column="chief", width=360, script=False)
    menu: Any = page.locator("#menu")
    assert not menu.is_visible()
    page.get_by_role("link", name="菜单", exact=True).click()
    assert menu.is_visible()
    page.get_by_role("link", name="关闭菜单").click()
    assert not menu.is_visible()
