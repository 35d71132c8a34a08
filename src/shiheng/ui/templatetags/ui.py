"""The components templates use: ``{% load ui %}``. Values look the same wherever they stand, for they are made here."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shiheng.ui import addresses, formats, language, pages, slots
from shiheng.ui.charts import Chart
from shiheng.ui.forms import Form
from shiheng.ui.tables import Listing
from shiheng.ui.wording import say

register = template.Library()

register.simple_tag(formats.badge, name="badge")
register.simple_tag(formats.day, name="day")
register.simple_tag(formats.moment, name="moment")
register.simple_tag(formats.money, name="money")
register.simple_tag(formats.number, name="number")
register.simple_tag(formats.code, name="code")
register.filter("day_text", formats.day_text)
register.filter("money_text", formats.money_text)
register.filter("say", say)
register.simple_tag(language.tag, name="language_tag")


@register.simple_tag(takes_context=True)
def face(context: template.Context) -> pages.Face:
    """How the person wants pages to look; the plain face where there is no request (a broken page)."""
    request: HttpRequest | None = context.get("request")
    return pages.face_of(request) if request is not None else context.get("face") or pages.Face()


@register.simple_tag
def place(name: str) -> str:
    """The address of one of the frame's own links, or nothing when nobody serves it."""
    try:
        return addresses.of(pages.PLACES[name])
    except NoReverseMatch:
        return ""


@register.simple_tag
def themes() -> list[tuple[str, str]]:
    return [(code, say(title)) for code, title in pages.THEMES.items()]


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str, key: Any = None) -> SafeString:
    """What rooms say at this place, each under its title."""
    request: HttpRequest | None = context.get("request")
    who = getattr(request, "who", None)
    return _part("ui/parts/slot.html", {"name": name, "filled": slots.fragments(name, who, key)}, request)


@register.simple_tag(takes_context=True)
def slot_fragments(context: template.Context, name: str, key: Any = None) -> list[slots.Filled]:
    """The same as a list, for a page that makes tabs of it."""
    return slots.fragments(name, getattr(context.get("request"), "who", None), key)


@register.simple_tag(takes_context=True)
def listing(context: template.Context, listing: Listing) -> SafeString:  # noqa: ARG001
    """The whole list: views, filters, toolbar, rows, pages."""
    return _part(
        "ui/parts/listing.html", {"listing": listing, "who": getattr(listing.request, "who", None)}, listing.request
    )


@register.simple_tag(takes_context=True)
def form(context: template.Context, form: Form, action: str = "", submit: str = "提交", cancel: str = "") -> SafeString:
    """The whole form, its error summary on top; ``cancel`` is where 返回 leads."""
    request: HttpRequest = context["request"]
    offered = form.offered_draft(request)
    return _part(
        "ui/parts/form.html",
        {
            "form": form,
            "action": action,
            "submit": say(submit),
            "cancel": cancel,
            "draft": offered,
            "taken": request.GET.get("_draft") == "1",
            "owner": pages.owner_of(request),
        },
        request,
    )


@register.simple_tag
def timeline(items: Iterable[Any]) -> SafeString:
    """What happened, latest first as given: mappings with moment (or day), title, and perhaps who, text, tone, href."""
    return _part("ui/parts/timeline.html", {"items": list(items)})


@register.simple_tag
def empty(text: str, action: str = "", href: str = "") -> SafeString:
    """An empty place says what would appear and how to make it."""
    return _part("ui/parts/empty.html", {"text": say(text), "action": say(action), "href": href})


@register.simple_tag
def progress(done: int, total: int, label: str = "进度") -> SafeString:
    """How far something is, in words and as a bar."""
    share = 0 if total <= 0 else min(100, done * 100 // total)
    return format_html(
        '<span class="progress"><progress value="{}" max="100" aria-label="{}">{}%</progress>'
        '<span class="progress-words">{} / {}（{}%）</span></span>',
        share,
        say(label),
        share,
        formats.number_text(done),
        formats.number_text(total),
        share,
    )


@register.simple_tag
def chart(drawn: Chart) -> SafeString:
    """A chart made by ``ui.charts`` (which escapes what it draws), its sentence above and its table behind it."""
    return _part("ui/parts/chart.html", {"chart": drawn, "svg": mark_safe(drawn.svg)})  # noqa: S308


@register.simple_tag
def definition_list(rows: Iterable[Any], columns: int = 2) -> SafeString:
    """Facts in the licence's order: ``(title, value)``, ``(title, value, source)``; None is 查无, MISSING is 未取得."""
    made = []
    for row in rows:
        title, value, *rest = row
        made.append(
            {
                "title": say(title),
                "value": value,
                "source": say(rest[0]) if rest else "",
                "nothing": value is None or value == "",
                "missing": value is formats.MISSING,
            }
        )
    return _part("ui/parts/definition_list.html", {"rows": made, "columns": columns})


@register.simple_tag
def stat(title: str, value: Any, href: str = "", tone: str = "plain", note: str = "") -> SafeString:
    """A figure that opens its rows."""
    shown = value if isinstance(value, str) else formats.number_text(value)
    return _part(
        "ui/parts/stat.html", {"title": say(title), "value": shown, "href": href, "tone": tone, "note": say(note)}
    )


@register.simple_tag
def notice(text: str, tone: str = "wait", title: str = "") -> SafeString:
    """A sentence set apart: what the reader must know before going on."""
    return _part("ui/parts/notice.html", {"text": say(text), "tone": tone, "title": say(title)})


def _part(name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
    return mark_safe(render_to_string(name, context, request=request))  # noqa: S308 - templates escape
