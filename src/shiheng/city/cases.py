"""Penalty cases of the invented bureau, each as far as it has come by today: every state, several parties, goods held,
a hearing, a fine nobody pays, a file at the police, fines on the spot.

A case is written as the days after its clue on which each step was taken; what would lie in the future is not done yet.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

CASE, SPOT, SESSION = "enforcement.case", "enforcement.summary", "enforcement.session"
MEMBERS = ("鞠正", "傅衍", "法衡")
MEETING = {"summary": "{day} 案件审理委员会会议", "on": "{day}", "place": "三楼会议室", "chair": "鞠正",
           "members": list(MEMBERS)}  # fmt: skip
AS_TOLD = "按行政处罚告知的内容处罚。"
AGREED = {"vote": "agree", "words": "同意承办机构的意见。"}
RESOLVED = "同意按行政处罚告知的内容作出处罚决定。"
PAPERS = ["案件调查终结报告", "核审意见", "听证报告（有听证的）"]
FINANCE = "财政缴款-本季度.csv"  # not shown: the name of a file
A, B, REVIEWER, DEPUTY, HEAD = "jian", "zhen", "fa", "fu", "ju"
STREET = "jie"


class Act(NamedTuple):
    """A step so many days after the clue, by whom, for which party; the day facts name is counted from its own."""

    after: int
    step: str
    facts: dict[str, Any]
    by: str = A
    party: int | None = None
    days: dict[str, int] | None = None


class Case(NamedTuple):
    """One case: what it is about and what was done. ``firm`` picks the business; ``ago``: when the clue came."""

    code: str
    ago: int
    facts: dict[str, Any]
    acts: tuple[Act, ...]
    from_complaint: bool = False


def _clue(violation: str, topic: str, summary: str, story: str, source: str = "check") -> dict[str, Any]:
    return {"violation": violation, "topic": topic, "summary": summary, "story": story, "source": source,
            "place": "云泽市临江区江口街道", "mode": "own"}  # fmt: skip


FOUR = {
    "evidence": True,
    "due": True,
    "ours": True,
    "not_barred": True,
    "handlers": "简勘、甄证",
    "opinion": "同意立案。",
}


def verified(day: int = 1) -> tuple[Act, ...]:
    return (Act(day, "verify", {"plan": "两人到现场核查，调取票据。"}),)


def filed(day: int = 4) -> tuple[Act, ...]:
    return (*verified(), Act(day, "file", FOUR, DEPUTY))


def inquired(elements: Iterable[str], day: int = 5) -> tuple[Act, ...]:
    """An inspection, a questioning and papers that together speak to every element."""
    first, *rest = elements
    return (
        Act(day, "inspect", {"place": "经营场所", "finding": "现场有经营活动，台账不全，已拍照固定。", "cards": True,
                             "filmed": True, "signed": "已签字", "elements": [first]}),
        Act(day + 1, "question", {"person": "负责人", "told_rights": True, "cards": True, "filmed": True,
                                  "answers": "承认经营事实，称手续正在办理。", "elements": [first, *rest[:1]]}),
        Act(day + 2, "gather", {"kind": "01", "title": "进货票据和销售记录", "source": "当事人提供，核对后复印",
                                "original": False, "proves": "货值金额和销售数量", "elements": rest or [first]}),
    )  # fmt: skip


FOOD = ("主体", "未取得许可", "实际经营", "货值与所得")
ADVERT = ("主体", "广告", "虚假", "广告费用")
BRAND = ("权利", "主体", "侵权", "来源", "违法经营额")
SCALE, PRICE = ("主体", "器具", "目的", "所得"), ("主体", "义务", "未标价")
LIFT, STALE = ("主体", "设备", "未经检验", "在用"), ("超过保质期", "待售状态")
SEIZE: dict[str, Any] = {
    "name": "预包装糕点 120 箱", "kind": "seizure", "quantity": "120 箱", "value": 960_000, "place": "区局罚没物品仓库",
    "number": "云江市监扣〔2026〕{n}号", "approver": "傅衍", "cards": True, "filmed": True, "listed": True,
}  # fmt: skip
CONCLUDE: dict[str, Any] = {
    "facts": "当事人未取得许可经营糕点，货值金额八千元，违法所得一千二百元，有现场笔录、询问笔录、票据在案。",
    "nature": "未取得许可从事食品经营活动。", "goods": 800_000, "gains": 120_000, "stage": "first", "factors": [],
    "proposal": "没收违法所得和违法经营的食品，并处罚款。", "legal_relations": 1,
}  # fmt: skip
NOTICE: dict[str, Any] = {
    "penalties": ["2A", "2B", "2C"], "fine": 6_800_000, "gains_taken": 120_000, "goods_taken": 680_000,
    "reasons": "违反食品安全法第三十五条，依据第一百二十二条拟作处罚。", "spoke": True, "hearing": False,
    "way": "direct", "proof": "送达回证，店主签收",
}  # fmt: skip
DECIDE: dict[str, Any] = {
    "penalties": ["2A", "2B", "2C"], "fine": 6_800_000, "gains_taken": 120_000, "goods_taken": 680_000,
    "answered": "当事人没有提出新的事实和证据，不予采纳。", "remedies": True,
}  # fmt: skip
SERVE = {"way": "direct", "receiver": "店主", "proof": "送达回证", "told_publish": True, "confirmed": False}
PAID = 6_920_000


def reviewed(day: int, kind: str = "case") -> tuple[Act, ...]:
    return (
        Act(day, "conclude", CONCLUDE),
        Act(day + 3, "review", {"kind": kind, "opinion": "事实清楚，证据充分，程序合法，同意处理意见。"}, REVIEWER),
    )


def told(day: int, party: int = 1, **over: Any) -> tuple[Act, ...]:
    return (
        Act(day, "notice", {**NOTICE, **over}, party=party),
        Act(day + 9, "quiet", {"how": "expired"}, party=party),
    )


def decided(day: int, party: int = 1, **over: Any) -> tuple[Act, ...]:
    return (
        Act(day, "decide", {**DECIDE, **over}, HEAD, party),
        Act(day + 2, "serve", SERVE, party=party),
    )


def done(day: int, party: int = 1, amount: int = PAID) -> tuple[Act, ...]:
    return (
        Act(day, "pay", {"amount": amount, "slip": "云财罚 2026-{n}"}, party=party),
        Act(day + 1, "publish", {"summary": "未取得许可经营食品，罚款、没收。", "masked": True}, party=party),
        Act(day + 2, "settle", {"other": "没收的食品已销毁。"}, party=party),
    )


def closed(day: int) -> tuple[Act, ...]:
    return (
        Act(day, "close", {"ground": "performed"}, DEPUTY),
        Act(day + 6, "archive", {"number": "2026-处-{n}", "pages": 68, "side": 14}),
    )


WHOLE = (*filed(), *inquired(FOOD), *reviewed(20), *told(26), *decided(40), *done(50), *closed(56))
HELD = (*filed(), *inquired(FOOD), Act(6, "seize", SEIZE))
FINE: dict[str, Any] = {"penalties": ["2A"], "gains_taken": 0, "goods_taken": 0}
ADVERTISER = {"name": "广告经营负责人 林某", "person": True, "part": "直接负责的主管人员"}
ORDER: dict[str, Any] = {
    "name": "停止销售并下架问题批次", "kind": "off", "products": "云味糕点 2026-08-12 批次", "quantity": 240,
    "number": "云江市监责改〔2026〕{n}号",
}  # fmt: skip
LONGER = {"why": "涉及外地供货商，协查未回。", "number": "云江市监延强〔2026〕{n}号", "told": True}
HEARING = {**NOTICE, "hearing": True, "fine": 14_000_000}


def cases() -> list[Case]:
    """Every case, the oldest clue first."""
    cake = _clue("food.unlicensed", "食品安全", "无证经营糕点", "检查发现店内加工、销售糕点，不能出示许可证。")
    report = _clue("food.expired", "食品安全", "货架上有过期奶粉", "举报称超市货架上有过期奶粉。", "report")
    advert = _clue(
        "competition.ad_false", "广告", "直播间虚假宣传保健品疗效", "直播回放称可以根治糖尿病。", "complaint"
    )
    brand = _clue(
        "intellectual_property.trademark", "商标专利", "销售假冒运动鞋", "权利人投诉并提交鉴别意见。", "complaint"
    )
    scale = _clue("quality.cheat_scale", "计量标准认证", "水产摊使用作弊秤", "检定发现秤内加装遥控装置。")
    lift = _clue("equipment.uninspected", "特种设备", "超期未检电梯仍在使用", "货梯检验合格标志已过期五个月。")
    price = _clue("price.not_marked", "价格", "饭店不明码标价", "菜单没有标价，结账时口头报价。")
    shop = _clue("registration.unlicensed", "登记注册", "无照经营小卖部", "居民区一楼设小卖部，没有办理登记。")
    found = [
        Case(CASE, 190, cake, WHOLE),
        Case(CASE, 164, {**cake, "summary": "无证经营卤味"}, WHOLE),
        Case(CASE, 150, {**cake, "summary": "无证制售寿司，罚款逾期未缴"},
             (*filed(), *inquired(FOOD), *reviewed(20), *told(26), *decided(40),
              Act(64, "demand", {"number": "云江市监催〔2026〕{n}号", "owed": PAID, "late": 400_000,
                                 "proof": "邮寄回执"}, party=1))),
        Case(CASE, 120, {**cake, "summary": "无证经营冷饮，公告送达"},
             (*filed(), *inquired(FOOD), *reviewed(20), *told(26), Act(40, "decide", DECIDE, HEAD, 1),
              Act(48, "announce", {"where": "本局公告栏和门户网站", "tried": "两次上门无人，邮寄退回，电话停机。",
                                   "told_publish": True}, party=1))),
        Case(CASE, 88, {**advert, "summary": "医疗器械店虚假广告，企业和责任人一并处理"},
             (*filed(), Act(5, "add_party", ADVERTISER),
              *inquired(ADVERT, 6), *reviewed(30, "legal"),
              *told(36, 1, **FINE, fine=9_000_000), *told(37, 2, **{**FINE, "fine": 900_000, "person": True}),
              Act(52, "discuss", {"session": "{session}", "present": ["鞠正", "傅衍", "法衡"],
                                  "opinions": "一致同意。", "resolution": "按告知的内容处罚。"}, HEAD),
              Act(53, "decide", {**DECIDE, **FINE, "fine": 9_000_000, "deviates": "主动下架并退款，从轻。"}, HEAD, 1))),
        Case(CASE, 75, {**brand, "foreign": True, "summary": "销售假冒运动鞋，已要求听证"},
             (*filed(), *inquired(BRAND), *reviewed(24, "legal"), Act(30, "notice", HEARING, party=1),
              Act(33, "ask_hearing", {"how": "书面"}, party=1),
              Act(60, "hearing_notice", {"place": "区局三楼听证室", "host": "法衡", "open_": True}, REVIEWER, 1,
                  {"on": 30}))),
        Case(CASE, 70, scale, (*filed(), *inquired(SCALE), *reviewed(40), *told(46, **FINE, fine=200_000),
                               Act(60, "spare", {"outcome": "no_penalty", "first_time": True, "corrected": True,
                                                 "educated": True, "why": "初次违法，当日拆除并退赔，危害后果轻微。"},
                                   HEAD, 1), Act(62, "serve_spared", SERVE, party=1))),
        Case(CASE, 58, {**cake, "summary": "无证加工糕点，扣押的货物已延长期限"},
             (*HELD, Act(34, "seize_longer", LONGER, DEPUTY, 2))),
        Case(CASE, 44, {**brand, "summary": "假冒名酒，已移送公安机关"},
             (*filed(), *inquired(BRAND), Act(12, "police_report", {"crime": "销售假冒注册商标的商品罪",
                                                                     "story": "货值二十六万元。"}),
              Act(13, "to_police", {"body": "云泽市公安局临江分局", "letter": "云江市监移〔2026〕{n}号",
                                    "at": "{day} 15:30"}, HEAD),
              Act(14, "police_sent", {"receipt": "临公收〔2026〕{n}号",
                                      "package": ["移送书", "调查报告", "涉案物品清单"]}))),
        Case(CASE, 40, lift, (*filed(), *inquired(LIFT), Act(9, "order", {**ORDER, "name": "停止使用并申请检验",
             "kind": "correct", "products": "", "quantity": 0}, days={"until": 10}), *reviewed(30))),
        Case(CASE, 29, {**cake, "summary": "无证经营糕点，货物扣押中"}, HELD),
        Case(CASE, 27, {**price, "summary": "饭店不明码标价，待审核"},
             (*filed(), *inquired(PRICE), Act(16, "conclude", {**CONCLUDE, "goods": 0, "gains": 0,
              "gaps": "价格行为以现场照片和账单认定。"}))),
        Case(CASE, 24, {**report, "summary": "过期奶粉，已责令下架"},
             (*filed(), *inquired(STALE), Act(6, "order", ORDER, days={"until": 7}),
              Act(14, "order_met", {"finding": "问题批次全部下架。", "quantity": 240}, party=2))),
        Case(CASE, 22, {**advert, "summary": "直播间虚假宣传保健品疗效"}, filed(), from_complaint=True),
        Case(CASE, 20, shop, (*verified(), Act(6, "no_file", {"ground": "slight", "leniency": "DJ-01",
             "finding": "开业三日，当日停止并申请登记，没有危害后果。"}, DEPUTY))),
        Case(CASE, 26, {**shop, "summary": "无照修车铺，核查已超期"}, verified(3)),
        Case(CASE, 18, {**scale, "summary": "海鲜市场电子秤送检中"},
             (*filed(), *inquired(SCALE), Act(9, "test", {"laboratory": "云泽市计量所", "told": True,
              "document": "云江市监检〔2026〕{n}号"}))),
        Case(CASE, 9, {**report, "summary": "社区超市临期食品换标签"}, filed()),
        Case(CASE, 3, {**price, "summary": "停车场未公示收费标准", "source": "assigned"}, ()),
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.ago)


NO_BOOKS = ("主体", "义务", "未履行", "拒不改正")
RECORDS: dict[str, Any] = {
    "facts": "当事人购进鲜肉没有查验记录和凭证，责令改正后逾期未改，有两次现场笔录、责令改正通知书在案。",
    "nature": "未按规定建立并遵守进货查验记录制度。", "stage": "refused", "factors": [], "proposal": "罚款一万元。",
    "legal_relations": 1,
}  # fmt: skip
BY_TOWN: dict[str, Any] = {"penalties": ["2A"], "fine": 1_000_000, "gains_taken": 0, "goods_taken": 0}


def of_town() -> list[Case]:
    """Cases of the street's own: one its handed-down power covers, two it cannot file, of which one was passed on."""
    books = _clue("food.purchase_check", "食品安全", "肉档没有进货查验记录", "巡查发现档口拿不出进货凭证。")
    cake = _clue("food.unlicensed", "食品安全", "出租屋无证制售卤味", "网格员反映楼道有卤味气味，有人上门取货。")
    noticed = {**NOTICE, **BY_TOWN, "reasons": "违反食品安全法第五十三条，依据第一百二十六条拟作处罚。"}
    passed = {"body": "临江区市场监督管理局", "letter": "临江综执移〔2026〕{n}号", "receipt": "区局执法稽查科签收"}
    return [
        Case(CASE, 96, books, (
            *filed(), *inquired(NO_BOOKS), Act(20, "conclude", RECORDS),
            Act(23, "review", {"kind": "case", "opinion": "事实清楚，程序合法，同意处理意见。"}, REVIEWER),
            Act(26, "notice", noticed, party=1), Act(35, "quiet", {"how": "expired"}, party=1),
            *decided(40, **BY_TOWN, deviates="逾期后仍补齐了大部分凭证，从轻。"),
            *done(50, amount=1_000_000), *closed(56))),
        Case(CASE, 30, {**cake, "summary": "无证制售卤味，已移送区局"}, (
            *verified(), Act(5, "elsewhere", passed, DEPUTY))),
        Case(CASE, 8, {**cake, "summary": "无证烘焙工作室，区街权限待核"}, verified()),
    ]  # fmt: skip


