"""What is told at each step of a complaint and of a report."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

CHANNELS = {
    "platform": "全国12315平台",
    "hotline": "12315热线",
    "order": "12345工单",
    "post": "来信",
    "counter": "来访",
    "web": "网上提交",
    "council": "消费者组织转来",
    "region": "合作地区转来",
}
CLASSES = (
    "质量",
    "食品安全",
    "售后服务",
    "合同",
    "价格",
    "广告",
    "虚假宣传",
    "计量",
    "商标",
    "假冒",
    "安全",
    "人格尊严",
    "个人信息",
    "预付式消费",
    "七日无理由退货",
    "其他",
)
"""Working classes of issues; the national platform's own tree was not read."""
CLAIMS = ("修理", "重作", "更换", "退货", "补足数量", "退款", "赔偿损失", "其他")
REFUSALS = {
    "NA1": "不属于市场监管职责，或者本机关没有处理权限",
    "NA2": "法院、仲裁、行政机关或者消费者协会已经受理或者处理过同一争议",
    "NA3": "不是为生活消费需要，或者不能证明存在消费者权益争议",
    "NA4": "知道或者应当知道权益受侵害之日起超过三年",
    "NA5": "没有提供规定的材料，或者材料虚假",
    "NA6": "冒用他人名义，或者拒不配合核验身份",
    "NA7": "法律、法规、规章规定不予受理的其他情形",
}
ENDINGS = {
    "T1": "投诉人撤回，或者双方自行和解",
    "T2": "一方无正当理由不参加调解，或者明确拒绝调解",
    "T3": "一方明确表示无法达成调解协议",
    "T4": "对鉴定、检测费用无法协商一致",
    "T5": "调解期限届满没有达成协议",
    "T6": "受理后发现不应当受理的情形",
    "T7": "一方死亡或者主体资格灭失",
    "T8": "法律、法规、规章规定的其他情形",
}
WAYS = {
    "site": "现场调解",
    "remote": "非现场调解（电话、视频、互联网）",
    "odr": "在线消费纠纷解决企业",
    "council": "委托消费者协会",
    "joint": "诉前联合调解",
}
TOLD_BY = ("短信", "电话", "邮寄", "当面", "全国12315平台", "电子邮件")


class Complaint(BaseModel):
    """投诉登记"""

    summary: str = fact("投诉事项", max_length=120, hint="一句话：买了什么，发生了什么。")
    channel: str = fact("接收渠道", choices=CHANNELS, indexed=True)
    outer_number: str = fact("来源编号", max_length=60, default="", hint="平台单号、工单号；没有的留空。")
    kind: str = fact("问题类别", choices=CLASSES, indexed=True)
    story: str = fact("事实经过", widget="textarea", max_length=4000, hint="时间、地点、购买的商品或者服务、争议。")
    claims: list[str] = fact("投诉请求", choices=CLAIMS, min_length=1)
    amount: int = fact("争议金额", widget="money", ge=0, default=0)
    bought_on: date | None = fact("消费日期", default=None)
    publish: bool = fact("同意公示", default=False)
    entrust: bool = fact("同意委托调解", default=False)


class AskProof(BaseModel):
    """限期提供身份证明"""

    until: date = fact("提供期限")
    items: str = fact("需要的材料", max_length=300)


class Proof(BaseModel):
    """收到身份证明"""

    items: str = fact("收到的材料", max_length=300)


class Returning(BaseModel):
    """退回接收机构"""

    why: str = fact("没有处理权限的理由", widget="textarea", max_length=1000)


class Accepting(BaseModel):
    """受理"""

    told_by: str = fact("告知方式", choices=TOLD_BY)


class Refusing(BaseModel):
    """不予受理"""

    ground: str = fact("不予受理的情形", choices=REFUSALS)
    why: str = fact("具体理由", widget="textarea", max_length=1000)
    remedies: bool = fact("已告知其他解决途径", default=False, hint="和解、请求消费者组织调解、仲裁、诉讼。")
    told_by: str = fact("告知方式", choices=TOLD_BY)


