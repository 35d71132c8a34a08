"""Tax: who is registered and how he is called there, whom the office cannot reach, who owes."""

from datetime import timedelta
from random import Random

from shiheng.city import definition as d
from shiheng.city.draw import between, pick
from shiheng.city.lives.model import BEYOND, Life, after, arrivals, chance
from shiheng.city.places import CITY, town_of

STATUS, ARREARS, ABNORMAL = "tax_status", "tax_arrears", "tax_abnormal"
_TAXES = ("增值税", "企业所得税", "个人所得税", "房产税", "城市维护建设税")


def live(rng: Random, life: Life) -> None:
    subject = life.subject
    if subject.kind == "individual" and not subject.shown and not chance(rng, d.TAXED_INDIVIDUALS):
        return
    if subject.never_operated and chance(rng, 0.5):
        return  # never came
    came = after(rng, subject.established, 3, 40)
    if came >= life.registered:
        return
    # The tax office learns of a change when the business comes; until then it goes on with what it was told.
    late = not subject.shown and chance(rng, min(0.8, 0.22 * life.bad))
    status = life.add(
        STATUS,
        f"1014499{subject.k:09d}",
        came,
        state="正常",
        slow=between(rng, 60, 900) if late else 0,
        office=office(life),
        credit="",
    )
    if status is None:
        return
    stops = life.operating
    if BEYOND > stops == subject.vanished_on and stops <= life.until:
        lost = after(rng, max(stops, came), 90, 300)
        if lost < min(life.registered, life.until):
            status.then(lost, state="非正常")
            entry = life.add(ABNORMAL, f"FZC{life.number(ABNORMAL)}", lost, cause=status.key, office=office(life))
            if entry and life.registered <= life.until:
                entry.gone = life.registered
    elif not subject.shown and chance(rng, min(0.3, 0.02 * life.bad**2)):
        span = (min(life.registered, life.until) - max(life.first, came)).days
        lost = max(life.first, came) + timedelta(days=int(max(span, 1) * rng.random()))
        back = after(rng, lost, 40, 300)
        if life.alive(back) and back <= life.until and lost > came:
            status.then(lost, state="非正常")
            entry = life.add(ABNORMAL, f"FZC{life.number(ABNORMAL)}", lost, cause=status.key, office=office(life))
            status.then(back, state="正常")
            if entry:
                entry.gone = back
    if life.registered <= life.until and chance(rng, 0.9):
        status.then(life.registered, state="注销")
        status.gone = life.registered
    _owes(rng, life)


def office(life: Life) -> str:
    return f"国家税务总局{CITY}{town_of(life.said(life.first)['town']).district.name}税务局"


def _owes(rng: Random, life: Life) -> None:
    if life.subject.shown:
        return
    days = list(arrivals(rng, life.first, min(life.operating, life.until), d.TAX_ARREARS * life.bad**1.2))
    if life.subject.vanished_on == life.operating and life.first <= life.operating <= life.until and chance(rng, 0.25):
        days.append(life.operating + timedelta(days=between(rng, 20, 90)))
    for day in days:
        fen = between(rng, 3, 80) * between(rng, 1, 40) * 10_000
        owed = life.add(
            ARREARS,
            f"QS{day:%Y%m}{life.number(ARREARS)}",
            day,
            tax=pick(rng, _TAXES),
            fen=fen,
            office=office(life),
            paid=None,
        )
        paid = after(rng, day, 30, 400)
        if owed and paid <= life.until and life.alive(paid) and chance(rng, 0.3 + 0.6 * life.subject.conduct):
            owed.then(paid, fen=0, paid=paid)
            owed.gone = paid
