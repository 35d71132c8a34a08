"""A chief watches births, ends and moves of the territory from files departments sent; each figure opens its rows."""

import re
from html import unescape
from typing import Any

import pytest

from tests import factories
from tests.mission.test_lists import book
from tests.mission.test_permits import send
from tests.mission.test_structure import rows_of

REGISTER = (
    "统一社会信用代码", "企业名称（字号名称）", "登记状态（中文）", "成立日期", "企业类型", "行业代码",
    "核准日期（登记、吊销、注销日期）", "住所所在行政区划", "住所（登记、个体户经营场所）",
)  # fmt: skip
RIVER = ("449901", "云泽市临江区江口街道码头路1号")
WILLOW = ("449901", "云泽市临江区柳岸镇柳荫路2号")
LAKE = ("449902", "云泽市望湖区湖东街道湖滨路3号")
FIRM = "有限责任公司(自然人独资)"
CODES = [factories.uscc(9301 + n) for n in range(6)]
NAMES = [f"云泽市第{n}商贸有限公司" for n in range(6)]


def line(n: int, state: str, since: str, approved: str, place: tuple[str, str]) -> tuple[str, ...]:
    return (CODES[n], NAMES[n], state, since, FIRM, "5212", approved, *place)


def months(page: str) -> dict[str, dict[str, tuple[int, str]]]:
    """The table by month: month → title of the figure → (count, address of its rows)."""
    body = page.split('aria-label="逐月"', 1)[1].split("</table>", 1)[0]
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for row in body.split("<tr")[2:]:
        month = re.search(r"\d{4}-\d{2}", row)
        cells = re.findall(r'data-title="([^"]+)">(?:<a href="([^"]+)">)?([+-]?[\d,]+)', row)
        if month:
            found[month[0]] = {
                t: (int(n.replace(",", "")), unescape(href)) for t, href, n in cells if t not in {"月份", "各数"}
            }
    return found


@pytest.mark.mission("G12")
def test_a_chief_watches_who_came_ended_and_moved_and_opens_every_figure(clock: Any, sign_in: Any) -> None:
    data = sign_in("data")
    first = [
        line(0, "存续", "2019-03-01", "2019-03-01", RIVER),  # stays
        line(1, "存续", "2020-03-01", "2020-03-01", RIVER),  # moves to the other district in March
        line(2, "存续", "2021-03-01", "2021-03-01", LAKE),  # moves to ours in April, ends in June
        line(3, "存续", "2022-03-01", "2022-03-01", RIVER),  # moves to another station of ours in May
        line(4, "存续", "2026-02-10", "2026-02-10", WILLOW),  # new, and ends in the month it moved in
    ]
    assert "已入档" in send(data, "register", "一.xlsx", book(REGISTER, first))
    later = [
        line(1, "存续", "2020-03-01", "2026-03-12", LAKE),
        line(2, "存续", "2021-03-01", "2026-04-02", RIVER),
        line(3, "存续", "2022-03-01", "2026-05-20", WILLOW),
        line(5, "存续", "2026-09-09", "2026-09-09", RIVER),
    ]
    assert "已入档" in send(data, "register", "二.xlsx", book(REGISTER, later))
    ended = [
        line(2, "注销", "2021-03-01", "2026-06-30", RIVER),
        line(4, "吊销，未注销", "2026-02-10", "2026-09-01", WILLOW),
    ]
    assert "已入档" in send(data, "register", "三.xlsx", book(REGISTER, ended))

    chief = sign_in("chief")
    page = chief.get("/subjects/growth/").content.decode()
    told = months(page)
    assert told["2026-03"]["跨区迁出"][0] == 1
    assert told["2026-04"]["跨区迁入"][0] == 1
    assert told["2026-05"]["所间迁移"][0] == 1
    assert told["2026-06"]["注销"][0] == 1
    assert told["2026-09"]["吊销"][0] == 1
    assert [told[m]["新设"][0] for m in ("2026-02", "2026-09")] == [1, 1]
    assert [told[m]["期末实有"][0] for m in ("2026-01", "2026-02", "2026-03", "2026-04", "2026-06", "2026-09")] == [
        3, 4, 3, 4, 3, 3,
    ]  # fmt: skip
    assert not told["2026-10"], "nothing has been sent of October"
    assert page.count("来文未到") >= 2
    for month, cells in told.items():
        if not cells:
            continue
        came = sum(cells[name][0] for name in ("新设", "跨区迁入"))
        gone = sum(cells[name][0] for name in ("注销", "吊销", "撤销登记", "跨区迁出", "迁往外地"))
        assert cells["期初实有"][0] + came - gone == cells["期末实有"][0], month
        assert cells["净增减"][0] == came - gone
        for title, (count, href) in cells.items():
            if href:
                assert rows_of(chief, href) == count, (month, title, href)

    # From where to where, and the rows of each.
    between = page.split("迁移往来</h2>", 1)[1].split("怎样计数", 1)[0]
    cells = [(unescape(href), int(n)) for href, n in re.findall(r'<a href="([^"]+)">(\d+)</a>', between)]
    assert len(cells) == 3
    assert all(rows_of(chief, href) == count for href, count in cells)
    left = next(href for href, _n in cells if "goal=outside" in href)
    assert NAMES[1] in chief.get(left).content.decode()
    export = chief.get(left + "&export=csv")
    assert NAMES[1] in b"".join(export.streaming_content).decode("utf-8-sig")

    # The city sees both districts; a move between them changes nothing of its stock and is told beside it.
    city = sign_in("city").get("/subjects/growth/").content.decode()
    assert months(city)["2026-03"]["区间迁移"][0] == 1
    assert months(city)["2026-03"]["期末实有"][0] == 5
    assert "望湖区" in city
    # The other district sees its own.
    other = months(sign_in("inspector_b").get("/subjects/growth/").content.decode())
    assert (other["2026-03"]["跨区迁入"][0], other["2026-04"]["跨区迁出"][0]) == (1, 1)
    assert "不在您的管辖范围内" in sign_in("inspector_b").get("/subjects/growth/?at=4499.01.").content.decode()
    for words in ("怎样计数", "未取得", "从外地迁入的主体"):
        assert words in page

    # Machines get the same.
    answer = chief.get("/api/v1/desk/growth?first=2026-01&last=2026-10&by=kind").json()
    by_month = {m["month"]: m for m in answer["months"]}
    assert (by_month["2026-04"]["across_in"], by_month["2026-04"]["closing"]) == (1, 4)
    assert answer["parts"][0]["code"] == "enterprise"
    assert [(m["origin"], m["goal"], m["count"]) for m in answer["moves"]] == [
        ("4499.01.01.", "4499.01.02.", 1),
        ("4499.01.01.", "outside", 1),
        ("outside", "4499.01.01.", 1),
    ]
