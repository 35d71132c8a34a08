"""What is wrong with departments' rows: each kind is planted on purpose, and the truth says where.

A fault must be set aside for the reason named; untidiness must be accepted after tidying. The kinds a row can take
depend on the columns its sheet has and on the form of the file.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from random import Random

from shiheng.city import definition as d
from shiheng.city.departments.files import BREAK, FOREIGN, NATIVE
from shiheng.city.departments.plan import Sent
from shiheng.city.departments.sheet import Roles, Sheet, contract, roles
from shiheng.city.dirt import BAD_BYTE, Row, another_check
from shiheng.city.draw import Weighted, between, pick
from shiheng.city.model import Subject

# kind → what it is; the reason it must be refused for stands with each row in the truth.
FAULTS = {
    "code.check": "统一社会信用代码校验位不符",
    "code.length": "统一社会信用代码少一位",
    "code.missing": "代码全部为空，契约又不许只凭名称归户",
    "required.missing": "必填的列没有填",
    "day.impossible": "日期不存在",
    "day.future": "日期晚于送达日",
    "list.unknown": "代码不在代码表内",
    "list.drift": "部门某月起启用了代码表以外的新代码",
    "amount.words": "金额或数量不是数字",
    "name.mojibake": "名称是错码转换留下的乱码",
    "bytes.gbk": "UTF-8 文件中夹有 GBK 字节",
    "bytes.broken": "夹有任何字符集都读不出的字节",
    "row.ragged": "列数与表头不符",
    "row.newline": "单元格内有未加引号的换行，一行断成两行",
    "key.twin": "同一主键出现两次而内容不同，其一写错了代码",
    "key.again": "同一行完整地出现两次",
}
UNTIDY = {
    "code.lower": "代码小写",
    "code.wide": "代码全角",
    "code.blank": "代码夹有空格",
    "code.legacy": "代码列填的是旧十五位注册号",
    "code.none": "没有代码，只凭名称与佐证归户",
    "name.blank": "名称前后有空格",
    "name.spelt": "名称的写法与登记不同：少了地名或组织形式",
    "name.bracket": "名称用半角括号",
    "day.spelt": "日期的写法与别的行不同",
    "cell.newline": "加了引号的单元格内有换行",
}
_TEXT_ONLY = ("bytes.gbk", "bytes.broken", "row.ragged", "row.newline")


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What became of a row: the rows to write in its place, and what is wrong with each of them.

    ``lines`` are the numbers of physical rows a fault makes of one (a broken line makes two); ``wrong`` is the place in
    ``rows`` of the twin that is the false one.
    """

    rows: tuple[Row, ...]
    fault: str = ""
    reason: str = ""
    untidy: str = ""
    lines: int = 1
    wrong: int | None = None
    drop: int = 0  # cells left out at the end (below nought: cells too many)


@cache
def possible(sheet: Sheet, form: str, charset: str) -> Weighted[str]:
    """The faults that can occur in a file of this sheet and form."""
    has = roles(sheet)
    can = {
        "code.check": has.code,
        "code.length": has.code,
        "code.missing": has.identifying and not has.by_name and not set(has.identifying) & set(has.required),
        "required.missing": has.required,
        "day.impossible": has.days,
        "day.future": has.future,
        "list.unknown": has.listed,
        "amount.words": has.amounts,
        "name.mojibake": has.name,
        "bytes.gbk": has.name and charset.startswith("utf-8"),
        "bytes.broken": has.name,
        "row.ragged": True,
        "row.newline": has.texts,
        "key.twin": has.unique and has.code and has.name,
        "key.again": has.unique,
    }
    return Weighted([(k, w) for k, w in d.ROW_FAULTS.items() if can[k] and (form == "csv" or k not in _TEXT_ONLY)])


