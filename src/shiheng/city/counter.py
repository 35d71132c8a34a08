"""Letters people of the invented district sent by the net: what they wrote, added, withdrew, how they were rated."""

from typing import Any, NamedTuple

COMPLAINT, REPORT, ENQUIRY = "complaints.complaint", "complaints.report", "complaints.enquiry"
DISCLOSURE = "oversight.disclosure"
CLERK, CHIEF = "chuang", "zhang"
SIGNED = frozenset({"sign", "extend", "back"})
"""Steps a head takes; whatever else is done by the clerk."""


class Letter(NamedTuple):
    """One letter so many days ago; what the office did and what its sender did afterwards, so many days after it."""

    code: str
    ago: int
    facts: dict[str, Any]
    person: str
    phone: str
    done: tuple[tuple[int, str, dict[str, Any]], ...] = ()
    said: tuple[tuple[int, str, str], ...] = ()
    rated: tuple[int, str] | None = None


REFUSED = {"ground": "NA3", "why": "所购货物用于转售，不是为生活消费需要。", "remedies": True, "told_by": "短信"}
PAID = {"agreement": "当日退款，当场付清。", "recovered": 19_800, "paper": "at_once"}
REMOTE = {"way": "remote", "complainant_agrees": True, "trader_agrees": True, "mediator": "李窗"}


def complaint(summary: str, kind: str, story: str, fen: int) -> dict[str, Any]:
    return {"summary": summary, "kind": kind, "story": story, "claims": ["退款"], "amount": fen}


def wanted(summary: str, text: str, kind: str) -> dict[str, Any]:
    return {"summary": summary, "wanted": text, "medium": "电子件", "applicant_kind": kind}


def reply(kind: str, words: str, **more: str) -> dict[str, Any]:
    return {"searched": "查了档案和业务系统。", "reply_kind": kind, "reply_words": words, **more}


SENT = {"told_by": "网上", "document_out": "云临市监公开〔2026〕3号"}


def requests() -> tuple[Letter, ...]:
    """Requests for information, the oldest first."""
    return (
        Letter(DISCLOSURE, 46, wanted("全区农贸市场抽检结果汇总", "去年四个季度食用农产品抽检汇总表。", "person"),
               "顾晚", "19900003101",
               ((4, "draft", reply("open", "汇总表随信附上。")), (5, "sign", {"remark": "同意"}), (6, "send", SENT))),
        Letter(DISCLOSURE, 41, wanted("某商场的执法案卷", "处罚案件的全部案卷材料。", "lawyers"), "程律",
               "19900003102",
               ((6, "draft", reply("refused", "属于行政执法案卷信息，不予公开。", reply_ground="case_file")),
                (8, "sign", {"remark": "同意"}),
                (9, "send", {**SENT, "document_out": "云临市监公开〔2026〕4号"}))),
        Letter(DISCLOSURE, 30, wanted("道路停车收费标准", "辖区道路停车的收费标准。", "person"), "万里",
               "19900003103",
               ((3, "draft", reply("elsewhere", "请向发展改革部门申请。", reply_body="临江区发展和改革局")),
                (4, "sign", {"remark": "同意"}),
                (5, "send", {**SENT, "document_out": "云临市监公开〔2026〕5号"}))),
        Letter(DISCLOSURE, 16, wanted("某检测机构的评审记录", "资质评审的记录和整改材料。", "company"), "沈商",
               "19900003104",
               ((3, "third", {"asked": "被评审的检测机构", "about": "评审记录、整改材料"}),)),
        Letter(DISCLOSURE, 7, wanted("抽检经费", "抽检的经费。", "research"), "方研", "19900003105", ()),
    )  # fmt: skip


def letters() -> tuple[Letter, ...]:
    """Every letter, the oldest first."""
    return (
        Letter(COMPLAINT, 40, complaint("网店卖的充电宝鼓包", "质量", "使用一周后鼓包，商家不理。", 19_800), "邓晓",
               "19900003001", ((3, "accept", {"told_by": "短信"}), (8, "mediate", REMOTE), (12, "settle", PAID)),
               ((1, "words", "补充：聊天记录显示商家承认是同一批次。"), (6, "agree", "")), (5, "处理得快，谢谢。")),
        Letter(COMPLAINT, 33, complaint("批发的水果坏了三成", "质量", "进货十箱，三箱腐烂。", 90_000), "孔林",
               "19900003002", ((5, "refuse", REFUSED),), (), (2, "希望说明可以找谁。")),
        Letter(COMPLAINT, 12, complaint("健身房不退余款", "预付式消费", "搬家后要求退卡，店方拖延。", 260_000), "俞静",
               "19900003003", ((4, "accept", {"told_by": "短信"}),), ((7, "withdraw", "店方已经退款，请求撤回。"),)),
        Letter(COMPLAINT, 6, complaint("快递站私自收保管费", "价格", "每件收两元，没有公示。", 400), "佟安",
               "19900003004", (), ((2, "words", "附上收费的照片，今天又收了一次。"),)),
        Letter(COMPLAINT, 5, complaint("奶茶里喝出异物", "食品安全", "有一小段塑料。", 1_800), "梁小满", "19900003005",
               (), ((1, "withdraw", "店家当面道歉，不再追究。"),)),
        Letter(REPORT, 9, {"summary": "菜场摊位用过秤砣作弊", "kind": "计量", "leads": "三号门左手第二摊。"}, "", ""),
        Letter(ENQUIRY, 4, {"summary": "临期食品要怎样摆放", "question": "小超市的临期食品要不要单独设区？"}, "查小店",
               "19900003006"),
    )  # fmt: skip
