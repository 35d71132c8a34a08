"""What the legal section and those who oversee the work of the invented bureau have on their desk by today.

A matter names the earlier file it is about (the so-and-so-manieth that ended in a state) or stands by itself; its steps
were taken so many days after, and what would lie in the future is not done yet. Days in facts are written ``+12``:
twelve days after the step.
"""

from typing import Any, NamedTuple

FA, CHIEF, DEPUTY, HEAD, CLERK, INSPECTOR = "fa", "zhang", "fu", "ju", "chuang", "jian"


class Act(NamedTuple):
    """A step so many days after receipt, by whom; ``other`` was there too; ``party`` it is taken for."""

    after: int
    step: str
    facts: dict[str, Any]
    by: str = FA
    other: str = ""
    party: int | None = None


class About(NamedTuple):
    """The earlier file: of which procedure, in which state, which of them; or a matter of this plan by its name."""

    code: str = ""
    state: str = ""
    nth: int = 0
    matter: str = ""


class Matter(NamedTuple):
    """One matter: its name here, what it is, when it came, what it says, who stands in it, and what was done."""

    name: str
    code: str
    ago: int
    facts: dict[str, Any]
    acts: tuple[Act, ...] = ()
    about: About | None = None
    party: tuple[str, str] = ("", "")
    by: str = FA


GOVERNMENT, COURT, SECOND = "云泽市临江区人民政府", "云泽市临江区人民法院", "云泽市中级人民法院"
REPORTS, COMPLAINTS = "投诉举报中心", "江口监管所"
ANSWER = {"opinion": "本局已在法定期限内核查，查明的情况与申请人所述不符，处理并无不当。", "evidence": True,
          "grounds": "市场监督管理行政处罚程序规定第十八条、第二十条。"}  # fmt: skip
SIGNED, SENT = {"view": "同意，按期提交。"}, {"way": "直接送交", "proof": "复议机构签收回执"}
UPHELD = {"outcome": "upheld", "document": "临府复〔2026〕{n}号", "cause": "none"}
REVOKED = {
    "outcome": "revoked", "document": "临府复〔2026〕{n}号", "cause": "facts", "redo": True, "redo_until": "+45",
    "reasons": "核查笔录没有记明询问的对象，主要事实不清，责令重新处理。",
}  # fmt: skip
FORMAL = {**REVOKED, "cause": "procedure", "reasons": "没有组织调解就终止，违反法定程序，责令重新处理。"}
HEARING = {
    "form": "hearing",
    "held_on": "+0",
    "place": "区政府行政复议庭",
    "appeared": "傅衍（分管负责人）、法衡",
    "head": True,
}


def _review(summary: str, act: str, number: int, unit: str = REPORTS, kind: str = "ordinary") -> dict[str, Any]:
    return {"summary": summary, "body": GOVERNMENT, "case_number": f"临府行复〔2026〕{number}号", "kind": kind,
            "act": act,
            "unit": unit, "request": "撤销原处理，责令重新处理。", "accepted_on": "-3"}  # fmt: skip


def _suit(summary: str, act: str, number: int, unit: str = REPORTS) -> dict[str, Any]:
    return {"summary": summary, "court": COURT, "case_number": f"（2026）云0101行初{number}号", "act": act,
            "unit": unit,
            "claims": "撤销被告的处理，判令重新处理；诉讼费由被告承担。", "reconsidered": number % 2 == 0}  # fmt: skip


def _answered(by: str = CHIEF, days: int = 6) -> tuple[Act, ...]:
    return (Act(3, "draft", ANSWER), Act(days, "sign", SIGNED, by), Act(days + 1, "submit", SENT))


NOT_FILED, FILED = "complaints.report", "enforcement.case"
APPEARED = {"held_on": "+0", "head": "deputy", "appeared": "傅衍（分管负责人）、法衡、律师一名"}


