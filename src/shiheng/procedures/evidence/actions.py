"""Receiving evidence, handing it on, saying what it proves, taking back what was wrong; each once, each on record."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import Who
from shiheng.catalogue.lists import queries as lists
from shiheng.catalogue.violations import VIOLATIONS
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import files, kinds
from shiheng.ledger.files import Kept
from shiheng.procedures import queries as proceedings
from shiheng.procedures.evidence import chain, content, gaps, queries
from shiheng.procedures.evidence.definition import ACTS, EVENTS, KINDS, RECORDS
from shiheng.procedures.models import Allegation, Custody, Evidence, Proceeding
from shiheng.ui.wording import in_the_record

kinds.declare(
    evidence_received="收存证据",
    evidence_handed="证据移交",
    evidence_borrowed="证据借出",
    evidence_returned="证据归还",
    evidence_sealed="证据封存",
    evidence_opened="证据启封",
    evidence_copied="调取证据原件",
    evidence_exported="导出证据",
    evidence_assessed="改记证明对象",
    evidence_redacted="制作遮蔽件",
    evidence_withdrawn="撤回证据",
    evidence_alleged="记入涉嫌违法行为",
    evidence_dropped="取消涉嫌违法行为",
)
WHY_MOST = 500
TRIES = 5


@dataclass(frozen=True, slots=True)
class Item:
    """What is said of an item when it comes in."""

    kind: str
    title: str
    source: str
    taken_by: Sequence[tuple[str, str]]  # key and name of each officer
    taken_at: datetime
    place: str
    proves: str = ""
    elements: Sequence[str] = field(default_factory=tuple)
    original: bool = True
    checked: str = ""
    act: str = ""
    passage: int | None = None
    confidential: bool = False


def receive(who: Who, number: int, item: Item, kept: Kept, *, name: str, key: UUID | None = None) -> Evidence:
    """Put a kept file into a file of proceedings as evidence, with what is said of it, hashed together on record.

    Raises ``Refused`` for what law does not take and for a file that is evidence there already.
    """
    payload = {
        "file": number, "sha256": kept.sha256, "kind": item.kind, "title": item.title, "source": item.source,
        "at": item.taken_at.isoformat(), "place": item.place, "by": [key for key, _name in item.taken_by],
    }  # fmt: skip

    def do() -> dict[str, Any]:
        found = handled(who, number)
        if found.ended:
            raise Refused("evidence.ended", _("案卷已经办结，不能再收存证据。"))
        _check(found, item)
        with files.open_kept(kept.sha256) as handle:
            media = content.of_bytes(handle.read(content.HEAD)).media
        made = _placed(who, found, item, kept, ledger.shown_name(name), media)
        happen(made, who, "received", at=item.taken_at, giver=item.source[:100], taker=who.name)
        ledger.record(
            "evidence.received", subject=subject_of(made), who=who, scope=found.scope,
            facts={"number": found.number, "item": made.number, "kind": made.kind, "sha256": kept.sha256,
                   "size": kept.size, "media": media, "taken_at": item.taken_at,
                   "card": hashlib.sha256(made.card.encode()).hexdigest()},
        )  # fmt: skip
        return {"evidence": made.pk}

    result, _done = once(who, key=key, action="procedures.evidence.receive", payload=payload, do=do)
    return Evidence.objects.get(pk=result["evidence"])


def subject_of(found: Evidence) -> str:
    """What the ledger calls an item."""
    return f"evidence:{found.pk}"


def handled(who: Who, number: int) -> Proceeding:
    """A file whose evidence is in one's hands; ``Forbidden`` where one may only read it."""
    found = proceedings.find(who, number)
    if not queries.may_handle(who, found):
        raise Forbidden("evidence.post", _("您的岗位不能向这个案卷收存证据。"))
    return found


