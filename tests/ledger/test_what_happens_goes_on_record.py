"""A leaf is written in the caller's transaction, says what was done by whom, and is sealed once."""

import json
import threading
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from shiheng.accounts.permissions import SYSTEM, Grant, May, Who
from shiheng.kernel.errors import Conflict, Missing, Refused
from shiheng.ledger import actions, files, merkle, queries, rows, signing, tiles, verify
from shiheng.ledger.models import Attachment, Head, Leaf, Manifest, SigningKey, Tile, Tree

CLERK = Who(key="account:7", name="李窗", kind="officer")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path


def say(number: int = 1, **more: Any) -> Leaf:
    return actions.record("test.said", subject="subject:83", who=CLERK, facts={"第": number}, **more)


def test_a_leaf_says_who_did_what_to_which_subject_and_when(db: None, clock: Any) -> None:
    facts = {"名称": "甲公司", "日": date(2026, 1, 2), "额": Decimal("1.50")}
    leaf = actions.record("batch.landed", subject="batch:12", who=CLERK, facts=facts, scope="4499.01.")
    leaf.refresh_from_db()
    said = json.loads(leaf.body)
    assert len(said.pop("salt")) == 32
    assert said == {
        "kind": "batch.landed",
        "subject": "batch:12",
        "actor": "account:7",
        "name": "李窗",
        "scope": "4499.01.",
        "at": "2026-11-20T10:00:00+08:00",
        "facts": {"名称": "甲公司", "日": "2026-01-02", "额": "1.50"},
    }
    assert leaf.hash == merkle.leaf_hash(leaf.body.encode()).hex()
    assert leaf.position is None
    assert leaf.facts["名称"] == "甲公司"


def test_two_equal_acts_have_different_hashes(db: None, clock: Any) -> None:
    assert say().hash != say().hash


def test_what_is_rolled_back_was_never_on_record(db: None) -> None:
    with transaction.atomic():
        say()
        transaction.set_rollback(True)
    assert not Leaf.objects.exists()


@pytest.mark.parametrize("facts", [{"x": float("nan")}, {"x": object()}, {"x": "\ud800"}, {"x": b"bytes"}])
def test_facts_that_have_no_one_spelling_are_refused(db: None, facts: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="JSON"):
        actions.record("test.said", subject="subject:1", who=SYSTEM, facts=facts)


def test_a_leaf_without_subject_is_refused(db: None) -> None:
    with pytest.raises(Refused, match="事项与对象"):
        actions.record("test.said", subject="", who=SYSTEM, facts={})


def test_the_same_key_gives_the_first_leaf_and_another_payload_is_a_conflict(db: None) -> None:
    first = say(key="k1")
    assert say(key="k1") == first
    with pytest.raises(Conflict, match="k1"):
        say(2, key="k1")
    assert Leaf.objects.count() == 1


def test_history_tells_a_subject_s_leaves_in_order(db: None) -> None:
    leaves = [say(n) for n in range(3)]
    actions.record("test.said", subject="subject:8", who=SYSTEM, facts={})
    assert list(queries.history("subject:83")) == leaves


def test_sealing_gives_places_in_order_and_signs_one_head(db: None, clock: Any) -> None:
    leaves = [say(n) for n in range(5)]
    sealed = actions.seal()
    assert sealed.leaves == 5
    assert [Leaf.objects.get(pk=leaf.pk).position for leaf in leaves] == [0, 1, 2, 3, 4]
    head = Head.objects.get()
    assert head == sealed.head
    assert (head.size, head.at) == (5, clock.moment)
    assert head.root == merkle.root(bytes.fromhex(leaf.hash) for leaf in leaves).hex()


def test_nothing_new_means_no_new_head(db: None) -> None:
    assert actions.seal() == actions.Sealed(0, None)
    say()
    actions.seal()
    assert actions.seal() == actions.Sealed(0, None)
    assert Head.objects.count() == 1


def test_a_leaf_that_becomes_visible_late_with_a_small_id_is_sealed_too(db: None) -> None:
    late = say(1)
    Leaf.objects.filter(pk=late.pk).update(position=-1)  # as if its transaction were still open
    say(2)
    actions.seal()
    Leaf.objects.filter(pk=late.pk).update(position=None)
    assert actions.seal().leaves == 1
    assert Leaf.objects.get(pk=late.pk).position == 1
    assert queries.verify_all().faults == []


