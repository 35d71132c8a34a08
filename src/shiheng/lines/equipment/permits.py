"""Which trades need a permit to make special equipment: boilers, vessels, lifts, cranes, ropeways, rides, trucks.

特种设备安全法 arts 2 (what special equipment is, that making includes installing and repair, that a list names the
kinds), 18 (the permit) and 101 (in force 2014-01-01) were read.
"""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.subjects.definition import ENGINE, Basis, PermitRule

RULES = (
    PermitRule(
        "equipment.making", date(2014, 1, 1), "特种设备生产许可证",
        ("特种设备生产许可证", "特种设备制造许可证", "特种设备安装改造维修许可证"),
        ("2461", "3332", "3411", "3432", "3433", "3435", "3436"),
        Basis(
            "特种设备安全法", "第二条、第十八条", verified=True,
            note="条文已按 2014-01-01 起施行的文本核对（第一百零一条）。",
        ),
        "所生产的不在国家特种设备目录内，或者只代理销售而不设计、制造、安装、改造、修理的，不需要。",
    ),
)  # fmt: skip

for rule in RULES:
    declare(ENGINE, rule)