class Mediating(BaseModel):
    """组织调解"""

    way: str = fact("调解方式", choices=WAYS)
    complainant_agrees: bool = fact("投诉人同意调解", default=False)
    trader_agrees: bool = fact("被投诉人同意调解", default=False)
    mediator: str = fact("调解人员", max_length=60)
    at_place: str = fact("时间和地点", max_length=200, default="", hint="现场调解必须提前告知时间、地点、调解人员。")


class Appraising(BaseModel):
    """送鉴定、检测"""

    laboratory: str = fact("鉴定、检测机构", max_length=100)
    chosen: str = fact("怎样确定", choices=("双方协商", "市场监管部门指定"))
    document: str = fact("委托书编号", max_length=60)


class Appraised(BaseModel):
    """鉴定、检测结束"""

    result: str = fact("结论", max_length=500)


class Recusal(BaseModel):
    """申请回避"""

    who: str = fact("申请谁回避", max_length=60)
    why: str = fact("理由", max_length=500)


class RecusalDecided(BaseModel):
    """决定是否回避"""

    granted: bool = fact("准予回避", default=False)
    mediator: str = fact("此后的调解人员", max_length=60)


class Settling(BaseModel):
    """达成调解"""

    agreement: str = fact("协议内容", widget="textarea", max_length=2000)
    recovered: int = fact("挽回损失", widget="money", ge=0, default=0)
    paper: str = fact(
        "调解书", choices={"signed": "双方已签字", "at_once": "已即时履行，不制作", "waived": "双方同意不制作"}
    )


class Terminating(BaseModel):
    """终止调解"""

    ground: str = fact("终止的情形", choices=ENDINGS)
    why: str = fact("说明", widget="textarea", max_length=1000, default="")


class Telling(BaseModel):
    """告知双方"""

    told_by: str = fact("告知方式", choices=TOLD_BY)
    proof: str = fact("送达证明", max_length=200, hint="短信回执号、邮件单号、签收人。")


class Withdrawing(BaseModel):
    """受理前撤回"""

    why: str = fact("撤回的说明", max_length=500)


class Report(BaseModel):
    """举报登记"""

    summary: str = fact("举报事项", max_length=120)
    channel: str = fact("接收渠道", choices=CHANNELS, indexed=True)
    outer_number: str = fact("来源编号", max_length=60, default="")
    kind: str = fact("问题类别", choices=CLASSES, indexed=True)
    leads: str = fact("违法线索和事实", widget="textarea", max_length=4000)
    anonymous: bool = fact("匿名举报", default=False)


class NoPower(BaseModel):
    """告知有权机关"""

    body: str = fact("有处理权限的机关", max_length=100)
    told_by: str = fact("告知方式", choices=(*TOLD_BY, "匿名，无法告知"))


class Verifying(BaseModel):
    """核查"""

    plan: str = fact("核查安排", max_length=500)


class Longer(BaseModel):
    """延长核查"""

    why: str = fact("特殊情况", max_length=500)
    approver: str = fact("批准人", max_length=60)


class Testing(BaseModel):
    """检测、鉴定"""

    laboratory: str = fact("机构", max_length=100)
    document: str = fact("委托书编号", max_length=60)


class Found(BaseModel):
    """核查结论"""

    finding: str = fact("查明的情况", widget="textarea", max_length=2000)


class NotFiled(BaseModel):
    """不予立案"""

    finding: str = fact("查明的情况", widget="textarea", max_length=2000)
    ground: str = fact(
        "不予立案的理由",
        choices=(
            "违法行为轻微并及时改正，没有造成危害后果",
            "初次违法且危害后果轻微并及时改正",
            "当事人有证据证明没有主观过错",
            "没有违法事实",
            "其他",
        ),
    )


class Repeated(BaseModel):
    """重复举报"""

    earlier: str = fact("已经处理的举报编号", max_length=80)


class Enquiry(BaseModel):
    """咨询登记"""

    summary: str = fact("咨询事项", max_length=120)
    channel: str = fact("接收渠道", choices=CHANNELS, indexed=True)
    question: str = fact("问题", widget="textarea", max_length=2000)


class Answer(BaseModel):
    """答复咨询"""

    answer: str = fact("答复内容", widget="textarea", max_length=2000)
    told_by: str = fact("告知方式", choices=TOLD_BY)
