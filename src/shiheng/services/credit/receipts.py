"""Where a change of a line has arrived: the public page and list, the evidence log, each department that takes it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shiheng.kernel import clock
from shiheng.ledger import queries as ledger
from shiheng.procedures.recording import REFERENCE, file_of
from shiheng.publication.models import Delivery, Item
from shiheng.publication.notices import sending
from shiheng.services.credit.queries import stands
from shiheng.subjects.models import Record
from shiheng.ui import slots
from shiheng.ui.wording import say

SLOT = "credit.receipts"
slots.declare(SLOT, "公示信息到达各接收方的情况")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One place a line was sent to, and how far the last change has come there."""

    place: str
    told: str
    day: date | None
    tone: str


def arrivals(record: Record) -> list[Arrival]:
    """Our own page first, then the seal of its file, then each department with its receipt."""
    today = clock.today()
    on = stands(record, today)
    found = [
        Arrival(
            str(_("信用门户和公示名单")), str(_("显示中") if on else _("不再显示")),
            record.day if on else _changed(record), "warn" if on else "ok",
        )
    ]  # fmt: skip
    number = file_of(record.reference)
    leaf = ledger.history(f"{REFERENCE}{number}").last() if number else None
    if leaf is not None:
        found.append(Arrival(str(_("存证")), str(_("第 %(leaf)s 条") % {"leaf": leaf.pk}), None, "ok"))
    return [*found, *_platforms(record), *_departments(record)]


def _changed(record: Record) -> date | None:
    return record.until or record.gone_on or record.day


def _platforms(record: Record) -> list[Arrival]:
    """What each platform that shows our notices said last: of the notice, or of its taking down."""
    rows = Delivery.objects.filter(
        notice__source=record.source, notice__key=record.key, notice__subject=record.subject_id
    )
    titles = {one.code: one.title for one in sending.every()}
    latest = {row.receiver: row for row in rows.order_by("pk")}
    found = []
    for code, row in sorted(latest.items()):
        what = {"what": say(Delivery.ACTIONS[row.action]), "state": say(Delivery.STATES[row.state])}
        told, at = _("“%(what)s”%(state)s") % what, row.told_at or row.sent_at
        tone = {"taken": "ok", "refused": "late"}.get(row.state, "wait")
        day = at.astimezone(clock.SHANGHAI).date() if at else None
        found.append(Arrival(str(say(titles.get(code, code))), str(told), day, tone))
    return found


def _departments(record: Record) -> list[Arrival]:
    """The latest item of this line in each subscription: sent and taken, or on its way."""
    rows = Item.objects.filter(
        subject=record.subject_id, kind=record.kind, key=f"{record.source}:{record.key}",
        subscription__state__in=("approved", "stopped"),
    ).select_related("subscription__office").order_by("subscription", "-number")  # fmt: skip
    found, seen = [], set()
    for row in rows:
        if row.subscription_id in seen:
            continue
        seen.add(row.subscription_id)
        what = Item.ACTIONS[row.action]
        if row.taken_on:
            told, tone, day = _("“%(what)s”已收到，有回执"), "ok", row.taken_on
        elif row.sent_on:
            told, tone, day = _("“%(what)s”已送出，等待回执"), "wait", row.sent_on
        else:
            told, tone, day = _("“%(what)s”待送出"), "wait", None
        found.append(Arrival(row.subscription.office.title, str(told % {"what": what}), day, tone))
    return found
