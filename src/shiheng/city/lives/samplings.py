"""Samples taken of food and goods: what was taken, what the laboratory said weeks later."""

from datetime import date
from random import Random

from shiheng.city import definition as d
from shiheng.city.draw import between, pick
from shiheng.city.lives.complaints import SUMMER
from shiheng.city.lives.model import FLAT, Life, after, arrivals, chance, office_day
from shiheng.city.places import authority

FOOD, GOODS = "food_sample", "product_sample"
_FOODS = {
    "62": ("复用餐饮具", "自制酱卤肉", "自制面条", "凉拌菜", "鲜榨果汁"),
    "5224": ("鲫鱼", "猪肉", "鸡肉", "牛蛙", "基围虾"),
    "5223": ("韭菜", "豇豆", "芹菜", "香蕉", "芒果", "姜"),
    "5123": ("韭菜", "豇豆", "菠菜", "橙"),
    "14": ("绿豆糕", "面包", "月饼", "方便米粉"),
    "13": ("腊肠", "豆腐干", "酱牛肉"),
    "": ("食用植物油", "大米", "白酒", "酱油", "饼干", "茶叶", "蜂蜜"),
}
_FOOD_FAULTS = (
    "腐霉利",
    "毒死蜱",
    "恩诺沙星",
    "大肠菌群",
    "菌落总数",
    "苯甲酸及其钠盐",
    "二氧化硫残留量",
    "酒精度",
    "甜蜜素",
    "阴离子合成洗涤剂",
)
_GOODS = {
    "18": ("针织服装", "儿童服装", "校服"),
    "21": ("木制家具",),
    "29": ("塑料购物袋",),
    "33": ("铝合金门窗",),
    "38": ("LED灯具", "可移式灯具"),
    "39": ("印制电路板",),
    "26": ("面霜",),
    "34": ("电梯部件",),
    "5232": ("童装", "羽绒服"),
    "5272": ("电热水壶", "电饭锅", "插座"),
    "5274": ("移动电源", "充电器"),
    "5281": ("电线电缆", "水龙头"),
    "5263": ("制动衬片", "机动车玻璃"),
    "5292": ("儿童玩具", "移动电源", "家纺产品"),
    "5165": ("防水涂料", "瓷砖"),
    "5174": ("燃气软管",),
    "5241": ("学生文具",),
    "5212": ("插座", "一次性筷子", "毛巾"),
    "5265": ("车用汽油", "车用柴油"),
}
_GOODS_FAULTS = (
    "标志",
    "纤维含量",
    "甲醛含量",
    "防触电保护",
    "绝缘电阻",
    "耐热和耐燃",
    "电气强度",
    "尺寸偏差",
    "邻苯二甲酸酯",
    "色牢度",
)
_LABORATORIES = ("云泽市食品药品检验所", "云泽市质量计量监督检测所", "云泽衡信检测技术有限公司")


def live(rng: Random, life: Life) -> None:
    code = life.subject.industry.code
    ends = min(life.operating, life.registered, life.until)
    if code.startswith(("62", "521", "522", "512", "135", "139", "141", "143")):
        for day in arrivals(rng, life.first, ends, d.FOOD_SAMPLED, SUMMER):
            fails = 0.0 if life.subject.shown else min(0.5, d.FOOD_FAILS * life.bad**1.6)
            _sample(rng, life, FOOD, office_day(day), _listed(_FOODS, code), _FOOD_FAULTS, fails)
    if goods := _listed(_GOODS, code, none=()):
        for day in arrivals(rng, life.first, ends, d.GOODS_SAMPLED, FLAT):
            fails = 0.0 if life.subject.shown else min(0.6, d.GOODS_FAIL * life.bad**1.6)
            _sample(rng, life, GOODS, office_day(day), goods, _GOODS_FAULTS, fails)


def _listed(table: dict[str, tuple[str, ...]], code: str, none: tuple[str, ...] | None = None) -> tuple[str, ...]:
    return table.get(code) or table.get(code[:2]) or (table[""] if none is None else none)


def _sample(
    rng: Random, life: Life, kind: str, day: date, things: tuple[str, ...], faults: tuple[str, ...], fails: float
) -> None:
    failed = chance(rng, fails)
    number = f"{'SC' if kind == FOOD else 'CP'}{life.subject.region}{day:%y%m}{life.number(kind)}"
    sample = life.add(
        kind,
        number,
        day,
        thing=pick(rng, things),
        batch=f"{day:%Y%m}{between(rng, 1, 28):02d}",
        laboratory=pick(rng, _LABORATORIES),
        office=authority(life.subject.region),
        result="",
        fault="",
        reported=None,
        stage=pick(rng, ("流通", "餐饮"))
        if kind == FOOD and life.subject.industry.code[:2] in ("52", "62")
        else "生产"
        if life.subject.industry.code[:1] in "123"
        else "流通",
    )
    said = after(rng, day, 12, 45)
    if sample and said <= life.until:
        sample.then(
            said, reported=said, result="不合格" if failed else "合格", fault=pick(rng, faults) if failed else ""
        )
