"""What stands on a bureau's registers in the invented city, as rows of the workbooks its sections would bring.

Each row is drawn from the register's own declaration: choices, limits and kinds of its facts say most; what is free
text comes from ``register_words.tsv``, by the fact (``code.fact``) or by its title. How many stand on which register,
and whose trade it is about, stands in ``register_counts.tsv``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, get_origin

from pydantic.fields import FieldInfo

from shiheng.city import codes, persons
from shiheng.city.draw import between, pick, some, stream
from shiheng.city.places import Town, towns_of
from shiheng.kernel.identifiers import orgcode_check_character, resident_id_check_character
from shiheng.registers.definition import SUBJECT, Register, choices_of, hint_of, kind_of

TRIES = 4
WORKED = 0.78  # of entries stand in the first state, the others are shared out among the rest
APPLYING = 0.10
FIVE_YEARS = timedelta(days=5 * 365 + 1)  # how long whoever lost a food permit is banned
TOGETHER = 0.75  # a year on the register is followed by the next with this chance
CODE, STATE, SINCE, UNTIL = "统一社会信用代码", "状态", "有效期起", "有效期止"


@dataclass(frozen=True, slots=True)
class Firm:
    """A business that may stand on a register: code, kind, and the first two digits of its industry."""

    uscc: str
    kind: str
    division: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One register: how many of a district of ten thousand subjects, of which kinds and divisions (empty: any)."""

    code: str
    count: int
    kinds: tuple[str, ...]
    divisions: tuple[str, ...]

    def fits(self, firm: Firm) -> bool:
        return (not self.kinds or firm.kind in self.kinds) and (not self.divisions or firm.division in self.divisions)


def plans() -> list[Plan]:
    """Every register kept by hand, in the order in which a bureau would bring it."""
    return [
        Plan(code, int(count), tuple(kinds.split()), tuple(_divisions(divisions)))
        for code, count, kinds, divisions in _table("register_counts.tsv")
    ]


def _divisions(text: str) -> Iterator[str]:
    for part in text.split():
        low, _, high = part.partition("-")
        yield from (f"{n:02}" for n in range(int(low), int(high or low) + 1))


def _table(name: str) -> list[list[str]]:
    text = files("shiheng.city").joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return {name: tuple(values.split("|")) for name, values in _table("register_words.tsv")}


def rows(
    register: Register, plan: Plan, firms: Sequence[Firm], *, today: date, seed: int, count: int
) -> list[dict[str, str]]:
    """``count`` rows of one register; of a yearly one so many businesses, a row a year. The same for the same seed."""
    rng = stream(seed, "registers", register.code)
    likely = [firm for firm in firms if plan.fits(firm)] or list(firms)
    if register.yearly:
        chosen = some(rng, likely, count)
        return [row for turn, firm in enumerate(chosen) for row in _years(register, rng, firm, turn, today)]
    found: dict[tuple[str, ...], dict[str, str]] = {}
    chosen = some(rng, likely, count * TRIES if register.key else count)
    for turn in range(count * TRIES):
        firm = chosen[turn % len(chosen)] if chosen else None
        if len(found) >= count or (firm is None and register.bound == SUBJECT):
            break
        row = _Row(register, rng, today, turn + 1).drawn(firm)
        key = tuple(row.get(register.titles[name], "") for name in register.key)
        found.setdefault((*key, firm.uscc if firm and register.bound == SUBJECT else ""), row)
    return list(found.values())


def _years(register: Register, rng: Random, firm: Firm, turn: int, today: date) -> Iterator[dict[str, str]]:
    """A business year after year, most in a long row, some with a gap."""
    last = register.over_since.year - 2 if register.over_since else today.year
    first = between(rng, 2001, last - 1) if register.over_since else last - between(rng, 0, 4)
    like = _Row(register, rng, today, turn + 1).drawn(firm)
    for year in range(first, last + 1):
        if year > first and rng.random() > TOGETHER + 0.22:
            continue  # a gap
        since = date(year + 1, 3, 15) if register.over_since else min(date(year, 3, 15), today)
        again = _Row(register, rng, today, turn + 1).drawn(firm)
        held = {title: like[title] for title in (register.titles[n] for n in register.key) if title in like}
        yield {**again, **held, register.titles[register.yearly]: str(year), SINCE: since.isoformat(), UNTIL: ""}
        if rng.random() > TOGETHER + 0.2:
            return


