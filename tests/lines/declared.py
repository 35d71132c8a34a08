"""The sources the lines ship, and rows made out of what each declares: good ones, and each way to break one."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shiheng.fusion.definition import Column, Source, parse_source
from shiheng.kernel.identifiers import regno_check_character, resident_id_check_character
from tests.factories import uscc

LINES = Path(__file__).parents[2] / "src/shiheng/lines"
KNOWN_ON = date(2026, 11, 20)


def folders() -> list[Path]:
    return sorted(found.parent for found in LINES.glob("*/sources/*/contract.yaml"))


@cache
def _texts(code: str) -> tuple[str, str]:
    (folder,) = (f for f in folders() if f.name == code)
    contract, mapping = (folder / name for name in ("contract.yaml", "mapping.yaml"))
    return contract.read_text(encoding="utf-8"), mapping.read_text(encoding="utf-8")


@cache
def source(code: str) -> Source:
    """A shipped source by its code, which is the name of its folder."""
    return parse_source(*_texts(code), where=f"{code}/contract.yaml")


@cache
def examples(code: str) -> dict[str, list[str]]:
    """Column → the examples its contract gives."""
    table = yaml.safe_load(_texts(code)[0])["schema"][0]
    return {c["name"]: c["examples"] for c in table["properties"] if c.get("examples")}


def codes() -> list[str]:
    return [folder.name for folder in folders()]


def resident_id(number: int) -> str:
    body = f"449901{1960 + number % 40}0{1 + number % 9}1{number % 9}{number % 1000:03d}"
    return body + resident_id_check_character(body)


def regno(number: int) -> str:
    body = f"449901{number % 100_000_000:08d}"
    return body + regno_check_character(body)


def _made(column: Column, number: int) -> str:
    """A good value of a column by its kind."""
    on = KNOWN_ON - timedelta(days=7 * number)
    low = int(column.minimum or 0)
    of_kind = {
        "uscc": uscc(number),
        "regno": regno(number),
        "identifier": f"YZ{number:05d}",
        "orgcode": uscc(number)[8:17],
        "day": on.isoformat() if number % 2 else f"{on.year}年{on.month}月{on.day}日",
        "moment": f"{on.isoformat()} 08:30:00",
        "capital": f"{number}万元人民币",
        "money": str(low + number * 100),
        "number": str(low + number),
        "phone": ("13900000000", "0449-80000000")[number % 2],
        "id_number": resident_id(number),
        "flag": ("是", "否", "1", "0")[number % 4],
        "region": ("449901", "449902001", "449901001000")[number % 3],
    }
    return of_kind.get(column.kind, f"云泽恒达{number}号"[: column.max_length or None])


def good(declared: Source, number: int = 1) -> dict[str, str]:
    """A good row under the contract's own titles; as numbers go up, every code and example comes by."""
    return {c.title: _one_of(declared, c, number) or _made(c, number) for c in declared.columns}


def _one_of(declared: Source, column: Column, number: int) -> str:
    """One of a column's codes or of the examples its contract gives; a key goes on counting where its example ends."""
    taken_back = declared.deleted.values if declared.deleted and declared.deleted.column == column.name else ()
    given = [code for code in column.codes if code not in taken_back] or examples(declared.code).get(column.name, [])
    if given and column.unique:
        return f"{given[0][:-4]}{number:04d}"
    return given[number % len(given)] if given else ""


# What no column of a kind can be.
WRONG = {
    "uscc": "91449901MA0000000A", "regno": "449901000000000", "day": "2026-02-30", "moment": "2026-02-30 08:00:00",
    "capital": "若干", "money": "若干", "number": "若干", "phone": "12", "id_number": "449901199001010000",
    "flag": "也许", "region": "999999", "name": "浜戞辰鎭掕揪", "person": "浜戞辰鎭掕揪",
    "address": "浜戞辰鎭掕揪鐮佸ご璺�",
}  # fmt: skip


def breaches(declared: Source) -> Iterator[tuple[str, Column, str]]:
    """Every way to break a good row: what is broken, where, and the cell that breaks it."""
    for column in declared.columns:
        if column.required:
            yield "missing", column, ""
        if column.codes:
            yield "unlisted", column, "代码表以外的写法"
        if column.kind in WRONG:
            yield column.kind, column, WRONG[column.kind]
        if column.not_after_delivery:
            yield "future", column, (KNOWN_ON + timedelta(days=1)).isoformat()
        if column.pattern:
            yield "pattern", column, "甲"
        if column.minimum is not None:
            yield "minimum", column, str(column.minimum - 1)
        if column.maximum is not None:
            yield "maximum", column, str(column.maximum + 1)
        if column.max_length and not column.codes and not column.pattern and column.kind in {"text", "name", "person"}:
            yield "long", column, "永" * (column.max_length + 1)


def cells(declared: Source, row: dict[str, Any]) -> list[str]:
    return [row[column.title] for column in declared.columns]