def _check(found: Proceeding, item: Item) -> None:
    if item.kind not in KINDS:
        raise Refused("evidence.sort", _("请选择证据种类。"), field="kind")
    for name, value in (("title", item.title), ("source", item.source), ("place", item.place)):
        if not value.strip():
            raise Refused("evidence.bare", _("名称、来源、取证地点都要填写。"), field=name)
    if item.taken_at > clock.now():
        raise Refused("evidence.future", _("取证时间不能晚于现在。"), field="taken_at")
    people = {key for key, _name in item.taken_by}
    if not people:
        raise Refused("evidence.nobody", _("请写明由谁取得。"), field="taken_by")
    if item.kind in RECORDS and len(people) < 2:
        told = _("%(kind)s须由两名以上工作人员制作，请写明另一人。") % {"kind": _(KINDS[item.kind])}
        raise Refused("evidence.two", told, field="other")
    if not item.original and not item.checked.strip():
        told = _("复制件须写明怎样核对：由谁提供、与原件核对无误、日期、原件存放处。")
        raise Refused("evidence.copy", told, field="checked")
    if item.act and item.act not in ACTS:
        raise Refused("evidence.act", _("没有这种执法行为。"), field="act")
    course = proceedings.course_of(found)
    if item.passage is not None and not any(said.number == item.passage for said in course.live):
        raise Refused("evidence.passage", _("案卷里没有这条办理记录，或它已经撤回。"), field="passage")
    check_elements(found, item.elements)


def check_elements(found: Proceeding, elements: Sequence[str]) -> None:
    """Raises ``Refused`` for what is no element of anything a file is about."""
    offered = {
        gaps.named(one.violation.code, element.title)
        for one in queries.alleged(found, proceedings.course_of(found))
        for element in one.violation.elements
    }
    if strange := sorted(set(elements) - offered):
        told = _("本案涉嫌的违法行为没有这些构成要件：%(names)s。") % {"names": "、".join(strange)}
        raise Refused("evidence.elements", told, field="elements")


def card_of(made: Evidence) -> dict[str, Any]:
    """What was said of an item when it came in; its hash is on record, the salt keeps it from being guessed."""
    return {
        "number": made.number, "kind": made.kind, "title": made.title, "source": made.source,
        "taken_by": [name for _key, name in made.taken_by], "taken_at": made.taken_at, "place": made.place,
        "passage": made.passage, "act": made.act, "proves": made.proves, "elements": list(made.elements),
        "original": made.original, "checked": made.checked, "sha256": made.file, "size": made.size,
        "media": made.media, "name": made.name, "by": made.by, "received_at": made.received_at,
        "salt": secrets.token_hex(16),
    }  # fmt: skip


def _placed(who: Who, found: Proceeding, item: Item, kept: Kept, name: str, media: str) -> Evidence:
    """The item under the next number; of two who come at once one counts again, of one file only the first comes in."""
    for _try in range(TRIES):
        rows = Evidence.objects.filter(proceeding=found)
        if (same := rows.filter(file=kept.sha256, withdrawn_at=None).first()) is not None:
            told = _("这个文件已经是本案卷的第 %(number)s 号证据“%(title)s”，没有重复收存。")
            raise Refused("evidence.twice", told % {"number": same.number, "title": same.title}, field="file")
        last = rows.order_by("-number").values_list("number", flat=True).first() or 0
        made = Evidence(
            proceeding=found, number=last + 1, kind=item.kind, title=item.title.strip()[:200],
            source=item.source.strip()[:200], taken_by=[list(one) for one in item.taken_by], taken_at=item.taken_at,
            place=item.place.strip()[:200], passage=item.passage, act=item.act, proves=item.proves.strip()[:500],
            elements=list(item.elements), original=item.original, checked=item.checked.strip()[:300],
            confidential=item.confidential, file=kept.sha256, size=kept.size, media=media, name=name,
            received_at=clock.now(), actor=who.key, by=who.name,
        )  # fmt: skip
        made.card = ledger.canonical(card_of(made))
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            continue
        return made
    raise Conflict("evidence.moved", _("有人正在同时收存证据，请再提交一次。"))


