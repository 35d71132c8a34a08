"""Landing a department's file and taking it, chunk by chunk, into the subject file.

Every step is one transaction that moves its batch's counter by compare-and-set, after the lake's part is on the disk:
a process killed anywhere is taken up where it stopped, and two that run the same batch cannot do a step twice.
"""

from collections.abc import Callable
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.jurisdictions import narrow
from shiheng.accounts.permissions import SYSTEM, May, Who
from shiheng.columnar import lake
from shiheng.fusion import matching, publish, regrouping, settling, sources, withdrawal
from shiheng.fusion.checking import OvertakenError, Progress, check
from shiheng.fusion.definition import Source
from shiheng.fusion.models import Batch
from shiheng.jobs import queue
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Problem, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import files
from shiheng.subjects.actions import Files

ADVANCE = withdrawal.ADVANCE
DONE = {"published", "refused", "withdrawn"}
IN_FORCE = frozenset(withdrawal.PUBLISHED)


def _quiet(_step: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def land(
    source: str,
    origin: Path | files.Readable,
    *,
    filename: str,
    who: Who,
    key: str | None = None,
    scope: str | None = None,
    delivery: str = "",
    replaces: int | None = None,
) -> Batch:
    """Keep a file as received and open its batch; the worker takes it from there.

    The same bytes from the same source under the same contract are the same batch (or the one ``key`` first named):
    sending twice makes one record; a file refused under one version may be sent again under the next, and one that was
    withdrawn may come again. ``delivery`` is one of the ways its contract allows (its usual way when empty);
    ``replaces`` names the batch this file corrects, which is withdrawn when this one stands.
    Raises ``Forbidden`` without the power, ``Missing`` for an unknown source, ``Conflict`` for a used key.
    """
    if not who.may(May.LAND_FILES, scope):
        raise Forbidden("sources.land", _("您的岗位没有报送数据文件的权限。"))
    declared = sources.find(source)
    kept = files.keep(origin, sealed=bool(declared.sensitive()))
    name = ledger.shown_name(filename)
    where = scope if scope is not None else next(iter(who.paths(May.LAND_FILES)), "")
    way = _delivery(declared, delivery)
    corrected = _corrected(declared, replaces, who) if replaces else None
    key = key or _key(declared, kept.sha256)
    return _open(declared, kept, name, key=key, scope=where, delivery=way, replaces=corrected, who=who)


def land_mended(original: Batch, kept: files.Kept, *, filename: str, key: str, who: Who) -> Batch:
    """Open a batch of rows that ``original`` had refused and that have been mended since.

    It belongs to the same office; a part of a full snapshot adds to it and closes nothing.
    """
    way = "increment" if original.delivery == "snapshot" else original.delivery
    declared = sources.find(original.source)
    return _open(declared, kept, filename, key=key, scope=original.scope, delivery=way, mends=original, who=who)


def _open(
    declared: Source,
    kept: files.Kept,
    name: str,
    *,
    key: str,
    scope: str,
    delivery: str,
    who: Who,
    replaces: Batch | None = None,
    mends: Batch | None = None,
) -> Batch:
    now = clock.now()
    with transaction.atomic():
        batch, made = Batch.objects.get_or_create(
            key=key,
            defaults={
                "source": declared.code,
                "contract": declared.version,
                "file": kept.sha256,
                "filename": name,
                "size": kept.size,
                "scope": scope,
                "landed_by": who.name,
                "landed_at": now,
                "known_on": now.date(),
                "delivery": delivery,
                "replaces": replaces,
                "mends": mends,
            },
        )
        if not made:
            if (batch.source, batch.file) != (declared.code, kept.sha256):
                raise Conflict("batch.key", _("这个幂等键已用于另一个文件，请换一个键再报送。"))
            return batch
        ledger.record(
            "batch.landed",
            subject=f"batch:{batch.pk}",
            who=who,
            scope=scope,
            facts={
                "source": declared.code,
                "contract": declared.version,
                "file": kept.sha256,
                "name": name,
                "size": kept.size,
                "delivery": delivery,
                **({"replaces": replaces.pk} if replaces else {}),
                **({"mends": mends.pk} if mends else {}),
            },
        )
        # Somebody waits for a file sent by hand; what departments' systems sent may lie before it by the hundred.
        queue.enqueue(ADVANCE, key=f"batch:{batch.pk}", priority=1 if who.account_id else 0, batch=batch.pk)
    return batch


def _key(source: Source, sha256: str) -> str:
    """The key of a file: its bytes under its contract; how often it was withdrawn tells a second sending apart."""
    base = f"shiheng:batch:{source.code}:{source.version}:{sha256}"
    gone = Batch.objects.filter(
        source=source.code, file=sha256, contract=source.version, state__in=["withdrawing", "withdrawn"]
    ).count()
    return str(uuid5(NAMESPACE_URL, f"{base}:{gone}" if gone else base))


def _delivery(source: Source, asked: str) -> str:
    if asked and asked not in source.deliveries:
        allowed = "、".join(Batch.DELIVERIES[d] for d in source.deliveries)
        shown = Batch.DELIVERIES.get(asked, asked)
        raise Refused(
            "batch.delivery", f"{source.title}约定的报送方式是{allowed}，不能以“{shown}”报送。", field="delivery"
        )
    return asked or source.deliveries[0]


def _corrected(source: Source, number: int, who: Who) -> Batch:
    """The batch a file corrects: of the same source, over which the sender may land, and still standing."""
    found = narrow(Batch.objects.filter(pk=number, source=source.code), who, May.LAND_FILES).first()
    if found is None:
        told = f"{source.title}没有编号为 {number} 的批次，或它不在您的管辖范围内，无法更正。"
        raise Missing("batch.unknown", told, field="replaces")
    if found.state in {"withdrawing", "withdrawn"}:
        told = f"批次 {number} 已经撤回，新文件直接报送即可，不必写明更正。"
        raise Conflict("batch.withdrawn", told, field="replaces")
    return found


def advance(batch_id: int, *, progress: Progress = _quiet, should_stop: Callable[[], bool] = lambda: False) -> Batch:
    """Take a batch as far as it goes: check, resolve, fuse. Safe to run twice, and beside itself."""
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise Missing("batch.unknown", _("没有编号为 %(number)s 的批次。") % {"number": batch_id})
    while batch.state not in DONE and not should_stop():
        try:
            if batch.state in {"landed", "checking"}:
                check(batch, progress=progress)
            elif batch.state == "resolving":
                _resolve(batch, progress, should_stop)
            elif batch.state == "fusing":
                _fuse(batch, progress, should_stop)
            elif batch.state == "closing":
                withdrawal.close(batch, _publish, progress=progress, should_stop=should_stop)
            elif batch.state == "withdrawing":
                withdrawal.empty(batch, progress=progress, should_stop=should_stop)
        except Refused as refusal:
            _refuse(batch, refusal)
        except OvertakenError:
            pass
        batch.refresh_from_db()
    return batch


def _refuse(batch: Batch, refusal: Problem) -> None:
    """The file as a whole cannot serve: it stays, with the reason, and changes nothing."""
    with transaction.atomic():
        moved = Batch.objects.filter(pk=batch.pk, state__in=["landed", "checking"]).update(
            state="refused", reason=refusal.message, profile={"breaches": refusal.details.get("breaches", [])}
        )
        if moved:
            settling.refused(batch)
            ledger.record(
                "batch.refused",
                subject=f"batch:{batch.pk}",
                who=SYSTEM,
                scope=batch.scope,
                facts={"code": refusal.code, "reason": refusal.message},
            )


def _resolve(batch: Batch, progress: Progress, should_stop: Callable[[], bool]) -> None:
    """Resolve the chunks that are left, each in one transaction that also moves the counter."""
    for number in range(batch.resolved_chunks, batch.chunks):
        if should_stop():
            return
        after = {"resolved_chunks": number + 1}
        _resolve_chunk(batch, {"resolved_chunks": number}, after, number)
        progress("归户", min((number + 1) * lake.CHUNK, batch.rows_in), batch.rows_in)
    # From its own state only: a slower process must not take a batch back that another has already moved on.
    Batch.objects.filter(pk=batch.pk, state=batch.state, resolved_chunks=batch.chunks).update(state="fusing")


def _fuse(batch: Batch, progress: Progress, should_stop: Callable[[], bool]) -> None:
    """Fuse the rows that are left, a slice of a chunk a transaction: nobody who signs in waits for a whole chunk."""
    number, done = batch.fused_chunks, max(batch.cursor, 0)
    while number < batch.chunks:
        if should_stop():
            return
        first = number * lake.CHUNK + done
        last = min(first + publish.SLICE, (number + 1) * lake.CHUNK, batch.rows_in)
        whole = last in {(number + 1) * lake.CHUNK, batch.rows_in}
        held = {"fused_chunks": number, "cursor": done or -1}
        number, done = (number + 1, 0) if whole else (number, last - number * lake.CHUNK)
        after = {"fused_chunks": number, "cursor": done or -1}
        _fuse_slice(batch, held, after, first=first, last=last)
        progress("融合", last, batch.rows_in)
    if batch.delivery == "snapshot":
        Batch.objects.filter(pk=batch.pk, state=batch.state, fused_chunks=batch.chunks).update(state="closing")
    else:
        _publish(batch, batch.state, fused_chunks=batch.chunks)


def _publish(batch: Batch, state: str, **at: int) -> None:
    """The last step of a batch; what it corrects is withdrawn in the same moment."""
    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, state=state, **at).update(state="published"):
            return
        ledger.record(
            "batch.published",
            subject=f"batch:{batch.pk}",
            who=SYSTEM,
            scope=batch.scope,
            facts={"rows": batch.accepted},
        )
        settling.answered(batch)
        matching.enqueue()
        if batch.replaces_id:
            withdrawal.correct(batch.replaces_id, by=batch.pk)


