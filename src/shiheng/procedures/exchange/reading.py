"""Rows of a platform's file judged by its declared columns: what each says, or what is wrong where. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from shiheng.catalogue.definition import read_day
from shiheng.procedures.exchange.definition import Col, Kind, Platform

MOST = Decimal(10) ** 10
_BLANK = re.compile(r"\s")
_SPLIT = re.compile(r"[、,，;；\s]+")  # not shown: what parts several values
_MONEY = re.compile(r"[,，元￥¥\s]")  # not shown: what people write around a sum
_PHONE = re.compile(r"\+?[0-9][0-9-]{6,19}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: in which column, and what to do about it."""

    column: str
    why: str


@dataclass(slots=True)
class Row:
    """One row: its cells by our names as they were written, what they mean, what is wrong."""

    line: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    kinds: tuple[Kind, ...] = ()
    faults: list[Fault] = field(default_factory=list)

    @property
    def number(self) -> str:
        return self.cells.get("number", "")


def heads(platform: Platform, row: Sequence[str], *, only: Sequence[str] = ()) -> dict[int, str]:
    """Which column holds what. Raises ``ValueError`` naming the headings that are missing."""
    known = {_bare(title): col.name for col in platform.columns for title in (col.title, *col.also)}
    found: dict[int, str] = {}
    for at, title in enumerate(row):
        name = known.get(_bare(title))
        if name and name not in found.values():
            found[at] = name
    needed = [col for col in platform.columns if (col.name in only if only else col.required)]
    if missing := [col.title for col in needed if col.name not in found.values()]:
        raise ValueError("、".join(missing))
    return found


def read(platform: Platform, line: int, cells: Mapping[str, str], *, today: date) -> Row:
    """One row. Every fault is told, not the first only."""
    row = Row(line, {name: text.strip() for name, text in cells.items()})
    for col in platform.columns:
        text = row.cells.get(col.name, "")
        if not text:
            if col.required:
                row.faults.append(Fault(col.title, "没有填写，请向来件平台核实后补上"))
            elif col.blank:
                row.values[col.name] = [col.blank] if col.kind == "many" else col.blank
            continue
        value, why = _value(col, text)
        if why:
            row.faults.append(Fault(col.title, why))
        else:
            row.values[col.name] = value
    _check_kind(platform, row)
    _check_days(platform, row, today)
    return row


def _check_kind(platform: Platform, row: Row) -> None:
    word, col = row.cells.get("kind", ""), platform.col("kind")
    if not word or col is None:
        return
    row.kinds = platform.meant(word)
    if not row.kinds:
        row.faults.append(Fault(col.title, "不认识的类型，应为：" + "、".join(platform.words)))
    told = {fault.column for fault in row.faults}
    for name in dict.fromkeys(name for kind in row.kinds for name in kind.needs):
        needed = platform.col(name)
        if needed and not row.cells.get(name) and needed.title not in told:
            row.faults.append(Fault(needed.title, f"{word}必须有这一项，请向来件平台或者来件人核实后补上"))


def _check_days(platform: Platform, row: Row, today: date) -> None:
    received, named = row.values.get("received"), platform.clock.named if platform.clock else ""
    col = platform.col("received")
    if received and col and received > today:
        row.faults.append(Fault(col.title, "晚于今天，请核对年份"))
    due, until = row.values.get(named), platform.col(named)
    if received and due and until and due < received:
        row.faults.append(Fault(until.title, "早于来件日期，请核对"))


def _value(col: Col, text: str) -> tuple[Any, str]:
    """What a cell means, or why it means nothing."""
    if len(text) > col.longest:
        return None, f"超过 {col.longest} 个字，请缩短，原文留在来件平台"
    if col.kind == "day":
        found = read_day(text.split(" ", maxsplit=1)[0].split("T", maxsplit=1)[0])
        return found, "" if found else "不是日期，请写成 2026-10-01 的样子"
    if col.kind == "money":
        fen = _fen(text)
        return fen, "" if fen is not None else "不是金额，请写数字，单位是元"
    if col.kind == "phone":
        bare = _BLANK.sub("", text)
        return bare, "" if _PHONE.fullmatch(bare) else "不是电话号码，请只写数字"
    if col.kind == "many":
        words = [col.codes.get(word, col.otherwise) for word in _SPLIT.split(text) if word]
        held = list(dict.fromkeys(word for word in words if word))
        return held, "" if all(words) else "有不认识的内容，应为：" + "、".join(col.codes)
    if col.kind == "code":
        word = col.codes.get(text, col.otherwise)
        return word, "" if word else "不认识的内容，应为：" + "、".join(col.codes)
    return text, ""


def _fen(text: str) -> int | None:
    try:
        held = Decimal(_MONEY.sub("", text))
    except InvalidOperation:
        return None
    if not held.is_finite() or not 0 <= held < MOST:
        return None
    return int((held * 100).to_integral_value())


def _bare(title: str) -> str:
    return _BLANK.sub("", title).strip("*＊")


def facts_of(kind: Kind, row: Row) -> dict[str, Any]:
    """The facts a file of that kind is opened with; what the row does not say is left out."""
    found: dict[str, Any] = {}
    for fact, source in kind.facts:
        value = source[1:] if source.startswith("=") else row.values.get(source)
        if value not in (None, "", []):
            found[fact] = value
    if kind.nameless and not row.values.get("name"):
        found[kind.nameless] = True
    return found
