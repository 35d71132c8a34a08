"""What is told when an annulled act is handled anew, when those who did it answer for it, and at a call-back."""

from datetime import date

from pydantic import BaseModel

from shiheng.lines.oversight.facts.remedies import CAUSES
from shiheng.procedures.definition import fact

TALKED = ("当面", "电话", "视频")


class Rehandling(BaseModel):
    """责令重新处理"""

    summary: str = fact("重新处理的事项", max_length=200)
    document: str = fact("责令重新处理的文书", max_length=80, hint="复议决定书或者裁判文书的编号。")
    cause: str = fact("被否定的原因", choices=CAUSES, indexed=True)
    unit: str = fact("经办单位", max_length=100, indexed=True)
    until: date = fact("重新处理的期限", hint="文书写明的最后一日；没有写明的，填本局自定的日期并在要求中说明。")
    orders: str = fact("文书的要求", widget="textarea", max_length=2000)


class Handing(BaseModel):
    """交办"""

    to: str = fact("交给谁重新处理", max_length=60)
    plan: str = fact("需要补正的工作", widget="textarea", max_length=1000)


class Until(BaseModel):
    """期限变更"""

    until: date = fact("新的期限")
    document: str = fact("同意延期的文书", max_length=80)
    why: str = fact("理由", max_length=500)


class Redeciding(BaseModel):
    """重新作出处理"""

    result: str = fact(
        "新的处理", choices=("重新作出决定", "变更处理", "不再处理并说明理由", "依法履行职责"), indexed=True
    )
    document: str = fact("新文书编号", max_length=80)
    same: bool = fact("与原行为相同或者基本相同", default=False)
    basis_new: str = fact("新的事实和理由", widget="textarea", max_length=2000)


class Reporting(BaseModel):
    """报告结果"""

    to: str = fact("报告给", max_length=100, hint="复议机关、人民法院、交办单位。")
    way: str = fact("方式", max_length=60)
    proof: str = fact("证明", max_length=200)


class Liability(BaseModel):
    """通报与追究"""

    summary: str = fact("事由", max_length=200)
    document: str = fact("复议、裁判文书", max_length=80)
    cause: str = fact("原因", choices=CAUSES, indexed=True)
    unit: str = fact("经办单位", max_length=100, indexed=True)


class TownNotice(BaseModel):
    """通报镇街"""

    town: str = fact("通报的镇街", max_length=100)
    content: str = fact("通报内容", widget="textarea", max_length=2000)
    asks: str = fact("要求", max_length=500)


class Interview(BaseModel):
    """约谈"""

    person: str = fact("约谈对象", max_length=100, hint="经办单位主要负责人。")
    held_on: date = fact("约谈日期")
    content: str = fact("约谈内容", widget="textarea", max_length=2000)
    promised: str = fact("整改承诺", max_length=1000)


class Inquiry(BaseModel):
    """责任调查"""

    finding: str = fact("查明的责任", widget="textarea", max_length=2000)
    heard: bool = fact("已听取有关人员陈述、申辩", default=False)


class Holding(BaseModel):
    """责任认定"""

    held: str = fact(
        "责任追究",
        choices={
            "none": "不追究", "criticism": "批评教育", "circular": "通报批评", "review": "离岗培训",
            "card": "暂扣执法证件", "discipline": "移送纪检监察机关",
        },
        indexed=True,
    )  # fmt: skip
    why: str = fact("理由", widget="textarea", max_length=1000)


class Mending(BaseModel):
    """整改结果"""

    mended: str = fact("整改情况", widget="textarea", max_length=1000)


class Callback(BaseModel):
    """执法回访"""

    summary: str = fact("回访的案卷", max_length=200)
    unit: str = fact("经办单位", max_length=100, indexed=True)
    handler: str = fact("原承办人", max_length=60, default="")
    chosen: str = fact("怎样选中", choices=("随机抽取", "按比例抽取", "投诉反映", "重大案件"), indexed=True)


class Called(BaseModel):
    """回访"""

    way: str = fact("回访方式", choices=TALKED)
    talked: str = fact("接受回访的人", max_length=60, personal="name")
    manner: str = fact("执法态度和作风", choices=("满意", "基本满意", "不满意"), indexed=True)
    clean: bool = fact("反映有廉洁问题", default=False)
    corrected: str = fact("违法行为改正情况", choices=("已改正", "正在改正", "未改正", "不涉及"), indexed=True)
    opinions: str = fact("意见建议", widget="textarea", max_length=2000, default="")


class Unreached(BaseModel):
    """没有联系上"""

    way: str = fact("联系方式", choices=TALKED)
    why: str = fact("情况", max_length=300)


class Concluding(BaseModel):
    """回访结论"""

    finding: str = fact("回访结论", choices=("没有问题", "需要改进", "线索移交"), indexed=True)
    passed_to: str = fact("移交给", max_length=100, default="", hint="结论是线索移交的必须填写。")
    advice: str = fact("处理意见", max_length=1000, default="")
