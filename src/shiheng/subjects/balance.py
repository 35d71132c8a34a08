"""增减与迁移: months and territories as sums that add up, a matrix of moves, and what is unusual. Pure.

What happened comes in as ``Flow``: how often a thing happened in a month in a territory. A territory asked about
(``inside``) is a set of paths, none inside another; it is cut into ``units``. A move inside a territory changes nothing
of its stock; it is told beside the sum, not in it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from shiheng.subjects.stays import ACROSS, BORN, MOVED_OUT, WITHIN

#: Beginnings and ends of stays, in the order of the columns.
IN = (BORN, ACROSS + "_in", WITHIN + "_in")
CLOSED = ("deregistered", "revoked", "cancelled")
OUT = (ACROSS + "_out", WITHIN + "_out", MOVED_OUT)
INNER = ("inner_across", "inner_within")
EVENTS = (*IN, *CLOSED, *OUT, *INNER)
TITLES = {
    "born": "新设",
    "across_in": "跨区迁入",
    "within_in": "跨所迁入",
    "deregistered": "注销",
    "revoked": "吊销",
    "cancelled": "撤销登记",
    "across_out": "跨区迁出",
    "within_out": "跨所迁出",
    "moved_out": "迁往外地",
    "inner_across": "区间迁移",
    "inner_within": "所间迁移",
}
#: How each figure is counted, told on the page and by the interface.
LAW = {
    "born": "成立日期在当月的主体，计入它成立时所在的辖区；后来注销、迁走的也计。",
    "across_in": "住所从别的区迁到本辖区，按变更登记的日期；没有变更登记的，按登记来文初次报送新住所的日期。",
    "within_in": "住所从同区别的监管所辖区迁来，日期同上。",
    "deregistered": "注销登记的日期在当月的主体；没有注销登记的，按来源说明状态的日期。",
    "revoked": "吊销营业执照的日期在当月的主体；先吊销后注销的只计一次，计在注销的月份。",
    "cancelled": "登记被撤销的主体。",
    "across_out": "住所迁到别的区，日期与迁入相同：一户迁出一处，同日迁入另一处。",
    "within_out": "住所迁到同区别的监管所辖区。",
    "moved_out": "登记状态为迁出，去了外地登记机关的主体。",
    "inner_across": "辖区内部从一个区迁到另一个区，不影响本辖区的实有，另列。",
    "inner_within": "辖区内部从一个所迁到同区另一个所，不影响本辖区的实有，另列。",
    "opening": "月初（上月末）实有：成立了而没有终止、没有迁走的存续、歇业主体。",
    "closing": "月末实有＝月初实有＋新设＋迁入－注销、吊销、撤销登记－迁出，逐月相接，分毫不差。",
}
#: What the figures cannot tell, and why; told as 未取得, never as nothing.
UNKNOWN = (
    "从外地迁入的主体：登记来文不标明迁入，按成立日期计入新设。",
    "住所文字读不出区、所的迁移：旧住所只写到区的，看不出是否跨所；写不出区的，看不出迁移。",
    "第一份登记来文以前的迁移：来文只报当时的住所，只有变更登记报了的才看得出；那以前注销而没有报送过的主体不在册。",
    "成立日期、终止日期或者登记状态未取得的主体：不计入任何一月。",
)


@dataclass(frozen=True, slots=True)
class Flow:
    """``count`` stays of ``scope`` that began or ended so in a month; ``other`` is where they came from or went."""

    month: str
    scope: str
    how: str
    other: str
    count: int
    begins: bool


@dataclass(slots=True)
class Line:
    """A month, or a part of the territory over all months: the stock before, what happened, the stock after."""

    opening: int = 0
    events: dict[str, int] = field(default_factory=lambda: dict.fromkeys(EVENTS, 0))

    @property
    def came(self) -> int:
        return sum(self.events[name] for name in IN)

    @property
    def gone(self) -> int:
        return sum(self.events[name] for name in (*CLOSED, *OUT))

    @property
    def net(self) -> int:
        return self.came - self.gone

    @property
    def closing(self) -> int:
        return self.opening + self.net

    @property
    def ends(self) -> int:
        """注销、吊销、撤销登记."""
        return sum(self.events[name] for name in CLOSED)

    @property
    def departures(self) -> int:
        """Whoever left the stock: ended or moved away."""
        return self.gone


def months(first: str, last: str) -> list[str]:
    """Every month from ``first`` to ``last``, both included: ``2025-12``, ``2026-01``."""
    found, month = [], first
    while month <= last:
        found.append(month)
        month = later(month, 1)
    return found


def later(month: str, by: int) -> str:
    """The month so many months later (earlier where negative)."""
    year, place = divmod(int(month[:4]) * 12 + int(month[5:7]) - 1 + by, 12)
    return f"{year:04d}-{place + 1:02d}"


#: What follows the path of a district (or city) where nothing but itself is meant: who is placed at none of its
#: stations. A path ends in a full stop, so that nothing else ends so.
DIRECT = "~"


def inside(scope: str, paths: Sequence[str]) -> bool:
    """Whether a territory lies in any of some others."""
    return any(scope == path[:-1] if path.endswith(DIRECT) else scope.startswith(path) for path in paths)


def depth(path: str) -> int:
    """One for a city, two for a district, three for a station; none for everything."""
    return path.count(".")


def unit_of(scope: str, paths: Sequence[str]) -> str:
    """The part of the territory asked about that a territory belongs to: one step below it, or what is left of it.

    Several paths are their own parts. Empty where it lies outside.
    """
    held = next((path for path in paths if inside(scope, (path,))), None)
    if held is None:
        return ""
    if len(paths) > 1 or held.endswith(DIRECT) or depth(held) > 2:
        return held
    return held + DIRECT if scope == held else scope[: scope.index(".", len(held)) + 1]


def event(flow: Flow, far: bool) -> str:
    """Which figure a flow belongs to, where its other end lies outside (``far``) or inside what is counted."""
    if flow.how not in (ACROSS, WITHIN):
        return "revoked" if flow.how == "revoked_closed" else flow.how
    if not far:
        # Told once, where it arrives.
        return f"inner_{flow.how}" if flow.begins else ""
    return f"{flow.how}_in" if flow.begins else f"{flow.how}_out"


def lines(
    flows: Iterable[Flow],
    opening: Mapping[str, int],
    paths: Sequence[str],
    *,
    part: Callable[[str], str],
) -> dict[str, dict[str, Line]]:
    """Each part's month by month: part → month → its line, of the months in which anything happened.

    ``part`` names the part a territory belongs to (all of it, its units, its stations); a move counts where its other
    end lies in another part or outside ``paths``. ``opening`` is read by ``rolled``, not here.
    """
    found: dict[str, dict[str, Line]] = {name: {} for name in opening}
    for flow in flows:
        if not inside(flow.scope, paths):
            continue
        own = part(flow.scope)
        far = not inside(flow.other, paths) or part(flow.other) != own
        name = event(flow, far)
        if name:
            held = found.setdefault(own, {}).setdefault(flow.month, Line())
            held.events[name] += flow.count
    return found


def rolled(by_month: Mapping[str, Line], opening: int, span: Sequence[str]) -> list[Line]:
    """The lines of a span of months one after the other, each opening with what the one before closed with.

    ``opening`` is the stock before the first month of the span.
    """
    found: list[Line] = []
    for month in span:
        held = by_month.get(month)
        made = Line(opening, dict(held.events) if held else dict.fromkeys(EVENTS, 0))
        found.append(made)
        opening = made.closing
    return found


def total(run: Sequence[Line]) -> Line:
    """Several months as one line."""
    made = Line(run[0].opening if run else 0)
    for one in run:
        for name, count in one.events.items():
            made.events[name] += count
    return made


#: The other side of a matrix: another territory than the one asked about, of this platform; another city.
OUTSIDE, ELSEWHERE = "outside", "elsewhere"


def matrix(flows: Iterable[Flow], paths: Sequence[str]) -> dict[tuple[str, str], int]:
    """(from, to) → how many moved, from part to part, from outside to a part, from a part to outside or elsewhere."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for flow in flows:
        own = unit_of(flow.scope, paths)
        if not own:
            continue
        other = unit_of(flow.other, paths) if flow.other else ""
        if flow.how == MOVED_OUT:
            found[own, ELSEWHERE] += flow.count
        elif flow.how in (ACROSS, WITHIN) and other != own:
            if flow.begins:
                found[other or OUTSIDE, own] += flow.count
            elif not other:
                found[own, OUTSIDE] += flow.count
    return dict(found)


