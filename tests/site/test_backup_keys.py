"""A backup holds every data key that anything in it was sealed under, whatever becomes of the keys meanwhile."""

import tarfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import resealing
from shiheng.fusion.models import Quarantined
from shiheng.kernel import clock, sealing
from shiheng.ledger import files, keyring, rotation
from shiheng.ledger.models import DataKeyRow
from shiheng.site import backup
from shiheng.site.backup import snapshot, taking
from shiheng.subjects.models import Record
from tests.fusion.test_personal import CARDS, PHONES, cases, content, land, values_in_lake

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["cases"]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path / "home"


def unpacked(archive: Path, into: Path) -> Path:
    with (
        pa.CompressedInputStream(pa.OSFile(str(archive)), "zstd") as packed,
        tarfile.open(fileobj=packed, mode="r|") as tar,
    ):
        tar.extractall(into, filter="data")
    return into / "home"


def keys_in(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "keys").glob("data-*"))


@pytest.mark.parametrize("step", ["after the rows", "after the files were listed", "before the last file"])
def test_a_key_changed_between_the_steps_loses_nothing(step, cases, settings, monkeypatch, tmp_path):
    batch = land()
    facts = Record.objects.get().facts
    raws = list(Quarantined.objects.values_list("raw", flat=True))
    done: list[resealing.Done] = []

    def change_the_key() -> None:
        resealing.rotate(who=SYSTEM)
        done.append(resealing.run())

    real_take, real_write, real_keys = snapshot.take, taking._write, taking._data_keys

    def take(*args: Any) -> Any:
        found = real_take(*args)
        if step == "after the rows":
            change_the_key()
        return found

    def write(*args: Any) -> Any:
        if step == "after the files were listed":
            change_the_key()
        return real_write(*args)

    def data_keys(home: Path) -> Any:
        if step == "before the last file":
            change_the_key()
        yield from real_keys(home)

    with monkeypatch.context() as patch:
        patch.setattr(snapshot, "take", take)
        patch.setattr(taking, "_write", write)
        patch.setattr(taking, "_data_keys", data_keys)
        backup.take(tmp_path / "one.tar.zst")
    assert (len(done), done[0].parts, done[0].destroyed) == (1, 1, []), "sealed anew, and the old key kept"
    assert keyring.numbers() == [1, 2]

    restored = unpacked(tmp_path / "one.tar.zst", tmp_path / "restored")
    assert keys_in(restored) == ["data-1.key", "data-2.key"]
    assert resealing.run().destroyed == [1], "once the backup is taken the old key goes"
    settings.HOME = restored
    assert keyring.unsealed(facts["contact"]) == PHONES[0], "the rows are those of before"
    assert all("（无法解密）" not in keyring.shown(str(v)) for raw in raws for v in raw.values())
    held = values_in_lake(batch, restored)["transfer.person_id"]
    assert [keyring.unsealed(v) for v in held] == [CARDS[0]]
    assert sealing.parse(held[0]).key == (1 if step == "before the last file" else 2)
    with files.open_kept(batch.file) as handle:
        assert handle.read() == content()


def test_a_destroyed_key_whose_file_still_lies_there_is_not_copied(cases, settings, tmp_path):
    land()
    rotation.rotate(who=SYSTEM)
    resealing.run()
    assert keys_in(settings.HOME) == ["data-2.key"]
    (settings.HOME / "keys" / "data-1.key").write_text("killed before it was erased")
    (settings.HOME / "keys" / "data-3.0123456789abcdef").write_text("being written")
    assert DataKeyRow.objects.get(number=1).destroyed_at <= clock.now()
    backup.take(tmp_path / "one.tar.zst")
    assert keys_in(unpacked(tmp_path / "one.tar.zst", tmp_path / "restored")) == ["data-2.key"]


def test_two_backups_at_once_do_not_wait_for_each_other():
    with keyring.all_kept(), keyring.all_kept(), keyring.may_destroy() as free:
        assert not free
    with keyring.may_destroy() as free:
        assert free
