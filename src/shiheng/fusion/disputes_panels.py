"""What disputes show elsewhere: the menu, the subject's page, the owner's page, and the desk and page of sources."""

from typing import Any
from urllib.parse import quote

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import May, Who
from shiheng.fusion import disputes
from shiheng.fusion.models import Dispute
from shiheng.ui.slots import Fragment, MenuItem, fill
from shiheng.ui.wording import say

TONES = {"open": "wait", "answered": "warn", "mended": "ok", "refused": "done"}
SHOWN = 10


def menu(who: Who, key: Any) -> tuple[MenuItem, ...]:  # noqa: ARG001 - the slot's shape
    """For officers among the data, for another department's people among their own."""
    if who.may(May.READ_SUBJECTS):
        return (MenuItem("数据", "数据异议", "disputes", 35),)
    if who.may(May.SEND_OWN):
        return (MenuItem("本单位", "数据异议", "disputes", 35),)
    return ()


def of_subject(who: Who, subject: int) -> Fragment | None:
    """What was reported about a subject, as far as this person may see it."""
    if who.account_id is None or not (who.may(May.READ_SUBJECTS) or who.may(May.OWN_BUSINESS)):
        return None
    return _lines(list(disputes.about(who, subject)[: SHOWN + 1]))


def report_link(who: Who, key: tuple[int, str, str]) -> str:  # noqa: ARG001 - who may is settled on the page
    """报错 beside one item: a field by its code, a record by where it came from."""
    subject, about, title = key
    asked = about if ":" in about else f"field:{about}"
    href = f"{reverse('dispute-new', args=[subject])}?about={quote(asked, safe=':')}"
    label = _("报告%(title)s有误") % {"title": title}
    return format_html('<a class="report-link no-print" href="{}" aria-label="{}">{}</a>', href, label, _("报错"))


def of_owner(who: Who, key: Any) -> Fragment | None:  # noqa: ARG001 - the slot's shape
    """What a business reported, on its own first page."""
    return _lines(list(disputes.own(who)[: SHOWN + 1]), named=True)


def _lines(rows: list[Dispute], *, named: bool = False) -> Fragment | None:
    if not rows:
        return None
    now = disputes.now_of(rows[:SHOWN])
    lines = [
        {
            "row": row,
            "title": say(disputes.title_of(row)),
            "state": (say(Dispute.STATES[row.state]), TONES[row.state]),
            "days": disputes.days(row),
            "now": now[row.pk],
        }
        for row in rows[:SHOWN]
    ]
    context = {"lines": lines, "more": len(rows) > SHOWN, "named": named}
    return Fragment(render_to_string("fusion/parts/disputes.html", context))


def at_desk(who: Who, key: Any) -> Fragment | None:  # noqa: ARG001 - the slot's shape
    """How many wait over all sources, and how long the oldest has."""
    return _waiting(who, "")


def at_source(who: Who, source: str) -> Fragment | None:
    """How many wait at one source."""
    return _waiting(who, source)


def _waiting(who: Who, source: str) -> Fragment | None:
    held = disputes.waiting(who, source)
    if not held.open and not held.answered:
        return None
    context = {"held": held, "href": reverse("disputes"), "source": source}
    return Fragment(render_to_string("fusion/parts/disputes_waiting.html", context))


fill("menu.items", "disputes", "数据异议", menu, order=41)
fill("subject.panels", "disputes", "数据异议", of_subject, order=95)
fill("enterprise.home", "disputes", "我提出的数据异议", of_owner, order=50)
fill("sources.desk", "disputes", "数据异议", at_desk, order=20)
fill("source.panels", "disputes", "数据异议", at_source, order=20)
fill("subject.report", "disputes", "报错", report_link)
