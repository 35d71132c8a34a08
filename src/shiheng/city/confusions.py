"""What makes one business look like two, two like one, and strangers like one person: planted where the files mislead.

A clerk types a neighbour's old number, or departments tell it; a business is told by its old number once and by its
code ever after, and nobody tells both; a telephone number is given up and goes to somebody else. Each block is planted
from a stream of its own, so that nothing else of the city moves.
"""

from collections.abc import Iterable
from datetime import date

from shiheng.city import definition as d
from shiheng.city.draw import pick, stream
from shiheng.city.model import ACTIVE, Subject

REGISTER, DEPARTMENTS = "register", "departments"
_YEAR = 365


def plant(number: int, subjects: Iterable[Subject], *, seed: int, until: date) -> None:
    """What misleads in the files about the subjects of one block."""
    plain = [subject for subject in subjects if not subject.shown and not subject.groups]
    if number % d.CONTESTED_EVERY == 1:
        _contested(number, plain, seed=seed, until=until)
    if number % d.DIVIDED_EVERY == 2:
        _divided(number, plain, seed=seed, until=until)
    _reassigned(number, plain, seed=seed)


def _contested(number: int, plain: list[Subject], *, seed: int, until: date) -> None:
    """One business is told with the old number of another: by the register's clerk, or by other departments."""
    rng = stream(seed, "contested", number)
    old = [s for s in plain if s.regno and _stands(s, until)]
    pairs = [(s, other) for s in plain for other in old if not s.regno and s.uscc > other.uscc and _stands(s, until)]
    if pairs:
        subject, other = pick(rng, pairs)
        by = (REGISTER, DEPARTMENTS)[number // d.CONTESTED_EVERY % 2]
        subject.slip = (by, other.regno or "")


def _divided(number: int, plain: list[Subject], *, seed: int, until: date) -> None:
    """A business whose old number and code are never told together."""
    shown = (d.MONTHS_SHOWN + 1) * 31
    quiet = [
        s
        for s in plain
        if s.regno and not s.slip[1] and _stands(s, until) and (until - s.last_entry(until)).days > shown
    ]
    if quiet:
        pick(stream(seed, "divided", number), quiet).divided = True


def _reassigned(number: int, plain: list[Subject], *, seed: int) -> None:
    """Somebody is left with the number that another gave up years before."""
    rng = stream(seed, "reassigned", number)
    if rng.random() >= d.REASSIGNED * d.BLOCK:
        return
    pairs = [
        (before, after)
        for before in plain
        for after in plain
        if (after.established - before.established).days > d.REASSIGNED_AFTER_YEARS * _YEAR
    ]
    if pairs:
        before, after = pick(rng, pairs)
        after.telephone = before.history[0].values["rep_key"]


def _stands(subject: Subject, until: date) -> bool:
    """In the first district and on the register from before the first file to the last day."""
    said = subject.on(until)
    old = (until - subject.established).days > (d.MONTHS_SHOWN + 2) * 31
    return old and said["town"][:6] == d.CONTESTED_IN and said["status"] == ACTIVE


def told_number(subject: Subject, by: str) -> str:
    """The old number that a register's or another department's row tells with a subject."""
    if subject.divided:
        return ""
    teller, number = subject.slip
    return number if number and teller == by else subject.regno or ""
