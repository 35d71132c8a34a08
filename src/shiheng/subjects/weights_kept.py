"""The learned weighing of addresses as kept in the data directory: learned from a file of judged pairs, read, dropped.

One file of plain numbers, written whole and only then put in place; each learning is on record. Without one, or with
one that cannot be read, addresses are compared by the rules (``comparing``).
"""

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.subjects import learning
from shiheng.subjects.comparing import LEVELS, compare
from shiheng.subjects.learning import Judged, Tally, Weighing
from shiheng.subjects.weighing import Growth

kinds.declare(addresses_learned="学习地址比对的权重", addresses_forgotten="停用学得的地址比对权重")

COLUMNS = ("地址一", "地址二", "判断")
# The shape of the file; another is not read.
VERSION = 1
_SUBJECT = "addresses:weighing"


@dataclass(frozen=True, slots=True)
class Kept:
    """A weighing with where it comes from: learned on ``day`` from so many pairs, its ``number`` (one more each time),
    and how it and the rules told pairs that were not learned from."""

    number: int
    day: date
    file: str
    measured: Tally
    rules: Tally
    weighing: Weighing

    @property
    def sentence(self) -> str:
        """For whoever reads what was told by it."""
        told = {
            "day": self.day, "pairs": self.measured.pairs, "f1": f"{self.measured.macro_f1:.3f}",
            "rules": f"{self.rules.macro_f1:.3f}", "whole": _percent(self.measured.precision(2)),
            "part": _percent(self.measured.precision(1)),
        }  # fmt: skip
        said = _(
            "按本局 %(day)s 从 %(pairs)s 对判断过的地址学得的权重比对；在没有学过的地址上，"
            "说“完全匹配”的 %(whole)s 属实，说“部分匹配”的 %(part)s 属实"
            "（三类平均 F1 %(f1)s，固定规则为 %(rules)s）。"
        )
        return said % told


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def path() -> Path:
    return Path(settings.HOME) / "addresses" / "weighing.json"


# The file as last read, by when it was written: a running platform sees a new one at its next comparing.
_read: dict[str, tuple[tuple[int, int], Kept | None]] = {}


