"""Cases and their ends: a penalty follows an inspection, a report or a failed sample; the police get the worst."""

from datetime import date
from random import Random

from shiheng.city import definition as d
from shiheng.city.draw import Weighted, between, pick
from shiheng.city.lives.inspections import PENDING
from shiheng.city.lives.model import Event, Life, after, arrivals, chance
from shiheng.city.places import CITY, authority, town_of

PENALTY, TRANSFER = "penalty", "transfer"
# (what was done, basis, lowest and highest fine in yuan): market supervision
_FOOD = Weighted(
    [
        (("经营超过保质期的食品", "《中华人民共和国食品安全法》第一百二十四条第一款第五项", 2_000, 60_000), 30.0),
        (
            ("未取得食品经营许可从事食品经营活动", "《中华人民共和国食品安全法》第一百二十二条第一款", 5_000, 80_000),
            16.0,
        ),
        (
            (
                "安排未取得健康证明的人员从事接触直接入口食品的工作",
                "《中华人民共和国食品安全法》第一百二十六条第一款第六项",
                500,
                6_000,
            ),
            22.0,
        ),
        (
            (
                "采购食品未查验供货者的许可证和食品出厂检验合格证",
                "《中华人民共和国食品安全法》第一百二十六条第一款第三项",
                500,
                8_000,
            ),
            18.0,
        ),
        (
            ("经营混有异物、掺假掺杂的食品", "《中华人民共和国食品安全法》第一百二十四条第一款第四项", 8_000, 150_000),
            8.0,
        ),
    ]
)
_SAMPLE_FOOD = Weighted(
    [
        (
            (
                "经营农药残留超过食品安全标准限量的食品",
                "《中华人民共和国食品安全法》第一百二十四条第一款第一项",
                3_000,
                60_000,
            ),
            50.0,
        ),
        (
            (
                "经营致病性微生物含量超过食品安全标准限量的食品",
                "《中华人民共和国食品安全法》第一百二十四条第一款第一项",
                8_000,
                120_000,
            ),
            25.0,
        ),
        (
            (
                "经营超范围、超限量使用食品添加剂的食品",
                "《中华人民共和国食品安全法》第一百二十四条第一款第三项",
                5_000,
                100_000,
            ),
            25.0,
        ),
    ]
)
_SAMPLE_GOODS = Weighted(
    [
        (
            (
                "销售不符合保障人体健康和人身、财产安全的国家标准的产品",
                "《中华人民共和国产品质量法》第四十九条",
                3_000,
                90_000,
            ),
            50.0,
        ),
        (("销售不合格产品冒充合格产品", "《中华人民共和国产品质量法》第五十条", 2_000, 60_000), 50.0),
    ]
)
_OTHER = Weighted(
    [
        (("发布虚假广告", "《中华人民共和国广告法》第五十五条第一款", 3_000, 200_000), 18.0),
        (("广告使用绝对化用语", "《中华人民共和国广告法》第五十七条第一项", 2_000, 100_000), 10.0),
        (("未按规定明码标价", "《中华人民共和国价格法》第四十二条", 300, 5_000), 20.0),
        (("销售侵犯注册商标专用权的商品", "《中华人民共和国商标法》第六十条第二款", 3_000, 120_000), 12.0),
        (("使用未经检定的计量器具", "《中华人民共和国计量法》第二十五条", 200, 1_000), 10.0),
        (("销售不合格产品冒充合格产品", "《中华人民共和国产品质量法》第五十条", 2_000, 60_000), 14.0),
        (("作虚假或者引人误解的商业宣传", "《中华人民共和国反不正当竞争法》第二十条第一款", 10_000, 300_000), 10.0),
        (("未依照规定办理变更登记", "《中华人民共和国市场主体登记管理条例》第四十六条", 500, 20_000), 12.0),
    ]
)
_PLAIN = Weighted(
    [
        (("未按照规定的期限办理纳税申报", "《中华人民共和国税收征收管理法》第六十二条", 50, 2_000, "税务局"), 55.0),
        (("超标排放水污染物", "《中华人民共和国水污染防治法》第八十三条", 20_000, 200_000, "生态环境局"), 10.0),
        (("公共场所卫生检测不合格", "《公共场所卫生管理条例》第十四条", 500, 5_000, "卫生健康局"), 20.0),
        (
            ("消防设施未保持完好有效", "《中华人民共和国消防法》第六十条第一款第一项", 5_000, 30_000, "消防救援大队"),
            15.0,
        ),
    ]
)
_CRIMES = (
    "涉嫌生产、销售不符合安全标准的食品罪",
    "涉嫌生产、销售伪劣产品罪",
    "涉嫌假冒注册商标罪",
    "涉嫌虚假广告罪",
    "涉嫌非法吸收公众存款罪",
)


