"""Preservation of evidence, sealing and seizure, orders to correct: each with a life of its own in the case."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

GROUNDS = {
    "none": "当事人没有违法行为",
    "unrelated": "查封、扣押的场所、设施、财物与违法行为无关",
    "decided": "对违法行为已经作出处理决定，不再需要查封、扣押",
    "over": "查封、扣押期限已经届满",
    "other": "其他不再需要采取强制措施的情形",
}


class Preserving(BaseModel):
    """先行登记保存"""

    name: str = fact("登记保存的证据", max_length=120)
    quantity: str = fact("数量", max_length=40, hint="照清单填写，例如 120 箱。")
    count: int | None = fact("清点数量", ge=1, default=None, hint="留空的取“数量”开头的数字；以后按它核对去向。")
    place: str = fact("保存地点", max_length=200)
    approver: str = fact("批准人", max_length=60)
    urgent: bool = fact("情况紧急，先行采取", default=False)
    filmed: bool = fact("已全程音像记录", default=False)
    listed: bool = fact("通知书和清单已当场交付", default=False)


class PreservedSettled(BaseModel):
    """处理登记保存的证据"""

    how: str = fact(
        "处理方式",
        choices={
            "copied": "采取记录、复制、拍照、录像等证据保全措施后返还",
            "tested": "送交检测、检验、检疫、鉴定",
            "seized": "依法采取查封、扣押等强制措施",
            "confiscated": "依法予以没收",
            "handed": "移送有关部门",
            "released": "解除先行登记保存",
        },
    )


class Seizing(BaseModel):
    """实施查封、扣押"""

    name: str = fact("查封、扣押的场所、设施或者财物", max_length=120)
    kind: str = fact("措施", choices={"sealing": "查封", "seizure": "扣押"})
    quantity: str = fact("数量", max_length=40, hint="照清单填写，例如 120 箱。")
    count: int | None = fact("清点数量", ge=1, default=None, hint="留空的取“数量”开头的数字；以后按它核对去向。")
    value: int = fact("估价", widget="money", ge=0, default=0)
    place: str = fact("存放地点", max_length=200)
    number: str = fact("实施行政强制措施决定书编号", max_length=60)
    approver: str = fact("批准人", max_length=60)
    urgent_at: str = fact("当场实施的时刻", max_length=16, default="", pattern=r"^(\d{4}-\d{2}-\d{2} \d{2}:\d{2})?$",
                          hint="情况紧急先行实施的填写，例如 2026-05-06 15:30；二十四小时内补办批准手续。")  # fmt: skip
    cards: bool = fact("已出示执法证件", default=False)
    filmed: bool = fact("已全程音像记录", default=False)
    listed: bool = fact("决定书和清单已当场交付", default=False)


class Approving(BaseModel):
    """补办批准手续"""

    approver: str = fact("批准人", max_length=60)


class MeasureLonger(BaseModel):
    """延长查封、扣押期限"""

    why: str = fact("延长的理由", widget="textarea", max_length=500)
    number: str = fact("延长行政强制措施期限决定书编号", max_length=60)
    told: bool = fact("已书面告知当事人并说明理由", default=False)


class MeasureTesting(BaseModel):
    """查封、扣押的物品送检"""

    laboratory: str = fact("机构", max_length=100)
    document: str = fact("期间告知书编号", max_length=60)
    told: bool = fact("检测期间已书面告知当事人", default=False)


class Releasing(BaseModel):
    """解除查封、扣押"""

    ground: str = fact("解除的情形", choices=GROUNDS)
    number: str = fact("解除行政强制措施决定书编号", max_length=60)
    returned: str = fact("返还情况", max_length=200)


class ReleasingPart(BaseModel):
    """解除部分查封、扣押"""

    count: int = fact("解除的数量", ge=1)
    ground: str = fact("解除的情形", choices=GROUNDS)
    number: str = fact("解除行政强制措施决定书编号", max_length=60)
    part_returned: str = fact("返还情况", max_length=200)


class Storing(BaseModel):
    """转移存放地点"""

    place: str = fact("新的存放地点", max_length=200)
    why: str = fact("转移的理由", max_length=200)


class HandingGoods(BaseModel):
    """移交查封、扣押的财物"""

    body: str = fact("接收机关", max_length=100)
    list_: str = fact("移交清单编号", max_length=60)


class GoodsOut(BaseModel):
    """处置罚没财物"""

    count: int = fact("处置的数量", ge=1)
    how: str = fact("方式", choices={"destroyed": "销毁", "auctioned": "拍卖", "submitted": "上缴、移交财政"})
    record: str = fact("处置记录、凭证编号", max_length=100)
    proceeds: int = fact("所得价款", widget="money", ge=0, default=0)


class Disposing(BaseModel):
    """先行处置"""

    why: str = fact("先行处置的理由", choices=("易腐烂、变质", "保管困难或者费用过高", "季节性商品、易失效"))
    consent: bool = fact("权利人同意或者申请，并经批准", default=False)
    how: str = fact("处置方式和所得", max_length=300)


class Confiscating(BaseModel):
    """没收查封、扣押的财物"""

    how: str = fact("去向", max_length=200, hint="上缴、销毁、拍卖；罚没物资凭证编号。")


class Ordering(BaseModel):
    """责令改正"""

    name: str = fact("责令的事项", max_length=120)
    kind: str = fact(
        "种类",
        choices={
            "correct": "责令改正",
            "stop": "责令停止销售",
            "off": "责令下架、退市",
            "refund": "责令退款",
            "warn": "对负责人员的告诫",
        },
    )
    products: str = fact("商品和批次", max_length=200, default="")
    quantity: int = fact("数量", ge=0, default=0)
    until: date = fact("改正期限")
    number: str = fact("责令改正通知书编号", max_length=60)


class Rechecked(BaseModel):
    """复查"""

    finding: str = fact("复查情况", widget="textarea", max_length=1000)
    quantity: int = fact("已下架数量", ge=0, default=0)
