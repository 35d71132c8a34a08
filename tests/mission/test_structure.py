"""A manager reads the structure of the stock from a register file: capital, kinds, years, each with its rows."""

import re
from typing import Any

import pytest
from django.test import Client

from shiheng.kernel.identifiers import uscc_check_character
from tests import factories
from tests.mission.test_lists import book
from tests.mission.test_permits import send

REGISTER = (
    "统一社会信用代码", "企业名称（字号名称）", "登记状态（中文）", "成立日期", "企业类型", "注册资本",
    "核准日期", "住所所在行政区划", "住所（登记、个体户经营场所）",
)  # fmt: skip
ROWS = [
    ("云泽市甲有限公司", "存续", "2024-03-01", "有限责任公司(自然人独资)", "20000万元人民币", "2024-03-01"),
    ("云泽市乙有限公司", "存续", "2025-03-01", "有限责任公司(自然人独资)", "3000万元人民币", "2025-03-01"),
    ("云泽市丙有限公司", "存续", "2025-04-01", "有限责任公司(自然人独资)", "50万元人民币", "2025-04-01"),
    ("云泽市丁有限公司", "注销", "2025-05-01", "有限责任公司(自然人独资)", "50万元人民币", "2025-09-01"),
    ("临江区戊小吃店", "存续", "2026-03-01", "个体工商户", "5万元人民币", "2026-03-01"),
]


def figures(page: str) -> dict[str, tuple[int, str]]:
    found = re.findall(
        r'<a class="stat [^"]*" href="([^"]+)"><span class="stat-title">([^<]+)</span>'
        r'<span class="stat-value">([^<]+)</span>',
        page,
    )
    return {title: (int(value.replace(",", "")), href.replace("&amp;", "&")) for href, title, value in found}


def grown(page: str) -> dict[str, tuple[int, str, str]]:
    """The growth table's first column: year end → the stock, the growth as shown, the address of its rows."""
    cells = r'<tr role="row"><td[^>]*>([^<]+)</td><td[^>]*><a href="([^"]+)">(?:<[^>]*>)*([\d,]+)(?:</[^a][^>]*>)*</a>'
    found = re.findall(cells + r"(?: <span[^>]*>([^<]+)</span>)?", page)
    return {title: (int(n.replace(",", "")), growth, href.replace("&amp;", "&")) for title, href, n, growth in found}


def rows_of(client: Client, href: str) -> int:
    """How many rows an address lists; a list without rows says so in words."""
    page = client.get(href).content.decode()
    found = re.search(r"共 <b>([\d,]+)</b> 条", page)
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.mission("M18")
def test_the_stock_is_told_by_kind_capital_and_year_and_each_figure_opens_its_rows(clock: Any, sign_in: Any) -> None:
    place = ("449901", "云泽市临江区江口街道码头路1号")
    individual = "92449901MA0092050"
    codes = [*(factories.uscc(9201 + n) for n in range(4)), individual + uscc_check_character(individual)]
    rows = [(code, *row, *place) for code, row in zip(codes, ROWS, strict=True)]
    assert "已入档" in send(sign_in("data"), "register", "登记.xlsx", book(REGISTER, rows))
    manager = sign_in("chief")
    page = manager.get("/subjects/structure/").content.decode()
    told = figures(page)
    assert told["实有主体"][0] == 4, "one is deregistered"
    assert told["企业"][0] == 3
    assert told["个体工商户"][0] == 1
    assert told["注销"][0] == 1
    for value, href in told.values():
        assert rows_of(manager, href) == value, href
    opened = {href.replace("&amp;", "&") for href in re.findall(r'href="(/subjects/\?[^"]*capital_from[^"]*)"', page)}
    assert sum(rows_of(manager, href) for href in opened) == 4, "every one of the stock stands in one band"
    for words in ("1 亿元及以上", "1000 万元至 1 亿元以下", "10 万元以下", "2025", "2026"):
        assert words in page, words
    assert rows_of(manager, "/subjects/?status=standing&currency=CNY&capital_from=100000000") == 1
    # 甲 stood at the end of 2024; 乙 and 丙 came in 2025, 丁 came and went in that year; 戊 came this year.
    growth = grown(page)
    assert [growth[f"{year} 年末"][:2] for year in (2023, 2024)] == [(0, ""), (1, "")]
    assert growth["2025 年末"][:2] == (3, "+200.0%")
    assert growth["2026-11-20"][:2] == (4, "+33.3%")
    for title, (count, _growth, href) in growth.items():
        assert rows_of(manager, href) == count, title
    assert figures(sign_in("inspector_b").get("/subjects/structure/").content.decode())["实有主体"][0] == 0
