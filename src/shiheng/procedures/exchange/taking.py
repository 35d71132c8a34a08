"""Taking a platform's file in: every row becomes a file of ours, is known already, or waits with its reason."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import Who
from shiheng.catalogue.queries import calendar
from shiheng.jobs import queue
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Conflict, Forbidden, Problem, Refused
from shiheng.kernel.periods import Days, due
from shiheng.ledger import actions as ledger
from shiheng.ledger import files as kept
from shiheng.ledger import keyring, kinds
from shiheng.procedures import actions
from shiheng.procedures.contents import CONTACT
from shiheng.procedures.exchange import queries, reading
from shiheng.procedures.exchange.definition import Kind, Platform
from shiheng.procedures.exchange.models import Order, PlatformFile
from shiheng.procedures.exchange.queries import Match
from shiheng.procedures.exchange.reading import Fault, Row
from shiheng.procedures.models import Proceeding
from shiheng.registers.contents import claim_keys
from shiheng.ui.grids import plain, rows
from shiheng.ui.wording import in_the_record

kinds.declare(
    order_file="收下来件文件",
    order_mended="补正来件",
    order_dropped="不予收下来件",
    order_opened="来件登记成案卷",
    order_read="下载来往文件",
)
LARGEST = 20 * 1024 * 1024
AT_ONCE = 200
"""A file with no more rows becomes files of ours while the page waits; of a longer one a job makes them."""
JOB = "procedures.orders"
ROSTER = ("number", "status")
"""What a platform's list must say of each matter."""


def take(
    who: Who, code: str, content: bytes, filename: str, *, kind: str = "orders", day: date | None = None,
    scope: str = "", key: UUID | None = None,
) -> tuple[PlatformFile, bool]:  # fmt: skip
    """Keep a platform's file and take its rows in; gives it and whether it is new.

    The same file again gives the first one and opens nothing. ``scope`` is the office whose intake it is, where nobody
    who stands at one takes it in. Raises ``Refused`` where it is no such file.
    """
    scope = scope if who.kind == "system" else _intake(who)
    if not Office.objects.filter(path=scope, closed_on=None).exists():
        raise Refused("order.scope", _("没有这个接收机构：%(scope)s。") % {"scope": scope or "—"})
    platform = queries.platform_of(code)
    if len(content) > LARGEST:
        raise Refused("order.size", _("文件超过 20 MB，请分成几份再上传。"), field="file")
    digest = hashlib.sha256(content).hexdigest()
    held = PlatformFile.objects.filter(platform=code, kind=kind, scope=scope, digest=digest).first()
    if held is not None:
        open_waiting(who, held)
        return held, False
    grid = _grid(platform, content, filename, ROSTER if kind == "roster" else ())
    kept.keep(content, sealed=True)

    def do() -> dict[str, Any]:
        row = PlatformFile.objects.create(
            platform=code, version=platform.in_force_from, kind=kind, scope=scope, name=filename[:200], digest=digest,
            rows=len(grid), day=day or clock.today(), at=clock.now(), by=who.name,
        )  # fmt: skip
        found = [reading.read(platform, line, cells, today=clock.today()) for line, cells in grid]
        known = _take_rows(row, platform, found) if kind == "orders" else []
        days = [one.values["received"] for one in found if one.values.get("received")]
        row.known, row.said = known, {one.number: _said(one) for one in found if one.number}
        row.first, row.last = min(days, default=None), max(days, default=None)
        row.save(update_fields=["known", "said", "first", "last"])
        facts = {"platform": code, "kind": kind, "digest": digest, "rows": len(grid), "known": len(known)}
        ledger.record("order.file", subject=f"platform_file:{row.pk}", who=who, scope=scope, facts=facts)
        if len(grid) > AT_ONCE:
            queue.enqueue(JOB, key=f"{JOB}:{row.pk}", file=row.pk)
        return {"file": row.pk}

    payload = {"platform": code, "kind": kind, "digest": digest}
    result, fresh = once(who, key=key, action="orders.take", payload=payload, do=do)
    made = PlatformFile.objects.get(pk=result["file"])
    if len(grid) <= AT_ONCE:
        open_waiting(who, made)
    return made, fresh


def _intake(who: Who) -> str:
    scope = queries.intake_scope(who)
    if not scope:
        raise Forbidden("order.post", _("您的岗位不在接收机构，不能收来件文件。请交窗口人员或者科长办理。"))
    return scope