def _resolve_chunk(batch: Batch, held: dict[str, int], after: dict[str, int], number: int) -> None:
    def work() -> None:
        _claim(batch, held, after)
        regrouping.settle(publish.resolve_chunk(number, batch))

    publish.folded(work)


def _fuse_slice(batch: Batch, held: dict[str, int], after: dict[str, int], *, first: int, last: int) -> None:
    def read() -> Files | None:
        if not Batch.objects.filter(pk=batch.pk, state=batch.state, **held).exists():
            raise OvertakenError
        return publish.work_out_rows(batch, first=first, last=last)

    def write(files: Files | None) -> None:
        _claim(batch, held, after)
        publish.write(files)
        publish.note_bare()  # whom its rows speak of was settled before

    publish.folded_after(read, write)


def _claim(batch: Batch, held: dict[str, int], after: dict[str, int]) -> None:
    """Take a step of a batch for this transaction: who lost the race to it does none of its work."""
    if Batch.objects.filter(pk=batch.pk, state=batch.state, **held).update(**after) != 1:
        raise OvertakenError


def withdraw(number: int, *, who: Who, reason: str, key: UUID | str | None = None) -> Batch:
    """Take a batch back as if it had never come; the worker mends the files it touched. The same ``key`` does it once.

    Raises ``Forbidden`` without the power, ``Missing`` outside the territory, ``Refused`` without a reason and
    ``Conflict`` for a batch that is withdrawn already or was refused whole.
    """
    found = withdrawable(number, who=who)
    why = reason.strip()
    if not why:
        raise Refused("batch.reason", _("请写明撤回的原因，它会记入存证并显示在批次页上。"), field="reason")

    def do() -> dict[str, int]:
        withdrawal.begin(found.pk, who=who, reason=why)
        return {"batch": found.pk}

    given = UUID(str(key)) if key else None
    once(who, key=given, action="batch.withdraw", payload={"batch": number, "reason": why}, do=do)
    found.refresh_from_db()
    return found


def withdrawable(number: int, *, who: Who) -> Batch:
    """A batch this person may take back: of their own territory, for another office's file is not theirs to undo."""
    if not who.may(May.WITHDRAW_FILES):
        raise Forbidden("sources.withdraw", _("您的岗位没有撤回批次的权限。"))
    found = narrow(Batch.objects.filter(pk=number), who, May.WITHDRAW_FILES).first()
    if found is None:
        told = _("没有编号为 %(number)s 的批次，或它不在您可以撤回的管辖范围内。") % {"number": number}
        raise Missing("batch.unknown", told)
    return found


def add_source(folder: Path, *, who: Who) -> Source:
    """Take a bureau's own source into force, on record."""
    if not who.may(May.LAND_FILES):
        raise Forbidden("sources.add", _("您的岗位没有增设数据源的权限。"))
    source = sources.add(folder)
    ledger.record(
        "source.added",
        subject=f"source:{source.code}",
        who=who,
        facts={"title": source.title, "version": source.version},
    )
    return source