@pytest.mark.parametrize("rounds", [[1] * 20, [255, 1, 1, 300, 513]])
def test_the_tree_grown_in_rounds_is_the_tree_at_once(db: None, rounds: list[int]) -> None:
    for size in rounds:
        for number in range(size):
            say(number)
        actions.seal(at_most=200)
    hashes = [bytes.fromhex(found) for found in Leaf.objects.order_by("position").values_list("hash", flat=True)]
    assert len(hashes) == sum(rounds)
    for head in Head.objects.all():
        assert head.root == merkle.root(hashes[: head.size]).hex()
    assert sum(len(tile.hashes) for tile in Tile.objects.all()) == sum(tiles.levels_of(len(hashes))) * 32
    assert queries.verify_all().whole


def test_many_leaves_are_sealed_in_few_queries(db: None, django_assert_max_num_queries: Any) -> None:
    Leaf.objects.bulk_create(
        Leaf(kind="k", subject="s", actor="a", at="2026-11-20T10:00+08:00", body=str(n), hash=f"{n:064x}")
        for n in range(2_000)
    )
    with django_assert_max_num_queries(20):
        assert actions.seal().leaves == 2_000


def test_sealers_at_work_together_leave_one_tree(transactional_db: None) -> None:
    faults: list[BaseException] = []
    start = threading.Barrier(5)

    def work(act: Any) -> None:
        try:
            start.wait(10)
            for number in range(20):
                act(number)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            faults.append(error)
        finally:
            connection.close()

    def write(number: int) -> None:
        with transaction.atomic():
            say(number)
            say(number + 100)

    threads = [
        threading.Thread(target=work, args=(act,)) for act in (write, write, *[lambda _: actions.seal(at_most=7)] * 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    actions.seal()
    assert sorted(Leaf.objects.values_list("position", flat=True)) == list(range(80))
    assert Tree.objects.get().size == 80
    assert SigningKey.objects.count() == 1
    assert queries.verify_all().faults == []


def test_a_round_lost_to_another_sealer_writes_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    say(1)
    actions.seal()
    say(2)
    real = actions._give_places
    monkeypatch.setattr(actions, "_give_places", lambda places: real([(places[0][0], 0)]))
    assert actions._seal_once(100) is None
    assert Tree.objects.get().size == 1
    monkeypatch.undo()
    assert actions.seal().leaves == 1


def test_the_key_is_made_once_and_read_by_nobody_else(db: None) -> None:
    say()
    actions.seal()
    assert signing.path().stat().st_mode & 0o777 == 0o600
    before = signing.path().read_bytes()
    signing.make()
    assert signing.path().read_bytes() == before
    assert [path.name for path in signing.path().parent.iterdir()] == ["ledger.pem"]


def test_a_lost_or_exchanged_key_stops_sealing_until_a_person_says_so(db: None) -> None:
    say()
    actions.seal()
    first = signing.path().read_bytes()
    signing.path().unlink()
    say()
    with pytest.raises(Refused, match="从备份恢复"):
        actions.seal()
    signing.make()
    with pytest.raises(Refused, match="被换过"):
        actions.seal()
    signing.path().write_bytes(first)
    assert actions.seal().leaves == 1
    actions.rekey(who=SYSTEM)
    assert actions.seal().leaves == 1
    assert SigningKey.objects.count() == 2
    assert queries.verify_all().whole
    verdict = verify.check(queries.exported(queries.consistency(1)))
    assert "更换过密钥" in verdict.lines[-1]


def test_a_bulk_write_is_one_leaf_over_its_rows(db: None) -> None:
    content = [f"第 {n} 行".encode() for n in range(1_000)]
    leaf = actions.record_rows("batch.fused", subject="batch:1", who=CLERK, rows=iter(content), facts={"轮": 1})
    manifest = Manifest.objects.get()
    assert Leaf.objects.get() == leaf
    assert manifest.rows == 1_000
    assert manifest.root == merkle.root(map(merkle.leaf_hash, content)).hex()
    assert leaf.content["rows"] == {"count": 1_000, "root": manifest.root, "file": manifest.file}
    assert list(rows.hashes(manifest.file, 1_000)) == [merkle.leaf_hash(row) for row in content]


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 512, 1_000, 70_001])
def test_a_manifest_of_any_length_is_whole_and_proves_its_rows(count: int) -> None:
    kept = rows.keep(b"%d" % n for n in range(count))
    assert kept.count == count
    assert kept.root == merkle.root(merkle.leaf_hash(b"%d" % n) for n in range(count)).hex()
    assert files.size_of(kept.file) == rows.expected_size(count)
    assert rows.fault_of(kept) is None
    for index in {0, count // 3, count - 1} & set(range(count)):
        row_hash, path = rows.proof(kept.file, count, index)
        assert row_hash == merkle.leaf_hash(b"%d" % index)
        assert (merkle.root_from_path(row_hash, index, count, path) or b"").hex() == kept.root


def test_rows_kept_beforehand_can_be_put_on_record(db: None) -> None:
    kept = rows.keep([b"a", b"b"])
    first = actions.record_rows("x.y", subject="batch:2", who=SYSTEM, rows=kept, facts={}, key="batch:2:rows")
    again = actions.record_rows("x.y", subject="batch:2", who=SYSTEM, rows=[b"a", b"b"], facts={}, key="batch:2:rows")
    assert first == again
    assert Manifest.objects.count() == 1


def test_a_file_is_attached_under_a_harmless_name(db: None) -> None:
    kept = files.keep("照片".encode())
    held = actions.attach(
        "subject:9", file=kept, name="..\\..\\C:/x/\u202e现场\x00照片.jpg", who=CLERK, scope="4499.01."
    )
    assert held.name == "现场照片.jpg"
    assert Attachment.objects.get().leaf.facts == {"file": kept.sha256, "size": 6, "name": "现场照片.jpg", "media": ""}
    assert actions.shown_name("///") == "未命名"


def test_a_reader_sees_the_leaves_of_their_territory(db: None) -> None:
    for scope in ("", "4499.", "4499.01.", "4499.01.03.", "4499.02.", "44990."):
        actions.record("test.said", subject="s:1", who=SYSTEM, facts={}, scope=scope)
    grant = Grant("x", "y", "4499.01.", frozenset({May.READ_LEDGER}))
    seen = queries.visible_to(Who("a", "甲", "officer", grants=(grant,)))
    assert list(seen.values_list("scope", flat=True)) == ["", "4499.01.", "4499.01.03."]
    assert queries.visible_to(CLERK).count() == 0
    assert queries.visible_to(SYSTEM).count() == 6
    assert queries.READ == May.READ_LEDGER


def test_standing_tells_what_waits(db: None, clock: Any) -> None:
    say()
    actions.seal()
    say()
    standing = queries.standing()
    assert (standing.size, standing.unsealed, standing.oldest_unsealed) == (1, 1, clock.moment)


def test_a_leaf_not_yet_sealed_has_no_proof_yet(db: None) -> None:
    with pytest.raises(Refused, match="尚未封存"):
        queries.proof(say())


def test_rows_that_are_not_there_have_no_proof(db: None) -> None:
    plain = say()
    bulk = actions.record_rows("x.y", subject="batch:2", who=SYSTEM, rows=[b"a"], facts={})
    actions.seal()
    plain.refresh_from_db()
    bulk.refresh_from_db()
    with pytest.raises(Refused, match="不是批量写入"):
        queries.proof(plain, row=0)
    with pytest.raises(Missing, match="共 1 行"):
        queries.proof(bulk, row=1)
    with pytest.raises(Refused, match="不是清单的第 0 行"):
        queries.proof(bulk, row=0, content=b"b")
    with pytest.raises(Missing, match="没有 9 叶的树头"):
        queries.consistency(9)


def test_the_worker_seals_within_ten_seconds(transactional_db: None) -> None:
    from shiheng.jobs import queue, runner
    from shiheng.ledger import jobs

    assert queue.PERIODS["ledger.seal"] == jobs.EVERY_SECONDS <= 5
    leaf = say()
    job = queue.enqueue("ledger.seal")
    runner.work(until_idle=True)
    leaf.refresh_from_db()
    job.refresh_from_db()
    assert (leaf.position, job.state) == (0, "done")
    assert Head.objects.get().size == 1