def _said(row: Row) -> list[str]:
    received = row.values.get("received")
    return [row.cells.get("status", ""), received.isoformat() if received else ""]


def _grid(
    platform: Platform, content: bytes, filename: str, only: Sequence[str]
) -> list[tuple[int, dict[str, str]]]:  # fmt: skip
    """The rows of a file under its headings, by our names of the columns, each with its line."""
    try:
        held = list(rows(io.BytesIO(content), filename))
    except csv.Error:
        raise Refused("order.file", _("文件读不完整，请用 Excel 或 WPS 另存为 xlsx 后再上传。"), field="file") from None
    except Refused as problem:
        problem.details["field"] = "file"
        raise
    lines = [(line, row) for line, row in enumerate(held, start=1) if any(plain(cell) for cell in row)]
    if not lines:
        raise Refused("order.empty", _("文件里没有内容。"), field="file")
    at, head = lines[0]
    try:
        places = reading.heads(platform, [plain(cell) for cell in head], only=only)
    except ValueError as fault:
        told = {"line": at, "missing": str(fault), "all": "、".join(col.title for col in platform.columns)}
        raise Refused(
            "order.columns", _("第 %(line)s 行的表头缺少：%(missing)s。这个平台的列：%(all)s。") % told, field="file"
        ) from None
    if len(lines) == 1:
        raise Refused("order.empty", _("文件只有表头，没有来件。"), field="file")
    worded = {col.name for col in platform.columns if col.kind == "text"}
    return [
        (line, {name: _cell(row[place], name in worded) for place, name in places.items() if place < len(row)})
        for line, row in lines[1:]
    ]


def _cell(cell: Any, worded: bool) -> str:
    """A cell as it was typed; free words keep their own punctuation."""
    return cell.strip() if worded and isinstance(cell, str) else plain(cell)


def _take_rows(file: PlatformFile, platform: Platform, found: Sequence[Row]) -> list[list[Any]]:
    """Write every row that is new as an order; gives those known already, each with its line and number."""
    numbers = [row.number for row in found if row.number]
    held = {order.number: order for order in Order.objects.filter(platform=platform.code, number__in=numbers)}
    typed = _typed(platform, [number for number in numbers if number not in held])
    known: list[list[Any]] = []
    seen: dict[str, Row] = {}
    for row in found:
        before = held.get(row.number) if row.number else None
        if row.number in seen:
            first = seen[row.number]
            if first.cells == row.cells:
                known.append([row.line, row.number])
                continue
            number = platform.col("number")
            row.faults.append(Fault(number.title if number else "", f"和第 {first.line} 行同号而内容不同，请核对后改"))
            order = _order(file, platform, row)
            order.number = ""
            order.save(force_insert=True)
            continue
        if row.number:
            seen[row.number] = row
        if before is None:
            order = _order(file, platform, row)
            if found_typed := typed.get(row.number):
                order.state, order.proceeding, order.faults = "opened", found_typed, []
                known.append([row.line, row.number])
                order.file = None  # it came to us before this file; the file only says so
            order.save(force_insert=True)
            claim_keys(order.facts)
            continue
        known.append([row.line, row.number])
        _update(before, platform, row)
    return known


def _typed(platform: Platform, numbers: Sequence[str]) -> dict[str, Proceeding]:
    """Matters somebody entered by hand before their platform's file came, by the platform's number."""
    if not numbers:
        return {}
    rows = Proceeding.objects.filter(facts__channel=platform.channel, facts__outer_number__in=list(numbers))
    return {str(row.facts["outer_number"]): row for row in rows.order_by("-pk")}


def _order(file: PlatformFile, platform: Platform, row: Row) -> Order:
    return Order(
        file=file, line=row.line, platform=platform.code, version=platform.in_force_from, number=row.number[:80],
        scope=file.scope, at=clock.now(), **_columns(platform, row),
    )  # fmt: skip


def _columns(platform: Platform, row: Row) -> dict[str, Any]:
    """What follows from a row's cells: what is kept of it, what is wrong, by when it is to be answered."""
    day, receipt = _due(platform, row) if not row.faults else (None, {})
    return {
        "state": "quarantined" if row.faults else "read",
        "facts": _sealed(platform, row.cells),
        "faults": [{"column": fault.column, "why": fault.why} for fault in row.faults],
        "theirs": row.cells.get("status", "")[:60],
        "received_on": row.values.get("received"),
        "due": day,
        "receipt": receipt,
    }


