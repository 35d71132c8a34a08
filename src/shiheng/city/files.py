"""What the invented bureau has on its desk: complaints, reports and enquiries, each as far as it has come by today.

A matter was received so many days ago and took its steps so many days after; what would lie in the future is not done
yet. Some are late, some stand still for a laboratory, some were taken back: a desk as it is.
"""

from typing import Any, NamedTuple

COMPLAINT, REPORT, ENQUIRY = "complaints.complaint", "complaints.report", "complaints.enquiry"
RIGHTS = "intellectual_property.infringement"
CLERK, CHIEF, BESIDE = "chuang", "zhang", "jian"
BY_TWO = {"look"}
"""What two officers do together: the second is ``BESIDE``."""


class Done(NamedTuple):
    """A step so many days after receipt, by whom."""

    after: int
    step: str
    facts: dict[str, Any]
    by: str = CLERK


class Matter(NamedTuple):
    """One matter: what it says, who complains, and what was done."""

    code: str
    ago: int
    facts: dict[str, Any]
    person: str
    phone: str
    done: tuple[Done, ...]


ACCEPT: dict[str, Any] = {"told_by": "短信"}
REMOTE = {"way": "remote", "complainant_agrees": True, "trader_agrees": True, "mediator": "李窗"}
SITE = {**REMOTE, "way": "site", "at_place": "第三日上午九点半，区局调解室"}
PAID = {"agreement": "退款并补偿来回车费，当场付清。", "recovered": 39_900, "paper": "at_once"}
SIGNED = {"agreement": "七日内更换同型号新机，运费由商家承担。", "recovered": 128_000, "paper": "signed"}
LABORATORY = {"laboratory": "云泽市产品质量检验所", "chosen": "双方协商", "document": "委检〔2026〕{n}号"}
REFUSED = {"ground": "T3", "why": "商家只同意换货，投诉人坚持退款。"}
TOLD = {"told_by": "短信", "proof": "短信回执"}
NO_POWER = {"ground": "NA1", "why": "属于物业服务合同纠纷。", "remedies": True, "told_by": "电话"}
STORIES = (
    ("电饭煲用三天就不通电", "质量", "门店购买，三天后不通电，商家拒绝退换。", ["退款"], 39_900),
    ("外卖里有钢丝", "食品安全", "外卖炒饭中吃出钢丝，商家否认。", ["赔偿损失"], 100_000),
    ("健身房关门不退卡", "预付式消费", "办年卡两个月后停业，余款不退。", ["退款"], 268_000),
    ("网购不给七天退货", "七日无理由退货", "拆封后商家以影响二次销售为由拒退。", ["退货", "退款"], 12_900),
    ("金饰少了三克", "计量", "标重十八克，回家称只有十五克。", ["补足数量", "赔偿损失"], 210_000),
    ("空调安装另收高空费", "价格", "购买时承诺包安装，上门后加收三百元。", ["退款"], 30_000),
    ("手机维修后更坏", "售后服务", "换屏后触摸失灵，门店不认。", ["重作", "退款"], 58_000),
    ("直播说的功效没有", "虚假宣传", "直播间称可治脱发，用后没有任何作用。", ["退款", "赔偿损失"], 29_800),
)
LEADS = (
    ("无证做早餐", "食品安全", "巷口每天早上五点炸油条，没有看到任何证照。"),
    ("卖假牌运动鞋", "假冒", "二楼三号柜台，吊牌没有防伪，价格只有正品三成。"),
    ("秤不准", "计量", "买两斤虾回家只有一斤六两，问了几个邻居都一样。"),
    ("电梯没有检验标志", "安全", "货梯里的检验合格标志是去年的。"),
)
QUESTIONS = (
    ("个体户怎么转企业", "转成有限公司原来的许可证还能用吗？", "可以办理变更，许可证按规定换发，材料清单已短信发送。"),
    ("小餐馆要不要办许可", "四十平方米的面馆需要办什么证？", "办理食品经营许可，可网上申请。"),
    ("预付卡商家跑了找谁", "商家停业联系不上，怎么办？", "可以提出投诉；涉嫌诈骗的向公安机关报案。"),
)
PEOPLE = (
    ("王小明", "19900001001"), ("陈桂香", "19900001002"), ("刘大勇", "19900001003"), ("赵海燕", "19900001004"),
    ("孙立", "19900001005"), ("周玉梅", "19900001006"), ("吴刚", "19900001007"), ("郑文", "19900001008"),
)  # fmt: skip
COURSES: tuple[tuple[Done, ...], ...] = (
    (Done(2, "accept", ACCEPT), Done(5, "mediate", REMOTE), Done(9, "settle", PAID)),
    (Done(3, "accept", ACCEPT), Done(8, "mediate", SITE), Done(12, "settle", SIGNED)),
    (Done(3, "accept", ACCEPT), Done(6, "mediate", REMOTE), Done(20, "terminate", REFUSED), Done(22, "notify", TOLD)),
    (Done(4, "refuse", NO_POWER),),
    (Done(2, "accept", ACCEPT), Done(6, "appraise", LABORATORY), Done(26, "appraised", {"result": "内部短路"}),
     Done(28, "mediate", REMOTE), Done(33, "settle", PAID)),
    (Done(1, "ask_proof", {"until": "2026-12-31", "items": "身份证明"}), Done(6, "proof_given", {"items": "身份证"}),
     Done(7, "accept", ACCEPT), Done(10, "mediate", REMOTE), Done(18, "recusal", {"who": "李窗", "why": "认识商家"}),
     Done(20, "recusal_decided", {"granted": True, "mediator": "章科"}, CHIEF), Done(25, "settle", SIGNED)),
    (Done(3, "accept", ACCEPT), Done(6, "mediate", REMOTE)),
    (Done(2, "accept", ACCEPT), Done(15, "appraise", LABORATORY)),
    (),
    (Done(5, "return", {"why": "消防设施问题，不属于本局职责。"}),),
)  # fmt: skip
REPORT_COURSES: tuple[tuple[Done, ...], ...] = (
    (Done(2, "verify", {"plan": "两人现场核查"}), Done(9, "file", {"finding": "查实，货值二千一百元。"}, CHIEF)),
    (
        Done(3, "verify", {"plan": "调取进货票据"}),
        Done(
            8,
            "no_file",
            {"finding": "当场改正，没有危害后果。", "ground": "违法行为轻微并及时改正，没有造成危害后果"},
            CHIEF,
        ),
    ),
    (
        Done(2, "verify", {"plan": "抽样送检"}),
        Done(4, "test", {"laboratory": "云泽市食品检验所", "document": "抽检 12 号"}),
    ),
    (Done(2, "verify", {"plan": "暗访"}), Done(12, "longer", {"why": "当事人外出", "approver": "分管副局长"}, CHIEF)),
    (),
)
HELD_RIGHT = Done(2, "check", {"valid": True, "holder": True, "source": "商标台账和国家库查询截图"})
RIGHTS_WRITTEN: tuple[tuple[str, str, str, tuple[Done, ...]], ...] = (
    ("批发市场销售假冒云岭牌运动鞋", "注册商标", "云岭", (
        HELD_RIGHT, Done(6, "look", {"finding": "现场有同款鞋三百余双，不能说明来源。"}),
        Done(9, "file", {"finding": "销售侵犯注册商标专用权的商品，货值六万元。"}, CHIEF),
        Done(11, "tell", {"result": "已立案，案件办结后另行告知。", "told_by": "电话"}))),
    ("网店仿冒折叠桌外观专利", "专利", "折叠桌", (
        Done(1, "lack", {"items": "专利登记簿副本", "told_by": "短信"}),)),
    ("路边店擅用古渡面地理标志", "地理标志", "古渡面", (
        HELD_RIGHT, Done(5, "look", {"finding": "店招为历史沿用，当日更换。"}),
        Done(8, "no_file", {"ground": "违法行为轻微并及时改正", "finding": "当日更换店招，没有危害后果。"}, CHIEF),
        Done(10, "tell", {"result": "不予立案，理由已逐项说明。", "told_by": "当面"}))),
    ("保健品商店销售假冒云参牌口服液", "注册商标", "云参", (HELD_RIGHT,)),
)  # fmt: skip
GIVEN = "由科室直接办理。"
MISTAKE = "点错了环节，实际还没有收到材料。"


