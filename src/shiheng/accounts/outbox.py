"""What people must be told: a row first, then its channel. Built in are the inbox and a file; others are entry points.

A channel of the group ``shiheng.channels`` is a function ``(message) -> receipt`` that raises when it cannot send;
SMS, mail and work-chat are such functions in a bureau's own package. Nobody waits for them: a job sends what waits.
"""

import json
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.models import Account, Message
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import keyring

Channel = Callable[[Message], str]
SEND = "accounts.send"
SEALED = "message"


def to_inbox(message: Message) -> str:
    """The inbox is the row itself."""
    return f"收件箱 {message.pk}"


def to_file(message: Message) -> str:
    """One JSON line a message in ``SHIHENG_HOME/outbox/<day>.jsonl``: for bureaux that send by other means."""
    now = clock.now()
    folder = settings.HOME / "outbox"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = {
        "message": message.pk,
        "at": now.isoformat(timespec="seconds"),
        "to": message.address,
        "title": message.title,
        "text": message.text,
        "link": message.link,
    }
    file = folder / f"{now.date().isoformat()}.jsonl"
    with file.open("a", encoding="utf-8") as held:
        held.write(json.dumps(line, ensure_ascii=False) + "\n")
    return f"outbox/{file.name}"


@cache
def channels() -> dict[str, Channel]:
    """Every channel by its code; a bureau's own may not take the name of a built-in one."""
    found: dict[str, Channel] = {"inbox": to_inbox, "file": to_file}
    for point in entry_points(group="shiheng.channels"):
        if point.name in found:
            raise Refused("channel.twice", _("消息渠道“%(name)s”重复，请在扩展包中改名。") % {"name": point.name})
        found[point.name] = point.load()
    return found


def tell(
    account: Account | None,
    title: str,
    text: str,
    *,
    channel: str = "inbox",
    address: str = "",
    link: str = "",
    key: UUID | None = None,
) -> Message:
    """Put a message into the outbox in the caller's transaction; the same ``key`` again gives the first one.

    The inbox is delivered by being written; every other channel is served by the worker.
    """
    if channel not in channels():
        told = {"name": channel, "names": "、".join(channels())}
        raise Refused("channel.unknown", _("没有“%(name)s”这个消息渠道。可用：%(names)s。") % told)
    now = clock.now()
    key = key or uuid4()
    try:
        with transaction.atomic():
            message = Message.objects.create(
                channel=channel, account=account, address=address or (account.phone if account else ""),
                title=title[:100], text=text, link=link, key=key, made_at=now,
            )  # fmt: skip
    except IntegrityError:
        return Message.objects.get(key=key)
    if channel == "inbox":
        Message.objects.filter(pk=message.pk).update(state="sent", sent_at=now, receipt=to_inbox(message))
        message.refresh_from_db()
    else:
        from shiheng.jobs import queue

        queue.enqueue(SEND, key=f"message:{message.pk}", message=message.pk)
    return message


def tell_secret(title: str, text: str, *, channel: str, address: str, key: UUID) -> Message:
    """Send words that may lie nowhere in the clear: sealed until they are sent, wiped after, not read in any inbox."""
    if channel not in channels() or channel == "inbox":
        told = {"name": channel, "names": "、".join(name for name in channels() if name != "inbox")}
        raise Refused("channel.unknown", _("没有“%(name)s”这个消息渠道。可用：%(names)s。") % told)
    message = tell(None, title, "", channel=channel, address=address, key=key)
    sealed = sealing.seal(text, keyring.current(), SEALED)
    Message.objects.filter(pk=message.pk, state="waiting").update(secret=sealed)
    return Message.objects.get(pk=message.pk)


def send(message_id: int) -> Message:
    """Hand one waiting message to its channel, once: taken by compare-and-set, so two workers send it one time."""
    if Message.objects.filter(pk=message_id, state="waiting").update(state="failed", receipt="发送中断") != 1:
        return Message.objects.get(pk=message_id)
    message = Message.objects.get(pk=message_id)
    if message.secret:
        message.text = keyring.unsealed(message.secret)
        Message.objects.filter(pk=message_id).update(secret="")
    try:
        receipt = channels()[message.channel](message)
    except Exception as fault:  # noqa: BLE001 - whatever a foreign channel raises is its receipt, not our crash
        Message.objects.filter(pk=message_id).update(state="failed", receipt=f"{type(fault).__name__}：{fault}"[:300])
    else:
        Message.objects.filter(pk=message_id).update(state="sent", receipt=receipt[:300], sent_at=clock.now())
    message.refresh_from_db()
    return message


def messages_of(who: Who) -> "QuerySet[Message]":
    """The inbox of the person."""
    return (
        Message.objects.filter(account_id=who.account_id, channel="inbox") if who.account_id else Message.objects.none()
    )


def unread(who: Who) -> int:
    return messages_of(who).filter(read_at__isnull=True).count()


def read(who: Who, message_id: int) -> Message:
    """Open a message: it counts as read from its first opening."""
    message = messages_of(who).filter(pk=message_id).first()
    if message is None:
        raise Missing("message.missing", "没有这条消息，或它不是发给您的。")
    if message.read_at is None:
        Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=clock.now())
        message.refresh_from_db()
    return message
