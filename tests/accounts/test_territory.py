"""An administrator acts inside the own territory, never for themself, never upward; outside it nothing exists."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from shiheng.accounts import actions
from shiheng.accounts.models import Account, Deed, Post
from shiheng.accounts.permissions import SYSTEM, May
from shiheng.accounts.queries import accounts_managed_by, offices_visible_to, who_of
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger.models import Leaf
from tests.accounts.signing import browser, try_sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def local(cast: SimpleNamespace) -> Any:
    """The administrator of district A only."""
    return actions.create_account(
        cast.who("admin"), username="qu-a", name="区管", office="449901", role="administrator"
    ).account


def test_the_neighbouring_district_does_not_exist_for_a_district_administrator(
    cast: SimpleNamespace, local: Any
) -> None:
    who = who_of(local)
    with pytest.raises(Missing):
        actions.reset_password(who, cast.inspector_b.pk)
    with pytest.raises(Missing):
        actions.disable(who, cast.inspector_b.pk)
    with pytest.raises(Missing):
        actions.create_account(who, username="new-b", name="新人", office="449902", role="inspector")
    with pytest.raises(Missing):
        actions.give_post(who, cast.clerk.pk, office="449902", role="inspector")
    with pytest.raises(Missing):
        actions.end_post(who, Post.objects.get(account=cast.inspector_b).pk)
    assert not Account.objects.filter(username="new-b").exists()
    assert set(accounts_managed_by(who).values_list("username", flat=True)) == {"chuang", "zhang", "shuju", "qu-a"}


def test_its_pages_answer_404_for_the_neighbour_and_for_nothing_alike(cast: SimpleNamespace, local: Any) -> None:
    client = browser()
    client.force_login(local)
    Account.objects.filter(pk=local.pk).update(must_change_password=False)
    office_b = Post.objects.get(account=cast.inspector_b).office_id
    for page in (
        f"/people/{cast.inspector_b.pk}/",
        "/people/999999/",
        f"/offices/{office_b}/",
        f"/offices/{office_b}/edit/",
    ):
        assert client.get(page).status_code == 404, page
    posted = client.post(f"/people/{cast.inspector_b.pk}/password/", {"_key": str(uuid4())})
    assert posted.status_code == 404
    assert client.get(f"/people/{cast.clerk.pk}/").status_code == 200
    assert "查宁" not in client.get("/people/").content.decode()
    assert "没有符合这些条件的记录" in client.get("/people/?text=查宁").content.decode()


def test_city_and_station_posts_are_above_a_district_administrator(cast: SimpleNamespace, local: Any) -> None:
    """Whoever also serves the city is not reset by a district: that would hand over the city's powers."""
    actions.give_post(cast.who("admin"), cast.chief.pk, office="449900", role="city_official")
    who = who_of(local)
    for act in (actions.reset_password, actions.disable, actions.remove_second_factor):
        with pytest.raises(Forbidden):
            act(who, cast.chief.pk)
    with pytest.raises(Missing):
        actions.give_post(who, cast.clerk.pk, office="449900", role="administrator")


def test_nobody_acts_on_the_own_account_or_posts(cast: SimpleNamespace) -> None:
    who = cast.who("admin")
    post = Post.objects.get(account=cast.admin)
    for act in (
        lambda: actions.give_post(who, cast.admin.pk, office="449901", role="data_officer"),
        lambda: actions.end_post(who, post.pk),
        lambda: actions.disable(who, cast.admin.pk),
        lambda: actions.remove_second_factor(who, cast.admin.pk),
    ):
        with pytest.raises(Refused, match="本人"):
            act()


@pytest.mark.parametrize("column", ["clerk", "chief", "inspector_b", "city", "data", "owner", "anyone"])
def test_without_the_power_no_action_finds_anybody(cast: SimpleNamespace, column: str) -> None:
    who = cast.who(column)
    with pytest.raises(Missing):
        actions.reset_password(who, cast.clerk.pk)
    with pytest.raises(Missing):
        actions.create_account(who, username="x-new", name="新", office="449901", role="inspector")
    assert not accounts_managed_by(who).exists()


def test_a_repeat_with_the_same_key_makes_one_account_and_shows_no_second_password(cast: SimpleNamespace) -> None:
    key, who = uuid4(), cast.who("admin")
    told = {"username": "new-a", "name": "新人", "office": "44990101", "role": "inspector", "key": key}
    first, again = actions.create_account(who, **told), actions.create_account(who, **told)
    assert first.account == again.account
    assert first.password
    assert again.password is None
    assert Leaf.objects.filter(kind="accounts.created", subject=f"account:{first.account.pk}").count() == 1
    with pytest.raises(Conflict):
        actions.create_account(who, **{**told, "name": "别人"})
    assert first.password not in "".join(f"{d.payload}{d.result}" for d in Deed.objects.all())


