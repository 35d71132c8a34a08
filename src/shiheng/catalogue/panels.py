"""What this room puts into the desk's menu."""

from typing import Any

from shiheng.accounts.permissions import May
from shiheng.ui import slots
from shiheng.ui.slots import MenuItem


def menu(who: Any, key: Any) -> list[MenuItem]:  # noqa: ARG001 - the slot's shape
    return [
        MenuItem("工作", "日历", "calendar", 80, power=May.SEE_DESK),
        MenuItem("管理", "代码表", "code-tables", 60, power=May.SEE_DESK),
    ]


slots.fill("menu.items", "catalogue", "日历与代码表", menu, order=85)
