"""Departments take what they may see: each change once in effect, whatever goes wrong, and all of it provable."""

import json
import shutil
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.accounts.models import Account, Office, Post
from shiheng.accounts.permissions import SYSTEM
from shiheng.accounts.queries import who_of
from shiheng.fusion import actions as fusion
from shiheng.fusion import sources, withdrawal
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import merkle
from shiheng.ledger import rows as manifests
from shiheng.ledger.models import Leaf
from shiheng.publication.exchange import actions, content, queries, sending
from shiheng.publication.exchange.gathering import gather
from shiheng.publication.models import Handover, Item, Receipt, Subscription
from shiheng.subjects.models import Subject
from tests import factories
from tests.publication.receivers import FolderReceiver, http_receiver

pytestmark = pytest.mark.django_db
HEADER = "企业名称,统一社会信用代码,登记状态,法人代表,注册地址,核准日期"


@pytest.fixture(autouse=True)
def own_folder(home: Path) -> None:
    """What another test put into the exchange folder is not ours."""
    shutil.rmtree(home / "exchange", ignore_errors=True)


@pytest.fixture
def tax(offices: dict[str, Any]) -> Office:
    return Office.objects.create(
        code="4499SW", title="云泽市税务局", kind="department", path="4499.D01.", parent=offices["4499."]
    )


@pytest.fixture
def waibu(tax: Office, clock: Any) -> Account:
    """The tax bureau's own person."""
    from django.utils import timezone

    account = Account.objects.create(username="waibu", name="魏步", kind="officer", created_at=timezone.now())
    Post.objects.create(account=account, office=tax, role="outside_party", since=date(2026, 1, 1))
    return account


def land(*rows: tuple[str, int, str], source: str = "register", approved: date = date(2026, 3, 1)) -> Any:
    lines = [f"{name},{factories.uscc(n)},{state},陈立本,云泽市临江区码头路{n}号,{approved}" for name, n, state in rows]
    content = "\r\n".join([HEADER, *lines]).encode()
    batch = fusion.land(source, BytesIO(content), filename="r.csv", who=SYSTEM, scope="4499.")
    done = fusion.advance(batch.pk)
    assert (done.state, done.quarantined) == ("published", 0), done.reason
    return done


def subscribe(tax: Office, *, kinds: tuple[str, ...] = ("identity",), way: str = "pull", **more: Any) -> Subscription:
    words = {"rule": "tax", "scope": "4499.", "purpose": "核对纳税人状态", "key": uuid4(), **more}
    row = actions.ask(SYSTEM, office=tax, kinds=kinds, way=way, **words)
    return actions.approve(SYSTEM, row.code, key=uuid4())


def bodies(row: Subscription) -> list[dict[str, Any]]:
    return [json.loads(item.body) for item in Item.objects.filter(subscription=row).order_by("number")]


def test_a_subscription_begins_with_all_that_stands_and_goes_on_with_what_changes(tax: Office, clock: Any) -> None:
    land(("恒达食品有限公司", 1, "存续"), ("老灶台酒楼", 2, "存续"))
    row = subscribe(tax)
    assert gather(row.code) == 2
    assert gather(row.code) == 0
    changed = land(("恒达食品有限公司", 1, "注销"), ("老灶台酒楼", 2, "存续"))
    assert gather(row.code) == 1  # what was only repeated is no change
    withdrawal.begin(changed.pk, who=SYSTEM, reason="报错了")
    fusion.advance(changed.pk)
    assert gather(row.code) == 1
    said = [(b["name"], b["action"], b["facts"]["status"]) for b in bodies(row)]
    ids = set(Subject.objects.values_list("pk", flat=True))
    assert {(b["kind"], b["subject"]) for b in bodies(row)} == {("identity", pk) for pk in ids}
    assert said[2:] == [("恒达食品有限公司", "set", "deregistered"), ("恒达食品有限公司", "set", "active")]


def test_who_is_no_longer_spoken_of_is_taken_back(tax: Office, clock: Any) -> None:
    first = land(("恒达食品有限公司", 1, "存续"))
    row = subscribe(tax)
    gather(row.code)
    withdrawal.begin(first.pk, who=SYSTEM, reason="报错了")
    fusion.advance(first.pk)
    gather(row.code)
    assert [b["action"] for b in bodies(row)] == ["set", "gone"]
    land(("恒达食品有限公司", 1, "存续"), ("新来商行", 3, "存续"))
    gather(row.code)
    assert [b["action"] for b in bodies(row)] == ["set", "gone", "set", "set"]


