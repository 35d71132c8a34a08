"""A small city, written once for all tests of its room."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from shiheng.city import generator, truth

UNTIL = date(2026, 11, 20)


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """``path``, ``manifest``, and the truth as lists: ``subjects``, ``groups``, ``rows``."""
    path: Path = tmp_path_factory.mktemp("city")
    manifest = generator.write(path, subjects=600, seed=11, until=UNTIL)
    book = {name: list(truth.read(path / "truth", f"{name}.jsonl")) for name in ("subjects", "groups", "rows")}
    return SimpleNamespace(path=path, manifest=manifest, **book)
