"""When each department sends what: in time, late, or not at all; wrong at first and then corrected."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from shiheng.city import definition as d
from shiheng.city.departments.sheet import Sheet
from shiheng.city.draw import between, stream
from shiheng.city.lives.model import office_day

ALWAYS = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Sent:
    """One file that arrived: what it tells happened after ``since`` up to ``as_of``; a snapshot says how all stands."""

    source: str
    filename: str
    form: str
    charset: str
    delivery: str
    since: date
    as_of: date
    due: date
    known_on: date
    flaw: str = ""  # shifted, cut
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A file that was to come: ``fate`` is intime, late, waiting (late and not here yet), lost, merged, empty."""

    source: str
    as_of: date
    due: date
    fate: str
    filename: str = ""

    def nothing(self) -> "Due":
        """The same where the department had nothing to tell."""
        return replace(self, fate="empty", filename="")


def schedule(sheet: Sheet, *, seed: int, until: date) -> tuple[list[Sent], list[Due]]:
    """Every file that has come by ``until``, and how each that was due fared."""
    rng = stream(seed, "deliveries", sheet.source)
    came: list[tuple[int, Sent]] = []
    due: list[Due] = []
    since = ALWAYS
    for number, as_of in enumerate(_ends(sheet, until)):
        promised = office_day(as_of + timedelta(days=sheet.lag))
        if promised > until:
            break
        fate, known_on = _fate(rng, sheet, number, promised, until)
        form, charset = sheet.forms[number % len(sheet.forms)]
        day = f"{as_of:%Y-%m-%d}" if sheet.weeks and as_of > until - timedelta(weeks=sheet.weeks) else f"{as_of:%Y-%m}"
        filename = f"{sheet.source.replace('_', '-')}-{day}.{form}"
        here = fate in ("intime", "late")
        due.append(Due(sheet.source, as_of, promised, fate, filename if here else ""))
        if here:
            while came and came[-1][1].known_on >= known_on:  # so late that the next is there: it holds these rows too
                at, overtaken = came.pop()
                due[at] = replace(due[at], fate="merged", filename="")
                since = overtaken.since
            whole = Sent(sheet.source, filename, form, charset, sheet.delivery, since, as_of, promised, known_on)
            came.append((number, whole))
        if here or fate == "lost":
            since = as_of
    sent = [item for number, whole in came for item in _versions(sheet, number, whole, until)]
    return sorted(sent, key=lambda item: (item.known_on, item.filename)), due


def _fate(rng: Random, sheet: Sheet, number: int, promised: date, until: date) -> tuple[str, date]:
    """How the file of a period fares, and the day it comes; the first always comes."""
    draw = rng.random()
    later = office_day(promised + timedelta(days=between(rng, *d.DAYS_LATE)))
    if number == 0 or draw < sheet.intime:
        return "intime", promised
    if draw < sheet.intime + sheet.late:
        return ("late" if later <= until else "waiting"), later
    return ("merged" if rng.random() < d.MERGED else "lost"), until


def _versions(sheet: Sheet, number: int, whole: Sent, until: date) -> Iterator[Sent]:
    """The file, or a wrong one and its correction some days later (if that has come); a list of what is taken back."""
    stem = whole.filename.removesuffix(f".{whole.form}")
    if sheet.deletions:
        yield replace(whole, filename=f"{stem}.deletions.{whole.form}", delivery="deletions")
    flaw = "shifted" if number == sheet.shifted else "cut" if number == sheet.cut else ""
    again = office_day(whole.known_on + timedelta(days=d.DAYS_TO_CORRECT))
    if not flaw or again > until:
        yield whole
        return
    first = f"{stem}-{flaw}.{whole.form}"
    yield replace(whole, filename=first, flaw=flaw)
    yield replace(whole, known_on=again, replaces=first if flaw == "shifted" else "")


def _ends(sheet: Sheet, until: date) -> Iterator[date]:
    """The last days of the months (at the end: weeks) a file is made of, from a year and a half ago on."""
    months = until.year * 12 + until.month - d.MONTHS_SHOWN
    while sheet.month and (months % 12 or 12) % sheet.every != sheet.month % sheet.every:
        months += 1
    weekly = until - timedelta(weeks=sheet.weeks)
    while True:
        last = date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
        if last > until or (sheet.weeks and last > weekly):
            break
        yield last
        months += sheet.every
    if sheet.weeks:
        sunday = weekly + timedelta(days=6 - weekly.weekday())
        while sunday <= until:
            yield sunday
            sunday += timedelta(weeks=1)
