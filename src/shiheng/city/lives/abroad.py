"""Registrations with customs, and the outlets of the city's banks."""

from datetime import date, timedelta
from random import Random

from shiheng.city import definition as d
from shiheng.city.codes import organisation_code, uscc
from shiheng.city.draw import between, pick
from shiheng.city.lives.model import Event, Life, after, chance, office_day
from shiheng.city.places import CITY, towns

CUSTOMS, OUTLET = "customs", "outlet"
_BANKS = ("云泽农村商业银行", "江澜银行云泽分行", "泽丰银行云泽分行", "南渡银行云泽分行")
_TRADES = ("18", "21", "26", "29", "33", "34", "35", "38", "39", "5129", "517", "5199", "5292")


def live(rng: Random, life: Life) -> None:
    subject = life.subject
    trades = subject.industry.code.startswith(_TRADES)
    if subject.kind == "enterprise" and not subject.never_operated and chance(rng, 0.30 if trades else 0.015):
        _customs(rng, life, after(rng, subject.established, 20, 500))
    if subject.k % d.OUTLET_BESIDE == 7:
        _outlet(rng, life)


def _customs(rng: Random, life: Life, day: date) -> None:
    if day >= life.operating:
        return
    serial = life.number(CUSTOMS)
    entry = life.add(
        CUSTOMS,
        f"4499{serial[1:7]}",
        day,
        sort=pick(rng, ("进出口货物收发货人", "进出口货物收发货人", "报关企业")),
        grade=pick(rng, ("常规企业", "常规企业", "高级认证企业")) if life.bad < 1.5 else "常规企业",
        state="有效",
        ends=day + timedelta(days=3650),
        office="云泽海关",
        graded=day,
    )
    if entry is None:
        return
    if not life.subject.shown and chance(rng, min(0.25, 0.03 * life.bad**2)):
        bad = after(rng, max(day, life.first), 100, 900)
        if life.alive(bad) and bad <= life.until:
            entry.then(bad, grade="失信企业", graded=bad)
    if life.registered <= life.until:
        entry.then(life.registered, state="注销")
        entry.gone = life.registered


def _outlet(rng: Random, life: Life) -> None:
    """A bank's outlet: no subject of the register, so it is told beside every so many that are."""
    town = pick(rng, towns())
    bank = pick(rng, _BANKS)
    stem = town.name.removesuffix("街道").removesuffix("镇")
    day = office_day(date(1998, 3, 2) + timedelta(days=int(rng.random() * (life.until - date(1999, 1, 1)).days)))
    place = f"{CITY}{town.district.name}{town.name}{pick(rng, town.roads)}{between(rng, 1, 300)}号"
    code = uscc("91", town.district.code, organisation_code(60_000_000 + life.subject.k, 0, digits_only=False))
    facts = {"name": f"{bank}{stem}支行", "code": code, "place": place, "closed": None}
    held = Event(OUTLET, f"B{between(rng, 10, 99)}4499{life.number(OUTLET)}", [(day, facts)])
    life.events[OUTLET] = [held]
    if chance(rng, 0.08):
        closes = after(rng, life.until - timedelta(days=700), 0, 650)
        if day < closes <= life.until:
            held.then(closes, closed=closes)
            held.gone = closes
