"""Signing in, and being refused without being told why."""

from types import SimpleNamespace

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.test import Client

from shiheng.accounts import actions
from shiheng.accounts.models import Account
from shiheng.ledger.models import Leaf
from tests.accounts.signing import SIGN_IN, browser, is_in, try_sign_in
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def test_the_right_password_signs_in_and_is_recorded(cast: SimpleNamespace) -> None:
    client = browser("10.1.2.3")
    answer = try_sign_in(client, "zhang")
    assert answer.status_code == 302
    assert answer.url == "/"
    assert is_in(client)
    leaf = Leaf.objects.get(kind="accounts.signed_in")
    assert (leaf.subject, leaf.facts["address"]) == (f"account:{cast.chief.pk}", "10.1.2.3")
    assert leaf.scope == "4499.01."


def test_a_login_name_in_capitals_or_full_width_is_the_same_name(cast: SimpleNamespace) -> None:
    client = browser()
    try_sign_in(client, " ＺＨＡＮＧ ")
    assert is_in(client)


def test_wrong_password_unknown_name_and_disabled_account_get_the_same_answer(cast: SimpleNamespace) -> None:
    Account.objects.filter(pk=cast.clerk.pk).update(disabled_at="2026-01-01T00:00:00+08:00")
    said = []
    for username, password in (("zhang", "not-the-password"), ("nobody", PASSWORD), ("chuang", PASSWORD)):
        client = browser()
        answer = try_sign_in(client, username, password)
        assert answer.status_code == 200
        assert not is_in(client)
        said.append(answer.content.decode().replace(username, "NAME").split("<main")[1])
    assert "登录名或密码不正确，或账号不可用" in said[0]
    stripped = [part.split("csrfmiddlewaretoken")[0] for part in said]
    assert stripped[0] == stripped[1] == stripped[2]


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    runs: list[str] = []
    plain = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str, *args: object) -> str:
        runs.append(password)
        return plain(self, password, salt, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    try_sign_in(browser(), "zhang", "wrong-one")
    known = len(runs)
    runs.clear()
    try_sign_in(browser(), "nobody", "wrong-one")
    assert len(runs) == known > 0


def test_five_failures_lock_the_person_at_that_address_only(cast: SimpleNamespace) -> None:
    office = "10.0.0.1"
    for _ in range(4):
        assert try_sign_in(browser(office), "zhang", "wrong").status_code == 200
    locked = try_sign_in(browser(office), "zhang", "wrong")
    assert locked.status_code == 429
    assert "暂时不能登录" in locked.content.decode()
    client = browser(office)
    assert try_sign_in(client, "zhang").status_code == 429  # the right password does not help now
    assert not is_in(client)

    colleague = browser(office)
    assert try_sign_in(colleague, "chuang").status_code == 302  # same address, another person
    assert is_in(colleague)
    elsewhere = browser("10.0.0.2")
    assert try_sign_in(elsewhere, "zhang").status_code == 302  # same person, another address
    assert is_in(elsewhere)


def test_spelling_the_name_differently_starts_no_new_count(cast: SimpleNamespace) -> None:
    answers = [
        try_sign_in(browser(), name, "wrong").status_code for name in ("zhang", "ZHANG", "Zhang", "ｚhang", "zh ang")
    ]
    assert answers == [200, 200, 200, 200, 429]


def test_an_invented_name_locks_like_a_real_one(cast: SimpleNamespace) -> None:
    answers = [try_sign_in(browser(), "nobody", "wrong").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_guessing_from_many_addresses_locks_the_account_for_a_while(cast: SimpleNamespace, settings: object) -> None:
    settings.LOCK_WIDE_ACCOUNT = 8  # type: ignore[attr-defined]
    for n in range(8):
        try_sign_in(browser(f"10.9.0.{n}"), "zhang", "wrong")
    assert try_sign_in(browser("10.9.1.1"), "zhang").status_code == 429
    assert try_sign_in(browser("10.9.1.1"), "chuang").status_code == 302
    assert Leaf.objects.get(kind="accounts.sign_in_locked").facts["locked"] == "账号"


def test_spraying_many_names_from_one_address_locks_the_address(cast: SimpleNamespace, settings: object) -> None:
    settings.LOCK_WIDE_ADDRESS = 8  # type: ignore[attr-defined]
    for n in range(8):
        try_sign_in(browser("10.9.0.9"), f"guess{n}", "wrong")
    assert try_sign_in(browser("10.9.0.9"), "zhang").status_code == 429
    assert try_sign_in(browser("10.9.0.8"), "zhang").status_code == 302
    assert Leaf.objects.get(kind="accounts.sign_in_locked").facts["locked"] == "地址"


def test_the_lock_ends_after_its_time(cast: SimpleNamespace) -> None:
    import time_machine

    for _ in range(5):
        try_sign_in(browser(), "zhang", "wrong")
    assert try_sign_in(browser(), "zhang").status_code == 429
    from datetime import UTC, datetime, timedelta

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16), tick=True):
        assert try_sign_in(browser(), "zhang").status_code == 302


