"""在辖: in whose territory a subject was from when to when, as its file tells it. Pure.

A stay is half open: it counts on its first day (``since``) and no more on the day it ends (``until``). The stays of one
subject follow each other without a gap, so that whoever leaves one territory comes to another on the same day, and
whatever is counted of them adds up: stock before + born + come in - ended - gone out = stock after.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

#: How a stay began. ``across``: it came from another district; ``within``: from another station of the same.
BORN, ACROSS, WITHIN = "born", "across", "within"
#: How a stay may have ended, beside by a move: as its register calls the end.
CLOSED = ("deregistered", "revoked", "revoked_closed", "cancelled")
MOVED_OUT = "moved_out"
ENDS = (*CLOSED, MOVED_OUT)
#: What told of a move: a change of the register, or a domicile a later file shows.
CHANGE, FILE = "change", "file"

Read = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Stay:
    """A subject in one territory; ``came_from`` and ``left_to`` are territories, ``told`` what the move is known by."""

    scope: str
    since: date
    until: date | None = None
    began: str = BORN
    ended: str = ""
    came_from: str = ""
    left_to: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """From ``day`` on it was in ``scope``; before that, where this is told, in ``before``."""

    day: date
    scope: str
    before: str = ""
    told: str = FILE


@dataclass(frozen=True, slots=True)
class Domicile:
    """An address as its file holds it: from the first day it was told to the day the next was (none: still)."""

    text: str
    first: date | None
    last: date | None
    current: bool


def points(
    scope: str, domiciles: Sequence[Domicile], changes: Iterable[tuple[date, str, str]], read: Read
) -> list[Point]:
    """What tells where a subject was; ``changes`` are (day, address before, address after), ``read`` places an address.

    The present address is where the subject's own territory says, which rests on a code where there is one. An address
    that names no place of ours tells nothing.
    """
    found = [
        Point(day, place, read(before), CHANGE) for day, before, after in changes if (place := read(after)) and after
    ]
    if len(domiciles) > 1:
        ended = max((held.last for held in domiciles if not held.current and held.last), default=None)
        for held in domiciles:
            place = scope if held.current else read(held.text)
            # Who came back to an address holds it from the day it left the other.
            day = max(held.first, ended) if held.current and held.first and ended else held.first
            if place and day:
                found.append(Point(day, place))
    return sorted(found, key=lambda point: (point.day, point.told != CHANGE))


def district(scope: str) -> str:
    """The district a territory lies in: ``4499.01.03.`` in ``4499.01.``."""
    return "".join(step + "." for step in scope.split(".")[:2] if step)


def alike(one: str, other: str) -> bool:
    """Whether two territories may be one: the same, or one known no nearer than the other's district."""
    return one.startswith(other) or other.startswith(one)


@dataclass(slots=True)
class _Run:
    since: date
    scope: str
    told: str


def of(
    scope: str,
    *,
    established: date | None,
    ended_on: date | None,
    status: str,
    standing: bool,
    told: Sequence[Point] = (),
) -> list[Stay]:
    """The stays of one subject, the last in ``scope``; none where its beginning or its end is not known.

    ``told`` is in order of days. A place that may be the one before is no move; what is told before the beginning is
    of the beginning, what after the end is not told.
    """
    if established is None or (not standing and (status not in ENDS or ended_on is None or ended_on < established)):
        return []
    end = None if standing else ended_on
    runs = _runs(scope, established, [p for p in told if end is None or p.day <= end])
    stays = [Stay(run.scope, run.since, told=run.told) for run in runs]
    for place in range(1, len(stays)):
        before, after = stays[place - 1], stays[place]
        how = WITHIN if district(before.scope) == district(after.scope) else ACROSS
        stays[place - 1] = replace(before, until=after.since, ended=how, left_to=after.scope)
        stays[place] = replace(after, began=how, came_from=before.scope)
    if end is not None:
        stays[-1] = replace(stays[-1], until=end, ended=status)
    return stays


def _runs(scope: str, established: date, told: Sequence[Point]) -> list[_Run]:
    first = (told[0].before or told[0].scope) if told else scope
    runs = [_Run(established, first, "")]
    for point in told:
        held = runs[-1]
        if alike(held.scope, point.scope):
            held.scope = max(held.scope, point.scope, key=len)
        elif point.day <= held.since:
            held.scope, held.told = point.scope, held.told and point.told
        else:
            runs.append(_Run(point.day, point.scope, point.told))
    # Where the address and the code disagree the code stands: the lists of today go by it.
    runs[-1].scope = scope
    return _joined(runs)


def _joined(runs: Iterable[_Run]) -> list[_Run]:
    """Runs of one place as one."""
    kept: list[_Run] = []
    for run in runs:
        kept.append(run)
        # The later place stands, as the last of all is where the subject is now; so named it may be the one before.
        while len(kept) > 1 and alike(kept[-2].scope, kept[-1].scope):
            last = kept.pop()
            kept[-1].scope = last.scope
    return kept
