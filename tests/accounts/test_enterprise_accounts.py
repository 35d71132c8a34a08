"""An enterprise's account: opened at the top of the tree, holding no office, once a key."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from shiheng.accounts import actions
from shiheng.accounts.models import Account
from shiheng.accounts.permissions import SYSTEM, May
from shiheng.accounts.queries import who_of
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.ledger.models import Leaf

pytestmark = pytest.mark.django_db


def opened(who: Any, **given: Any) -> actions.Opened:
    return actions.open_enterprise_account(who, **{"username": "qiye", "name": "齐业", **given})


def test_it_is_opened_with_a_one_time_password_and_no_office(cast: SimpleNamespace) -> None:
    made = opened(cast.who("admin"), username="ＱＩＹＥ ", phone="13800000000")
    account, password = made.account, made.password
    assert (account.username, account.kind, account.must_change_password) == ("qiye", "enterprise", True)
    assert password
    assert account.check_password(password)
    assert not account.posts.exists()
    who = who_of(account)
    assert who.may(May.OWN_BUSINESS)
    assert not who.may(May.SEE_DESK)
    leaf = Leaf.objects.get(kind="accounts.created")
    assert (leaf.subject, leaf.scope) == (f"account:{account.pk}", "")


def test_the_same_key_opens_it_once_and_shows_the_password_once(cast: SimpleNamespace) -> None:
    key, who = uuid4(), cast.who("admin")
    first, again = opened(who, key=key), opened(who, key=key)
    assert first.account == again.account
    assert again.password is None
    assert Leaf.objects.filter(kind="accounts.created").count() == 1
    with pytest.raises(Conflict, match="内容与上次不同"):
        opened(who, key=key, name="齐叶")


def test_a_taken_login_name_leaves_nothing_behind(cast: SimpleNamespace) -> None:
    with pytest.raises(Conflict, match="登录名“zhang”已被使用，请换一个。"):
        opened(cast.who("admin"), username="zhang")
    assert not Leaf.objects.filter(kind="accounts.created").exists()


@pytest.mark.parametrize(("given", "message"), [({"username": "齐"}, "登录名须为"), ({"name": "  "}, "请填写姓名")])
def test_what_cannot_be_used_is_refused(cast: SimpleNamespace, given: dict[str, str], message: str) -> None:
    with pytest.raises(Refused, match=message):
        opened(cast.who("admin"), **given)


def test_only_the_top_of_the_tree_opens_one(cast: SimpleNamespace) -> None:
    actions.give_post(cast.who("admin"), cast.chief.pk, office="449901", role="administrator")
    for column in ("chief", "city", "owner", "anyone"):
        with pytest.raises(Forbidden):
            opened(cast.who(column))
    assert not Account.objects.filter(username="qiye").exists()


def test_only_the_platform_itself_sets_the_first_password(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="不能指定口令"):
        opened(cast.who("admin"), first_password="Qiye@2026-first")
    made = opened(SYSTEM, first_password="Qiye@2026-first").account
    assert made.check_password("Qiye@2026-first")
    assert not made.must_change_password
