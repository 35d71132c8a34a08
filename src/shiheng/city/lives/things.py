"""What businesses have: special equipment and its inspections, trademarks and patents, shops on platforms."""

from datetime import date, timedelta
from random import Random

from shiheng.city.draw import Weighted, between, pick, waiting
from shiheng.city.lives.model import Life, after, chance

EQUIPMENT, TRADEMARK, PATENT, SHOP = "equipment", "trademark", "patent", "online_shop"
# kind of equipment, its first digit in the catalogue, years between inspections
_ELEVATOR, _VESSEL, _TRUCK, _CRANE, _BOILER = (
    ("电梯", "3", 1),
    ("压力容器", "2", 3),
    ("场（厂）内专用机动车辆", "5", 1),
    ("起重机械", "4", 2),
    ("锅炉", "1", 2),
)
_EQUIPPED = {
    "61": (0.5, (_ELEVATOR, _ELEVATOR, _BOILER)),
    "7020": (0.8, (_ELEVATOR,)),
    "5212": (0.12, (_ELEVATOR, _TRUCK)),
    "7223": (0.7, (_ELEVATOR, _TRUCK)),
    "8425": (0.3, (_ELEVATOR,)),
    "5920": (0.9, (_TRUCK, _CRANE)),
    "90": (0.12, (_ELEVATOR,)),
    "80": (0.01, (_BOILER,)),
    "543": (0.15, (_TRUCK,)),
    "5164": (0.3, (_CRANE, _TRUCK)),
    **dict.fromkeys(
        ("13", "14", "18", "21", "23", "26", "29", "33", "34", "35", "38", "39"),
        (0.45, (_VESSEL, _TRUCK, _CRANE, _BOILER)),
    ),
}
_MAKERS = ("云泽恒升电梯有限公司", "云泽江澜重工有限公司", "云泽安压力容器有限公司", "云泽远扬叉车有限公司")
_PLATFORMS = Weighted([("云泽购", 34.0), ("泽优选", 24.0), ("到家外卖", 26.0), ("直播优品", 16.0)])
_QUALITIES = ("便携式", "节能型", "自动", "防尘", "可折叠")
_INVENTIONS = ("灯具", "夹具", "包装装置", "检测系统", "散热结构", "模具")
_CLASSES = ("第29类", "第30类", "第35类", "第43类", "第9类", "第25类", "第5类", "第3类", "第11类")


def live(rng: Random, life: Life) -> None:
    if life.subject.never_operated:
        return
    _equipment(rng, life)
    _property(rng, life)
    _shops(rng, life)


def _equipment(rng: Random, life: Life) -> None:
    code = life.subject.industry.code
    share, kinds = _EQUIPPED.get(code) or _EQUIPPED.get(code[:3]) or _EQUIPPED.get(code[:2]) or (0.0, ())
    size = 1.0 if life.subject.kind != "individual" else 0.25
    if not kinds or not chance(rng, share * size):
        return
    for _ in range(1 + int(waiting(rng, 1.3))):
        kind, digit, years = pick(rng, kinds)
        put = after(rng, life.subject.established, 30, 1500)
        if put < min(life.operating, life.until):
            _device(rng, life, kind, digit, years, put)


def _device(rng: Random, life: Life, kind: str, digit: str, years: int, put: date) -> None:
    serial = life.number(EQUIPMENT)
    device = life.add(
        EQUIPMENT,
        f"{digit}0104499{serial}",
        put,
        sort=kind,
        made_by=pick(rng, _MAKERS),
        maker_no=f"{put:%y}{between(rng, 1000, 99999)}",
        put=put,
        checked=put,
        due=put + timedelta(days=365 * years),
        result="合格",
        state="在用",
        alike=digit,
    )
    due = put + timedelta(days=365 * years)
    while device and due <= life.until:
        if not life.alive(due):
            device.then(due, state="停用")
            device.gone = life.registered if life.registered <= life.until else None
            return
        careless = 0.0 if life.subject.shown else min(0.6, 0.09 * life.bad**1.4)
        if chance(rng, careless):
            device.then(due + timedelta(days=1), result="超期未检")
        came = (
            after(rng, due, 40, 300)
            if device.steps[-1][1].get("result") == "超期未检"
            else due - timedelta(days=between(rng, 1, 25))
        )
        if came > life.until:
            return
        fails = 0.0 if life.subject.shown else min(0.4, 0.04 * life.bad**1.4)
        failed = chance(rng, fails)
        due = came + timedelta(days=365 * years)
        device.then(came, checked=came, due=due, result="不合格" if failed else "合格")
        if failed:
            again = after(rng, came, 10, 60)
            if again <= life.until:
                device.then(again, checked=again, result="合格")


