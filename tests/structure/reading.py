"""Reading the source as text: where it is, which rooms there are, which floor each stands on."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "shiheng"


@cache
def floor_of() -> dict[str, int]:
    """Room -> height of its floor, the lowest being 0; rooms side by side have one height."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(c for c in config["tool"]["importlinter"]["contracts"] if c["id"] == "floors")["layers"]
    heights: dict[str, int] = {}
    for height, layer in enumerate(reversed(layers)):
        for room in layer.replace("(", "").replace(")", "").split("|"):
            heights[room.strip()] = height
    return heights


def may_name(room: str, other: str) -> bool:
    """Whether ``room`` may know ``other``: itself, or one on a lower floor."""
    return room == other or floor_of()[other] < floor_of()[room]


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    """Every module of the package but migrations: its room, its file, its syntax tree."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if len(parts) > 1 and "migrations" not in parts:
            yield parts[0], path, ast.parse(path.read_text(encoding="utf-8"))


def templates() -> Iterator[tuple[str, Path, str]]:
    """Every template: its room, its file, its text."""
    for path in sorted(PACKAGE.rglob("templates/**/*")):
        if path.is_file():
            yield path.relative_to(PACKAGE).parts[0], path, path.read_text(encoding="utf-8")


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
