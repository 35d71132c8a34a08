"""``kernel.clock`` is the only clock: nobody else asks the machine, or Django, what time it is."""

import ast

import pytest

from tests.structure.reading import modules, place

ALLOWED = {"src/shiheng/kernel/clock.py"}
ASKING = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
    ("time", "time"),
    ("time", "localtime"),
    ("time", "gmtime"),
}


def asked(tree: ast.AST) -> list[int]:
    """Lines that read a clock other than the house's."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (_last(node.func.value), node.func.attr) in ASKING
    ]


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_nobody_but_the_clock_asks_what_time_it_is() -> None:
    found = [
        f"{place(path)}:{line}" for _, path, tree in modules() if place(path) not in ALLOWED for line in asked(tree)
    ]
    assert not found


@pytest.mark.parametrize(
    "source", ["datetime.now()", "datetime.datetime.now(tz)", "date.today()", "timezone.now()", "time.time()"]
)
def test_each_way_of_asking_is_seen(source: str) -> None:
    assert asked(ast.parse(source)) == [1]


def test_measuring_a_length_of_time_is_not_asking_what_time_it_is() -> None:
    assert not asked(ast.parse("time.monotonic(); time.perf_counter(); clock.now(); clock.today()"))