def live(rng: Random, life: Life) -> None:
    if life.subject.shown:
        return
    tipped = {said.key for said in life.of("complaint") if said.on(life.until).get("result") == "立案"}
    for visit in life.of("inspection"):
        facts = visit.steps[0][1]
        if facts["result"] == PENDING or (visit.cause in tipped and facts["problems"]):
            _case(
                rng,
                life,
                visit,
                after(rng, visit.day, 18, 88),
                _OTHER if chance(rng, 0.3) or not _food(life) else _FOOD,
            )
    visited = {visit.cause for visit in life.of("inspection")}
    for said in life.of("complaint"):
        if said.key in tipped and said.key not in visited:
            _case(rng, life, said, after(rng, said.last, 10, 85), _OTHER)
    for kind, cases in (("food_sample", _SAMPLE_FOOD), ("product_sample", _SAMPLE_GOODS)):
        for sample in life.of(kind):
            if sample.on(life.until).get("result") == "不合格" and chance(rng, d.PUNISHED_AFTER_SAMPLE):
                _case(rng, life, sample, after(rng, sample.last, 25, 95), cases)
    for day in arrivals(rng, life.first, min(life.operating, life.until), d.PUNISHED_PLAIN * life.bad**1.5):
        what, basis, low, high, office = _PLAIN.draw(rng)
        where = town_of(life.said(day)["town"]).district.name
        _penalty(rng, life, after(rng, day, 0, 3), (what, basis, low, high), f"{CITY}{where}{office}", cause="")
    life.of(PENALTY).sort(key=lambda penalty: penalty.day)
    _transfers(rng, life)


def _food(life: Life) -> bool:
    return life.subject.industry.code.startswith(("62", "521", "522", "512", "135", "139", "141", "143"))


def _case(rng: Random, life: Life, cause: Event, day: date, cases: Weighted[tuple[str, str, int, int]]) -> None:
    if day < life.registered:
        _penalty(rng, life, day, cases.draw(rng), authority(life.subject.region), cause=cause.key)


def _penalty(rng: Random, life: Life, day: date, case: tuple[str, str, int, int], office: str, *, cause: str) -> None:
    what, basis, low, high = case
    mild = chance(rng, 0.18)
    yuan = 0 if mild else max(low, int(low + (high - low) * rng.random() ** (5.5 / min(life.bad, 2.2)))) // 10 * 10
    taken = 0 if mild or chance(rng, 0.6) else between(rng, 1, 80) * 50
    serial = life.number(PENALTY)
    own = office.endswith("市场监督管理局")
    short = "市监" if own else office.removeprefix(CITY)[2:4]
    penalty = life.add(
        PENALTY,
        f"云{short}罚〔{day.year}〕{serial}号" if own else f"云{short}罚字〔{day.year}〕{serial}号",
        day,
        cause=cause,
        what=what,
        basis=basis,
        fen=yuan * 100,
        taken=taken * 100,
        office=office,
        own=own,
        sorts="警告" if mild else "罚款" + ("、没收违法所得" if taken else ""),
        state="有效",
        text=f"当事人{what}，"
        + ("给予警告。" if mild else f"处罚款{yuan}元" + (f"，没收违法所得{taken}元。" if taken else "。")),
    )
    if penalty and chance(rng, 0.012):
        back = after(rng, day, 30, 200)
        if back <= life.until:
            penalty.then(back, state="撤销", why=pick(rng, ("行政复议决定撤销", "人民法院判决撤销", "主要证据不足")))
            penalty.undone = penalty.last


def _transfers(rng: Random, life: Life) -> None:
    """Crimes go to the police; the police send what is none."""
    for penalty in life.of(PENALTY):
        if penalty.steps[0][1]["fen"] >= 6_000_000 and chance(rng, 0.3):
            _transfer(
                rng, life, after(rng, penalty.day, 1, 20), "行政机关移送公安", pick(rng, _CRIMES[:4]), penalty.key
            )
    if life.bad > 1.2:
        for day in arrivals(rng, life.first, min(life.registered, life.until), 0.0022 * life.bad):
            _transfer(rng, life, after(rng, day, 0, 2), "公安移送行政机关", pick(rng, _CRIMES), "")


def _transfer(rng: Random, life: Life, day: date, way: str, crime: str, cause: str) -> None:
    if day >= life.registered:
        return
    sent = life.add(
        TRANSFER,
        f"YS{day.year}{life.number(TRANSFER)}",
        day,
        cause=cause,
        way=way,
        crime=crime,
        state="已移送",
        result="",
        closed=None,
    )
    closed = after(rng, day, 7, 90)
    if sent and closed <= life.until:
        sent.then(
            closed, state="已反馈", closed=closed, result=pick(rng, ("已立案", "已立案", "不予立案", "退回补充材料"))
        )
