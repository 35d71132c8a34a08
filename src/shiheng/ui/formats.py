"""How values look everywhere: one function a kind, used by tags, tables and documents, so no two pages disagree."""

from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from shiheng.kernel.clock import SHANGHAI
from shiheng.ui.wording import say

WEEKDAYS = ("（周一）", "（周二）", "（周三）", "（周四）", "（周五）", "（周六）", "（周日）")
NIL = mark_safe('<span class="nil">—</span>')
EMPTY = (None, "")  # templates pass "" for a name that is not there

# State is told by a word first; the tone only adds colour and a shape.
TONES = {"ok": "按期", "warn": "临期", "late": "逾期", "wait": "等待", "done": "已结", "plain": ""}


def day_text(value: date | datetime) -> str:
    """``2026-11-21（周六）``."""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date() if value.tzinfo else value.date()
    return f"{value:%Y-%m-%d}{say(WEEKDAYS[value.weekday()])}"


def moment_text(value: datetime) -> str:
    """``2026-11-21 14:05`` in Asia/Shanghai."""
    if value.tzinfo:
        value = value.astimezone(SHANGHAI)
    return f"{value:%Y-%m-%d %H:%M}"


def yuan(fen: int) -> Decimal:
    return Decimal(int(fen)) / 100


def money_text(fen: int) -> str:
    """``¥12,345.00`` from fen; never scientific."""
    value = yuan(fen)
    return f"-¥{-value:,.2f}" if value < 0 else f"¥{value:,.2f}"


def number_text(value: float | Decimal) -> str:
    """Thousands set apart, never scientific, no needless zeros."""
    if isinstance(value, int):
        return f"{value:,}"
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(value: date | datetime | None) -> SafeString:
    if value in EMPTY:
        return NIL
    text = day_text(value)
    on = escape(text[:10])
    return SafeString(f'<time class="day" datetime="{on}">{on}<span class="weekday">{escape(text[10:])}</span></time>')


def moment(value: datetime | None) -> SafeString:
    if value in EMPTY:
        return NIL
    local = value.astimezone(SHANGHAI) if value.tzinfo else value
    return SafeString(f'<time class="moment" datetime="{local.isoformat()}">{escape(moment_text(value))}</time>')


def money(fen: int | None) -> SafeString:
    return NIL if fen in EMPTY else SafeString(f'<span class="money">{escape(money_text(fen))}</span>')


def number(value: float | Decimal | None) -> SafeString:
    return NIL if value in EMPTY else SafeString(f'<span class="number">{escape(number_text(value))}</span>')


def code(value: Any) -> SafeString:
    return NIL if value in EMPTY else SafeString(f'<code class="code">{conditional_escape(value)}</code>')


def badge(value: Any, tone: str = "plain") -> SafeString:
    if value in EMPTY:
        return NIL
    if tone not in TONES:
        raise ValueError(f"no tone {tone!r}; there are {', '.join(TONES)}")
    return SafeString(f'<span class="badge badge-{tone}">{conditional_escape(say(value))}</span>')


def text(value: Any) -> SafeString:
    if type(value) is str and value:  # plain words, as in nearly every cell
        return SafeString(escape(value))
    return NIL if value in EMPTY else conditional_escape(value)


def link(value: Any, href: str | None) -> SafeString:
    return text(value) if not href else SafeString(f'<a href="{escape(href)}">{conditional_escape(value)}</a>')


class _Missing:
    """未取得: the source was asked and failed. Never shown as zero, never as 查无."""

    def __repr__(self) -> str:
        return "未取得"


MISSING = _Missing()
