"""What this room puts into the desk's menu."""

from typing import Any

from shiheng.accounts import outbox
from shiheng.accounts.permissions import May
from shiheng.ui import slots
from shiheng.ui.slots import MenuItem


def menu(who: Any, key: Any) -> list[MenuItem]:  # noqa: ARG001 - the slot's shape
    if who is None or who.account_id is None:
        return []
    return [
        MenuItem("工作", "收件箱", "inbox", 5, count=outbox.unread),
        MenuItem("工作", "我的账号", "me", 6),
        MenuItem("管理", "街镇监管所设置", "stations", 50, power=May.READ_STATIONS),
        MenuItem("管理", "机构", "offices", 51, power=May.READ_STATIONS),
        MenuItem("管理", "人员", "people", 52, power=May.MANAGE_ACCOUNTS),
    ]


slots.fill("menu.items", "accounts", "人员与机构", menu, order=80)
