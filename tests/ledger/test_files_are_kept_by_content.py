"""A file's only name is its hash; it is whole on the disk or not there at all."""

import hashlib
import io
import os
from pathlib import Path

import pytest

from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import files


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]


def test_a_stream_is_kept_under_its_hash() -> None:
    data = os.urandom(3 * files.CHUNK + 17)
    kept = files.keep(io.BytesIO(data))
    assert kept == files.Kept(hashlib.sha256(data).hexdigest(), len(data))
    assert files.path_of(kept.sha256) == files.folder() / kept.sha256
    with files.open_kept(kept.sha256) as handle:
        assert handle.read() == data
    assert files.size_of(kept.sha256) == len(data)
    assert files.fault_of(kept.sha256) is None
    assert list(files.every()) == [kept.sha256]


def test_bytes_a_path_and_a_stream_of_one_content_are_one_file(tmp_path: Path) -> None:
    (tmp_path / "来文.csv").write_bytes("名称,代码\n".encode())
    first = files.keep(tmp_path / "来文.csv")
    assert first == files.keep("名称,代码\n".encode()) == files.keep(io.BytesIO("名称,代码\n".encode()))
    assert list(files.every()) == [first.sha256]


def test_an_empty_file_is_a_file() -> None:
    assert files.keep(b"").size == 0
    assert files.has(hashlib.sha256(b"").hexdigest())


def test_a_stream_that_breaks_leaves_nothing_behind() -> None:
    class Breaking:
        reads = 0

        def read(self, size: int = -1) -> bytes:
            self.reads += 1
            if self.reads > 2:
                raise ConnectionResetError
            return b"x" * 1000

    with pytest.raises(ConnectionResetError):
        files.keep(Breaking())
    assert [path for path in files.folder().rglob("*") if path.is_file()] == []


def test_the_file_and_its_folder_are_synced_before_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def fsync(handle: int) -> None:
        done.append("folder" if Path(f"/proc/self/fd/{handle}").is_dir() else "file")
        sync(handle)

    def renamed(self: Path, target: Path) -> Path:
        done.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", renamed)
    files.keep(b"abc")
    assert done == ["file", "rename", "folder"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "", ".receiving"])
def test_anything_but_a_hash_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="SHA-256"):
        files.open_kept(name)


def test_a_file_that_is_gone_or_changed_is_named() -> None:
    kept = files.keep("证据".encode())
    path = files.path_of(kept.sha256)
    path.chmod(0o600)
    path.write_bytes("伪证".encode())
    assert "已被改动" in (files.fault_of(kept.sha256) or "")
    files.keep("证据".encode())
    assert files.fault_of(kept.sha256) is None, "keeping the same content again mends a changed file"
    path.unlink()
    assert "不在文件库中" in (files.fault_of(kept.sha256) or "")
    with pytest.raises(Missing, match="shiheng doctor"):
        files.open_kept(kept.sha256)
    with pytest.raises(Missing):
        files.size_of(kept.sha256)
