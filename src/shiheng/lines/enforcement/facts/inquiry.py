"""From the clue to the end of the inquiry."""

from datetime import date

from pydantic import BaseModel

from shiheng.lines.enforcement.facts import EVIDENCE
from shiheng.procedures.definition import fact

SOURCES = {
    "check": "监督检查",
    "complaint": "投诉",
    "report": "举报",
    "transfer": "其他部门移送",
    "assigned": "上级交办",
    "discovered": "其他途径发现",
}
TOPICS = (
    "食品安全",
    "药品和医疗器械",
    "特种设备",
    "产品质量",
    "计量标准认证",
    "登记注册",
    "广告",
    "价格",
    "不正当竞争",
    "商标专利",
    "网络交易",
    "消费者权益",
    "传销",
    "涉黑涉恶线索",
    "其他",
)
REASONS_NOT = {
    "slight": "违法行为轻微并及时改正，没有造成危害后果",
    "first": "初次违法且危害后果轻微并及时改正",
    "no_fault": "当事人有证据足以证明没有主观过错",
    "nothing": "没有违法事实",
    "barred": "超过追责时效",
    "other": "其他依法可以不予立案的情形",
}
WAITS = {
    "judgment": "以人民法院或者其他机关的决定为依据，尚未作出",
    "meaning": "法律适用问题需要有权机关解释或者确认",
    "force": "不可抗力",
    "missing": "当事人下落不明",
    "other": "其他应当中止调查的情形",
}


class Clue(BaseModel):
    """案件来源登记"""

    summary: str = fact("线索摘要", max_length=120, hint="谁、在哪里、做了什么。")
    source: str = fact("案件来源", choices=SOURCES, indexed=True)
    topic: str = fact("违法行为类别", choices=TOPICS, indexed=True)
    violation: str = fact("涉嫌违法行为", taken_from="violations", widget="select")
    found_on: date = fact("发现日期")
    acted_on: date | None = fact("违法行为终了日期", default=None)
    place: str = fact("违法行为发生地", max_length=200)
    story: str = fact("线索内容", widget="textarea", max_length=4000)
    mode: str = fact(
        "办案方式",
        choices={"own": "本局办理", "entrusted": "受委托执法", "joint": "联合执法", "street": "镇街执法"},
        default="own",
    )
    foreign: bool = fact("涉外商标", default=False)
    outer_number: str = fact("来文编号", max_length=60, default="")


class Verifying(BaseModel):
    """核查"""

    plan: str = fact("核查安排", max_length=500)


class Longer(BaseModel):
    """延长期限"""

    why: str = fact("延长的理由", widget="textarea", max_length=500)


class LongerTo(BaseModel):
    """集体讨论决定继续延长"""

    until: date = fact("延长至")
    session: str = fact("集体讨论记录编号", max_length=60)
    why: str = fact("延长的理由", widget="textarea", max_length=500)


class Filing(BaseModel):
    """立案审批"""

    evidence: bool = fact("有证据初步证明违反法律、法规、规章", default=False)
    due: bool = fact("依据法律、法规、规章应当给予行政处罚", default=False)
    ours: bool = fact("属于本部门管辖", default=False)
    not_barred: bool = fact("在应当给予行政处罚的法定期限内", default=False)
    handlers: str = fact("指定的办案人员", max_length=100, hint="至少两名具有行政执法资格的人员。")
    opinion: str = fact("审批意见", widget="textarea", max_length=500, default="")


class NotFiling(BaseModel):
    """不予立案"""

    ground: str = fact("不予立案的理由", choices=REASONS_NOT)
    finding: str = fact("核查情况", widget="textarea", max_length=2000)
    leniency: str = fact("减免责清单事项", taken_from="leniency", widget="select", default="")


class Elsewhere(BaseModel):
    """移送有管辖权的机关"""

    body: str = fact("移送给", max_length=100)
    letter: str = fact("案件移送函编号", max_length=60)
    receipt: str = fact("签收回执", max_length=100, default="")


class NewParty(BaseModel):
    """追加当事人"""

    name: str = fact("当事人名称", max_length=200)
    subject: str = fact("主体", widget="code", default="", hint="统一社会信用代码或者主体编号；自然人留空。")
    person: bool = fact("是自然人（处罚到人）", default=False)
    id: str = fact("证件号码", personal="id", max_length=30, default="")
    phone: str = fact("联系电话", personal="phone", max_length=30, default="")
    address: str = fact("通讯地址", personal="address", max_length=200, default="")
    part: str = fact("与本案的关系", max_length=200, hint="例如法定代表人、直接负责的主管人员、共同违法人。")


