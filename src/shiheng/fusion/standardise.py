"""Values as departments write them, made comparable. Pure: text in, standard text out, or the reason it is refused.

Every function here takes one non-empty text and gives ``(standard value, None)`` or ``(None, reason in Chinese)``; a
missing value never reaches it.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from shiheng.kernel import identifiers, money

Standardised = tuple[str | None, str | None]

_BLANK = re.compile(r"[\s\u3000]+")
_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?$")
_PLAIN_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\d{6})?$")
# Text that was UTF-8, read as GBK and saved: these pairs do not occur in Chinese names and addresses.
_MOJIBAKE = re.compile(
    r"锟斤拷|烫烫烫|\ufffd|鐨勫|鍏徃|鏈夐檺|闄愬叕|娓呭|銆備|锛�|[ÃÂ][\x80-\xbf]|å[\x80-\xbf\u0100-\u02ff]"
)
OPEN_END = date(9000, 1, 1)
NO_END = "9999-12-31"
"""What a last day that never comes is kept as, where a column tells "no end" from "not filled in"."""
_ENDLESS = frozenset({"长期", "长期有效", "永久", "永久有效", "无期限", "无固定期限"})


def _garbled(value: str) -> bool:
    """Whether Chinese text is UTF-8 that was read as GB18030: turned back, it must not be UTF-8 by accident."""
    if _MOJIBAKE.search(value) or "\\x" in value:
        return True
    try:
        turned = value.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    chinese = sum(c > "\x7f" for c in value)
    if chinese < 3:
        return False
    # Many common characters are, each for itself, a two-byte letter in UTF-8 (钱, 郑, 伟, 强): what comes out must be
    # Chinese to be believed, and of a short name also what went in must be no everyday text.
    return any("\u4e00" <= c <= "\u9fff" for c in turned) and (chinese > 4 or not _everyday(value))


def _everyday(value: str) -> bool:
    """Whether every character is in GB 2312, the six thousand of daily use."""
    try:
        value.encode("gb2312")
    except UnicodeError:
        return False
    return True


def text(value: str) -> Standardised:
    """Outer blanks gone, control characters gone; inner text untouched."""
    if not value.isprintable():  # a look at the whole text is a hundred times cheaper than one at each character
        value = "".join(c for c in value if c == "\n" or unicodedata.category(c)[0] != "C")
    return value.strip(" \t\r\n\u3000") or None, None


def name(value: str) -> Standardised:
    """A subject's name: full-width letters and digits folded, brackets in the Chinese form, no blanks inside."""
    cleaned = text(value)[0]
    if cleaned is None:
        return None, None
    if _garbled(cleaned):
        return None, "名称是乱码（编码转换出错），请按原编码重新导出"
    folded = unicodedata.normalize("NFKC", cleaned).replace("(", "（").replace(")", "）")
    folded = _BLANK.sub(" ", folded)
    folded = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", folded)
    if not re.search(r"[\w]", folded):
        return None, "名称中没有文字"
    return folded, None


def person(value: str) -> Standardised:
    """A person's name; blanks inside a Chinese name are typesetting and go."""
    cleaned = text(value)[0]
    if cleaned is None:
        return None, None
    if _garbled(cleaned):
        return None, "姓名是乱码（编码转换出错），请按原编码重新导出"
    folded = _BLANK.sub(" ", unicodedata.normalize("NFKC", cleaned))
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", folded), None


def address(value: str) -> Standardised:
    """An address as shown: full-width digits folded, blanks gone."""
    cleaned = text(value)[0]
    if cleaned is None:
        return None, None
    if _garbled(cleaned):
        return None, "地址是乱码（编码转换出错），请按原编码重新导出"
    return _BLANK.sub("", unicodedata.normalize("NFKC", cleaned).replace("(", "（").replace(")", "）")), None


def day(value: str) -> Standardised:
    """A day in any spelling departments use, as ISO text; 9999-9-9 means no end and is no value."""
    cleaned = unicodedata.normalize("NFKC", value).strip()
    found = _DAY.match(cleaned) or _PLAIN_DAY.match(cleaned)
    if not found:
        return None, f"“{value}”不是日期，应如 2020-06-18"
    try:
        given = date(*(int(part) for part in found.groups()))
    except ValueError:
        return None, f"“{value}”是不存在的日期"
    if given >= OPEN_END:
        return None, None
    if given.year < 1900:
        return None, f"“{value}”早于 1900 年，不可能是登记日期"
    return given.isoformat(), None


def no_end(value: str) -> bool:
    """Whether a last day says that there is none: in words, or as a day of the year 9000 or later."""
    cleaned = unicodedata.normalize("NFKC", value).strip()
    found = _DAY.match(cleaned) or _PLAIN_DAY.match(cleaned)
    return _BLANK.sub("", cleaned) in _ENDLESS or bool(found and int(found[1]) >= OPEN_END.year)


def uscc(value: str) -> Standardised:
    """A unified code; a 15-digit registration number in its column is one from before 2015 and is taken as such."""
    code = identifiers.normalise(value)
    if len(code) == 15 and code.isdigit():
        return regno(value)
    fault = identifiers.uscc_fault(code)
    if fault is None:
        return code, None
    repaired = identifiers.repair_uscc(code)
    hint = f"；若改为 {repaired} 则通过校验，请核实" if repaired else ""
    return None, f"{fault}{hint}"


def regno(value: str) -> Standardised:
    """A 15-digit registration number; older forms of other lengths are kept as they are, they name nobody."""
    code = identifiers.normalise(value)
    if len(code) != 15 or not code.isdigit():
        return None, None
    fault = identifiers.regno_fault(code)
    return (code, None) if fault is None else (None, fault)


def identifier(value: str) -> Standardised:
    """A department's own key: control characters and blanks gone, letters upper."""
    cleaned = text(value)[0]
    return (identifiers.normalise(cleaned) or None, None) if cleaned else (None, None)


def capital(value: str) -> Standardised:
    """Capital as ``<fen> <currency>``."""
    parsed = money.parse_capital(value)
    if parsed is None:
        return None, f"“{value}”读不出金额与币种，应如 50万元人民币"
    return f"{parsed.fen} {parsed.currency}", None


def region(value: str) -> Standardised:
    code = identifiers.normalise(value)
    if not re.fullmatch(r"\d{6}(\d{3}|\d{6})?", code):
        return None, f"“{value}”不是行政区划代码，应为 6、9 或 12 位数字"
    if code[:2] not in identifiers.PROVINCES:
        return None, f"“{value}”不是行政区划代码，没有以 {code[:2]} 开头的省份"
    return code, None


BY_KIND: dict[str, Callable[[str], Standardised]] = {
    "text": text,
    "name": name,
    "person": person,
    "uscc": uscc,
    "regno": regno,
    "orgcode": identifier,
    "identifier": identifier,
    "day": day,
    "capital": capital,
    "address": address,
    "region": region,
    "code": text,
}
