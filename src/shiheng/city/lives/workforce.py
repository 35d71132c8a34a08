"""Who works there: insured head counts by the quarter, and wages left unpaid before the end, published by the issue."""

import zlib
from datetime import date, timedelta
from random import Random

from shiheng.city import definition as d
from shiheng.city.draw import between, pick, waiting
from shiheng.city.lives import people
from shiheng.city.lives.model import BEYOND, Event, Life, after, arrivals, chance, office_day, until_of
from shiheng.city.model import Subject

INSURANCE, ARREARS = "social_security", "wage_arrears"
# The list of unpaid wages comes out once a quarter, since the decree it rests on came into force; a case found so many
# days before goes into it.
FIRST_ISSUE, ISSUED_ON, LOOKED_INTO = date(2020, 6, 20), 20, 10
# One in so many of the bosses had also taken on people of his own, with no licence.
ON_HIS_OWN = 4


def issue_of(found: date) -> tuple[int, date]:
    """Which issue a case found that day is published in, and when."""
    ready = found + timedelta(days=LOOKED_INTO)
    year, month = ready.year, (ready.month - 1) // 3 * 3 + 3
    if ready > (day := office_day(date(year, month, ISSUED_ON))):
        year, month = (year + 1, 3) if month == 12 else (year, month + 3)
        day = office_day(date(year, month, ISSUED_ON))
    return (year - FIRST_ISSUE.year) * 4 + (month - FIRST_ISSUE.month) // 3 + 1, day


def live(rng: Random, life: Life) -> None:
    life.staff = _staff(rng, life.subject)
    if life.staff:
        _insured(rng, life)
    _unpaid(rng, life)


def _staff(rng: Random, subject: Subject) -> int:
    """How many truly work there at its best; most individual businesses are their owner alone."""
    if subject.shown:
        return 12 if subject.kind == "enterprise" else 1
    if subject.never_operated:
        return 0
    if subject.kind == "individual":
        return between(rng, 1, 4) if chance(rng, d.INSURED_INDIVIDUALS) else 0
    if subject.kind == "cooperative":
        return between(rng, 1, 6) if chance(rng, 0.4) else 0
    if chance(rng, 0.18):
        return 0  # its people are insured elsewhere, or not at all
    made = subject.industry.code[:2] in ("13", "14", "18", "21", "23", "26", "29", "33", "34", "38", "39", "47")
    return 1 + int(waiting(rng, 9.0 if made else 4.0) * (1.0 if subject.kind == "enterprise" else 0.6))


def quarters(first: date, until: date) -> list[tuple[date, date]]:
    """The last months of quarters from ``first`` on: (first day of that month, its last day), complete by ``until``."""
    found: list[tuple[date, date]] = []
    year, month = first.year, (first.month - 1) // 3 * 3 + 3
    while True:
        begins = date(year, month, 1)
        year, month = (year + 1, 3) if month == 12 else (year, month + 3)
        ends = (begins + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        if ends > until:
            return found
        found.append((begins, ends))


def _insured(rng: Random, life: Life) -> None:
    """Heads fall before the end: a firm lets its people go, then its register follows months later."""
    subject = life.subject
    falls = between(rng, 60, 330)
    ebb = BEYOND if life.operating == BEYOND else life.operating - timedelta(days=between(rng, 20, 120))
    honest = 1.0 if subject.shown or subject.conduct > 0.5 else 0.55 + 0.9 * subject.conduct
    growth = 0.97 + 0.08 * rng.random()
    insured = life.staff * honest
    for begins, ends in quarters(max(life.first, life.until - timedelta(days=d.INSURED_DAYS)), life.until):
        if ends < subject.established + timedelta(days=45) or begins >= until_of(life):
            continue
        insured *= growth
        heads = max(1, round(insured * (0.93 + 0.14 * rng.random())))
        if ebb < BEYOND:
            left = (ebb - begins).days
            heads = (
                0
                if left <= 0 or ends >= life.operating
                else min(heads, max(1, round(heads * left / falls)))
                if left < falls
                else heads
            )
        life.add(
            INSURANCE,
            f"{subject.uscc}{begins:%Y%m}",
            min(ends + timedelta(days=1), life.until),
            heads=heads,
            month=f"{begins:%Y%m}",
            ends=ends,
            paid=round(heads * (1180 + 60 * rng.random()) * 100),
        )
        if not heads:
            break


def _unpaid(rng: Random, life: Life) -> None:
    """Wages not paid: rarely in good times, often where the owner runs away."""
    if life.staff < 2 or life.subject.shown:
        return
    for day in arrivals(rng, life.first, min(life.operating, life.until), d.WAGES_UNPAID * life.bad**2):
        _case(rng, life, after(rng, day, 20, 60), ran=False)
    ran = life.subject.vanished_on == life.operating and life.first <= life.operating <= life.until
    if ran and chance(rng, min(0.7, d.WAGES_UNPAID_AT_END * life.bad**1.5)):
        _case(rng, life, after(rng, life.operating, 5, 50), ran=True)


def _case(rng: Random, life: Life, day: date, *, ran: bool) -> None:
    heads = max(1, round(life.staff * (0.3 + 0.6 * rng.random())))
    case = life.add(
        ARREARS,
        f"QX{day.year}{life.number(ARREARS)}",
        day,
        heads=heads,
        fen=heads * between(rng, 4, 26) * 100_000,
        months=between(rng, 1, 5),
        ran=ran,
        state="处理中",
        fact=pick(rng, ("拖欠工程款项导致欠付工资", "停产停业未结清工资", "无故拖欠工资"))
        if not ran
        else "法定代表人（经营者）逃匿，无法联系",
    )
    settled = after(rng, day, 30, 240)
    paid = case is not None and settled <= life.until and chance(rng, 0.25 if ran else 0.75)
    if case is None:
        return
    _published(life, case, settled if paid else None)
    if life.subject.kind == "enterprise" and zlib.crc32(case.key.encode()) % ON_HIS_OWN == 0:
        his = life.add(
            ARREARS,
            f"{case.key}2",
            day,
            cause=case.key,
            **{
                **case.steps[0][1],
                "heads": heads // 3 + 1,
                "fen": (heads // 3 + 1) * 600_000,
                "fact": "未办营业执照雇工",
            },
            person=people.representative(life, day),
        )
        if his:
            _published(life, his, settled if paid else None)


def _published(life: Life, case: Event, settled: date | None) -> None:
    """Whoever has paid by the day an issue comes out is not in it; what was in none the list does not tell."""
    number, day = issue_of(case.day)
    if day <= life.until and (settled is None or settled > day):
        case.then(day, issue=str(number), published=day)
    if settled:
        case.then(settled, state="已结清")
