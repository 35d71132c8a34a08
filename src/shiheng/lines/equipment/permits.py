"""Which trades need a permit to make special equipment: boilers, pressure vessels, lifts, cranes, ropeways."""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.subjects.definition import ENGINE, Basis, PermitRule

RULES = (
    PermitRule(
        "equipment.making", date(2014, 1, 1), "特种设备生产许可证",
        ("特种设备生产许可证", "特种设备制造许可证", "特种设备安装改造维修许可证"),
        ("3332", "3411", "3432", "3435", "3436"),
        Basis("特种设备安全法", "第十八条", verified=True), "只代理销售而不制造、安装、改造、修理的，不需要。",
    ),
)  # fmt: skip

for rule in RULES:
    declare(ENGINE, rule)
