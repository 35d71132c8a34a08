"""From a department's file to one page a business, as people walk it in a browser, with and without scripts."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests import factories
from tests.cast import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"]),
]

Open = Callable[..., "Page"]
GOOD = ("云泽市临江区青禾食品有限公司", "云泽市临江区白鹭五金店")
HEADER = "企业名称,统一社会信用代码,登记状态,法定代表人,注册资本,注册日期,住所"


def said(page: "Page") -> str:
    return page.locator("main").inner_text()


def figure(page: "Page", title: str) -> str:
    """What the figure of this title says."""
    return page.locator(".stat", has=page.locator(".stat-title", has_text=title)).locator(".stat-value").inner_text()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two good rows, and one without a name whose code fails its check."""
    wrong = factories.uscc(103)[:-1] + ("0" if factories.uscc(103)[-1] != "0" else "1")
    lines = [
        HEADER,
        f"{GOOD[0]},{factories.uscc(101)},存续,陈青禾,200万元人民币,2019-05-06,云泽市临江区江口街道码头路12号",
        f"{GOOD[1]},{factories.uscc(102)},存续,白鹭,,2021-03-04,云泽市临江区柳岸镇沿河路3号",
        f",{wrong},存续,无名氏,,2020-01-01,云泽市临江区柳岸镇沿河路4号",
    ]
    path = tmp_path / "登记.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path


@pytest.fixture
def landed(file: Path, cast: SimpleNamespace) -> Any:
    """The file sent and taken in, for those who come after."""
    from shiheng.fusion import actions
    from shiheng.jobs import runner

    batch = actions.land("register", file, filename=file.name, who=cast.who("data"))
    runner.work(until_idle=True)
    batch.refresh_from_db()
    assert batch.state == "published"
    return batch


def test_a_citizen_finds_a_business_however_it_is_remembered(open_page: Open, cast: Any, script: bool) -> None:
    firm = factories.subject(
        "云泽市临江区瑞祥食品有限公司",
        number=201,
        former=("云泽老灶台食品厂",),
        address="云泽市临江区江畔街道码头路12号",
    )
    factories.subject("云泽市望湖区长青建材有限公司", number=202)
    page = open_page("/", script=script)
    for typed in ("祥", "rxsp", firm.uscc[:14], firm.uscc, "老灶台"):
        page.get_by_label("企业、个体工商户的名称或统一社会信用代码").fill(typed)
        page.get_by_role("button", name="查询").click()
        page.locator("ol.hits").wait_for()
        assert firm.name in said(page), typed
        if typed == "老灶台":
            assert "曾用名：云泽老灶台食品厂" in said(page)
    page.get_by_role("link", name=firm.name).click()
    page.locator("h1", has_text=firm.name).wait_for()
    for text in (firm.uscc, "存续", "来源：商事登记", "未取得", "曾用名：云泽老灶台食品厂"):
        assert text in said(page), text


def test_a_data_officer_sends_a_file_and_sees_what_came_of_every_row(open_page: Open, file: Path, script: bool) -> None:
    from shiheng.fusion.models import Batch
    from shiheng.jobs import runner

    page = open_page("/sources/", column="data", script=script)
    page.get_by_role("link", name="报送文件").click()
    page.get_by_label("数据源").select_option("register")
    page.get_by_label("数据文件").set_input_files(file)
    page.get_by_role("button", name="报送", exact=True).dblclick()
    page.locator("h1", has_text="登记.csv").wait_for()
    assert Batch.objects.count() == 1, "a double click makes one batch"
    runner.work(until_idle=True)
    page.goto(page.url)
    assert "已入档" in said(page)
    assert [figure(page, title) for title in ("来文行数", "接受", "隔离")] == ["3", "2", "1"]

    page.locator("a.stat", has_text="隔离").click()
    page.locator("#listing-quarantine tbody tr").first.wait_for()
    page.locator("#listing-quarantine tbody a").first.click()
    page.locator("h1", has_text="登记.csv 第 3 行").wait_for()
    reasons = page.locator("section", has_text="为什么没有接受").inner_text()
    assert "企业名称" in reasons
    assert "统一社会信用代码" in reasons
    assert "无名氏" in said(page), "the row is there as it came"


