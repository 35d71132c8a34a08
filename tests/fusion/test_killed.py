"""Ingest killed anywhere is taken up again and ends in the very same subject file, with nothing twice.

The story is of a register, then of a department whose rows are matched by their signs and contest the register's codes
and one another's, then of persons who merge, part, undo and judge. Each point runs in a database and a data directory
of its own: one process is killed there with SIGKILL, another does what an operator would do afterwards (send the files
and the forms again, let a worker run), and what stands is compared with what a run stands at that nobody killed.
"""

import hashlib
import json
import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from tests.fusion import children, contested
from tests.fusion.children import Place, Step
from tests.slow import STATE, version

pytestmark = pytest.mark.django_db(transaction=True)
SEED = 20_261_122
FAST_MOMENTS, FAST_COMMITS, SLOW_MOMENTS, SLOW_COMMITS = 4, 6, 100, 100


class Bench:
    """Makes places and runs processes in them."""

    def __init__(self, folder: Path, story: list[Step], template: str, vendor: str, sources: Path) -> None:
        self.folder, self.story, self.template, self.vendor = folder, story, template, vendor
        self.sources = sources
        self.context = children.context()

    def place(self) -> Place:
        name = f"killed_{uuid4().hex[:12]}"
        home = self.folder / name
        (home / "keys").mkdir(parents=True)
        shutil.copytree(self.sources, home / "sources")
        if self.vendor == "sqlite":
            shutil.copyfile(self.template, home / "database.sqlite3")
            return Place(str(home / "database.sqlite3"), str(home))
        self._admin(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        return Place(name, str(home))

    def drop(self, place: Place) -> None:
        if self.vendor != "sqlite":
            self._admin(f"DROP DATABASE {place.database} WITH (FORCE)")
        shutil.rmtree(place.home)

    def _admin(self, statement: str) -> None:
        import psycopg

        url = urlunsplit(urlsplit(os.environ["SHIHENG_TEST_POSTGRES_URL"])._replace(path="/postgres"))
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(statement)

    def start(self, place: Place, **kill: Any) -> Any:
        answer = Path(place.home) / "answer.json"
        answer.unlink(missing_ok=True)
        answer.with_suffix(".began").unlink(missing_ok=True)
        process = self.context.Process(target=children.run, args=(place, self.story, str(answer)), kwargs=kill)
        process.start()
        return process

    def answer(self, place: Place) -> dict[str, Any]:
        return json.loads((Path(place.home) / "answer.json").read_text(encoding="utf-8"))

    def whole(self, place: Place) -> dict[str, Any]:
        process = self.start(place)
        process.join(300)
        assert process.exitcode == 0
        return self.answer(place)

    def killed_at_commit(self, place: Place, number: int, *, after: bool) -> bool:
        process = self.start(place, kill_at=number, after=after)
        process.join(300)
        assert process.exitcode == -9, f"commit {number}: {process.exitcode}"
        return True

    def killed_after(self, place: Place, seconds: float) -> bool:
        """Whether the process was still at work when it was killed."""
        process = self.start(place)
        began = Path(place.home) / "answer.began"
        while not began.exists():
            assert process.exitcode is None, "it did not even begin"
            time.sleep(0.005)
        process.join(seconds)
        process.kill()
        process.join(60)
        return process.exitcode == -9


@pytest.fixture
def bench(small_city: SimpleNamespace, tmp_path: Path, home: Path) -> Bench:
    """The first two files of the city's register cut to 200 rows each and what follows them; an empty database."""
    from django.db import connection, connections

    plan = [f for f in small_city.manifest.files if f.source == "register"][:2]
    story: list[Step] = []
    for landed in plan:
        lines = (small_city.path / landed.path).read_bytes().split(b"\r\n")[:201]
        path = tmp_path / landed.path.rsplit("/", 1)[-1]
        path.write_bytes(b"\r\n".join(lines) + b"\r\n")
        story.append((landed.known_on.isoformat(), "land", {"source": "register", "path": str(path)}))
    story += contested.departments(tmp_path, path, after=landed.known_on)
    template = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    return Bench(tmp_path, story, template, connection.vendor, home / "sources")


SAME = ("digest", "states", "rows", "links", "nameless", "contests", "redirects", "rulings", "leaves", "folds", "jobs")


def same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for part in SAME:
        assert found[part] == expected[part], part


def measured(bench: Bench) -> dict[str, Any]:
    place = bench.place()
    expected = bench.whole(place)
    assert {state for _, state, *_ in expected["states"]} == {"published"}
    assert expected["rows"]["Subject"] > 200
    assert {decision for *_, decision, _ in expected["nameless"]} >= {"auto", "judged"}
    assert len(expected["contests"]) > 50
    assert len({subject for *_, subject, by, since, until in expected["links"] if since and by != "name"}) > 20
    assert len(expected["redirects"]) > 1
    assert len(expected["rulings"]) == 3
    again = bench.whole(place)
    same(again, expected)
    bench.drop(place)
    return expected


def attempt(bench: Bench, expected: dict[str, Any], kill: Callable[[Place], bool]) -> bool:
    place = bench.place()
    hit = kill(place)
    same(bench.whole(place), expected)
    bench.drop(place)
    return hit


def test_killed_at_a_few_moments_and_commits(bench: Bench) -> None:
    expected = measured(bench)
    draw = random.Random(SEED)
    points = [(n, after) for n in range(1, expected["commits"] + 1) for after in (False, True)]
    for number, after in draw.sample(points, FAST_COMMITS):
        attempt(bench, expected, lambda p, n=number, a=after: bench.killed_at_commit(p, n, after=a))
    for _ in range(FAST_MOMENTS):
        seconds = draw.random() * expected["seconds"]
        attempt(bench, expected, lambda p, s=seconds: bench.killed_after(p, s))


@pytest.mark.slow
def test_killed_at_two_hundred_points(bench: Bench, quality: Callable[[str, str], None]) -> None:
    """Resumable: a point passed at this version of the source is not run again."""
    expected = measured(bench)
    draw = random.Random(SEED)
    moments = [draw.random() for _ in range(SLOW_MOMENTS)]
    points = [(n, after) for n in range(1, expected["commits"] + 1) for after in (False, True)]
    commits = draw.sample(points, min(SLOW_COMMITS, len(points)))
    STATE.mkdir(parents=True, exist_ok=True)
    mark = hashlib.sha256(f"{version()} {bench.vendor} {expected['digest']}".encode()).hexdigest()[:24]
    book = STATE / f"killed.{mark}.jsonl"
    done = dict(json.loads(line) for line in book.read_text().splitlines()) if book.exists() else {}

    def once(name: str, kill: Callable[[Place], bool]) -> None:
        if name not in done:
            done[name] = attempt(bench, expected, kill)
            with book.open("a") as out:
                out.write(json.dumps([name, done[name]]) + "\n")

    for number, after in commits:
        once(f"commit {number} {after}", lambda p, n=number, a=after: bench.killed_at_commit(p, n, after=a))
    for number, fraction in enumerate(moments):
        once(f"moment {number}", lambda p, f=fraction: bench.killed_after(p, f * expected["seconds"]))
    hit = sum(1 for name, was in done.items() if name.startswith("moment") and was)
    rows = sum(rows for _, _, rows, _, _ in expected["states"])
    text = (
        f"被杀后续办（{bench.vendor}）：登记簿之后报送无码行、争议码，再并户、分户、撤销、判断；"
        f"{len(commits)} 个提交前后点（全程 {expected['commits']} 次提交）、\n"
        f"{SLOW_MOMENTS} 个随机时刻（{hit} 个在途中），续办后主体档案摘要、每行归户及其起止、争议码、转号"
        f"全部等于未被杀的一次，无一行丢失，\n无一行重复。种子 {SEED}，{rows} 行，其中无码行 "
        f"{expected['rows']['Nameless']} 行、争议码 {expected['rows']['Contest']} 处，"
        f"摘要 {expected['digest'][:16]}…"
    )
    quality("fusion_killed", text)
    assert hit > SLOW_MOMENTS // 2, "most moments must fall into the work"
