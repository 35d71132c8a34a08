"""Files of platforms as peers send them, and the pages that take them in."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shiheng.procedures.models import Order, PlatformFile

HOTLINE = (
    "工单编号", "工单类型", "派单时间", "办理时限", "工单标题", "诉求内容", "来电人", "联系电话", "被反映单位",
    "统一社会信用代码", "问题分类", "诉求", "争议金额", "工单状态",
)  # fmt: skip
NATIONAL = (
    "登记编号", "登记类型", "登记时间", "标题", "具体内容", "姓名", "联系电话", "被投诉举报人", "统一社会信用代码",
    "问题类别", "投诉请求", "涉及金额", "办理状态",
)  # fmt: skip


def order(number: str, kind: str = "投诉", **told: str) -> list[str]:
    """A row of the hotline; ``told`` says what is otherwise."""
    row = {
        "工单编号": number, "工单类型": kind, "派单时间": "2026-11-18 09:30:00", "办理时限": "2026-11-25",
        "工单标题": "电饭煲三天就坏", "诉求内容": "十一月十五日购买，三天后不通电，商家不退。", "来电人": "王小明",
        "联系电话": "19900001001", "被反映单位": "恒达电器", "问题分类": "质量", "诉求": "退款", "争议金额": "399",
        "工单状态": "待办理", **told,
    }  # fmt: skip
    return [row.get(title, "") for title in HOTLINE]


def national(number: str, kind: str = "投诉", **told: str) -> list[str]:
    """A row of the national platform."""
    row = {
        "登记编号": number, "登记类型": kind, "登记时间": "2026/11/19", "标题": "外卖里有钢丝",
        "具体内容": "外卖炒饭中吃出钢丝。", "姓名": "陈桂香", "联系电话": "19900001002", "被投诉举报人": "江口面馆",
        "问题类别": "餐饮服务", "投诉请求": "赔偿损失、退款", "涉及金额": "88.50", "办理状态": "待受理", **told,
    }  # fmt: skip
    return [row.get(title, "") for title in NATIONAL]


def text(head: Sequence[str], *lines: Sequence[str], encoding: str = "gb18030") -> bytes:
    held = io.StringIO(newline="")
    csv.writer(held).writerows([head, *lines])
    return held.getvalue().encode(encoding)


def book(head: Sequence[str], *lines: Sequence[str]) -> bytes:
    held = io.BytesIO()
    made = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = made.add_worksheet()
    for down, line in enumerate([head, *lines]):
        sheet.write_row(down, 0, line)
    made.close()
    return held.getvalue()


def words(answer: Any) -> str:
    page = answer.content.decode()
    return re.sub(r"(<[^>]+>|\s)+", " ", page[page.find("<main") :])


def upload(
    client: Client, content: bytes, *, platform: str = "12345", kind: str = "orders", name: str = "工单.csv"
) -> Any:
    return client.post(
        "/intake/files/",
        {"_key": str(uuid4()), "platform": platform, "kind": kind, "file": SimpleUploadedFile(name, content)},
    )


def taken(client: Client, content: bytes, **how: Any) -> PlatformFile:
    """The file as it was taken in on the page."""
    answer = upload(client, content, **how)
    assert answer.status_code == 302, words(answer)[:800]
    return PlatformFile.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def send(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"_key": str(uuid4()), **values})


def step(client: Client, file: int, code: str, **values: Any) -> None:
    answer = send(client, f"/files/{file}/take/{code}/", **values)
    assert answer.status_code == 302, words(answer)[:800]


def of(number: str) -> Order:
    return Order.objects.select_related("proceeding", "twin").get(number=number)
