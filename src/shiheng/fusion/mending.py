"""What is done about refused rows: mended, not taken in, open again; one by one, or all that share a reason.

A mended row comes in as every row does: mended rows of one batch are gathered into a file, built from the rows as
received, which is landed and held against the same contract. It can be withdrawn like any batch, and rows in are
accepted and quarantined rows there too. The rows count as said where they were refused (see ``publish``).
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import SYSTEM, May, Who
from shiheng.columnar import frames
from shiheng.fusion import actions, personal, queries, settling
from shiheng.fusion.checking import OvertakenError
from shiheng.fusion.models import Batch, Mending, Quarantined
from shiheng.fusion.sheets import Sheet, Sheets, sheet_of
from shiheng.jobs import queue
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import files, keyring, kinds

ENTER = "fusion.mended"
MANY = "fusion.mend_many"
# As many are done while the page waits; more become a job.
AT_ONCE = 200
SLICE = 500
# Rows of one file of mended rows.
GATHERED = 50_000
IN_FORCE = actions.IN_FORCE
# What is sent back may still be mended here, or given up.
PENDING = ["open", "returned"]

kinds.declare(
    row_mended="修正隔离行",
    row_rejected="隔离行不予入档",
    row_reopened="隔离行恢复待处理",
    row_returned="退回隔离行",
)


def pending(who: Who) -> QuerySet[Quarantined]:
    """Rows ``who`` may do something about: of batches in force, not yet settled."""
    rows = queries.quarantine(who, May.MEND_QUARANTINE)
    return rows.filter(state__in=PENDING, batch__state__in=list(IN_FORCE))


def with_reason(rows: QuerySet[Quarantined], code: str) -> QuerySet[Quarantined]:
    """Those refused for a reason, by its code; both databases keep the code as text between quotes."""
    said = rows.alias(why=Cast("reasons", TextField()))
    return said.filter(Q(why__contains=f'"code":"{code}"') | Q(why__contains=f'"code": "{code}"'))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which refused rows a bulk step is about; what is empty does not narrow."""

    source: str = ""
    reason: str = ""
    batch: int | None = None

    def rows(self, who: Who) -> QuerySet[Quarantined]:
        """Open ones of them, in the order they were refused in."""
        found = pending(who).filter(state="open")
        if self.batch:
            found = found.filter(batch_id=self.batch)
        if self.source:
            found = found.filter(batch__source=self.source)
        if self.reason:
            found = with_reason(found, self.reason)
        return found.order_by("pk")


def accept(number: int, *, who: Who, key: UUID | None = None) -> dict[str, Any]:
    """Take the proposals for a row as they are."""
    row = _row(number, who)
    sheet = sheet_of(row.batch)

    def do() -> dict[str, Any]:
        cells = sheet.accepted(row)
        if cells is None:
            raise Refused("mending.unsure", _("这一行没有能使整行合乎契约的修复建议，请手工修正。"))
        return _mend(row, sheet, cells, who=who, why=_whys(sheet, row), proposed=True)

    return once(who, key=key, action="fusion.accept", payload={"row": number}, do=do)[0]


def mend(number: int, changes: Mapping[str, str], *, who: Who, why: str, key: UUID | None = None) -> dict[str, Any]:
    """Put other cells (title of the file → text) into a row; refused at once if the contract would refuse it again."""
    row = _row(number, who)
    sheet = sheet_of(row.batch)
    if unknown := [title for title in changes if title not in sheet.titles]:
        told = _("文件里没有“%(title)s”这一列；可用的列：%(titles)s。")
        raise Refused("mending.column", told % {"title": unknown[0], "titles": "、".join(sheet.titles)})

    def do() -> dict[str, Any]:
        cells = sheet.mended(row, changes)
        if faults := sheet.faults(row, cells):
            columns = {reason["column"]: reason["message"] for reason in reversed(faults)}
            told = _("修正后仍不合契约：%(why)s") % {"why": "".join(dict.fromkeys(f["message"] for f in faults))}
            raise Refused("mending.faulty", told, columns=columns, reasons=[f["code"] for f in faults])
        return _mend(row, sheet, cells, who=who, why=why)

    payload = {"row": number, "changes": dict(changes), "why": why}
    return once(who, key=key, action="fusion.mend", payload=payload, do=do)[0]


def reject(number: int, *, who: Who, why: str, key: UUID | None = None) -> dict[str, Any]:
    """Leave a row out for good, and say why."""
    row = _row(number, who)
    reason = _said(why)

    def do() -> dict[str, Any]:
        settle([row], "rejected", who=who, why=reason)
        return {"row": number, "state": "rejected"}

    return once(who, key=key, action="fusion.reject", payload={"row": number, "why": reason}, do=do)[0]


