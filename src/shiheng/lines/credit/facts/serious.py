"""严重违法失信名单: what is told from the candidate to the day it leaves."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

FIELDS = {
    "food": "食品安全领域", "drugs": "药品、医疗器械、化妆品领域", "quality": "质量安全、特种设备领域",
    "consumer": "侵害消费者权益", "competition": "破坏公平竞争秩序和扰乱市场秩序", "refusing": "拒绝、阻碍、干扰执法",
    "duties": "有履行能力而拒不履行行政决定",
}  # fmt: skip
HEAVIER = {
    "fine": "按照行政处罚裁量基准从重处罚的罚款", "permit": "降低资质等级，吊销许可证件、营业执照",
    "restricted": "限制开展生产经营活动、责令停产停业、责令关闭、限制从业", "other": "法律、法规规定的其他较重行政处罚",
}  # fmt: skip


class Candidate(BaseModel):
    """登记拟列入的当事人"""

    summary: str = fact("事由摘要", max_length=120)
    field: str = fact("违法行为的领域", choices=FIELDS, indexed=True)
    penalty: str = fact("行政处罚决定书编号", max_length=80)
    decided_on: date = fact("处罚决定日期")
    heavier: str = fact("较重行政处罚的情形", choices=HEAVIER)
    nature: str = fact("性质恶劣的判断", widget="textarea", max_length=1000, group="综合判断")
    circumstances: str = fact("情节严重的判断", widget="textarea", max_length=1000)
    harm: str = fact("社会危害较大的判断", widget="textarea", max_length=1000)


class Told(BaseModel):
    """列入告知"""

    document: str = fact("告知书编号", max_length=80)
    rights: bool = fact("已告知陈述、申辩的权利", default=False)
    way: str = fact("送达方式", max_length=40)
    proof: str = fact("送达证明", max_length=200)


class Spoken(BaseModel):
    """陈述、申辩"""

    story: str = fact("陈述、申辩的内容", widget="textarea", max_length=2000, hint="没有提出的写“没有提出”。")
    checked: str = fact("复核意见", max_length=1000)


class Consented(BaseModel):
    """上级机关意见"""

    body: str = fact("上级机关", max_length=100)
    agreed: bool = fact("同意列入", default=False)
    document: str = fact("文号", max_length=80)


class Listed(BaseModel):
    """列入决定"""

    document: str = fact("决定书编号", max_length=80)
    measures: str = fact("管理措施", widget="textarea", max_length=1000)
    remedies: bool = fact("已写明复议、诉讼的途径和期限", default=False)
    repair: bool = fact("已提示信用修复的条件和程序", default=False)


class Left(BaseModel):
    """移出"""

    document: str = fact("决定书编号", max_length=80)
    why: str = fact("移出的事由", max_length=500)
