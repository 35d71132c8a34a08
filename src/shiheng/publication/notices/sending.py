"""Notices to the platforms that show them: as files or one by one to an address, until each is confirmed.

Every piece carries a number that never changes, so that a receiver who gets it twice has it once; whoever is silent,
slow or answers nonsense is asked again, later each time.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet

from shiheng.accounts.permissions import SYSTEM
from shiheng.kernel import clock, registry
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds as named
from shiheng.publication.definition import Layout
from shiheng.publication.exchange.sending import DeliveryError, post, put
from shiheng.publication.notices import queries
from shiheng.publication.notices.content import value
from shiheng.publication.notices.definition import RECEIVERS, Receiver, in_wan
from shiheng.publication.notices.models import Delivery, ReceiverAddress

named.declare(notice_delivered="公示信息送达平台", notice_refused="平台退回公示信息")
NOTICE_LAYOUTS = "notice_layouts"
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=6)
MOST = 500
RECEIPT = ("id", "result", "why")


def every() -> list[Receiver]:
    return list(registry.all_of(RECEIVERS, on=clock.today()))


def address(code: str) -> ReceiverAddress:
    """How a receiver is reached."""
    row, _made = ReceiverAddress.objects.get_or_create(receiver=code)
    return row


def turn(code: str, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Everything one receiver is owed now; how many pieces went out."""
    held = address(code)
    if held.way == "push":
        return push(code, held.endpoint, should_stop=should_stop)
    read_receipts(code)
    return drop(code)


def owed(code: str) -> "QuerySet[Delivery]":
    """What a receiver has not confirmed and is due to get, a taking back after what it takes back."""
    rows = Delivery.objects.filter(receiver=code, state__in=("waiting", "sent"))
    return rows.filter(Q(next_at=None) | Q(next_at__lte=clock.now())).select_related("notice__subject").order_by("pk")


def said(row: Delivery) -> dict[str, Any]:
    """One piece as it travels."""
    receiver: Receiver = registry.find(RECEIVERS, row.receiver, on=clock.today())
    about = {"id": str(row.key), "notice": row.notice_id, "action": row.action, "kind": row.notice.plan,
             "subject": row.notice.subject.uscc}  # fmt: skip
    if row.action == "withdraw":
        return {**about, "why": row.notice.why or row.term}
    shape = layout_of(receiver, row.notice.plan)
    cells = {column.name: cell(column.values, row) for column in shape.columns} if shape else {}
    plain = {name: text for name, _title, text in row.notice.content}
    return {**about, "until": row.until and row.until.isoformat(), "fields": cells or plain}


def layout_of(receiver: Receiver, plan: str) -> Layout | None:
    """The prescribed columns of a receiver for one kind of notice, where it prescribes any."""
    code = receiver.layouts.get(plan)
    found: Layout | None = registry.find(NOTICE_LAYOUTS, code, on=clock.today()) if code else None
    return found


def cell(places: Sequence[str], row: Delivery) -> str:
    """What stands in one column: the first of its places that says anything.

    Beside the places of a record: ``shown.<field>`` as it goes out, ``wan.<fact>`` in ten thousand yuan,
    ``delivery.until``, and ``=constant``.
    """
    record = queries.record_of(row.notice)
    shown = {name: text for name, _title, text in row.notice.content}
    for where in places:
        place, _dot, name = where.partition(".")
        if where.startswith("="):
            return where[1:]
        if place == "shown":
            text = shown.get(name, "")
        elif place == "wan":
            sums = [value(f"fact.{one}", record) for one in name.split("+")]
            text = in_wan(sum(int(one) for one in sums if one.lstrip("-").isdigit()))
        elif place == "delivery":
            text = row.until.isoformat() if row.until else "长期"  # not shown: a cell of the prescribed file
        else:
            text = value(where, record)
        if text:
            return text
    return ""


# -- to an address