#: What is unusual is a lead, never a finding. No instrument sets these: a choice of ours, told on the page.
COMPARED, LEAST, SPREADS = 12, 5, 3.0


@dataclass(frozen=True, slots=True)
class Lead:
    """A month of a territory far from its own twelve months before; ``what`` is ``born`` or ``departures``."""

    scope: str
    month: str
    what: str
    count: int
    mean: float
    lowest: int
    highest: int

    @property
    def many(self) -> bool:
        return self.count > self.mean


def unusual(counts: Sequence[int], before: Sequence[int]) -> list[int]:
    """Which of ``counts`` (months in a row) are far from the twelve months before each, by their places.

    ``before`` are the twelve months before the first. Far is outside all twelve, and further from their mean than three
    times its square root (the spread of what happens by chance at a steady rate) and than ``LEAST`` subjects.
    """
    run = [*before, *counts]
    found = []
    for place, count in enumerate(counts):
        year = run[place : place + COMPARED]
        mean = sum(year) / COMPARED
        apart = abs(count - mean)
        if apart > SPREADS * sqrt(mean) and apart >= LEAST and not min(year) <= count <= max(year):
            found.append(place)
    return found


def leads(scope: str, run: Sequence[Line], span: Sequence[str], *, whole: Callable[[str], bool]) -> list[Lead]:
    """The leads of one territory; ``run`` and ``span`` begin twelve months before the first that is looked at.

    A month that is not ``whole`` may still fill up: few of it say nothing.
    """
    found = []
    for what in ("born", "departures"):
        counts = [one.events["born"] if what == "born" else one.departures for one in run]
        for place in unusual(counts[COMPARED:], counts[:COMPARED]):
            year = counts[place : place + COMPARED]
            lead = Lead(scope, span[COMPARED + place], what, counts[COMPARED + place], sum(year) / COMPARED,
                        min(year), max(year))  # fmt: skip
            if lead.many or whole(lead.month):
                found.append(lead)
    return found
