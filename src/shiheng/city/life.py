"""What befalls an invented subject between its establishment and the last day: changes, suspension, its end."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from shiheng.city import definition as d
from shiheng.city.draw import Weighted, between, pick, waiting
from shiheng.city.model import (
    ACTIVE,
    CANCELLED,
    DEREGISTERED,
    MOVED_OUT,
    REVOKED,
    REVOKED_CLOSED,
    SUSPENDED,
    Change,
    Subject,
)

_KINDS = {
    "enterprise": Weighted([("move", 30.0), ("represent", 20.0), ("capital", 20.0), ("scope", 22.0), ("rename", 8.0)]),
    "individual": Weighted([("move", 35.0), ("represent", 18.0), ("scope", 30.0), ("rename", 12.0), ("capital", 5.0)]),
    "cooperative": Weighted([("move", 20.0), ("represent", 30.0), ("capital", 20.0), ("scope", 20.0), ("rename", 5.0)]),
    "branch": Weighted([("move", 45.0), ("represent", 45.0), ("scope", 10.0)]),
}
Alter = Callable[[Random, Subject, str, dict[str, Any], date], dict[str, Any]]


def workday(day: date) -> date:
    """The Friday before a weekend day: windows are closed on weekends (holidays are left aside)."""
    return day - timedelta(days=max(day.weekday() - 4, 0))


def live(rng: Random, subject: Subject, *, until: date, alter: Alter) -> None:
    """Write the subject's life into its history; ``alter`` makes the new values of a change."""
    established = subject.established
    last, ended = _end(rng, subject, until)
    said = dict(subject.history[0].values)
    pause = _suspension(rng, subject, last if ended else until)
    day = established
    events: list[tuple[date, str]] = list(pause)
    every = 365.25 / d.CHANGES_A_YEAR[subject.kind]
    while True:
        day = workday(day + timedelta(days=20 + int(waiting(rng, every))))
        if day >= last:
            break
        events.append((day, _KINDS[subject.kind].draw(rng)))
        if rng.random() < 0.15:  # several items in one application
            events.append((day, _KINDS[subject.kind].draw(rng)))
    events.sort()
    for when, kind in events:
        if kind == "suspend":
            values: dict[str, Any] = {"status": SUSPENDED}
        elif kind == "resume":
            values = {"status": ACTIVE}
        else:
            values = alter(rng, subject, kind, said, when)
        if values:
            said.update(values)
            subject.history.append(Change(when, kind, values))
    subject.history.extend(ended)
    _vanish(rng, subject, last)


def _end(rng: Random, subject: Subject, until: date) -> tuple[date, list[Change]]:
    """The day after which nothing else changes, and the entries that end the subject (none: it lives on)."""
    start, kind = subject.established, subject.kind
    beyond = until + timedelta(days=1)
    if subject.shown:
        return beyond, []
    if subject.fake and rng.random() < d.CANCELLED_OF_FAKE:
        day = workday(start + timedelta(days=between(rng, 90, 600)))
        return (day, [Change(day, "cancel", {"status": CANCELLED})]) if day <= until else (beyond, [])
    if kind == "enterprise" and rng.random() < d.MOVED_OUT_OF_ENTERPRISES:
        day = workday(start + timedelta(days=int(rng.random() * ((until - start).days + 1))))
        if start < day <= until:
            return day, [Change(day, "move_out", {"status": MOVED_OUT})]
    years = waiting(rng, d.MEAN_YEARS[kind]) * (0.5 + subject.conduct)
    day = workday(start + timedelta(days=30 + int(years * 365.25)))
    if day > until or day <= start:
        return beyond, []
    if rng.random() >= d.REVOKED_OF_ENDED[kind]:
        return day, [Change(day, "deregister", {"status": DEREGISTERED})]
    ended = [Change(day, "revoke", {"status": REVOKED})]
    closed = workday(day + timedelta(days=between(rng, 200, 2200)))
    if closed <= until and rng.random() < 0.6:
        ended.append(Change(closed, "deregister", {"status": REVOKED_CLOSED}))
    return day, ended


def _suspension(rng: Random, subject: Subject, last: date) -> list[tuple[date, str]]:
    """歇业: at most three years, and only since the regulation that made it."""
    earliest = max(subject.established + timedelta(days=90), d.SUSPENSION_FROM)
    span = (last - earliest).days
    if subject.shown or span < 30 or rng.random() >= d.SUSPENDED:
        return []
    begin = workday(earliest + timedelta(days=int(rng.random() * (span - 1))))
    finish = workday(begin + timedelta(days=between(rng, 120, 1000)))
    return [(begin, "suspend"), (finish, "resume")] if finish < last else [(begin, "suspend")]


def _vanish(rng: Random, subject: Subject, last: date) -> None:
    """Some stop without telling the register: the worse the conduct, the likelier. The register goes on saying 存续."""
    worse = 1.7 - 1.4 * subject.conduct
    if subject.shown:
        return
    if subject.fake or rng.random() < d.NEVER_OPERATED[subject.kind] * worse:
        subject.never_operated = True
        subject.vanished_on = subject.established
    elif rng.random() < d.VANISHED[subject.kind] * worse:
        span = (last - subject.established).days
        subject.vanished_on = subject.established + timedelta(days=int(span * (1 - rng.random() ** pick(rng, (1, 2)))))
