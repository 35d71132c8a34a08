"""What this room puts into the desk's menu."""

from typing import Any

from shiheng.ledger.queries import READ
from shiheng.ui.slots import MenuItem, fill

ITEMS = (
    MenuItem("管理", "存证总览", "ledger-overview", 60, power=READ),
    MenuItem("管理", "存证查询", "ledger-leaves", 61, power=READ),
)


def menu(who: Any, key: Any) -> tuple[MenuItem, ...]:  # noqa: ARG001 - the slot's shape
    return ITEMS


fill("menu.items", "ledger", "存证", menu)
