"""What people say: complaints and reports to 12315, orders of the 12345 line, leads of the street grid."""

from datetime import date, timedelta
from random import Random

from shiheng.city import definition as d
from shiheng.city.draw import Weighted, between, pick
from shiheng.city.lives.model import BEYOND, Event, Life, after, arrivals, chance
from shiheng.city.lives.people import Caller, caller

COMPLAINT, ORDER, LEAD = "complaint", "hotline", "lead"
SHOPS = ("62", "52", "80", "61", "83", "90", "81", "70", "50", "84")
# January to December: food in the heat, prepaid cards after the new year, online shopping in November.
SUMMER = (0.8, 0.6, 0.9, 0.95, 1.05, 1.25, 1.4, 1.35, 1.15, 0.95, 0.9, 0.85)
PREPAID = (1.2, 1.5, 1.3, 1.0, 0.9, 0.9, 1.0, 1.0, 1.0, 0.9, 0.9, 0.9)
ONLINE = (0.8, 0.6, 0.9, 0.8, 0.9, 1.4, 0.8, 0.8, 0.9, 1.1, 2.1, 1.3)
_TOPICS = {
    "62": Weighted([("食品安全", 55.0), ("价格", 12.0), ("消费服务", 20.0), ("消费欺诈", 8.0)]),
    "52": Weighted(
        [("产品质量", 34.0), ("食品安全", 24.0), ("价格", 14.0), ("广告", 8.0), ("计量", 8.0), ("消费欺诈", 12.0)]
    ),
    "80": Weighted([("预付式消费", 60.0), ("消费服务", 25.0), ("价格", 8.0), ("广告", 7.0)]),
    "83": Weighted([("预付式消费", 68.0), ("合同", 14.0), ("广告", 18.0)]),
    "50": Weighted([("合同", 50.0), ("产品质量", 35.0), ("消费服务", 15.0)]),
    "70": Weighted([("合同", 55.0), ("价格", 15.0), ("广告", 30.0)]),
    "": Weighted(
        [("产品质量", 38.0), ("合同", 22.0), ("广告", 14.0), ("知识产权", 6.0), ("登记注册", 8.0), ("其他", 12.0)]
    ),
}
_SAYINGS = {
    "食品安全": (
        "用餐后腹泻，怀疑食品不洁",
        "食品超过保质期仍在销售",
        "餐具不干净，后厨环境差",
        "食品中有异物",
        "未见食品经营许可证",
    ),
    "产品质量": ("购买的商品使用数日即损坏", "商品与宣传不符", "商品无合格证明、无厂名厂址", "疑似假冒产品"),
    "价格": ("结账价格高于标价", "未明码标价", "收取额外费用未事先告知"),
    "消费服务": ("拒不开具发票", "服务态度恶劣，拒绝退换", "承诺的服务未履行"),
    "消费欺诈": ("以次充好", "虚构原价打折", "诱导消费后拒绝退款"),
    "预付式消费": ("充值后门店停业，余额不退", "办卡后拒绝退费", "转让门店后新店不认旧卡"),
    "合同": ("收取定金后不履行合同", "合同条款减轻自身责任", "逾期未交付"),
    "广告": ("广告使用绝对化用语", "虚假宣传疗效", "宣传学员通过率与事实不符"),
    "计量": ("缺斤短两", "计量器具未检定"),
    "知识产权": ("销售假冒注册商标的商品",),
    "登记注册": ("冒用本人身份登记", "无照经营", "地址被冒用登记"),
    "其他": ("其他诉求",),
}
_LEADS = Weighted(
    [
        ("无证无照经营", 26.0),
        ("人去楼空", 26.0),
        ("占道经营", 24.0),
        ("消防安全", 14.0),
        ("食品安全", 12.0),
        ("虚假宣传", 5.0),
        ("其他", 5.0),
    ]
)


def facing(life: Life) -> bool:
    """Whether ordinary people buy there."""
    return life.subject.industry.code.startswith(SHOPS)


def season(life: Life) -> tuple[float, ...]:
    code = life.subject.industry.code
    return ONLINE if code == "5292" else PREPAID if code[:2] in ("80", "83") else SUMMER


def topic(rng: Random, life: Life) -> str:
    return _TOPICS.get(life.subject.industry.code[:2], _TOPICS[""]).draw(rng)


def live(rng: Random, life: Life) -> None:
    if life.subject.shown:
        return
    shop = facing(life)
    weight = life.bad**1.4 * (0.45 + life.subject.industry.prone)
    ends = min(life.operating, life.until)
    rate = (d.COMPLAINTS_OF_SHOPS if shop else d.COMPLAINTS_OF_OTHERS) * weight
    for day in arrivals(rng, life.first, ends, rate, season(life)):
        _complaint(rng, life, day)
    # A shop that went away with prepaid money is complained of for months; of a fake firm its victims complain.
    if life.operating < BEYOND and life.subject.vanished_on == life.operating:
        begins = max(life.operating, life.first)
        closes = min(begins + timedelta(days=150), life.registered, life.until)
        if not life.subject.never_operated:
            for day in arrivals(rng, begins, closes, rate * d.COMPLAINTS_AFTER_VANISHING):
                _complaint(rng, life, day, gone=True)
        elif life.subject.fake:
            for day in arrivals(rng, begins, min(life.registered, life.until), 0.15):
                _complaint(rng, life, day, about="登记注册")
    orders = (d.ORDERS_OF_SHOPS if shop else d.ORDERS_OF_OTHERS) * weight
    for day in arrivals(rng, life.first, ends, orders, season(life)):
        _order(rng, life, day, topic(rng, life), caller(rng), cause="")
    _leads(rng, life)


