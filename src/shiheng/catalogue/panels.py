"""What this room puts into the desk's menu."""

from typing import Any

from shiheng.accounts.permissions import May
from shiheng.ui import slots
from shiheng.ui.slots import MenuItem


def menu(who: Any, key: Any) -> list[MenuItem]:  # noqa: ARG001 - the slot's shape
    return [
        MenuItem("工作", "日历", "calendar", 80, power=May.SEE_DESK),
        MenuItem("工作", "法规库", "law", 82, power=May.SEE_DESK),
        MenuItem("权责", "权责清单", "powers", 70, power=May.SEE_DESK),
        MenuItem("权责", "清单与检查表", "checklists", 71, power=May.SEE_DESK),
        MenuItem("权责", "裁量", "violations", 72, power=May.SEE_DESK),
        MenuItem("管理", "代码表", "code-tables", 60, power=May.SEE_DESK),
        MenuItem("管理", "待核对的引用", "law-citations", 62, power=May.SEE_DESK),
    ]


slots.fill("menu.items", "catalogue", "日历、代码表与法规库", menu, order=85)
