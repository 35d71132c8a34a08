"""How each law counts, as data: which of its numbers are working days, what starts the count, what its end does.

"七日" is seven working days in one law and seven days in the next, and the texts have changed. Every row names its
instrument, article and the day it came into force; rules of one text stand side by side when it was revised.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Final

from shiheng.kernel import clock
from shiheng.kernel.citation import Citation
from shiheng.kernel.effective import Dated, InForce
from shiheng.kernel.errors import Missing, Refused
from shiheng.kernel.periods.units import Days, Hours, Months, Period, Roll, Workdays, Years

Basis = Citation
"""Where a number comes from: instrument, article, and the day the text came into force."""


@dataclass(frozen=True, slots=True)
class Counting:
    """One law's way of counting. ``working`` holds the numbers of "日" that mean working days."""

    law: str
    basis: Basis
    says: str
    working: Container[int] = ()
    working_for_party: bool = True
    roll: Roll = Roll.NONE
    roll_basis: Basis | None = None
    excludes_start_hour: bool = False

    @property
    def verified(self) -> bool:
        """Whether the article that says so was read."""
        return self.basis.verified


_EVERY: Final = range(1, 36601)
_UNREAD: Final = "未见原文。"
_CIVIL_CODE = Basis("民法典", "第二百零一条至第二百零三条", date(2021, 1, 1), note=_UNREAD)
_CIVIL_PROCEDURE = Basis("民事诉讼法", "第八十五条", date(2024, 1, 1), note=_UNREAD)
_LICENSING = (
    Basis("行政许可法", "第八十二条", date(2004, 7, 1), note="2003 年文本未取得。"),
    Basis("行政许可法", "第八十二条", date(2019, 4, 23), verified=True),
)
_TRANSFER = (
    Basis("行政执法机关移送涉嫌犯罪案件的规定", "各条所写单位", date(2001, 7, 9), note="2001 年文本未取得。"),
    Basis("行政执法机关移送涉嫌犯罪案件的规定", "各条所写单位", date(2020, 8, 7), verified=True),
)
_PENALTY_RULES_2021 = Basis("市场监督管理行政处罚程序规定", "第八十条", date(2021, 7, 15), note="2021 年文本未取得。")
_PENALTY_RULES = Basis(
    "市场监督管理行政处罚程序规定", "第八十条", date(2022, 11, 1), verified=True,
    note="条文已按 2022-09-29 修正的文本核对；修正的施行日未见原文。",
)  # fmt: skip
_COMPLAINT_RULES = Basis("市场监督管理投诉举报处理办法", "第四十五条", date(2026, 4, 15), verified=True)
_AS_WRITTEN = "写明工作日的按工作日，其余按自然日；开始的当日不计入"


def _law(*versions: Counting) -> Dated[Counting]:
    return Dated(InForce(v.basis.in_force_from or date.min, v) for v in versions)


