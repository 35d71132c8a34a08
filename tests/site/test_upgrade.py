"""A home made by any earlier version opens under this one: migrated, whole, and with the same subject file."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HOMES = Path(__file__).resolve().parent.parent / "homes"
DIGESTS: dict[str, str] = json.loads((HOMES / "digests.json").read_text(encoding="utf-8"))


def shiheng(home: Path, *words: str) -> dict[str, object]:
    settings = {k: v for k, v in os.environ.items() if not k.startswith("SHIHENG_")}
    done = subprocess.run(
        [sys.executable, "-m", "shiheng.site.cli", *words, "--json"],
        env={**settings, "SHIHENG_HOME": str(home), "SHIHENG_SQLITE_SYNCHRONOUS": "OFF"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return dict(json.loads(done.stdout))


def test_every_archive_has_its_digest() -> None:
    assert {path.name.removesuffix(".tar.zst") for path in HOMES.glob("*.tar.zst")} == set(DIGESTS)


@pytest.mark.parametrize("version", sorted(DIGESTS))
def test_a_home_of_an_earlier_version_opens(version: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shiheng(home, "restore", str(HOMES / f"{version}.tar.zst"))
    shiheng(home, "migrate")
    assert shiheng(home, "subject", "dump", "--canonical")["sha256"] == DIGESTS[version]
    assert shiheng(home, "ledger", "audit")["ok"] is True
    assert shiheng(home, "search", "云泽")["ok"] is True
