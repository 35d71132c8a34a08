"""What publication puts on pages of others: its entries in the menu."""

from collections.abc import Sequence

from shiheng.accounts.permissions import May, Who
from shiheng.ledger import kinds
from shiheng.publication.pushing import queries as pushing
from shiheng.ui.slots import MenuItem, fill

kinds.declare(person_checked="任职资格核查")

ITEMS = (
    MenuItem("工作", "推送给我", "pushed", order=7, count=pushing.unread, power=May.READ_SUBJECTS),
    MenuItem("公开与使用", "查询量统计", "usage", order=80, power=May.READ_USAGE),
    MenuItem("数据", "数据交换", "exchange", order=40, power=May.READ_EXCHANGE),
    MenuItem("数据", "登记与税务比对", "tax-comparison", order=41, power=May.READ_SOURCES),
    MenuItem("数据", "监管行为上报", "reports", order=42, power=May.READ_EXCHANGE),
    MenuItem("数据", "推送统计", "pushed-counts", order=43, power=May.READ_EXCHANGE),
    MenuItem("登记", "任职资格核查", "check-person", order=20, power=May.READ_PERSONAL),
    MenuItem("办理", "公示工作", "publicity", order=15, power=May.READ_FILES),
    MenuItem("数据", "公示平台", "receivers", order=44, power=May.READ_EXCHANGE),
    MenuItem("公开与使用", "信用报告打印记录", "credit-reports", order=81, power=May.READ_SUBJECTS),
    MenuItem("公开与使用", "政务公开维护", "bureau-desk", order=82, power=May.KEEP_CATALOGUE),
    MenuItem("公开与使用", "公示名单", "lists", order=79, power=May.READ_SUBJECTS),
    MenuItem("本单位", "单位首页", "outside-home", order=10, power=May.SEND_OWN),
)


def menu(who: Who, key: object) -> Sequence[MenuItem]:  # noqa: ARG001 - the shape of every slot's function
    return ITEMS


fill("menu.items", "publication", "公开", menu)