def _property(rng: Random, life: Life) -> None:
    subject = life.subject
    if subject.kind == "branch" or not subject.brand:
        return
    if chance(rng, 0.16 if subject.kind == "enterprise" else 0.02):
        for _ in range(min(8, 1 + int(waiting(rng, 0.7)))):
            filed = subject.established + timedelta(days=int(waiting(rng, 700)))
            granted = after(rng, filed, 210, 420)
            if granted >= life.operating or granted > life.until:
                continue
            mark = life.add(
                TRADEMARK,
                f"{40_000_000 + subject.k * 9 + life.serials.get(TRADEMARK, 0)}",
                granted,
                name=subject.brand,
                sort=pick(rng, _CLASSES),
                filed=filed,
                ends=_ten_years(granted),
                state="注册",
            )
            life.number(TRADEMARK)
            if mark and mark.on(granted)["ends"] <= life.until:
                mark.then(mark.on(granted)["ends"], state="期满失效")
    makes = subject.industry.code.startswith(("26", "29", "33", "34", "35", "38", "39", "65", "43"))
    if subject.kind == "enterprise" and chance(rng, 0.25 if makes else 0.015):
        for _ in range(1 + int(waiting(rng, 1.6))):
            _patent(rng, life)


def _patent(rng: Random, life: Life) -> None:
    filed = life.subject.established + timedelta(days=60 + int(waiting(rng, 900)))
    granted = after(rng, filed, 180, 700)
    if granted >= min(life.operating, life.until):
        return
    sort = pick(rng, ("实用新型", "实用新型", "外观设计", "发明"))
    years, digit = {"发明": (20, "1"), "实用新型": (10, "2"), "外观设计": (15, "3")}[sort]
    life.add(
        PATENT,
        f"ZL{filed.year}{digit}{life.number(PATENT)}",
        granted,
        name=f"一种{pick(rng, _QUALITIES)}{pick(rng, _INVENTIONS)}",
        sort=sort,
        filed=filed,
        ends=date(filed.year + years, filed.month, min(filed.day, 28)),
        state="有效",
    )


def _ten_years(day: date) -> date:
    return date(day.year + 10, day.month, min(day.day, 28))


def _shops(rng: Random, life: Life) -> None:
    code = life.subject.industry.code
    share = (
        0.9
        if code == "5292"
        else 0.35
        if code.startswith(("621", "622", "6239"))
        else 0.05
        if code.startswith("52")
        else 0.0
    )
    if not share or not chance(rng, share):
        return
    for _ in range(1 + (rng.random() < 0.25)):
        opened = after(rng, life.subject.established, 5, 300)
        if opened >= min(life.operating, life.until):
            continue
        platform = "到家外卖" if code.startswith("62") and chance(rng, 0.75) else _PLATFORMS.draw(rng)
        serial = life.number(SHOP)
        shop = life.add(
            SHOP,
            f"S{serial}",
            opened,
            platform=platform,
            title=_title(life, opened),
            url=f"https://shop{serial}.example.invalid/",
            state="营业",
            licence=not chance(rng, min(0.6, 0.05 * life.bad**1.5)),
            score=round(5 - 1.1 * rng.random() * min(life.bad, 2.4), 1),
        )
        if shop and life.operating <= life.until:
            closed = after(rng, life.operating, 0, 60)
            if closed <= life.until:
                shop.then(closed, state="关店")
                shop.gone = closed


def _title(life: Life, day: date) -> str:
    name = str(life.said(day)["name"])
    return (life.subject.brand or name[-6:]) + ("旗舰店" if life.subject.kind == "enterprise" else "小店")
