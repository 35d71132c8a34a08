"""The articles the credit line rests on, with what of them was read."""

from datetime import date

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.procedures.definition import Basis, Role

LISTS, REPAIR = "经营异常名录管理", "市场监管信用修复"
"""How days are counted in these two."""
LEADS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DEPUTY_HEAD, Role.BUREAU_HEAD)
HEADS = (Role.DEPUTY_HEAD, Role.BUREAU_HEAD)
SINCE, FROM_2024 = date(2024, 5, 1), date(2024, 5, 1)
CLOSED = "天数出自网上转载的旧文本，2025 年修订后的条文未见，待核对。"
UNREAD = "凭记忆，未见原文，待核对。"
OPEN = "（条次待核对）"
"""The text was not read: no article is named."""


def publicity(article: str) -> Basis:
    """An article of the rules on publishing business information as revised in 2024; its gist was read."""
    return Basis("企业信息公示暂行条例", article, FROM_2024, note="按摘要核对；原文未载入，待核对。")


def lists(article: str = OPEN) -> Basis:
    """An article of the rules on the abnormal list; only copies of the older text were seen."""
    return Basis("企业经营异常名录管理办法", article, date(2025, 3, 1), note=CLOSED)


def marks(article: str) -> Basis:
    """An article of the rules on the yearly reports of individual businesses."""
    return Basis("个体工商户年度报告暂行办法", article, date(2014, 10, 1), note=CLOSED)


def serious(article: str = OPEN) -> Basis:
    """An article of Order 44."""
    return Basis(
        "市场监督管理严重违法失信名单管理办法", article, date(2021, 9, 1), note="按要点核对；原文未载入，待核对。"
    )


def repaired(article: str = OPEN) -> Basis:
    """An article of the rules on credit repair in market supervision."""
    return Basis("市场监督管理信用修复管理办法", article, date(2021, 9, 1), note=UNREAD)


def published(article: str) -> Basis:
    """An article of the rules on publishing penalties."""
    return Basis("市场监督管理行政处罚信息公示规定", article, date(2021, 9, 1), verified=True)


def chosen(note: str = "") -> Basis:
    """No instrument says so: the bureau chose."""
    return Basis(LOCAL_CHOICE, note=note)