def reopen(number: int, *, who: Who, why: str, key: UUID | None = None) -> dict[str, Any]:
    """Take back that a row was left out or sent back. What has come in is taken back by withdrawing its batch."""
    row = queries.refused_row(_power(who), number, May.MEND_QUARANTINE)
    reason = _said(why)

    def do() -> dict[str, Any]:
        held = Mending.objects.filter(quarantined=row, kind__in=["rejected", "returned"])
        if row.state not in {"rejected", "returned"} or not settling.reopen(held, why=reason):
            raise Conflict("mending.state", _("只有不予入档或已退回的行可以恢复；已修正入档的，请撤回它所在的批次。"))
        _record("row.reopened", [row], who=who, facts={"why": reason})
        return {"row": number, "state": "open"}

    return once(who, key=key, action="fusion.reopen", payload={"row": number, "why": reason}, do=do)[0]


def many(step: str, chosen: Chosen, *, who: Who, why: str = "", key: UUID | None = None) -> dict[str, Any]:
    """Accept the proposals of, or leave out, all rows of a choice: at once when few, else as a job with progress.

    ``step`` is ``accept`` or ``reject``. Rows without a sure proposal stay open.
    """
    _power(who)
    reason = _said(why) if step == "reject" else why

    def do() -> dict[str, Any]:
        count = chosen.rows(who).count()
        if count > AT_ONCE and who.account_id is not None:
            name = f"{who.key}:{step}:{chosen.source}:{chosen.reason}:{chosen.batch or ''}"
            job = queue.enqueue(
                MANY, key=name[:200], account=who.account_id, step=step, why=reason, chosen=asdict(chosen)
            )
            return {"rows": count, "job": job.pk}
        return {"rows": count, **through(step, chosen, who=who, why=reason)}

    payload = {"step": step, "chosen": asdict(chosen), "why": reason}
    return once(who, key=key, action=f"fusion.{step}_many", payload=payload, do=do)[0]


