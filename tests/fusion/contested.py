"""A story in which rows without a code are matched, codes are contested and persons have their say, over a register.

One department's two files: in the first, rows without a code name businesses of the register, a clerk tells the number
of another business, and numbers are told by whoever is known by them alone; in the second come the unified codes of
those, a second one each, and more rows without a code that mean them.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

from shiheng.fusion import sources
from shiheng.kernel import identifiers
from tests.factories import uscc
from tests.fusion import sources as declared
from tests.fusion.children import Step
from tests.fusion.test_withdrawal import CONTRACT, HEADERS, PERMITS, regno, row

FIRST, SECOND = "papers-1.csv", "papers-2.csv"
# Numbers each told by one business and later by another, and numbers whose bearers are known by nothing else at first.
TOLD, LONE = range(1, 21), range(21, 41)


def departments(folder: Path, register: Path, *, after: date) -> list[Step]:
    """What comes after the register's files; the department's source is taken into force."""
    sources.add(declared.folder(folder / "papers", {**CONTRACT, "id": "papers", "name": "许可清单"}, PERMITS))
    known = _businesses(register)
    days = [(after + timedelta(days=n)).isoformat() for n in range(1, 8)]
    return [
        (days[0], "land", {"source": "papers", "path": _file(folder / FIRST, _first(known))}),
        (days[1], "land", {"source": "papers", "path": _file(folder / SECOND, _second(known))}),
        (days[2], "merge", {"named": f"uscc:{uscc(1001)}", "code": uscc(2001), "reason": "登记档案证明是同一户"}),
        (days[3], "merge", {"named": f"uscc:{uscc(1002)}", "code": uscc(2002), "reason": "两份证照由一人领取"}),
        (days[4], "part", {"named": f"uscc:{uscc(2003)}", "number": regno(3), "reason": "此号原为另一户所有"}),
        (days[5], "undo", {"said": "两份证照由一人领取", "reason": "核对有误，应为两户"}),
        (days[6], "judge", {"filename": SECOND, "row": 1, "code": uscc(1005), "reason": "现场核对门牌一致"}),
    ]  # fmt: skip


def _businesses(register: Path) -> list[dict[str, str]]:
    """The businesses of a register file whose code and name are in order."""
    with register.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = list(csv.DictReader(file))
    found = [
        {
            "title": line["企业名称（字号名称）"],
            "code": line["统一社会信用代码"],
            "old": line["注册号"],
            "place": line["住所（登记、个体户经营场所）"],
        }
        for line in lines
    ]
    whole = (one for one in found if one["title"] and None not in one.values())
    return [one for one in whole if identifiers.uscc_fault(one["code"]) is None]


def _first(known: list[dict[str, str]]) -> list[dict[str, str]]:
    bare = [{"title": one["title"], "place": one["place"], "permit": f"A{n}"} for n, one in enumerate(known[:60])]
    numbered = [one for one in known if one["old"]]
    slips = [
        {"code": one["code"], "number": other["old"], "title": one["title"], "permit": f"B{n}"}
        for n, (one, other) in enumerate(zip(known[60:75], numbered, strict=False))
        if one is not other
    ]
    told = [row(1000 + n, number=n, title=f"甲{n}店", place=f"码头路{n}号", permit=f"C{n}") for n in TOLD]
    again = [row(number=n, title=f"甲{n}店", permit=f"D{n}") for n in TOLD]
    lone = [row(number=n, own=n, title=f"旧{n}店", place=f"桥头路{n}号", permit=f"E{n}") for n in LONE]
    return [*bare, *slips, *told, *lone, *again]


def _second(known: list[dict[str, str]]) -> list[dict[str, str]]:
    unsure = {"title": "甲5号店", "place": "码头东路105号", "permit": "F0"}
    others = [
        row(2000 + n, number=n, title=f"乙{n}店", place=f"渡口路{n}号", permit=f"G{n}{again}")
        for n in TOLD
        for again in "ab"
    ]
    first = [row(1000 + n, number=n, title=f"旧{n}店", place=f"桥头路{n}号", permit=f"H{n}") for n in LONE]
    second = [row(2000 + n, own=n, title=f"新{n}店", place=f"桥南路{n}号", permit=f"K{n}") for n in LONE]
    bare = [{"title": f"新{n}店", "place": f"桥南路{n}号", "permit": f"L{n}"} for n in LONE]
    more = [{"title": one["title"], "place": one["place"], "permit": f"M{n}"} for n, one in enumerate(known[60:90])]
    return [unsure, *others, *more, *first, *second, *bare]


def _file(path: Path, rows: list[dict[str, str]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS.values())
        writer.writerows([one.get(name, "") for name in HEADERS] for one in rows)
    return str(path)
