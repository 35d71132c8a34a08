"""行为: what befell a subject over time in lanes, and how its counts stand beside those of its like. Pure.

What is unusual is a lead, never a finding: it says that hardly any of the subject's like had as many, not why. Fewer
than ``ENOUGH`` peers say nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shiheng.subjects import layout
from shiheng.subjects.definition import DELETED_STATE, Basis

ENOUGH = 30
# At most so many in a hundred of the like have as many: a choice of ours, told on the page.
RARE = 2
# A register tells a change on its day, a delivery that shows it comes within the month.
SAME_CHANGE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the time line and the kinds of records on it."""

    code: str
    title: str
    kinds: tuple[str, ...] = ()


_UNDER = {tab.code: tab.kinds for tab in layout.TABS}
LANES = (
    Lane("changes", "登记变更", ("change", "cancellation")),
    Lane("moves", "住所迁移"),
    Lane("permits", "许可", _UNDER["permits"]),
    Lane("complaints", "投诉举报", _UNDER["complaints"]),
    Lane("inspections", "检查抽检", tuple(kind for kind in _UNDER["inspections"] if kind != "equipment")),
    Lane("cases", "案件处罚", _UNDER["cases"]),
    Lane("lists", "名录信用", _UNDER["lists"]),
    Lane("others", "其他"),
)
_LANE_OF = {kind: lane.code for lane in LANES for kind in lane.kinds}
_TAB_OF = {kind: tab.code for tab in layout.TABS for kind in tab.kinds}
#: What the register calls the item that changed; the first that fits is it.
ITEMS = {
    "address": ("住所", "经营场所", "地址"),  # not shown: read in titles
    "representative": ("法定代表人", "负责人", "经营者", "执行事务合伙人"),  # not shown: read in titles
    "name": ("名称", "字号"),  # not shown: read in titles
}


def item_of(title: str) -> str:
    """What a change of the register changed; nothing where it is none of those kept over time."""
    return next((item for item, words in ITEMS.items() if any(word in title for word in words)), "")


def lane_of(kind: str, title: str) -> str:
    """The lane a record stands on; a change of address is a move."""
    if kind == "change" and item_of(title) == "address":
        return "moves"
    return _LANE_OF.get(kind, "others")


def tab_of(kind: str) -> str:
    """The tab of the subject's file under which a record of the kind stands."""
    return _TAB_OF.get(kind, "others")


@dataclass(frozen=True, slots=True)
class Span:
    """Something held since a day: a name, a domicile, a representative. ``same`` tells two spellings of one."""

    item: str
    text: str
    since: date | None
    same: str = ""


def begun(spans: Iterable[Span], changes: Iterable[tuple[str, date]]) -> list[Span]:
    """The spans whose beginning is a change nobody reported as such.

    Where the file begins is no change; what came within a month of a reported change of the item is that change.
    """
    told = list(changes)
    first: dict[str, date] = {}
    seen: dict[tuple[str, str], Span] = {}
    dated = [(span.since, span) for span in spans if span.since is not None]
    for since, span in sorted(dated, key=lambda pair: (pair[0], pair[1].item, pair[1].text)):
        first.setdefault(span.item, since)
        seen.setdefault((span.item, span.same or span.text), span)
    return [
        span
        for span in seen.values()
        if span.since is not None
        and span.since > first[span.item]
        and not any(item == span.item and abs(span.since - day) <= SAME_CHANGE for item, day in told)
    ]


@dataclass(frozen=True, slots=True)
class Measure:
    """Something counted of each subject: records of some kinds, in some states or with some words in their titles.

    ``least`` is the fewest that can be unusual: one complaint says little, one penalty does not.
    """

    code: str
    title: str
    unit: str
    kinds: tuple[str, ...]
    how: str
    least: int = 2
    states: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    item: str = ""
    late: bool = False
    basis: Basis | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """One of these stands in the title of what is counted."""
        return ITEMS.get(self.item, ())

    def counts(self, kind: str, title: str, state: str, facts: Any, day: date | None) -> bool:
        """Whether this record is counted."""
        return (
            kind in self.kinds
            and day is not None
            and state not in {*self.but, DELETED_STATE}
            and (not self.states or state in self.states)
            and (not self.words or any(word in title for word in self.words))
            and (not self.late or is_late(facts, day))
        )


# Text not at hand: see the note. Individual businesses have the same months (个体工商户年度报告暂行办法).
ANNUAL = Basis(
    "企业信息公示暂行条例",
    "第八条",
    verified=False,
    note="须核对 2024 年修订的文本：年度报告于次年 1 月 1 日至 6 月 30 日报送。",
)
ANNUAL_LAST = (6, 30)


def is_late(facts: Any, day: date) -> bool:
    """Whether an annual report came after the last day for its year."""
    year = str(facts.get("year", "")) if isinstance(facts, dict) else ""
    return len(year) == 4 and year.isascii() and year.isdigit() and day > date(int(year) + 1, *ANNUAL_LAST)