def test_a_failed_action_leaves_nothing_and_its_key_may_be_used_again(cast: SimpleNamespace) -> None:
    key, who = uuid4(), cast.who("admin")
    with pytest.raises(Conflict, match="已被使用"):
        actions.create_account(who, username="zhang", name="同名", office="449901", role="inspector", key=key)
    assert not Deed.objects.filter(key=key).exists()
    opened = actions.create_account(who, username="zhang2", name="同名", office="449901", role="inspector", key=key)
    assert opened.password


def test_a_double_click_on_reset_shows_one_password(cast: SimpleNamespace) -> None:
    client = browser()
    client.force_login(cast.admin)
    key = str(uuid4())
    first = client.post(f"/people/{cast.clerk.pk}/password/", {"_key": key})
    again = client.post(f"/people/{cast.clerk.pk}/password/", {"_key": key})
    password = first.context["password"]
    assert password in first.content.decode()
    assert "no-store" in first.headers["Cache-Control"]
    assert again.context["password"] is None
    assert try_sign_in(browser(), "chuang", password).status_code == 302


def test_an_action_without_a_key_is_refused(cast: SimpleNamespace) -> None:
    client = browser()
    client.force_login(cast.admin)
    assert client.post(f"/people/{cast.clerk.pk}/disable/").status_code == 422
    cast.clerk.refresh_from_db()
    assert cast.clerk.is_active


def test_an_office_is_edited_in_the_own_territory_and_the_change_is_on_record(
    cast: SimpleNamespace, offices: dict
) -> None:
    client = browser()
    client.force_login(cast.admin)
    office = offices["4499.01.01."]
    page = client.get(f"/offices/{office.pk}/edit/")
    key = page.context["form"].key
    answer = client.post(
        f"/offices/{office.pk}/edit/",
        {"_key": key, "title": office.title, "town": "江口街道", "established_posts": "12", "address": "滨江路 1 号"},
    )
    assert answer.status_code == 302, answer.content.decode()
    office.refresh_from_db()
    assert (office.established_posts, office.address) == (12, "滨江路 1 号")
    facts = Leaf.objects.get(kind="accounts.office_edited").facts
    assert facts == {"established_posts": [0, 12], "address": ["", "滨江路 1 号"]}
    assert client.post(f"/offices/{office.pk}/edit/", {"_key": str(uuid4()), "title": ""}).status_code == 422


def test_offices_are_read_inside_the_own_territory(cast: SimpleNamespace) -> None:
    paths = lambda column: set(offices_visible_to(cast.who(column)).values_list("path", flat=True))  # noqa: E731
    assert paths("chief") == {"4499.01.", "4499.01.01.", "4499.01.02."}
    assert paths("inspector_b") == {"4499.02.", "4499.02.01."}
    assert len(paths("city")) == 6
    assert paths("owner") == paths("anyone") == set()


def test_a_path_that_only_begins_alike_is_another_territory(cast: SimpleNamespace, offices: dict) -> None:
    from shiheng.accounts.models import Office

    Office.objects.create(code="4499011", title="相似", kind="district", path="4499.011.", parent=offices["4499."])
    assert "4499.011." not in set(offices_visible_to(cast.who("chief")).values_list("path", flat=True))
    assert not cast.who("chief").may(May.READ_SUBJECTS, "4499.011.")


def test_the_platform_itself_may_everywhere(cast: SimpleNamespace) -> None:
    assert actions.reset_password(SYSTEM, cast.inspector_b.pk).password


def test_users_of_enterprises_are_managed_from_the_top_only(cast: SimpleNamespace, local: Any) -> None:
    with pytest.raises(Missing):
        actions.reset_password(who_of(local), cast.owner.pk)
    assert actions.reset_password(cast.who("admin"), cast.owner.pk).password
    with pytest.raises(Refused, match="不能任职"):
        actions.give_post(cast.who("admin"), cast.owner.pk, office="449901", role="inspector")


def test_disabling_on_the_page_keeps_the_reason_on_record(cast: SimpleNamespace) -> None:
    client = browser()
    client.force_login(cast.admin)
    answer = client.post(f"/people/{cast.clerk.pk}/disable/", {"_key": str(uuid4()), "reason": "调离"})
    assert answer.status_code == 302
    assert Leaf.objects.get(kind="accounts.disabled").facts == {"reason": "调离", "sessions_ended": 0}
    assert "停用账号" in client.get(f"/people/{cast.clerk.pk}/").content.decode()
