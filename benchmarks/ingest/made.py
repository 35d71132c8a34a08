"""A made register with planted errors of every kind, and the truth of each row."""

import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from shiheng.kernel.identifiers import USCC_ALPHABET, regno_check_character, uscc_check_character

HEADER = ("企业名称", "统一社会信用代码", "注册日期", "登记状态", "法人代表", "注册资金", "注册地址")
NAME, CODE, DAY, STATE, PERSON, SUM, ADDRESS = range(7)
STATES = ("存续", "开业", "注销", "吊销", "迁出")
BRANDS = "恒达鸿运兴盛隆昌永泰丰润嘉禾瑞祥福星海川明德仁和信诚广源金玉华章安康顺利宏图伟业博雅文轩天宇新元"
TRADES = ("食品有限公司", "科技有限公司", "贸易有限公司", "商行", "便利店", "小吃店", "种植专业合作社")
KNOWN_ON = date(2026, 11, 20)
# One row in so many is spoilt.
EVERY = 100

Cells = list[str]


def garbled(text: str) -> str:
    """UTF-8 read as GBK, which is what most mojibake is."""
    return text.encode().decode("gb18030", "replace")


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _cell(at: int, change: Callable[[str], str]) -> Callable[[Cells], Cells]:
    return lambda row: [change(cell) if place == at else cell for place, cell in enumerate(row)]


def _other(code: str) -> str:
    return code[:-1] + USCC_ALPHABET[(USCC_ALPHABET.index(code[-1]) + 7) % 31]


def _old(code: str, right: bool) -> str:
    body = code[2:8] + f"{zlib.crc32(code.encode()) % 10**8:08d}"
    check = regno_check_character(body)
    return body + (check if right else str((int(check) + 3) % 10))


# What is wrong with a value, and in which column. Every reader of tables can read these rows.
VALUES: dict[str, tuple[int, Callable[[Cells], Cells]]] = {
    "missing name": (NAME, _cell(NAME, lambda _: "")),
    "missing code": (CODE, _cell(CODE, lambda _: "")),
    "wrong check character": (CODE, _cell(CODE, _other)),
    "code cut short": (CODE, _cell(CODE, lambda code: code[:17])),
    "impossible day": (DAY, _cell(DAY, lambda day: f"{day[:4]}-02-30")),
    "day after delivery": (DAY, _cell(DAY, lambda _: "2027-01-01")),
    "unknown code": (STATE, _cell(STATE, lambda _: "不详")),
    "no sum": (SUM, _cell(SUM, lambda _: "若干")),
    "garbled name": (NAME, _cell(NAME, garbled)),
    "garbled person": (PERSON, _cell(PERSON, lambda person: garbled(person + "女士"))),
    "garbled address": (ADDRESS, _cell(ADDRESS, garbled)),
}
# Old numbers are codes too: what only a check of theirs can tell.
LEGACY = {"legacy code, wrong digit": (CODE, _cell(CODE, lambda code: _old(code, right=False)))}
# Odd, and right.
CLEAN: dict[str, Callable[[Cells], Cells]] = {
    "full width": lambda row: [wide(cell) if at in {NAME, CODE, ADDRESS} else cell for at, cell in enumerate(row)],
    "legacy code": _cell(CODE, lambda code: _old(code, right=True)),
    "embedded newline": _cell(ADDRESS, lambda address: f"{address}\n二楼"),
    "quoted comma": _cell(ADDRESS, lambda address: f"{address},二楼"),
    "day spelt otherwise": _cell(DAY, lambda day: f"{day[:4]}年{day[5:7]}月{day[8:]}日"),
    "blanks around": lambda row: [f" {cell} " for cell in row],
    "day without end": _cell(DAY, lambda _: ""),
}
# Lines that are no table any more.
BROKEN = ("raw bytes of another charset", "too few cells", "too many cells", "open quote")


@dataclass(slots=True)
class Made:
    """Where a file lies and what its rows are: row → (kind, column), for spoilt ones."""

    path: Path
    rows: int
    spoilt: dict[int, tuple[str, str]] = field(default_factory=dict)
    odd: dict[int, str] = field(default_factory=dict)


def _row(draw: random.Random, number: int) -> Cells:
    name = "云泽市" + "".join(draw.choices(BRANDS, k=4)) + draw.choice(TRADES)
    body = "91449901" + "".join(draw.choices(USCC_ALPHABET, k=9))
    return [
        name,
        body + uscc_check_character(body),
        (date(2000, 1, 1) + timedelta(days=number % 9000)).isoformat(),
        STATES[number % 5],
        f"陈{name[3:5]}",
        f"{number % 5000 + 1}万元人民币",
        f"云泽市临江区码头路{number}号",
    ]


def _line(cells: Cells) -> str:
    quoted = ('"' + c.replace('"', '""') + '"' if set(c) & set('",\n') else c for c in cells)
    return ",".join(quoted) + "\n"


def _broken(kind: str, cells: Cells, charset: str) -> bytes:
    line = _line(cells)
    if kind == "too few cells":
        return _line(cells[:5]).encode(charset)
    if kind == "too many cells":
        return _line([*cells, "多", "出"]).encode(charset)
    if kind == "open quote":
        return ('"' + line).encode(charset)
    # In UTF-8 a name in GBK; in GB18030, where nearly every pair of bytes is some letter, a byte that never is one.
    name = cells[NAME].encode("gb18030") if charset == "utf-8" else cells[NAME].encode(charset) + b"\xff"
    return name + line.encode(charset)[len(cells[NAME].encode(charset)) :]


def race(path: Path, rows: int, charset: str = "utf-8") -> Made:
    """A file every side can read: one value in a hundred rows is wrong, of every kind in turn."""
    draw, made, kinds = random.Random(7), Made(path, rows), list(VALUES.items())
    with path.open("w", encoding=charset, newline="") as file:
        file.write(",".join(HEADER) + "\n")
        for number in range(1, rows + 1):
            cells = _row(draw, number)
            if number % EVERY == 0:
                kind, (at, spoil) = kinds[number // EVERY % len(kinds)]
                made.spoilt[number] = (kind, HEADER[at])
                cells = spoil(cells)
            file.write(_line(cells))
    return made


def dirty(path: Path, rows: int, charset: str = "utf-8") -> Made:
    """A file as dirty as they come: every kind of error, lines broken to the byte, and odd rows that are right."""
    draw, made = random.Random(11), Made(path, rows)
    values = list({**VALUES, **LEGACY}.items())
    odd = list(CLEAN.items())
    with path.open("wb") as file:
        file.write((",".join(HEADER) + "\n").encode(charset))
        for number in range(1, rows + 1):
            cells = _row(draw, number)
            turn, kind_of_row = divmod(number, 20)
            if kind_of_row == 0:
                kind, (at, spoil) = values[turn % len(values)]
                made.spoilt[number] = (kind, HEADER[at])
                file.write(_line(spoil(cells)).encode(charset))
            elif kind_of_row == 7:
                kind = BROKEN[turn % len(BROKEN)]
                made.spoilt[number] = (kind, "")
                file.write(_broken(kind, cells, charset))
            elif kind_of_row == 13:
                kind, change = odd[turn % len(odd)]
                made.odd[number] = kind
                file.write(_line(change(cells)).encode(charset))
            else:
                file.write(_line(cells).encode(charset))
    return made
