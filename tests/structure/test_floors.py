"""The floors of the house hold: the contracts are kept, and each of them sees a violation planted in a copy."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.structure.reading import ROOT

# contract id -> what is planted: module (made or added to), its text, and the import the report must name
PLANTED = {
    "floors": (
        ("ledger/planted_floor.py", "import shiheng.accounts.models\n", "shiheng.ledger -> shiheng.accounts"),
        ("ui/planted_floor.py", "def late():\n    from shiheng.site import menus\n", "shiheng.ui -> shiheng.site"),
    ),
    "pure": (
        ("kernel/planted_pure.py", "from django.conf import settings\n", "shiheng.kernel.planted_pure -> django"),
        ("kernel/planted_open.py", "import socket\n", "shiheng.kernel.planted_open -> socket"),
        ("fusion/standardise.py", "import subprocess\n", "shiheng.fusion.standardise -> subprocess"),
    ),
    "lines-allowed": (
        (
            "lines/registration/planted_allowed.py",
            "import shiheng.subjects.naming\n",
            "shiheng.lines.registration.planted_allowed -> shiheng.subjects.naming",
        ),
    ),
    "lines-apart": (
        ("lines/planted_line/__init__.py", "import shiheng.lines.registration\n", "shiheng.lines.planted_line"),
    ),
    "faces": (
        (
            "fusion/planted_face.py",
            "import shiheng.subjects.planted_views.views\nimport shiheng.fusion.jobs\n",
            "shiheng.fusion.planted_face -> shiheng.fusion.jobs",
        ),
    ),
    "columnar": (("fusion/planted_engine.py", "import duckdb\n", "shiheng.fusion.planted_engine -> duckdb"),),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package and its contracts, elsewhere, without what is not Python."""
    place = tmp_path_factory.mktemp("floors")
    for path in (ROOT / "src").rglob("*.py"):
        target = place / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(ROOT / "pyproject.toml", place / "pyproject.toml")
    return place


def report(place: Path) -> tuple[int, str]:
    """lint-imports on a copy; nothing of the real package can be seen from there."""
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    env = {**os.environ, "PYTHONPATH": f"{place / 'src'}{os.pathsep}{ROOT}", "COLUMNS": "400"}
    done = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, check=False)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def contracts() -> list[dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def test_every_import_keeps_every_contract(copy: Path) -> None:
    code, text = report(copy)
    assert code == 0, text
    assert f"Contracts: {len(contracts())} kept, 0 broken." in text


def test_no_contract_has_an_exception_and_all_rooms_stand_on_a_floor() -> None:
    assert not [c["id"] for c in contracts() if any(key.startswith("ignore") for key in c)]
    floors = next(c for c in contracts() if c["id"] == "floors")
    assert floors["exhaustive"] is True
    assert floors["containers"] == ["shiheng"]


def test_every_contract_sees_its_planted_violation(copy: Path) -> None:
    assert set(PLANTED) == {c["id"] for c in contracts()}
    for plants in PLANTED.values():
        for file, text, _ in plants:
            path = copy / "src" / "shiheng" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as out:
                out.write("\n" + text)
    code, text = report(copy)
    assert code != 0
    assert f"Contracts: 0 kept, {len(PLANTED)} broken." in text, text
    for plants in PLANTED.values():
        for file, _, named in plants:
            module = "shiheng." + file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            assert named in text or module in text, f"{file}: {named} not reported in {text}"


def test_a_room_on_no_floor_is_seen(copy: Path) -> None:
    stray = copy / "src" / "shiheng" / "stray"
    stray.mkdir()
    (stray / "__init__.py").write_text('"""A room nobody gave a floor."""\n', encoding="utf-8")
    code, text = report(copy)
    assert code != 0
    assert "shiheng.stray" in text