def _update(order: Order, platform: Platform, row: Row) -> None:
    """What a later file says of an order we know: its state with them; a mended row takes the place of a bad one."""
    order.theirs = row.cells.get("status", "")[:60]
    if order.state == "quarantined" and not row.faults:
        for name, value in _columns(platform, row).items():
            setattr(order, name, value)
    order.save()


def _sealed(platform: Platform, cells: Mapping[str, str]) -> dict[str, str]:
    key = keyring.current()
    held = {name: text for name, text in cells.items() if text}
    for col in platform.columns:
        if col.personal and col.name in held:
            held[col.name] = sealing.seal(held[col.name], key, col.personal)
    return held


def _due(platform: Platform, row: Row) -> tuple[date | None, dict[str, Any]]:
    """The day by which the platform wants its reply, and how that was reckoned."""
    rule, received = platform.clock, row.values.get("received")
    if rule is None or received is None:
        return None, {}
    named = row.values.get(rule.named) if rule.named else None
    period = Days(max((named - received).days, 1)) if named else rule.period(received)
    receipt = due(received, period, calendar=calendar(), basis=rule.basis)
    day = named or receipt.due_day
    told = {"words": receipt.sentence(), "days": [], "title": rule.title, "named": bool(named)}
    if named:
        col = platform.col(rule.named)
        with in_the_record():
            told["words"] = _("来件的“%(title)s”写明 %(day)s。") % {"title": col.title if col else "", "day": named}
    return day, told


def open_waiting(who: Who, file: PlatformFile, progress: Callable[[int, int], object] | None = None) -> int:
    """Make files of ours of the orders that wait for it; how many. Begun anew it goes on where it stopped."""
    platform = queries.version_of(file.platform, file.version)
    waiting = list(Order.objects.filter(platform=file.platform, scope=file.scope, state="read").order_by("pk"))
    rows_of = {order.pk: _row(platform, order) for order in waiting}
    matches = queries.match((row.cells.get("code", ""), row.cells.get("trader", "")) for row in rows_of.values())
    opened = 0
    for done, (order, found) in enumerate(zip(waiting, matches, strict=True), start=1):
        opened += _open(who, platform, order, rows_of[order.pk], found)
        if progress:
            progress(done, len(waiting))
    return opened


def _row(platform: Platform, order: Order) -> Row:
    cells = {name: keyring.unsealed(text) for name, text in order.facts.items()}
    return reading.read(platform, order.line, cells, today=clock.today())


def _open(who: Who, platform: Platform, order: Order, row: Row, match: Match) -> int:
    """One order made into its file or files, all or nothing; what a procedure refuses is put aside with its reason."""
    try:
        with transaction.atomic():
            made = [_file(who, platform, order, row, kind, match) for kind in row.kinds]
            second = made[1] if len(made) > 1 else None
            moved = Order.objects.filter(pk=order.pk, state="read").update(
                state="opened", proceeding=made[0], twin=second, matched_by=match.by
            )
            if moved != 1:
                raise Conflict("order.moved", _("这件来件刚刚已经登记。"))
            if second:
                actions.link(who, made[0].pk, second.pk, "twin")
            for one in made:
                actions.settle_anew(one)
            ledger.record(
                "order.opened", subject=f"order:{order.pk}", who=who, scope=order.scope,
                facts={"platform": order.platform, "number": order.number, "files": [one.number for one in made]},
            )  # fmt: skip
    except Conflict:
        return 0
    except Problem as problem:
        why = {"column": "", "why": problem.message}
        Order.objects.filter(pk=order.pk, state="read").update(state="quarantined", faults=[why])
        return 0
    return 1


def _file(who: Who, platform: Platform, order: Order, row: Row, kind: Kind, match: Match) -> Proceeding:
    firm = match.subject
    standing = []
    name = str(row.values.get("name", ""))
    if name:
        contact = {fact: str(row.values.get(column, "")) for fact, column in _contact(platform).items()}
        standing.append(actions.Standing(kind.person, name, contact))
    trader = firm.name if firm else str(row.values.get("trader", ""))
    if kind.against and trader:
        told = {} if firm else {"address": str(row.values.get("trader_address", ""))}
        standing.append(actions.Standing(kind.against, trader, told, firm.pk if firm else None))
    facts = reading.facts_of(kind, row)
    return actions.open_file(
        who, kind.procedure, facts, parties=standing, subject=firm.pk if firm and kind.against else None,
        day=row.values.get("received"), scope=order.scope, key=uuid5(NAMESPACE_URL, f"order:{order.pk}:{kind.code}"),
    )  # fmt: skip


