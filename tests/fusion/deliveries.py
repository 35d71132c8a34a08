"""A department's source for tests of the desk: a contract with a cadence, and files of it landed on chosen days."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import actions, sources
from shiheng.fusion.models import Batch
from shiheng.kernel import clock
from tests.fusion import sources as declared

DEPARTMENT = "渔业局"
TODAY = date(2026, 11, 20)
Send = Callable[..., Batch]


def declare(
    tmp_path: Path, *, code: str = "catches", days: int = 31, custom: Any = None, quality: Any = (), **more: Any
) -> None:
    """A source of the 渔业局, due every so many days, of named businesses and their boats."""
    contract = declared.contract(
        declared.column("code", "uscc", "信用代码"),
        declared.column("title", "name", "名称"),
        declared.column("boat", "identifier", "船号"),
        declared.column("way", "code", "捕捞方式", codes={"1": "拖网", "2": "围网"}),
        custom={"department": DEPARTMENT, "deliveries": ["increment", "snapshot"], **(custom or {})},
        slaProperties=[{"property": "frequency", "value": days, "unit": "d"}],
        **{"id": code, "name": "渔船清单", **more},
    )
    contract["schema"][0]["quality"] = list(quality)
    said = declared.mapping(record={"kind": "permit", "key": "boat", "facts": {"number": "boat"}})
    sources.add(declared.folder(tmp_path / code, contract, said))


@pytest.fixture
def send(tmp_path: Path) -> Send:
    """``send(rows, on=day)`` lands a file of the 渔业局 (its source is declared at the first) and takes it in."""
    held: list[bool] = []

    def go(rows: list[tuple[str, ...]], *, on: date = TODAY, take: bool = True, scope: str = "4499.01.", **more: Any):
        if not held and "catches" not in sources.every():
            declare(tmp_path)
            held.append(True)
        lines = ["信用代码,名称,船号,捕捞方式", *(",".join(row) for row in rows)]
        with clock.standing_at(on):
            made = actions.land(
                "catches", BytesIO("\r\n".join(lines).encode()), filename="船.csv", who=SYSTEM, scope=scope, **more
            )
            return actions.advance(made.pk) if take else made

    return go
