"""Values as departments write them, made comparable. Pure: text in, standard text out, or the reason it is refused.

Every function here takes one non-empty text and gives ``(standard value, None)`` or ``(None, reason in Chinese)``; a
missing value never reaches it.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

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
BEIJING = timezone(timedelta(hours=8))


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
    if _garbled(value.strip()):  # before characters of private use are dropped: they are half of what tells
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
    if _garbled(value.strip()):
        return None, "姓名是乱码（编码转换出错），请按原编码重新导出"
    folded = _BLANK.sub(" ", unicodedata.normalize("NFKC", cleaned))
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", folded), None


def address(value: str) -> Standardised:
    """An address as shown: full-width digits folded, blanks gone."""
    cleaned = text(value)[0]
    if cleaned is None:
        return None, None
    if _garbled(value.strip()):
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


_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d*))?")
_LONGEST_NUMBER = 18


def number(value: str) -> Standardised:
    """A plain decimal number: no sign where it is positive, no separators, no empty decimals."""
    folded = unicodedata.normalize("NFKC", value).replace(" ", "").replace("，", ",").replace("−", "-")
    found = _NUMBER.fullmatch(folded)
    if not found or not (found[2] or found[3]) or not folded.isascii():
        return None, f"“{value}”不是数字，应如 1234.5"
    whole = (found[2] or "0").replace(",", "").lstrip("0") or "0"
    decimals = (found[3] or "").rstrip("0")
    if len(whole) + len(decimals) > _LONGEST_NUMBER:
        return None, f"“{value}”超过 {_LONGEST_NUMBER} 位数字"
    plain = f"{whole}.{decimals}" if decimals else whole
    return ("-" + plain if found[1] == "-" and plain != "0" else plain), None


def money_sum(value: str) -> Standardised:
    """A sum of yuan, however spelt (``1,234.5``, ``12万元``, ``伍仟元整``), in whole fen."""
    plain = unicodedata.normalize("NFKC", value).replace(" ", "").replace("−", "-")
    negative = plain.startswith("-")
    parsed = money.parse_capital(plain.removeprefix("-"))
    if parsed is None or not -(10**17) < parsed.fen < 10**17:
        return None, f"“{value}”读不出金额，应如 1234.50（元）"
    if parsed.currency != "CNY":
        return None, f"“{value}”不是人民币金额"
    return str(-parsed.fen if negative else parsed.fen), None


_PHONE_JOINTS = re.compile(r"[,，;；、/\s]+")
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(
    r"(?:\+?86)?\(?(0(?:10|2\d|[3-9]\d{2}))\)?-?([2-8]\d{6,7})(?:(?:-|转|ext\.?)(\d{1,6}))?", re.IGNORECASE
)
_SERVICE = re.compile(r"(?:1\d{2,4}|9\d{4,7}|[48]00-?\d{3}-?\d{4}|[2-8]\d{6,7})")


def _one_phone(text_: str) -> str | None:
    if found := _MOBILE.fullmatch(text_.replace("-", "")):
        return found[1]
    if found := _LANDLINE.fullmatch(text_):
        return f"{found[1]}-{found[2]}" + (f"-{found[3]}" if found[3] else "")
    return text_.replace("-", "") if _SERVICE.fullmatch(text_) else None


def phone(value: str) -> Standardised:
    """Telephone numbers: eleven digits of a mobile, area and number of a line, or a short one; several by ``、``."""
    folded = unicodedata.normalize("NFKC", value).strip()
    if "*" in folded:
        return None, "电话是掩码后的号码，请报送完整号码"
    single = _one_phone(re.sub(r"[\s]", "", folded).replace("—", "-").replace("–", "-"))
    numbers = [single] if single else [_one_phone(part) for part in _PHONE_JOINTS.split(folded) if part]
    if not numbers or None in numbers:
        return None, "不是电话号码，应是 11 位手机号码，或带区号的固定电话"
    return "、".join(dict.fromkeys(n for n in numbers if n)), None


def id_number(value: str) -> Standardised:
    """A citizen's identity number with a right check character; one of fifteen digits is completed to eighteen."""
    code = identifiers.normalise(value)
    if fault := identifiers.resident_id_fault(code):
        return None, fault
    if len(code) == 15:
        body = f"{code[:6]}19{code[6:]}"
        code = body + identifiers.resident_id_check_character(body)
    return code, None


_YES = frozenset({"是", "1", "y", "yes", "t", "true", "有", "对", "√"})
_NO = frozenset({"否", "0", "n", "no", "f", "false", "无", "不是", "没有", "×"})


def flag(value: str) -> Standardised:
    """Yes or no, as 是 or 否."""
    folded = unicodedata.normalize("NFKC", value).strip().lower()
    if folded in _YES:
        return "是", None
    if folded in _NO:
        return "否", None
    return None, f"“{value}”读不出是或否，应写“是”或“否”"


_TIME = re.compile(r"(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})?(?:\.\d+)?秒?|分)?")
_ZONE = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_PLAIN_MOMENT = re.compile(r"(\d{4})(\d{2})(\d{2})[ T]?(\d{2})(\d{2})(\d{2})?")
_MOMENT_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?[ T]*")


def moment(value: str) -> Standardised:
    """A day with its time, as ``2026-11-20T08:05:00`` of Beijing; a day alone is its first minute."""
    cleaned = unicodedata.normalize("NFKC", value).strip()
    if found := _PLAIN_MOMENT.fullmatch(cleaned):
        parts = found.groups()
    elif found := _MOMENT_DAY.match(cleaned):
        rest, zone = cleaned[found.end() :], ""
        if "T" in cleaned and (marked := _ZONE.search(rest)):
            rest, zone = rest[: marked.start()], marked[1]
        time = _TIME.fullmatch(rest) if rest else None
        if rest and not time:
            return None, f"“{value}”不是时间，应如 2020-06-18 08:30:00"
        parts = (*found.groups(), *(time.groups() if time else ()))
        if zone not in {"", "+08:00", "+0800"}:
            return _elsewhere(parts, zone, value)
    elif (found := _PLAIN_DAY.match(cleaned)) and len(cleaned) == 8:
        parts = found.groups()
    else:
        return None, f"“{value}”不是时间，应如 2020-06-18 08:30:00"
    return _moment_of(parts, value)


def _moment_of(parts: tuple[str | None, ...], value: str) -> Standardised:
    try:
        given = datetime(*(int(part or 0) for part in parts))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None, f"“{value}”是不存在的时间"
    if given.date() >= OPEN_END:
        return None, None
    if given.year < 1900:
        return None, f"“{value}”早于 1900 年，不可能是业务时间"
    return given.isoformat(), None


def _elsewhere(parts: tuple[str | None, ...], zone: str, value: str) -> Standardised:
    """The same moment by Beijing's clock."""
    read, fault = _moment_of(parts, value)
    if read is None:
        return read, fault
    told = datetime.fromisoformat(read + ("+00:00" if zone == "Z" else zone[:3] + ":" + zone[-2:]))
    return told.astimezone(BEIJING).replace(tzinfo=None).isoformat(), None


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
    "number": number,
    "money": money_sum,
    "phone": phone,
    "id_number": id_number,
    "flag": flag,
    "moment": moment,
}
