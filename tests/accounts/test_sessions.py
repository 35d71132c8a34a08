"""Sessions end when they should: idle, old, too many, or when the password changed."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from shiheng.accounts import actions
from shiheng.accounts.models import Account, Session
from shiheng.kernel import clock
from tests.accounts.signing import browser, is_in, try_sign_in
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


class Machine:
    """The machine's clock as the test moves it."""

    def __init__(self) -> None:
        self.moment = datetime.now(clock.SHANGHAI)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    held = Machine()
    monkeypatch.setattr(clock, "machine", held)
    return held


def test_half_an_hour_without_a_click_signs_out(cast: SimpleNamespace, machine: Machine) -> None:
    client = browser()
    try_sign_in(client, "zhang")
    machine.advance(minutes=29)
    assert is_in(client)
    machine.advance(minutes=29)
    assert is_in(client)  # the click before counted
    machine.advance(minutes=31)
    answer = client.get("/me/")
    assert answer.status_code == 302
    assert "30 分钟未操作" in client.get(answer.url).content.decode()


def test_twelve_hours_end_a_session_however_busy(cast: SimpleNamespace, machine: Machine) -> None:
    client = browser()
    try_sign_in(client, "zhang")
    for _ in range(35):
        machine.advance(minutes=20)
        assert is_in(client)
    machine.advance(minutes=21)
    assert not is_in(client)


def test_moving_the_platforms_clock_signs_nobody_out(cast: SimpleNamespace, clock: object) -> None:
    client = browser()
    try_sign_in(client, "zhang")
    clock.advance(days=400)  # type: ignore[attr-defined]
    assert is_in(client)


def test_clicks_within_a_minute_write_nothing(cast: SimpleNamespace, django_assert_num_queries: object) -> None:
    client = browser()
    try_sign_in(client, "zhang")
    is_in(client)
    with django_assert_num_queries(4) as seen:  # type: ignore[operator]
        client.get("/inbox/999999/")
    assert all(q["sql"].startswith("SELECT") for q in seen.captured_queries)


def test_sign_in_gives_a_new_session_id(cast: SimpleNamespace) -> None:
    client = browser()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["shiheng"] = session.session_key
    planted = session.session_key
    try_sign_in(client, "zhang")
    assert client.cookies["shiheng"].value != planted
    thief = browser()
    thief.cookies["shiheng"] = planted
    assert not is_in(thief)


def test_the_cookie_is_closed_to_scripts_and_other_sites(cast: SimpleNamespace) -> None:
    cookie = try_sign_in(browser(), "zhang").cookies["shiheng"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_the_fourth_session_ends_the_oldest(cast: SimpleNamespace, machine: Machine) -> None:
    clients = [browser(f"10.0.0.{n}") for n in range(4)]
    for client in clients:
        try_sign_in(client, "zhang")
        machine.advance(minutes=1)
    assert [is_in(c) for c in clients] == [False, True, True, True]


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(cast: SimpleNamespace) -> None:
    here, there = browser(), browser()
    try_sign_in(here, "zhang")
    try_sign_in(there, "zhang")
    before = here.cookies["shiheng"].value
    answer = here.post(
        "/me/password/", {"oldpassword": PASSWORD, "password1": "Linjiang#7788", "password2": "Linjiang#7788"}
    )
    assert answer.status_code == 302, answer.content.decode()
    assert is_in(here)
    assert here.cookies["shiheng"].value != before
    assert not is_in(there)
    assert Session.objects.filter(account=cast.chief).count() == 1
    fresh = browser()
    try_sign_in(fresh, "zhang", "Linjiang#7788")
    assert is_in(fresh)


@pytest.mark.parametrize("weak", ["short1", "12345678901", "password", "zhang2026zhang", PASSWORD])
def test_weak_or_unchanged_passwords_are_refused(cast: SimpleNamespace, weak: str) -> None:
    Account.objects.filter(pk=cast.chief.pk).update(username="zhang2026")
    client = browser()
    try_sign_in(client, "zhang2026")
    answer = client.post("/me/password/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert answer.status_code == 200
    cast.chief.refresh_from_db()
    assert cast.chief.check_password(PASSWORD)


def test_a_reset_ends_sessions_gives_a_password_once_and_must_be_changed(cast: SimpleNamespace) -> None:
    client = browser()
    try_sign_in(client, "chuang")
    opened = actions.reset_password(cast.who("admin"), cast.clerk.pk)
    assert opened.password
    assert not is_in(client)
    assert try_sign_in(browser(), "chuang").status_code == 200  # the old one no longer works

    client = browser()
    try_sign_in(client, "chuang", opened.password)
    for page in ("/me/", "/inbox/", "/stations/"):
        assert client.get(page).url == "/me/password/", page
    client.post(
        "/me/password/", {"oldpassword": opened.password, "password1": "Jiangkou#7788", "password2": "Jiangkou#7788"}
    )
    assert is_in(client)


def test_the_own_page_lists_sessions_and_ends_the_others(cast: SimpleNamespace) -> None:
    here, there = browser("10.0.0.1"), browser("10.0.0.77")
    try_sign_in(there, "zhang")
    try_sign_in(here, "zhang")
    assert "10.0.0.77" in here.get("/me/").content.decode()
    here.post("/me/sessions/end/")
    assert is_in(here)
    assert not is_in(there)


def test_sessions_of_the_past_are_swept(cast: SimpleNamespace, machine: Machine) -> None:
    from shiheng.accounts.jobs import sweep

    try_sign_in(browser(), "zhang")
    machine.advance(hours=13)
    assert sweep(None) >= 1  # type: ignore[arg-type]
    assert not Session.objects.filter(account=cast.chief).exists()
