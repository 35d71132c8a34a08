"""What came from other platforms by today and what they were told: through the same doors as anybody, each act once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account, Office
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.city import days, orders
from shiheng.kernel import clock
from shiheng.procedures import actions
from shiheng.procedures.exchange import differing, notes, replying, taking
from shiheng.procedures.models import Order
from shiheng.subjects.models import Subject

STATES = {"pending": "待办理", "refused": "不予受理", "returned": "退回", "answered": "已办结"}


def live(today: date, told: Callable[[str], object] = lambda _words: None) -> None:
    """Take the files in, do some of what they ask, tell the hotline, and hold its list against ours."""
    clerk = who_of(Account.objects.get(username=orders.CLERK))
    rows = Subject.objects.filter(scope__startswith=days.DISTRICT, live=True, status="active").order_by("pk")
    firms = [(name, uscc or "") for name, uscc in rows.values_list("name", "uscc")[:120:5]]
    for sent in orders.files(today, firms):
        told(sent.name)
        with clock.standing_at(_moment(today - timedelta(days=sent.ago), 9)):
            taking.take(clerk, sent.platform, sent.content, sent.name, kind=sent.kind, key=_key("take", sent.name))
    _handled(clerk, today)
    _told_back(clerk, today)
    said = {
        order.number: STATES.get(order.proceeding.state, "办理中")  # not shown: the hotline's own word
        for order in Order.objects.filter(platform="12345", state="opened").select_related("proceeding")
        if order.proceeding and order.received_on and order.received_on >= today - timedelta(days=6)
    }
    roster = orders.roster(today, said)
    with clock.standing_at(_moment(today, 8)):
        taking.take(clerk, "12345", roster.content, roster.name, kind="roster", key=_key("take", roster.name))
        differing.make(clerk)


def _handled(clerk: Who, today: date) -> None:
    """Enquiries answered, some complaints refused, one given back and sent on, one shop found out."""
    refusal, back, answer = orders.DONE
    held = Order.objects.filter(platform="12345", state="opened").select_related("proceeding").order_by("pk")
    given_back = None
    with clock.standing_at(_moment(today - timedelta(days=1), 14)):
        for place, order in enumerate(held):
            file = order.proceeding
            if file is None or file.state != "pending" or file.scope != order.scope:  # sent on is no longer ours
                continue
            if file.procedure == "complaints.enquiry":
                actions.take(clerk, file.pk, "answer", answer, key=_key("answer", order.number))
            elif file.procedure == "complaints.complaint" and place % 4 == 0:
                actions.take(clerk, file.pk, "refuse", refusal, key=_key("refuse", order.number))
            elif file.procedure == "complaints.complaint" and place % 11 == 5:
                actions.take(clerk, file.pk, "return", back, key=_key("return", order.number))
                given_back = given_back or file
        station = Office.objects.filter(path__startswith=days.DISTRICT, kind="station", closed_on=None)
        if given_back and (office := station.order_by("path").first()):
            notes.send_again(clerk, given_back.pk, office.pk, reason=orders.GIVEN_BACK, key=_key("again"))
        _found(clerk)


def _found(clerk: Who) -> None:
    """A shop that was called by its sign, found in the register."""
    order = (
        Order.objects.filter(platform="12345", state="opened", matched_by="", proceeding__ended=False)
        .exclude(proceeding__procedure="complaints.enquiry")
        .order_by("pk")
        .first()
    )
    if order is None or order.proceeding is None:
        return
    party = order.proceeding.parties.filter(kind__in=("trader", "target"), subject=None).first()
    firm = Subject.objects.filter(scope__startswith=days.DISTRICT, live=True, status="active").order_by("pk").first()
    if party and firm:
        notes.settle_subject(
            clerk, order.proceeding.pk, party.number, firm.uscc or str(firm.pk), reason=orders.FOUND, key=_key("found")
        )


def _told_back(clerk: Who, today: date) -> None:
    """One file of replies, its receipts: one refused."""
    with clock.standing_at(_moment(today - timedelta(days=1), 16)):
        made = replying.send(clerk, "12345", key=_key("send"))
    numbers = list(made.replies.order_by("pk").values_list("order__number", flat=True))
    lines = [
        [one, "退回" if place == 1 else "接收", orders.REFUSED if place == 1 else ""]  # not shown: the hotline's words
        for place, one in enumerate(numbers)
    ]
    content = orders.written(orders.RECEIPTS, lines)
    with clock.standing_at(_moment(today - timedelta(days=1), 18)):
        replying.take_receipts(clerk, "12345", content, orders.RECEIPT_FILE, key=_key("receipts"))


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:orders:" + ":".join(map(str, words)))
