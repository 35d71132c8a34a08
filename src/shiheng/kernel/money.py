"""Amounts as whole fen, never as floats, and registered capital as the registers spell it.

One register spells the same sum as ``200(万元人民币)``, ``3万人民币``, ``183.8000(万人民币元)`` or ``壹佰万元整``. The
parser reads number, scale and currency wherever they stand; what it cannot read is nothing, never zero.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Capital:
    """A sum in hundredths of its currency's unit (fen for 人民币), with the ISO 4217 letter code."""

    fen: int
    currency: str = "CNY"


CURRENCIES: tuple[tuple[str, str], ...] = (
    ("新加坡元", "SGD"), ("新加坡币", "SGD"), ("坡币", "SGD"),
    ("澳大利亚元", "AUD"), ("澳元", "AUD"), ("加拿大元", "CAD"), ("加元", "CAD"), ("新西兰元", "NZD"),
    ("新台湾元", "TWD"), ("新台币", "TWD"), ("台币", "TWD"), ("台湾元", "TWD"),
    ("香港元", "HKD"), ("港币", "HKD"), ("港元", "HKD"), ("港圆", "HKD"),
    ("澳门元", "MOP"), ("澳门币", "MOP"),
    ("德国马克", "DEM"), ("马克", "DEM"), ("法国法郎", "FRF"), ("瑞士法郎", "CHF"), ("瑞郎", "CHF"),
    ("英镑", "GBP"), ("欧元", "EUR"), ("韩国圆", "KRW"), ("韩元", "KRW"), ("韩圆", "KRW"),
    ("日元", "JPY"), ("日圆", "JPY"), ("日币", "JPY"), ("美元", "USD"), ("美金", "USD"), ("美圆", "USD"),
    ("人民币元", "CNY"), ("人民币", "CNY"),
    ("HKD", "HKD"), ("HK$", "HKD"), ("USD", "USD"), ("US$", "USD"), ("EUR", "EUR"), ("€", "EUR"), ("GBP", "GBP"),
    ("£", "GBP"), ("JPY", "JPY"), ("AUD", "AUD"), ("SGD", "SGD"), ("TWD", "TWD"), ("MOP", "MOP"), ("CAD", "CAD"),
    ("KRW", "KRW"), ("CHF", "CHF"), ("CNY", "CNY"), ("RMB", "CNY"), ("¥", "CNY"),
)  # fmt: skip
"""Spellings, longest first where one holds another. Marks of old currencies stay: old licences name them."""

SYMBOLS = {"CNY": "¥", "HKD": "HK$", "USD": "US$", "EUR": "€", "GBP": "£"}

_SCALES = {
    "": 1, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12,
}  # fmt: skip
_ARABIC = re.compile(r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?P<scale>[十百千]?万?亿?)元?")
_SPELLINGS = ("零〇○", "一壹弌", "二贰弍两貳", "三叁弎參叄", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
_DIGITS = {spelling: value for value, spellings in enumerate(_SPELLINGS) for spelling in spellings}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_ANY_DIGIT = "[" + "".join(_SPELLINGS) + "]"
_CHINESE = re.compile(
    rf"(?:(?P<whole>(?:{_ANY_DIGIT}|[十拾])(?:{_ANY_DIGIT}|[十拾百佰千仟万萬亿億])*)(?:元零?|$))?"
    rf"(?:(?P<jiao>{_ANY_DIGIT})角零?)?(?:(?P<fen>{_ANY_DIGIT})分)?"
)
_NOISE = re.compile(r"[\s()（）\[\]【】:：]|整|正|注册资[本金]|认缴|实缴|出资额?|约")


@lru_cache(maxsize=65536)
def parse_capital(text: str) -> Capital | None:
    """Registered capital from any spelling in use, or nothing when there is none to read (``N/A``, ``-``, empty).

    A number without a currency is 人民币; a fraction finer than a fen is rounded to the nearest.
    """
    if not text or len(text) > 100:
        return None
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text).upper()).replace("圆", "元").replace("￥", "¥")
    currency, rest = _currency_of(plain)
    rest = rest.removesuffix("元元") + "元" if rest.endswith("元元") else rest
    value = _arabic(rest)
    if value is None:
        value = chinese_number(rest.removeprefix("元"))
    return None if value is None else Capital(int((value * 100).quantize(Decimal(1), ROUND_HALF_UP)), currency)


