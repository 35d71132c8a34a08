"""Asking for a subscription, deciding on it, handing items over and taking what a receiver says in answer.

Items go out at least once under a number that never changes; a receiver's word moves how far is confirmed forward only,
and only over what was handed over. So whatever a receiver does (down, slow, twice, nonsense), it ends with one effect.
"""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import SYSTEM, May, Who
from shiheng.fusion import publish
from shiheng.jobs import queue
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds as named
from shiheng.publication.definition import SHARING, SharingRule
from shiheng.publication.exchange import content
from shiheng.publication.models import Handover, Item, Receipt, Subscription
from shiheng.publication.pushing import interests
from shiheng.subjects import changes

MOVE = "exchange.move"
PAGE_MOST = 1_000
LONGEST_ANSWER = 65_536

named.declare(
    exchange_asked="申请订阅",
    exchange_approved="批准订阅",
    exchange_refused="不予批准订阅",
    exchange_stopped="停止订阅",
    exchange_credential="发放交换凭证",
    exchange_sent="交付数据",
    exchange_taken="确认收到数据",
)


def ask(
    who: Who,
    *,
    office: Office,
    rule: str,
    kinds: Sequence[str],
    scope: str,
    way: str,
    endpoint: str = "",
    purpose: str,
    key: UUID | None,
) -> Subscription:
    """Ask that a department may take kinds of facts of a territory. Raises ``Refused`` for what no rule allows."""
    if not (who.may(May.MANAGE_EXCHANGE) or who.may(May.TAKE_EXCHANGE, office.path)):
        raise Forbidden("exchange.ask", "您的岗位不能为这个单位申请订阅。")
    declared: SharingRule = registry.find(SHARING, rule, on=clock.today())
    if not declared.serves(office.title):
        told = _("%(office)s不在共享规则“%(rule)s”的接收单位之内，请选择适用的规则。")
        raise Refused("exchange.receiver", told % {"office": office.title, "rule": declared.title}, field="rule")
    wanted = sorted(set(kinds))
    if not wanted:
        raise Refused("exchange.kinds", "请至少选择一类事项。", field="kinds")
    if beyond := [kind for kind in wanted if declared.of(kind) is None]:
        told = _("共享规则“%(rule)s”不包括：%(kinds)s。")
        raise Refused("exchange.kinds", told % {"rule": declared.title, "kinds": "、".join(beyond)}, field="kinds")
    if way not in Subscription.WAYS:
        raise Refused("exchange.way", "没有这种交换方式。", field="way")
    if way == "push":
        _check_endpoint(endpoint)
    if not Office.objects.filter(path=scope, closed_on=None).exists():
        raise Refused("exchange.scope", "没有这个管辖范围。", field="scope")
    payload = {"office": office.code, "rule": rule, "from": declared.in_force_from.isoformat(), "kinds": wanted,
               "scope": scope, "way": way, "endpoint": endpoint, "purpose": purpose}  # fmt: skip

    def do() -> dict[str, int]:
        row = Subscription.objects.create(
            code=_free_code(office),
            office=office,
            rule=rule,
            rule_from=declared.in_force_from,
            kinds=wanted,
            scope=scope,
            way=way,
            endpoint=endpoint if way == "push" else "",
            purpose=purpose,
            asked_by=who.name,
            asked_at=clock.now(),
        )
        ledger.record("exchange.asked", subject=f"exchange:{row.code}", who=who, facts=payload, scope=scope)
        return {"subscription": row.pk}

    result, _fresh = once(who, key=key, action="exchange.ask", payload=payload, do=do)
    return Subscription.objects.get(pk=result["subscription"])


def _free_code(office: Office) -> str:
    """The office's code and the next number; the unique column decides between two at once."""
    return f"{office.code.lower()}-{Subscription.objects.filter(office=office).count() + 1}"


def _check_endpoint(endpoint: str) -> None:
    """An address to push to: plain HTTP or HTTPS, with a host and without credentials in it."""
    try:
        parts = urlsplit(endpoint)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
        _port = parts.port
    except ValueError:
        good = False
    if not good:
        told = "推送地址须是 http:// 或 https:// 开头的完整地址，不含账号口令。"
        raise Refused("exchange.endpoint", told, field="endpoint")


