"""The second factor: a code from a phone, once; a recovery code, once; nobody in without one where it is required."""

import re
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from shiheng.accounts import actions
from shiheng.ledger.models import Leaf
from tests.accounts.signing import browser, is_in, phone_code, try_sign_in
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def confirm(client: Client, page: str) -> None:
    """Type the password again, as sensitive pages ask."""
    answer = client.get(page)
    if answer.status_code == 302:
        assert answer.url.startswith("/me/check/")
        assert client.post(answer.url, {"password": PASSWORD, "next": page}).status_code == 302


def activate(client: Client) -> tuple[str, list[str], str]:
    """Switch the second factor on as its owner does; gives the secret, the recovery codes and the code it took."""
    confirm(client, "/me/second-factor/on/")
    page = client.get("/me/second-factor/on/")
    assert "<svg" in page.content.decode()
    secret = page.context["form"].secret
    code = phone_code(secret, steps=-1)
    answer = client.post("/me/second-factor/on/", {"code": code})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url == "/me/recovery-codes/"
    shown = client.get("/me/recovery-codes/").content.decode()
    return secret, re.findall(r"\b\d{8}\b", shown.split("<main")[1]), code


@pytest.fixture
def protected(cast: SimpleNamespace) -> SimpleNamespace:
    client = browser()
    try_sign_in(client, "zhang")
    secret, codes, code = activate(client)
    client.post("/sign-out/")
    return SimpleNamespace(secret=secret, codes=codes, code=code)


def test_after_the_password_the_code_is_asked_and_lets_in(protected: SimpleNamespace) -> None:
    client = browser()
    answer = try_sign_in(client, "zhang")
    assert answer.url == "/sign-in/code/"
    assert not is_in(client)
    assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 200
    assert not is_in(client)
    assert client.post("/sign-in/code/", {"code": phone_code(protected.secret)}).status_code == 302
    assert is_in(client)


def test_a_code_is_refused_the_second_time_also_in_another_browser(protected: SimpleNamespace) -> None:
    code = phone_code(protected.secret)
    first, second = browser(), browser()
    try_sign_in(first, "zhang")
    try_sign_in(second, "zhang")
    assert first.post("/sign-in/code/", {"code": code}).status_code == 302
    from django.core.cache import cache

    cache.clear()  # what refuses the second use must not be a cache
    assert second.post("/sign-in/code/", {"code": code}).status_code == 200
    assert is_in(first)
    assert not is_in(second)


def test_the_code_that_switched_it_on_does_not_sign_in(protected: SimpleNamespace) -> None:
    client = browser()
    try_sign_in(client, "zhang")
    client.post("/sign-in/code/", {"code": protected.code})  # that very one: half a minute may have begun since
    assert not is_in(client)


def test_an_old_code_is_refused(protected: SimpleNamespace) -> None:
    client = browser()
    try_sign_in(client, "zhang")
    client.post("/sign-in/code/", {"code": phone_code(protected.secret, steps=-3)})
    assert not is_in(client)


def test_guessing_codes_is_slowed_for_the_person(protected: SimpleNamespace) -> None:
    for n in range(5):
        client = browser(f"10.5.0.{n}")
        try_sign_in(client, "zhang")
        client.post("/sign-in/code/", {"code": f"00000{n}"})
    client = browser("10.5.0.9")
    try_sign_in(client, "zhang")
    answer = client.post("/sign-in/code/", {"code": phone_code(protected.secret)})
    assert "尝试次数过多" in answer.content.decode()
    assert not is_in(client)


def test_a_form_without_a_code_is_a_wrong_one(protected: SimpleNamespace) -> None:
    client = browser()
    try_sign_in(client, "zhang")
    assert client.post("/sign-in/code/", {}).status_code == 200
    assert not is_in(client)


def test_a_recovery_code_lets_in_once(protected: SimpleNamespace) -> None:
    assert len(protected.codes) == 10
    first, second = browser(), browser()
    try_sign_in(first, "zhang")
    first.post("/sign-in/code/", {"code": protected.codes[0]})
    assert is_in(first)
    try_sign_in(second, "zhang")
    second.post("/sign-in/code/", {"code": protected.codes[0]})
    assert not is_in(second)
    assert Leaf.objects.filter(kind="accounts.recovery_code_used").count() == 1


def test_recovery_codes_are_shown_once(protected: SimpleNamespace) -> None:
    client = browser()
    try_sign_in(client, "zhang")
    client.post("/sign-in/code/", {"code": phone_code(protected.secret)})
    confirm(client, "/me/recovery-codes/")
    again = client.get("/me/recovery-codes/").content.decode()
    assert not any(code in again for code in protected.codes)


def test_secrets_are_sealed_in_the_database_and_absent_from_records(protected: SimpleNamespace) -> None:
    held = "".join(str(row.data) for row in Authenticator.objects.all())
    assert protected.secret not in held
    written = "".join(leaf.body for leaf in Leaf.objects.all())
    assert protected.secret not in written
    assert not any(code in written for code in protected.codes)
    assert "accounts.factor_added" in written


def test_switching_it_off_asks_the_password_again(protected: SimpleNamespace) -> None:
    client = browser()
    try_sign_in(client, "zhang")
    client.post("/sign-in/code/", {"code": phone_code(protected.secret)})
    assert client.post("/me/second-factor/off/").url.startswith("/me/check/")
    assert Authenticator.objects.filter(type="totp").exists()
    client.post("/me/check/", {"password": "wrong", "next": "/me/second-factor/off/"})
    assert Authenticator.objects.filter(type="totp").exists()
    client.post("/me/check/", {"password": PASSWORD, "next": "/me/second-factor/off/"})  # goes on with what was asked
    assert not Authenticator.objects.exists()
    assert Leaf.objects.filter(kind="accounts.factor_removed_by_owner").count() == 1


def test_a_role_that_needs_it_reaches_nothing_before_it_is_on(cast: SimpleNamespace, settings: object) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"administrator"})  # type: ignore[attr-defined]
    client = browser()
    try_sign_in(client, "guanli")
    for page in ("/people/", "/me/", "/offices/", "/inbox/"):
        assert client.get(page).url == "/me/second-factor/on/", page
    activate(client)
    assert client.get("/people/").status_code == 200
    confirm(client, "/me/second-factor/off/")
    assert "不能停用" in client.get("/me/second-factor/off/").content.decode()
    client.post("/me/second-factor/off/")
    assert Authenticator.objects.filter(type="totp").exists()

    clerk = browser()
    try_sign_in(clerk, "chuang")
    assert is_in(clerk)


def test_an_administrator_removes_a_lost_factor_and_every_session_ends(
    protected: SimpleNamespace, cast: SimpleNamespace
) -> None:
    client = browser()
    try_sign_in(client, "zhang")
    client.post("/sign-in/code/", {"code": phone_code(protected.secret)})
    actions.remove_second_factor(cast.who("admin"), cast.chief.pk)
    assert not is_in(client)
    again = browser()
    assert try_sign_in(again, "zhang").url == "/"