def test_a_clerk_signs_in_and_finds_the_new_business_with_its_sources(
    open_page: Open, landed: Any, live_server: Any, script: bool
) -> None:
    page = open_page("/sign-in/", script=script)
    page.get_by_label("登录名").fill("chuang")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/subjects/")
    if script:
        page.keyboard.press("/")
        page.keyboard.type("青禾")
        page.keyboard.press("Enter")
    else:
        page.locator("#desk-q").fill("青禾")
        page.locator("#desk-q").press("Enter")
    page.wait_for_url("**/find/?q=*")
    page.get_by_role("link", name=GOOD[0]).click()
    page.locator("h1", has_text=GOOD[0]).wait_for()
    page.locator("nav.tabs").get_by_role("link", name="登记", exact=True).click()
    page.wait_for_url("**tab=registration")
    fact = page.locator("#fact-address")
    assert not fact.locator(".why-body").is_visible()
    fact.locator("summary").click()
    assert f"批次 {landed.pk} · 登记.csv · 第 1 行" in fact.locator(".why-body").inner_text()
    assert not fact.locator(".why-body a").count(), "who may not read sources is offered no link that would be refused"


def test_a_chief_follows_a_value_to_its_row_and_asks_what_was_known(open_page: Open, landed: Any, script: bool) -> None:
    from shiheng.kernel import clock
    from shiheng.subjects.models import Subject

    firm = Subject.objects.get(name=GOOD[0])
    page = open_page(f"/subjects/{firm.pk}/?tab=registration", column="chief", script=script)
    fact = page.locator("#fact-representative")
    fact.locator("summary").click()
    fact.locator(".why-body a").click()
    page.locator("h1", has_text="登记.csv 第 1 行").wait_for()
    assert "陈青禾" in said(page)
    assert "200万元人民币" in said(page), "the row is shown as received"

    page.goto(page.url.split("/batches/")[0] + f"/subjects/{firm.pk}/")
    page.get_by_label("当日所知").fill(f"{clock.today() - timedelta(days=1):%Y-%m-%d}")
    page.get_by_role("button", name="查看").click()
    page.get_by_text("还没有收到过关于这个主体的任何内容").wait_for()
    page.get_by_label("当日所知").fill(f"{clock.today():%Y-%m-%d}")
    page.get_by_role("button", name="查看").click()
    page.get_by_text("之后才收到或改正的内容不在其中").wait_for()
    assert "陈青禾" in said(page)


def test_the_neighbouring_district_reads_the_page_but_no_personal_data_and_no_rows(
    open_page: Open, landed: Any, cast: SimpleNamespace, script: bool
) -> None:
    from shiheng.accounts.models import Post
    from shiheng.subjects.models import Subject

    firm = Subject.objects.get(name=GOOD[0])
    firm.fields["representative_phone"] = factories.fact("13800138000")
    firm.save()
    path = f"/subjects/{firm.pk}/?tab=registration"
    page = open_page(path, column="inspector_b", script=script, refused=True)
    assert GOOD[0] in said(page)
    assert "不在您的辖区内" in said(page)
    assert "13800138000" not in page.content()
    assert "138****8000" in said(page)
    row, base = f"/batches/{landed.pk}/rows/1/", page.url.split("/subjects/")[0]
    assert page.goto(base + row).status == 403, "an inspector reads no sources at all"
    Post.objects.filter(account=cast.inspector_b).update(role="section_chief")
    for refused in (row, f"/batches/{landed.pk}/", f"/batches/{landed.pk}/file/"):
        assert page.goto(base + refused).status == 404, refused
    assert "陈青禾" not in page.content()
    own = open_page(path, column="chief", script=script)
    assert "13800138000" in said(own)
