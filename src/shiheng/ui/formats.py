"""How values look everywhere: one function a kind, used by tags, tables and documents, so no two pages disagree."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
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
    return format_html(
        '<time class="day" datetime="{}">{}<span class="weekday">{}</span></time>', text[:10], text[:10], text[10:]
    )


def moment(value: datetime | None) -> SafeString:
    if value in EMPTY:
        return NIL
    local = value.astimezone(SHANGHAI) if value.tzinfo else value
    return format_html('<time class="moment" datetime="{}">{}</time>', local.isoformat(), moment_text(value))


def money(fen: int | None) -> SafeString:
    return NIL if fen in EMPTY else format_html('<span class="money">{}</span>', money_text(fen))


def number(value: float | Decimal | None) -> SafeString:
    return NIL if value in EMPTY else format_html('<span class="number">{}</span>', number_text(value))


def code(value: Any) -> SafeString:
    return NIL if value in EMPTY else format_html('<code class="code">{}</code>', value)


def badge(value: Any, tone: str = "plain") -> SafeString:
    if value in EMPTY:
        return NIL
    if tone not in TONES:
        raise ValueError(f"no tone {tone!r}; there are {', '.join(TONES)}")
    return format_html('<span class="badge badge-{}">{}</span>', tone, say(value))


def text(value: Any) -> SafeString:
    return NIL if value in EMPTY else format_html("{}", value)


def link(value: Any, href: str | None) -> SafeString:
    return text(value) if not href else format_html('<a href="{}">{}</a>', href, value)


class _Missing:
    """未取得: the source was asked and failed. Never shown as zero, never as 查无."""

    def __repr__(self) -> str:
        return "未取得"


MISSING = _Missing()
