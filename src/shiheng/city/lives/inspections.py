"""Visits: drawn at random, planned for those with permits, or made after a complaint; what they found."""

from datetime import date
from random import Random

from shiheng.city import definition as d
from shiheng.city import persons
from shiheng.city.draw import pick
from shiheng.city.lives.model import Life, after, arrivals, chance, office_day
from shiheng.city.places import authority

INSPECTION = "inspection"
FINE, ORDERED, PENDING, NOBODY, CLOSED = (
    "未发现问题",
    "发现问题已责令改正",
    "发现问题待后续处理",
    "通过登记的住所（经营场所）无法联系",
    "未发现开展本次抽查涉及的经营活动",
)
PERMITTED = ("62", "521", "522", "512", "135", "139", "141", "143", "5251", "5154", "5254", "6110", "6129", "8051")
_ITEMS = {
    "62": ("餐饮服务食品安全检查", "从业人员健康证明检查", "食品添加剂使用检查", "进货查验记录检查"),
    "52": ("食品销售安全检查", "明码标价检查", "商标使用行为检查", "产品质量监督检查"),
    "": ("登记事项检查", "公示信息检查", "价格行为检查", "广告行为检查", "计量监督检查"),
}


def live(rng: Random, life: Life) -> None:
    permitted = life.subject.industry.code.startswith(PERMITTED)
    rate = d.INSPECTED_AT_RANDOM + (d.INSPECTED_OF_PERMITTED * (0.6 + 0.4 * min(life.bad, 2.5)) if permitted else 0.0)
    days: list[tuple[date, str, str]] = []
    ends = min(life.registered, life.until)
    for day in arrivals(rng, life.first, ends, rate):
        drawn = not permitted or chance(rng, 0.4)
        days.append((office_day(day), "双随机抽查" if drawn else "日常检查", ""))
    for said in life.of("complaint"):
        report = said.steps[0][1]["sort"] == "举报"
        if chance(rng, d.INSPECTED_AFTER_REPORT if report else d.INSPECTED_AFTER_COMPLAINT):
            days.append((after(rng, said.day, 2, 15), "投诉举报检查", said.key))
    days += [(after(rng, e.day, 3, 20), "专项检查", e.key) for e in life.of("lead") if chance(rng, 0.5)]
    for day, kind, cause in sorted(days):
        if day < life.registered:
            _visit(rng, life, day, kind, cause)


def _visit(rng: Random, life: Life, day: date, kind: str, cause: str) -> None:
    items = _ITEMS.get(life.subject.industry.code[:2], _ITEMS[""])
    result, problems = _found(rng, life, day, kind)
    visit = life.add(
        INSPECTION,
        f"JC{day:%Y%m%d}{life.number(INSPECTION)}",
        day,
        cause=cause,
        sort=kind,
        item=pick(rng, items),
        result=result,
        problems=problems,
        office=authority(life.subject.region),
        rectified=None,
        officers=f"{persons.person(rng, '').name}、{persons.person(rng, '').name}",
    )
    if visit and result == ORDERED:
        again = after(rng, day, 7, 35)
        if again <= life.until and chance(rng, 0.35 + 0.6 * life.subject.conduct):
            visit.then(again, rectified=again)


def _found(rng: Random, life: Life, day: date, kind: str) -> tuple[str, int]:
    subject = life.subject
    if subject.shown:
        return FINE, 0
    if not life.alive(day):
        return (NOBODY, 0) if chance(rng, d.NOT_FOUND_AT_ADDRESS) else (CLOSED, 0)
    if chance(rng, 0.012):  # nobody was in that day, though it is open
        return NOBODY, 0
    tip = kind in ("投诉举报检查", "专项检查")
    found = d.PROBLEM_FOUND_ON_TIP if tip else d.PROBLEM_FOUND
    if not chance(rng, min(0.95, found * life.bad**1.2 * (0.5 + subject.industry.prone))):
        return FINE, 0
    problems = 1 + int(rng.random() ** 2 * 5 * min(life.bad, 2.0))
    return (PENDING if chance(rng, min(0.8, d.PUNISHED_AFTER_PROBLEM * life.bad)) else ORDERED), problems