class Inspecting(BaseModel):
    """现场检查、勘验"""

    place: str = fact("地点", max_length=200)
    finding: str = fact("检查情况", widget="textarea", max_length=4000)
    cards: bool = fact("已出示执法证件", default=False)
    filmed: bool = fact("已全程音像记录", default=False)
    signed: str = fact("当事人签字", choices=("已签字", "拒绝签字，已注明", "当事人不在场，有见证人"))
    elements: list[str] = fact("证明的构成要件", taken_from="elements", default=[])


class Questioning(BaseModel):
    """询问"""

    person: str = fact("被询问人", max_length=60)
    told_rights: bool = fact("已告知陈述、申辩和申请回避的权利", default=False)
    cards: bool = fact("已出示执法证件", default=False)
    filmed: bool = fact("已全程音像记录", default=False)
    answers: str = fact("询问记录", widget="textarea", max_length=8000)
    elements: list[str] = fact("证明的构成要件", taken_from="elements", default=[])


class Gathering(BaseModel):
    """提取证据"""

    kind: str = fact("证据种类", choices=EVIDENCE)
    title: str = fact("证据名称", max_length=120)
    source: str = fact("来源和取得方式", max_length=300, hint="提供人、存放处、复制方法、制作人和时间。")
    original: bool = fact("是原件、原物、原始载体", default=False)
    proves: str = fact("证明内容", max_length=500)
    elements: list[str] = fact("证明的构成要件", taken_from="elements", default=[])


class Sampling(BaseModel):
    """抽样取证"""

    thing: str = fact("样品", max_length=120)
    count: int = fact("数量", ge=1)
    batch: str = fact("批次", max_length=60, default="")
    attended: bool = fact("当事人到场", default=False)
    filmed: bool = fact("已全程音像记录", default=False)
    sealed: bool = fact("已加封并开具清单", default=False)


class Testing(BaseModel):
    """送检测、检验、检疫、鉴定"""

    laboratory: str = fact("机构", max_length=100)
    document: str = fact("委托书编号", max_length=60)
    told: bool = fact("已书面告知当事人所需期间", default=False)


class Tested(BaseModel):
    """检测、检验、检疫、鉴定结束"""

    result: str = fact("结论", widget="textarea", max_length=1000)
    told: bool = fact("结果已告知当事人", default=False)
    elements: list[str] = fact("证明的构成要件", taken_from="elements", default=[])


class Suspending(BaseModel):
    """中止调查"""

    ground: str = fact("中止的情形", choices=WAITS)
    document: str = fact("有关事项审批表编号", max_length=60)


class Resuming(BaseModel):
    """恢复调查"""

    why: str = fact("中止原因已经消除", max_length=300)


class Terminating(BaseModel):
    """终止调查"""

    ground: str = fact(
        "终止的情形",
        choices={
            "dead": "公民死亡",
            "gone": "法人或者其他组织终止，没有权利义务承受人",
            "other": "其他应当终止调查的情形",
        },
    )
    why: str = fact("说明", widget="textarea", max_length=500)


class PoliceReport(BaseModel):
    """提出移送涉嫌犯罪案件的书面报告"""

    crime: str = fact("涉嫌罪名", max_length=100)
    story: str = fact("涉嫌犯罪的事实", widget="textarea", max_length=2000)


class ToPolice(BaseModel):
    """批准移送公安机关"""

    body: str = fact("接收的公安机关", max_length=100)
    letter: str = fact("涉嫌犯罪案件移送书编号", max_length=60)
    at: str = fact("批准的时刻", max_length=16, hint="写成 2026-05-06 15:30 的样子；自此二十四小时内移送。",
                   pattern=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$")  # fmt: skip


class NotPolice(BaseModel):
    """不批准移送"""

    why: str = fact("不批准的理由", widget="textarea", max_length=1000)


class PoliceReceipt(BaseModel):
    """公安机关签收"""

    receipt: str = fact("回执编号", max_length=60)
    package: list[str] = fact(
        "移送的材料",
        choices=("移送书", "调查报告", "涉案物品清单", "检验报告或者鉴定意见", "其他材料"),
        min_length=1,
    )


class PoliceFiled(BaseModel):
    """公安机关立案"""

    number: str = fact("公安机关立案编号", max_length=60)
    handed: str = fact("移交的物品和材料", widget="textarea", max_length=1000)


class PoliceRefused(BaseModel):
    """公安机关不予立案"""

    why: str = fact("不予立案的理由", widget="textarea", max_length=1000)
    objection: bool = fact("提请复议或者建议检察机关监督", default=False)


class Seeking(BaseModel):
    """疑难案件会商"""

    with_: str = fact("会商单位", max_length=100)
    minutes: str = fact("会商纪要", widget="textarea", max_length=2000)
    number: str = fact("纪要编号", max_length=60, default="")
