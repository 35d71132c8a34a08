"""A file exists only when it has something to say, and says it in at most six hundred lines."""

import ast
import re

from tests.structure.reading import PACKAGE, ROOT, modules, place

MOST_LINES = 600
FORBIDDEN = {"utils.py", "helpers.py", "manager.py", "managers.py", "base.py", "signals.py", "admin.py"}


def test_no_file_is_longer_than_six_hundred_lines() -> None:
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    files += [*(ROOT / "src").rglob("*.css"), *(ROOT / "src").rglob("*.js"), *(ROOT / "src").rglob("*.html")]
    long = {
        place(f): n
        for f in files
        if "migrations" not in f.parts and (n := len(f.read_bytes().splitlines())) > MOST_LINES
    }
    assert not long


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [place(path) for path in PACKAGE.rglob("*.py") if path.name in FORBIDDEN]


def test_every_module_begins_with_what_it_is_for() -> None:
    silent = [
        place(path)
        for _, path, tree in modules()
        if tree.body and not ast.get_docstring(tree) and path.name not in {"__init__.py", "apps.py"}
    ]
    assert not silent


def test_nobody_listens_to_signals_and_no_row_acts_on_saving() -> None:
    found = []
    for _, path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and any("receiver" in ast.unparse(d) for d in node.decorator_list):
                found.append(f"{place(path)}:{node.lineno} listens to a signal")
            if isinstance(node, ast.ClassDef) and path.name.startswith("models"):
                found += [
                    f"{place(path)}:{inner.lineno} {node.name}.{inner.name}"
                    for inner in node.body
                    if isinstance(inner, ast.FunctionDef) and inner.name in {"save", "delete"}
                ]
    assert not found


def test_no_mypy_or_ruff_silence_without_a_code() -> None:
    silence = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)", re.IGNORECASE)
    found = [
        f"{place(path)}:{number}"
        for path in [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
        if path.name != "test_sizes.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if silence.search(line)
    ]
    assert not found
