"""Posts make powers: all of them, or the chosen one; from their first day to their last, not a click longer."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory

from shiheng.accounts import actions
from shiheng.accounts.doors import anyone, needs, signed_in
from shiheng.accounts.models import Office, Post
from shiheng.accounts.permissions import ANYONE, May
from shiheng.accounts.queries import standing_of, who_of
from shiheng.kernel.errors import Forbidden
from tests.accounts.signing import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def double(cast: SimpleNamespace) -> Any:
    """章科, chief in district A, who also has an administrator's post at a station of district B."""
    actions.give_post(cast.who("admin"), cast.chief.pk, office="44990201", role="administrator")
    return cast.chief


def test_two_posts_give_each_its_own_territory(double: Any) -> None:
    who = who_of(double)
    assert who.may(May.EXPORT_SUBJECTS, "4499.01.02.")
    assert not who.may(May.EXPORT_SUBJECTS, "4499.02.01.")
    assert who.may(May.MANAGE_ACCOUNTS, "4499.02.01.")
    assert not who.may(May.MANAGE_ACCOUNTS, "4499.01.")
    assert who.office_title == "云泽市临江区市场监督管理局"
    assert who.role_title == "科长、系统管理员"


def test_choosing_one_post_lays_the_others_down(double: Any) -> None:
    client = browser()
    client.force_login(double)
    assert client.get("/people/").status_code == 200
    chief = Post.objects.get(account=double, role="section_chief")
    client.post("/me/post/", {"post": chief.pk})
    assert client.get("/people/").status_code == 403
    assert client.get("/stations/").status_code == 200
    client.post("/me/post/", {"post": ""})
    assert client.get("/people/").status_code == 200


def test_a_foreign_post_cannot_be_chosen(cast: SimpleNamespace) -> None:
    client = browser()
    client.force_login(cast.clerk)
    client.post("/me/post/", {"post": Post.objects.get(account=cast.admin).pk})
    assert client.get("/people/").status_code == 403
    client.post("/me/post/", {"post": "-1 or 1=1"})
    assert client.get("/people/").status_code == 403


def test_after_choosing_a_post_the_way_back_stays_on_this_site(cast: SimpleNamespace) -> None:
    client = browser()
    client.force_login(cast.clerk)
    assert client.post("/me/post/", {"post": "", "next": "https://evil.example/"}).url == "/"


def test_a_post_ended_now_gives_nothing_to_the_next_click_of_an_open_session(
    cast: SimpleNamespace, double: Any
) -> None:
    client = browser()
    client.force_login(double)
    post = Post.objects.get(account=double, role="administrator")
    client.post("/me/post/", {"post": post.pk})
    assert client.get("/people/").status_code == 200
    actions.end_post(cast.who("admin"), post.pk)
    assert client.get("/people/").status_code == 403
    assert client.get("/stations/").status_code == 200  # the chosen post is gone: the remaining ones are in use


def test_a_post_counts_from_its_first_day_until_the_day_it_ends(cast: SimpleNamespace, clock: Any) -> None:
    today = date(2026, 11, 20)
    Post.objects.filter(account=cast.clerk).update(since=today, until=today + timedelta(days=2))
    seen = []
    for days in (-1, 0, 1, 2):
        clock.move_to(today + timedelta(days=days))
        seen.append(who_of(cast.clerk).may(May.READ_SUBJECTS))
    assert seen == [False, True, True, False]


def test_a_closed_office_gives_no_powers(cast: SimpleNamespace, clock: Any) -> None:
    Office.objects.filter(path="4499.02.").update(closed_on=date(2026, 11, 20))
    assert not who_of(cast.inspector_b).grants


def test_who_costs_one_query_with_one_post_or_ten(cast: SimpleNamespace, django_assert_num_queries: Any) -> None:
    for n in range(10):
        Post.objects.create(
            account=cast.chief, office=Office.objects.get(code="44990101"), role="inspector", since=date(2024, 2, n + 1)
        )
    with django_assert_num_queries(1):
        standing = standing_of(cast.chief)
    assert len(standing.posts) == 11
    with django_assert_num_queries(1):
        who_of(cast.clerk)


def test_the_public_costs_no_query(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = browser().get("/me/")
    assert answer.status_code == 302
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_business_owner_holds_the_own_business_and_no_territory(cast: SimpleNamespace) -> None:
    who = cast.who("owner")
    assert who.may(May.OWN_BUSINESS)
    assert not who.may(May.READ_SUBJECTS)
    assert not who.may(May.OWN_BUSINESS, "4499.01.")
    assert not Office.objects.filter(path__gte=who.paths(May.OWN_BUSINESS)[0]).exists()


def test_doors_say_what_they_hold() -> None:
    def view(request: Any) -> str:
        return "in"

    assert anyone(view).door == "anyone"  # type: ignore[attr-defined]
    assert signed_in(view).door == "signed_in"  # type: ignore[attr-defined]
    assert needs(May.LAND_FILES, May.READ_SOURCES)(view).door == "needs:sources.land,sources.read"  # type: ignore[attr-defined]


def test_a_door_needs_every_power_it_names(cast: SimpleNamespace) -> None:
    door = needs(May.READ_SOURCES, May.LAND_FILES)(lambda request: "in")
    request = RequestFactory().get("/x/")
    request.who = cast.who("chief")  # type: ignore[attr-defined]
    with pytest.raises(Forbidden):
        door(request)
    request.who = cast.who("data")  # type: ignore[attr-defined]
    assert door(request) == "in"


def test_the_machine_interface_refuses_instead_of_sending_to_a_page() -> None:
    request = RequestFactory().get("/api/v1/x")
    request.who = ANYONE  # type: ignore[attr-defined]
    with pytest.raises(Forbidden):
        signed_in(lambda request: "in")(request)


def test_a_fragment_asked_for_without_sign_in_moves_the_whole_page(db: None) -> None:
    answer = browser().get("/me/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/sign-in/"
