"""How a subject's own words look: its status."""

from django import template
from django.utils.safestring import SafeString

from shiheng.subjects import layout
from shiheng.subjects.models import Premises, Subject
from shiheng.subjects.queries import Page
from shiheng.ui import formats

register = template.Library()


@register.simple_tag
def status_badge(status: str) -> SafeString:
    """The registration status as a word with its colour."""
    return formats.badge(Subject.STATUSES.get(status, status), layout.STATUS_TONES.get(status, "plain"))


@register.simple_tag
def source_title(page: Page, code: str) -> str:
    """What the source of a line is called."""
    return page.source_title(code)


@register.filter
def premises_kind(kind: str) -> str:
    """住所 or 经营场所."""
    return Premises.KINDS.get(kind, kind)