def _currency_of(text: str) -> tuple[str, str]:
    """The currency named, and the text without its name (its 元 stays behind to close the number)."""
    for spelling, code in CURRENCIES:
        name = spelling.replace("圆", "元")
        if name in text:
            return code, text.replace(name, "元" if name.endswith("元") else "", 1)
    return "CNY", text


def _arabic(text: str) -> Decimal | None:
    # A name of currency written first leaves its 元 ahead of the number: "元100万" of "港元100万".
    match = _ARABIC.fullmatch(text.removeprefix("元"))
    if match is None or match["scale"] not in _SCALES:
        return None
    return Decimal(match["number"].replace(",", "")) * _SCALES[match["scale"]]


def chinese_number(text: str) -> Decimal | None:
    """``伍仟元整``, ``壹佰万元``, ``一千二百三十四元五角六分`` as a number of 元, or nothing."""
    match = _CHINESE.fullmatch(text.rstrip("整正"))
    if match is None or not match[0]:
        return None
    whole = _chinese_whole((match["whole"] or "零").replace("萬", "万").replace("億", "亿"))
    if whole is None:
        return None
    jiao, fen = (_DIGITS[d] if (d := match[part]) else 0 for part in ("jiao", "fen"))
    return Decimal(whole) + Decimal(jiao) / 10 + Decimal(fen) / 100


def _chinese_whole(text: str) -> int | None:
    """Sections of four places between 万 and 亿, each a sum of digit times place. Digits alone (一二三) are refused."""
    total = section = 0
    digit: int | None = None
    for character in text:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
        elif character in _SMALL:
            section += (1 if digit is None and section == 0 else digit or 0) * _SMALL[character]
            digit = None
        else:
            section += digit or 0
            big = 10**4 if character == "万" else 10**8
            total = (total + section) * big if character == "亿" else total + section * big
            section, digit = 0, None
    return total + section + (digit or 0)


def format_fen(fen: int, currency: str = "CNY") -> str:
    """``¥12,345.00``: never scientific, always two places."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{whole:,}.{rest:02d}"


def format_wan(fen: int, currency: str = "CNY") -> str:
    """``1,234.5万元`` for registered capital, without empty decimals."""
    number = f"{Decimal(fen) / 1000000:,f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    names = {"CNY": "万元", "HKD": "万港元", "USD": "万美元", "EUR": "万欧元", "JPY": "万日元", "GBP": "万英镑"}
    return number + names.get(currency, f"万（{currency}）")


def in_words(fen: int) -> str:
    """The sum as a legal document writes it: ``伍仟元整``, ``壹万贰仟叁佰肆拾伍元陆角柒分``."""
    if fen < 0 or fen >= 10**18:
        raise ValueError("only sums from zero to below ten quadrillion yuan are written in words")
    yuan, rest = divmod(fen, 100)
    jiao, cent = divmod(rest, 10)
    words = _whole_in_words(yuan) + "元" if yuan or not rest else ""
    if not rest:
        return words + "整"
    if jiao:
        words += _CAPITAL_DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    return words + (_CAPITAL_DIGITS[cent] + "分" if cent else "整")


_CAPITAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def _whole_in_words(number: int) -> str:
    if number == 0:
        return "零"
    if number >= 10**8:
        high, low = divmod(number, 10**8)
        gap = "零" if low and low < 10**7 else ""
        return _whole_in_words(high) + "亿" + (gap + _whole_in_words(low) if low else "")
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        gap = "零" if low and low < 10**3 else ""
        return _whole_in_words(high) + "万" + (gap + _whole_in_words(low) if low else "")
    words = ""
    pending_zero = False
    for place, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // place % 10
        if digit:
            words += ("零" if pending_zero and words else "") + _CAPITAL_DIGITS[digit] + unit
            pending_zero = False
        else:
            pending_zero = True
    return words