def test_nothing_is_written_down_for_kinds_nobody_takes(tax: Office, clock: Any) -> None:
    from shiheng.subjects.models import Change

    land(("恒达食品有限公司", 1, "存续"))
    assert not Change.objects.exists()
    row = subscribe(tax)
    land(("恒达食品有限公司", 1, "注销"))
    assert Change.objects.filter(kind="identity").count() == 1
    actions.stop(SYSTEM, row.code, reason="不再需要", key=uuid4())
    land(("恒达食品有限公司", 1, "吊销"))
    assert Change.objects.count() == 1
    assert gather(row.code) == 0


def test_only_what_the_rule_names_goes_out(tax: Office, offices: Any, clock: Any) -> None:
    land(("恒达食品有限公司", 1, "存续"))
    court = Office.objects.create(
        code="4499FY", title="云泽市人民法院", kind="department", path="4499.D02.", parent=offices["4499."]
    )
    words = {"kinds": ["identity"], "scope": "4499.", "way": "pull", "purpose": "x", "key": uuid4()}
    with pytest.raises(Refused, match="接收单位"):
        actions.ask(SYSTEM, office=court, rule="tax", **words)
    with pytest.raises(Refused, match="不包括"):
        actions.ask(SYSTEM, office=court, rule="justice", **{**words, "kinds": ["identity", "complaint"]})
    row = subscribe(court, rule="basic")
    gather(row.code)
    said = bodies(row)[0]
    assert said["facts"]["representative"] == "陈某某"
    assert "capital" not in said["facts"]


def test_a_person_of_another_department_asks_and_takes_only_his_own(
    tax: Office, offices: Any, waibu: Account, clock: Any
) -> None:
    other = Office.objects.create(
        code="4499SB", title="云泽市社会保险中心", kind="department", path="4499.D03.", parent=offices["4499."]
    )
    words = {"kinds": ["identity"], "scope": "4499.", "way": "pull", "purpose": "x"}
    who = who_of(waibu)
    asked = actions.ask(who, office=tax, rule="tax", key=uuid4(), **words)
    with pytest.raises(Forbidden):
        actions.ask(who, office=other, rule="labour", key=uuid4(), **words)
    with pytest.raises(Missing):
        actions.approve(who, asked.code, key=uuid4())
    foreign = actions.ask(SYSTEM, office=other, rule="labour", key=uuid4(), **words)
    assert set(queries.visible_to(who)) == {asked}
    with pytest.raises(Missing):
        queries.one(who, foreign.code)


def test_pages_are_pulled_by_number_and_the_same_page_is_the_same(tax: Office, client: Client, clock: Any) -> None:
    land(*((f"恒达{n}食品有限公司", n, "存续") for n in range(1, 8)))
    row = subscribe(tax)
    gather(row.code)
    token = actions.give_token(SYSTEM, row.code)
    held = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    address = f"/api/v1/exchange/{row.code}"
    assert client.get(f"{address}/changes").status_code == 403
    assert client.get(f"{address}/changes", HTTP_AUTHORIZATION="Bearer x").status_code == 403
    assert client.get(f"{address}/changes?limit=1001", **held).status_code == 422
    first = client.get(f"{address}/changes?limit=3", **held)
    assert client.get(f"{address}/changes?limit=3", **held).content == first.content
    page = first.json()
    assert [item["id"] for item in page["items"]] == [f"{row.code}-{n}" for n in (1, 2, 3)]
    assert page["more"] is True
    rest = client.get(f"{address}/changes?after=3", **held).json()
    assert [item["number"] for item in rest["items"]] == [4, 5, 6, 7]
    assert rest["more"] is False
    assert client.get(f"{address}/difference", **held).json() == {"sent": 7, "taken": 0, "unconfirmed": 7, "ahead": []}
    for said, state, taken in (
        ({"upto": 3}, "taken", 3),
        ({"upto": 3}, "again", 3),
        ({"upto": 8}, "ahead", 3),
        ({"upto": "七"}, "bad", 3),
        ({"upto": 7}, "taken", 7),
        ({"upto": 2}, "again", 7),
    ):
        answer = client.post(f"{address}/receipts", json.dumps(said), content_type="application/json", **held)
        assert answer.json() == {"state": state, "taken": taken}
    assert client.get(f"{address}/difference", **held).json() == {"sent": 7, "taken": 7, "unconfirmed": 0, "ahead": []}
    assert Receipt.objects.count() == 6


