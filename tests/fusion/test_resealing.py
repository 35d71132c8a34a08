"""The key personal data is sealed under is changed while everything stays readable, cut off wherever it may be."""

from pathlib import Path
from typing import Any

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.columnar import frames, lake
from shiheng.fusion import actions, personal, publish, resealing, sources
from shiheng.fusion.models import Batch, Quarantined
from shiheng.jobs.models import Job
from shiheng.kernel import sealing
from shiheng.ledger import files, keyring, rotation, sealedfile
from shiheng.ledger.models import DataKeyRow, Leaf
from shiheng.subjects.models import Record
from tests.fusion import sources as declared
from tests.fusion.test_personal import (  # noqa: F401 - the fixture too
    CARDS,
    CONTRACT,
    MAPPING,
    NAMES,
    PHONES,
    cases,
    content,
    land,
    values_in_lake,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path / "home"


def everything_reads(batch: Batch, home: Path) -> None:
    held = values_in_lake(batch, home)
    assert [keyring.unsealed(v) for v in held["transfer.person_id"]] == [CARDS[0]]
    assert keyring.unsealed(Record.objects.get().facts["contact"]) == PHONES[0]
    raws = {q.row: personal.opened(q.raw) for q in Quarantined.objects.all()}
    assert (raws[3]["当事人"], raws[3]["联系电话"]) == (NAMES[2], PHONES[2])
    with files.open_kept(batch.file) as handle:
        assert handle.read() == content()


def keys_in_use(batch: Batch, home: Path) -> set[int]:
    values = [v for held in values_in_lake(batch, home).values() for v in held]
    values += [v for facts in Record.objects.values_list("facts", flat=True) for v in facts.values()]
    values += [v for raw in Quarantined.objects.values_list("raw", flat=True) for v in raw.values()]
    return {s.key for s in map(sealing.parse, values) if s} | {files.key_of(batch.file)}


def test_after_a_rotation_everything_is_under_the_new_key_and_the_old_one_is_gone(cases, settings):  # noqa: F811
    batch = land()
    assert keys_in_use(batch, settings.HOME) == {1}
    old = keyring.key(1)
    assert resealing.rotate(who=SYSTEM).number == 2
    assert Job.objects.filter(name=resealing.JOB).count() == 1
    everything_reads(batch, settings.HOME)
    done = resealing.run()
    assert (done.parts, done.records, done.refused_rows, done.files, done.destroyed) == (1, 1, 3, 1, [1])
    assert keys_in_use(batch, settings.HOME) == {2}
    everything_reads(batch, settings.HOME)
    assert not (settings.HOME / "keys" / "data-1.key").exists()
    with pytest.raises(keyring.UnreadableError):
        keyring.key(1)
    with pytest.raises(sealing.BrokenSealError):
        sealing.unwrap(sealing.wrap(b"x", keyring.key(2), b""), old, b"")
    assert list(Leaf.objects.filter(subject="keys").values_list("kind", flat=True)) == [
        "keys.rotated",
        "keys.destroyed",
    ]
    assert resealing.run() == resealing.Done()


class Killed(BaseException):
    """The process ends here."""


POINTS = {
    "before a part of the lake": (lake, "write_part", 0),
    "before records and rows": (frames, "update", 0),
    "before rows": (frames, "update", 1),
    "before a file": (files, "seal", 0),
    "in the header of a file": (sealedfile, "_slot", 0),
    "before the key goes": (rotation, "destroy", 0),
    "when its row says so and its file is there": (keyring, "erase_destroyed", 1),
    "while looking for it": (publish, "folded", 1),
}


@pytest.mark.parametrize("point", POINTS)
def test_cut_off_anywhere_it_is_finished_by_the_next_run(point, cases, settings, monkeypatch):  # noqa: F811
    batch = land()
    rotation.rotate(who=SYSTEM)
    room, name, after = POINTS[point]
    calls, real = [], getattr(room, name)

    def dies(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) > after:
            raise Killed
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(room, name, dies)
        with pytest.raises(Killed):
            resealing.run()
    everything_reads(batch, settings.HOME)
    resealing.run()
    everything_reads(batch, settings.HOME)
    assert keys_in_use(batch, settings.HOME) == {2}
    assert not (settings.HOME / "keys" / "data-1.key").exists()


def test_a_torn_header_leaves_the_earlier_wrapping(cases, settings):  # noqa: F811
    batch = land()
    place = files.path_of(batch.file)
    place.chmod(0o640)
    held = bytearray(place.read_bytes())
    at = len(sealedfile.MAGIC) + sealedfile._SLOT.size
    held[at : at + 30] = b"\x00\x00\x00\x02" + b"half of a wrapped key, torn"[:26]
    place.write_bytes(bytes(held))
    everything_reads(batch, settings.HOME)
    rotation.rotate(who=SYSTEM)
    resealing.run()
    everything_reads(batch, settings.HOME)


def test_a_key_is_kept_while_anybody_seals_under_it(cases):  # noqa: F811
    land()
    rotation.rotate(who=SYSTEM)

    def looks_and_somebody_seals() -> bool:
        keyring.claim(1)
        return False

    assert rotation.destroy(1, unless=looks_and_somebody_seals, who=SYSTEM) is False
    assert rotation.destroy(2, unless=lambda: False, who=SYSTEM) is False  # the one in use
    assert rotation.destroy(1, unless=lambda: False, who=SYSTEM) is True
    assert keyring.numbers() == [2]


def test_a_chunk_sealed_under_a_key_that_went_meanwhile_is_done_anew(cases, settings, monkeypatch):  # noqa: F811
    keyring.current()
    real, gone = personal.sealed_values, []

    def slow(*args: Any) -> Any:
        found = real(*args)
        if not gone:
            gone.append(rotation.rotate(who=SYSTEM))
            DataKeyRow.objects.filter(number=1).update(destroyed_at=gone and DataKeyRow.objects.get(number=2).since)
        return found

    monkeypatch.setattr(personal, "sealed_values", slow)
    batch = land()
    assert batch.state == "published"
    held = values_in_lake(batch, settings.HOME)["transfer.person_id"]
    assert {sealing.parse(v).key for v in held} == {2}


def test_what_was_landed_before_its_columns_were_called_sensitive_is_sealed(tmp_path, settings):
    plain = [
        {**c, "customProperties": [p for p in c["customProperties"] if p["property"] != "sensitive"]
         + [{"property": "sensitive", "value": "none"}]}
        for c in CONTRACT["schema"][0]["properties"]
    ]  # fmt: skip
    before = {**CONTRACT, "schema": [{"name": "cases", "properties": plain}]}
    mapping = {**MAPPING, "record": {**MAPPING["record"], "person": {"name": "suspect"}}}
    place = declared.folder(tmp_path / "cases", before, mapping)
    sources.add(place)
    batch = land()
    assert not files.is_sealed(batch.file)
    added = declared.folder(settings.HOME / "sources" / "cases", CONTRACT, MAPPING)
    sources._read.pop(added, None)
    assert resealing.open_files() == [batch.file]
    done = resealing.run()
    assert (done.files, done.records, done.refused_rows, done.parts) == (1, 1, 3, 1)
    assert files.is_sealed(batch.file)
    assert personal.is_sealed(Record.objects.get().facts["contact"])
    assert not any(PHONES[n] in str(q.raw) for q in Quarantined.objects.all() for n in range(4))


def test_stopped_it_says_so_and_goes_on_later(cases, settings):  # noqa: F811
    batch = land()
    rotation.rotate(who=SYSTEM)
    assert resealing.run(should_stop=lambda: True).stopped
    assert keyring.numbers() == [1, 2]
    everything_reads(batch, settings.HOME)
    assert resealing.run().destroyed == [1]
    assert actions.advance(batch.pk).state == "published"