def test_a_forged_header_does_not_give_another_address(cast: SimpleNamespace) -> None:
    for n in range(5):
        try_sign_in(browser("10.0.0.1", HTTP_X_FORWARDED_FOR=f"1.2.3.{n}"), "zhang", "wrong")
    assert try_sign_in(browser("10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.99"), "zhang").status_code == 429


def test_behind_a_declared_proxy_its_last_word_counts(cast: SimpleNamespace, settings: object) -> None:
    settings.TRUSTED_PROXIES = 1  # type: ignore[attr-defined]
    for n in range(5):
        try_sign_in(browser("172.16.0.1", HTTP_X_FORWARDED_FOR=f"1.2.3.{n}, 10.7.7.7"), "zhang", "wrong")
    assert try_sign_in(browser("172.16.0.1", HTTP_X_FORWARDED_FOR="10.7.7.7"), "zhang").status_code == 429
    assert try_sign_in(browser("172.16.0.1", HTTP_X_FORWARDED_FOR="10.7.7.8"), "zhang").status_code == 302


def test_no_password_is_written_anywhere(cast: SimpleNamespace) -> None:
    try_sign_in(browser(), "zhang", "secret-typed-wrong")
    try_sign_in(browser(), "zhang")
    written = "".join(leaf.body for leaf in Leaf.objects.all())
    written += "".join(f"{a.get_data}{a.post_data}{a.path_info}" for a in AccessAttempt.objects.all())
    written += "".join(a.path_info for a in AccessFailureLog.objects.all())
    assert Leaf.objects.filter(kind="accounts.sign_in_failed").exists()
    assert "secret-typed-wrong" not in written
    assert PASSWORD not in written


def test_failures_and_lockouts_are_recorded(cast: SimpleNamespace) -> None:
    for _ in range(9):  # four more knock at a locked door: they add nothing to the log
        try_sign_in(browser(), "zhang", "wrong")
    kinds = list(Leaf.objects.filter(subject="sign_in:zhang").order_by("id").values_list("kind", flat=True))
    assert kinds == ["accounts.sign_in_failed"] * 4 + ["accounts.sign_in_locked"]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_foreign_address_after_sign_in_is_not_followed(cast: SimpleNamespace, target: str) -> None:
    assert try_sign_in(browser(), "zhang", next=target).url == "/"


def test_an_own_address_after_sign_in_is_followed(cast: SimpleNamespace) -> None:
    answer = browser().get("/stations/?served=no")
    assert answer.status_code == 302
    assert answer.url == "/sign-in/?next=%2Fstations%2F%3Fserved%3Dno"
    assert try_sign_in(browser(), "zhang", next="/stations/?served=no").url == "/stations/?served=no"


def test_sign_in_without_the_csrf_token_is_refused(cast: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(SIGN_IN, {"login": "zhang", "password": PASSWORD}).status_code == 403
    assert not is_in(client)


def test_signing_out_needs_a_post(cast: SimpleNamespace) -> None:
    client = browser()
    try_sign_in(client, "zhang")
    assert client.get("/sign-out/").status_code == 200
    assert is_in(client)
    assert client.post("/sign-out/").status_code == 302
    assert not is_in(client)
    assert Leaf.objects.filter(kind="accounts.signed_out").exists()


@pytest.mark.parametrize(
    "path", ["/sign-up/", "/accounts/signup/", "/accounts/login/", "/me/email/", "/password/reset/"]
)
def test_what_is_not_needed_is_not_served(db: None, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_a_disabled_account_is_out_at_once(cast: SimpleNamespace) -> None:
    client = browser()
    try_sign_in(client, "chuang")
    assert is_in(client)
    actions.disable(cast.who("admin"), cast.clerk.pk, reason="离职")
    assert not is_in(client)
    assert try_sign_in(browser(), "chuang").status_code == 200
    actions.enable(cast.who("admin"), cast.clerk.pk)
    assert try_sign_in(browser(), "chuang").status_code == 302


def test_the_sign_in_page_may_not_be_cached(db: None) -> None:
    assert "no-store" in Client().get(SIGN_IN).headers["Cache-Control"]