def _contact(platform: Platform) -> dict[str, str]:
    """Which column says how a person is reached."""
    return {fact: fact for fact in CONTACT if platform.col(fact)}


def mend(who: Who, number: int, cells: Mapping[str, str], *, reason: str, key: UUID | None = None) -> Order:
    """Put a row right and take it; refused, all that is still wrong is told, and nothing is changed."""
    order = queries.find_order(who, number)
    _check_intake(who, order)
    platform = queries.version_of(order.platform, order.version)
    row = reading.read(platform, order.line, cells, today=clock.today())
    _check_free(order, platform, row)
    if row.faults:
        raise Refused("order.faults", "；".join(f"{fault.column}：{fault.why}" for fault in row.faults) + "。")

    def do() -> dict[str, Any]:
        moved = Order.objects.filter(pk=order.pk, state="quarantined").update(
            number=row.number[:80], **_columns(platform, row)
        )
        if moved != 1:
            raise Conflict("order.moved", _("这件来件已经处理过了。请刷新页面。"))
        order.refresh_from_db()
        claim_keys(order.facts)
        ledger.record(
            "order.mended", subject=f"order:{order.pk}", who=who, scope=order.scope,
            facts={"platform": order.platform, "number": row.number, "reason": reason[:300]},
        )  # fmt: skip
        (match,) = queries.match([(row.cells.get("code", ""), row.cells.get("trader", ""))])
        _open(who, platform, order, row, match)
        order.refresh_from_db()
        if order.state != "opened":
            raise Refused("order.faults", "；".join(str(fault["why"]) for fault in order.faults))
        return {"order": order.pk}

    payload = {"order": number, "cells": hashlib.sha256(repr(sorted(cells.items())).encode()).hexdigest()}
    once(who, key=key, action="orders.mend", payload=payload, do=do)
    return Order.objects.get(pk=number)


def _check_free(order: Order, platform: Platform, row: Row) -> None:
    """A platform's number is one matter only."""
    if not row.number or row.faults:
        return
    if Order.objects.filter(platform=platform.code, number=row.number).exclude(pk=order.pk).exists():
        col = platform.col("number")
        told = {"number": row.number}
        why = _("%(number)s 已经收过。是同一件的，请选“不予收下”，理由写重复。") % told
        row.faults.append(Fault(col.title if col else "", why))


def drop(who: Who, number: int, *, reason: str, key: UUID | None = None) -> Order:
    """Not take a row at all, with the reason: a duplicate, a test row."""
    order = queries.find_order(who, number)
    _check_intake(who, order)
    if not reason.strip():
        raise Refused("order.why", _("请写明为什么不予收下。"), field="reason")

    def do() -> dict[str, Any]:
        moved = Order.objects.filter(pk=order.pk, state="quarantined").update(state="dropped", why=reason[:300])
        if moved != 1:
            raise Conflict("order.moved", _("这件来件已经处理过了。请刷新页面。"))
        ledger.record(
            "order.dropped", subject=f"order:{order.pk}", who=who, scope=order.scope,
            facts={"platform": order.platform, "number": order.number, "reason": reason[:300]},
        )  # fmt: skip
        return {"order": order.pk}

    once(who, key=key, action="orders.drop", payload={"order": number, "reason": reason}, do=do)
    return Order.objects.get(pk=number)


def _check_intake(who: Who, order: Order) -> None:
    if not queries.may_intake(who, order.scope):
        raise Forbidden("order.post", _("来件由接收机构处理，您的岗位不能改。"))


def counts(file: PlatformFile) -> dict[str, int]:
    """What became of every row: together as many as there are rows."""
    states: Iterable[str] = Order.objects.filter(file=file).values_list("state", flat=True)
    found = dict.fromkeys(("opened", "known", "quarantined", "dropped", "read"), 0)
    for state in states:
        found[state] += 1
    found["known"] = len(file.known)
    return found


def check_reader(who: Who, file: PlatformFile) -> None:
    """A platform's file holds the names and numbers of everybody in it: only intake reads it whole, and it is told."""
    if not queries.may_intake(who, file.scope):
        raise Forbidden("order.post", _("文件原样含个人信息，只有接收机构可以下载。"))
    ledger.record(
        "order.read", subject=f"platform_file:{file.pk}", who=who, scope=file.scope,
        facts={"platform": file.platform, "kind": file.kind, "digest": file.digest},
    )  # fmt: skip