SPOTS: tuple[tuple[str, str, str, dict[str, Any], bool], ...] = (
    ("price.not_marked", "价格", "小吃店部分菜品没有标价", {"penalties": ["1A"]}, False),
    ("registration.licence_display", "登记注册", "营业执照没有放在醒目位置", {"penalties": ["1A"]}, False),
    ("food.purchase_check", "食品安全", "早餐摊不能提供面粉进货凭证", {"penalties": ["2A"], "fine": 10_000}, True),
    ("food.dishes", "食品安全", "餐具消毒记录缺两日", {"penalties": ["1A"]}, False),
    ("price.not_marked", "价格", "水果摊不标产地和计价单位", {"penalties": ["2A"], "fine": 10_000}, True),
    (
        "online_market.licence_info",
        "网络交易",
        "网店首页没有公示营业执照",
        {"penalties": ["2A"], "fine": 200_000},
        False,
    ),
)


def spots() -> list[Case]:
    """Penalties on the spot: the money taken and banked, or paid by the party, and the file archived."""
    found = []
    for n, (violation, topic, summary, made, person) in enumerate(SPOTS):
        facts = {"violation": violation, "topic": topic, "summary": summary, "person": person, "cards": True,
                 "place": "经营场所", "story": f"检查发现{summary}。", "evidence": "照片三张"}  # fmt: skip
        acts = [
            Act(0, "tell", {"proposal": "拟当场处罚。", "rights": True}),
            Act(0, "hear", {"story": "没有陈述申辩", "checked": "无"}),
            Act(0, "decide", {**made, "basis": "有关条款见决定书", "signed": "已签收", "remedies": True}),
        ]
        if made.get("fine") == 10_000:
            acts += [
                Act(0, "cash", {"ground": "small", "receipt": "云财票 {n}"}),
                Act(1, "handed", {"slip": "缴{n}"}),
                Act(2, "banked", {"slip": "银{n}"}),
            ]
        elif made.get("fine"):
            acts.append(Act(6, "paid", {"slip": "云财罚 {n}"}))
        if n != 4:
            acts.append(Act(7, "archive", {"number": "2026-简-{n}"}))
        found.append(Case(SPOT, 34 - n * 6, facts, tuple(acts)))
    return found


def finance(paid: Iterable[tuple[str, str, int, str]]) -> bytes:
    """A file of receipts as the finance department sends it: one sum short, one receipt twice, one nobody entered."""
    lines = ["票据号码,缴款日期,金额,缴款人"]
    for n, (slip, day, amount, payer) in enumerate(paid):
        lines.append(f"{slip},{day},{(amount - (10_000 if n == 1 else 0)) / 100:.2f},{payer}")
        lines += [lines[-1]] if n == 2 else []
    last = lines[-1].split(",")[1]
    lines += [f"云财罚 2026-88,{last},500.00,某小吃店", f"云财罚 2026-89,{last},壹佰元,字迹不清"]
    return "\r\n".join(lines).encode("gb18030")
