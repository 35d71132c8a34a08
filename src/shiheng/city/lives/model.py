"""One business's life as events: each has a day, steps that change it, and what it followed from."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp
from random import Random
from typing import Any

from shiheng.city import definition as d
from shiheng.city.draw import waiting
from shiheng.city.life import workday
from shiheng.city.model import ENDED, REVOKED, Subject

Facts = dict[str, Any]
FLAT = (1.0,) * 12
BEYOND = date(9000, 1, 1)


@dataclass(slots=True)
class Event:
    """Something that happened to a business: ``key`` is the number the department gives it, the same in every file.

    ``steps`` are [day, what became true of it]; ``gone`` is the day from which a snapshot no longer holds it (an entry
    removed, a register closed), ``undone`` the day the department took it back as entered by mistake.
    """

    kind: str
    key: str
    steps: list[tuple[date, Facts]]
    cause: str = ""
    gone: date | None = None
    undone: date | None = None

    @property
    def day(self) -> date:
        return self.steps[0][0]

    @property
    def last(self) -> date:
        return self.steps[-1][0]

    def on(self, day: date) -> Facts:
        """What is true of it at the end of ``day``."""
        if len(self.steps) == 1:
            return self.steps[0][1]
        said: Facts = {}
        for when, facts in self.steps:
            if when > day:
                break
            said.update(facts)
        return said

    def then(self, day: date, **facts: Any) -> None:
        """A later step; days never run backwards."""
        self.steps.append((max(day, self.last), facts))


@dataclass(slots=True)
class Life:
    """One subject and what befell it from ``first`` to ``until``.

    ``registered`` is the day the register ends it, ``operating`` the day it truly stops (both ``BEYOND`` while it goes
    on); ``bad`` multiplies the rates of all that good conduct avoids: 1 at middling conduct, about 3 at the worst.
    """

    subject: Subject
    until: date
    first: date
    registered: date
    operating: date
    bad: float
    events: dict[str, list[Event]] = field(default_factory=dict)
    staff: int = 0
    serials: dict[str, int] = field(default_factory=dict)
    _days: list[date] = field(default_factory=list)
    _said: list[Facts] = field(default_factory=list)

    def of(self, kind: str) -> list[Event]:
        return self.events.get(kind, [])

    def said(self, day: date) -> Facts:
        """What the register says on ``day``; before its first entry, what the first says."""
        if not self._days:
            said: Facts = {}
            for change in self.subject.history:
                said = {**said, **change.values}
                self._days.append(change.day)
                self._said.append(said)
        return self._said[max(bisect_right(self._days, day) - 1, 0)]

    def number(self, kind: str) -> str:
        """A number no other event of the city has: that of the subject and a running one."""
        serial = self.serials[kind] = self.serials.get(kind, 0) + 1
        return f"{self.subject.k:07d}{serial:02d}"

    def add(self, kind: str, key: str, day: date, *, cause: str = "", **facts: Any) -> Event | None:
        """An event of this life; none after the last day, nor before the subject was there."""
        if day > self.until or day < self.subject.established:
            return None
        event = Event(kind, key, [(day, facts)], cause)
        self.events.setdefault(kind, []).append(event)
        return event

    def alive(self, day: date) -> bool:
        """Whether it truly does business on ``day``."""
        return self.subject.established <= day < self.operating


def begin(subject: Subject, until: date) -> Life:
    """The frame of a life: when it ends on paper and in truth, and how bad its conduct is."""
    ended = next((c.day for c in subject.history if c.values.get("status") in (*ENDED, REVOKED)), BEYOND)
    gone = min(ended, subject.vanished_on or BEYOND)
    first = max(subject.established, until - timedelta(days=d.LIVED_DAYS))
    return Life(subject, until, first, ended, gone, exp(d.CONDUCT_WEIGHT * (d.CONDUCT_MIDDLE - subject.conduct)))


def arrivals(rng: Random, begins: date, ends: date, a_year: float, season: tuple[float, ...] = FLAT) -> Iterator[date]:
    """Days on which something happens by chance, ``a_year`` times a year on average, in its season."""
    top = max(season)
    if a_year <= 0:
        return
    mean = 365.25 / (a_year * top)
    day, span = waiting(rng, mean), (ends - begins).days
    while day < span:
        when = begins + timedelta(days=int(day))
        if top == 1.0 or rng.random() * top < season[when.month - 1]:
            yield when
        day += waiting(rng, mean)


def office_day(day: date) -> date:
    """The Monday after a weekend day: offices answer on workdays (holidays are left aside)."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def after(rng: Random, day: date, low: int, high: int) -> date:
    """A workday ``low`` to ``high`` days later."""
    return office_day(day + timedelta(days=low + int(rng.random() * (high - low + 1))))


def chance(rng: Random, probability: float) -> bool:
    return rng.random() < probability


def until_of(life: Life) -> date:
    """The day after the last on which the register still has it."""
    return min(life.registered, life.until + timedelta(days=1))


Live = Callable[[Random, Life], None]
__all__ = [
    "BEYOND",
    "FLAT",
    "Event",
    "Facts",
    "Life",
    "Live",
    "after",
    "arrivals",
    "begin",
    "chance",
    "office_day",
    "until_of",
    "workday",
]
