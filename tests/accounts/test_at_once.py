"""Two requests at the same moment: one account, one post ended, one use of a code, on either database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from shiheng.accounts import actions, outbox
from shiheng.accounts.models import Account, Message, Post, UsedCode
from shiheng.kernel.errors import Problem
from shiheng.ledger.models import Leaf

pytestmark = pytest.mark.django_db(transaction=True)


def together(act: Callable[[], Any], times: int = 4) -> list[Any]:
    """Do the same in several threads that start as one; a refusal is a result too."""
    gate = Barrier(times)

    def run(_: int) -> Any:
        try:
            gate.wait(timeout=10)
            return act()
        except Problem as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_one_key_at_once_opens_one_account(cast: SimpleNamespace) -> None:
    key, who = uuid4(), cast.who("admin")
    results = together(
        lambda: actions.create_account(who, username="new-a", name="新人", office="449901", role="inspector", key=key)
    )
    assert not [r for r in results if isinstance(r, Problem)]
    assert len({r.account.pk for r in results}) == 1
    assert sum(r.password is not None for r in results) == 1
    assert Account.objects.filter(username="new-a").count() == 1
    assert Leaf.objects.filter(kind="accounts.created").count() == 1


def test_two_administrators_at_once_take_a_login_name_once(cast: SimpleNamespace) -> None:
    who = cast.who("admin")
    results = together(
        lambda: actions.create_account(who, username="new-a", name="新人", office="449901", role="inspector")
    )
    assert sum(isinstance(r, Problem) for r in results) == 3
    assert Account.objects.filter(username="new-a").count() == 1


def test_a_post_is_ended_once(cast: SimpleNamespace) -> None:
    post = Post.objects.get(account=cast.clerk)
    results = together(lambda: actions.end_post(cast.who("admin"), post.pk))
    assert sum(isinstance(r, Problem) for r in results) == 3
    assert Leaf.objects.filter(kind="accounts.post_ended").count() == 1


def test_a_code_counts_once(cast: SimpleNamespace) -> None:
    assert sorted(together(lambda: actions.spend_code(cast.chief, [1000]))) == [False, False, False, True]
    assert UsedCode.objects.count() == 1


def test_a_message_is_sent_once(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(outbox, "channels", lambda: {"sms": lambda m: sent.append(m.pk) or "ok"})
    message = outbox.tell(cast.clerk, "题", "文", channel="sms")
    together(lambda: outbox.send(message.pk))
    assert sent == [message.pk]
    assert Message.objects.get().state == "sent"
