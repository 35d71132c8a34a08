"""What people set for themselves is theirs alone: columns, saved views, drafts."""

from typing import Any

import pytest

from shiheng.ui.models import Draft, Preference, SavedView


def test_columns_are_saved_and_put_back(sign_in: Any) -> None:
    chief = sign_in("chief")
    chief.post("/ui/table/", {"table": "gallery", "columns": ["number", "due"], "density": "dense", "next": "/ui/"})
    page = chief.get("/ui/").content.decode()
    assert 'class="listing dense"' in page
    assert ">承办人</th>" not in page
    assert ">承办人</th>" in sign_in("clerk").get("/ui/").content.decode()
    chief.post("/ui/table/", {"table": "gallery", "reset": "1"})
    assert not Preference.objects.filter(code="table:gallery").exists()


@pytest.mark.parametrize(
    "post", [{"table": "gallery"}, {"columns": ["a"]}, {"table": "g", "columns": ["a"], "density": "huge"}]
)
def test_columns_that_make_no_sense_are_refused(sign_in: Any, post: dict[str, Any]) -> None:
    assert sign_in("chief").post("/ui/table/", post).status_code == 422


def test_a_view_is_saved_shown_replaced_and_deleted(sign_in: Any) -> None:
    chief, clerk = sign_in("chief"), sign_in("clerk")
    for query in ("state=逾期", "sort=-due&state=临期"):
        chief.post("/ui/views/", {"table": "gallery", "name": " 本周  到期 ", "query": query, "next": "/ui/"})
    view = SavedView.objects.get()
    assert view.name == "本周 到期"
    assert view.query == "sort=-due&state=%E4%B8%B4%E6%9C%9F"
    assert f'href="/ui/?{view.query.replace("&", "&amp;")}"' in chief.get("/ui/").content.decode()
    assert clerk.post(f"/ui/views/{view.pk}/delete/").status_code == 404
    assert chief.post(f"/ui/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "post",
    [
        {"table": "g", "name": "", "query": "a=1"},
        {"table": "g", "name": "长" * 21, "query": "a=1"},
        {"table": "g", "name": "甲", "query": ""},
        {"table": "g", "name": "甲", "query": "a=" + "x" * 2000},
    ],
)
def test_a_view_that_makes_no_sense_is_refused(sign_in: Any, post: dict[str, str]) -> None:
    assert sign_in("chief").post("/ui/views/", post).status_code == 422


def test_nobody_keeps_views_without_end(sign_in: Any) -> None:
    chief = sign_in("chief")
    codes = [chief.post("/ui/views/", {"table": "g", "name": f"v{n}", "query": "a=1"}).status_code for n in range(31)]
    assert codes == [302] * 30 + [422]


def test_a_draft_is_kept_while_typing_and_thrown_away_on_request(sign_in: Any) -> None:
    chief = sign_in("chief")
    said = chief.post("/ui/draft/", {"_form": "ui.gallery", "_about": "", "subject": "甲店"}).content.decode()
    assert said.startswith("草稿已保存 ")
    assert "恢复草稿" in chief.get("/ui/").content.decode()
    assert "恢复草稿" not in sign_in("clerk").get("/ui/").content.decode()
    chief.post("/ui/draft/drop/", {"form": "ui.gallery", "about": ""})
    assert not Draft.objects.exists()


def test_a_form_sent_with_faults_keeps_its_draft_and_a_good_one_ends_it(sign_in: Any) -> None:
    chief = sign_in("chief")
    key = "4f5f0a9a-7d0a-4c3c-9d2a-0b8f4e1c2d3e"
    typed = {"_form": "ui.gallery", "_about": "", "_key": key, "subject": "甲店", "story": "买到过期酱油"}
    chief.post("/ui/draft/", typed)
    response = chief.post("/ui/", typed)
    assert response.status_code == 422
    assert "买到过期酱油" in response.content.decode()
    assert Draft.objects.exists()
    good = typed | {"kind": "food", "town": "古渡镇", "bought_on": "2026-11-18", "amount": "12.50"}
    assert chief.post("/ui/", good).status_code == 302
    assert not Draft.objects.exists()


@pytest.mark.parametrize("path", ["/ui/table/", "/ui/views/", "/ui/views/1/delete/", "/ui/draft/", "/ui/draft/drop/"])
def test_whoever_is_not_signed_in_keeps_nothing(client: Any, db: None, path: str) -> None:
    response = client.post(path, {"table": "g", "name": "a", "query": "a=1", "columns": ["a"], "_form": "f", "x": "1"})
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")
    assert not SavedView.objects.exists()
    assert not Preference.objects.exists()
    assert not Draft.objects.exists()
