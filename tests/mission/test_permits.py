"""A data officer sends a file of permits; officers then see who has none and whose ended, and the numbers agree."""

import re
import threading
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shiheng.jobs import runner
from shiheng.subjects.models import Subject
from tests import factories

REGISTER = (
    "统一社会信用代码", "企业名称（字号名称）", "登记状态（中文）", "成立日期", "行业代码", "行业代码（中文）",
    "住所所在行政区划", "住所（登记、个体户经营场所）",
)  # fmt: skip
PERMITS = (
    "社会信用代码",
    "经营者名称",
    "许可证编号",
    "主体业态",
    "经营项目",
    "发证日期",
    "有效期至",
    "发证机关",
    "许可状态",
)
HELD, EXPIRED, SOON, NONE, CLOSED, SLIPPED = (factories.uscc(n) for n in range(9001, 9007))


def spreadsheet(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    held = BytesIO()
    book = xlsxwriter.Workbook(held)
    sheet = book.add_worksheet()
    for number, row in enumerate([header, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return held.getvalue()


def register() -> bytes:
    return spreadsheet(
        REGISTER,
        [
            (code, f"临江区{n}号餐馆", "开业", "2018-03-01", "6210", "正餐服务", "449901", "临江区江口街道码头路1号")
            for n, code in enumerate((HELD, EXPIRED, SOON, NONE, CLOSED), start=1)
        ],
    )


def food_permits() -> bytes:
    wrong = SLIPPED[:-1] + ("0" if SLIPPED[-1] != "0" else "1")
    return spreadsheet(
        PERMITS,
        [
            (code, name, number, "餐饮服务经营者", "热食类食品制售", "2021-06-01", until, "临江区市场监督管理局", state)
            for code, name, number, until, state in (
                (HELD, "临江区旧名餐馆", "JY24499010000011", "2029-05-31", "有效"),
                (EXPIRED, "临江区2号餐馆", "JY24499010000022", "2026-05-31", "有效"),
                (SOON, "临江区3号餐馆", "JY24499010000033", "2026-12-31", "有效"),
                (CLOSED, "临江区5号餐馆", "JY24499010000044", "2029-05-31", "注销"),
                (wrong, "临江区6号餐馆", "JY24499010000055", "2029-05-31", "有效"),
                (HELD, "临江区1号餐馆", "", "2029-05-31", "有效"),
            )
        ],
    )


def send(client: Client, source: str, name: str, content: bytes) -> str:
    """The file through the page; gives the page of its batch after the worker ran."""
    page = client.get(f"/sources/send/?source={source}").content.decode()
    key = re.search(r'name="_key" value="([^"]+)"', page)
    answer = client.post(
        "/sources/send/",
        {"_key": key[1] if key else str(uuid4()), "source": source, "file": SimpleUploadedFile(name, content)},
    )
    assert answer.status_code == 302, answer.content.decode()
    runner.work(until_idle=True, stop=threading.Event())
    return client.get(answer["Location"]).content.decode()


def count(client: Client, address: str) -> int:
    found = re.search(r"共 <b>([\d,]+)</b> 条", client.get(address).content.decode())
    assert found, address
    return int(found[1].replace(",", ""))


@pytest.mark.mission("B02")
def test_missing_and_expired_permits_show(clock: Any, sign_in: Any) -> None:
    data = sign_in("data")
    send(data, "register", "登记.xlsx", register())
    assert count(sign_in("clerk"), "/permits/missing/") == 0, "nobody reports permits yet"
    batch = send(data, "food_permits", "食品许可.xlsx", food_permits())
    assert "已入档" in batch
    assert count(data, "/quarantine/?source=food_permits") == 2

    officer = sign_in("clerk")
    library = officer.get("/permits/").content.decode()
    figures = {
        title: (int(value), href.replace("&amp;", "&"))
        for href, title, value in re.findall(
            r'<a class="stat [^"]*" href="([^"]+)"><span class="stat-title">([^<]+)</span>'
            r'<span class="stat-value">([^<]+)</span>', library
        )
    }  # fmt: skip
    assert {title: value for title, (value, _) in figures.items()} == {
        "有效": 1, "60 日内到期": 1, "已过期": 1, "未载有效期": 0, "已失效": 1, "已由部门删除": 0, "应有未见": 2,
    }  # fmt: skip
    for value, href in figures.values():
        assert count(officer, href) == value
    expired = officer.get("/permits/", {"state": "expired"}).content.decode()
    assert "JY24499010000022" in expired
    assert "临江区2号餐馆" in expired
    assert "JY24499010000011" not in expired

    missing = officer.get("/permits/missing/").content.decode()
    assert "临江区4号餐馆" in missing
    assert "临江区5号餐馆" in missing
    without = Subject.objects.get(uscc=NONE)
    page = re.sub(r"<[^>]+>", "", officer.get(f"/subjects/{without.pk}/").content.decode())
    assert "食品经营许可证：按行业应有，未取得" in page
    assert "《食品安全法》第三十五条第一款" in page
    assert "条文已按 2025-12-01 起施行的修正文本核对" in page

    late = Subject.objects.get(uscc=EXPIRED)
    page = sign_in("chief").get(f"/subjects/{late.pk}/?tab=permits").content.decode()
    days = (date(2026, 11, 20) - date(2026, 5, 31)).days
    for said in ("JY24499010000022", "已过期", f"已过 {days} 日", "热食类食品制售", "临江区市场监督管理局", "第 2 行"):
        assert said in page, said

    # The permit's old name is told beside it and changes nothing in the register.
    kept = Subject.objects.get(uscc=HELD)
    assert kept.name == "临江区1号餐馆"
    assert kept.fields["name"]["source"] == "register"
    assert "证载名称：临江区旧名餐馆" in officer.get(f"/subjects/{kept.pk}/?tab=permits").content.decode()

    public = Client().get(f"/s/{EXPIRED}/").content.decode()
    for said in ("食品经营许可证", "JY24499010000022", "已过期", "2026-05-31"):
        assert said in public
    assert "应有" not in Client().get(f"/s/{NONE}/").content.decode()

    # Renewed and newly granted: the next file mends both.
    row = ("餐饮服务经营者", "热食类食品制售", "2026-11-18", "2031-11-17", "临江区市场监督管理局", "有效")
    send(data, "food_permits", "食品许可-11月.xlsx", spreadsheet(PERMITS, [
        (EXPIRED, "临江区2号餐馆", "JY24499010000022", *row), (NONE, "临江区4号餐馆", "JY24499010000066", *row),
    ]))  # fmt: skip
    assert count(officer, "/permits/?state=expired") == 0
    assert count(officer, "/permits/?state=valid") == 3
    assert count(officer, "/permits/missing/") == 1
    assert count(sign_in("inspector_b"), "/permits/") == 0

    # The department takes one back, and one is granted without an end.
    data = sign_in("data")
    send(data, "food_permits", "食品许可-12月.xlsx", spreadsheet((*PERMITS, "数据记录的增删改标志"), [
        (NONE, "临江区4号餐馆", "JY24499010000066", *row, "d"),
        (EXPIRED, "临江区2号餐馆", "JY24499010000022", *row[:3], "长期", *row[4:], "u"),
        (HELD, "临江区1号餐馆", "JY24499010000011", *row, "x"),
    ]))  # fmt: skip
    assert "“x”不在“增删改标志”的代码表中" in data.get("/quarantine/?source=food_permits").content.decode()
    officer = sign_in("clerk")
    assert count(officer, "/permits/?state=deleted") == 1
    assert count(officer, "/permits/missing/") == 2
    assert "已由部门删除" in officer.get(f"/subjects/{without.pk}/?tab=permits").content.decode()
    assert "长期有效" in officer.get(f"/subjects/{late.pk}/?tab=permits").content.decode()
    assert "长期有效" in Client().get(f"/s/{EXPIRED}/").content.decode()
