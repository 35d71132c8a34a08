"""What the counter puts on other rooms' pages: on a file, what the public added to it."""

from dataclasses import dataclass
from uuid import uuid4

from django.template.loader import render_to_string

from shiheng.accounts.permissions import May, Who
from shiheng.procedures.contents import version_of
from shiheng.procedures.models import Proceeding
from shiheng.services import traders
from shiheng.services.credit import queries as credit
from shiheng.services.models import Addition, Rating
from shiheng.ui.slots import Fragment, fill

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One addition with its title."""

    row: Addition
    title: str


def of_file(who: Who, found: Proceeding) -> Fragment | None:
    """What was added from outside, the rating, and the way to give out a query code."""
    rows = list(Addition.objects.filter(proceeding=found).order_by("-number"))
    rating = Rating.objects.filter(proceeding=found).first() if found.ended else None
    handles = who.may(May.HANDLE_FILES, found.scope)
    kinds = version_of(found.procedure, found.version).parties
    person = handles and not found.ended and any(kind.masked for kind in kinds)
    if not rows and rating is None and not person:
        return None
    context = {
        "file": found.pk, "additions": [Line(row, Addition.KINDS[row.kind]) for row in rows], "rating": rating,
        "handles": handles, "unread": any(row.read_at is None for row in rows), "person": person, "key": uuid4(),
    }  # fmt: skip
    return Fragment(render_to_string("services/panel.html", context), count=len(rows))


def of_owner(who: Who, key: object) -> Fragment | None:  # noqa: ARG001 - the slot's shape
    """The complaints against one's own businesses, open ones first."""
    rows = list(traders.against(who)[:SHOWN])
    if not rows:
        return None
    lines = [(row, version_of(row.procedure, row.version).state(row.state)) for row in rows]
    return Fragment(render_to_string("services/own_complaints.html", {"lines": lines}), count=len(rows))


def of_credit(who: Who, key: object) -> Fragment | None:  # noqa: ARG001 - the slot's shape
    """What stands against one's own businesses in public, in one sentence each."""
    if not any(True for _one in credit.businesses(who)):
        return None
    held = credit.lines_of(who)
    now = [one for rows in held.values() for one in rows if one.stands]
    open_ = [row for row in credit.asked_by(who)[:SHOWN] if not row.ended]
    context = {"now": now[:SHOWN], "count": len(now), "open": open_, "waiting": credit.told_of(who)}
    return Fragment(render_to_string("services/credit/summary.html", context), count=len(now))


fill("enterprise.home", "credit", "我的信用", of_credit, order=5)
fill("enterprise.home", "services", "针对我的投诉", of_owner, order=10)
fill("file.panels", "services", "来自公众", of_file)
