"""An inspector reads how a business behaved: departments' files on one line of time, and beside forty of its like."""

import re
from html import unescape
from typing import Any

import pytest

from shiheng.subjects.models import Subject
from tests import factories
from tests.mission.test_lists import book
from tests.mission.test_permits import send
from tests.mission.test_register import text

pytestmark = pytest.mark.django_db

REGISTER = (
    "统一社会信用代码", "企业名称（字号名称）", "登记状态（中文）", "成立日期", "行业代码", "住所所在行政区划",
    "住所（登记、个体户经营场所）",
)  # fmt: skip
COMPLAINTS = (
    "登记编号", "信息类型", "被投诉举报主体", "统一社会信用代码", "问题类别", "投诉举报内容", "接收日期", "办理状态",
    "办理机构", "来源渠道",
)  # fmt: skip
INSPECTIONS = (
    "检查结果id", "统一社会信用代码", "企业名称", "检查类型", "抽查事项", "检查日期", "检查结果", "发现的问题",
    "检查机关",
)  # fmt: skip
CHANGES = ("主键", "统一社会信用代码", "企业名称", "变更项目", "变更前内容", "变更后内容", "变更日期", "登记机关")
CODES = [factories.uscc(9301 + n) for n in range(41)]
ODD, NAME = CODES[0], "临江区常来餐馆"
OFFICE = "临江区市场监督管理局"


def name_of(place: int) -> str:
    return NAME if place == 0 else f"临江区第{place}餐馆"


def complaint(number: int, place: int, day: str) -> tuple[str, ...]:
    return (
        f"TS{number:05d}", "投诉", name_of(place), CODES[place], "食品安全", "饭菜有异味", day, "已办结", OFFICE,
        "12315平台",
    )  # fmt: skip


@pytest.mark.mission("B14")
def test_what_befell_a_business_is_one_line_and_what_is_unusual_is_told(cast: Any, sign_in: Any, clock: Any) -> None:
    data = sign_in("data")
    place = ("6210", "449901", "云泽市临江区江口街道码头路1号")
    rows = [(code, name_of(n), "存续", "2020-03-01", *place) for n, code in enumerate(CODES)]
    assert "已入档" in send(data, "register", "登记.xlsx", book(REGISTER, rows))
    complaints = [complaint(n, 0, f"2026-0{1 + n}-10") for n in range(6)]
    complaints += [complaint(10 + n, 1 + n, "2026-05-06") for n in range(10)]
    assert "已入档" in send(data, "complaints", "投诉.xlsx", book(COMPLAINTS, complaints))
    inspections = [
        (
            "JC001",
            ODD,
            NAME,
            "投诉举报检查",
            "食品经营监督检查",
            "2026-03-20",
            "发现问题已责令改正",
            "冷藏温度过高",
            OFFICE,
        ),
        ("JC002", CODES[1], name_of(1), "日常检查", "食品经营监督检查", "2026-03-21", "未发现问题", "", OFFICE),
    ]
    assert "已入档" in send(data, "inspections", "检查.xlsx", book(INSPECTIONS, inspections))
    changes = [("BG1", ODD, NAME, "住所（经营场所）变更", "码头路9号", "码头路1号", "2025-12-08", OFFICE)]
    assert "已入档" in send(data, "changes", "变更.xlsx", book(CHANGES, changes))

    # From the business's file to its behaviour.
    inspector = sign_in("clerk")
    subject = Subject.objects.get(uscc=ODD)
    opened = inspector.get(f"/subjects/{subject.pk}/").content.decode()
    (address,) = set(re.findall(r'href="(/subjects/\d+/behaviour/)"', opened))
    answer = inspector.get(address, {"period": "year"})
    page, shown = unescape(answer.content.decode()), text(answer)
    for words in ("住所迁移", "码头路9号 → 码头路1号", "食品经营监督检查", "冷藏温度过高", "食品安全"):
        assert words in shown, words
    assert "近一年投诉举报 6 件，同类 40 户都没有这么多，最多的 1 件。" in shown
    assert "这是线索，不是结论" in shown
    assert "疑似不同寻常：检查发现问题" not in shown, "one is not unusual yet"

    # Each figure opens what it counts, each event its record.
    (figure,) = set(re.findall(r'href="([^"]*)"[^>]*>6 件</a>', page))
    listed = unescape(inspector.get(figure.partition("#")[0]).content.decode())
    assert "共 <b>6</b> 条" in listed
    records = set(re.findall(r'href="(/subjects/\d+/\?tab=complaints)#(record-\d+)"', listed))
    assert len(records) == 6
    for tab, record in records:
        assert f'id="{record}"' in inspector.get(tab).content.decode()
    (group,) = set(re.findall(r'href="(/subjects/\?[^"]*industry=62[^"]*)"', page))
    assert "共 <b>41</b> 条" in inspector.get(group).content.decode()
