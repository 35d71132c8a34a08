"""What follows the files of the invented bureau: leads at the police, a joint file, a reward, model cases, payments.

Each is written as the days before today on which its steps were taken, oldest first, with one of the bench who took it.
"""

from typing import Any, NamedTuple

from shiheng.city.cases import DEPUTY, HEAD, REVIEWER, A

LEAD, JOINT, REWARD, CHAIN = "oversight.lead", "oversight.joint", "complaints.reward", "complaints.chain"
POLICE = "云泽市公安局临江分局"


class Deed(NamedTuple):
    """A step so many days before today, by whom; the days its facts name are counted from today."""

    ago: int
    step: str
    facts: dict[str, Any]
    by: str = A
    party: int | None = None
    days: dict[str, int] = {}


class FollowUp(NamedTuple):
    """A file and its steps; ``about`` says how the file it is opened from is found: procedure and state."""

    code: str
    ago: int
    facts: dict[str, Any]
    parties: tuple[tuple[str, str], ...]
    deeds: tuple[Deed, ...]
    about: tuple[str, str] = ("", "")
    days: dict[str, int] = {}


LEADS = (
    FollowUp(
        LEAD,
        30,
        {"direction": "sent", "body_kind": "police", "summary": "假冒名酒上线线索", "story": "物流单指向外地仓库。"},
        (("body", POLICE), ("target", "未登记的经营者")),
        (
            Deed(29, "hand", {"letter": "云江市监线移〔2026〕1号", "way": "专人"}, days={"until": -4}),
            Deed(28, "signed", {"receipt": "临公收〔2026〕31号"}, days={"signed_on": -28}),
            Deed(2, "urge", {"words": "请告知核查进展。", "told_by": "电话"}),
        ),
        ("enforcement.case", "police"),
    ),
    FollowUp(
        LEAD,
        20,
        {
            "direction": "sent",
            "body_kind": "department",
            "summary": "占道经营的早餐点",
            "story": "无照经营，已移交城管。",
        },
        (("body", "临江区城市管理局"), ("target", "巷口早餐点")),
        (
            Deed(19, "hand", {"letter": "云江市监线移〔2026〕2号", "way": "政务系统"}, days={"until": 10}),
            Deed(6, "progress", {"progress": "已责令限期改正。"}, days={"until": 20}),
        ),
    ),
    FollowUp(
        LEAD,
        16,
        {"direction": "sent", "body_kind": "unit", "summary": "菜场短斤缺两", "story": "巡查发现两台秤异常。"},
        (("body", "江口监管所"), ("target", "江口菜场")),
        (
            Deed(15, "hand", {"letter": "内移 3", "way": "政务系统"}, days={"until": 5}),
            Deed(3, "answer", {"outcome": "filed", "document": "江口所反馈 1", "finding": "查实一台作弊秤，已立案。"}),
        ),
    ),
    FollowUp(
        LEAD,
        12,
        {
            "direction": "received",
            "body_kind": "court",
            "summary": "判决书提到销售不合格电线",
            "story": "随案移送材料。",
            "letter": "临法函〔2026〕8号",
        },
        (("body", "临江区人民法院"), ("target", "某五金店")),
        (Deed(11, "take", {"receipt": "收文 208"}, days={"signed_on": -11}),),
    ),
    FollowUp(
        JOINT,
        25,
        {
            "summary": "假冒名酒并联办理",
            "ground": "跨区域、有组织",
            "value": 26_000_000,
            "police": POLICE,
            "lead_officer": "简勘",
        },
        (),
        (
            Deed(24, "agree", {"document": "临公函〔2026〕5号", "police_officer": "郝警"}),
            Deed(24, "add_member", {"name": "简勘", "side": "ours", "part": "货源和账册"}),
            Deed(24, "add_member", {"name": "郝警", "side": "police", "part": "资金和人员"}),
            Deed(
                23,
                "meet",
                {
                    "present": ["简勘（市场监管）", "郝警（公安）"],
                    "opinions": "先固定物流和资金证据。",
                    "decisions": "分头查货源和资金，十日后再会商。",
                },
                days={"held_on": -23},
            ),
            Deed(23, "task", {"name": "查清货源", "who": "简勘"}, days={"until": 6}),
            Deed(
                12,
                "share",
                {
                    "list_number": "共〔2026〕1号",
                    "items": ["简勘取得：进货台账复印件"],
                    "given_to": "police",
                    "use": "立案审查",
                },
            ),
        ),
        ("enforcement.case", "police"),
    ),
    FollowUp(
        REWARD,
        18,
        {"summary": "举报奖励申请", "code": "YZ7K2M9Q", "case": "云临市监案〔2026〕2号", "fined": 6_920_000},
        (("applicant", "举报人甲"),),
        (
            Deed(
                14,
                "check",
                {
                    "first": True,
                    "unknown": True,
                    "true": True,
                    "not_duty": True,
                    "grade": "3",
                    "finding": "最先举报，查证属实。",
                },
            ),
            Deed(9, "decide", {"grade": "3", "amount": 100_000}, HEAD),
            Deed(7, "notify", {"told_by": "电话", "proof": "通话记录"}),
        ),
        ("complaints.report", "filed"),
    ),
    FollowUp(
        CHAIN,
        20,
        {"summary": "健身卡退费纠纷", "place": "江口市场诉前联调工作站", "amount": 268_000, "both": True},
        (("complainant", "王小明"), ("trader", "某健身中心")),
        (
            Deed(
                18,
                "administrative",
                {"mediator": "简勘", "result": "none", "points": "经营者不同意退费。"},
                days={"held_on": -18},
            ),
            Deed(
                16,
                "pass",
                {"committee": "江口街道人民调解委员会", "letter": "移〔2026〕4号", "materials": "合同、收据"},
            ),
            Deed(
                10,
                "peoples",
                {"mediator": "尤调", "agreed": True, "agreement": "分三期退还二千元。", "settled": 200_000},
                days={"held_on": -10, "effective_on": -10},
            ),
        ),
        ("complaints.complaint", "closed"),
    ),
)
CLUE: dict[str, Any] = {
    "summary": "由投诉转立案：商品质量不合格",
    "source": "complaint",
    "topic": "产品质量",
    "violation": "food.unlicensed",
    "place": "云泽市临江区江口街道",
    "story": "投诉材料显示同批次商品多次出现同一故障。",
    "mode": "own",
}
PLAN = {"plan": "两人到现场核查。"}
MARK: dict[str, Any] = {
    "kind": "typical",
    "lesson": "证据链完整，裁量说理充分。",
    "public_title": "无证经营糕点案",
    "public_story": "某食品店未取得许可加工、销售糕点，没收违法所得并处罚款；提醒经营者先证后营。",
}
SCORE: dict[str, Any] = {
    "points_filing": 10,
    "points_evidence": 28,
    "points_steps": 27,
    "points_papers": 18,
    "points_archive": 9,
    "faults": "一页漏编页码。",
}
MARKS = (Deed(3, "score", SCORE, REVIEWER), Deed(2, "mark", MARK, REVIEWER))
PERSON = Deed(
    1,
    "decide",
    {
        "penalties": ["2A"],
        "fine": 900_000,
        "gains_taken": 0,
        "goods_taken": 0,
        "deviates": "责任人主动配合，从轻。",
        "answered": "没有提出。",
        "remedies": True,
    },
    HEAD,
    2,
)
PART = Deed(
    2,
    "release_part",
    {"count": 20, "ground": "unrelated", "number": "云江市监解〔2026〕3号", "part_returned": "当事人签收"},
)
ADVANCE: dict[str, Any] = {
    "kind": "advance",
    "payer": "江口商场",
    "promise": "放心消费承诺：先行赔付",
    "amount": 39_900,
    "receipt": "转账凭证",
}
COUNTED_WHY, REVIEWED = "搬运时破损两箱，已拍照。", "查明为搬运破损，已入卷并通知当事人。"
SHORT = 2
"""How many boxes fewer were found than the books say."""
REVIEWING = DEPUTY
