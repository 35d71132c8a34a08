"""One source as its department keeps it: which events it holds, how it writes them, how often it sends them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from shiheng.city.lives.model import Event, Facts, Life
from shiheng.fusion.definition import Column, Source, parse_source

Values = dict[str, Any]
Fill = Callable[[Life, Event, Facts, date], Values]


class Fen(int):
    """An amount in fen, written in yuan."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """``columns`` are names of the contract; headers are titles, English names or aliases.

    ``every`` months a file is due, ``lag`` days after the end of the last of them; a share comes ``intime``, another
    ``late``, the rest never. ``forms`` are taken in turn. ``holds`` picks the events this department keeps,
    from their step number ``told`` on (a sample is told of when the laboratory has answered).
    """

    source: str
    kinds: tuple[str, ...]
    columns: str
    fill: Fill
    every: int = 1
    lag: int = 8
    intime: float = 0.8
    late: float = 0.1
    month: int = 0  # a month the periods end with, for those that follow the year
    weeks: int = 0  # the last so many weeks have a file each
    forms: tuple[tuple[str, str], ...] = (("csv", "utf-8"),)
    headers: str = "title"
    days: str = "iso"
    null: str = ""
    nulls: tuple[str, ...] = ()  # columns where the department writes that word instead of nothing
    flags: tuple[str, str] = ("是", "否")
    delivery: str = "increment"
    deletions: bool = False  # what was taken back comes in a list of its own, not as a marked row
    shifted: int | None = None  # the file of this number is first sent with names beside the wrong codes
    cut: int | None = None  # the file of this number first comes with a tenth of its rows
    drift: tuple[str, str, int] | None = None  # this column has this new word from the file of this number on
    holds: Callable[[Event], bool] | None = None
    told: int = 0
    extra: Mapping[str, str] = field(default_factory=dict)  # columns of the department's own

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.columns.split())


@dataclass(frozen=True, slots=True)
class Roles:
    """Which columns of a sheet can be spoilt in which way."""

    code: str
    name: str
    key: str
    days: tuple[str, ...]
    future: tuple[str, ...]
    listed: tuple[str, ...]
    required: tuple[str, ...]
    amounts: tuple[str, ...]
    texts: tuple[str, ...]
    identifying: tuple[str, ...]
    by_name: bool
    unique: bool


@cache
def contract(code: str) -> Source:
    """The contract of a source as the lines declare it."""
    for line in sorted(files("shiheng.lines").iterdir(), key=lambda place: place.name):
        folder = line.joinpath("sources", code)
        if folder.joinpath("contract.yaml").is_file():
            texts = [folder.joinpath(name).read_text(encoding="utf-8") for name in ("contract.yaml", "mapping.yaml")]
            return parse_source(*texts, where=f"{code}/contract.yaml")
    raise LookupError(code)


def header(sheet: Sheet) -> tuple[str, ...]:
    """The columns as this department calls them."""
    source = contract(sheet.source)
    return (*(_title(source.column(name), sheet.headers) for name in sheet.names), *sheet.extra)


def _title(column: Column, style: str) -> str:
    if style == "name":
        return column.name
    return column.aliases[0] if style == "alias" and column.aliases else column.title


@cache
def roles(sheet: Sheet) -> Roles:
    source = contract(sheet.source)
    columns = [source.column(name) for name in sheet.names]

    def named(*kinds: str) -> tuple[str, ...]:
        return tuple(c.name for c in columns if c.kind in kinds)

    key = source.record.key if source.record else ""
    said = source.statements
    deleted = source.deleted.column if source.deleted else ""
    return Roles(
        code=next(iter(named("uscc")), ""),
        name=said.get("name", "") if said.get("name") in sheet.names else "",
        key=key if key in sheet.names else "",
        days=named("day"),
        future=tuple(c.name for c in columns if c.kind == "day" and c.not_after_delivery),
        listed=tuple(c.name for c in columns if c.codes and c.name != deleted),
        required=tuple(c.name for c in columns if c.required),
        amounts=named("money", "number"),
        texts=tuple(c.name for c in columns if c.kind == "text" and not c.codes and not c.pattern),
        identifying=tuple(name for name in source.identify if name in sheet.names),
        by_name=source.by_name is not None,
        unique=any(c.unique for c in columns if c.name == key),
    )


_DAYS: dict[str, Callable[[date], str]] = {
    "iso": date.isoformat,
    "short": lambda d: f"{d.year}-{d.month}-{d.day}",
    "bare": lambda d: f"{d:%Y%m%d}",
    "midnight": lambda d: f"{d.year}-{d.month}-{d.day} 0:00:00",
    "slash": lambda d: f"{d.year}/{d.month}/{d.day}",
    "words": lambda d: f"{d.year}年{d.month}月{d.day}日",
}


def render(sheet: Sheet, values: Values) -> dict[str, str]:
    """A row's values as this department writes them."""
    return {name: _text(sheet, name, values[name]) for name in sheet.names}


def _text(sheet: Sheet, name: str, value: Any) -> str:
    if value is None or value == "":
        return sheet.null if name in sheet.nulls else ""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return sheet.flags[0 if value else 1]
    if isinstance(value, date):
        return _DAYS[sheet.days](value)
    if isinstance(value, Fen):
        return f"{value // 100}.{value % 100:02d}" if value >= 0 else f"-{-value // 100}.{-value % 100:02d}"
    return str(value)
