"""What the city's hotline and the national platform sent the invented bureau within a month, as their files lie there.

Some rows are as hotlines write them: no name, a day that is none, a kind nobody knows, one letter that is two matters.
"""

import csv
import io
from datetime import date, timedelta
from typing import NamedTuple

HEAD = (
    "工单编号", "工单类型", "派单时间", "办理时限", "工单标题", "诉求内容", "来电人", "联系电话", "被反映单位",
    "统一社会信用代码", "问题分类", "诉求", "争议金额", "工单状态",
)  # fmt: skip
NATIONAL = (
    "登记编号", "登记类型", "登记时间", "标题", "具体内容", "姓名", "联系电话", "被投诉举报人", "统一社会信用代码",
    "问题类别", "投诉请求", "涉及金额", "办理状态",
)  # fmt: skip
COMPLAINTS = (
    ("快递柜超时费没有提示", "价格", "取件时才知道收费，要求退还。", "退款", "6"),
    ("家具送来与样品不符", "质量", "订的实木，送来是贴皮。", "退货、退款", "3680"),
    ("美容卡过期不退", "预付式消费", "店里说过期作废，余额不退。", "退款", "1580"),
    ("月饼吃出头发", "食品安全", "开封就看见，有照片。", "赔偿损失", "128"),
    ("维修师傅乱收费", "售后服务", "报价八十，修完收四百。", "退款", "400"),
    ("停车场多收一小时", "价格", "进场三十分钟收两小时。", "退款", "10"),
)
PEOPLE = ("冯晓", "董梅", "萧山", "程远", "曹倩", "袁立", "邓宁", "许洁")
DONE = (
    {"ground": "NA1", "why": "属于物业服务合同纠纷。", "remedies": True, "told_by": "电话"},
    {"why": "属于停车收费管理，由发展改革部门办理。"},
    {"answer": "办理食品经营许可，可网上申请。", "told_by": "短信"},
)
"""A refusal, a return to intake, an answer."""
RECEIPT_FILE = "12345回执.csv"
RECEIPTS = ("工单编号", "接收结果", "退回原因")
REFUSED = "没有写明依据，请补充后重新回复"
GIVEN_BACK = "退回接收机构另行分送：经营地在该所辖区。"
FOUND = "按工单所写地址和小票核对。"
CLERK, CHIEF = "chuang", "zhang"
MONTH, COUNT = 30, 36


class Sent(NamedTuple):
    """A file of a platform: how many days ago it came, under which name, what it says."""

    ago: int
    platform: str
    kind: str
    name: str
    content: bytes


def number(n: int) -> str:
    return f"GD26{n:06d}"


def hotline(today: date, firms: list[tuple[str, str]]) -> list[list[str]]:
    """The orders of the month, the oldest first, each against a business in turn; firms by name and code."""
    rows = []
    for n in range(COUNT):
        summary, kind, story, claims, amount = COMPLAINTS[n % len(COMPLAINTS)]
        came = today - timedelta(days=MONTH - n * MONTH // COUNT)
        name, code = firms[n % len(firms)] if firms else ("临江区某商店", "")
        word = "举报" if n % 9 == 4 else "咨询" if n % 7 == 3 else "投诉举报" if n == 20 else "投诉"
        row = [
            number(n + 1), word, f"{came.isoformat()} 10:{n:02d}:00", (came + timedelta(days=7)).isoformat(), summary,
            story, PEOPLE[n % len(PEOPLE)], f"1990000{2000 + n}", name if n % 5 else f"{name[-6:]}（招牌）",
            code if n % 3 == 0 and n % 5 else "", kind, claims, amount, "办理中",
        ]  # fmt: skip
        rows.append(_spoilt(n, row))
    return rows


def _spoilt(n: int, row: list[str]) -> list[str]:
    """Every so often a row as it should not be."""
    if n == 8:
        row[6] = ""
    elif n == 15:
        row[2] = "2026/2/30"
    elif n == 23:
        row[1] = "表扬"
    elif n == 29:
        row[7] = "隐私号码"
    return row


def files(today: date, firms: list[tuple[str, str]]) -> list[Sent]:
    """The files in the order they came: the hotline's twice with a part that repeats, the national platform's once."""
    rows = hotline(today, firms)
    half = len(rows) // 2
    more = [
        [f"12449902026{n:04d}", "投诉", (today - timedelta(days=6)).isoformat(), *COMPLAINTS[n][:1], COMPLAINTS[n][2],
         PEOPLE[n], f"1990000{3000 + n}", firms[(n + 3) % len(firms)][0] if firms else "某店", "", COMPLAINTS[n][1],
         COMPLAINTS[n][3], COMPLAINTS[n][4], "待受理"]
        for n in range(len(COMPLAINTS))
    ]  # fmt: skip
    return [
        Sent(MONTH // 2, "12345", "orders", "12345工单_上半月.csv", written(HEAD, rows[:half])),
        Sent(5, "12315", "orders", "12315投诉_本周.csv", written(NATIONAL, more)),
        Sent(1, "12345", "orders", "12345工单_全月.csv", written(HEAD, rows)),
    ]


def roster(today: date, said: dict[str, str]) -> Sent:
    """The hotline's own list: one of ours it lacks, one we lack, and a state it has otherwise."""
    numbers = sorted(said)
    lines = [
        [one, (today - timedelta(days=6)).isoformat(), "已办结" if place == 1 else said[one]]
        for place, one in enumerate(numbers)
        if place != 2
    ]
    lines.append([number(990), today.isoformat(), "待签收"])
    return Sent(0, "12345", "roster", "12345对账清单.csv", written((HEAD[0], HEAD[2], HEAD[13]), lines))


def written(head: tuple[str, ...], rows: list[list[str]]) -> bytes:
    """A file as the hotline's program writes it."""
    held = io.StringIO(newline="")
    csv.writer(held).writerows([head, *rows])
    return held.getvalue().encode("gb18030")
