"""``shiheng run``: one command to a served, filled platform; its processes live and end together."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shiheng.kernel.errors import Conflict, Refused
from shiheng.site import supervise
from tests.structure.reading import PACKAGE


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHIHENG_")}
    return {**kept, "SHIHENG_HOME": str(home), "PYTHONPATH": str(PACKAGE.parent), "SHIHENG_SQLITE_SYNCHRONOUS": "OFF"}


def shiheng(home: Path, *line: str) -> tuple[int, dict[str, object], str]:
    command = [sys.executable, "-m", "shiheng.site.cli", *line, "--json"]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A data directory with a small city, made without serving."""
    home = tmp_path_factory.mktemp("built") / "home"
    code, facts, err = shiheng(home, "run", "--no-serve", "--size", "100", "--until", "2026-11-20")
    assert code == 0, err
    return home, facts


def test_building_without_serving_takes_every_row_in_or_says_why_not(built: tuple[Path, dict[str, object]]) -> None:
    _, facts = built
    demo = facts["demo"]
    assert isinstance(demo, dict)
    assert demo["rows_in"] == demo["accepted"] + demo["quarantined"] > 0
    assert demo["on_file"] > 80
    assert len(demo["departments"]["sources"]) > 20
    assert demo["departments"]["rows"] > demo["departments"]["files"] > 50
    assert len(facts["sign_ins"]) == 14  # type: ignore[arg-type]
    assert set(facts["seconds"]) >= {"数据库", "机构与人员", "演示辖区", "合计"}  # type: ignore[call-overload]


def test_a_second_start_keeps_the_data_and_builds_nothing(built: tuple[Path, dict[str, object]]) -> None:
    home, first = built
    stamps = {p: p.stat().st_mtime_ns for p in (home / "city").rglob("*") if p.is_file()}
    code, again, _ = shiheng(home, "run", "--no-serve", "--size", "999")
    assert code == 0
    assert again["demo"] == first["demo"]
    assert stamps == {p: p.stat().st_mtime_ns for p in (home / "city").rglob("*") if p.is_file()}


@pytest.fixture
def running(built: tuple[Path, dict[str, object]]) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """The served platform of that directory, at a port of its own."""
    home, _ = built
    port = free_port()
    command = [sys.executable, "-m", "shiheng.site.cli", "run", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    until(lambda: answers(port) or process.poll() is not None)
    yield process, port
    if process.poll() is None:
        process.kill()
    process.communicate()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/openapi.json", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_serves_restarts_what_dies_and_one_signal_ends_all(
    running: tuple["subprocess.Popen[str]", int], built: tuple[Path, dict[str, object]]
) -> None:
    process, port = running
    until(lambda: len(children(process.pid)) == 2)
    code, told, _ = shiheng(built[0], "run", "--no-serve")
    assert (code, told["code"]) == (4, "run.twice")
    web, worker = children(process.pid)
    os.kill(worker, signal.SIGKILL)
    until(lambda: len(children(process.pid)) == 2 and worker not in children(process.pid))
    kept = [pid for child in children(process.pid) for pid in (child, *children(child))]
    assert web in kept
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    assert "意外结束" in out
    assert "已停止" in out
    until(lambda: not any(alive(pid) for pid in kept))
    assert not answers(port)


def test_children_end_when_their_keeper_is_killed(running: tuple["subprocess.Popen[str]", int]) -> None:
    process, port = running
    until(lambda: len(children(process.pid)) == 2)
    kept = [pid for child in children(process.pid) for pid in (child, *children(child))]
    process.kill()
    process.wait()
    until(lambda: not any(alive(pid) for pid in kept))
    assert not answers(port)


def test_a_busy_port_is_said_before_anything_long_begins(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Refused) as refusal:
            supervise.check_free(f"127.0.0.1:{port}")
        assert f"--bind 127.0.0.1:{port + 1}" in refusal.value.message
    supervise.check_free(f"127.0.0.1:{port}")


@pytest.mark.parametrize("bind", ["8000", "localhost", "127.0.0.1:x", "127.0.0.1:99999", ":8000"])
def test_an_address_written_wrong_is_refused(bind: str) -> None:
    with pytest.raises(Refused, match="地址"):
        supervise.split(bind)


def test_one_directory_is_run_by_one(tmp_path: Path) -> None:
    with supervise.only_one(tmp_path), pytest.raises(Conflict), supervise.only_one(tmp_path):
        pass
    with supervise.only_one(tmp_path):
        pass


def test_a_child_that_keeps_dying_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "command", lambda *_: [sys.executable, "-c", "raise SystemExit(3)"])
    said: list[str] = []
    keeper = supervise.Keeper(say=said.append)
    keeper.start("网页服务", "serve")
    assert keeper.watch() == "网页服务"
    assert len(said) == supervise.MOST_ENDS - 1
    keeper.stop()
