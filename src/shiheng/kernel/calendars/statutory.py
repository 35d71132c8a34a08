"""The holidays the law itself fixes: 全国年节及纪念日放假办法, in the version of the year asked about.

Lunar days and 清明 are taken from the ``holidays`` package, which keeps the revisions of 1999, 2007, 2013 and 2024.
Days put in place of a holiday that falls on a weekend are left out: only the yearly notice says which days they are.
"""

from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final

from shiheng.kernel.effective import Dated, InForce

STATUTORY_HOLIDAYS: Final = Dated(
    (
        InForce(date(1999, 9, 18), "《全国年节及纪念日放假办法》（1999年修订，国务院令第270号）第二条"),
        InForce(date(2008, 1, 1), "《全国年节及纪念日放假办法》（2007年修订，国务院令第513号）第二条"),
        InForce(date(2014, 1, 1), "《全国年节及纪念日放假办法》（2013年修订，国务院令第644号）第二条"),
        InForce(
            date(2025, 1, 1), "《全国年节及纪念日放假办法》（2024年修订，国务院令第795号，2025年1月1日起施行）第二条"
        ),
    )
)
"""Instrument and article behind ``statutory_days``, by the day it came into force."""

_LAST_LUNAR_YEAR = 2099


@cache
def statutory_days(year: int) -> MappingProxyType[date, str]:
    """Every day off by law itself in ``year`` with its name; beyond the lunar tables only the solar holidays."""
    import holidays  # imported late: it reads its translations, and most processes never look past the notices

    if not 1950 <= year <= _LAST_LUNAR_YEAR:
        solar = [(1, 1, "元旦"), (5, 1, "劳动节"), (5, 2, "劳动节")]
        solar += [(10, day, "国庆节") for day in (1, 2, 3)]
        return MappingProxyType({date(year, month, day): name for month, day, name in solar})
    listed = holidays.country_holidays("CN", years=year, observed=False, language="zh_CN")
    fixed = {day: "、".join(sorted(set(name.split("; ")))) for day, name in listed.items() if day.year == year}
    return MappingProxyType(
        {day: name for day, name in sorted(fixed.items()) if "调休" not in name and "延长" not in name}
    )


def statutory_source(day: date) -> str:
    """The instrument and article under which ``day`` is a statutory holiday."""
    version = STATUTORY_HOLIDAYS.version_on(day)
    return version.value if version else "《全国年节及纪念日放假办法》"
