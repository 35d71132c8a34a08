"""What is told of leads handed over and received, and of work on one lead together with the police."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

SENT, RECEIVED = "sent", "received"
BODIES = {
    "police": "公安机关",
    "procuratorate": "检察机关",
    "court": "人民法院",
    "department": "其他行政机关",
    "bureau": "其他地区市场监管部门",
    "unit": "本局其他单位",
}
OUTCOMES = {
    "filed": "已立案",
    "not_filed": "不予立案",
    "punished": "已处罚",
    "sentenced": "已判决",
    "rectified": "已整改",
    "nothing": "未发现问题",
    "merged": "并入其他案件",
}


class Lead(BaseModel):
    """移交线索"""

    direction: str = fact("移出还是收到", choices={SENT: "移出", RECEIVED: "收到"}, indexed=True)
    body_kind: str = fact("对方", choices=BODIES, indexed=True)
    summary: str = fact("线索摘要", max_length=200)
    story: str = fact("线索内容", widget="textarea", max_length=4000)
    letter: str = fact("移送函号", max_length=80, default="", hint="收到的填对方的函号；移出的在移交时填写。")
    until: date | None = fact(
        "对方要求反馈的日期", default=None, hint="收到的线索填写；没有写明的留空，按本局选定的三十日。"
    )


class Handing(BaseModel):
    """移交"""

    letter: str = fact("移送函号", max_length=80)
    way: str = fact("移交方式", max_length=60, hint="专人、邮寄、政务系统。")
    until: date = fact("请对方反馈的日期")


class Signed(BaseModel):
    """对方签收"""

    signed_on: date = fact("签收日期")
    receipt: str = fact("签收回执", max_length=100)


class Progress(BaseModel):
    """阶段反馈"""

    progress: str = fact("进展", widget="textarea", max_length=1000)
    until: date = fact("下次反馈的日期")


class Urging(BaseModel):
    """催办"""

    words: str = fact("催办内容", max_length=500)
    told_by: str = fact("方式", max_length=60)


class Outcome(BaseModel):
    """办理结果"""

    outcome: str = fact("结果", choices=OUTCOMES, indexed=True)
    document: str = fact("反馈文号", max_length=80, default="")
    finding: str = fact("办理情况", widget="textarea", max_length=2000)


class SentBack(BaseModel):
    """退回"""

    why: str = fact("退回的理由", max_length=500)
    document: str = fact("退回文号", max_length=80, default="")


class Joint(BaseModel):
    """行刑并联办理"""

    summary: str = fact("线索名称", max_length=200)
    ground: str = fact(
        "并联办理的理由",
        choices=("货值或者违法经营额达到移送标准", "跨区域、有组织", "上级督办", "群众反映强烈", "涉及食品药品安全"),
        indexed=True,
    )
    value: int = fact("估计货值", widget="money", ge=0, default=0)
    police: str = fact("公安机关", max_length=100)
    lead_officer: str = fact("本局牵头人", max_length=60)


class Agreeing(BaseModel):
    """公安机关同意并联办理"""

    document: str = fact("往来文书编号", max_length=80)
    police_officer: str = fact("公安机关牵头人", max_length=60)


class Declining(BaseModel):
    """不并联办理"""

    why: str = fact("理由", max_length=500)


class Member(BaseModel):
    """专班成员"""

    name: str = fact("姓名", max_length=60)
    side: str = fact("单位", choices={"ours": "市场监管", "police": "公安机关", "other": "其他单位"})
    part: str = fact("分工", max_length=200)


class Leaving(BaseModel):
    """成员退出"""

    why: str = fact("原因", max_length=200)


class Meeting(BaseModel):
    """共同研判"""

    held_on: date = fact("会议日期")
    present: list[str] = fact("参加人员", min_length=2, hint="每人一行，写明单位。")
    opinions: str = fact("研判意见", widget="textarea", max_length=4000)
    decisions: str = fact("议定事项", widget="textarea", max_length=2000)


class Task(BaseModel):
    """分工任务"""

    name: str = fact("任务", max_length=200)
    who: str = fact("负责人和单位", max_length=100)
    until: date = fact("完成期限")


class TaskDone(BaseModel):
    """任务完成"""

    done: str = fact("完成情况", max_length=1000)


class Sharing(BaseModel):
    """共享证据清单"""

    list_number: str = fact("清单编号", max_length=80)
    items: list[str] = fact("共享的证据", min_length=1, hint="每件一行：谁取得的、证据名称、编号。")
    given_to: str = fact("提供给", choices={"police": "公安机关", "ours": "市场监管"})
    use: str = fact("用途", max_length=200)


class Operation(BaseModel):
    """联合行动"""

    acted_on: date = fact("行动日期")
    places: str = fact("地点", max_length=300)
    people: int = fact("出动人数", ge=1, default=2)
    seized: str = fact("查获的物品和数量", max_length=500, default="")
    value: int = fact("查获货值", widget="money", ge=0, default=0)


class Result(BaseModel):
    """办理结果"""

    criminal: str = fact(
        "刑事处理",
        choices={
            "filed": "公安机关已立案",
            "detained": "已采取强制措施",
            "sentenced": "已判决",
            "none": "不作刑事处理",
        },
        indexed=True,
    )
    people: int = fact("采取强制措施人数", ge=0, default=0)
    administrative: str = fact(
        "行政处理",
        choices={"punished": "已行政处罚", "transferred": "案件已整体移送", "none": "不作行政处理"},
        indexed=True,
    )
    finding: str = fact("结果说明", widget="textarea", max_length=2000)
