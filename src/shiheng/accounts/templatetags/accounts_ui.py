"""The hidden key of a one-button form: a fresh one each time the page is drawn, so a double click counts once."""

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def key_field() -> SafeString:
    return format_html('<input type="hidden" name="_key" value="{}">', uuid4())
