"""Preparing a notice, having another check it, publishing, keeping back, taking down."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import SYSTEM, May, Who
from shiheng.catalogue.queries import calendar
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.kernel.periods import due, read_as
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds as named
from shiheng.publication.notices import content, queries, terms
from shiheng.publication.notices.definition import RECEIVERS, Receiver, leaks
from shiheng.publication.notices.models import Delivery, Notice

named.declare(
    notice_prepared="整理公示信息",
    notice_returned="退回公示信息",
    notice_published="公示",
    notice_hidden="决定不予公开",
    notice_withdrawn="撤下公示信息",
)
MOST = 500


def prepare(
    who: Who, number: int, *, secret_checked: bool, strike: Sequence[str] = (), turn: int | None = None,
    key: UUID | None = None,
) -> Notice:  # fmt: skip
    """Say that a draft went through the secrecy check and hides what it must; ``strike`` are further words to hide.

    Raises ``Refused`` while it still shows what looks like a person's number, a telephone or an account.
    """
    words = sorted({" ".join(one.split()) for one in strike if one.strip()})

    def do() -> dict[str, Any]:
        found = queries.handled(who, number)
        if found.state not in {"draft", "ready"}:
            told = {"state": found.STATES[found.state]}
            raise Refused("notice.state", _("这条信息现在是“%(state)s”，不能整理。") % told)
        if not secret_checked:
            raise Refused("notice.secret", _("公示以前须先作保密审查，请勾选。"), field="secret_checked")
        plan, row = queries.plan_of(found), queries.record_of(found)
        out = content.content(plan, row, names=found.names, strike=words)
        if rest := [one for _name, _title, text in out for one in leaks(text)]:
            what = {"what": "、".join(rest[:3])}
            raise Refused("notice.leak", _("还有没有隐去的号码：%(what)s") % what, field="strike")
        _move(found, turn, state="ready", content=out, digest=content.digest(row.facts), strike=words,
              secret_checked=True, drafted_by=who.name, drafter=who.key, why="")  # fmt: skip
        _on_record("notice.prepared", who, found, struck=len(words))
        return {"notice": found.pk}

    once(who, key=key, action="notices.prepare", payload={"notice": number, "strike": words}, do=do)
    return Notice.objects.get(pk=number)


def send_back(who: Who, number: int, *, reason: str, key: UUID | None = None) -> Notice:
    """Whoever checks it finds that it is not ready."""
    reason = _reason(reason)

    def do() -> dict[str, Any]:
        found = queries.handled(who, number)
        _ready(found, who)
        _move(found, None, state="draft", why=reason)
        _on_record("notice.returned", who, found, reason=reason)
        return {"notice": found.pk}

    once(who, key=key, action="notices.send_back", payload={"notice": number, "reason": reason}, do=do)
    return Notice.objects.get(pk=number)


def publish(who: Who, number: int, *, key: UUID | None = None) -> Notice:
    """Another person than who prepared it has compared it, and it is public from now on."""

    def do() -> dict[str, Any]:
        found = queries.handled(who, number)
        _ready(found, who)
        plan, row, today = queries.plan_of(found), queries.record_of(found), clock.today()
        if content.digest(row.facts) != found.digest:
            raise Conflict("notice.moved", _("原记录在整理以后有变动，请退回重新整理。"))
        said = terms.term(plan, row.facts, today)
        if said.never:
            raise Refused("notice.never", _("依规定不公示：%(why)s") % {"why": terms.words(said)})
        _move(found, None, state="public", confirmed_by=who.name, published_on=today, until=said.until,
              term=terms.words(said)[:MOST], why="")  # fmt: skip
        for receiver in receivers(plan.receivers):
            theirs = terms.term(plan, row.facts, today, receiver=receiver)
            if not theirs.never:
                _owe(found, receiver.code, "publish", theirs.until, terms.words(theirs))
        shown = {name: text for name, _title, text in found.content}
        _on_record("notice.published", who, found, until=said.until and said.until.isoformat(), content=shown)
        return {"notice": found.pk}

    once(who, key=key, action="notices.publish", payload={"notice": number}, do=do)
    return Notice.objects.get(pk=number)


def hide(
    who: Who, number: int, *, reason: str, basis: str, until: date | None = None, key: UUID | None = None
) -> Notice:  # fmt: skip
    """Keep a notice back: with its basis, by whom, until when; how many are kept back is public."""
    reason, basis = _reason(reason), " ".join(basis.split())[:200]
    if not basis:
        raise Refused("notice.basis", _("请写明不予公开的依据。"), field="basis")
    if until is not None and until <= clock.today():
        raise Refused("notice.until", _("不公开的截止日期须在今天以后。"), field="until")

    def do() -> dict[str, Any]:
        found = queries.handled(who, number)
        if not who.may(May.ASSIGN_FILES, found.scope):
            raise Forbidden("notice.hide", _("不予公开须由负责人决定。"))
        if found.state == "withdrawn":
            raise Refused("notice.state", _("这条信息已经撤下。"))
        was = found.state
        _move(found, None, state="hidden", why=reason, basis=basis, hidden_until=until)
        if was == "public":
            _take_back(found)
        _on_record("notice.hidden", who, found, reason=reason, basis=basis, until=until and until.isoformat())
        return {"notice": found.pk}

    payload = {"notice": number, "reason": reason, "basis": basis, "until": until and until.isoformat()}
    once(who, key=key, action="notices.hide", payload=payload, do=do)
    return Notice.objects.get(pk=number)


def withdraw(
    who: Who, notice: Notice, *, reason: str, basis: str, day: date | None = None, key: UUID | None = None
) -> Notice:  # fmt: skip
    """Take a notice down before its time: its decision was undone, or a repair was granted."""
    reason = _reason(reason)

    def do() -> dict[str, Any]:
        found = queries.handled(who, notice.pk)
        if found.state != "public":
            raise Refused("notice.state", _("这条信息没有在公示。"))
        take_down(who, found, reason=reason, basis=basis, day=day)
        return {"notice": found.pk}

    payload = {"notice": notice.pk, "reason": reason, "basis": basis, "day": day and day.isoformat()}
    once(who, key=key, action="notices.withdraw", payload=payload, do=do)
    return Notice.objects.get(pk=notice.pk)


def take_down(who: Who, found: Notice, *, reason: str, basis: str, day: date | None = None) -> None:
    """The same inside another deed, or by the house."""
    was = found.state
    _move(found, None, state="withdrawn", withdrawn_on=day or clock.today(), why=reason[:MOST], basis=basis[:200])
    if was == "public":
        _take_back(found)
    _on_record("notice.withdrawn", who, found, reason=reason, basis=basis)


def end_deliveries(today: date) -> int:
    """What a receiver shows by a shorter term than ours is taken back there when that is over."""
    rows = Delivery.objects.filter(action="publish", until__lt=today, notice__state="public").select_related("notice")
    count = 0
    for row in rows.order_by("pk"):
        made = _owe(row.notice, row.receiver, "withdraw", None, row.term)
        count += made
    return count


def withdrawal_due(undone: date) -> date:
    """By when a published penalty is off every page after it was undone (公示规定 art 11: three working days)."""
    period = read_as("行政处罚程序规定", 3, "个工作日", on=undone)
    return due(undone, period, calendar=calendar()).due_day or undone


def receivers(codes: Sequence[str]) -> list[Receiver]:
    return [registry.find(RECEIVERS, code, on=clock.today()) for code in codes]


def _owe(found: Notice, receiver: str, action: str, until: date | None, why: str) -> bool:
    key = uuid5(NAMESPACE_URL, f"shiheng:notice:{found.pk}:{receiver}:{action}")
    _row, made = Delivery.objects.get_or_create(
        notice=found, receiver=receiver, action=action, defaults={"key": key, "until": until, "term": why[:MOST]}
    )
    return made


def _take_back(found: Notice) -> None:
    """What a receiver never got is not sent any more; what it got, or may have got, is taken back."""
    for row in found.deliveries.filter(action="publish"):
        if row.state == "waiting" and not row.tries:
            row.delete()
        elif row.state != "refused":
            _owe(found, row.receiver, "withdraw", None, found.why)


def _ready(found: Notice, who: Who) -> None:
    if found.state != "ready":
        raise Refused("notice.state", _("这条信息还没有整理好，或者已经处理。"))
    if who.key == found.drafter and who is not SYSTEM:
        raise Forbidden("notice.own", _("自己整理的信息须由另一人核对。"))


def _move(found: Notice, turn: int | None, **changed: Any) -> None:
    held = Notice.objects.filter(pk=found.pk, turn=found.turn if turn is None else turn)
    if held.update(turn=found.turn + 1, **changed) != 1:
        raise Conflict("notice.turn", _("有人刚刚处理过这条信息，请刷新页面后再办理。"))
    found.refresh_from_db()


def _reason(text: str) -> str:
    text = " ".join(text.split())[:MOST]
    if not text:
        raise Refused("notice.reason", _("请写明理由。"), field="reason")
    return text


def _on_record(kind: str, who: Who, found: Notice, **facts: Any) -> None:
    told = {"plan": found.plan, "number": found.number, **facts}
    ledger.record(kind, subject=f"notice:{found.pk}", who=who, scope=found.scope, facts=told)
