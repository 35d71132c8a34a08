"""Hiding what a reader has no need to see, always leaving a visible mark that something was hidden.

The shapes follow the platform's masking table: a person's surname with 某, the ends of a number, an address to its
district. Masking is for screens and published pages; a page for the public shows no identity number or phone at all.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

COMPOUND_SURNAMES = frozenset({
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "尉迟", "皇甫", "公孙",
    "慕容", "长孙", "宇文", "令狐", "司空", "轩辕", "端木", "百里", "东郭", "南门", "呼延", "闻人",
    "澹台", "公冶", "宗政", "濮阳", "淳于", "单于", "太叔", "申屠", "公西", "钟离", "鲜于", "闾丘",
    "亓官", "司寇", "仉督", "子车", "颛孙", "巫马", "漆雕", "乐正", "壤驷", "公良", "拓跋", "夹谷",
    "宰父", "谷梁", "段干", "东门", "西门", "左丘", "梁丘", "赫连", "万俟",
})  # fmt: skip

# The tier between city and street. "市" counts only when nothing smaller follows it (a city without districts).
_DISTRICT = re.compile(
    r"^(?P<kept>"
    r"(?:[^省市区县旗\d]{2,8}?(?:省|自治区|特别行政区))?"
    r"(?:[^省市区县旗\d]{2,10}?(?:市|自治州|盟|地区))?"
    r"(?:[^省市区县旗\d]{1,10}?(?:自治县|自治旗|新区|开发区|高新区|区|县|旗|市))?"
    r")"
)


def mask_name(name: str) -> str:
    """``张三`` becomes ``张某``, ``欧阳小明`` becomes ``欧阳某某``; a foreign name keeps its first letter."""
    text = unicodedata.normalize("NFKC", name).strip()
    if not text:
        return ""
    if not re.match(r"[\u3400-\u9fff]", text):
        return text[0] + "***"
    if "·" in text:
        return text[0] + "某某"
    kept = 2 if len(text) > 2 and text[:2] in COMPOUND_SURNAMES else 1
    return text[:kept] + "某" * max(1, min(2, len(text) - kept))


def mask_id(number: str) -> str:
    """``442000199001011233`` becomes ``4420**********1233``: at most the region's first four and the last four."""
    text = number.strip()
    if len(text) < 12:
        return "*" * len(text)
    return text[:4] + "*" * (len(text) - 8) + text[-4:]


def mask_phone(number: str) -> str:
    """``13812345678`` becomes ``138****5678``; a fixed line keeps its area code and last two digits."""
    text = number.strip()
    digits = re.sub(r"\D", "", text)
    if digits.startswith("86") and len(digits) == 13:
        digits = digits[2:]
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[7:]}"
    if area := re.match(r"(0(?:10|2\d|[3-9]\d\d))(\d{7,8})$", digits):
        return f"{area[1]}-{'*' * (len(area[2]) - 2)}{area[2][-2:]}"
    return "*" * (len(digits) - 2) + digits[-2:] if len(digits) > 4 else "*" * len(text)


def mask_account(number: str) -> str:
    """A bank account: its last four digits only."""
    text = re.sub(r"\s", "", number)
    return "*" * len(text) if len(text) < 8 else "**** " + text[-4:]


def mask_address(address: str) -> str:
    """A home address, kept to its district or county; what follows becomes ``***``."""
    text = unicodedata.normalize("NFKC", address).strip()
    kept = match["kept"] if (match := _DISTRICT.match(text)) else ""
    return text if kept == text else kept + "***"


def mask_health(text: str) -> str:
    """What is said of a person's health: nothing of it."""
    return "*" * min(len(text), 4)


#: What is personal in a value, and how it is hidden.
BY_KIND: Mapping[str, Callable[[str], str]] = {
    "phone": mask_phone,
    "id": mask_id,
    "account": mask_account,
    "address": mask_address,
    "name": mask_name,
    "health": mask_health,
}


def mask(text: str, kind: str) -> str:
    """Hidden after its kind; of what has no known kind only the length is told, up to a dozen."""
    return BY_KIND.get(kind, lambda hidden: "*" * min(len(hidden), 12))(text)
