"""What is wrong with rows as departments send them: faults that must be set aside, untidiness that must be accepted.

Every spoilt row is known: the truth names its file, its row and the reason code, so that a check can be measured.
"""

from datetime import date, timedelta
from functools import cache
from random import Random

from shiheng.city.draw import Weighted, between, pick
from shiheng.kernel.identifiers import USCC_ALPHABET, uscc_check_character

Row = dict[str, str]
BAD_BYTE = "\ue000"  # stands for the byte 0xFF until the row is encoded; it occurs nowhere else

_FAULTS = {
    "uscc.check": 26.0,
    "uscc.length": 8.0,
    "uscc.alphabet": 8.0,
    "identifier.missing": 6.0,
    "name.missing": 12.0,
    "day.impossible": 12.0,
    "day.future": 5.0,
    "text.mojibake": 8.0,
}
_SHARED_ONLY = {"region.unknown": 8.0, "status.unknown": 5.0}  # columns only the shared table has
_CSV_ONLY = {"text.undecodable": 5.0, "row.columns": 4.0}

NAME, CODE, DAY, REGION, STATUS = "comp_nm", "uni_social_crd_cd", "est_dt", "domdi_strict", "reg_state"
_VALUES = {
    "name.missing": (NAME, ("", "", " ", "N/A", "NULL")),
    "day.impossible": (DAY, ("2019-02-30", "2021-13-05", "0000-00-00", "2018-06-31", "20231", "2017-00-12")),
    "region.unknown": (REGION, ("44990", "望湖", "4499010A1", "999901001", "004499001")),
    "status.unknown": (STATUS, ("停业整顿中?", "K9", "不详")),
}


@cache
def faults(layout: str, form: str) -> Weighted[str]:
    """The faults that can occur in a file of this layout and form."""
    possible = dict(_FAULTS)
    if layout == "shared":
        possible |= _SHARED_ONLY
    if form == "csv":
        possible |= _CSV_ONLY
    return Weighted(list(possible.items()))


def spoil(rng: Random, row: Row, fault: str, known_on: date) -> None:
    """Break the row so that exactly this reason holds (``row.columns`` is broken when the row is written)."""
    if fault.startswith("uscc."):
        row[CODE] = _code_slip(rng, row[CODE], fault)
    elif fault.startswith("text."):
        row[NAME] = _garbled(rng, row[NAME]) if fault == "text.mojibake" else row[NAME][:4] + BAD_BYTE + row[NAME][4:]
    elif fault == "identifier.missing":
        row.update({column: "" for column in (CODE, "reg_no", "main_identi_id") if column in row})
    elif fault == "day.future":
        row[DAY] = (known_on + timedelta(days=between(rng, 400, 4000))).isoformat()
    elif fault in _VALUES:
        column, values = _VALUES[fault]
        row[column] = pick(rng, values)


def _code_slip(rng: Random, code: str, fault: str) -> str:
    at = between(rng, 9, 16)
    if fault == "uscc.length":
        return code[:at] + code[at + 1 :]
    if fault == "uscc.alphabet":
        return code[:at] + pick(rng, "IOSVZ") + code[at + 1 :]
    return another_check(rng, code)


def tidyable(rng: Random, row: Row) -> str:
    """Make the row untidy in a way that must be accepted after tidying; gives the kind (empty: nothing done)."""
    kind = pick(rng, ("lower", "wide", "blank", "name blank", "slash day", "bare day", "bracket"))
    code = row[CODE]
    if kind in ("lower", "wide", "blank") and not code:
        return ""
    if kind == "lower":
        row[CODE] = code.lower()
    elif kind == "wide":
        row[CODE] = "".join(chr(ord(c) + 0xFEE0) for c in code)
    elif kind == "blank":
        row[CODE] = pick(rng, (f" {code}", f"{code} ", f"{code}\u3000", f"{code[:8]} {code[8:]}"))
    elif kind == "name blank":
        row[NAME] = pick(rng, (f" {row[NAME]}", f"{row[NAME]}  ", f"{row[NAME]}\u3000"))
    elif kind == "slash day":
        row[DAY] = row[DAY].replace("-", "/")
    elif kind == "bare day":
        row[DAY] = "".join(part.zfill(2) for part in row[DAY].split("-"))
    elif "（" in row[NAME]:
        row[NAME] = row[NAME].replace("（", "(").replace("）", ")")
    else:
        return ""
    return kind


def another_check(rng: Random, code: str) -> str:
    """One character of the body changed, as a clerk slips: the check character no longer fits."""
    while True:
        at = between(rng, 10, 16)
        slipped = code[:at] + pick(rng, USCC_ALPHABET) + code[at + 1 :]
        if uscc_check_character(slipped[:17]) != slipped[17]:
            return slipped


def _garbled(rng: Random, name: str) -> str:
    """The name after a wrong conversion between character sets."""
    form = rng.random()
    if form < 0.4:
        # UTF-8 read as GBK: what fits no pair becomes a replacement character.
        return name.encode().decode("gb18030", errors="replace")
    if form < 0.7:
        return "锟斤拷" * (len(name) // 3 + 1)
    if form < 0.85:
        return name.encode().decode("cp1252", errors="replace")
    return "\ufffd" * 2 + name[2:4] + "\ufffd" * 3