def matters() -> list[Matter]:
    """Every matter, earlier ones first where another is about them."""
    return [*_reviews(), *_suits(), *_consequences(), *_together(), *_halfway()]


def _reviews() -> list[Matter]:
    person = ("applicant", "孙立")
    return [
        Matter("upheld", "oversight.reconsideration", 150, _review("不予立案决定", "举报处理", 11),
               (*_answered(DEPUTY), Act(12, "hear", HEARING), Act(20, "decide", UPHELD),
                Act(22, "comply", {"how": "决定维持，无需履行，归档。"})),
               About(NOT_FILED, "not_filed", 0), person),
        Matter("revoked", "oversight.reconsideration", 120, _review("对举报不予立案", "举报处理", 19),
               (*_answered(DEPUTY), Act(24, "decide", REVOKED)),
               About(NOT_FILED, "not_filed", 1), ("applicant", "赵海燕")),
        Matter("formal", "oversight.reconsideration", 110, _review("终止调解", "投诉处理", 23, COMPLAINTS,
                                                                   "summary"),
               (Act(1, "draft", ANSWER), Act(9, "sign", SIGNED, HEAD), Act(10, "submit", SENT),
                Act(28, "decide", FORMAL)),
               About("complaints.complaint", "closed", 0), ("applicant", "陈桂香")),
        Matter("hearing", "oversight.reconsideration", 31, _review("不予立案决定", "举报处理", 41),
               (*_answered(HEAD), Act(20, "hear", HEARING)), About(NOT_FILED, "not_filed", 2), person),
        Matter("signing", "oversight.reconsideration", 9, _review("不予受理投诉", "投诉处理", 47),
               (Act(4, "draft", ANSWER),), About("complaints.complaint", "refused", 0), ("applicant", "周玉梅")),
        Matter("fresh", "oversight.reconsideration", 2, _review("行政处罚决定", "行政处罚", 52, "执法稽查科"),
               (), About(FILED, "", 0), ("applicant", "吴刚")),
        Matter("late", "oversight.reconsideration", 24, _review("信息公开答复", "信息公开", 44, "办公室", "summary"),
               (Act(2, "draft", ANSWER),), None, ("applicant", "郑文")),
        Matter("withdrawn", "oversight.reconsideration", 75, _review("终止调解", "投诉处理", 33, COMPLAINTS),
               (*_answered(HEAD), Act(21, "withdraw", {"document": "临府复终〔2026〕6号", "why": "双方和解。"})),
               About("complaints.complaint", "closed", 1), person),
    ]  # fmt: skip


def _suits() -> list[Matter]:
    plaintiff = ("plaintiff", "孙立")
    lost = {"form": "judgment", "outcome": "revoked", "document": "（2026）云0101行初{n}号", "served_on": "+0",
            "cause": "procedure", "redo": True, "redo_until": "+60",
            "reasons": "作出决定前没有听取陈述、申辩。"}  # fmt: skip
    won = {"form": "judgment", "outcome": "rejected", "document": "（2026）云0101行初{n}号", "served_on": "+0"}
    return [
        Matter("after review", "oversight.suit", 70, _suit("不予立案决定", "举报处理", 62),
               (*_answered(DEPUTY, 8), Act(40, "appear", APPEARED), Act(55, "judge", won)),
               About(matter="upheld"), plaintiff),
        Matter("lost suit", "oversight.suit", 140, _suit("行政处罚决定", "行政处罚", 27, "执法稽查科"),
               (*_answered(CHIEF, 9), Act(45, "appear", {**APPEARED, "head": "staff", "why_not": "参加防汛值守。"}),
                Act(80, "judge", lost), Act(100, "effective", {"effective_on": "+0"})),
               None, ("plaintiff", "云泽市临江区恒达商行")),
        Matter("second", "oversight.suit", 130, _suit("投诉终止调解", "投诉处理", 35),
               (*_answered(HEAD, 10), Act(50, "appear", APPEARED), Act(70, "judge", won),
                Act(80, "appeal", {"by": "other", "court": SECOND, "received": "+0"}),
                Act(86, "sign_second", SIGNED, DEPUTY), Act(88, "submit_second", SENT),
                Act(118, "judge_second", {**won, "document": "（2026）云01行终{n}号"})),
               None, ("plaintiff", "刘大勇")),
        Matter("defending", "oversight.suit", 8, _suit("不履行查处职责", "举报处理", 91),
               (Act(5, "draft", ANSWER),), About(NOT_FILED, "not_filed", 3), ("plaintiff", "郑文")),
    ]  # fmt: skip