def happen(
    found: Evidence, who: Who, kind: str, *, at: datetime | None = None, giver: str = "", taker: str = "", why: str = ""
) -> Custody:
    """One more row of an item's custody; of two who write at once the later is told."""
    moved = Evidence.objects.filter(pk=found.pk, events=found.events).update(events=found.events + 1)
    if moved != 1:
        raise Conflict("evidence.moved", _("有人刚刚办理过这件证据。请刷新页面，看过最新情况后再办理。"))
    found.events += 1
    now = clock.now()
    return Custody.objects.create(
        evidence=found, number=found.events, kind=kind, at=at or now, entered_at=now, giver=giver[:100],
        taker=taker[:100], why=why[:WHY_MOST], actor=who.key, by=who.name,
    )  # fmt: skip


def move(
    who: Who, number: int, item: int, kind: str, *, to: str = "", why: str = "", at: datetime | None = None,
    key: UUID | None = None,
) -> Evidence:  # fmt: skip
    """Hand an item over, lend it, take it back, seal or open it: one more row that nobody changes afterwards."""
    to, why = to.strip(), why.strip()
    payload = {"file": number, "item": item, "kind": kind, "to": to, "why": why, "at": at.isoformat() if at else ""}

    def do() -> dict[str, Any]:
        handled(who, number)
        found = queries.find(who, number, item)
        rows = queries.custody_of(found)
        held = queries.standing_of(rows)
        if against := chain.objection(held, kind):
            raise Refused("custody.order", _(against), field="kind")
        if kind in {"handed", "borrowed"} and not to:
            raise Refused("custody.to", _("请写明交给谁。"), field="to")
        if not why:
            raise Refused("custody.why", _("请写明事由。"), field="why")
        if at is not None and (at > clock.now() or (rows and at < rows[-1].at)):
            raise Refused("custody.when", _("时间不能晚于现在，也不能早于上一条流转记录。"), field="at")
        taker = to if kind in {"handed", "borrowed"} else held.keeper
        giver = held.borrower if kind == "returned" else held.keeper
        row = happen(found, who, kind, at=at, giver=giver, taker=taker, why=why)
        on_record(who, found, kind, {"event": row.number, "from": giver, "to": taker, "why": why, "on": row.at})
        return {"evidence": found.pk}

    result, _done = once(who, key=key, action="procedures.evidence.move", payload=payload, do=do)
    return Evidence.objects.get(pk=result["evidence"])


def on_record(who: Who, found: Evidence, kind: str, facts: dict[str, Any]) -> None:
    """Put something that happened to an item on record, bound to the file it is by its hash."""
    ledger.record(
        f"evidence.{kind}", subject=subject_of(found), who=who, scope=found.proceeding.scope,
        facts={"number": found.proceeding.number, "item": found.number, "sha256": found.file, **facts},
    )  # fmt: skip


def copied(who: Who, number: int, item: int, *, purpose: str, key: UUID | None = None) -> Evidence:
    """Write down that somebody takes the original away, and what for, before they get it."""
    purpose = purpose.strip()
    if len(purpose) < 2:
        raise Refused("custody.why", _("请写明调取原件的用途。"), field="purpose")

    def do() -> dict[str, Any]:
        handled(who, number)
        found = queries.find(who, number, item)
        queries.check_readable(who, found)
        row = happen(found, who, "copied", taker=who.name, why=purpose)
        on_record(who, found, "copied", {"event": row.number, "to": who.name, "why": purpose})
        return {"evidence": found.pk}

    payload = {"file": number, "item": item, "purpose": purpose}
    result, _done = once(who, key=key, action="procedures.evidence.copied", payload=payload, do=do)
    return Evidence.objects.select_related("proceeding").get(pk=result["evidence"])


