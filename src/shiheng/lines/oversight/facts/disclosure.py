"""What is told in a request for government information, from its receipt to the answer.

How answers and those who ask are divided follows the table of the yearly report, written down from memory.
"""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

CHANNELS = {"web": "网上提交", "counter": "当面提交", "post": "信函", "fax": "传真"}
APPLICANTS = {
    "person": "自然人",
    "company": "商业企业",
    "research": "科研机构",
    "charity": "社会公益组织",
    "lawyers": "法律服务机构",
    "other": "其他组织",
}
MEDIA = ("电子件", "纸面复制件", "当面查阅")
OPEN, PUBLIC, PARTLY, REFUSED, ABSENT, ELSEWHERE = "open", "public", "partly", "refused", "absent", "elsewhere"
REPLIES = {
    OPEN: "予以公开（第三十六条第二项）",
    PUBLIC: "已主动公开，告知获取途径（第三十六条第一项）",
    PARTLY: "部分公开（第三十七条）",
    REFUSED: "不予公开（第三十六条第三项）",
    ABSENT: "本机关不掌握，信息不存在（第三十六条第四项）",
    ELSEWHERE: "不属于本机关负责公开（第三十六条第五项）",
    "again": "重复申请，不予重复处理（第三十六条第六项）",
    "special": "登记资料等另有查询规定，告知依规定办理（第三十六条第七项）",
    "excessive": "申请明显过多且理由不合理，不予处理（第三十五条）",
    "process": "须加工、分析，不予提供（第三十八条）",
    "complaint": "信访、投诉、举报等活动，不作为申请处理（第三十九条）",
}
"""Kinds of answers, each with its article."""
GROUNDS = {
    "state_secret": "国家秘密，或者法律、行政法规禁止公开（第十四条）",
    "safety": "公开后可能危及国家安全、公共安全、经济安全、社会稳定（第十四条）",
    "third": "涉及商业秘密、个人隐私，公开会损害第三方合法权益（第十五条）",
    "internal": "内部事务信息（第十六条）",
    "process": "过程性信息（第十六条）",
    "case_file": "行政执法案卷信息（第十六条）",
}
TOLD_BY = ("邮寄", "当面", "电子邮件", "网上")
AGREES, OBJECTS, SILENT = "agrees", "objects", "silent"


class Disclosure(BaseModel):
    """政府信息公开申请"""

    summary: str = fact("申请公开的信息", max_length=120, hint="一句话：要哪一项信息。")
    wanted: str = fact("信息的名称、文号或者其他特征", widget="textarea", max_length=2000,
                       hint="便于查找的描述：名称、文号、时间、涉及的单位。")  # fmt: skip
    medium: str = fact("希望的形式", choices=MEDIA)
    applicant_kind: str = fact("申请人类别", choices=APPLICANTS, indexed=True)
    channel: str = fact("收到方式", choices=CHANNELS, indexed=True)


class AskMend(BaseModel):
    """要求补正"""

    items: str = fact("需要补正的事项", widget="textarea", max_length=1000, hint="一次写全。")
    until: date = fact("补正期限")


class Mended(BaseModel):
    """收到补正"""

    items: str = fact("补正的内容", widget="textarea", max_length=1000)


class Asking(BaseModel):
    """征求意见"""

    asked: str = fact("征求谁的意见", max_length=200)
    about: str = fact("征求意见的信息", max_length=500)


class ThirdAnswer(BaseModel):
    """第三方的意见"""

    opinion: str = fact("意见", choices={AGREES: "同意公开", OBJECTS: "不同意公开", SILENT: "逾期没有答复"})
    said: str = fact("意见和理由", max_length=1000, default="")


class JointAnswer(BaseModel):
    """共同制作机关的意见"""

    joint: str = fact("意见", choices={AGREES: "同意公开", OBJECTS: "不同意公开", SILENT: "逾期没有答复，视为同意"})
    said: str = fact("意见和理由", max_length=1000, default="")


class AskReasons(BaseModel):
    """要求说明理由"""

    counted: str = fact("申请的数量、频次", max_length=300)
    told_by: str = fact("告知方式", choices=TOLD_BY)


class Delay(BaseModel):
    """确定延迟答复的期限"""

    reasons: str = fact("申请人说明的理由", max_length=1000)
    until: date = fact("答复期限")
    told_by: str = fact("告知方式", choices=TOLD_BY)


class Extend(BaseModel):
    """延长答复期限"""

    cause: str = fact("延长的原因", max_length=500)
    told_by: str = fact("告知方式", choices=TOLD_BY)


class Draft(BaseModel):
    """拟制答复"""

    searched: str = fact("检索情况", max_length=1000, hint="查了哪些档案、系统，用什么词。")
    reply_kind: str = fact("答复的种类", choices=REPLIES, indexed=True)
    reply_ground: str = fact("不予公开的情形", choices=GROUNDS, default="")
    reply_words: str = fact("答复内容和理由", widget="textarea", max_length=4000)
    reply_body: str = fact("负责公开的机关", max_length=200, default="", hint="名称和联系方式。")
    interest: str = fact("不公开会对公共利益造成的重大影响", max_length=1000, default="")


class Sent(BaseModel):
    """答复申请人"""

    document_out: str = fact("答复书文号", max_length=80)
    told_by: str = fact("答复方式", choices=TOLD_BY)


class Sign(BaseModel):
    """签发"""

    remark: str = fact("意见", max_length=500, default="")


class Back(BaseModel):
    """退回重拟"""

    remark: str = fact("需要修改什么", max_length=500)


class Withdrawing(BaseModel):
    """撤回申请"""

    why: str = fact("撤回的理由", max_length=500, default="")


class Abandoned(BaseModel):
    """视为放弃"""

    remark: str = fact("说明", max_length=300, default="")