def spoil(rng: Random, row: Row, sheet: Sheet, sent: Sent, other: Subject | None) -> Spoilt:
    """Break a row in one way; what its values do not allow is broken in the next best (empty: not at all)."""
    has = roles(sheet)
    fault = possible(sheet, sent.form, sent.charset).draw(rng)
    if fault == "key.twin" and (other is None or other.shown):
        fault = "code.check"
    if fault in ("code.check", "code.length", "key.twin") and len(row[has.code]) != 18:
        return Spoilt((row,))
    if fault in ("code.check", "code.length"):
        at = between(rng, 9, 16)
        code = row[has.code]
        row[has.code] = another_check(rng, code) if fault == "code.check" else code[:at] + code[at + 1 :]
        return Spoilt((row,), fault, f"{has.code}.uscc")
    if fault == "code.missing":
        row.update(dict.fromkeys(has.identifying, ""))
        return Spoilt((row,), fault, "row.unnamed")
    if fault in _BY_COLUMN:
        return _column(rng, row, sheet, sent, fault)
    if fault == "name.mojibake":
        name = row[has.name]
        row[has.name] = pick(rng, (name.encode().decode("gb18030", "replace"), "锟斤拷" * (len(name) // 3 + 1)))
        return Spoilt((row,), fault, f"{has.name}.name")
    if fault.startswith("bytes."):
        return _bytes(row, has, fault)
    if fault == "row.ragged":
        return Spoilt(
            (row,), fault, "row.width", drop=pick(rng, (1, 2, -1)) if sheet.null or list(row.values())[-1] else -1
        )
    if fault == "row.newline":
        return _broken(rng, row, has)
    if fault == "key.again":
        return Spoilt((row, row), fault, f"{has.key}.duplicate", wrong=1)
    if fault == "key.twin" and other:
        alike = has.key == has.code  # where the code is the key, the name is the other's
        twin = {**row, has.name: str(other.history[0].values["name"])} if alike else {**row, has.code: other.uscc}
        wrong = int(rng.random() < 0.5)
        rows = (row, twin) if wrong else (twin, row)
        return Spoilt(rows, fault, f"{has.key}.duplicate", wrong=wrong)
    return Spoilt((row,))


_BY_COLUMN = {
    "required.missing": ("required", ("", " ")),
    "day.impossible": ("days", ("2025-02-30", "2025-13-05", "0000-00-00", "2024-06-31", "20251", "2025-00-12")),
    "day.future": ("future", ()),
    "list.unknown": ("listed", ("待定?", "K9", "其他（见附件）?")),
    "amount.words": ("amounts", ("若干", "见附件", "一言难尽", "12.3.4")),
}
_REASONS = {"required.missing": "missing", "day.future": "future", "list.unknown": "unlisted"}


def _column(rng: Random, row: Row, sheet: Sheet, sent: Sent, fault: str) -> Spoilt:
    where, values = _BY_COLUMN[fault]
    name = pick(rng, getattr(roles(sheet), where))
    value = (sent.known_on + timedelta(days=between(rng, 400, 4000))).isoformat() if not values else pick(rng, values)
    row[name] = value
    kind = _REASONS.get(fault, contract(sheet.source).column(name).kind)
    return Spoilt((row,), fault, f"{name}.{kind}")


def _bytes(row: Row, has: Roles, fault: str) -> Spoilt:
    name = row[has.name]
    if fault == "bytes.gbk" and not _readable(name.encode("gb18030")):
        row[has.name] = FOREIGN + name + NATIVE
    else:
        fault = "bytes.broken"
        row[has.name] = name[:4] + BAD_BYTE + name[4:]
    return Spoilt((row,), fault, "row.bytes")


def _readable(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _broken(rng: Random, row: Row, has: Roles) -> Spoilt:
    """A line break inside a cell that is neither the first nor the last, and holds nothing that would be quoted."""
    inner = list(row)[1:-1]
    cells = [n for n in inner if n in has.texts and len(row[n]) > 5 and not set(row[n]) & set(',"')]
    if not cells:
        return Spoilt((row,), "row.ragged", "row.width", drop=-1)
    name = pick(rng, cells)
    row[name] = row[name][:3] + BREAK + row[name][3:]
    return Spoilt((row,), "row.newline", "row.width", lines=2)


def respell(rng: Random, name: str) -> str:
    """A name as somebody writes it who does not look it up."""
    if name.endswith("有限责任公司"):
        return name.replace("有限责任公司", "有限公司")
    for ending in ("有限公司", "分公司", "店"):
        if name.endswith(ending) and rng.random() < 0.5:
            return name.removesuffix(ending)
    shorter = name.removeprefix("云泽市").removeprefix("云泽")
    return shorter if len(shorter) > 3 else name


def tidyable(rng: Random, row: Row, sheet: Sheet, sent: Sent, subject: Subject) -> Spoilt:
    """Make a row untidy in a way that must be accepted after tidying (perhaps not at all)."""
    has = roles(sheet)
    kind = pick(rng, tuple(k for k in UNTIDY if k != "code.none"))
    code, name = row.get(has.code, ""), row.get(has.name, "")
    texts = [n for n in has.texts if len(row[n]) > 5]
    if kind.startswith("code.") and len(code) == 18:
        if kind == "code.legacy":
            if not subject.regno or subject.divided or has.key == has.code:
                return Spoilt((row,))
            row[has.code] = subject.regno
        else:
            row[has.code] = {
                "code.lower": code.lower(),
                "code.wide": "".join(chr(ord(c) + 0xFEE0) for c in code),
                "code.blank": pick(rng, (f" {code}", f"{code}\u3000", f"{code[:8]} {code[8:]}")),
            }[kind]
    elif kind == "name.blank" and name:
        row[has.name] = pick(rng, (f" {name}", f"{name}  ", f"{name}\u3000"))
    elif kind == "name.spelt" and name and code:
        row[has.name] = respell(rng, name)
    elif kind == "name.bracket" and "（" in name:
        row[has.name] = name.replace("（", "(").replace("）", ")")
    elif kind == "day.spelt" and has.days and (days := [n for n in has.days if row[n][:4].isdigit()]):
        day = pick(rng, days)
        row[day] = row[day].replace("-", "/").replace(" 0:00:00", "")
    elif kind == "cell.newline" and texts and sent.form == "csv":
        cell = pick(rng, texts)
        row[cell] = row[cell][:3] + "\n" + row[cell][3:]
    else:
        return Spoilt((row,))
    return Spoilt((row,), untidy=kind)
