"""Suits against businesses, judgments that are not obeyed, and those the court lists for it (失信被执行人)."""

import zlib
from datetime import date
from random import Random

from shiheng.city import definition as d
from shiheng.city.draw import Weighted, between, pick
from shiheng.city.lives import people
from shiheng.city.lives.model import BEYOND, Event, Life, after, arrivals, chance
from shiheng.city.places import CITY, town_of

SUIT, EXECUTION, DEBTOR = "suit", "court_case", "judgment"
# For the debts of one listed enterprise in so many its representative stood surety, and is listed too.
SURETY = 3
_CAUSES = Weighted(
    [
        ("买卖合同纠纷", 40.0),
        ("劳动争议", 16.0),
        ("借款合同纠纷", 14.0),
        ("房屋租赁合同纠纷", 12.0),
        ("产品责任纠纷", 6.0),
        ("著作权侵权纠纷", 6.0),
        ("服务合同纠纷", 10.0),
    ]
)


def live(rng: Random, life: Life) -> None:
    subject = life.subject
    if subject.shown or subject.kind == "branch":
        return
    size = 1.6 if subject.kind == "enterprise" else 0.3
    rate = d.SUED * life.bad**1.2 * size
    days = list(arrivals(rng, life.first, min(life.operating, life.until), rate))
    if life.operating < BEYOND and subject.vanished_on == life.operating and not subject.never_operated:
        closes = min(life.registered, life.until)
        days += arrivals(rng, max(life.operating, life.first), closes, rate * 2.5)
    for day in days:
        _sued(rng, life, day)


def _sued(rng: Random, life: Life, day: date) -> None:
    court = f"{CITY}{town_of(life.said(day)['town']).district.name}人民法院"
    serial = life.number(SUIT)
    cause = _CAUSES.draw(rng)
    fen = int(between(rng, 2, 90) * between(rng, 1, 30) * 100_000)
    filed = after(rng, day, 0, 5)
    code = f"{int(town_of(life.said(day)['town']).district.code[4:]):02d}"
    case = life.add(
        SUIT,
        f"（{filed.year}）云{code}民初{serial}号",
        filed,
        sort="民事",
        cause_of=cause,
        court=court,
        fen=fen,
        state="已立案",
        result="",
        closed=None,
        role="被告",
    )
    judged = after(rng, filed, 40, 180)
    if case is None or judged > life.until:
        return
    lost = chance(rng, 0.45 + 0.25 * min(life.bad, 1.8))
    case.then(
        judged,
        state="已结案",
        closed=judged,
        result="判决支持原告诉请" if lost else pick(rng, ("调解结案", "撤诉", "驳回诉讼请求")),
    )
    if lost and chance(rng, min(0.9, d.EXECUTED * life.bad**0.6 * (1.0 if life.alive(judged) else 1.8))):
        _executed(rng, life, judged, serial, cause, court, code, fen, case.key)


def _executed(
    rng: Random, life: Life, judged: date, serial: str, about: str, court: str, code: str, fen: int, cause: str
) -> None:
    filed = after(rng, judged, 20, 120)
    paid = int(fen * rng.random() * 0.4) if life.alive(filed) else 0
    case = life.add(
        EXECUTION,
        f"（{filed.year}）云{code}执{serial}号",
        filed,
        cause=cause,
        basis=cause,
        sort="执行",
        cause_of=about,
        court=court,
        fen=fen,
        state="执行中",
        result="",
        closed=None,
        role="被执行人",
    )
    listed = after(rng, filed, 25, 150)
    if case is None or listed > life.until:
        return
    if not chance(rng, min(0.95, d.DEBTOR * life.bad**0.8 * (1.0 if life.alive(listed) else 1.9))):
        case.then(listed, state="执行完毕", closed=listed, result="执行完毕")
        return
    entry = life.add(
        DEBTOR,
        f"SX{listed.year}{life.number(DEBTOR)}",
        listed,
        cause=case.key,
        case=case.key,
        basis=cause,
        court=court,
        fen=fen,
        paid=paid,
        filed=filed,
        done="全部未履行" if not paid else "部分未履行",
        closed=None,
        how=pick(
            rng, ("有履行能力而拒不履行生效法律文书确定义务", "违反财产报告制度", "其他规避执行", "违反限制消费令")
        ),
    )
    freed = after(rng, listed, 60, 730)
    if entry and freed <= life.until and (chance(rng, 0.3) or (freed - listed).days > 700):
        entry.then(freed, closed=freed, done="全部已履行" if (freed - listed).days < 700 else "纳入期限届满")
        entry.gone = freed
    if entry and life.subject.kind == "enterprise" and zlib.crc32(entry.key.encode()) % SURETY == 0:
        _surety(life, entry)


def _surety(life: Life, entry: Event) -> None:
    """The representative under their own name and number; it says of the enterprise nothing."""
    facts = {**entry.steps[0][1], "person": people.representative(life, entry.day)}
    his = life.add(DEBTOR, f"{entry.key}2", entry.day, **facts)
    if his:
        his.steps += entry.steps[1:]
        his.gone = entry.gone
