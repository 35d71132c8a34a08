"""What is told in letters between bureaus, supervised matters, consultations, joint meetings and proposals."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

SENT, RECEIVED = "sent", "received"


class Assistance(BaseModel):
    """协查函"""

    direction: str = fact("收发", choices={RECEIVED: "收到协查", SENT: "请求协查"}, indexed=True)
    letter: str = fact("函号", max_length=80, default="", hint="收到的函的编号；发出的在制作协查函时取号。")
    region: str = fact("地区", max_length=100, indexed=True, hint="对方所在的省、市。")
    target: str = fact("协查对象", max_length=200)
    summary: str = fact("协查事项", max_length=200)
    asks: str = fact("需要查明、调取什么", widget="textarea", max_length=2000)


class Dispatch(BaseModel):
    """发函"""

    way: str = fact("发送方式", max_length=60)
    sent_on: date | None = fact("对方收到日期", default=None, hint="还不知道的留空。")


class Arrival(BaseModel):
    """对方收到"""

    arrived_on: date = fact("对方收到日期")


class Inquired(BaseModel):
    """协查情况"""

    finding: str = fact("查明的情况", widget="textarea", max_length=2000)
    attached: str = fact("附件", max_length=500, default="")


class Unable(BaseModel):
    """延期或者无法协助"""

    why: str = fact("理由", max_length=500)
    told_by: str = fact("告知方式", max_length=60)


class Reply(BaseModel):
    """复函"""

    letter_out: str = fact("复函编号", max_length=80)
    way: str = fact("发送方式", max_length=60)


class Answer(BaseModel):
    """收到复函"""

    letter_in: str = fact("复函编号", max_length=80)
    finding: str = fact("对方查明的情况", widget="textarea", max_length=2000)
    recognised: bool = fact("认可并采用对方结果", default=False)
    used: str = fact("怎样采用", max_length=500, default="", hint="认可的，写明用在哪个案卷、证明什么。")


class Urging(BaseModel):
    """催办"""

    words: str = fact("催办内容", max_length=500)
    told_by: str = fact("方式", max_length=60)


class Supervised(BaseModel):
    """交办、督办"""

    summary: str = fact("事项", max_length=200)
    source: str = fact(
        "来源", choices=("国家总局交办", "省局交办", "市局交办", "区政府交办", "本局督办", "人大政协监督"), indexed=True
    )
    kind: str = fact("类别", choices={"case": "案件督办", "lead": "线索交办"}, indexed=True)
    document: str = fact("交办文号", max_length=80)
    asks: str = fact("要求", widget="textarea", max_length=2000)
    until: date = fact("报告期限", hint="交办文书写明的最后一日。")


class Assigning(BaseModel):
    """分办"""

    unit: str = fact("承办单位", max_length=100, indexed=True)
    person: str = fact("承办人", max_length=60)


class Extending(BaseModel):
    """延期"""

    until: date = fact("新的期限")
    document: str = fact("同意延期的文书", max_length=80)


class Result(BaseModel):
    """办理情况"""

    finding: str = fact("办理情况", widget="textarea", max_length=3000)
    outcome: str = fact(
        "结果", choices=("已立案", "已处罚", "不予立案", "已移送", "已整改", "未发现问题"), indexed=True
    )


class Returned(BaseModel):
    """退回补办"""

    why: str = fact("退回的理由", max_length=500)


class Submission(BaseModel):
    """上报"""

    document_out: str = fact("报告文号", max_length=80)
    to: str = fact("报给", max_length=100)


class Consultation(BaseModel):
    """提请会商"""

    summary: str = fact("会商事项", max_length=200)
    kind: str = fact("类别", choices=("定性疑难", "管辖争议", "证据标准", "跨部门协同", "行刑衔接"), indexed=True)
    question: str = fact("争议和问题", widget="textarea", max_length=3000)
    bodies: str = fact("请哪些单位参加", max_length=300, hint="用顿号分开。")


class Convening(BaseModel):
    """召集"""

    held_on: date = fact("会商日期")
    place: str = fact("地点", max_length=100)
    host: str = fact("主持人", max_length=60)


class Minutes(BaseModel):
    """纪要"""

    present: str = fact("参加单位和人员", widget="textarea", max_length=1000)
    count: int = fact("参加单位数", ge=1, width="short")
    opinions: str = fact("各方意见", widget="textarea", max_length=4000)
    conclusion: str = fact("会商结论", widget="textarea", max_length=2000)
    dissent: str = fact("保留意见", max_length=1000, default="")
    agreed: bool = fact("形成一致意见", default=False)


class Adopting(BaseModel):
    """采用"""

    use: str = fact("在案卷中怎样采用", widget="textarea", max_length=1000)


class Signature(BaseModel):
    """签发"""

    view: str = fact("签发意见", max_length=500)


class Meeting(BaseModel):
    """联席会议"""

    summary: str = fact("会议名称", max_length=200)
    series: str = fact(
        "哪个联席会议", choices=("消费者权益保护", "放心消费创建", "反不正当竞争", "食品安全", "其他"), indexed=True
    )
    lead: str = fact("召集单位", max_length=100)


class Agenda(BaseModel):
    """议题"""

    items: str = fact("议题", widget="textarea", max_length=3000)
    held_on: date = fact("会议日期")
    place: str = fact("地点", max_length=100)


class Followup(BaseModel):
    """议定事项"""

    name: str = fact("责任单位", max_length=300)
    task: str = fact("议定事项", max_length=500)
    until: date = fact("完成期限")


class FollowedUp(BaseModel):
    """完成情况"""

    done: str = fact("完成情况", widget="textarea", max_length=1000)


class Proposal(BaseModel):
    """建议、提案"""

    summary: str = fact("标题", max_length=200)
    kind: str = fact("类别", choices={"deputy": "人大代表建议", "member": "政协提案"}, indexed=True)
    document: str = fact("编号", max_length=80)
    part: str = fact("办理方式", choices=("主办", "会办", "分别办理"), indexed=True)
    content: str = fact("内容", widget="textarea", max_length=4000)
    until: date | None = fact(
        "交办通知写明的答复期限", default=None, hint="写明的以它为准；没有写明的按本局选定的三个月。"
    )


class Talking(BaseModel):
    """沟通"""

    talked_on: date = fact("沟通日期")
    way: str = fact("方式", choices=("走访", "座谈", "电话", "邀请调研"))
    views: str = fact("提案人意见", widget="textarea", max_length=1000)


class Drafting(BaseModel):
    """拟稿"""

    answer: str = fact("答复内容", widget="textarea", max_length=4000)
    grade: str = fact(
        "答复类别", choices={"A": "已经解决或者采纳", "B": "列入计划逐步解决", "C": "留作参考"}, indexed=True
    )


class Answered(BaseModel):
    """答复"""

    document_out: str = fact("答复文号", max_length=80)
    publish: bool = fact("同意公开", default=False)


class Feedback(BaseModel):
    """反馈"""

    content_with: str = fact("提案人评价", choices=("满意", "基本满意", "不满意"), indexed=True)
    words: str = fact("意见", max_length=500, default="")
