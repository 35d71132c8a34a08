"""Annual reports, and what stands against those who do not hand them in or are not where they say they are.

The abnormal list follows from a missed report or from an inspection that found nobody; its removal follows from a late
report, from being found again, or from the end of the business. The serious list follows from the worst penalties.
"""

from datetime import date, timedelta
from random import Random

from shiheng.city import definition as d
from shiheng.city.draw import between
from shiheng.city.lives.model import Event, Life, after, chance, office_day
from shiheng.city.places import authority

REPORT, ABNORMAL, SERIOUS = "annual_report", "abnormal", "serious"
MISSED = "未在规定的期限公示年度报告的"
UNREACHABLE = "通过登记的住所或者经营场所无法联系的"
UNTRUE = "公示企业信息隐瞒真实情况、弄虚作假的"


def live(rng: Random, life: Life) -> None:
    for year in range(life.until.year - d.REPORT_YEARS, life.until.year):
        _report(rng, life, year)
    _unreachable(rng, life)
    _untrue(rng, life)
    _serious(rng, life)


def _report(rng: Random, life: Life, year: int) -> None:
    """The report of one year: due by 30 June of the next."""
    due = date(year + 1, 6, 30)
    if life.subject.established.year > year or life.registered <= due or life.first > due or due > life.until:
        _early(rng, life, year, due)
        return
    careless = min(0.9, d.REPORT_MISSED * life.bad**1.3)
    handed = _handed_in(rng, life, year)
    if life.alive(handed) and not chance(rng, 0.0 if life.subject.shown else careless):
        _file(rng, life, year, handed)
        return
    missed = after(rng, date(year + 1, 7, 3), 0, 14)
    entry = _enter(life, missed, MISSED, cause=f"{year} 年度报告")
    late = after(rng, due, 20, 420)
    if life.alive(late) and late <= life.until and chance(rng, d.REPORT_MADE_UP):
        made_up = _file(rng, life, year, late)
        if entry and made_up and late > entry.day:
            _remove(life, entry, after(rng, late, 1, 7), "列入经营异常名录3年内且依照规定公示未报年份年度报告的")
    _close(life, entry)


def _early(rng: Random, life: Life, year: int, due: date) -> None:
    """A year whose last day has not come, or whose business ended before it: some are in already."""
    handed = _handed_in(rng, life, year)
    stands = life.subject.established.year <= year and handed < life.registered
    if life.first <= handed <= min(due, life.until) and stands and life.alive(handed):
        _file(rng, life, year, handed)


def _handed_in(rng: Random, life: Life, year: int) -> date:
    """From January to June; the careless wait for the end."""
    waits = 1 - 0.9 * rng.random() ** (1 / (0.35 + 0.65 * life.subject.conduct))
    return min(office_day(date(year + 1, 1, 2) + timedelta(days=int(178 * waits))), date(year + 1, 6, 30))


def _file(rng: Random, life: Life, year: int, day: date) -> Event | None:
    staff = max(life.staff, 1)
    income = staff * between(rng, 3, 60) * 1_000_000  # in fen
    profit = int(income * (0.14 * rng.random() - 0.04))
    assets = int(income * (0.4 + 1.2 * rng.random()))
    debts = int(assets * 0.9 * rng.random())
    return life.add(
        REPORT,
        f"{life.subject.inner}{year}",
        day,
        year=year,
        staff=staff,
        income=income,
        profit=profit,
        assets=assets,
        debts=debts,
        tax=int(income * 0.03 * rng.random()),
        late=day > date(year + 1, 6, 30),
        state="正常开业",
    )


def _enter(life: Life, day: date, reason: str, *, cause: str) -> Event | None:
    if day >= life.registered or life.subject.shown:
        return None
    if any(e.gone is None and e.steps[0][1]["reason"] == reason for e in life.of(ABNORMAL)):
        return None
    return life.add(
        ABNORMAL,
        f"YC{life.number(ABNORMAL)}",
        day,
        cause=cause,
        reason=reason,
        office=authority(life.subject.region),
        removed=None,
        why="",
        by="",
    )


def _remove(life: Life, entry: Event, day: date, why: str) -> None:
    if day <= life.until and entry.gone is None and day < life.registered:
        entry.then(day, removed=day, why=why, by=authority(life.subject.region))
        entry.gone = entry.last


def _close(life: Life, entry: Event | None) -> None:
    """Who leaves the register leaves the list."""
    if entry and entry.gone is None and life.registered <= life.until:
        entry.then(
            life.registered, removed=life.registered, why="企业注销，自动移出", by=authority(life.subject.region)
        )
        entry.gone = entry.last


def _unreachable(rng: Random, life: Life) -> None:
    """An inspection that found nobody at the address."""
    for visit in life.of("inspection"):
        if visit.on(life.until).get("result") != "通过登记的住所（经营场所）无法联系":
            continue
        entry = _enter(life, after(rng, visit.day, 7, 25), UNREACHABLE, cause=visit.key)
        if entry is None:
            continue
        back = after(rng, entry.day, 20, 400)
        if life.alive(back) and chance(rng, 0.6):
            _remove(
                life,
                entry,
                back,
                "依法办理住所或者经营场所变更登记，或者提出通过登记的住所或者经营场所可以重新取得联系",
            )
        _close(life, entry)


def _untrue(rng: Random, life: Life) -> None:
    """Reports that say what is not so are found out in random checks."""
    for report in life.of(REPORT):
        if chance(rng, min(0.05, 0.002 * life.bad**2)):
            entry = _enter(life, after(rng, report.day, 60, 200), UNTRUE, cause=report.key)
            if entry and chance(rng, 0.5):
                _remove(life, entry, after(rng, entry.day, 30, 300), "查实已更正其公示的信息")
            _close(life, entry)


def _serious(rng: Random, life: Life) -> None:
    """The heaviest penalties, and three years on the abnormal list under the older rule."""
    for penalty in life.of("penalty"):
        heavy = penalty.steps[0][1]["fen"] >= 5_000_000 and penalty.steps[0][1]["own"]
        if heavy and chance(rng, min(0.8, 0.25 * life.bad)):
            day = after(rng, penalty.day, 5, 40)
            if day < life.registered:
                entry = life.add(
                    SERIOUS,
                    f"YZ{life.number(SERIOUS)}",
                    day,
                    cause=penalty.key,
                    reason="实施严重危害人民群众身体健康和生命安全的违法行为，受到较重行政处罚",
                    office=authority(life.subject.region),
                    removed=None,
                    why="",
                    by="",
                )
                out = after(rng, day, 370, 1095)
                if entry and out <= life.until:
                    why = "依法予以信用修复" if (out - day).days < 1090 else "列入满3年，自动移出"
                    entry.then(out, removed=out, why=why, by=authority(life.subject.region))
                    entry.gone = out
            return