def _lies(done: tuple[Done, ...], ago: int, most: int = 7) -> bool:
    """Whether a matter of so many days ago would lie about although its time is over."""
    ends = {"settle", "notify", "refuse", "return", "file", "no_file"}
    if done and done[-1].step in ends:
        return False
    return ago > (60 if done else most)


def matters() -> list[Matter]:
    """Every matter, the oldest first."""
    found = []
    for n in range(64):
        summary, kind, story, claims, amount = STORIES[n % len(STORIES)]
        person, phone = PEOPLE[n * 5 % len(PEOPLE)]
        channel = ("platform", "hotline", "order", "counter", "web", "post")[n * 7 % 6]
        facts = {"summary": summary, "channel": channel, "kind": kind, "story": story, "claims": claims,
                 "amount": amount, "publish": n % 3 > 0, "entrust": n % 2 == 0}  # fmt: skip
        if channel in {"platform", "order"}:
            facts["outer_number"] = f"{'1244990' if channel == 'platform' else 'GD'}2026{n:05}"
        ago = (n * 37 % 131) + 1
        done = COURSES[n * 3 % len(COURSES)]
        if _lies(done, ago) and n % 8:  # one in eight lies too long
            done = COURSES[0]
        found.append(Matter(COMPLAINT, ago, facts, person, phone, done))
    for n in range(20):
        summary, kind, leads = LEADS[n % len(LEADS)]
        person, phone = PEOPLE[n % len(PEOPLE)]
        facts = {"summary": summary, "channel": "hotline", "kind": kind, "leads": leads, "anonymous": n % 3 == 0}
        ago, done = n * 11 % 61 + 1, REPORT_COURSES[n % len(REPORT_COURSES)]
        if _lies(done, ago, 15) and n % 6:
            done = REPORT_COURSES[n % 2]
        found.append(Matter(REPORT, ago, facts, "" if n % 3 == 0 else person, phone, done))
    for n in range(15):
        summary, question, answer = QUESTIONS[n % len(QUESTIONS)]
        person, phone = PEOPLE[n % len(PEOPLE)]
        facts = {"summary": summary, "channel": "hotline", "question": question}
        done = (Done(n % 3, "answer", {"answer": answer, "told_by": "电话"}),) if n % 5 else ()
        found.append(Matter(ENQUIRY, n * 3 + 1, facts, person, phone, done))
    for n, (summary, right, name, done) in enumerate(RIGHTS_WRITTEN):
        facts = {"summary": summary, "right": right, "title": name, "leads": f"{summary}，有购物小票和照片。",
                 "number": f"{6_012_345 + n}", "proof": "注册证、授权委托书各一份"}  # fmt: skip
        found.append(Matter(RIGHTS, (48, 12, 30, 5)[n], facts, f"{name}知识产权代理有限公司", "19900001020", done))
    return sorted(found, key=lambda one: (-one.ago, one.code, one.facts["summary"]))
