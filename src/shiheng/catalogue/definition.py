"""What a row of a holiday table and of a code table must be, and what is said of a row that is not. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shiheng.kernel.calendars import OwnRow

COLUMNS = ("日期", "是否上班", "名称", "文号")
"""The columns of a holiday table, as a bureau writes them."""

REQUIRED = ("日期", "是否上班")
EARLIEST, LATEST = 2004, 2100
WORKED = {
    **dict.fromkeys(("是", "上班", "工作日", "补班", "调休上班", "1", "Y", "TRUE"), True),  # not shown: read only
    **dict.fromkeys(("否", "休", "休息", "放假", "不上班", "0", "N", "FALSE"), False),  # not shown: read only
}


_DAY = re.compile(
    r"(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?(?:\s*00:00(?::00)?)?"  # not shown: read only
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it came: its line in the file, and its cells by column title."""

    line: int
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was not taken: line, column, what stood there, what to do."""

    line: int
    column: str
    value: str
    why: str  # with places for ``facts``, so that it can be said in another language
    facts: Mapping[str, int | str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"第{self.line}行“{self.column}”（{self.value or '空'}）：{self.why % self.facts}"


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows in = accepted + faulty, always."""

    accepted: tuple[OwnRow, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code table."""

    code: str
    title: str
    parent: str = ""
    since: date | None = None
    until: date | None = None
    verified: bool = True
    current: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class BuiltinTable:
    """A code table as it ships: what it is, where it comes from, under which licence, and its entries."""

    code: str
    title: str
    edition: str
    source: str
    licence: str
    note: str
    in_force_from: date | None
    entries: tuple[Code, ...]


def judge(rows: Iterable[SheetRow]) -> Judged:
    """Every row of a holiday table, taken or faulted; a day that stands twice is a fault at its second line."""
    accepted: dict[date, tuple[int, OwnRow]] = {}
    faults: list[Fault] = []
    for row in rows:
        found = _judge_row(row)
        if isinstance(found, Fault):
            faults.append(found)
        elif found.day in accepted:
            first = accepted[found.day][0]
            why = "与第%(first)s行是同一天，请只保留一行"
            faults.append(Fault(row.line, "日期", found.day.isoformat(), why, {"first": first}))
        else:
            accepted[found.day] = (row.line, found)
    return Judged(tuple(row for _, row in accepted.values()), tuple(faults))


def _judge_row(row: SheetRow) -> OwnRow | Fault:
    raw_day = row.cells.get("日期")
    day = read_day(raw_day)
    if day is None:
        return Fault(row.line, "日期", _shown(raw_day), "不是日期，请写成 2027-10-01 的样子")
    if not EARLIEST <= day.year <= LATEST:
        span = {"first": EARLIEST, "last": LATEST}
        return Fault(row.line, "日期", _shown(raw_day), "年份应在%(first)s至%(last)s之间", span)
    raw_worked = row.cells.get("是否上班")
    worked = WORKED.get(_plain(raw_worked).upper())
    if worked is None:
        return Fault(row.line, "是否上班", _shown(raw_worked), "请填“是”或“否”")
    name, source = _plain(row.cells.get("名称")), _plain(row.cells.get("文号"))
    for column, text, longest in (("名称", name, 50), ("文号", source, 100)):
        if len(text) > longest:
            return Fault(row.line, column, text[:20] + "…", "不能超过%(longest)s个字", {"longest": longest})
    weekend = day.weekday() >= 5
    if worked == weekend and not source:
        what = "周末上班" if worked else "工作日放假"
        return Fault(row.line, "文号", "", "%(what)s须写明依据的通知", {"what": what})
    return OwnRow(day, worked, name, source)


def read_day(value: Any) -> date | None:
    """A day as spreadsheets and people write it, or nothing."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _plain(value)
    match = _DAY.fullmatch(text)
    if match is None or (len(text) < 8 and text.isdigit()):
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


def _shown(value: Any) -> str:
    return _plain(value)[:30]