def _complaint(rng: Random, life: Life, day: date, *, gone: bool = False, about: str = "") -> None:
    about = about or ("预付式消费" if gone and chance(rng, 0.7) else topic(rng, life))
    report = chance(rng, d.REPORTS_OF_COMPLAINTS)
    who = caller(rng)
    said = life.add(
        COMPLAINT,
        f"{life.subject.region}{day:%Y%m%d}{life.number(COMPLAINT)}",
        day,
        sort="举报" if report else "投诉",
        topic=about,
        text=pick(rng, _SAYINGS[about]),
        who=who,
        fen=between(rng, 1, 60) * between(rng, 1, 9) * 1000,
        way=pick(rng, ("12315平台", "12315平台", "电话", "来函", "12345转办")),
        state="待处理",
        result="",
        decided=None,
        closed=None,
        valid=False,
    )
    if said is None:
        return
    _handle(rng, life, said, report=report, gone=gone)
    if chance(rng, 0.18):  # the same trouble is told to the hotline too
        _order(rng, life, day + timedelta(days=between(rng, 0, 6)), about, who, cause=said.key)


def _handle(rng: Random, life: Life, said: Event, *, report: bool, gone: bool) -> None:
    """受理 within seven workdays, the end within sixty days (举报: the case decides)."""
    if chance(rng, d.ENTERED_TWICE):  # the same complaint was entered before: this one is taken back
        back = after(rng, said.day, 1, 12)
        if back <= life.until:
            said.then(back, state="已办结", closed=back, result="重复登记，已撤回")
            said.undone = said.last
        return
    decided = after(rng, said.day, 1, 7)
    if decided > life.until:
        return
    if chance(rng, 0.14):
        said.then(
            decided,
            state="不予受理" if not report else "不予立案",
            decided=decided,
            closed=decided,
            result=pick(rng, ("不属于本机关职责", "没有明确的被投诉人", "不能证明存在消费关系争议")),
        )
        return
    said.then(decided, state="已受理" if not report else "核查中", decided=decided)
    closed = after(rng, decided, 3, 52)
    valid = chance(rng, min(0.95, 0.30 * life.bad))
    if closed > life.until:
        return
    if report:
        said.then(closed, state="已办结", closed=closed, valid=valid, result="立案" if valid else "不予立案")
    else:
        agreed = not gone and chance(rng, 0.35 + 0.4 * life.subject.conduct)
        said.then(
            closed,
            state="已办结",
            closed=closed,
            valid=valid,
            result="达成调解协议" if agreed else pick(rng, ("终止调解", "终止调解", "撤回投诉")),
        )


def _order(rng: Random, life: Life, day: date, about: str, who: Caller, *, cause: str) -> None:
    order = life.add(
        ORDER,
        f"YZ{day:%Y%m%d}{life.number(ORDER)}",
        day,
        cause=cause,
        topic=about,
        text=pick(rng, _SAYINGS[about]),
        who=who,
        state="办理中",
        result="",
        closed=None,
        content=None,
    )
    closed = after(rng, day, 2, 20)
    if order and closed <= life.until:
        order.then(
            closed,
            state="已办结",
            closed=closed,
            result=pick(rng, ("已回复诉求人", "已转主管部门办理", "双方自行协商解决")),
            content=chance(rng, 0.72),
        )


def _leads(rng: Random, life: Life) -> None:
    """The grid walks the streets: it sees dark windows first, and often knows an address but no code."""
    for day in arrivals(rng, life.first, min(life.registered, life.until), d.LEADS * life.bad):
        alive = life.alive(day)
        kind = _LEADS.draw(rng) if alive else "人去楼空"
        if alive and kind == "人去楼空":
            kind = "占道经营"
        _lead(rng, life, day, kind)
    gone = life.subject.vanished_on
    if gone and not life.subject.never_operated and gone >= life.first and chance(rng, 0.3):
        seen = gone + timedelta(days=between(rng, 10, 120))
        if seen < life.registered:
            _lead(rng, life, seen, "人去楼空")


def _lead(rng: Random, life: Life, day: date, kind: str) -> None:
    lead = life.add(LEAD, f"WG{day:%Y%m%d}{life.number(LEAD)}", day, topic=kind, state="待核实", result="", closed=None)
    closed = after(rng, day, 2, 25)
    if lead and closed <= life.until:
        state, result = pick(
            rng, (("已处置", "现场核查属实，已处置"), ("已移交", "属实，移交主管部门"), ("不属实", "现场核查不属实"))
        )
        lead.then(closed, state=state, closed=closed, result=result)
