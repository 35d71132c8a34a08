"""A refusal is told in the form it was asked for: a page, a fragment for htmx, problem+json for machines."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client, override_settings

from shiheng.kernel.errors import Conflict, Forbidden, Missing, Problem, Refused
from shiheng.ui import pages
from shiheng.ui.models import Draft

Ask = Callable[..., HttpRequest]


def through(request: HttpRequest, fault: Problem) -> HttpResponse:
    response = pages.ProblemMiddleware(lambda _: HttpResponse()).process_exception(request, fault)
    assert response is not None
    return response


@pytest.mark.parametrize(
    ("fault", "heading"),
    [
        (Refused("late", "已过受理期限，请改走举报。"), "未能办理"),
        (Forbidden("power.missing", "岗位没有权限。"), "无权办理"),
        (Missing("none", "没有这件事。"), "找不到这个页面"),
        (Conflict("first", "别人先办了。"), "内容已被他人更改"),
    ],
)
def test_a_person_gets_a_page_with_the_sentence_and_the_status(ask: Ask, fault: Problem, heading: str) -> None:
    response = through(ask(), fault)
    page = response.content.decode()
    assert response.status_code == fault.status
    assert f"<h1>{heading}</h1>" in page
    assert fault.message in page
    assert '<html lang="zh-CN"' in page


def test_details_for_people_are_shown_and_those_for_machines_are_not(ask: Ask) -> None:
    page = through(ask(), Refused("x", "不行。", 依据="第十五条", field="name")).content.decode()
    assert "依据" in page
    assert "第十五条" in page
    assert "field" not in page


def test_htmx_gets_a_fragment_that_leaves_what_asked_as_it_was(ask: Ask) -> None:
    response = through(ask(HX_Request="true"), Refused("late", "已过期限<b>。"))
    assert response["HX-Retarget"] == "#notice"
    assert response["HX-Reselect"] == "#problem"
    page = response.content.decode()
    assert "<html" not in page
    assert "已过期限&lt;b&gt;。" in page


def test_a_machine_gets_problem_json(ask: Ask) -> None:
    response = through(ask("/api/v1/x"), Refused("late", "已过期限。", article="十五", rows=[1, 2]))
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content) == {
        "type": "about:blank", "title": "Unprocessable Entity", "status": 422, "code": "late", "detail": "已过期限。",
        "details": {"article": "十五", "rows": [1, 2]},
    }  # fmt: skip


def test_a_fault_that_is_no_refusal_is_not_dressed_up_as_one(ask: Ask) -> None:
    assert pages.ProblemMiddleware(lambda _: HttpResponse()).process_exception(ask(), KeyError("x")) is None


def test_a_refused_form_is_kept_as_a_draft_and_the_page_says_so(ask: Ask, db: None) -> None:
    post = {"_form": "x.y", "_about": "1", "name": "甲店", "word": "s", "_undrafted": "word"}
    page = through(ask(post=post, owner="account:7"), Refused("late", "已过期限。")).content.decode()
    assert "已存为草稿" in page
    assert Draft.objects.get().data == {"name": ["甲店"]}


def test_a_form_that_went_through_leaves_no_draft_and_one_that_did_not_keeps_it(ask: Ask, db: None) -> None:
    post = {"_form": "x.y", "_about": "1", "name": "甲店"}
    pages.refusal(ask(post=post, owner="account:7"), Refused("late", "已过期限。"))
    pages.ProblemMiddleware(lambda _: HttpResponse("form again"))(ask(post=post, owner="account:7"))
    assert Draft.objects.count() == 1
    pages.ProblemMiddleware(lambda _: HttpResponseRedirect("/"))(ask(post=post, owner="account:7"))
    assert Draft.objects.count() == 0


def test_an_unknown_address_is_told_kindly(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "找不到这个页面" in response.content.decode()
    machine = client.get("/api/no/such/")
    assert (machine.status_code, machine.json()["code"]) == (404, "not_found")


def test_a_stale_form_is_told_that_nothing_was_recorded(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/ui/face/", {"theme": "dark"})
    assert response.status_code == 403
    assert "没有留下记录" in response.content.decode()


def test_the_page_of_a_broken_page_leans_on_nothing(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    request = ask()
    del request.who  # type: ignore[attr-defined]
    response = pages.server_error(request)
    page = response.content.decode()
    reference = page.split('<code class="code">')[1][:8]
    assert response.status_code == 500
    assert f"reference={reference}" in caplog.text, "the number a person reads out is found in the log"


def test_even_without_its_template_a_broken_page_says_so(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> str:
        raise OSError("no template")

    monkeypatch.setattr(pages, "render_to_string", broken)
    response = pages.server_error(ask())
    assert response.status_code == 500
    assert "系统出错" in response.content.decode()


@override_settings(ROOT_URLCONF="tests.ui.broken_urls")
def test_a_crash_in_a_view_becomes_that_page(db: None) -> None:
    client = Client(raise_request_exception=False)
    assert "故障编号" in client.get("/broken/").content.decode()
    assert client.get("/api/broken/").json()["code"] == "server_error"


def test_a_page_asked_into_the_side_panel_gives_only_its_content(client: Client) -> None:
    whole = client.get("/ui/?row=3").content.decode()
    part = client.get("/ui/?row=3", headers={"HX-Request": "true", "HX-Target": "panel"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert "data-close-panel" in part
    assert "云临市监投〔2026〕0003号" in part


def test_no_page_carries_inline_script_or_style_and_the_policy_says_so(client: Client) -> None:
    response = client.get("/ui/")
    page = response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert " style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert page.count("<script") == page.count("<script src=") + page.count('<script type="module" src=')


def test_the_look_is_kept_in_the_browser_and_for_the_person(sign_in: Any) -> None:
    browser = sign_in("chief")
    browser.post("/ui/face/", {"theme": "dark", "care": "1", "next": "/ui/"})
    assert '<html lang="zh-CN" data-theme="dark" data-care>' in browser.get("/ui/").content.decode()
    del browser.cookies[pages.FACE_COOKIE]
    assert 'data-theme="dark" data-care' in browser.get("/ui/").content.decode(), "a new browser, the same person"
    stranger = Client()
    assert "data-theme" not in stranger.get("/ui/").content.decode()


def test_the_look_takes_nobody_off_the_site(client: Client) -> None:
    response = client.post("/ui/face/", {"theme": "dark", "next": "https://evil.example/"})
    assert response["Location"] == "/"
    assert client.post("/ui/face/", {"theme": "neon"}).status_code == 422


def test_owner_is_nobody_without_an_account() -> None:
    request = HttpRequest()
    assert pages.owner_of(request) is None
    request.who = SimpleNamespace(key="anyone", account_id=None)  # type: ignore[attr-defined]
    assert pages.owner_of(request) is None
