"""被冒用身份登记: how long the registration office has to find out, and what it does then.

The texts were not at hand: numbers and articles are from memory, and each says what is to be read before anybody acts
on it.
"""

from datetime import date

from shiheng.kernel.periods import Months
from shiheng.kernel.registry import declare
from shiheng.subjects.definition import MISUSE, Basis, MisuseRule

RULES = (
    MisuseRule(
        "registration.misuse", date(2022, 3, 1), Months(3),
        Basis(
            "市场主体登记管理条例实施细则", "第五十三条", verified=False,
            note="须核对 2022-03-01 施行的文本：受理申请后三个月内完成调查；情形复杂的，经批准可以延长三个月。",
        ),
        Basis(
            "市场主体登记管理条例", "第四十条", verified=False,
            note="须核对 2022-03-01 施行的文本：经调查认定存在虚假登记情形的，应当撤销登记；联系不上的，公示四十五日。",
        ),
    ),
)  # fmt: skip

for rule in RULES:
    declare(MISUSE, rule)
