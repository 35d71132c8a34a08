"""不合格商品处置: what is told from the result to the goods being off every shelf."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

OBJECTION = {"none": "没有提出", "rejected": "提出后维持原结论"}
TREATMENTS = {
    "recall": "召回",
    "destroy": "销毁",
    "remedy": "采取补救措施",
    "rectify": "生产者、销售者整改",
    "case": "立案查处",
}


class Failed(BaseModel):
    """登记不合格结果"""

    summary: str = fact("商品名称", max_length=100)
    batch: str = fact("生产日期或者批号", max_length=80)
    item: str = fact("不合格项目", max_length=120, indexed=True)
    maker: str = fact("标称生产者", max_length=120, default="")
    report: str = fact("检验报告编号", max_length=80)
    sampled_on: date = fact("抽样日期")


class Published(BaseModel):
    """公布"""

    objection: str = fact("异议、复检的情况", choices=OBJECTION)
    where: str = fact("公布的位置", max_length=120, hint="信用门户的公示名单随之更新；另在其他网站公布的写明。")


class Sent(BaseModel):
    """发送销售者"""

    name: str = fact("销售者名称", max_length=200)
    subject: str = fact("统一社会信用代码", max_length=40, default="", widget="code")
    way: str = fact("发送方式", max_length=40, hint="平台消息、短信、当面送达等。")


class Confirmed(BaseModel):
    """销售者报告下架"""

    quantity: int = fact("下架、封存的数量", ge=0)
    sold: int = fact("已经售出的数量", ge=0, default=0)
    story: str = fact("处置的情况", widget="textarea", max_length=500)


class Checked(BaseModel):
    """现场核查下架"""

    finding: str = fact("核查的情况", widget="textarea", max_length=500)
    quantity: int = fact("现场数量", ge=0)


class Treated(BaseModel):
    """后处理"""

    way: str = fact("处理方式", choices=TREATMENTS)
    finding: str = fact("处理的情况", widget="textarea", max_length=1000)


class Ended(BaseModel):
    """办结"""

    conclusion: str = fact("结论", max_length=500)
