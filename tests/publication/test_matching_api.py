"""Whom one record means, asked by machines: who may ask, what is answered, and that nothing of it is kept."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shiheng.accounts.models import Account, Office
from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import asking, matching, prepared
from shiheng.fusion.models import Fold, Nameless
from shiheng.jobs.models import Job
from shiheng.ledger.models import Leaf
from shiheng.publication.exchange import actions
from shiheng.publication.models import QueryCount
from shiheng.site.cli.front import main
from shiheng.subjects.models import Subject
from tests.publication.test_exchange import land, subscribe, tax, waibu

pytestmark = pytest.mark.django_db
__all__ = ["tax", "waibu"]
ADDRESS = "/api/v1/match"
RECORD = {"name": "恒润食品", "address": "码头路3号", "person": "陈立苯"}


def ask(client: Client, record: dict[str, Any] | None = None, **more: Any) -> Any:
    return client.post(ADDRESS, RECORD if record is None else record, content_type="application/json", **more)


@pytest.fixture
def register(clock: Any) -> None:
    land(*((f"云泽市恒达{n}食品有限公司", n, "存续") for n in (1, 2)), ("云泽市恒润食品有限公司", 3, "存续"))
    prepared.register(matching.register)


def test_an_officer_is_told_whom_a_record_means_and_why(register, cast, sign_in) -> None:
    answer = ask(sign_in("clerk")).json()
    firm = Subject.objects.get(name="云泽市恒润食品有限公司")
    assert (answer["decision"], answer["decision_title"], answer["subject"]) == ("auto", "自动归户", firm.pk)
    assert answer["score"] >= answer["threshold"]
    assert (answer["version"], answer["register_current"]) == ("2026.1", True)
    best = answer["candidates"][0]
    assert (best["uscc"], best["address"]) == (firm.uscc, firm.address)
    assert any("读音相同" in reason["text"] for reason in best["reasons"])
    same = asking.ask(RECORD, who=SYSTEM)
    assert [(one.subject.pk, one.score) for one in same.candidates] == [
        (one["id"], one["score"]) for one in answer["candidates"]
    ]


def test_it_is_counted_and_otherwise_leaves_no_trace(register, cast, sign_in) -> None:
    leaves = Leaf.objects.count()
    client = sign_in("clerk")
    for _ in range(3):
        assert ask(client).status_code == 200
    assert QueryCount.objects.get(channel="api", kind="match").count == 3
    assert (Nameless.objects.count(), Leaf.objects.count()) == (0, leaves)


def test_the_public_and_owners_are_turned_away(register, cast, sign_in) -> None:
    assert ask(Client()).status_code == 403
    assert ask(Client(), HTTP_AUTHORIZATION="Bearer x").status_code == 403
    for column in ("owner", "admin"):
        assert ask(sign_in(column)).status_code == 403
    assert not QueryCount.objects.exists()


def test_a_departments_system_asks_by_its_credential_while_its_subscription_stands(register, tax: Office) -> None:
    row = subscribe(tax)
    held = {"HTTP_AUTHORIZATION": f"Bearer {actions.give_token(SYSTEM, row.code)}"}
    assert ask(Client(), **held).json()["decision"] == "auto"
    actions.stop(SYSTEM, row.code, reason="不再需要", key="9d7b3d1e-3c1b-4a5e-9f0a-0f4a5c7b8d10")
    assert ask(Client(), **held).status_code == 403


def test_a_departments_own_person_asks_too(register, waibu: Account) -> None:
    client = Client()
    client.force_login(waibu)
    assert ask(client).json()["decision"] == "auto"


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({}, "match.nothing"),
        ({"name": "甲" * 301}, "invalid"),
        ({"name": "甲乙", "phone": "138****5678"}, "match.phone"),
    ],
)
def test_what_is_no_record_is_refused_with_what_to_do(
    register, cast, sign_in, record: dict[str, str], code: str
) -> None:
    answer = ask(sign_in("clerk"), record)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_without_a_register_it_is_made_and_the_caller_told_to_wait(cast, sign_in, clock) -> None:
    land(("云泽市恒润食品有限公司", 3, "存续"))
    Fold.objects.filter(name=prepared.KEPT).delete()
    client = sign_in("clerk")
    answer = ask(client)
    assert (answer.status_code, answer.json()["code"]) == (503, "match.preparing")
    assert ask(client).status_code == 503
    assert Job.objects.filter(name=asking.JOB).count() == 1
    prepared.register(matching.register)
    assert ask(client).status_code == 200


@pytest.mark.parametrize("count", [3, 50])
def test_it_asks_the_database_no_more_with_fifty_subjects_than_with_three(count: int, cast, sign_in, clock) -> None:
    land(*(("老周火锅店", n, "存续") for n in range(1, count + 1)))
    prepared.register(matching.register)
    client = sign_in("clerk")
    ask(client, {"name": "老周火锅店"})
    with CaptureQueriesContext(connection) as asked:
        answer = ask(client, {"name": "老周火锅店"})
    assert len(answer.json()["candidates"]) == 3
    assert len(asked) <= 10, [query["sql"] for query in asked]


def test_the_command_gives_the_same_answer(register, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    line = ["links", "match", "--name", RECORD["name"], "--address", RECORD["address"], "--person", RECORD["person"]]
    assert main([*line, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    answer = asking.ask(RECORD, who=SYSTEM)
    assert (told["decision"], told["subject"], told["score"]) == ("auto", answer.subject, answer.score)
    assert told["candidates"][0]["sentences"] == [reason.text for reason in answer.candidates[0].reasons]
    assert main(line) == 0
    assert "自动归户" in capsys.readouterr().out
    assert main(["links", "match", "--json"]) != 0
    assert json.loads(capsys.readouterr().out)["code"] == "match.nothing"
    assert main(["links", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["count"] == 3
