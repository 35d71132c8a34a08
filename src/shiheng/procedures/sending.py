"""Sending a paper to whoever agreed to be served electronically, where the bureau has such a channel set up.

What was sent waits for its receipt: a job reads from the outbox whether it arrived, and only then it counts as served.
"""

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts import outbox
from shiheng.accounts.deeds import once
from shiheng.accounts.models import Message
from shiheng.accounts.permissions import SYSTEM, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring
from shiheng.procedures import served, serving, ways
from shiheng.procedures.models import Address, Serving
from shiheng.procedures.numbering import bureau_of
from shiheng.procedures.paper_actions import handled, paper_of
from shiheng.ui.wording import in_the_record

JOB = "procedures.receipts"
WAY, WAITING = "electronic", "waiting"


def channel_of(address: Address | None) -> str:
    """The outbox's channel for the electronic way a party agreed to; empty where none is set up."""
    pairs = (pair.partition("=") for pair in settings.SERVICE_CHANNELS.split(",") if "=" in pair)
    held = {way.strip(): code.strip() for way, _equals, code in pairs}
    code = held.get(address.channel, "") if address else ""
    return code if code in outbox.channels() and code != "inbox" else ""


def send_paper(who: Who, number: int, paper: int, *, party: int, link: str, key: UUID | None = None) -> Serving:
    """Send word of a paper, with the address where it is checked, to one party; it counts once it arrived.

    Raises ``Refused`` where the party signed no such address, or no channel for it is set up.
    """
    today = clock.today()
    way = ways.of_code(WAY, on=today)

    def do() -> dict[str, Any]:
        found = handled(who, number)
        held = paper_of(found, paper)
        before = list(held.servings.order_by("number"))
        name = serving.receiver(found, party, "")
        serving.check(found, held, way, party, name, before, today)
        address = serving.address_of(found, party)
        code = channel_of(address)
        if address is None or not code:
            told = {"channel": address.channel if address else way.title}
            raise Refused("send.channel", _("没有接通“%(channel)s”渠道。请打印文书和信封标签邮寄。") % told)
        bureau = bureau_of(found.scope)
        with in_the_record():
            text = _("%(bureau)s向您送达%(title)s（%(number)s）。查验文书：%(link)s") % {
                "bureau": bureau.title if bureau else "", "title": held.title, "number": held.number, "link": link
            }  # fmt: skip
        sent = outbox.tell(
            None, held.title, text, channel=code, address=keyring.unsealed(address.facts["electronic"]), link=link,
            key=uuid5(NAMESPACE_URL, f"paper:{held.pk}:{party}:{len(before)}"),
        )  # fmt: skip
        row = Serving.objects.create(
            paper=held, number=len(before) + 1, party=party, to=name, way=WAY, result=WAITING, day=today,
            proof={"channel": address.channel}, message=sent.pk, at=clock.now(), by=who.name, actor=who.key,
        )  # fmt: skip
        ledger.record(
            "file.served", subject=f"file:{number}", who=who, scope=found.scope,
            facts={"paper": held.number, "try": row.number, "party": party, "way": WAY, "result": WAITING,
                   "day": today.isoformat(), "message": sent.pk},
        )  # fmt: skip
        return {"serving": row.pk}

    payload = {"file": number, "paper": paper, "party": party}
    done, _fresh = once(who, key=key, action="procedures.send", payload=payload, do=do)
    return Serving.objects.get(pk=done["serving"])


def take_receipts() -> int:
    """Read from the outbox what became of papers that were sent; how many are settled by it."""
    waiting = list(Serving.objects.filter(result=WAITING).select_related("paper__proceeding"))
    messages = Message.objects.in_bulk([row.message for row in waiting if row.message])
    return sum(_settled(row, messages.get(row.message or 0)) for row in waiting)


def _settled(row: Serving, message: Message | None) -> bool:
    if message is None or message.state == "waiting":
        return False
    arrived = message.state == "sent" and message.sent_at is not None
    day = message.sent_at.astimezone(clock.SHANGHAI).date() if arrived and message.sent_at else row.day
    after = {"result": "served" if arrived else "failed", "effective_on": day if arrived else None,
             "proof": {**row.proof, "receipt": message.receipt}}  # fmt: skip
    with transaction.atomic():
        if Serving.objects.filter(pk=row.pk, result=WAITING).update(**after) != 1:
            return False
        served.settle(row.paper, list(row.paper.servings.order_by("number")))
        ledger.record(
            "file.served", subject=f"file:{row.paper.proceeding_id}", who=SYSTEM, scope=row.paper.proceeding.scope,
            facts={"paper": row.paper.number, "try": row.number, "result": after["result"], "message": message.pk},
        )  # fmt: skip
    return True