_PROBLEMS = (
    "未按规定公示应当公示的信息",  # not shown: states as they are kept
    "公示信息隐瞒真实情况、弄虚作假",  # not shown: states as they are kept
    "通过登记的住所（经营场所）无法联系",  # not shown: states as they are kept
    "发现问题已责令改正",  # not shown: states as they are kept
    "不配合检查情节严重",  # not shown: states as they are kept
    "发现问题待后续处理",  # not shown: states as they are kept
)
_FAILED = ("不合格", "问题样品")  # not shown: states as they are kept
_REVOKED = ("已撤销",)  # not shown: states as they are kept
MEASURES = (
    Measure("complaints", "投诉举报", "件", ("complaint", "report"), "登记的投诉和举报，一件计一次"),
    Measure(
        "hotline",
        "热线工单（12345）",
        "件",
        ("hotline",),
        "转来的工单，一张计一次；与投诉可能是同一件事",
        least=3,
    ),
    Measure("changes", "登记变更", "项", ("change",), "变更登记的事项，一项计一次", least=3),
    Measure("moves", "住所变更", "项", ("change",), "变更登记中住所、经营场所的变更", item="address"),
    Measure(
        "representatives",
        "法定代表人变更",
        "项",
        ("change",),
        "变更登记中法定代表人、负责人、经营者的变更",
        item="representative",
    ),
    Measure(
        "problems",
        "检查发现问题",
        "件",
        ("inspection",),
        "结论为有问题、不配合或者无法联系的检查",
        states=_PROBLEMS,
    ),
    Measure(
        "samples",
        "抽检不合格",
        "批",
        ("food_sample", "product_sample", "sampling"),
        "结论为不合格或者问题样品的抽检",
        least=1,
        states=_FAILED,
    ),
    Measure("penalties", "行政处罚", "件", ("penalty",), "处罚决定，已撤销的不计", least=1, but=_REVOKED),
    Measure(
        "lists",
        "列入异常、失信名单",
        "件",
        ("abnormal", "serious"),
        "列入经营异常名录、严重违法失信名单，移出的也计",
        least=1,
    ),
    Measure(
        "late",
        "迟报年报",
        "份",
        ("annual_report",),
        "次年 6 月 30 日以后才报送的年度报告；一直没有报的不在此数",
        least=1,
        late=True,
        basis=ANNUAL,
    ),
)
KINDS = tuple(dict.fromkeys(kind for measure in MEASURES for kind in measure.kinds))


def measured(kind: str, title: str, state: str, facts: Any, day: date | None) -> frozenset[str]:
    """The measures that count a record."""
    return frozenset(m.code for m in MEASURES if m.counts(kind, title, state, facts, day))


@dataclass(frozen=True, slots=True)
class Band:
    """How many of the like have from ``low`` to ``high`` (none: any more); ``own``: the subject stands here itself."""

    low: int
    high: int | None
    peers: int
    own: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One count beside those of its like: how many have fewer, the most among those, how many have as many or more."""

    own: int
    peers: int
    fewer: int
    most_of_fewer: int
    middle: int
    highest: int
    bands: tuple[Band, ...]
    unusual: bool

    @property
    def as_many(self) -> int:
        return self.peers - self.fewer

    @property
    def percent_fewer(self) -> int:
        """Rounded down: it is said of those who have fewer."""
        return 100 * self.fewer // self.peers if self.peers else 0


def compare(own: int, peers: Iterable[int], *, least: int) -> Standing:
    """A subject's count beside its like's: unusual where it is high and hardly any of enough peers has as many."""
    held = Counter(peers)
    total = held.total()
    below = [count for count in held if count < own]
    fewer = sum(held[count] for count in below)
    rare = (total - fewer) * 100 <= RARE * total
    return Standing(
        own=own,
        peers=total,
        fewer=fewer,
        most_of_fewer=max(below, default=0),
        middle=_middle(held, total),
        highest=max(held, default=0),
        bands=_bands(own, held),
        unusual=total >= ENOUGH and own >= max(least, 1) and rare,
    )


def _middle(held: Counter[int], total: int) -> int:
    """The lower median."""
    passed = 0
    for count in sorted(held):
        passed += held[count]
        if 2 * passed >= total:
            return count
    return 0


_EDGES = (0, 1, 2, 3, 4, 6, 11, 21, 51)


def _bands(own: int, held: Counter[int]) -> tuple[Band, ...]:
    """From none up to the highest, each few by themselves and the many together."""
    top = max([own, *held])
    edges = [edge for edge in _EDGES if edge <= top]
    made = []
    for place, low in enumerate(edges):
        high = edges[place + 1] - 1 if place + 1 < len(edges) else _last(low, top)
        inside = sum(n for count, n in held.items() if count >= low and (high is None or count <= high))
        made.append(Band(low, high, inside, own >= low and (high is None or own <= high)))
    return tuple(made)


def _last(low: int, top: int) -> int | None:
    """The last band ends where nobody has more, so that it says no more than it must."""
    return low if top == low else None


def widened(scope: str) -> list[str]:
    """A territory and those it lies in, up to everywhere: ``4499.01.03.``, ``4499.01.``, ``4499.``, and nothing."""
    steps = scope.rstrip(".").split(".") if scope else []
    return [".".join(steps[:n]) + "." for n in range(len(steps), 0, -1)] + [""]


def since(today: date, years: int) -> date:
    """The day after which the last so many years lie."""
    day = today.replace(day=28) if (today.month, today.day) == (2, 29) else today
    return day.replace(year=today.year - years)


def same_class(code: str) -> str:
    """The division (大类) of an industry code: its first two places."""
    return code[:2] if len(code) >= 2 else ""


def in_order(counts: Sequence[tuple[int, int]], *, at_least: int) -> list[tuple[int, int]]:
    """(count, subject) of those with as many or more, the most first."""
    return sorted(((n, pk) for n, pk in counts if n >= max(at_least, 1)), key=lambda pair: (-pair[0], pair[1]))
