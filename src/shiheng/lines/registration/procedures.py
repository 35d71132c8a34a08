"""被冒用身份登记: how long the registration office has to find out, and what it does then.

市场主体登记管理条例 art 40 and its 实施细则 art 53, both in force 2022-03-01, were read.
"""

from datetime import date

from shiheng.kernel.periods import Months
from shiheng.kernel.registry import declare
from shiheng.subjects.definition import MISUSE, Basis, MisuseRule

RULES = (
    MisuseRule(
        "registration.misuse", date(2022, 3, 1), Months(3),
        Basis(
            "市场主体登记管理条例实施细则", "第五十三条", date(2022, 3, 1), verified=True,
            note="条文已按 2022-03-01 起施行的文本核对：受理后三个月内查完；复杂的，经负责人批准可以延长三个月。",
        ),
        Basis(
            "市场主体登记管理条例", "第四十条", date(2022, 3, 1), verified=True,
            note="条文已按 2022-03-01 起施行的文本核对：认定虚假登记的应当撤销；联系不上的，公示四十五日。",
        ),
    ),
)  # fmt: skip

for rule in RULES:
    declare(MISUSE, rule)
