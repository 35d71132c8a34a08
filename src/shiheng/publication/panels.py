"""What publication puts on pages of others: its entries in the menu."""

from collections.abc import Sequence

from shiheng.accounts.permissions import May, Who
from shiheng.ui.slots import MenuItem, fill

ITEMS = (MenuItem("公开与使用", "查询量统计", "usage", order=80, power=May.READ_USAGE),)


def menu(who: Who, key: object) -> Sequence[MenuItem]:  # noqa: ARG001 - the shape of every slot's function
    return ITEMS


fill("menu.items", "publication", "公开", menu)
