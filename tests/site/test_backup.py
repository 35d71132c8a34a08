"""A backup is one moment of everything, taken while others write; a restore gives exactly that moment or nothing."""

import json
import os
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pyarrow as pa
import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from shiheng.accounts.permissions import SYSTEM
from shiheng.kernel.errors import Conflict
from shiheng.ledger import actions, files
from shiheng.ledger.models import Attachment
from shiheng.site import backup
from tests.structure.reading import PACKAGE

Told = tuple[int, dict[str, Any]]
Shell = Callable[..., list[Told]]
# Several command lines in one process (a start costs more than most commands): objects on stdout, codes on stderr.
ONE_AFTER_ANOTHER = """
import json, sys
from shiheng.site.cli import main
codes = [main([*line.split(), "--json"]) for line in sys.argv[1:]]
print(json.dumps(codes), file=sys.stderr)
"""


@pytest.fixture
def elsewhere(tmp_path: Path, transactional_db: None) -> Iterator[Shell]:
    """The command line on another, empty data directory and database of the same kind."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHIHENG_")}
    env |= {
        "SHIHENG_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(PACKAGE.parent),
        "SHIHENG_SQLITE_SYNCHRONOUS": "OFF",
    }
    made = ""
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["SHIHENG_TEST_POSTGRES_URL"])
        made = f"restored_{uuid4().hex}"
        env["SHIHENG_DATABASE_URL"] = urlunsplit(url._replace(path=f"/{made}"))
        with psycopg.connect(urlunsplit(url), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {made}")

    def run(*lines: str) -> list[Told]:
        command = [sys.executable, "-c", ONE_AFTER_ANOTHER, *lines]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        codes = json.loads(done.stderr.splitlines()[-1])
        return list(zip(codes, map(json.loads, done.stdout.splitlines()), strict=True))

    yield run
    if made:
        with psycopg.connect(urlunsplit(url), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {made} WITH (FORCE)")


def put(text: str) -> None:
    """What every writing part of the platform does: the file first, then its row and its record in one transaction."""
    kept = files.keep(text.encode())
    with transaction.atomic():
        actions.attach("subject:1", file=kept, name=f"{text}.txt", who=SYSTEM)


@pytest.fixture
def writers(transactional_db: None) -> Iterator[list[int]]:
    """Two writers that do not stop; gives a list that grows by one with each thing written."""
    put("first")
    actions.seal()
    written: list[int] = []
    stop = threading.Event()

    def write(name: int) -> None:
        try:
            while not stop.is_set():
                put(f"{name}-{len(written)}-{uuid4().hex}")
                written.append(name)
                if name == 0 and len(written) % 5 == 0:
                    actions.seal()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(name,)) for name in range(2)]
    for thread in threads:
        thread.start()
    yield written
    stop.set()
    for thread in threads:
        thread.join()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_backup_under_load_restores_to_one_consistent_moment(
    writers: list[int], elsewhere: Shell, tmp_path: Path
) -> None:
    until(lambda: len(writers) >= 20)
    before = len(writers)
    taken = backup.take(tmp_path / "one.tar.zst")
    after = len(writers)
    until(lambda: len(writers) > after)  # nobody was stopped
    restored, doctor, history, sealed, rekeyed, rekeying = elsewhere(
        f"restore {taken['archive']}",
        "doctor",
        "ledger history subject:1",
        "ledger seal",
        "ledger rekey",
        "ledger history ledger",
    )
    assert restored[0] == 0, restored
    found = {finding["title"]: finding["state"] for finding in doctor[1]["findings"]}
    assert found["文件库"] == found["存证一致性"] == found["数据库"] == "合格", doctor
    leaves = [leaf["leaf"] for leaf in history[1]["leaves"]]
    assert before <= len(leaves) <= after + 3, "the moment lies between the start and the end of the backup"
    assert (sealed[0], sealed[1]["unsealed"]) == (0, 0), "the signing key came along and goes on signing"
    assert rekeyed[0] == 0
    assert rekeying[1]["leaves"][0]["leaf"] > max(leaves), "numbers go on where they stood"


def test_a_changed_byte_is_seen_and_nothing_is_restored(
    transactional_db: None, elsewhere: Shell, tmp_path: Path
) -> None:
    put("one")
    archive = tmp_path / "one.tar.zst"
    backup.take(archive)
    (tmp_path / "spoilt.tar.zst").write_bytes(repack(archive, change=True))
    (tmp_path / "short.tar.zst").write_bytes(archive.read_bytes()[:-2000])
    (tmp_path / "same.tar.zst").write_bytes(repack(archive, change=False))
    names = [f"restore {tmp_path}/{name}.tar.zst" for name in ("spoilt", "short", "same")]
    spoilt, short, same = elsewhere(*names)
    for told in (spoilt, short):
        assert (told[0], told[1]["code"]) == (1, "restore.broken")
    assert same[0] == 0, "the third was restored, so the first two left the directory and the database empty"


def repack(archive: Path, *, change: bool) -> bytes:
    """The archive with one byte of one kept file changed, its manifest as it was."""
    out = pa.BufferOutputStream()
    with (
        pa.CompressedInputStream(pa.OSFile(str(archive)), "zstd") as packed,
        tarfile.open(fileobj=packed, mode="r|") as old,
        pa.CompressedOutputStream(out, "zstd") as repacked,
        tarfile.open(fileobj=repacked, mode="w|") as new,
    ):
        for entry in old:
            content = old.extractfile(entry).read()  # type: ignore[union-attr]
            if change and entry.name.startswith("home/files/"):
                content, change = bytes([content[0] ^ 1]) + content[1:], False
            new.addfile(entry, pa.BufferReader(content))
    return out.getvalue().to_pybytes()


def test_data_in_the_way_is_refused_and_with_force_moved_aside(
    transactional_db: None, elsewhere: Shell, tmp_path: Path
) -> None:
    put("one")
    archive = tmp_path / "one.tar.zst"
    backup.take(archive)
    prepared, refused, forced, history = elsewhere(
        "migrate", f"restore {archive}", f"restore {archive} --force", "ledger history subject:1"
    )
    assert prepared[0] == 0
    assert (refused[0], refused[1]["code"]) == (4, "restore.occupied")
    assert forced[0] == 0, forced
    assert (tmp_path / "home" / forced[1]["moved_aside"] / "keys" / "secret").is_file()
    assert len(history[1]["leaves"]) == 1


def test_a_backup_never_overwrites_and_leaves_nothing_behind_when_it_fails(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("one")
    target = tmp_path / "one.tar.zst"
    target.write_bytes(b"mine")
    with pytest.raises(Conflict):
        backup.take(target)
    assert target.read_bytes() == b"mine"
    monkeypatch.setattr("shiheng.site.backup.taking.os.link", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        backup.take(tmp_path / "two.tar.zst")
    assert [path.name for path in tmp_path.iterdir()] == ["one.tar.zst"]


def test_the_manifest_names_every_file_with_its_digest_and_only_its_owner_reads_the_archive(
    transactional_db: None, tmp_path: Path
) -> None:
    put("one")
    archive = tmp_path / "one.tar.zst"
    backup.take(archive)
    assert archive.stat().st_mode & 0o077 == 0
    with (
        pa.CompressedInputStream(pa.OSFile(str(archive)), "zstd") as packed,
        tarfile.open(fileobj=packed, mode="r|") as tar,
    ):
        names = {}
        for entry in tar:
            names[entry.name] = tar.extractfile(entry).read()  # type: ignore[union-attr]
    manifest = json.loads(names.pop("manifest.json"))
    assert set(manifest["files"]) == set(names)
    kept = Attachment.objects.get().file
    assert manifest["files"][f"home/files/{kept}"]["sha256"] == kept
    assert "home/keys/ledger.pem" in names or not (Path(settings.HOME) / "keys" / "ledger.pem").exists()
    assert "home/keys/secret" in names
    assert not any(name.startswith("home/static/") or "sqlite3-wal" in name for name in names)
