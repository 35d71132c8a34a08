"""Registrations with customs, and accounts at the city's bank outlets."""

from datetime import date, timedelta
from random import Random

from shiheng.city.draw import between, pick
from shiheng.city.lives.model import Life, after, chance
from shiheng.city.places import towns

CUSTOMS, OUTLET = "customs", "outlet"
_BANKS = ("云泽农村商业银行", "江澜银行云泽分行", "泽丰银行云泽分行", "南渡银行云泽分行")
_TRADES = ("18", "21", "26", "29", "33", "34", "35", "38", "39", "5129", "517", "5199", "5292")


def live(rng: Random, life: Life) -> None:
    subject = life.subject
    trades = subject.industry.code.startswith(_TRADES)
    if subject.kind == "enterprise" and not subject.never_operated and chance(rng, 0.30 if trades else 0.015):
        _customs(rng, life, after(rng, subject.established, 20, 500))
    if subject.kind in ("enterprise", "cooperative") and not (subject.never_operated and chance(rng, 0.3)):
        _account(rng, life)


def _customs(rng: Random, life: Life, day: date) -> None:
    if day >= life.operating:
        return
    serial = life.number(CUSTOMS)
    entry = life.add(
        CUSTOMS,
        f"4499{serial[1:7]}{serial[-1]}",
        day,
        sort=pick(rng, ("进出口货物收发货人", "进出口货物收发货人", "报关企业")),
        grade=pick(rng, ("备案企业", "备案企业", "高级认证企业")) if life.bad < 1.5 else "备案企业",
        state="有效",
        ends=day + timedelta(days=3650),
        office="云泽海关",
    )
    if entry is None:
        return
    if not life.subject.shown and chance(rng, min(0.25, 0.03 * life.bad**2)):
        bad = after(rng, max(day, life.first), 100, 900)
        if life.alive(bad) and bad <= life.until:
            entry.then(bad, grade="失信企业")
    if life.registered <= life.until:
        entry.then(life.registered, state="注销")
        entry.gone = life.registered


def _account(rng: Random, life: Life) -> None:
    day = after(rng, life.subject.established, 3, 60)
    town = pick(rng, towns())
    bank = f"{pick(rng, _BANKS)}{town.name.removesuffix('街道').removesuffix('镇')}支行"
    held = life.add(
        OUTLET,
        f"4499{life.number(OUTLET)}{between(rng, 1000, 9999)}",
        day,
        bank=bank,
        town=town.name,
        sort="基本存款账户",
        place=f"{town.roads[0]}{between(rng, 1, 300)}号",
        state="正常",
        frozen=None,
    )
    if held is None:
        return
    if life.subject.vanished_on == life.operating and not life.subject.shown:
        asleep = after(rng, max(life.operating, day), 180, 400)
        if asleep < min(life.registered, life.until):
            held.then(asleep, state="久悬")
    if life.registered <= life.until:
        held.then(life.registered, state="销户")
        held.gone = life.registered