LAWS: Final[dict[str, Dated[Counting]]] = {
    "行政处罚法": _law(
        Counting("行政处罚法", Basis("行政处罚法", "（1996年文本，无工作日条款）", date(1996, 10, 1), note=_UNREAD),
                 _AS_WRITTEN),
        Counting("行政处罚法", Basis("行政处罚法", "第八十五条", date(2021, 7, 15), verified=True),
                 "二日、三日、五日、七日是指工作日，不含法定节假日", working=frozenset({2, 3, 5, 7})),
    ),
    "行政强制法": _law(
        Counting("行政强制法", Basis("行政强制法", "第六十九条", date(2012, 1, 1), verified=True),
                 "十日以内期限是指工作日，不含法定节假日", working=range(1, 11)),
    ),
    "行政复议法": _law(
        Counting("行政复议法", Basis("行政复议法", "第四十条（1999年文本）", date(1999, 10, 1), note=_UNREAD),
                 "五日、七日是指工作日，不含节假日", working=frozenset({5, 7}), roll=Roll.REST,
                 roll_basis=_CIVIL_PROCEDURE, excludes_start_hour=True),
        Counting("行政复议法", Basis("行政复议法", "第八十八条", date(2024, 1, 1), verified=True),
                 "三日、五日、七日、十日是指工作日，不含法定休假日；其余依照民事诉讼法关于期间的规定",
                 working=frozenset({3, 5, 7, 10}), roll=Roll.REST, roll_basis=_CIVIL_PROCEDURE,
                 excludes_start_hour=True),
    ),
    "行政许可法": _law(*(
        Counting("行政许可法", basis, "行政机关实施行政许可的期限以工作日计算，不含法定节假日", working=_EVERY,
                 working_for_party=False)
        for basis in _LICENSING
    )),
    "行政诉讼法": _law(
        Counting("行政诉讼法", Basis("行政诉讼法", "第一百零一条", date(2017, 7, 1), note=_UNREAD),
                 "没有以工作日计算的期限；期间适用民事诉讼法的规定", roll=Roll.REST, roll_basis=_CIVIL_PROCEDURE,
                 excludes_start_hour=True),
    ),
    "投诉举报处理办法": _law(
        Counting("投诉举报处理办法",
                 Basis("市场监督管理投诉举报处理暂行办法", "（总局令第20号）", date(2020, 1, 1), note=_UNREAD),
                 _AS_WRITTEN),
        Counting("投诉举报处理办法", _COMPLAINT_RULES,
                 "写明工作日的按工作日，其余按自然日；开始的当日不计入，自下一工作日或者自然日开始计算",
                 roll=Roll.HOLIDAY, roll_basis=_COMPLAINT_RULES),
    ),
    "行政处罚程序规定": _law(*(
        Counting("行政处罚程序规定", basis,
                 "写明工作日的按工作日，其余按自然日；开始的时或者日不计算在内，期间不包括在途时间",
                 roll=Roll.HOLIDAY, roll_basis=basis, excludes_start_hour=True)
        for basis in (_PENALTY_RULES_2021, _PENALTY_RULES)
    )),
    "市场主体登记管理条例": _law(
        Counting("市场主体登记管理条例",
                 Basis("市场主体登记管理条例", "各条所写单位", date(2022, 3, 1), verified=True), _AS_WRITTEN),
    ),
    "经营异常名录管理": _law(
        Counting("经营异常名录管理", Basis("企业经营异常名录管理办法", "各条所写单位", date(2014, 10, 1), note=_UNREAD),
                 _AS_WRITTEN),
    ),
    "市场监管信用修复": _law(
        Counting("市场监管信用修复",
                 Basis("市场监督管理信用修复管理办法", "各条所写单位", date(2021, 9, 1), note=_UNREAD), _AS_WRITTEN),
    ),
    "政府信息公开条例": _law(
        Counting("政府信息公开条例",
                 Basis("政府信息公开条例", "各条所写单位", date(2008, 5, 1), note=_UNREAD), _AS_WRITTEN),
    ),
    "移送规定": _law(*(
        Counting("移送规定", basis, "条文只写“日”“小时”，按自然日和小时计算") for basis in _TRANSFER
    )),
    "民法典": _law(
        Counting("民法典", _CIVIL_CODE,
                 "开始的当日不计入，自下一日开始计算；到期月的对应日为最后一日，没有对应日的为月末日",
                 roll=Roll.REST, roll_basis=_CIVIL_CODE),
    ),
}  # fmt: skip
"""By short title. A law that says nothing of counting is read as it is written."""

ALIASES: Final = {
    "APL": "行政处罚法", "ACL": "行政强制法", "ARL": "行政复议法", "LIC": "行政许可法", "ALL": "行政诉讼法",
    "CRM": "投诉举报处理办法", "CRM121": "投诉举报处理办法", "PPR": "行政处罚程序规定", "MER": "市场主体登记管理条例",
    "TRF": "移送规定", "CIVIL": "民法典",
    "市场监督管理投诉举报处理办法": "投诉举报处理办法", "市场监督管理行政处罚程序规定": "行政处罚程序规定",
    "行政执法机关移送涉嫌犯罪案件的规定": "移送规定",
}  # fmt: skip

_UNITS: Final = {"年": Years, "月": Months, "日": Days, "天": Days, "自然日": Days, "工作日": Workdays,
                 "小时": Hours, "时": Hours}  # fmt: skip


def counting(law: str, *, on: date | None = None) -> Counting:
    """The law's way of counting as it stood on a day (today unless given)."""
    versions = LAWS.get(ALIASES.get(law, law))
    if versions is None:
        raise Missing("period.law", f"没有“{law}”的期限计算规则，请先在期限计算规则中补上依据。")
    return versions.on(on or clock.today())


def read_as(law: str, n: int, unit_text: str, *, on: date | None = None, party: bool = False) -> Period:
    """What ``n`` of the unit written in the text means under this law, on the trigger's day.

    ``party`` says that the count binds a party and not the agency: the licensing law's working days are the agency's.
    """
    rule = counting(law, on=on)
    unit = re.sub(r"^个|\s", "", unit_text)
    kind = _UNITS.get(unit)
    if kind is None:
        raise Refused("period.unit", f"不认识的期限单位“{unit_text}”，可用：{'、'.join(_UNITS)}。")
    if unit in {"日", "天"} and n in rule.working and (rule.working_for_party or not party):
        kind = Workdays
    return kind(n, rule)
