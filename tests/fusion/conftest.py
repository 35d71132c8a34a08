"""Files to land and the ways to land them."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shiheng.city import generator, truth

UNTIL = date(2026, 11, 20)
REGISTER = ("企业名称", "统一社会信用代码", "注册号", "登记状态", "法人代表", "注册地址", "核准日期")


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A city of 600: ``path``, ``manifest``, and the truth about its rows by (file, row)."""
    path: Path = tmp_path_factory.mktemp("city")
    manifest = generator.write(path, subjects=600, seed=11, until=UNTIL)
    rows = {(line["file"], line["row"]): line for line in truth.read(path / "truth", truth.ROWS)}
    return SimpleNamespace(path=path, manifest=manifest, rows=rows)


@pytest.fixture(autouse=True)
def own_sources(settings: Any, tmp_path: Path) -> None:
    """Sources a test adds are its own."""
    from shiheng.fusion import sources

    before = dict(sources._read)
    yield
    added = settings.HOME / "sources"
    if added.exists():
        import shutil

        shutil.rmtree(added)
    sources._read.clear()
    sources._read.update(before)


@pytest.fixture
def land() -> Callable[..., Any]:
    """``land(rows)`` sends a register of dictionaries (or bytes) and takes it as far as it goes."""
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.fusion import actions
    from shiheng.kernel import clock as house

    def send(rows: Any, *, source: str = "register", on: date | None = None, go: bool = True, **more: Any) -> Any:
        content = rows if isinstance(rows, bytes) else register_csv(rows)
        words = {"filename": "register.csv", "who": SYSTEM, "scope": "4499.", **more}
        with house.standing_at(on or UNTIL):
            batch = actions.land(source, BytesIO(content), **words)
            return actions.advance(batch.pk) if go else batch

    return send


def register_csv(rows: list[dict[str, str]]) -> bytes:
    """Rows under the register's own headers; headers it does not know come after."""
    header = [*REGISTER, *sorted({k for row in rows for k in row} - set(REGISTER))]
    lines = [",".join(header), *(",".join(row.get(name, "") for name in header) for row in rows)]
    return "\r\n".join(lines).encode()


@pytest.fixture
def all_of() -> Callable[[], list[str]]:
    """The canonical dump."""
    from shiheng.fusion import queries

    return lambda: list(queries.canonical())
