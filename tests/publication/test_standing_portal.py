"""The portal that stands on its own: a process that has the published data and nothing else of the platform."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import shiheng
from shiheng.publication.lists import entries
from shiheng.publication.models import QueryCount
from shiheng.publication.opendata import actions as opendata
from shiheng.publication.standing import actions, counting, store
from shiheng.subjects.models import Subject
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_held(monkeypatch: Any) -> None:
    monkeypatch.setattr(entries, "_held", {})


@pytest.fixture
def firm(offices: Any) -> Subject:
    held = factories.subject(former=("云泽老灶台食品厂",))
    held.fields["representative_phone"] = factories.fact("13800138000")
    held.save()
    factories.record(held, "permit", key="1", facts={"number": "JY1449"})
    factories.record(held, "penalty", key="2", facts={"document": "云临市监罚〔2026〕7号"})
    factories.record(held, "complaint", key="3", facts={"said": "退货"})
    return held


@pytest.fixture
def data(firm: Subject, tmp_path: Path) -> Path:
    opendata.make()
    folder = tmp_path / "published"
    assert actions.export(folder) == 1
    return folder


class Portal:
    """The process, started as an administrator starts it, in an empty directory and without our settings."""

    def __init__(self, data: Path, tmp_path: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        env = {name: value for name, value in os.environ.items() if not name.startswith(("SHIHENG_", "DJANGO_"))}
        # A working database is named and is not there: whoever tried to open it would fail.
        env |= {"SHIHENG_DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:9/absent", "SHIHENG_HOME": "/nonexistent"}
        env["PYTHONPATH"] = str(Path(shiheng.__file__).parents[1])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shiheng.site.cli", "portal", "--data", str(data), "--bind",
             f"127.0.0.1:{self.port}"],
            env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def get(self, path: str) -> tuple[int, str]:
        try:
            address = f"http://127.0.0.1:{self.port}{urllib.parse.quote(path, safe='/?=&%')}"
            with urllib.request.urlopen(address, timeout=20) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as fault:
            return fault.code, fault.read().decode()

    def wait(self) -> None:
        for _n in range(300):
            try:
                self.get("/api/v1/subjects/0")
            except OSError:
                assert self.process.poll() is None, self.process.stdout and self.process.stdout.read().decode()
                time.sleep(0.2)
            else:
                return
        raise AssertionError("the portal did not answer")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


@pytest.fixture
def portal(data: Path, tmp_path: Path) -> Iterator[Portal]:
    made = Portal(data, tmp_path)
    try:
        made.wait()
        yield made
    finally:
        if made.process.poll() is None:
            made.stop()


def test_it_serves_without_the_working_database_and_counts_every_query(
    portal: Portal, data: Path, firm: Subject
) -> None:
    assert portal.get("/")[0] == 200
    status, page = portal.get("/search?q=灶台")
    assert status == 200
    assert f'href="/s/{firm.uscc}/"' in page
    status, page = portal.get(f"/s/{firm.uscc}/")
    assert status == 200
    for said in (firm.name, "云临市监罚〔2026〕7号", "JY1449", "商事登记", "陈立本"):
        assert said in page, said
    for hidden in ("13800138000", "退货"):
        assert hidden not in page
    assert "没有找到" in portal.get("/search?q=陈立本")[1], "nobody is sought by name"
    told = json.loads(portal.get(f"/api/v1/subjects/{firm.uscc}")[1])
    assert told["name"] == firm.name
    assert [hit["uscc"] for hit in json.loads(portal.get("/api/v1/subjects?q=恒达")[1])["items"]] == [firm.uscc]
    for path in ("/lists/", "/lists/list-abnormal/", "/open-data/", "/verify/", f"/s/{firm.uscc}/mistake/"):
        assert portal.get(path)[0] == 200, path
    name = re.search(r'/open-data/files/([^"]+\.json)', portal.get("/open-data/")[1])
    assert name
    assert portal.get(f"/open-data/files/{name[1]}")[0] == 200
    for path in ("/open-data/files/..%2Fpublished.sqlite3", "/s/nothing/", "/subjects/1/", "/sign-in/", "/desk/"):
        assert portal.get(path)[0] == 404, path
    portal.stop()
    assert actions.collect(data) == 2 + 1 + 2 + 1 + 1, "searches, views, the interface, a list, a file: none is lost"
    assert QueryCount.objects.get(channel="portal", kind="search").count == 2
    assert actions.collect(data) == 0
    assert not (data / "own" / "shiheng.sqlite3").exists()


def test_the_store_is_replaced_under_its_readers_and_holds_no_earlier_row(data: Path, firm: Subject) -> None:
    held = store.Store(data)
    assert "云临市监罚" in (held.body(firm.uscc) or "")
    firm.records.filter(kind="penalty").delete()
    opendata.make()
    actions.export(data)
    assert "云临市监罚" not in (held.body(firm.uscc) or "")
    raw = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert "云临市监罚〔2026〕7号".encode() not in raw
    assert b"13800138000" not in raw


def test_a_count_waits_less_than_five_seconds_and_is_in_one_place(tmp_path: Path) -> None:
    from datetime import date

    counts = counting.Counts(tmp_path, lambda: date(2026, 5, 1), every=0.2)
    for _n in range(1000):
        counts.count("portal", "view")
    time.sleep(0.6)
    (file,) = (tmp_path / "counts").glob("*.json")
    assert json.loads(file.read_text()) == [["2026-05-01", "portal", "view", 1000]]
    assert counting.EVERY < 5
    counts.count("portal", "view")
    counts.flush()
    assert actions.collect(tmp_path) == 1001


def test_counts_are_taken_in_once_though_the_taking_was_cut_off(tmp_path: Path) -> None:
    from datetime import date

    counts = counting.Counts(tmp_path, lambda: date(2026, 5, 1))
    counts.count("portal", "view")
    counts.flush()
    (file,) = (tmp_path / "counts").glob("*.json")
    kept = file.read_bytes()
    assert actions.collect(tmp_path) == 1
    file.write_bytes(kept)  # the row was written, the file not yet taken away
    assert actions.collect(tmp_path) == 0
    assert QueryCount.objects.get(kind="view").count == 1


def test_without_a_store_it_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "shiheng.site.cli", "portal", "--data", str(tmp_path)], check=False, capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode != 0
    assert "shiheng portal export" in done.stdout + done.stderr
