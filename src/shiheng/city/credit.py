"""The credit files of the invented bureau by today: entries and how they were left, repairs, corrections, replies.

A story is written as days before today and what was done so many days after; what would lie in the future is not done.
"""

from typing import Any, NamedTuple

ABNORMAL, MARK, SERIOUS = "credit.abnormal", "credit.mark", "credit.serious"
CLERK, CHIEF, HEAD, CITY, OWNER = "chuang", "zhang", "ju", "shi", "laoban"
KINDS = {ABNORMAL: "abnormal", MARK: "abnormal", SERIOUS: "serious"}
OPENED_BY = CLERK


class Done(NamedTuple):
    """A step so many days after the file was opened, by whom. ``way``: the owner goes it on his own page."""

    after: int
    step: str
    facts: dict[str, Any]
    by: str = CHIEF
    way: bool = False
    then: "tuple[Done, ...]" = ()


class Story(NamedTuple):
    """One entry: when its file was opened, what it says, what was done. ``own``: of the owner's first businesses."""

    code: str
    ago: int
    facts: dict[str, Any]
    done: tuple[Done, ...]
    own: int = -1


def _listed(n: int) -> Done:
    return Done(4, "list", {"document": f"云临市监异列〔2026〕{n}号", "remedies": True})


def _report(year: int) -> dict[str, Any]:
    return {
        "summary": f"未公示 {year} 年度报告",
        "ground": "1",
        "year": year,
        "story": "报送期满后与年报系统比对发现。",
    }


def _marked(year: int) -> dict[str, Any]:
    return {"summary": f"未报送 {year} 年度报告", "ground": "1", "year": year, "story": "报送期满后比对发现。"}


HIDDEN = {"summary": "年度报告隐瞒分支机构", "ground": "3", "story": "抽查发现年报未填两处经营网点。"}
REMOVE = {"document": "云临市监异移〔2026〕{n}号"}
ASK = {"exit": "reported", "proof": "补报回执", "person": "经办人陈芳"}
KEPT = {"document": "云临市监异复〔2026〕{n}号", "why": "补报的年度报告尚未公示，公示以后可以再次申请。"}
CANDIDATE = {
    "summary": "生产经营超过保质期的食品，被从重处罚", "field": "food", "penalty": "云江市监处罚〔2025〕{n}号",
    "heavier": "fine", "nature": "明知过期仍更换标签销售。", "circumstances": "涉案批次多、持续时间长。",
    "harm": "产品流向多家学校周边商店。",
}  # fmt: skip
TOLD = {"document": "云临市监严告〔2025〕{n}号", "rights": True, "way": "direct", "proof": "送达回证"}
DEFEND = {"story": "没有提出", "checked": "无需复核"}
CONSENT = {"body": "云泽市市场监督管理局", "agreed": True, "document": "云市监信函〔2025〕{n}号"}
LIST = {"document": "云临市监严列〔2025〕{n}号", "measures": "提高抽查比例，许可审查从严。", "remedies": True,
        "repair": True}  # fmt: skip
PROMISE = {"done": True, "harmless": True, "promise": "已缴清罚款并召回全部产品，承诺依法经营，如有虚假愿承担责任。"}
REPAIR_FACTS = {"kind": "serious", "summary": "申请提前移出严重违法失信名单", "field": "ordinary", **PROMISE}
ACCEPTED = Done(1, "accept", {}, CLERK)
CHECKED = Done(5, "check", {"way": "书面核实", "finding": "缴款票据、召回记录属实，没有再次受到处罚。"}, CLERK)
GRANTED = Done(9, "grant", {"document": "云临市监信修〔2026〕{n}号"})
EXECUTED = Done(11, "execute", {"receivers": ["国家企业信用信息公示系统", "信用中国"]}, CLERK)
REFUSED = Done(9, "refuse", {"why": "核查发现仍有一批产品没有召回。", "told": True})
CORRECTION = {"wrong": "列入的年度写成 2025", "right": "2025 年度报告已于六月报送并公示", "proof": "报送系统截图"}
REPLY = {"text": "公司六月搬迁，系统账号交接期间漏报，现已补报并公示，感谢监督。"}


def _serious(*after: Done) -> tuple[Done, ...]:
    return (
        Done(3, "tell", TOLD), Done(10, "defend", DEFEND, CLERK), Done(18, "consent", CONSENT),
        Done(24, "list", LIST, HEAD), *after,
    )  # fmt: skip


