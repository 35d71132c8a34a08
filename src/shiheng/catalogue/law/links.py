"""A citation as a link to the article in force on a day; plain words where the library has nothing to show."""

from datetime import date

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from shiheng.catalogue.law import known
from shiheng.catalogue.law.models import Instrument
from shiheng.kernel import clock
from shiheng.kernel.citation import TOLD, UNCHECKED, Citation, Number, canonical, mentions, references
from shiheng.ui.wording import CHARACTER, say


def code_of(title: str) -> str | None:
    """The code of an instrument in the library: of a declared one without asking the database."""
    declared = known.of(title)
    if declared:
        return declared.code
    return Instrument.objects.filter(key=canonical(title)).values_list("code", flat=True).first()


def address(code: str, number: Number | None, on: date) -> str:
    """Where an instrument or one article of it is read, as in force on a day."""
    place = reverse("law-article", args=[code, number.token]) if number else reverse("law-instrument", args=[code])
    return f"{place}?on={on.isoformat()}"


def href(citation: Citation, on: date | None = None) -> str | None:
    """Where the first article of a citation is read."""
    code = None if citation.chosen else code_of(citation.instrument)
    if code is None:
        return None
    named = references(citation.article)
    return address(code, named[0].first if named else None, on or clock.today())


def linked(citation: Citation, on: date | None = None) -> SafeString:
    """The citation in the reader's language, the instrument and each article a link."""
    code = None if citation.chosen else code_of(citation.instrument)
    if code is None:
        return escape(citation.words(say))
    day = on or clock.today()
    instrument = _link(address(code, None, day), say(citation.instrument))
    told = escape(say(TOLD)) % {"instrument": instrument, "article": _articles(citation.article, code, day)}
    return mark_safe(told + ("" if citation.verified else escape(say(UNCHECKED))))  # noqa: S308 - escaped piece by piece


def _articles(text: str, code: str, day: date) -> SafeString:
    named = references(text)
    said = str(say(text))
    if not named:
        return escape(said)
    if said != text or not CHARACTER.search(said):  # in another language the whole is one wording
        return _link(address(code, named[0].first, day), said)
    return _piecewise(text, code, day)


def _link(target: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', target, words)


def in_text(text: str, on: date | None = None) -> SafeString:
    """Running text with the articles it names as links: of a receipt, of what a department wrote as its basis.

    Declared instruments only: a page of records must not ask the database about every title that stands in them.
    """
    day, pieces, at = on or clock.today(), "", 0
    found = list(mentions(text))
    instruments = known.declared() if found else {}
    for mention in found:
        title = mention.citation.instrument
        declared = instruments.get(canonical(title))
        if declared is None:
            continue
        code = declared.code
        start, end = mention.instrument_at
        pieces += escape(text[at:start]) + _link(address(code, None, day), title)
        at = end
        if mention.article_at >= 0:
            pieces += escape(text[end : mention.article_at]) + _piecewise(mention.citation.article, code, day)
            at = mention.end
    return mark_safe(pieces + escape(text[at:]))  # noqa: S308 - escaped piece by piece


def _piecewise(text: str, code: str, day: date) -> SafeString:
    pieces, at = "", 0
    for reference in references(text):
        pieces += escape(text[at : reference.start]) + _link(address(code, reference.first, day), reference.text)
        at = reference.end
    return mark_safe(pieces + escape(text[at:]))  # noqa: S308 - escaped piece by piece
