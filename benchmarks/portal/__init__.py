"""The portal that stands on its own against one bare ``.get()`` on the same server, and beside a flood.

Generated businesses with 25 public records each stand in the published store; the bare view has as many rows of five
fields. Both run under granian with one worker and two threads, asked over kept connections by a small program in C. The
portal masks (what is personal is not in the store), keeps a budget for each address, counts each query and gives the
whole public file. ``SHIHENG_BENCH_PORTAL`` sets how many businesses (20,000; the bar of the platform is 1,000,000).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.claims import Claim

BUSINESSES = int(os.environ.get("SHIHENG_BENCH_PORTAL", "20000"))
RECORDS = 25
SECONDS = 4
CONNECTIONS = 8
QUIET = 40  # questions a second of those who are not the flood
HERE = Path(__file__).parent


def run() -> list[Claim]:
    with tempfile.TemporaryDirectory(prefix="shiheng-bench-") as held:
        place = Path(held)
        load = place / "load"
        subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", str(load), str(HERE / "load.c")], check=True)
        _fill(place)
        codes = (place / "codes").read_text().split()
        with _bare(place) as port:
            bare = _asked(load, port, _paths(place, "bare", [f"/s/{code}" for code in codes]), CONNECTIONS)
        paths = _paths(place, "portal", [f"/api/v1/subjects/{code}" for code in codes])
        with _portal(place, 10**9) as port:
            ours = _asked(load, port, paths, CONNECTIONS)
        counted = sum(
            n for path in (place / "data" / "counts").glob("*.json") for *_key, n in json.loads(path.read_text())
        )
        with _portal(place, QUIET * 120) as port:
            alone = _asked(load, port, paths, 2, rate=QUIET)
            flood = subprocess.Popen(
                [str(load), "127.0.0.1", str(port), str(paths), "4", str(SECONDS + 2), str(10 * QUIET), "127.0.0.2"],
                stdout=subprocess.DEVNULL,
            )
            time.sleep(1)
            beside = _asked(load, port, paths, 2, rate=QUIET)
            flood.wait()
    print(f"  bare {bare}; portal {ours}; {counted:,} counted; alone {alone}; beside a flood {beside}")
    return [
        Claim("code look-ups a second against a bare .get()", ours["a_second"], bare["a_second"], "/s", at_least=0.7),
        Claim("queries counted of queries answered", counted, ours["answers"], "queries", at_least=1.0),
        Claim("p95 beside one client at ten times the load", beside["p95"], alone["p95"], "µs", at_least=1 / 1.2,
              more_is_better=False),
    ]  # fmt: skip


def _fill(place: Path) -> None:
    env = {**os.environ, "SHIHENG_HOME": str(place / "home"), "DJANGO_SETTINGS_MODULE": "shiheng.site.settings"}
    words = [sys.executable, "-m", "benchmarks.portal.filling", str(place), str(BUSINESSES)]
    subprocess.run(words, env=env, check=True)
    words = [sys.executable, "-m", "benchmarks.portal.bare", "fill", str(place / "all")]
    subprocess.run(words, env={**os.environ, "BENCH_BARE": str(place / "bare.sqlite3")}, check=True)


def _paths(place: Path, name: str, lines: list[str]) -> Path:
    file = place / f"{name}.paths"
    file.write_text("\n".join(lines))
    return file


def _asked(load: Path, port: int, paths: Path, connections: int, *, rate: float = 0) -> dict[str, Any]:
    words = [str(load), "127.0.0.1", str(port), str(paths), str(connections), str(SECONDS), str(rate)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    answers, wrong, p50, p95, p99 = map(int, done.stdout.split())
    if wrong:
        raise RuntimeError(f"{wrong} of {answers} answers were no 200")
    return {"answers": answers, "a_second": answers / SECONDS, "p50": p50, "p95": p95, "p99": p99}


@contextmanager
def _server(words: list[str], env: dict[str, str], port: int) -> Iterator[int]:
    process = subprocess.Popen(words, env={**os.environ, **env}, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    import socket

    for _n in range(300):
        if process.poll() is not None:
            raise RuntimeError("the server ended")
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                time.sleep(1)
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not answer")


def _free() -> int:
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _bare(place: Path) -> Any:
    port = _free()
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "2",
             "--no-ws", "--port", str(port), "benchmarks.portal.bare:application"]  # fmt: skip
    return _server(words, {"BENCH_BARE": str(place / "bare.sqlite3")}, port)


def _portal(place: Path, budget: int) -> Any:
    port = _free()
    words = [sys.executable, "-m", "shiheng.site.cli", "portal", "--data", str(place / "data"), "--bind",
             f"127.0.0.1:{port}"]  # fmt: skip
    return _server(words, {"SHIHENG_PORTAL_BUDGET": str(budget)}, port)