def _consequences() -> list[Matter]:
    anew = {"summary": "重新处理投诉", "document": "临府复〔2026〕3号", "cause": "procedure", "unit": COMPLAINTS,
            "orders": "组织调解后重新处理。"}  # fmt: skip
    blame = {"summary": "终止调解被撤销", "document": "临府复〔2026〕3号", "cause": "procedure", "unit": COMPLAINTS}
    hand = {"to": "甄证", "plan": "通知双方到场，重新组织调解。"}
    called = {"way": "电话", "talked": "店长", "manner": "满意", "clean": False, "corrected": "已改正",
              "opinions": "希望多发提示。"}  # fmt: skip
    visited = {"unit": COMPLAINTS, "chosen": "随机抽取"}
    return [
        Matter("anew", "oversight.rehandling", 66, {**anew, "until": "+45"},
               (Act(2, "hand", hand, CHIEF),
                Act(30, "redecide", {"result": "依法履行职责", "document": "云临市监投诉〔2026〕8号", "same": False,
                                     "basis_new": "双方到场调解，达成协议。"}),
                Act(33, "report", {"to": GOVERNMENT, "way": "书面", "proof": "签收回执"})), About(matter="formal")),
        Matter("anew late", "oversight.rehandling", 38,
               {**anew, "summary": "重新作出处罚决定", "unit": "执法稽查科", "until": "+30"},
               (Act(3, "hand", {**hand, "plan": "听取陈述、申辩后重新决定。"}, CHIEF),), About(matter="lost suit")),
        Matter("anew open", "oversight.rehandling", 10,
               {**anew, "summary": "重新处理举报", "cause": "facts", "unit": REPORTS, "until": "+45"}, (),
               About(matter="revoked")),
        Matter("blame", "oversight.liability", 64, blame,
               (Act(4, "notify", {"town": "江口街道办事处", "content": "通报一起终止调解被撤销的情况。",
                                  "asks": "督促整改。"}),
                Act(9, "interview", {"person": "投诉举报中心负责人", "held_on": "+0",
                                     "content": "说明案件情况和问题。",
                                     "promised": "一个月内补训，终止调解逐件复核。"}, CHIEF, FA),
                Act(20, "inquire", {"finding": "承办人员没有组织调解，审核没有发现。", "heard": True}),
                Act(25, "hold", {"held": "criticism", "why": "情节轻微，及时改正。"}, HEAD),
                Act(50, "mend", {"mended": "完成补训，抽查二十件合格。"})), About(matter="formal")),
        Matter("blame open", "oversight.liability", 8,
               {**blame, "summary": "举报处理被撤销", "cause": "facts", "unit": REPORTS},
               (Act(5, "notify", {"town": "柳岸镇人民政府", "content": "通报举报处理一件。", "asks": "督促整改。"}),),
               About(matter="revoked")),
        Matter("call 1", "oversight.callback", 40, {**visited, "summary": "投诉调解"},
               (Act(6, "call", called), Act(8, "conclude", {"finding": "没有问题"}, HEAD)),
               About("complaints.complaint", "settled", 0), ("visited", "王小明")),
        Matter("call 2", "oversight.callback", 20, {**visited, "summary": "投诉调解"},
               (Act(5, "unreached", {"way": "电话", "why": "无人接听"}), Act(9, "call", {**called,
                                                                                   "manner": "不满意"})),
               About("complaints.complaint", "settled", 3), ("visited", "陈桂香")),
        Matter("call 3", "oversight.callback", 6, {**visited, "summary": "处罚案件", "unit": "执法稽查科"},
               (), About(FILED, "archived", 0), ("visited", "被处罚的经营者")),
    ]  # fmt: skip