def approve(who: Who, code: str, *, key: UUID | None) -> Subscription:
    """Let a subscription begin: with all that stands now, then with every change."""
    row = _managed(who, code)

    def do() -> dict[str, int]:
        moved = Subscription.objects.filter(pk=row.pk, state="asked").update(
            state="approved", decided_by=who.name, decided_at=clock.now(), baseline=-1, cursor=changes.last()
        )
        if moved != 1:
            raise Conflict("exchange.decided", "这个订阅已经办结，不能再批准。")
        changes.watch(row.kinds)
        facts = {"kinds": row.kinds}
        ledger.record("exchange.approved", subject=f"exchange:{code}", who=who, facts=facts, scope=row.scope)
        queue.enqueue(MOVE, key=code, code=code)
        return {"subscription": row.pk}

    # Inside the fold: a change under way is worked out anew and then sees that it is watched.
    publish.folded(lambda: void(once(who, key=key, action="exchange.approve", payload={"code": code}, do=do)))
    return Subscription.objects.get(pk=row.pk)


def void(_result: object) -> None:
    """For what asks a function without a value."""


def decline(who: Who, code: str, *, reason: str, key: UUID | None) -> Subscription:
    """Say no, with the reason the applicant reads."""
    return _end(who, code, before="asked", after="refused", kind="exchange.refused", reason=reason, key=key)


def stop(who: Who, code: str, *, reason: str, key: UUID | None) -> Subscription:
    """End a subscription: nothing more is numbered or handed over; what was stays on record."""
    return _end(who, code, before="approved", after="stopped", kind="exchange.stopped", reason=reason, key=key)


def _end(who: Who, code: str, *, before: str, after: str, kind: str, reason: str, key: UUID | None) -> Subscription:
    row = _managed(who, code)
    reason = reason.strip()
    if not reason:
        raise Refused("exchange.reason", "请写明原因。", field="reason")

    def do() -> dict[str, int]:
        moved = Subscription.objects.filter(pk=row.pk, state=before).update(
            state=after, reason=reason[:500], decided_by=who.name, decided_at=clock.now(), token=""
        )
        if moved != 1:
            raise Conflict("exchange.decided", "这个订阅的状态已经改变，请刷新页面。")
        ledger.record(kind, subject=f"exchange:{code}", who=who, facts={"reason": reason}, scope=row.scope)
        if after == "stopped":
            read = {k for kinds in Subscription.objects.filter(state="approved").values_list("kinds", flat=True)
                    for k in kinds}  # fmt: skip
            changes.unwatch(set(row.kinds) - read - interests.read_by_officers())
        return {"subscription": row.pk}

    once(who, key=key, action=kind, payload={"code": code, "reason": reason}, do=do)
    return Subscription.objects.get(pk=row.pk)


def give_token(who: Who, code: str) -> str:
    """A fresh credential for the interface, shown once; the one before it stops working at once."""
    row = _managed(who, code)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        if Subscription.objects.filter(pk=row.pk, state="approved").update(token=hash_of(token)) != 1:
            raise Conflict("exchange.not_approved", "订阅批准以后才能发放凭证。")
        ledger.record("exchange.credential", subject=f"exchange:{code}", who=who, facts={}, scope=row.scope)
    return token


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _managed(who: Who, code: str) -> Subscription:
    row = Subscription.objects.filter(code=code).first()
    if row is None or not who.may(May.MANAGE_EXCHANGE, row.scope):
        raise Missing("exchange.unknown", "没有这个订阅，或它不在您的管辖范围内。")
    return row


@dataclass(frozen=True, slots=True)
class Page:
    """A run of items as it travels."""

    lines: list[bytes]
    first: int
    last: int
    more: bool
    sha256: str

    @property
    def body(self) -> bytes:
        return content.joined(self.lines)


