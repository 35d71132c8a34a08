"""The codes a subject or a person is known by: how each is checked, taken apart and, if only one repair fits, mended.

Every check says why it refuses, in Chinese, because the reason is shown beside the row that was set aside. Codes are
read leniently (full width, blanks, lower case, hyphens) through ``normalise`` and judged strictly after it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from shiheng.kernel.errors import Refused

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: thirty-one characters, without I, O, S, V, Z."""

_USCC_VALUE = {character: value for value, character in enumerate(USCC_ALPHABET)}
_USCC_CHARACTERS = frozenset(USCC_ALPHABET)
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ALL_WEIGHTS = (*_USCC_WEIGHTS, 1)
_INVERSE_WEIGHTS = tuple(pow(weight, -1, 31) for weight in _ALL_WEIGHTS)
_ANYWHERE, _ORGCODE_PLACES = range(18), range(8, 17)
_ORGCODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGCODE_VALUE = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
_SEPARATORS = dict.fromkeys(map(ord, "-_·.—–－"), None)

DEPARTMENTS: dict[str, str] = {
    "1": "机构编制", "2": "外交", "3": "司法行政", "4": "文化", "5": "民政", "6": "旅游", "7": "宗教", "8": "工会",
    "9": "市场监管", "A": "中央军委改革和编制办公室", "N": "农业农村", "Y": "其他",
}  # fmt: skip
"""First character of a code: the department that registers (GB 32100-2015 and its amendment)."""

CLASSES: dict[str, str] = {
    "11": "机关", "12": "事业单位", "13": "编办直接管理机构编制的群众团体", "19": "其他",
    "21": "外国常驻新闻机构", "29": "其他",
    "31": "律师执业机构", "32": "公证处", "33": "基层法律服务所", "34": "司法鉴定机构", "35": "仲裁委员会",
    "39": "其他",
    "41": "外国在华文化中心", "49": "其他",
    "51": "社会团体", "52": "民办非企业单位", "53": "基金会", "59": "其他",
    "61": "外国旅游部门常驻代表机构", "62": "港澳台地区旅游部门常驻内地（大陆）代表机构", "69": "其他",
    "71": "宗教活动场所", "72": "宗教院校", "79": "其他",
    "81": "基层工会", "89": "其他",
    "91": "企业", "92": "个体工商户", "93": "农民专业合作社", "99": "其他",
    "A1": "军队事业单位", "A9": "其他",
    "N1": "组级集体经济组织", "N2": "村级集体经济组织", "N3": "乡镇级集体经济组织", "N9": "其他",
    "Y1": "其他",
}  # fmt: skip
"""First two characters of a code. An unknown pair does not fail the check: the standard has been amended before."""

PROVINCES = frozenset({
    "10", "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33",
    "34", "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51",
    "52", "53", "54", "61", "62", "63", "64", "65", "66", "71", "81", "82",
})  # fmt: skip
"""First two digits of region codes in use (10 is the national registration body, 66 the Xinjiang corps)."""


@dataclass(frozen=True, slots=True)
class Uscc:
    """A unified social credit code taken apart."""

    code: str
    department: str
    class_: str
    region: str
    orgcode: str

    @property
    def department_title(self) -> str:
        return DEPARTMENTS.get(self.department, "未知登记管理部门")

    @property
    def class_title(self) -> str:
        return CLASSES.get(self.department + self.class_, "未知机构类别")


def normalise(text: str) -> str:
    """One spelling for a code as people type it: NFKC, no blanks of any kind, no separators, upper case."""
    if text.isascii() and text.isalnum():
        return text.upper()  # as nearly every code comes
    folded = unicodedata.normalize("NFKC", text).translate(_SEPARATORS)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"}).upper()


# --- unified social credit code, GB 32100-2015 ----------------------------------------------------------------------


def uscc_check_character(body17: str) -> str:
    """The eighteenth character. The outer modulus matters: 31 becomes 0."""
    total = sum([_USCC_VALUE[c] * w for c, w in zip(body17, _USCC_WEIGHTS, strict=True)])
    return USCC_ALPHABET[(31 - total % 31) % 31]


def uscc_fault(code: str) -> str | None:
    """Why ``code`` (already normalised) is not a unified social credit code, or nothing."""
    if len(code) != 18:
        return f"统一社会信用代码应为18位，现为{len(code)}位"
    if not _USCC_CHARACTERS.issuperset(code):
        place, character = next((p, c) for p, c in enumerate(code, start=1) if c not in _USCC_CHARACTERS)
        return f"统一社会信用代码第{place}位“{character}”不在代码字符集内（数字和除I、O、S、V、Z以外的大写字母）"
    if not code[2:8].isdigit():
        return f"统一社会信用代码第3至8位应为6位数字的登记机关行政区划码，现为“{code[2:8]}”"
    expected = uscc_check_character(code[:17])
    if code[17] != expected:
        return f"统一社会信用代码校验位不符：按前17位应为“{expected}”，现为“{code[17]}”"
    return None


def check_uscc(code: str) -> str:
    """The code in its one spelling, or a refusal that says what is wrong."""
    spelled = normalise(code)
    if fault := uscc_fault(spelled):
        raise Refused("identifier.uscc", f"{fault}。请核对营业执照后重新填写。", value=code)
    return spelled


def parse_uscc(code: str) -> Uscc:
    """The parts of a correct code; refuses an incorrect one."""
    spelled = check_uscc(code)
    return Uscc(spelled, spelled[0], spelled[1], spelled[2:8], spelled[8:17])


def orgcode_of(uscc: str) -> str:
    """The organisation code inside a unified code: places 9 to 17, without hyphen."""
    return parse_uscc(uscc).orgcode