def test_every_page_handed_over_is_proved_by_the_ledger(tax: Office, clock: Any) -> None:
    land(*((f"恒达{n}食品有限公司", n, "存续") for n in range(1, 6)))
    row = subscribe(tax)
    gather(row.code)
    page = actions.hand_over(row.code, after=1, limit=3, way="pull")
    actions.hand_over(row.code, after=1, limit=3, way="pull")
    handed = Handover.objects.get()
    leaf = Leaf.objects.get(pk=handed.leaf)
    assert leaf.facts["kinds"] == {"identity": 3}
    root = bytes.fromhex(leaf.content["rows"]["root"])
    for place, line in enumerate(page.lines):
        held, path = manifests.proof(leaf.manifest.file, 3, place)
        assert held == merkle.leaf_hash(line)
        assert merkle.root_from_path(held, place, 3, path) == root
    counted = queries.counted(SYSTEM, first=date(2026, 11, 20), last=date(2026, 11, 20))
    assert [(c.office, c.kind, c.sent, c.taken) for c in counted] == [("4499SW", "identity", 3, 0)]


@pytest.mark.parametrize("seed", range(4))
def test_a_receiver_that_misbehaves_ends_with_one_effect(
    seed: int, tax: Office, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PUSH_ROWS", 4)
    monkeypatch.setattr(sending, "PATIENCE", 5.0)
    land(*((f"恒达{n}食品有限公司", n, "存续") for n in range(1, 21)))
    with http_receiver(seed, faults=12) as (address, books):
        row = subscribe(tax, way="push", endpoint=address)
        for turn in range(60):
            if turn == 3:
                land(*((f"恒达{n}食品有限公司", n, "注销") for n in range(1, 6)))
            sending.move(row.code)
            clock.advance(hours=7)
            row.refresh_from_db()
            if turn > 3 and row.taken == row.last:
                break
        assert row.taken == row.last == row.sent == 25
        assert row.failures == 0
        assert queries.difference(row).empty
        assert len(books.taken) == 25
        assert sorted(books.taken) == sorted(f"{row.code}-{n}" for n in range(1, 26))
        states = [item["facts"]["status"] for item in books.standing.values()]
        assert (states.count("deregistered"), states.count("active")) == (5, 15)


def test_a_receiver_that_is_down_is_asked_again_later_and_longer_each_time(tax: Office, clock: Any) -> None:
    land(("恒达食品有限公司", 1, "存续"))
    row = subscribe(tax, way="push", endpoint="http://127.0.0.1:9/")
    rests = []
    for _ in range(4):
        sending.move(row.code)
        row.refresh_from_db()
        rests.append((row.next_at - clock.moment).total_seconds())
        failures = row.failures
        sending.move(row.code)  # not yet
        row.refresh_from_db()
        assert row.failures == failures
        clock.moment = row.next_at
    assert rests == [60, 120, 240, 480]
    assert row.fault == "未能送达：对方的地址上没有服务在运行"


@pytest.mark.parametrize("seed", range(3))
def test_a_folder_read_carelessly_ends_with_one_effect(
    seed: int, tax: Office, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "FILE_ROWS", 6)
    land(*((f"恒达{n}食品有限公司", n, "存续") for n in range(1, 16)))
    row = subscribe(tax, way="file")
    receiver = FolderReceiver(sending.folder(row.code), seed, faults=6)
    for _ in range(20):
        sending.move(row.code)
        receiver.turn()
    sending.move(row.code)
    row.refresh_from_db()
    assert (row.taken, row.last) == (15, 15)
    assert queries.difference(row).empty
    assert len(receiver.books.taken) == 15
    assert not [p for p in (sending.folder(row.code) / "in").iterdir() if p.is_file()]


def test_deciding_twice_is_refused_and_a_double_click_is_one_decision(tax: Office, clock: Any) -> None:
    words = {"rule": "tax", "kinds": ["identity"], "scope": "4499.", "way": "pull", "purpose": "x", "key": uuid4()}
    asked = actions.ask(SYSTEM, office=tax, **words)
    assert actions.ask(SYSTEM, office=tax, **words) == asked
    key = uuid4()
    actions.approve(SYSTEM, asked.code, key=key)
    assert actions.approve(SYSTEM, asked.code, key=key).state == "approved"
    with pytest.raises(Conflict):
        actions.decline(SYSTEM, asked.code, reason="晚了", key=uuid4())
    actions.stop(SYSTEM, asked.code, reason="到期", key=uuid4())
    with pytest.raises(Conflict):
        actions.hand_over(asked.code, after=0, limit=1, way="pull")


def test_rules_name_nothing_a_source_marks_sensitive() -> None:
    kept_back = content.withheld()
    assert kept_back.facts | kept_back.fields
    told = [
        (source.code, part.kind, name)
        for source in sources.every().values()
        for rule in queries.rules()
        for part in rule.shared
        for name in part.fields
        if (source.record and part.kind == source.record.kind and kept_back.fact(source.code, name))
        or (part.kind == "identity" and kept_back.field(source.code, name))
    ]
    assert not told