def hand_over(code: str, *, after: int, limit: int, way: str) -> Page:
    """The items after a number, on record as handed over. The same run again gives the same bytes and no new leaf."""
    row = _approved(code)
    found = list(Item.objects.filter(subscription=row, number__gt=after).order_by("number")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    if not found:
        return Page([], after, after, False, hashlib.sha256(b"").hexdigest())
    lines = [content.line(code, item.number, item.body) for item in found]
    first, last = found[0].number, found[-1].number
    page = Page(lines, first, last, more, hashlib.sha256(content.joined(lines)).hexdigest())
    if not Handover.objects.filter(subscription=row, way=way, first=first, last=last).exists():
        _on_record(row, page, way, Counter(item.kind for item in found))
    return page


def _on_record(row: Subscription, page: Page, way: str, counted: Counter[str]) -> None:
    facts = {"first": page.first, "last": page.last, "sha256": page.sha256, "way": way, "office": row.office.code,
             "kinds": dict(sorted(counted.items()))}  # fmt: skip
    try:
        with transaction.atomic():
            leaf = ledger.record_rows(
                "exchange.sent",
                subject=f"exchange:{row.code}",
                who=SYSTEM,
                rows=page.lines,
                facts=facts,
                scope=row.scope,
            )
            Handover.objects.create(
                subscription=row, way=way, first=page.first, last=page.last, sha256=page.sha256, leaf=leaf.pk,
                at=clock.now(),
            )  # fmt: skip
            run = Item.objects.filter(subscription=row, number__gte=page.first, number__lte=page.last, sent_on=None)
            run.update(sent_on=clock.today())
            Subscription.objects.filter(pk=row.pk, sent__lt=page.last).update(sent=page.last)
    except IntegrityError:
        return  # somebody else handed over the same run at this moment: theirs is on record


def _approved(code: str) -> Subscription:
    row = Subscription.objects.filter(code=code).select_related("office").first()
    if row is None:
        raise Missing("exchange.unknown", _("没有编号为 %(code)s 的订阅。") % {"code": code})
    if row.state != "approved":
        raise Conflict("exchange.not_approved", _("订阅 %(code)s 未在生效中，不交付数据。") % {"code": code})
    return row


def receive(code: str, answer: bytes | str, *, way: str, who: Who = SYSTEM) -> Receipt:
    """Take what a receiver says: JSON ``{"upto": number}``. Whatever it is goes on record; only sense has an effect."""
    row = _approved(code)
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    upto = _upto(text)
    with transaction.atomic():
        state = _confirm(row, upto, who)
        return Receipt.objects.create(
            subscription=row, way=way, upto=upto, state=state, text=_printable(text)[:300], at=clock.now()
        )


def _confirm(row: Subscription, upto: int | None, who: Who) -> str:
    if upto is None:
        return "bad"
    if upto > Subscription.objects.values_list("sent", flat=True).get(pk=row.pk):
        return "ahead"
    if Subscription.objects.filter(pk=row.pk, taken__lt=upto).update(taken=upto) != 1:
        return "again"
    run = Item.objects.filter(subscription=row, number__lte=upto, taken_on=None)
    count = run.update(taken_on=clock.today())
    facts = {"upto": upto, "items": count, "office": row.office.code}
    ledger.record("exchange.taken", subject=f"exchange:{row.code}", who=who, facts=facts, scope=row.scope)
    return "taken"


def _upto(text: str) -> int | None:
    """The number a receiver confirms to, or nothing where it is no such thing."""
    if len(text) > LONGEST_ANSWER:
        return None
    try:
        said: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    number = said.get("upto") if isinstance(said, dict) else None
    good = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**63
    return number if good else None


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text[:300])


def failed(code: str, fault: str, *, until: datetime) -> None:
    """A receiver could not be reached or made no sense: try again later, longer each time."""
    Subscription.objects.filter(code=code).update(failures=F("failures") + 1, fault=fault[:300], next_at=until)


def reached(code: str) -> None:
    """The receiver answered sensibly."""
    Subscription.objects.filter(code=code).update(failures=0, fault="", next_at=None)
