"""What a refused row may have meant to say, where only one thing fits. Pure.

A proposal is never taken by itself: a person sees it beside what came and why, and says yes. Each passes the check its
column failed; where two would, or where the right value cannot be known (a day that does not exist), none is made.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shiheng.fusion.checks import Checker, Layout
from shiheng.fusion.definition import Column, Source
from shiheng.fusion.standard import Standard
from shiheng.kernel import identifiers


@dataclass(frozen=True, slots=True)
class Repair:
    """One cell of a row: under which header, what it says, what it may have meant, and why, in Chinese."""

    header: str
    was: str
    proposed: str
    why: str


_ESCAPED = re.compile(r"\\x([0-9a-f]{2})")
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_WORDS = {"name", "person", "address"}


def propose(
    source: Source,
    layout: Layout,
    cells: Sequence[str],
    reasons: Sequence[Mapping[str, str]],
    *,
    known_on: date = date.max,
) -> dict[str, Repair]:
    """Proposals for the cells of a refused row, by the contract's name of the column; empty when nothing is sure."""
    header = layout.header
    codes = {reason["code"] for reason in reasons}
    if "row.width" in codes:
        return _rejoined(source, layout, cells, known_on)
    if len(cells) != len(header):
        return {}
    out: dict[str, Repair] = {}
    for at, column in enumerate(layout.columns):
        if column is None or not column.repair:
            continue
        fault = next((c.partition(".")[2] for c in codes if c.partition(".")[0] == column.name), "")
        if "row.bytes" in codes and _ESCAPED.search(cells[at]):
            fault = "bytes"
        standard = Standard(column, source, known_on)
        found = _proposal(column, fault, cells[at].strip())
        if found and found[0] != cells[at] and standard(found[0])[1] is None and standard(found[0])[0] is not None:
            out[column.name] = Repair(header[at], cells[at], *found)
    return out


def _proposal(column: Column, fault: str, text: str) -> tuple[str, str] | None:
    if fault == "bytes":
        return _bytes(text)
    if fault in _WORDS:
        return _decoded(text)
    if fault == "uscc":
        return _code(text)
    if fault == "id_number":
        return _identity(text)
    if fault == "unlisted":
        return _listed(column, text)
    return None


def _bytes(text: str) -> tuple[str, str] | None:
    """Bytes of another charset inside a file: those shown as ``\\xNN`` and the letters beside them, read as GB18030."""
    raw = b"".join(
        bytes.fromhex(part[2:]) if _ESCAPED.fullmatch(part) else part.encode("utf-8", "surrogatepass")
        for part in re.split(r"(\\x[0-9a-f]{2})", text)
    )
    try:
        read = raw.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return (read, "这一格的字节不是 UTF-8，按 GB18030 可以读出。") if _IDEOGRAPH.search(read) else None


def _decoded(text: str) -> tuple[str, str] | None:
    """UTF-8 that was read in another charset, turned back."""
    for charset, named in (("gb18030", "GBK"), ("cp1252", "Windows-1252"), ("latin-1", "Latin-1")):
        try:
            read = text.encode(charset).decode("utf-8")
        except UnicodeError:
            continue
        if _IDEOGRAPH.search(read) and "\ufffd" not in read:
            return read, f"UTF-8 文字曾被当作 {named} 读入；转换回来是可读的中文。"
    return None


def _code(text: str) -> tuple[str, str] | None:
    code = identifiers.normalise(text)
    if len(code) == 17:
        found = {c for c in _one_longer(code) if identifiers.is_plausible_uscc(c)}
        if len(found) == 1:
            return found.pop(), "少了一位：补上后全部校验通过的只有这一个代码。"
        return None
    repaired = identifiers.repair_uscc(code)
    return (repaired, "只改一个字符（或对调相邻两个）就通过全部校验的只有这一个代码。") if repaired else None


def _one_longer(code: str) -> set[str]:
    return {
        code[:place] + character + code[place:]
        for place in range(len(code) + 1)
        for character in identifiers.USCC_ALPHABET
    }


def _identity(text: str) -> tuple[str, str] | None:
    code = identifiers.normalise(text)
    if not re.fullmatch(r"[0-9]{17}", code):
        return None
    return code + identifiers.resident_id_check_character(code), "少了末位校验码：按前 17 位可以算出。"


def _listed(column: Column, text: str) -> tuple[str, str] | None:
    """A code spelt in other brackets, width or blanks than the table."""
    wanted = _bare(text)
    found = {listed for listed in column.codes if _bare(listed) == wanted}
    meant = {column.codes[listed] for listed in found}
    if not wanted or len(meant) != 1:
        return None
    return min(found), "与代码表中的写法只差空格、标点或全半角。"


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()


def rejoined(source: Source, layout: Layout, cells: Sequence[str], known_on: date) -> list[str] | None:
    """One cell too many: a separator inside a text was not quoted. Joined again where only one place makes it right."""
    places = len(layout.header)
    if len(cells) != places + 1:
        return None
    checker = Checker(source, layout, known_on)
    fits = []
    for at in range(places):
        for joint in (",", "，"):
            joined = [*cells[:at], cells[at] + joint + cells[at + 1], *cells[at + 2 :]]
            if not checker.reasons(joined):
                fits.append(joined)
                break
    return fits[0] if len(fits) == 1 else None


def _rejoined(source: Source, layout: Layout, cells: Sequence[str], known_on: date) -> dict[str, Repair]:
    fits = rejoined(source, layout, cells, known_on)
    if fits is None:
        return {}
    why = "多出的一列是文字里没有加引号的逗号：只有在这里合并，整行才合契约。"
    return {
        column.name: Repair(layout.header[at], cells[at], fits[at], why)
        for at, column in enumerate(layout.columns)
        if column is not None and column.repair and fits[at] != cells[at]
    }