def kept() -> Kept | None:
    """The weighing in force; None where none was learned or what is kept cannot be read."""
    try:
        found = path().stat()
    except FileNotFoundError:
        return None
    written = (found.st_mtime_ns, found.st_size)
    known = _read.get(str(path()))
    if known is None or known[0] != written:
        try:
            read = _kept(json.loads(path().read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            read = None
        known = _read[str(path())] = (written, read)
    return known[1]


def unreadable() -> bool:
    """Whether a file is there that this version cannot use: learned by another version, or damaged."""
    return path().exists() and kept() is None


def weighing() -> Weighing | None:
    """What to compare with: the weighing in force, if any."""
    found = kept()
    return found.weighing if found else None


def learn(file: Path, *, who: Who, growth: Growth | None = None, told: Callable[[str], None] = lambda _: None) -> Kept:
    """Learn from a file of judged pairs and put it in force; ``told`` hears how far it is.

    Raises ``Missing`` without the file, ``Refused`` where it cannot be read or holds too little, ``Conflict`` where
    what was learned tells no better than the rules do; then all stays as it was.
    """
    # A pair told twice, perhaps the other way round, would be measured on what was learned from; the later word holds.
    judged = list({frozenset((pair.one, pair.other)): pair for pair in pairs(file)}.values())
    _enough(judged)
    weighing, measured = learning.learn(judged, growth=growth, told=told)
    rules = learning.tally(
        [pair.level for pair in judged], [LEVELS.index(compare(pair.one, pair.other).level) for pair in judged]
    )
    if measured.macro_f1 <= rules.macro_f1:
        raise Conflict(
            "addresses.worse",
            f"学得的权重（三类平均 F1 {measured.macro_f1:.3f}）不比固定规则（{rules.macro_f1:.3f}）准，没有启用。"
            "请补充判断过的地址后再学。",
        )
    before = kept()
    fresh = Kept((before.number if before else 0) + 1, clock.today(), file.name, measured, rules, weighing)
    _write(fresh)
    _record("addresses.learned", who, file=file.name, number=fresh.number, pairs=measured.pairs,
            macro_f1=round(measured.macro_f1, 4), rules=round(rules.macro_f1, 4))  # fmt: skip
    return fresh


def forget(*, who: Who) -> None:
    """Compare by the rules again. Raises ``Missing`` where nothing was learned."""
    if not path().exists():
        raise Missing("addresses.none", "没有学得的权重，现在就是按固定规则比对。")
    path().unlink()
    _record("addresses.forgotten", who)


def _record(kind: str, who: Who, **facts: Any) -> None:
    with transaction.atomic():
        ledger.record(kind, subject=_SUBJECT, who=who, facts=facts)


# --- the file of judged pairs -----------------------------------------------------------------------------------------
def pairs(file: Path) -> Iterator[Judged]:
    """Every pair of a CSV file with the columns 地址一, 地址二, 判断."""
    if not file.is_file():
        raise Missing("addresses.file", f"没有文件 {file}。")
    rows = csv.reader(io.StringIO(_text(file), newline=""), strict=True)
    try:
        yield from _judged(file.name, rows)
    except csv.Error:
        raise Refused(
            "addresses.csv", f"{file.name} 第 {rows.line_num} 行不是合格的 CSV：引号没有成对，或一格长得离谱。"
        ) from None


def _judged(name: str, rows: Any) -> Iterator[Judged]:
    header = [cell.strip() for cell in next(rows, [])]
    if missing := [column for column in COLUMNS if column not in header]:
        raise Refused(
            "addresses.columns",
            f"{name} 第一行缺少 {'、'.join(missing)} 列。第一行须写明 {'、'.join(COLUMNS)}，其余列不读。",
        )
    at = [header.index(column) for column in COLUMNS]
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(at):
            raise Refused("addresses.row", f"{name} 第 {rows.line_num} 行少了列。")
        one, other, level = (row[column].strip() for column in at)
        if not one or not other:
            raise Refused("addresses.row", f"{name} 第 {rows.line_num} 行有一处没有写地址。")
        if level not in LEVELS:
            raise Refused(
                "addresses.level",
                f"{name} 第 {rows.line_num} 行的判断“{level}”读不出来，只能写 {'、'.join(LEVELS)}。",
            )
        yield Judged(one, other, LEVELS.index(level))


def _text(file: Path) -> str:
    raw = file.read_bytes()
    for charset in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    raise Refused("addresses.encoding", f"{file.name} 既不是 UTF-8 也不是 GB 18030 编码的文字，读不出来。")


def _enough(judged: list[Judged]) -> None:
    counted = [sum(pair.level == level for pair in judged) for level in range(len(LEVELS))]
    told = "，".join(f"{name} {n} 对" for name, n in zip(LEVELS, counted, strict=True))
    match learning.lacking(judged):
        case "pairs" | "levels":
            raise Refused(
                "addresses.few",
                f"判断过的地址太少（{told}）：至少要 {learning.LEAST_PAIRS} 对，每一类至少 {learning.LEAST_EACH} 对。",
            )
        case "addresses":
            raise Refused("addresses.few", f"“地址一”只有不到 {learning.FOLDS} 个不同的地址，测不出学得准不准。")


# --- the file kept ----------------------------------------------------------------------------------------------------
def _write(fresh: Kept) -> None:
    data = {
        "version": VERSION, "number": fresh.number, "day": fresh.day.isoformat(), "file": fresh.file,
        "measured": asdict(fresh.measured), "rules": asdict(fresh.rules), "weighing": fresh.weighing.as_data(),
    }  # fmt: skip
    path().parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    part = path().with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(data, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    part.chmod(0o640)
    part.replace(path())


def _kept(data: dict[str, Any]) -> Kept:
    if data["version"] != VERSION:
        raise ValueError("kept by another version")
    measured, rules = (Tally(**{name: tuple(n) for name, n in data[key].items()}) for key in ("measured", "rules"))
    return Kept(
        int(data["number"]), date.fromisoformat(data["day"]), str(data["file"]), measured, rules,
        learning.weighing_of(data["weighing"]),
    )  # fmt: skip
