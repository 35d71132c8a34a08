"""The permits of an invented subject over time: granted, renewed, left to expire, closed, or never had.

Each subject draws from a stream of its own, so that permits disturb nothing else of the city.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from shiheng.city import definition as d
from shiheng.city.draw import between, stream
from shiheng.city.life import workday
from shiheng.city.model import DEREGISTERED, REVOKED, REVOKED_CLOSED, Subject
from shiheng.city.places import CITY, authority


@dataclass(frozen=True, slots=True)
class Kind:
    """One permit of the city: its title, who grants it, for how many years, how its number begins, in which file."""

    title: str
    industries: tuple[str, ...]
    years: int
    prefix: str
    issuer: str
    content: str
    source: str
    form: str = ""
    since: date = date(2000, 1, 1)


FOOD, OTHERS = "food_permits", "permits"
SHOP, MEALS = "食品销售经营者", "餐饮服务经营者"
TRADE = "食品经营许可证"
KINDS = (
    Kind(TRADE, ("62",), 5, "JY2", "", "热食类食品制售", FOOD, MEALS, date(2015, 10, 1)),
    Kind(TRADE, ("5212", "5213", "5127", "5129", "5225", "5226"), 5, "JY1", "", "预包装食品销售，散装食品销售", FOOD,
         SHOP, date(2015, 10, 1)),
    Kind(TRADE, ("5222",), 5, "JY1", "", "糕点类食品制售", FOOD, SHOP, date(2015, 10, 1)),
    Kind("食品生产许可证", ("1353", "139", "14"), 5, "SC1", "", "食品生产", OTHERS),
    Kind("药品经营许可证", ("5251",), 5, "云CB", "", "药品零售", OTHERS),
    Kind("医疗器械经营许可证", ("5154", "5254"), 5, "云药监械经营许", "", "第三类医疗器械经营", OTHERS),
    Kind("化妆品生产许可证", ("2682",), 5, "云妆", "省药品监督管理局", "一般液态单元", OTHERS),
    Kind("特种设备生产许可证", ("3435",), 4, "TS3", f"{CITY}市场监督管理局", "电梯安装（含修理）", OTHERS, "",
         date(2014, 1, 1)),
    Kind("劳务派遣经营许可证", ("7263",), 3, "4499", f"{CITY}人力资源和社会保障局", "劳务派遣", OTHERS, "",
         date(2013, 7, 1)),
    Kind("公共场所卫生许可证", ("6110", "6129", "8040", "8051"), 4, "云卫公证字", f"{CITY}卫生健康委员会", "公共场所",
         OTHERS),
    Kind("道路运输经营许可证", ("5431",), 4, "云交运管许可", f"{CITY}交通运输局", "普通货物运输", OTHERS),
)  # fmt: skip
NOTICE = "仅销售预包装食品备案"


@dataclass(frozen=True, slots=True)
class Event:
    """What was decided of a permit on a day: granted, renewed (a later ``until``), closed."""

    day: date
    since: date
    until: date | None
    state: str


@dataclass(slots=True)
class Permit:
    """One permit of a subject, or the lack of one (no events). ``fate`` is what is true of it on the last day."""

    kind: Kind
    number: str
    title: str
    fate: str  # missing, expired, soon, valid, closed, undated
    events: list[Event] = field(default_factory=list)

    def on(self, day: date) -> Event | None:
        """How the permit stood at the end of ``day``."""
        return next((e for e in reversed(self.events) if e.day <= day), None)


def of(subject: Subject, *, seed: int, until: date) -> Iterator[Permit]:
    """The permits this subject's industry needs, each as it truly went."""
    for serial, kind in enumerate(KINDS):
        if subject.industry.code.startswith(kind.industries):
            yield _permit(stream(seed, "permit", subject.k, serial), subject, kind, until)


def _permit(rng: Random, subject: Subject, kind: Kind, until: date) -> Permit:
    number = _number(rng, subject, kind)
    first = max(subject.established, kind.since)
    ended = _ended(subject)
    fate = _fate(rng, subject, ended)
    title = kind.title
    if kind.form == SHOP and subject.industry.code != "5222" and subject.established >= d.NOTICE_FROM:
        title = NOTICE if rng.random() < d.NOTICE_OF_SHOPS else title
    made = Permit(kind, number, title, fate)
    granted = workday(first + timedelta(days=between(rng, 6, 45)))
    if fate == "missing" or granted > until or (ended and granted >= ended):
        made.fate = "missing" if fate == "missing" or not ended else "closed"
        return made
    if title == NOTICE:  # put on file once, without an end
        made.events = [Event(granted, granted, None, "valid")]
        made.fate = "undated"
    else:
        made.events = list(_terms(rng, made, granted, until))
    if ended:
        made.events = [e for e in made.events if e.day < ended]
        last = made.events[-1]
        made.events.append(Event(ended, last.since, last.until, "closed"))
        made.fate = "closed"
    return made


def _fate(rng: Random, subject: Subject, ended: date | None) -> str:
    """Meant for the last day; what the subject's age does not allow is put right when its terms are known."""
    draw = rng.random()
    if subject.shown:
        return "soon" if subject.kind == "individual" else "valid"
    if ended:
        return "closed"
    if draw < d.PERMIT_MISSING * (2.0 - 2.0 * subject.conduct):
        return "missing"
    gone = subject.vanished_on is not None
    if draw > 1 - (d.PERMIT_EXPIRED_OF_VANISHED if gone else d.PERMIT_EXPIRED):
        return "expired"
    return "soon" if 0.5 < draw < 0.5 + d.PERMIT_SOON else "valid"


def _terms(rng: Random, permit: Permit, granted: date, until: date) -> Iterator[Event]:
    """One term after another from the grant; the last ends where the fate wants it, if the permit is old enough."""
    days = permit.kind.years * 365 + 1
    low, high = {"expired": (-900, -1), "soon": (0, 60)}.get(permit.fate, (61, days - 40))
    last_end = until + timedelta(days=between(rng, low, high))
    begins = [last_end - timedelta(days=days - 1)]
    while begins[0] > granted + timedelta(days=days):
        begins.insert(0, begins[0] - timedelta(days=days))
    begins = [b for b in begins if b > granted + timedelta(days=90)]
    starts = [granted, *begins]
    for place, start in enumerate(starts):
        following = starts[place + 1] if place + 1 < len(starts) else None
        end = following - timedelta(days=1) if following else (last_end if begins else start + timedelta(days=days - 1))
        decided = workday(start) if place == 0 else workday(start - timedelta(days=between(rng, 3, 25)))
        yield Event(decided, start, end, "valid")
    if not begins:
        permit.fate = "expired" if end < until else "soon" if end <= until + timedelta(days=60) else "valid"


def _ended(subject: Subject) -> date | None:
    """The day the subject left the register, when its permits are closed too."""
    gone = {DEREGISTERED, REVOKED_CLOSED, REVOKED}
    return next((c.day for c in subject.history if c.values.get("status") in gone), None)


def _number(rng: Random, subject: Subject, kind: Kind) -> str:
    serial = f"{subject.k:07d}"
    if kind.prefix.startswith(("JY", "SC")):
        digits = f"{kind.prefix[2]}{subject.region}{serial}"
        return f"{kind.prefix[:2]}{digits}{sum(int(c) * (i % 9 + 1) for i, c in enumerate(digits)) % 10}"
    return f"{kind.prefix}{subject.region}{serial}{between(rng, 0, 9)}"


def issuer(subject: Subject, kind: Kind) -> str:
    return kind.issuer or authority(subject.region)
