"""A file of receipts from the finance department: its rows read and judged, and held against what files say. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from shiheng.catalogue.definition import read_day

COLUMNS = ("票据号码", "缴款日期", "金额", "缴款人")
NEEDED = COLUMNS[:3]
MOST = Decimal(10) ** 12
MATCHED, DIFFERS, TWICE, OURS, THEIRS = "matched", "differs", "twice", "ours", "theirs"
RESULTS = {
    DIFFERS: "金额不符",
    TWICE: "同一票据重复",
    THEIRS: "财政有、案卷没有",
    OURS: "案卷有、财政没有",
    MATCHED: "一致",
}
"""How a receipt stands on both sides; what needs somebody comes first."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One receipt: its number, the day, the sum in fen, who paid."""

    number: str
    day: date
    amount: int
    payer: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was not taken, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as a file tells it; ``file`` is its number in the database, ``called`` its number for people."""

    slip: str
    day: date
    amount: int
    file: int
    called: str
    party: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One receipt number on both sides."""

    number: str
    result: str
    theirs: tuple[Slip, ...] = ()
    ours: tuple[Paid, ...] = ()

    @property
    def difference(self) -> int:
        """What finance received above (or, negative, below) what the files say, in fen."""
        return sum(slip.amount for slip in self.theirs) - sum(paid.amount for paid in self.ours)


def read(grid: Sequence[Sequence[Any]]) -> tuple[list[Slip], list[Fault]]:
    """The receipts of a sheet and the rows that are none: together as many as there are rows that say anything.

    Raises ``ValueError`` naming the columns that are missing.
    """
    head = next((at for at, row in enumerate(grid) if any(_text(cell) for cell in row)), len(grid))
    titles = [_text(cell) for cell in grid[head]] if head < len(grid) else []
    if missing := [title for title in NEEDED if title not in titles]:
        raise ValueError("、".join(missing))
    slips, faults = [], []
    for line, row in enumerate(grid[head + 1 :], start=head + 2):
        if not any(_text(cell) for cell in row):
            continue
        said = dict(zip(titles, row, strict=False))
        found = _slip(said)
        slips += [found] if isinstance(found, Slip) else []
        faults += [Fault(line, found)] if isinstance(found, str) else []
    return slips, faults


def _slip(said: dict[str, Any]) -> Slip | str:
    number, day, amount = _text(said.get("票据号码")), read_day(said.get("缴款日期")), _fen(said.get("金额"))
    if not number or len(number) > 60:
        return "没有票据号码，或者超过 60 个字"
    if day is None:
        return "缴款日期不是日期，请写成 2026-10-01 的样子"
    if amount is None:
        return "金额不是大于零、最多两位小数的数"
    return Slip(number, day, amount, _text(said.get("缴款人"))[:200])


def _fen(value: Any) -> int | None:
    try:
        held = Decimal(_text(value).replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    if not held.is_finite() or not 0 < held < MOST or held != held.quantize(Decimal("0.01")):
        return None
    return int(held * 100)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def compare(slips: Iterable[Slip], paid: Iterable[Paid]) -> list[Compared]:
    """Every receipt either side knows, what needs somebody first; each number stands once."""
    theirs: dict[str, list[Slip]] = defaultdict(list)
    ours: dict[str, list[Paid]] = defaultdict(list)
    for slip in slips:
        theirs[slip.number].append(slip)
    for one in paid:
        ours[one.slip].append(one)
    found = [
        Compared(number, _result(theirs.get(number, []), ours.get(number, [])), tuple(theirs.get(number, ())),
                 tuple(ours.get(number, ())))
        for number in {*theirs, *ours}
    ]  # fmt: skip
    order = list(RESULTS)
    return sorted(found, key=lambda one: (order.index(one.result), one.number))


def _result(theirs: list[Slip], ours: list[Paid]) -> str:
    if len(theirs) > 1 or len(ours) > 1:
        return TWICE
    if not theirs or not ours:
        return OURS if ours else THEIRS
    return MATCHED if theirs[0].amount == ours[0].amount else DIFFERS