@dataclass(slots=True)
class _Row:
    """One row being drawn."""

    register: Register
    rng: Random
    today: date
    turn: int

    def drawn(self, firm: Firm | None) -> dict[str, str]:
        register, rng = self.register, self.rng
        row = {title: self._cell(n, register.facts.model_fields[n]) for n, title in register.titles.items()}
        owned = register.owned and rng.random() < 0.9
        if firm and (register.bound == SUBJECT or owned):
            row[CODE] = firm.uscc
        row[STATE] = self._state()
        since = self._since()
        until = since + FIVE_YEARS if row.get("禁止情形", "").endswith("（五年）") else None
        return {**row, SINCE: since.isoformat(), UNTIL: until.isoformat() if until else ""}

    def _state(self) -> str:
        states, draw = self.register.states, self.rng.random()
        if self.register.applied_for and draw < APPLYING:
            return next(state.title for state in states if state.code == "asked")
        first = next(state for state in states if not state.ended)
        rest = [state for state in states if state is not first and state.code != "asked"]
        return pick(self.rng, rest).title if rest and self.rng.random() > WORKED else first.title

    def _since(self) -> date:
        """Begun so long ago that terms end before, about and after today."""
        if self.register.over_since:
            return self.register.over_since - timedelta(days=between(self.rng, 200, 3000))
        span = self.register.months * 30 + 40 if self.register.months else 1500
        return self.today - timedelta(days=between(self.rng, 5, span))

    def _cell(self, name: str, info: FieldInfo) -> str:
        offered = list(choices_of(info).values())
        if offered:
            if get_origin(info.annotation) is list:
                return "、".join(some(self.rng, offered, between(self.rng, 1, min(3, len(offered)))))
            return pick(self.rng, offered)
        kind = kind_of(info)
        if kind == "flag":
            return "是" if self.rng.random() < 0.7 else "否"
        if kind == "day":
            return self._day(name).isoformat()
        if kind in {"number", "money"}:
            told = info.is_required() or name == "year" or self._pool(name, info)
            return str(self._number(name, info)) if told else ""  # what only a file counts is left out
        return self._text(name, info)

    def _day(self, name: str) -> date:
        if name == self.register.due:
            return self.today + timedelta(days=between(self.rng, -25, 320))
        return self.today - timedelta(days=between(self.rng, 1, 420))

    def _number(self, name: str, info: FieldInfo) -> int:
        """Within the limits declared, or those written for its title; years are of late."""
        held = self._pool(name, info)
        if held:
            low, _, high = held[0].partition("..")
            return between(self.rng, int(low), int(high))
        if name == "year":
            last = self.register.over_since.year - 2 if self.register.over_since else self.today.year
            return last - between(self.rng, 0, 4)
        raise KeyError(f"{self.register.code}.{name}: no range for {info.title}")

    def _text(self, name: str, info: FieldInfo) -> str:
        personal = hint_of(info).get("personal")
        if personal == "phone":
            return _phone(self.rng)
        if personal == "id":
            return _identity(self.rng)
        if personal == "name":
            return persons.person(self.rng, "").name
        held = self._pool(name, info)
        if not held:
            raise KeyError(f"{self.register.code}.{name}: no words for {info.title}")
        return self._filled(pick(self.rng, held))

    def _pool(self, name: str, info: FieldInfo) -> tuple[str, ...]:
        return _words().get(f"{self.register.code}.{name}") or _words().get(info.title or name, ())

    def _filled(self, text: str) -> str:
        def put(found: "re.Match[str]") -> str:
            word = found[1]
            if word.startswith("any"):
                return f"{between(self.rng, 1, int(word[3:])):03}"
            return str(_PUT[word](self))

        return re.sub(r"\{(\w+)\}", put, text)


def _phone(rng: Random) -> str:
    return f"199{between(rng, 0, 99_999_999):08}"


def _identity(rng: Random) -> str:
    born = date(1962, 1, 1) + timedelta(days=between(rng, 0, 14_000))
    body = f"449901{born:%Y%m%d}{between(rng, 1, 999):03}"
    return body + resident_id_check_character(body)


def _orgcode(row: "_Row") -> str:
    """The unified code of a social organisation: 52 a private non-enterprise unit."""
    body = f"MJL{row.turn:05}"
    return codes.uscc("52", "449901", body + orgcode_check_character(body))


def _towns() -> tuple[Town, ...]:
    return towns_of(0)


@cache
def _named(kind: str, ending: str = "") -> tuple[str, ...]:
    return tuple(b.name for town in _towns() for b in town.buildings if b.kind == kind and b.name.endswith(ending))


def _stations() -> tuple[str, ...]:
    return tuple(f"{name}消费维权服务站" for name in (*_named("market"), *_named("mall")))


def _wet_markets() -> tuple[str, ...]:
    """Every 农贸市场 of the district, and the first of its 综合市场."""
    return (*_named("market", "农贸市场"), *_named("market", "综合市场")[:3])


_PUT: dict[str, Any] = {
    "n": lambda row: f"{row.turn:04}",
    "y": lambda row: row.today.year - between(row.rng, 0, 2),
    "now": lambda row: row.today.year,
    "mm": lambda row: f"{between(row.rng, 1, 12):02}",
    "town": lambda row: pick(row.rng, _towns()).name,
    "road": lambda row: pick(row.rng, pick(row.rng, _towns()).roads),
    "person": lambda row: persons.person(row.rng, "").name,
    "phone": lambda row: _phone(row.rng),
    "digits": lambda row: f"{between(row.rng, 0, 9_999_999):07}",
    "orgcode": _orgcode,
    "no": lambda row: between(row.rng, 1, 120),
    "market": lambda row: _wet_markets()[row.turn % len(_wet_markets())],
    "market_any": lambda row: pick(row.rng, _named("market")),
    "park": lambda row: pick(row.rng, _named("park")),
    "station": lambda row: _stations()[row.turn % len(_stations())],
    "station_any": lambda row: pick(row.rng, _stations()[:40]),
}
