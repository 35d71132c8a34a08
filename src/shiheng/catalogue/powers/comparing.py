"""The own list beside the catalogue of the level above, item by item, and reading that catalogue's rows. Pure.

Two items are the same by 基本编码 where ours has one, else by kind and name written the same but for blanks, brackets
and punctuation. Nothing is matched by likeness: a person adopts, and with it the code comes over.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shiheng.catalogue.powers.definition import KINDS, LEVELS_READ, Power

SAME, DIFFERENT, LACKING, GONE = "same", "different", "lacking", "gone"
STATUSES = {SAME: "一致", DIFFERENT: "内容不同", LACKING: "本级缺", GONE: "上级已无"}

COLUMNS = ("基本编码", "职权名称", "类别", "设定依据", "行使层级", "法定期限")
REQUIRED = COLUMNS[:5]
_ALIASES = {
    "职权类别": "类别",  # not shown: read only
    "权力类型": "类别",  # not shown: read only
    "事项名称": "职权名称",  # not shown: read only
    "职权编码": "基本编码",  # not shown: read only
    "法定依据": "设定依据",  # not shown: read only
}
_KINDS_READ = {title: code for code, title in KINDS.items()} | {
    "其他": "other",  # not shown: read only
    "其他类": "other",  # not shown: read only
}
_BASIS = re.compile(
    r"《([^《》]{2,80})》\s*(第[零〇一二三四五六七八九十百千\d]+条[^；;。\n《]{0,60})?"  # not shown: read only
)
_LIMIT = re.compile(r"(\d{1,3})\s*(个?工作日|个?自然日|日|天|个?月)")  # not shown: read only
_UNITS_READ = {"工作日": "wd", "自然日": "cd", "日": "cd", "天": "cd", "月": "m"}  # not shown: read only
_NONE = {"", "无", "/", "-", "—"}  # not shown: read only


@dataclass(frozen=True, slots=True)
class UpperRow:
    """One item of the catalogue above, read and understood."""

    line: int
    base_code: str
    title: str
    kind: str
    instrument: str
    article: str
    levels: tuple[str, ...]
    statutory: str


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row of the file was not taken."""

    line: int
    column: str
    value: str
    why: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    title: str = ""


def canonical(title: str) -> str:
    """The column a title means, or the title itself."""
    plain = "".join(unicodedata.normalize("NFKC", title).split())
    return _ALIASES.get(plain, plain)


def judge(rows: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[list[UpperRow], list[RowFault]]:
    """Every row either taken or with a fault; a code that stands twice is a fault at its second line."""
    taken: list[UpperRow] = []
    faults: list[RowFault] = []
    first: dict[str, int] = {}
    for line, cells in rows:
        found = _judge(line, cells)
        if isinstance(found, RowFault):
            faults.append(found)
        elif found.base_code in first:
            facts = {"line": first[found.base_code]}
            faults.append(
                RowFault(
                    line,
                    "基本编码",
                    found.base_code,
                    "与第%(line)s行的编码相同，请核对",
                    facts,
                    found.base_code,
                    found.title,
                )
            )
        else:
            first[found.base_code] = line
            taken.append(found)
    return taken, faults


def _judge(line: int, cells: Mapping[str, str]) -> UpperRow | RowFault:
    code, title = cells.get("基本编码", ""), cells.get("职权名称", "")

    def fault(column: str, why: str) -> RowFault:
        return RowFault(line, column, cells.get(column, "")[:60], why, {}, code[:40], title[:200])

    if not re.fullmatch(r"[0-9A-Za-z-]{3,40}", code):
        return fault("基本编码", "应为 3 至 40 位数字、字母")
    if not title or len(title) > 200:
        return fault("职权名称", "必填，不超过 200 个字")
    kind = _KINDS_READ.get(cells.get("类别", ""))
    if kind is None:
        return fault("类别", "不是十类职权之一")
    rests_on = _BASIS.search(cells.get("设定依据", ""))
    if rests_on is None:
        return fault("设定依据", "应写明《文件名称》和条款")
    words = [word for word in re.split(r"[、,，/\s]+", cells.get("行使层级", "")) if word]
    if not words or any(word not in LEVELS_READ for word in words):
        return fault("行使层级", "应为省、市、县、镇街中的一项或者几项")
    statutory = _limit(cells.get("法定期限", ""))
    if statutory is None:
        return fault("法定期限", "应写成“20个工作日”“60日”“3个月”，没有的留空")
    levels = tuple(dict.fromkeys(LEVELS_READ[word] for word in words))
    return UpperRow(line, code, title, kind, rests_on[1], (rests_on[2] or "").strip(), levels, statutory)


def _limit(text: str) -> str | None:
    if text in _NONE:
        return ""
    match = _LIMIT.fullmatch(text)
    return f"{int(match[1])}{_UNITS_READ[match[2].removeprefix('个')]}" if match else None  # not shown: read only


# -- comparing


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not the same on both sides."""

    name: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison: ours, theirs or both, and what differs."""

    status: str
    ours: Power | None
    theirs: UpperRow | None
    differences: tuple[Difference, ...] = ()

    @property
    def key(self) -> str:
        """What names the line in an address: the code above, else our own."""
        return self.theirs.base_code if self.theirs else self.ours.code if self.ours else ""

    @property
    def title(self) -> str:
        held = self.ours or self.theirs
        return held.title if held else ""

    @property
    def kind(self) -> str:
        held = self.ours or self.theirs
        return held.kind if held else ""


def compare(own: Sequence[Power], upper: Sequence[UpperRow]) -> list[Compared]:
    """Every item of either side exactly once."""
    by_code = {power.base_code: power for power in own if power.base_code}
    by_name: dict[tuple[str, str], Power] = {}
    for power in own:
        if not power.base_code:
            by_name.setdefault((power.kind, plain(power.title)), power)
    met: set[str] = set()
    found: list[Compared] = []
    for row in upper:
        ours = by_code.get(row.base_code) or by_name.get((row.kind, plain(row.title)))
        if ours is None or ours.code in met:
            found.append(Compared(LACKING, None, row))
            continue
        met.add(ours.code)
        differing = tuple(_differences(ours, row))
        found.append(Compared(DIFFERENT if differing else SAME, ours, row, differing))
    found += [Compared(GONE, power, None) for power in own if power.code not in met]
    return found


def _differences(ours: Power, theirs: UpperRow) -> Iterable[Difference]:
    if plain(ours.title) != plain(theirs.title):
        yield Difference("title", ours.title, theirs.title)
    if ours.kind != theirs.kind:
        yield Difference("kind", ours.kind, theirs.kind)
    if instrument_name(ours.basis.instrument) != instrument_name(theirs.instrument):
        yield Difference("instrument", ours.basis.instrument, theirs.instrument)
    if plain(ours.basis.article) != plain(theirs.article):
        yield Difference("article", ours.basis.article, theirs.article)
    if set(ours.levels) != set(theirs.levels):
        yield Difference("levels", " ".join(ours.levels), " ".join(theirs.levels))
    if ours.statutory != theirs.statutory:
        yield Difference("statutory", ours.statutory, theirs.statutory)


def plain(text: str) -> str:
    """A name without what writing it down adds: blanks, brackets, quotes, stops."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


def instrument_name(text: str) -> str:
    return plain(text).removeprefix("中华人民共和国")  # not shown: read only