def assess(
    who: Who, number: int, item: int, *, elements: Sequence[str], proves: str, key: UUID | None = None
) -> Evidence:
    """Say anew what an item is to prove; what was said before stays in its custody."""
    proves = " ".join(proves.split())[:WHY_MOST]
    wanted = sorted(set(elements))

    def do() -> dict[str, Any]:
        proceeding = handled(who, number)
        found = queries.find(who, number, item)
        if found.withdrawn_at is not None:
            raise Refused("evidence.gone", _("这件证据已经撤回。"))
        check_elements(proceeding, wanted)
        before = {"elements": list(found.elements), "proves": found.proves}
        with in_the_record():
            why = _("原证明对象：%(names)s；证明内容：%(proves)s") % {
                "names": "、".join(one.partition(":")[2] for one in found.elements) or "—",
                "proves": found.proves or "—",
            }
        row = happen(found, who, "assessed", why=why)
        Evidence.objects.filter(pk=found.pk).update(elements=wanted, proves=proves)
        after = {"elements": wanted, "proves": proves}
        on_record(who, found, "assessed", {"event": row.number, "before": before, "after": after})
        return {"evidence": found.pk}

    payload = {"file": number, "item": item, "elements": wanted, "proves": proves}
    result, _done = once(who, key=key, action="procedures.evidence.assess", payload=payload, do=do)
    return Evidence.objects.get(pk=result["evidence"])


def withdraw(who: Who, number: int, item: int, *, reason: str, key: UUID | None = None) -> Evidence:
    """Mark an item as wrong; a second person does it. It stays where it is, with who withdrew it and why."""
    reason = " ".join(reason.split())
    if not reason or len(reason) > WHY_MOST:
        raise Refused("evidence.reason", _("请写明撤回的理由，最多 500 个字。"), field="reason")

    def do() -> dict[str, Any]:
        handled(who, number)
        found = queries.find(who, number, item)
        if found.actor == who.key:
            raise Refused("evidence.self", _("自己收存的证据须由另一名工作人员撤回。"))
        if found.proceeding.ended:
            raise Refused("evidence.ended", _("案卷已经办结，证据不能再撤回。"))
        happen(found, who, "withdrawn", why=reason)
        gone = {"withdrawn_at": clock.now(), "withdrawn_by": who.name, "withdrawn_why": reason}
        if Evidence.objects.filter(pk=found.pk, withdrawn_at=None).update(**gone) != 1:
            raise Conflict("evidence.gone", _("这件证据已经撤回。"))
        on_record(who, found, "withdrawn", {"reason": reason})
        return {"evidence": found.pk}

    payload = {"file": number, "item": item, "reason": reason}
    result, _done = once(who, key=key, action="procedures.evidence.withdraw", payload=payload, do=do)
    return Evidence.objects.get(pk=result["evidence"])


def allege(who: Who, number: int, violation: str, *, key: UUID | None = None) -> Allegation:
    """Put down which violation a file is about, so that its elements can be measured by."""

    def do() -> dict[str, Any]:
        found = handled(who, number)
        held = lists.one(VIOLATIONS, violation, on=found.received_on)
        rows = Allegation.objects.filter(proceeding=found, violation=violation, dropped_at=None)
        if (row := rows.first()) is None:
            row = Allegation.objects.create(proceeding=found, violation=violation, at=clock.now(), by=who.name)
            ledger.record(
                "evidence.alleged", subject=f"file:{number}", who=who, scope=found.scope,
                facts={"number": found.number, "violation": violation, "title": held.title},
            )  # fmt: skip
        return {"allegation": row.pk}

    payload = {"file": number, "violation": violation}
    result, _done = once(who, key=key, action="procedures.evidence.allege", payload=payload, do=do)
    return Allegation.objects.get(pk=result["allegation"])


def drop(who: Who, number: int, violation: str, *, key: UUID | None = None) -> None:
    """Take a violation off a file again; that it was there stays."""

    def do() -> dict[str, Any]:
        found = handled(who, number)
        rows = Allegation.objects.filter(proceeding=found, violation=violation, dropped_at=None)
        if rows.update(dropped_at=clock.now(), dropped_by=who.name) != 1:
            raise Missing("evidence.allegation", _("案卷没有记入这种违法行为，或已经取消。"))
        ledger.record(
            "evidence.dropped", subject=f"file:{number}", who=who, scope=found.scope,
            facts={"number": found.number, "violation": violation},
        )  # fmt: skip
        return {"file": number}

    once(who, key=key, action="procedures.evidence.drop", payload={"file": number, "violation": violation}, do=do)


def event_title(kind: str) -> str:
    """What a row of custody is called."""
    return EVENTS.get(kind, kind)
