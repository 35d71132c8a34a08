"""Permits of other departments that a trade registered here needs; what we hold of them comes by 双公示.

None of these texts was at hand: instrument, article and first day in force are from memory, and each says what is to be
read before anybody acts on it.
"""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.subjects.definition import ENGINE, Basis, PermitRule

RULES = (
    PermitRule(
        "labour.dispatch", date(2013, 7, 1), "劳务派遣经营许可证", ("劳务派遣经营许可证",), ("7263",),
        Basis(
            "劳动合同法", "第五十七条", verified=False,
            note="须核对 2012 年修正文本（2013-07-01 起施行）第五十七条：条号与施行日未见原文。",
        ),
    ),
    PermitRule(
        "health.places", date(2019, 4, 23), "公共场所卫生许可证", ("公共场所卫生许可证", "卫生许可证"),
        ("6110", "6121", "6129", "8040", "8051"),
        Basis(
            "公共场所卫生管理条例", "第四条", verified=False,
            note="须核对 2019-04-23 修订及 2024 年修改的文本第四条：条号与施行日未见原文。",
        ),
        "告知承诺或者备案的地方，按当地规定。",
    ),
    PermitRule(
        "transport.goods", date(2019, 3, 2), "道路运输经营许可证", ("道路运输经营许可证",), ("5431",),
        Basis(
            "道路运输条例", "第二十四条", verified=False,
            note="须核对 2019-03-02 及其后各次修订的文本第二十四条：条号、施行日与 4500 千克的限度未见原文。",
        ),
        "只使用总质量 4500 千克及以下普通货车的，不需要。",
    ),
)  # fmt: skip

for rule in RULES:
    declare(ENGINE, rule)