def push(code: str, endpoint: str, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Piece by piece; at the first failure the rest waits for its next turn."""
    count = 0
    for row in list(owed(code)[:MOST]):
        if should_stop():
            break
        body = json.dumps(said(row), ensure_ascii=False, sort_keys=True).encode()
        _tried(row)
        try:
            answer = post(endpoint, body, {"Content-Type": "application/json; charset=utf-8",
                                           "Idempotency-Key": str(row.key)})  # fmt: skip
            told = _read(answer, row)
        except DeliveryError as fault:
            rest = min(FIRST_REST * 2 ** min(row.tries, 12), LONGEST_REST)
            Delivery.objects.filter(pk=row.pk).update(next_at=clock.now() + rest, told=str(fault)[:300])
            break
        count += answered(row, told["result"], told.get("why", ""))
    return count


def _read(answer: bytes, row: Delivery) -> Mapping[str, str]:
    """A receipt for this very piece; anything else is as good as silence."""
    try:
        told = json.loads(answer)
    except ValueError:
        raise DeliveryError("对方的答复不是回执") from None
    if not isinstance(told, dict) or told.get("id") != str(row.key) or told.get("result") not in {"taken", "refused"}:
        raise DeliveryError("对方的回执没有确认这一条")
    return {name: str(told.get(name) or "") for name in RECEIPT}


# -- as files


def folder(code: str) -> Path:
    """The exchange folder of a receiver: ``out`` is ours to write, ``in`` theirs."""
    return Path(settings.HOME) / "exchange" / f"notices-{code}"


def drop(code: str) -> int:
    """What is owed as one file a turn, whole or not at all; sent again until receipts come."""
    rows = list(owed(code)[:MOST])
    if not rows:
        return 0
    out = folder(code) / "out"
    out.mkdir(parents=True, exist_ok=True)
    (folder(code) / "in").mkdir(exist_ok=True)
    lines = b"".join(json.dumps(said(row), ensure_ascii=False, sort_keys=True).encode() + b"\n" for row in rows)
    put(out / f"{code}-{clock.now():%Y%m%dT%H%M%S%f}.jsonl", lines)
    for row in rows:
        _tried(row)
        rest = min(timedelta(hours=12) * 2 ** min(row.tries, 4), timedelta(days=7))
        Delivery.objects.filter(pk=row.pk).update(state="sent", next_at=clock.now() + rest)
    return len(rows)


def read_receipts(code: str) -> int:
    """Receipts put into ``in``: CSV with the columns id, result (taken, refused) and why; read once and put aside."""
    place = folder(code) / "in"
    if not place.is_dir():
        return 0
    count = 0
    for path in sorted(one for one in place.iterdir() if one.suffix == ".csv"):
        data = path.read_bytes()[:4_000_000].decode("utf-8-sig", "replace")
        for told in csv.DictReader(io.StringIO(data)):
            row = _by_key(code, str(told.get("id") or ""))
            if row is not None and told.get("result") in {"taken", "refused"}:
                count += answered(row, str(told["result"]), str(told.get("why") or ""))
        aside = place / "done"
        aside.mkdir(exist_ok=True)
        path.replace(aside / path.name)
    return count


def _by_key(code: str, text: str) -> Delivery | None:
    rows = Delivery.objects.filter(receiver=code).select_related("notice")
    try:
        return rows.filter(key=text).first()
    except (ValueError, TypeError):
        return None
    except Exception as fault:  # a malformed UUID is told differently by each field
        if type(fault).__name__ == "ValidationError":
            return None
        raise


def _tried(row: Delivery) -> None:
    Delivery.objects.filter(pk=row.pk).update(tries=F("tries") + 1, sent_at=clock.now())
    row.tries += 1


def answered(row: Delivery, result: str, why: str) -> bool:
    """What a receiver said of one piece counts once; whether it was news."""
    moved = Delivery.objects.filter(pk=row.pk, state__in=("waiting", "sent")).update(
        state=result, told=why[:300], told_at=clock.now(), next_at=None
    )
    if moved:
        ledger.record(
            "notice.delivered" if result == "taken" else "notice.refused", subject=f"notice:{row.notice_id}",
            who=SYSTEM, scope=row.notice.scope,
            facts={"receiver": row.receiver, "action": row.action, "id": str(row.key), "why": why[:300]},
        )  # fmt: skip
    return bool(moved)


# -- held against each other


def differences(code: str) -> list[tuple[str, str, str]]:
    """What our deliveries and a receiver's own list say differently: number, ours, theirs."""
    held = address(code)
    ours: dict[str, str] = {}
    for row in Delivery.objects.filter(receiver=code, state="taken").order_by("pk"):
        ours[str(row.notice_id)] = row.action
    wanted = {number for number, action in ours.items() if action == "publish"}
    theirs = {number for number, state in held.roster.items() if state == "public"}
    found = [(number, "publish", "") for number in sorted(wanted - theirs, key=int)]
    return found + [(number, ours.get(number, ""), "publish") for number in sorted(theirs - wanted)]
