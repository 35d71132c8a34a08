"""What other departments sent is landed behind the register, once, and left to the worker."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shiheng.city.departments import generator
from shiheng.fusion import actions as fusion
from shiheng.fusion.models import Batch
from shiheng.jobs.models import Job
from shiheng.site import demo
from shiheng.site.cli.answers import Progress
from tests.structure.reading import PACKAGE

HELD = {"subjects": 30, "seed": 3, "until": "2026-11-20"}
HOMES = Path(__file__).resolve().parent.parent / "homes"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(demo, "folder", lambda: tmp_path)
    return tmp_path


def _forget(home: Path, *sources: str) -> None:
    """Make the folder one of a version that did not know these sources."""
    mark, manifest = home / "sent.json", home / generator.MANIFEST
    sent = json.loads(mark.read_text(encoding="utf-8"))
    sent["sources"] = [s for s in sent["sources"] if s not in sources]
    mark.write_text(json.dumps(sent), encoding="utf-8")
    made = json.loads(manifest.read_text(encoding="utf-8"))
    made["files"] = [one for one in made["files"] if one["source"] not in sources]
    made["sources"] = [s for s in made["sources"] if s not in sources]
    manifest.write_text(json.dumps(made), encoding="utf-8")


def test_every_file_is_landed_on_its_day_and_waits_for_the_worker(db: None, home: Path) -> None:
    sent = demo.send(HELD, Progress(wanted=False))
    files = {Path(f.path).name: f for f in generator.read(home)}
    batches = {b.filename: b for b in Batch.objects.all()}
    assert set(batches) == set(files)
    assert len(batches) == sent["files"] > 20
    assert sent["rows"] == sum(f.rows for f in files.values())
    for name, batch in batches.items():
        assert (batch.source, batch.known_on, batch.file) == (
            files[name].source,
            files[name].known_on,
            files[name].sha256,
        )
        assert batch.state == "landed"
    assert Job.objects.filter(name=fusion.ADVANCE).count() == len(batches)


def test_a_second_start_lands_nothing_and_tells_the_same(db: None, home: Path) -> None:
    first = demo.send(HELD, Progress(wanted=False))
    stamps = {p: p.stat().st_mtime_ns for p in home.rglob("*") if p.is_file()}
    count = Batch.objects.count()
    assert demo.send(HELD, Progress(wanted=False)) == first
    assert Batch.objects.count() == count
    assert stamps == {p: p.stat().st_mtime_ns for p in home.rglob("*") if p.is_file()}


def test_an_older_city_gets_only_the_sources_it_lacks(db: None, home: Path) -> None:
    demo.send(HELD, Progress(wanted=False))
    Batch.objects.filter(source="customs").delete()
    others = set(Batch.objects.values_list("pk", flat=True))
    assert {f.source for f in generator.read(home)} > {"customs", "tax"}
    _forget(home, "customs")
    sent = demo.send(HELD, Progress(wanted=False))
    assert "customs" in sent["sources"]
    fresh = Batch.objects.exclude(pk__in=others)
    assert set(fresh.values_list("source", flat=True)) == {"customs"}
    assert Batch.objects.filter(pk__in=others).count() == len(others)


@pytest.mark.slow
def test_a_home_of_an_earlier_version_gets_the_departments_and_keeps_its_register(tmp_path: Path) -> None:
    home = tmp_path / "home"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SHIHENG_")}
    env = {**kept, "SHIHENG_HOME": str(home), "PYTHONPATH": str(PACKAGE.parent), "SHIHENG_SQLITE_SYNCHRONOUS": "OFF"}

    def shiheng(*words: str) -> dict[str, Any]:
        line = [sys.executable, "-m", "shiheng.site.cli", *words, "--json"]
        done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + done.stdout
        return dict(json.loads(done.stdout))

    shiheng("restore", str(HOMES / "0.1.0.tar.zst"))
    before = json.loads((home / "city" / "built.json").read_text(encoding="utf-8"))
    demo = shiheng("run", "--no-serve")["demo"]
    sent = demo.pop("departments")
    assert demo == before
    assert len(sent["sources"]) > 20
    assert shiheng("ledger", "audit")["ok"] is True
    assert shiheng("run", "--no-serve")["demo"]["departments"] == sent