def through(
    step: str,
    chosen: Chosen,
    *,
    who: Who,
    why: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """Go through a choice slice by slice, each one transaction; begun again, it takes what is still open."""
    total, seen, done, last = chosen.rows(who).count(), 0, 0, 0
    sheets = Sheets()
    while not should_stop():
        rows = list(chosen.rows(who).filter(pk__gt=last)[:SLICE])
        if not rows:
            break
        try:
            with transaction.atomic():
                done += _slice(step, rows, sheets, who=who, why=why)
        except Conflict:
            continue  # somebody settled one of them meanwhile: read the slice again
        last, seen = rows[-1].pk, seen + len(rows)
        progress(seen, total)
    return {"done": done, "left": seen - done}


def settle(rows: list[Quarantined], kind: str, *, who: Who, why: str, **more: Any) -> None:
    """Settle rows of one batch alike, each with its record."""
    _decide(rows, kind, who=who, why=why, made=[_mending(row, kind, who, why, **more) for row in rows])


def _slice(step: str, rows: list[Quarantined], sheets: Sheets, *, who: Who, why: str) -> int:
    if step == "reject":
        settle(rows, "rejected", who=who, why=why)
        return len(rows)
    made = []
    for row in rows:
        sheet = sheets.of(row)
        cells = sheet.accepted(row)
        if cells is not None:
            said = why or _whys(sheet, row)
            made.append(_mending(row, "mended", who, said, proposed=True, **_change(sheet, row, cells)))
    if made:
        _decide([m.quarantined for m in made], "mended", who=who, why=why, made=made)
    return len(made)


def _mend(
    row: Quarantined, sheet: Sheet, cells: list[str], *, who: Who, why: str, proposed: bool = False
) -> dict[str, Any]:
    made = _mending(row, "mended", who, why, proposed=proposed, **_change(sheet, row, cells))
    _decide([row], "mended", who=who, why=why, made=[made])
    return {"row": row.pk, "state": "mended", "columns": sorted(made.after)}


def _change(sheet: Sheet, row: Quarantined, cells: list[str]) -> dict[str, dict[str, str]]:
    """The cells that are not as received, before and after; sealed where the row keeps them so."""
    held = personal.opened(row.raw)
    changed = {t: c for t, c in zip(sheet.titles, cells, strict=True) if held.get(t, "") != c}
    kinds = {t: kind for t, kind in zip(sheet.titles, sheet.kinds(row), strict=True) if kind and changed.get(t)}
    if kinds:
        key = keyring.current()
        keyring.claim(key.number)
        changed |= {t: sealing.seal(changed[t], key, kind) for t, kind in kinds.items()}
    return {"before": {t: row.raw.get(t, "") for t in changed}, "after": changed}


def _mending(row: Quarantined, kind: str, who: Who, why: str, **more: Any) -> Mending:
    return Mending(quarantined=row, kind=kind, by=who.name, at=clock.now(), why=why, **more)


def _decide(rows: list[Quarantined], kind: str, *, who: Who, why: str, made: list[Mending]) -> None:
    """Settle these rows, each with its own record, if nobody has settled one of them first."""
    numbers = [row.pk for row in rows]
    free = Quarantined.objects.filter(state__in=PENDING, batch__state__in=list(IN_FORCE))
    if sum(free.filter(pk__in=part).update(state=kind) for part in frames.slices(numbers)) != len(numbers):
        raise Conflict("mending.taken", _("这一行刚被他人处置，或它的批次已不在档；请刷新后再看。"))
    for part in frames.slices(numbers):
        before = Mending.objects.filter(quarantined_id__in=part, undone_at=None)
        before.update(undone_at=clock.now(), undone_why=f"改为{Mending.KINDS[kind]}")
    Mending.objects.bulk_create(made, batch_size=1_000)
    _record(f"row.{kind}", rows, who=who, facts={"why": why})
    if kind == "mended":
        newest = max(m.pk for m in made)
        for batch in {row.batch_id for row in rows}:
            # Named by the newest: a gathering that is running may have passed it by.
            queue.enqueue(ENTER, key=f"{batch}:{newest}", batch=batch)


def _record(kind: str, rows: list[Quarantined], *, who: Who, facts: dict[str, Any]) -> None:
    """One leaf a batch: which of its rows, by whom, why. Cells stay out of it: a leaf is for ever."""
    batches: dict[int, list[Quarantined]] = {}
    for row in rows:
        batches.setdefault(row.batch_id, []).append(row)
    for number, held in batches.items():
        ledger.record(
            kind,
            subject=f"batch:{number}",
            who=who,
            scope=held[0].batch.scope,
            facts={"rows": sorted(row.row for row in held), **facts},
        )


def enter(number: int) -> list[int]:
    """Gather what has been mended of a batch and land it; gives the batches this made. Safe to run beside itself."""
    made: list[int] = []
    while True:
        waiting = Mending.objects.filter(kind="mended", undone_at=None, batch=None, quarantined__batch=number)
        held = list(waiting.select_related("quarantined").order_by("quarantined__row")[:GATHERED])
        if not held:
            return made
        original = Batch.objects.get(pk=number)
        try:
            with transaction.atomic():
                # Touched, so that a withdrawal comes before this or finds what this has landed.
                if Batch.objects.filter(pk=number, state__in=list(IN_FORCE)).update(reason=F("reason")):
                    made.append(_land(original, held))
                else:
                    settling.reopen(waiting, why=f"批次 {number} 已不在档")
        except OvertakenError:
            continue


def _land(original: Batch, held: list[Mending]) -> int:
    sheet = sheet_of(original)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.titles)
    writer.writerows(sheet.mended(m.quarantined, personal.opened(m.after)) for m in held)
    kept = files.keep(text.getvalue().encode(), sealed=bool(sheet.source.sensitive()))
    numbers = [m.pk for m in held]
    batch = actions.land_mended(
        original,
        kept,
        filename=f"{PurePosixPath(original.filename).stem[:200]}-修正{len(held)}行.csv",
        key=str(uuid5(NAMESPACE_URL, f"shiheng:mended:{numbers[0]}:{numbers[-1]}:{len(numbers)}:{kept.sha256}")),
        who=_menders(held),
    )
    free = Mending.objects.filter(pk__in=numbers, batch=None, undone_at=None)
    if free.update(batch=batch) != len(numbers):
        raise OvertakenError
    frames.update(Mending, ("row",), [(m.pk, at) for at, m in enumerate(held, 1)])
    return batch.pk


def _menders(held: list[Mending]) -> Who:
    """The batch is landed in the names of those who mended its rows."""
    names = "、".join(dict.fromkeys(m.by for m in held))
    return Who(key=SYSTEM.key, name=names[:100], kind=SYSTEM.kind)


def _row(number: int, who: Who) -> Quarantined:
    return queries.refused_row(_power(who), number, May.MEND_QUARANTINE)


def _power(who: Who) -> Who:
    if not who.may(May.MEND_QUARANTINE):
        raise Forbidden("sources.mend", _("您的岗位没有处置隔离行的权限。"))
    return who


def _said(why: str) -> str:
    if not why.strip():
        raise Refused("mending.why", _("请写明理由：这一行为什么不入档。"), field="why")
    return why.strip()[:1_000]


def _whys(sheet: Sheet, row: Quarantined) -> str:
    """What a taken proposal rests on, as the record keeps it."""
    return "；".join(dict.fromkeys(p.why.rstrip("。") for p in sheet.proposals(row).values()))
