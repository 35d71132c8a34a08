"""Keeping what files say in registers, and counting what lies in a store against what the books say of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import SYSTEM, May, Who
from shiheng.catalogue.queries import calendar
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures import queries as files
from shiheng.procedures.contents import all_on
from shiheng.procedures.course import Course
from shiheng.procedures.flowing import queries
from shiheng.procedures.flowing.definition import Flow, Known
from shiheng.procedures.models import Flowed, Goods, Party, Proceeding, Stocktake
from shiheng.registers import keeping
from shiheng.registers.models import Entry

LATER = "补记以前的财物"  # not shown: the reason of the entry
kinds.declare(goods_counted="盘点涉案财物", goods_reviewed="审核盘点结果")


def bring(who: Who, found: Proceeding, course: Course, why: str) -> None:
    """Let every register a file writes to say what the file says now; in the transaction that moved the file."""
    flows: Sequence[Flow] = course.procedure.flows
    if not flows:
        return
    held = {(row.register, row.party): row for row in Flowed.objects.filter(proceeding=found).select_related("entry")}
    names = {row.number: row for row in Party.objects.filter(proceeding=found)}
    due: dict[int, dict[str, Any]] = {}
    for one in course.clocks(calendar()):
        if one.running:
            due.setdefault(one.party or 0, {})[one.limit.code] = one.receipt.due_day
    for flow in flows:
        for number in _parties(flow, course, held):
            row = names.get(number)
            known = Known(found.number, row.name if row else found.title, row.subject_id if row else found.subject_id,
                          due.get(number, {}))  # fmt: skip
            _bring(who, found, course, flow, number, known, held.get((flow.register, number)), why)


def bring_missing() -> int:
    """Count the goods of files that held them before goods were counted; how many files. Safe to run again."""
    done = 0
    for procedure in all_on(clock.today()):
        counted = {flow.kind for flow in procedure.flows if flow.stock}
        rows = Proceeding.objects.filter(procedure=procedure.code, goods=None).filter(
            Exists(Party.objects.filter(proceeding=OuterRef("pk"), kind__in=counted, gone=False))
        )
        for found in rows.order_by("pk") if counted else ():
            with transaction.atomic():
                bring(SYSTEM, found, files.course_of(found), LATER)
            done += 1
    return done


def _parties(flow: Flow, course: Course, held: Mapping[tuple[str, int], Flowed]) -> list[int]:
    """The parties a flow is about, with those it has entries of and which are gone."""
    if not flow.kind:
        return [0]
    kinds_of = {party.number: party.kind for party in course.parties}
    known = {number for register, number in held if register == flow.register and kinds_of.get(number) == flow.kind}
    return sorted({*course.of_kind(flow.kind), *known})


def _bring(
    who: Who, found: Proceeding, course: Course, flow: Flow, number: int, known: Known, before: Flowed | None,
    why: str,
) -> None:  # fmt: skip
    there = not flow.kind or number in course.of_kind(flow.kind)
    wanted = flow.entry(course, number, known) if there else None
    entry = before.entry if before else None
    how: dict[str, Any] = {"day": clock.today(), "scope": found.scope, "source": found.number, "why": why}
    if wanted is None:
        if entry and entry.state != flow.gone:
            keeping.stop(who, flow.register, entry, flow.gone, **how)
        Goods.objects.filter(proceeding=found, party=number).delete() if flow.stock else None
        return
    made = keeping.keep(
        who, flow.register, wanted.facts, state=wanted.state, entry=entry, subject=wanted.subject, since=wanted.since,
        until=wanted.until, **how,
    )  # fmt: skip
    if made is not None and before is None:
        Flowed.objects.create(proceeding=found, register=flow.register, party=number, entry=made)
    if flow.stock and (entry := made or entry):
        _count(found, course, flow, number, known, entry)


def _count(found: Proceeding, course: Course, flow: Flow, number: int, known: Known, entry: Entry) -> None:
    stock = flow.stock(course, number, known) if flow.stock else None
    if stock is None:
        return
    Goods.objects.update_or_create(
        proceeding=found, party=number,
        defaults={
            "kind": flow.kind, "entry": entry, "scope": found.scope, "thing": stock.thing[:200],
            "unit": stock.unit[:20], "place": stock.place[:200], "count": stock.count, "held": stock.held,
            "released": stock.released, "confiscated": stock.confiscated, "gone": stock.gone, "handed": stock.handed,
            "value": stock.value, "due": stock.due,
        },
    )  # fmt: skip


def take_stock(
    who: Who, place: str, found: Mapping[int, int], *, other: str, why: Mapping[int, str] | None = None,
    key: UUID | None = None,
) -> Stocktake:  # fmt: skip
    """Put down what was counted in one place, thing by thing; every thing the books say lies there must be counted."""
    why = why or {}

    def do() -> dict[str, Any]:
        rows = [row for row in queries.lying_at(who, place) if who.may(May.HANDLE_FILES, row.scope)]
        if not rows:
            raise Refused("stock.nothing", _("账上没有存放在这里的财物。"))
        if missing := [row.thing for row in rows if row.pk not in found]:
            raise Refused("stock.missing", _("还有没有清点的：%(things)s。") % {"things": "、".join(missing[:5])})
        if not other.strip() or other.strip() == who.name:
            raise Refused("stock.two", _("盘点须有两人，请写明另一名盘点人。"), field="other")
        lines: list[dict[str, Any]] = [
            {"goods": row.pk, "thing": row.thing, "unit": row.unit, "file": row.proceeding.number,
             "proceeding": row.proceeding_id, "booked": row.held + row.confiscated, "found": found[row.pk],
             "why": why.get(row.pk, "").strip()[:300]}
            for row in rows
        ]  # fmt: skip
        wrong = [line for line in lines if line["booked"] != line["found"]]
        if any(line["found"] < 0 for line in lines):
            raise Refused("stock.number", _("实点数量不能小于零。"))
        made = Stocktake.objects.create(
            scope=_common([row.scope for row in rows]), place=place, at=clock.now(), actor=who.key, by=who.name,
            other=other.strip()[:100], lines=lines, differences=len(wrong),
        )  # fmt: skip
        ledger.record(
            "goods.counted", subject=f"stocktake:{made.pk}", who=who, scope=made.scope,
            facts={"place": place, "things": len(lines), "differences": len(wrong),
                   "lines": [[line["goods"], line["booked"], line["found"]] for line in lines]},
        )  # fmt: skip
        return {"stocktake": made.pk}

    payload = {"place": place, "found": {str(pk): n for pk, n in sorted(found.items())}, "other": other}
    result, _done = once(who, key=key, action="procedures.stocktake", payload=payload, do=do)
    return Stocktake.objects.get(pk=result["stocktake"])


def review_stock(who: Who, number: int, view: str, *, key: UUID | None = None) -> Stocktake:
    """Say what is done about a stocktaking: by another than who counted, who may assign files there."""
    view = " ".join(view.split())[:500]

    def do() -> dict[str, Any]:
        held = queries.stocktake(who, number)
        if not who.may(May.ASSIGN_FILES, held.scope):
            raise Forbidden("stock.post", _("您的岗位不能审核盘点结果，请交科长或者负责人。"))
        if held.actor == who.key:
            raise Refused("stock.self", _("自己盘点的须由另一人审核。"))
        if held.differences and not view:
            raise Refused("stock.view", _("账物不符的，请写明查明的原因和处理意见。"), field="view")
        done = {"closed_at": clock.now(), "closed_by": who.name, "view": view}
        if Stocktake.objects.filter(pk=number, closed_at=None).update(**done) != 1:
            raise Conflict("stock.closed", _("这次盘点已经审核。"))
        ledger.record(
            "goods.reviewed", subject=f"stocktake:{number}", who=who, scope=held.scope,
            facts={"place": held.place, "differences": held.differences, "view": view},
        )  # fmt: skip
        return {"stocktake": number}

    once(who, key=key, action="procedures.stocktake.review", payload={"stocktake": number, "view": view}, do=do)
    return Stocktake.objects.get(pk=number)


def _common(scopes: Sequence[str]) -> str:
    """The territory that holds all of them."""
    shared = min(scopes)
    while not all(scope.startswith(shared) for scope in scopes):
        shared = shared[: shared[:-1].rfind(".") + 1]
    return shared
