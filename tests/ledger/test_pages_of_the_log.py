"""Officers read the log inside their territory; anybody keeps heads and checks proofs."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shiheng.accounts.permissions import SYSTEM
from shiheng.ledger import actions, queries, verify
from shiheng.ledger.models import Head, Leaf

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def log(cast: SimpleNamespace) -> list[Leaf]:
    """Three sealed leaves (one of another city's territory, one of many rows) and one that waits."""
    facts = {"名称": "云泽市<b>甲</b>公司", "原因": ["缺公章", "缺签名"], "内": {"应急": True}, "空": None}
    leaves = [
        actions.record("test.said", subject="subject:83", who=SYSTEM, facts=facts, scope="4499.01."),
        actions.record("test.said", subject="subject:84", who=SYSTEM, facts={}, scope="4498."),
        actions.record_rows(
            "test.rows", subject="batch:1", who=SYSTEM, rows=[b"%d" % n for n in range(9)], facts={}, scope="4499."
        ),
    ]
    actions.seal()
    leaves.append(actions.record("file.attached", subject="subject:85", who=SYSTEM, facts={}, scope="4499."))
    for leaf in leaves:
        leaf.refresh_from_db()
    return leaves


def test_anybody_finds_the_signed_heads_and_the_key(client: Client, log: list[Leaf]) -> None:
    page = client.get(reverse("ledger")).content.decode()
    head = Head.objects.get()
    assert head.root in page
    assert queries.key_line(head) in page
    told = client.get(reverse("ledger-heads-json")).json()
    assert told["heads"][0]["note"] == head.note
    assert told["keys"] == [{"line": queries.key_line(head), "fingerprint": head.key_id}]
    assert client.get(reverse("ledger-head", args=[3])).content.decode() == head.note


def test_before_the_first_head_the_page_says_what_will_come(client: Client, db: None) -> None:
    assert "还没有签署过树头" in client.get(reverse("ledger")).content.decode()
    assert client.get(reverse("ledger-heads-json")).json()["heads"] == []


def test_whoever_kept_a_head_gets_the_proof_that_it_was_continued(client: Client, log: list[Leaf]) -> None:
    kept = client.get(reverse("ledger-head", args=[3])).content.decode()
    actions.seal()
    proof = client.get(reverse("ledger-consistency"), {"old": "3"})
    assert proof["Content-Disposition"].startswith("attachment")
    assert "与您保存的 3 叶树头一致" in verify.check(proof.content, kept=kept).lines[-1]


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({}, 422, "请填写"),
        ({"old": "x"}, 422, "须是不小于 0 的整数"),
        ({"old": "-1"}, 422, "须是不小于 0 的整数"),
        ({"old": "٣"}, 422, "须是不小于 0 的整数"),
        ({"old": "2"}, 404, "没有 2 叶的树头"),
        ({"old": "9" * 15}, 404, "没有"),
    ],
)
def test_a_head_that_is_not_there_is_told_so(
    client: Client, log: list[Leaf], asked: dict[str, str], status: int, words: str
) -> None:
    answer = client.get(reverse("ledger-consistency"), asked)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert client.get(f"/ledger/heads/{'9' * 40}.txt").status_code == 404


def test_anybody_checks_a_proof_and_learns_why_it_fails(client: Client, log: list[Leaf]) -> None:
    text = queries.exported(queries.proof(log[0]))

    def check(content: str, **more: str) -> tuple[int, str]:
        sent = SimpleUploadedFile("proof.json", content.encode())
        answer = client.post(reverse("ledger-check"), {"proof": sent, **more})
        return answer.status_code, answer.content.decode()

    status, page = check(text)
    assert status == 200
    assert "证明成立" in page
    assert "签名出自本平台公示的公钥" in page
    status, page = check(text.replace("甲", "乙"))
    assert status == 422
    assert "存证与树头对不上" in page
    assert "公钥不符" in check(text, key="0" * 64)[1]
    assert "过大" in check(" " * (4 * 1024 * 1024 + 1))[1]
    assert "请选择证明文件" in client.post(reverse("ledger-check")).content.decode()
    actions.rekey(who=SYSTEM)
    Head.objects.all().delete()
    from shiheng.ledger.models import SigningKey

    SigningKey.objects.all().delete()
    assert "公钥不是本平台的" in check(text)[1]


def test_an_officer_reads_what_lies_in_their_territory(sign_in: SignIn, log: list[Leaf]) -> None:
    city = sign_in("city")
    page = city.get(reverse("ledger-leaves")).content.decode()
    assert "subject:83" in page
    assert "subject:84" not in page
    assert city.get(reverse("ledger-leaf", args=[log[1].pk])).status_code == 404
    assert city.get(reverse("ledger-proof", args=[log[1].pk])).status_code == 404
    assert city.get(reverse("ledger-leaf", args=["9" * 30])).status_code == 404


def test_a_leaf_shows_what_it_says_and_its_way_to_the_root(sign_in: SignIn, log: list[Leaf]) -> None:
    city = sign_in("city")
    page = city.get(reverse("ledger-leaf", args=[log[0].pk])).content.decode()
    for shown in ("云泽市&lt;b&gt;甲&lt;/b&gt;公司", "缺公章、缺签名", "内.应急", log[0].hash, Head.objects.get().root):
        assert shown in page
    for step in queries.proof(log[0])["path"]:
        assert step in page
    waiting = city.get(reverse("ledger-leaf", args=[log[3].pk])).content.decode()
    assert "尚未封存" in waiting
    assert "附上文件" in waiting


def test_a_proof_is_taken_away_as_a_file(sign_in: SignIn, log: list[Leaf]) -> None:
    city = sign_in("city")
    answer = city.get(reverse("ledger-proof", args=[log[0].pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="shiheng-proof-{log[0].pk}.json"'
    assert verify.check(answer.content).content == log[0].content
    row = city.get(reverse("ledger-proof", args=[log[2].pk]), {"row": "7"})
    assert json.loads(row.content)["row"]["index"] == 7
    assert verify.check(row.content).kind == "row"
    assert city.get(reverse("ledger-proof", args=[log[2].pk]), {"row": "9"}).status_code == 404
    assert city.get(reverse("ledger-proof", args=[log[3].pk])).status_code == 422


def test_the_overview_tells_what_stands_and_what_waits(sign_in: SignIn, log: list[Leaf], clock: Any) -> None:
    city = sign_in("city")
    Leaf.objects.filter(position=None).update(at=clock.moment)
    assert "封存停顿" not in city.get(reverse("ledger-overview")).content.decode()
    clock.advance(seconds=11)
    page = city.get(reverse("ledger-overview")).content.decode()
    assert "封存停顿" in page
    assert "存证总览" in page


@pytest.mark.parametrize("name", ["ledger-overview", "ledger-leaves"])
def test_lists_are_exported(sign_in: SignIn, log: list[Leaf], name: str) -> None:
    answer = sign_in("city").get(reverse(name), {"export": "xlsx"})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["ledger-overview", "ledger-leaves"])
def test_those_without_the_power_are_kept_out(sign_in: SignIn, client: Client, log: list[Leaf], name: str) -> None:
    assert client.get(reverse(name)).status_code == 302
    assert sign_in("clerk").get(reverse(name)).status_code == 403