def _halfway() -> list[Matter]:
    """One in each state in which no other stands."""
    clerk, none, plaintiff = CLERK, ("", ""), ("plaintiff", "赵海燕")
    judged = Act(
        24,
        "judge",
        {"form": "judgment", "outcome": "rejected", "document": "（2026）云0101行初{n}号", "served_on": "+0"},
    )
    appealed = Act(30, "appeal", {"by": "bureau", "court": SECOND})
    sued = _answered(DEPUTY, 7)
    signed = (Act(3, "draft", ANSWER), Act(6, "sign", SIGNED, DEPUTY))
    anew = {
        "summary": "重新处理投诉",
        "document": "临府复〔2026〕{n}号",
        "cause": "late",
        "unit": COMPLAINTS,
        "until": "+50",
        "orders": "依法处理。",
    }
    hand = Act(2, "hand", {"to": "查实", "plan": "补正程序。"}, CHIEF)
    redecided = Act(
        20,
        "redecide",
        {"result": "变更处理", "document": "云临市监投诉〔2026〕9号", "same": False, "basis_new": "补充材料后变更。"},
    )
    blame = {"summary": "重新追查责任", "document": "临府复〔2026〕{n}号", "cause": "procedure", "unit": COMPLAINTS}
    talk = Act(
        2,
        "interview",
        {"person": "监管所所长", "held_on": "+0", "content": "说明问题。", "promised": "整改。"},
        CHIEF,
        FA,
    )
    inquired = Act(5, "inquire", {"finding": "审核不严。", "heard": True})
    letter = {"region": "云泽市望湖区", "target": "某商贸行", "summary": "进货票据", "asks": "核实票据真伪。"}
    body = ("body", "云泽市望湖区市场监督管理局")
    asked = {
        "summary": "证据标准的会商",
        "kind": "证据标准",
        "question": "电子数据怎样固定。",
        "bodies": "公安分局、法院",
    }
    convened = Act(3, "convene", {"held_on": "+0", "place": "三楼会议室", "host": "傅衍"}, DEPUTY)
    minuted = Act(
        4,
        "minute",
        {
            "present": "公安分局、法院",
            "count": 3,
            "agreed": True,
            "opinions": "同意。",
            "conclusion": "按规定提取并校验。",
        },
    )
    lead = {
        "summary": "市局交办价格线索",
        "source": "市局交办",
        "kind": "lead",
        "document": "云市监线索〔2026〕{n}号",
        "asks": "核查。",
        "until": "+30",
    }
    assigned = Act(1, "assign", {"unit": COMPLAINTS, "person": "简勘"}, CHIEF)
    motion = {
        "summary": "关于外卖封签的建议",
        "kind": "deputy",
        "document": "临人建〔2026〕{n}号",
        "part": "会办",
        "content": "推广食安封签。",
    }
    proposer = ("proposer", "高代表")
    drafted = (
        Act(2, "talk", {"talked_on": "+0", "way": "电话", "views": "希望覆盖全区。"}),
        Act(5, "draft", {"answer": "已在三个镇街推广。", "grade": "B"}),
    )
    approved = Act(7, "sign", {"view": "同意。"}, HEAD)
    meeting = {"summary": "放心消费创建联席会议", "series": "放心消费创建", "lead": "临江区市场监督管理局"}
    agenda = Act(2, "agenda", {"held_on": "+0", "place": "三楼会议室", "items": "创建单元评定。"}, CHIEF)
    held = (
        agenda,
        Act(4, "hold", {**minuted.facts, "present": "商务局、文旅局"}),
        Act(5, "task", {"name": "区商务局", "task": "推荐示范街区。", "until": "+20"}),
        Act(15, "task_done", {"done": "已推荐两条。"}, FA, "", 1),
        Act(16, "close", {"view": "办结。"}, CHIEF),
    )
    about, case = About(matter="formal"), About(FILED, "", 5)
    found = Act(10, "report", {"finding": "已责令改正。", "outcome": "已整改"}, INSPECTOR)
    return [
        Matter("to send", "oversight.reconsideration", 8, _review("责令改正", "其他", 55), signed, None,
               ("applicant", "刘大勇")),
        Matter("sued", "oversight.suit", 3, _suit("举报答复", "举报处理", 95), (), None, plaintiff),
        Matter("to defend", "oversight.suit", 9, _suit("举报答复", "举报处理", 89), signed, None, plaintiff),
        Matter("judged", "oversight.suit", 32, _suit("撤销登记", "登记管理", 71), (*sued, judged), None, plaintiff),
        Matter("appealed", "oversight.suit", 36, _suit("列入异常名录", "列入名录", 73), (*sued, judged, appealed),
               None,
               plaintiff),
        Matter("second signed", "oversight.suit", 42, _suit("行政处罚决定", "行政处罚", 67),
               (*sued, judged, appealed, Act(38, "sign_second", SIGNED, DEPUTY)), None, plaintiff),
        Matter("second heard", "oversight.suit", 60, _suit("行政处罚决定", "行政处罚", 57),
               (*sued, judged, appealed, Act(38, "sign_second", SIGNED, DEPUTY), Act(40, "submit_second", SENT)), None,
               plaintiff),
        Matter("performed", "oversight.suit", 95, _suit("信息公开答复", "信息公开", 43),
               (*sued, Act(18, "appear", APPEARED), judged, Act(45, "effective", {"effective_on": "+0"}),
                Act(47, "perform", {"how": "判决驳回，无需履行。"})), None, plaintiff),
        Matter("dropped", "oversight.suit", 50, _suit("投诉不予受理", "投诉处理", 61),
               (*sued, Act(20, "withdraw", {"document": "（2026）云0101行初61号裁定"})), None, plaintiff),
        Matter("redecided", "oversight.rehandling", 26, anew, (hand, redecided), about),
        Matter("inquired", "oversight.liability", 15, blame, (talk, inquired), about),
        Matter("held", "oversight.liability", 20, blame,
               (talk, inquired, Act(9, "hold", {"held": "circular", "why": "造成不良影响。"}, HEAD)), about),
        Matter("letter came", "oversight.assistance", 3, {**letter, "direction": "received",
                                                          "letter": "湖市监协〔2026〕8号"},
               (), None, body, clerk),
        Matter("letter went", "oversight.assistance", 6, {**letter, "direction": "sent"},
               (Act(2, "send", {"way": "机要"}, CHIEF),), case, body, clerk),
        Matter("unable", "oversight.assistance", 30, {**letter, "direction": "received",
                                                      "letter": "湖市监协〔2026〕5号"},
               (Act(4, "unable", {"why": "当事人登记在其他区，不属于本局职权。", "told_by": "函复"}, clerk),), None,
               body, clerk),
        Matter("convened", "oversight.consultation", 5, asked, (convened,), case, none, INSPECTOR),
        Matter("minuted", "oversight.consultation", 6, asked, (convened, minuted), case, none, INSPECTOR),
        Matter("minutes signed", "oversight.consultation", 9, asked,
               (convened, minuted, Act(5, "sign", {"view": "同意。"}, DEPUTY)), case, none, INSPECTOR),
        Matter("lead came", "oversight.supervised", 1, lead, (), None, none, clerk),
        Matter("lead found", "oversight.supervised", 16, lead, (assigned, found), None, none, clerk),
        Matter("drafted", "oversight.proposal", 9, motion, drafted, None, proposer),
        Matter("approved", "oversight.proposal", 12, motion, (*drafted, approved), None, proposer),
        Matter("replied", "oversight.proposal", 20, motion,
               (*drafted, approved, Act(10, "reply", {"document_out": "云临市监复字〔2026〕7号"})), None, proposer),
        Matter("planned", "oversight.joint_meeting", 2, meeting),
        Matter("called", "oversight.joint_meeting", 6, meeting, (agenda,)),
        Matter("finished", "oversight.joint_meeting", 40, meeting, held),
    ]  # fmt: skip


