"""Which trades need a permit for drugs, medical devices or cosmetics.

None of the three texts was at hand: article and first day in force are from memory, and each says what is to be read.
"""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.subjects.definition import ENGINE, Basis, PermitRule

RULES = (
    PermitRule(
        "drugs.trade", date(2019, 12, 1), "药品经营许可证", ("药品经营许可证",), ("5151", "5152", "5251", "5252"),
        Basis(
            "药品管理法", "第五十一条", verified=False,
            note="须核对 2019 年修订文本（2019-12-01 起施行）第五十一条：条号与施行日未见原文。",
        ),
        "只销售乙类非处方药的，按省的规定。",
    ),
    PermitRule(
        "devices.trade", date(2021, 6, 1), "医疗器械经营许可证或者第二类医疗器械经营备案",
        ("医疗器械经营许可证", "第二类医疗器械经营备案凭证", "第三类医疗器械经营许可证"), ("5154", "5254"),
        Basis(
            "医疗器械监督管理条例", "第四十一条、第四十二条", verified=False,
            note="须核对 2020 年修订文本（2021-06-01 起施行）及 2024 年的修改：条号与施行日未见原文。",
        ),
        "只经营第一类医疗器械，或者国家规定免于经营备案的第二类医疗器械的，不需要。",
    ),
    PermitRule(
        "cosmetics.making", date(2021, 1, 1), "化妆品生产许可证", ("化妆品生产许可证",), ("2682",),
        Basis(
            "化妆品监督管理条例", "第二十七条", verified=False,
            note="须核对该条例（2021-01-01 起施行）第二十七条：条号与施行日未见原文。",
        ),
    ),
)  # fmt: skip

for rule in RULES:
    declare(ENGINE, rule)
