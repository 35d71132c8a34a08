"""Citations on pages: ``{% load law %}``, then ``{{ basis|cite:day }}`` or ``{{ sentence|cite_text:day }}``."""

from datetime import date, datetime

from django import template
from django.utils.safestring import SafeString

from shiheng.catalogue.law import links
from shiheng.kernel.citation import Citation

register = template.Library()


@register.filter
def cite(citation: Citation | None, on: date | None = None) -> SafeString | str:
    """A citation as a link to the article in force on a day (today unless given)."""
    return links.linked(citation, _day(on)) if isinstance(citation, Citation) else citation or ""


@register.filter
def cite_text(text: str, on: date | None = None) -> SafeString:
    """Running text in which every article that is named leads to it as in force on a day."""
    return links.in_text(str(text), _day(on))


def _day(on: date | None) -> date | None:
    return on.date() if isinstance(on, datetime) else on if isinstance(on, date) else None
