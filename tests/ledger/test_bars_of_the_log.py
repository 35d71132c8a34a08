"""How much the log bears: ten thousand passages a minute, a million leaves, a million rows in one write."""

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from shiheng.accounts.permissions import SYSTEM
from shiheng.kernel import clock
from shiheng.ledger import actions, merkle, queries, rows, verify
from shiheng.ledger.models import Leaf

Leave = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path


def passages(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            facts = {"步骤": "受理", "编号": number, "说明": "材料齐全，符合法定形式"}
            actions.record(
                "proceeding.passed", subject=f"proceeding:{number}", who=SYSTEM, facts=facts, scope="4499.01."
            )


def sealed_and_provable(count: int) -> None:
    assert actions.seal().leaves == count
    for position in {0, count // 2, count - 1}:
        text = queries.exported(queries.proof(Leaf.objects.get(position=position)))
        assert verify.check(text).size == count


def test_a_hundred_passages_are_sealed_and_provable(db: None) -> None:
    passages(100)
    sealed_and_provable(100)


def test_a_thousand_rows_are_one_leaf_and_each_is_provable(db: None) -> None:
    leaf = actions.record_rows("x.y", subject="batch:1", who=SYSTEM, rows=(b"%d" % n for n in range(1_000)), facts={})
    actions.seal()
    leaf.refresh_from_db()
    for row in range(0, 1_000, 97):
        verify.check(queries.exported(queries.proof(leaf, row=row, content=b"%d" % row)))


@pytest.mark.slow
def test_ten_thousand_passages_a_minute_are_recorded_and_sealed(transactional_db: None, quality: Leave) -> None:
    began = time.monotonic()
    passages(10_000)
    recorded = time.monotonic()
    sealed_and_provable(10_000)
    sealed = time.monotonic()
    audit = queries.verify_all()
    assert audit.whole
    assert recorded - began < 60
    assert sealed - recorded < 10
    quality(
        "ledger_passages",
        f"10,000 passages, each in its own transaction ({connection.vendor}): recorded in {recorded - began:.1f} s, "
        f"sealed with three proofs in {sealed - recorded:.2f} s, audited in {time.monotonic() - sealed:.1f} s",
    )


@pytest.mark.slow
def test_a_million_leaves_are_cheap_to_prove(transactional_db: None, quality: Leave, tmp_path: Path) -> None:
    at, told = clock.now(), []
    for start in range(0, 1_000_000, 10_000):
        leaves = []
        for number in range(start, start + 10_000):
            said = {"kind": "k", "subject": f"s:{number}", "actor": "system", "name": "系统", "scope": "", "facts": {}}
            body = actions.canonical({**said, "at": at.isoformat()})
            leaves.append(
                Leaf(kind="k", subject=f"s:{number}", actor="system", actor_name="系统", at=at, body=body,
                     hash=merkle.leaf_hash(body.encode()).hex())
            )  # fmt: skip
        Leaf.objects.bulk_create(leaves, batch_size=1_000)
    began = time.monotonic()
    actions.seal()
    told.append(f"sealing 1,000,000 leaves took {time.monotonic() - began:.1f} s")
    began = time.monotonic()
    for position in range(777, 1_000_000, 10_000):
        verify.check(queries.exported(queries.proof(Leaf.objects.get(position=position))))
    told.append(f"a proof made and checked took {(time.monotonic() - began) * 10:.1f} ms")
    began = time.monotonic()
    verify.check(queries.exported(queries.consistency(10_000)))
    told.append(f"a consistency proof took {(time.monotonic() - began) * 1000:.1f} ms")
    began = time.monotonic()
    assert queries.verify_all().whole
    told.append(f"the audit took {time.monotonic() - began:.1f} s")
    quality("ledger_million_leaves", f"{connection.vendor}: " + "; ".join(told))


@pytest.mark.slow
def test_a_million_rows_are_one_leaf_in_bounded_memory(db: None, quality: Leave) -> None:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    kept = rows.keep(b"%d,%064d" % (number, number) for number in range(1_000_000))
    took, grown = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    leaf = actions.record_rows("x.y", subject="batch:1", who=SYSTEM, rows=kept, facts={})
    actions.seal()
    leaf.refresh_from_db()
    began = time.monotonic()
    for row in range(777, 1_000_000, 10_000):
        verify.check(queries.exported(queries.proof(leaf, row=row, content=b"%d,%064d" % (row, row))))
    proved = (time.monotonic() - began) * 10
    assert rows.fault_of(kept) is None
    assert grown < 50 * 1024, "kilobytes of memory"
    assert took < 30
    quality(
        "ledger_million_rows",
        f"manifest of 1,000,000 rows: {took:.1f} s, {grown / 1024:.0f} MB more memory; a row's proof {proved:.1f} ms",
    )
