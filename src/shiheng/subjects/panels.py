"""What subjects put on pages of others: their entries in the menu."""

from collections.abc import Sequence

from shiheng.accounts.permissions import May, Who
from shiheng.ui.slots import MenuItem, fill

ITEMS = (
    MenuItem("主体", "辖区主体", "subjects", order=10, power=May.READ_SUBJECTS),
    MenuItem("主体", "检索", "desk-search", order=11, power=May.READ_SUBJECTS),
    MenuItem("我的企业", "企业首页", "enterprise-home", order=10, power=May.OWN_BUSINESS),
)


def menu(who: Who, key: object) -> Sequence[MenuItem]:  # noqa: ARG001 - the shape of every slot's function
    return ITEMS


fill("menu.items", "subjects", "主体", menu)