def repair_uscc(code: str) -> str | None:
    """The only correct code one slip away (one wrong character, or two neighbours swapped), or nothing.

    The check character alone leaves about one candidate for each place. A candidate therefore counts only when
    everything else is right as well: the organisation code's own check character inside it (true of more than 9,999 in
    10,000 registered codes), a known kind of body and an existing province. Two candidates mean no repair: a guess
    would move a record to a stranger.
    """
    found = meant_usccs(code)
    return found[0] if len(found) == 1 else None


def meant_usccs(code: str) -> list[str]:
    """Every plausible code one slip away from a wrong one of eighteen characters; what else is known must choose."""
    spelled = normalise(code)
    if len(spelled) != 18 or uscc_fault(spelled) is None:
        return []
    within = _ANYWHERE
    if _USCC_CHARACTERS.issuperset(spelled) and spelled[16] != orgcode_check_character(spelled[8:16]):
        within = _ORGCODE_PLACES  # a slip anywhere else would leave the organisation code as wrong as it is
    return sorted({candidate for candidate in codes_one_slip_away(spelled, within) if is_plausible_uscc(candidate)})


def codes_one_slip_away(code: str, within: range = _ANYWHERE) -> Iterator[str]:
    """The codes one slip away whose weighted sum is right: at each place no more than one character makes it so.

    Only slips that change a character ``within`` these places.
    """
    values = [_USCC_VALUE.get(character) for character in code]
    unknown = [place for place, value in enumerate(values) if value is None]
    if len(unknown) > 1:
        return
    known = [value or 0 for value in values]
    excess = sum([v * w for v, w in zip(known, _ALL_WEIGHTS, strict=True)]) % 31
    for place in unknown or within:
        needed = (known[place] - excess * _INVERSE_WEIGHTS[place]) % 31
        yield code[:place] + USCC_ALPHABET[needed] + code[place + 1 :]
    for place in range(max(within.start - 1, 0), min(within.stop, 17)) if not unknown else ():
        one, other = known[place], known[place + 1]
        if (excess + (other - one) * (_ALL_WEIGHTS[place] - _ALL_WEIGHTS[place + 1])) % 31 == 0:
            yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def is_plausible_uscc(code: str) -> bool:
    """Whether everything that can be known of a code is right, not its check character alone."""
    return (
        code[:2] in CLASSES
        and code[2:4] in PROVINCES
        and len(code) == 18
        and code.isascii()
        and code.isalnum()
        and code[16] == orgcode_check_character(code[8:16])
        and uscc_fault(code) is None
    )


# --- organisation code, GB 11714-1997 -------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def orgcode_check_character(body8: str) -> str:
    """The ninth character of an organisation code (36 letters and digits in the body)."""
    total = sum([_ORGCODE_VALUE[c] * w for c, w in zip(body8, _ORGCODE_WEIGHTS, strict=True)])
    return "0X987654321"[total % 11]


@lru_cache(maxsize=1024)
def orgcode_fault(code: str) -> str | None:
    """Why ``code`` (normalised, so without its hyphen) is not an organisation code, or nothing."""
    if len(code) != 9:
        return f"组织机构代码应为9位（不含连字符），现为{len(code)}位"
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return "组织机构代码前8位应为数字或大写字母，末位应为数字或X"
    expected = orgcode_check_character(code[:8])
    if code[8] != expected:
        return f"组织机构代码校验位不符：应为“{expected}”，现为“{code[8]}”"
    return None


# --- registration number of a business licence, before the unified code ---------------------------------------------


def regno_check_character(body14: str) -> str:
    """The fifteenth digit: ISO 7064 MOD 11,10."""
    product = 10
    for digit in body14:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def regno_fault(code: str) -> str | None:
    """Why ``code`` (normalised) is not a fifteen-digit registration number, or nothing."""
    if not re.fullmatch(r"[0-9]{15}", code):
        return f"营业执照注册号应为15位数字，现为“{code}”"
    expected = regno_check_character(code[:14])
    if code[14] != expected:
        return f"营业执照注册号校验位不符：应为“{expected}”，现为“{code[14]}”"
    return None


# --- identity number of a person, GB 11643-1999 ---------------------------------------------------------------------


def resident_id_check_character(body17: str) -> str:
    """The eighteenth character of a citizen's identity number."""
    total = sum(int(c) * w for c, w in zip(body17, _RESIDENT_WEIGHTS, strict=True))
    return _RESIDENT_CHECKS[total % 11]


def resident_id_fault(code: str) -> str | None:
    """Why ``code`` (normalised) is not a citizen's identity number, or nothing.

    Old fifteen-digit numbers are accepted with a real birth day (they have no check digit). A region code that is no
    longer in use is not refused: people keep the number they were born with.
    """
    if re.fullmatch(r"[0-9]{15}", code):
        return None if _is_day("19" + code[6:12]) else f"公民身份号码中的出生日期“{code[6:12]}”不存在"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", code):
        return f"公民身份号码应为18位（前17位数字，末位数字或X），现为{len(code)}位“{_hide(code)}”"
    if not _is_day(code[6:14]):
        return f"公民身份号码中的出生日期“{code[6:14]}”不存在"
    expected = resident_id_check_character(code[:17])
    if code[17] != expected:
        return f"公民身份号码校验位不符：应为“{expected}”，现为“{code[17]}”"
    return None


def _hide(code: str) -> str:
    """A personal number never stands in full in a message, even when it is wrong."""
    return code if len(code) <= 4 else code[:2] + "*" * (len(code) - 4) + code[-2:]


@cache
def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return int(digits[:4]) >= 1800