def stories(year: int) -> list[Story]:
    """Every story, the oldest first; ``year`` is the year whose reports were due last."""
    left = (_listed(1), Done(40, "ask", ASK, CLERK), Done(43, "remove", REMOVE))
    kept = (_listed(2), Done(30, "ask", ASK, CLERK), Done(34, "keep", KEPT))
    false = (
        Done(3, "confirm", {"finding": "两处网点均在营业。", "evidence": "现场笔录、照片"}, CLERK),
        Done(9, "list", {"document": "云临市监异列〔2026〕9号", "remedies": True}),
    )
    upheld = (
        _listed(3), Done(20, "object", {"story": "认为已按期报送。"}, CLERK),
        Done(36, "uphold", {"document": "云临市监异答〔2026〕3号", "why": "系统无报送记录，截图为草稿页面。"}, HEAD),
    )  # fmt: skip
    reply = Done(60, "reply", REPLY, OWNER, way=True, then=(Done(3, "show", {"cleared": True}, CITY),))
    correct = Done(50, "correct", CORRECTION, OWNER, way=True, then=(
        Done(2, "inquire", {"body": "年报系统运维单位", "asked": "2025 年度报送记录"}, CLERK),
        Done(6, "reply", {"reply": "系统显示九月二日补报。"}, CLERK),
        Done(8, "decide", {"result": "marked", "why": "补报晚于期限。", "shown": "企业已补报并提出异议。"}, CITY),
    ))  # fmt: skip
    leave = Done(75, "leave", {"exit": "reported", "proof": "补报回执、公示截图"}, OWNER, way=True)
    mended = Done(400, "repair", REPAIR_FACTS, CLERK, then=(ACCEPTED, CHECKED, GRANTED, EXECUTED))
    going = Done(400, "repair", REPAIR_FACTS, CLERK, then=(ACCEPTED,))
    refused = Done(400, "repair", REPAIR_FACTS, CLERK, then=(ACCEPTED, CHECKED, REFUSED))
    return [
        Story(SERIOUS, 470, CANDIDATE, _serious(mended)),
        Story(SERIOUS, 455, CANDIDATE, _serious(refused)),
        Story(SERIOUS, 404, CANDIDATE, _serious(going)),
        Story(SERIOUS, 150, CANDIDATE, _serious(), own=1),
        Story(ABNORMAL, 135, _report(year), left),
        Story(ABNORMAL, 134, _report(year), kept),
        Story(ABNORMAL, 133, _report(year), upheld),
        Story(ABNORMAL, 130, _report(year), (_listed(4), correct, reply), own=0),
        Story(MARK, 128, _marked(year), left),
        Story(MARK, 120, _marked(year), (_listed(5),)),
        Story(ABNORMAL, 78, _report(year), (_listed(6), leave), own=1),
        Story(ABNORMAL, 60, HIDDEN, false),
        Story(ABNORMAL, 6, HIDDEN, ()),
    ]


LICENCE = "food.licence"
BANNED = {
    "name": "石某军", "number": "449901197103052213", "document": "云江市监处罚〔2024〕61号", "cause": "revoked",
    "firm": "临江区旧味食品作坊", "post": "负责人",
}  # fmt: skip
"""Who may not work in food for five years: an invented person."""
APPLICATION = {"summary": "申请食品经营许可", "kind": "catering", "scope": "热食类食品制售", "place": "江口街道",
               "manager": "食品安全员王某"}  # fmt: skip
EXAMINED = {"result": "yes", "finding": "布局、设施符合要求。"}
GRANT = {"number": "JY2449901000{n:04}", "until": "{until}"}


class Licence(NamedTuple):
    """One application: when it came, whether its firm is on the serious list, whether the banned man answers for it."""

    ago: int
    listed: bool = False
    banned: bool = False
    done: tuple[str, ...] = ()
    words: str = ""


LICENCES = (
    Licence(40, done=("accept", "examine", "grant", "hand")),
    Licence(26, listed=True, done=("accept", "examine", "grant"),
            words="列入严重违法失信名单，本次按一般程序从严审查，未适用告知承诺。"),
    Licence(19, banned=True, done=("accept", "refuse"),
            words="核对证件号码为本人，依据食品安全法第一百三十五条不予许可。"),
    Licence(4, listed=True, done=("accept",)),
    Licence(2),
)  # fmt: skip
REFUSED_LICENCE = {"why": "申请人在从业禁止期内（食品安全法第一百三十五条）。", "told": True}


FAILED = {"food": "quality.failed_food", "product": "quality.failed_goods"}


class Batch(NamedTuple):
    """One failed batch: what it is, how many sellers were told, and how far each came; ``closed``: it is over."""

    ago: int
    kind: str
    facts: dict[str, Any]
    sellers: tuple[str, ...] = ()
    treated: str = ""
    closed: bool = False
    own: bool = False


def _failed(summary: str, batch: str, item: str, maker: str, n: int) -> dict[str, Any]:
    return {"summary": summary, "batch": batch, "item": item, "maker": maker,
            "report": f"云检〔2026〕{n}号"}  # fmt: skip


PUBLISHED = {"objection": "none", "where": "信用门户"}
SELLER_SAYS = {"quantity": 24, "sold": 6, "story": "已全部下架封存，等待召回。"}
LOOKED = {"finding": "货架、库房均未见该批次。", "quantity": 0}
STILL = {"finding": "货架上还有未下架的同批次商品，当场责令停止销售。", "quantity": 5}
TREATED = {"finding": "生产者召回并在监督下销毁，整改后复查合格。"}
ENDING = {"conclusion": "全部下架，召回、整改完成。"}
BATCHES = (
    Batch(72, "food", _failed("云味绿豆糕", "2026-08-02", "菌落总数", "云味食品厂", 101),
          ("cleared", "cleared", "absent"), "recall", closed=True),
    Batch(38, "food", _failed("望湖酱卤鸭", "2026-09-10", "苯甲酸", "望湖肉制品厂", 118),
          ("cleared", "found", "confirm", ""), "recall"),
    Batch(16, "product", _failed("小暖牌电热水壶", "XN-1800 2026-07", "接地措施", "临江小家电公司", 126),
          ("confirm", "", ""), own=True),
    Batch(3, "product", _failed("亮星儿童滑板车", "LX-06 2026-08", "材料强度", "亮星玩具厂", 131)),
)  # fmt: skip
