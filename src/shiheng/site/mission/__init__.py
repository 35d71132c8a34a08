"""The inventory of what the platform must do for its users, and which tests prove each item.

The inventory is data of the package; the proofs are read from the tests' marks when the tests stand beside it.
"""

import ast
import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    kind: str
    title: str


@cache
def items() -> tuple[Item, ...]:
    """Every item, in the order of the inventory."""
    with (HERE / "items.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(Item(row["id"], row["kind"], row["title"]) for row in rows)


def tests_folder() -> Path | None:
    """The tests, when the package runs from its project."""
    folder = HERE.parents[3] / "tests"
    return folder if (folder / "conftest.py").is_file() else None


def proofs(folder: Path | None = None) -> dict[str, list[str]]:
    """Which tests carry which item in ``@pytest.mark.mission("A01", …)``, read without running them."""
    folder = folder or tests_folder()
    found: dict[str, list[str]] = {}
    if folder is None:
        return found
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module_marks = _marks_of_module(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for item in [*module_marks, *(i for d in node.decorator_list for i in _marked(d))]:
                    found.setdefault(item, []).append(f"{path.relative_to(folder.parent).as_posix()}::{node.name}")
    return found


def _marks_of_module(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
            held = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            return [item for mark in held for item in _marked(mark)]
    return []


def _marked(node: ast.expr) -> list[str]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "mission"):
        return []
    return [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
