"""The gate words pass on their way to a page, and Pydantic's errors as sentences that say what to do.

Declarations keep plain Chinese words; ``say`` turns them into the language of the page at the moment they are shown.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext, override

SENTENCES = {
    "missing": "请填写这一项",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "格式不对，请核对后重新填写",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "须小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "multiple_of": "须是 {multiple_of} 的倍数",
    "int_parsing": "请填写整数",
    "int_from_float": "请填写整数",
    "int_type": "请填写整数",
    "float_parsing": "请填写数字",
    "decimal_parsing": "请填写数字",
    "decimal_max_places": "最多 {decimal_places} 位小数",
    "decimal_max_digits": "最多 {max_digits} 位数字",
    "decimal_whole_digits": "小数点前最多 {whole_digits} 位",
    "bool_parsing": "请选择是或否",
    "date_parsing": "请按 2026-11-21 的格式填写日期",
    "date_from_datetime_parsing": "请按 2026-11-21 的格式填写日期",
    "date_past": "须是今天以前的日期",
    "date_future": "须是今天以后的日期",
    "datetime_parsing": "请按 2026-11-21 14:05 的格式填写时间",
    "literal_error": "请从给出的选项中选择",
    "enum": "请从给出的选项中选择",
    "uuid_parsing": "编号格式不对",
    "url_parsing": "网址格式不对",
    "json_invalid": "不是完整的 JSON",
    "extra_forbidden": "没有这一项，请删去",
    "string_type": "请填写文字",
    "list_type": "请填写列表",
    "dict_type": "请填写对象",
}


CHINESE = "zh-hans"
WORD = 40
"""Longer texts are sentences; those with somebody's name in them are not to be remembered."""
CHARACTER = re.compile("[\u4e00-\u9fff]")  # not shown: what tells Chinese


def say(text: Any) -> Any:
    """A declared word in the language of the page; what is no word, or has no translation, stays what it is."""
    if not isinstance(text, str) or text.isascii():
        return text
    return _said(get_language(), text) if len(text) <= WORD else gettext(text)


@lru_cache(maxsize=20_000, typed=True)
def _said(language: str | None, text: str) -> str:  # noqa: ARG001 - the language is part of what is remembered
    """Remembered: a word without translation is looked for in every catalogue, and a page shows hundreds."""
    return gettext(text)


def in_the_record() -> override:
    """Words made within are Chinese whoever reads the page: ``with in_the_record():`` around what is kept."""
    return override(CHINESE)


def in_words(problem: Mapping[str, Any]) -> str:
    """One error of ``ValidationError.errors()`` as a sentence for people."""
    kind, context = str(problem["type"]), problem.get("ctx") or {}
    if kind in {"value_error", "assertion_error"}:
        said = str(context.get("error", problem["msg"]))
        return say(said if CHARACTER.search(said) else "填写的内容不符合要求")
    template = SENTENCES.get(kind)
    if template is None:
        return say("填写的内容不符合要求")
    try:
        return say(template).format_map(context)
    except KeyError:
        return say("填写的内容不符合要求")