PAPERS = {
    ("oversight.reconsideration", "draft"): ("oversight.reply", "oversight.evidence_list"),
    ("oversight.suit", "draft"): ("oversight.defence", "oversight.defence_evidence"),
    ("oversight.liability", "notify"): ("oversight.town_notice",),
    ("oversight.liability", "interview"): ("oversight.interview",),
    ("oversight.assistance", "send"): ("oversight.assistance_letter",),
    ("oversight.assistance", "inquire"): ("oversight.assistance_reply",),
    ("oversight.consultation", "minute"): ("oversight.minutes",),
    ("oversight.supervised", "assign"): ("oversight.assignment",),
}
"""The forms made on the day of a step."""


def _together() -> list[Matter]:
    letter = {"region": "广东省佛山市南海区", "target": "某食品贸易行", "summary": "供货方资质和销售记录",
              "asks": "供货方是否具备资质，销售给当事人的批次和数量。"}  # fmt: skip
    lead = {"source": "省局交办", "kind": "lead", "document": "粤市监线索〔2026〕{n}号", "asks": "核查并报告处理结果。"}
    found = {"finding": "已核查，当事人确有违法行为，已立案。", "outcome": "已立案"}
    motion = {"kind": "deputy", "document": "临人建〔2026〕{n}号", "part": "主办", "content": "建议加强预付卡监管。"}
    minutes = {"present": "市场监管局、公安分局、检察院", "count": 3, "agreed": True,
               "opinions": "各方均认为应按无照经营定性。",
               "conclusion": "按无照经营定性，由市场监管局继续办理。"}  # fmt: skip
    held = {"held_on": "+0", "place": "区局三楼会议室"}
    return [
        Matter("got", "oversight.assistance", 12, {**letter, "direction": "received",
                                                   "letter": "南市监协〔2026〕17号"},
               (Act(6, "inquire", {"finding": "供货方登记地址已搬离。"}, INSPECTOR, "zhen"),), None,
               ("body", "佛山市南海区市场监督管理局"), CLERK),
        Matter("got done", "oversight.assistance", 60, {**letter, "direction": "received",
                                                        "letter": "湖市监协〔2026〕3号"},
               (Act(7, "inquire", {"finding": "该批次共销售二十箱，票据齐全。"}, INSPECTOR, "zhen"),
                Act(12, "reply", {"letter_out": "云临市监协复〔2026〕2号", "way": "机要"}, CLERK)), None,
               ("body", "云泽市望湖区市场监督管理局"), CLERK),
        Matter("asked", "oversight.assistance", 45, {**letter, "direction": "sent"},
               (Act(2, "send", {"way": "机要"}, CHIEF), Act(5, "arrive", {"arrived_on": "+0"}, CLERK),
                Act(27, "urge", {"words": "请尽快函复。", "told_by": "电话"}, CLERK),
                Act(33, "answer", {"letter_in": "南市监协复〔2026〕9号", "finding": "供货方无许可证。",
                                   "recognised": True,
                                   "used": "证明进货来源不合法。"}, CLERK)),
               About(FILED, "", 1), ("body", "佛山市南海区市场监督管理局"), CLERK),
        Matter("led", "oversight.supervised", 30, {**lead, "summary": "省局交办直播带货线索", "until": "+40"},
               (Act(1, "assign", {"unit": COMPLAINTS, "person": "简勘"}, CHIEF),
                Act(20, "urge", {"words": "距报告期限二十日。", "told_by": "书面"}, CHIEF)), None, ("", ""), CLERK),
        Matter("led done", "oversight.supervised", 80, {**lead, "summary": "省局交办食品添加剂线索", "until": "+50"},
               (Act(1, "assign", {"unit": "执法稽查科", "person": "甄证"}, CHIEF), Act(30, "report", found, INSPECTOR),
                Act(33, "return", {"why": "补充货值。"}, CHIEF), Act(40, "report", found, INSPECTOR),
                Act(42, "submit", {"document_out": "云临市监报〔2026〕31号", "to": "市局"}, CHIEF)), None, ("", ""),
                CLERK),
        Matter("led late", "oversight.supervised", 50,
               {**lead, "summary": "挂牌督办假冒案件", "source": "本局督办", "kind": "case", "until": "+40"},
               (Act(1, "assign", {"unit": "执法稽查科", "person": "简勘"}, CHIEF),), About(FILED, "", 2), ("", ""),
               CLERK),
        Matter("motion", "oversight.proposal", 90, {**motion, "summary": "关于加强预付卡监管的建议", "until": "+85"},
               (Act(10, "talk", {"talked_on": "+0", "way": "座谈", "views": "希望建立备案查询。"}),
                Act(30, "draft", {"answer": "已建立预付卡备案公示，逐月抽查。", "grade": "A"}),
                Act(35, "sign", {"view": "同意。"}, HEAD), Act(36, "reply",
                                                            {"document_out": "云临市监复字〔2026〕5号",
                                                             "publish": True}),
                Act(50, "feedback", {"content_with": "满意"}), Act(55, "close", {"view": "办结。"}, CHIEF)),
               None, ("proposer", "何代表")),
        Matter("motion open", "oversight.proposal", 40,
               {**motion, "kind": "member", "summary": "关于规范电动自行车销售的提案", "content": "建议加强抽检。"},
               (Act(12, "talk", {"talked_on": "+0", "way": "走访", "views": "关注充电器。"}),), None, ("proposer",
                                                                                               "丁委员")),
        Matter("talked over", "oversight.consultation", 35,
               {"summary": "跨店经营的定性", "kind": "定性疑难", "question": "一照多址还是无照经营。",
                "bodies": "公安分局、检察院"},
               (Act(5, "convene", {**held, "host": "傅衍"}, DEPUTY), Act(6, "minute", minutes),
                Act(9, "sign", {"view": "同意。"}, DEPUTY), Act(12, "use", {"use": "按会商结论定性。"}, INSPECTOR)),
               About(FILED, "", 3), ("", ""), INSPECTOR),
        Matter("to talk over", "oversight.consultation", 7,
               {"summary": "网络销售的管辖", "kind": "管辖争议", "question": "平台所在地与经营者所在地。",
                "bodies": "望湖区局、网监科"},
               (), About(FILED, "", 4), ("", ""), INSPECTOR),
        Matter("meeting", "oversight.joint_meeting", 55,
               {"summary": "消费维权联席会议第三次会议", "series": "消费者权益保护", "lead": "临江区市场监督管理局"},
               (Act(3, "agenda", {**held, "items": "预付卡停业退费；校园周边食品。"}, CHIEF), Act(10, "hold", minutes),
                Act(11, "task", {"name": "区教育局", "task": "排查校外托管食堂。", "until": "+30"}),
                Act(11, "task", {"name": "公安临江分局", "task": "对接预付卡涉嫌诈骗线索。", "until": "+60"}),
                Act(38, "task_done", {"done": "排查四十二家，整改五家。"}, FA, "", 1))),
    ]  # fmt: skip
