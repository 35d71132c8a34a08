"""How a subject's own words look: its status, its capital, why a value was taken."""

import re
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shiheng.subjects import layout
from shiheng.subjects.models import Premises, Subject
from shiheng.subjects.queries import Page
from shiheng.ui import formats, slots
from shiheng.ui.wording import say

register = template.Library()

FIGURE = re.compile(r"\d[\d-]*")
AMOUNT = re.compile(r"([\d,.]+) 万(\D+)|([\d,.]+) (\D+)")  # not shown: reads what layout.capital writes


@register.simple_tag
def status_badge(status: str) -> SafeString:
    """The registration status as a word with its colour."""
    return formats.badge(say(Subject.STATUSES.get(status, status)), layout.STATUS_TONES.get(status, "plain"))


@register.simple_tag(takes_context=True)
def item_links(context: template.Context, name: str, at: Any, code: str, title: str) -> SafeString:
    """What rooms above offer beside one item of a file: at which place, which item, and what it is called."""
    who = getattr(context.get("request"), "who", None)
    found = slots.fragments(name, who, (at, code, str(say(title))))
    return mark_safe("".join(f.html for f in found))  # noqa: S308 - rooms hand over escaped HTML


@register.simple_tag
def source_title(page: Page, code: str) -> str:
    """What the source of a line is called."""
    return str(say(page.source_title(code)))


@register.filter
def premises_kind(kind: str) -> str:
    """住所 or 经营场所."""
    return Premises.KINDS.get(kind, kind)


@register.filter
def reason(why: str) -> str:
    """Why a value was taken, as kept in Chinese, in the language of the page: its figures stand where ``{}`` does."""
    if "{" in why:
        return why
    return str(say(FIGURE.sub("{}", why))).format(*FIGURE.findall(why))


@register.filter
def amount(value: str) -> str:
    """A capital as ``layout.capital`` writes it; languages that do not count in 万 read the whole figure."""
    found = AMOUNT.fullmatch(value)
    if not found or (get_language() or "zh").startswith("zh"):
        return value
    in_wan, wan_unit, plain, unit = found.groups()
    if in_wan:
        return f"{formats.number_text(Decimal(in_wan.replace(',', '')) * 10_000)} {say(wan_unit)}"
    return f"{plain} {say(unit)}"
