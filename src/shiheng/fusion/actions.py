"""Landing a department's file and taking it, chunk by chunk, into the subject file.

Every chunk is one transaction that moves its batch's counter by compare-and-set, after the lake's part is on the disk:
a process killed anywhere is taken up where it stopped, and two that run the same batch cannot do a chunk twice.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import narrow
from shiheng.accounts.permissions import SYSTEM, May, Who
from shiheng.accounts.territories import Territories, territories
from shiheng.columnar import frames, lake
from shiheng.fusion import checks, publish, reading, sources, withdrawal
from shiheng.fusion.definition import Source
from shiheng.fusion.models import Batch, Quarantined
from shiheng.fusion.statement import from_accepted, marks_of
from shiheng.jobs import queue
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Problem, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import files, rows

ADVANCE = withdrawal.ADVANCE
DONE = {"published", "refused", "withdrawn"}

Progress = Callable[[str, int, int], None]


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
    kept = files.keep(origin)
    name = ledger.shown_name(filename)
    where = scope if scope is not None else next(iter(who.paths(May.LAND_FILES)), "")
    way = _delivery(declared, delivery)
    corrected = _corrected(declared, replaces, who) if replaces else None
    key = key or _key(declared, kept.sha256)
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
                "scope": where,
                "landed_by": who.name,
                "landed_at": now,
                "known_on": now.date(),
                "delivery": way,
                "replaces": corrected,
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
            scope=where,
            facts={
                "source": declared.code,
                "contract": declared.version,
                "file": kept.sha256,
                "name": name,
                "size": kept.size,
                "delivery": way,
                **({"replaces": corrected.pk} if corrected else {}),
            },
        )
        queue.enqueue(ADVANCE, key=f"batch:{batch.pk}", batch=batch.pk)
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
        raise Refused("batch.delivery", f"{source.title}约定的报送方式是{allowed}，不能以“{shown}”报送。")
    return asked or source.deliveries[0]


def _corrected(source: Source, number: int, who: Who) -> Batch:
    """The batch a file corrects: of the same source, over which the sender may land, and still standing."""
    found = narrow(Batch.objects.filter(pk=number, source=source.code), who, May.LAND_FILES).first()
    if found is None:
        raise Missing("batch.unknown", f"{source.title}没有编号为 {number} 的批次，或它不在您的管辖范围内，无法更正。")
    if found.state in {"withdrawing", "withdrawn"}:
        raise Conflict("batch.withdrawn", f"批次 {number} 已经撤回，新文件直接报送即可，不必写明更正。")
    return found


def advance(batch_id: int, *, progress: Progress = _quiet, should_stop: Callable[[], bool] = lambda: False) -> Batch:
    """Take a batch as far as it goes: check, resolve, fuse. Safe to run twice, and beside itself."""
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise Missing("batch.unknown", _("没有编号为 %(number)s 的批次。") % {"number": batch_id})
    while batch.state not in DONE and not should_stop():
        try:
            if batch.state in {"landed", "checking"}:
                _check(batch, progress=progress)
            elif batch.state == "resolving":
                _each_chunk(batch, "resolved_chunks", publish.resolve_chunk, "fusing", progress, should_stop)
            elif batch.state == "fusing":
                after = "closing" if batch.delivery == "snapshot" else "published"
                _each_chunk(batch, "fused_chunks", publish.fuse_chunk, after, progress, should_stop)
            elif batch.state == "closing":
                withdrawal.close(batch, _publish, progress=progress, should_stop=should_stop)
            elif batch.state == "withdrawing":
                withdrawal.empty(batch, progress=progress, should_stop=should_stop)
        except Refused as refusal:
            _refuse(batch, refusal)
        except withdrawal.OvertakenError:
            pass
        batch.refresh_from_db()
    return batch


def _refuse(batch: Batch, refusal: Problem) -> None:
    """The file as a whole cannot serve: it stays, with the reason, and changes nothing."""
    with transaction.atomic():
        moved = Batch.objects.filter(pk=batch.pk, state__in=["landed", "checking"]).update(
            state="refused", reason=refusal.message
        )
        if moved:
            ledger.record(
                "batch.refused",
                subject=f"batch:{batch.pk}",
                who=SYSTEM,
                scope=batch.scope,
                facts={"code": refusal.code, "reason": refusal.message},
            )


def _chunks(table: reading.Table) -> Iterator[list[reading.Row]]:
    while chunk := list(islice(table.rows, lake.CHUNK)):
        yield chunk


def row_bytes(row: reading.Row) -> bytes:
    """What the ledger proves of a row: its cells as read, joined by the unit separator."""
    return "\x1f".join(row.cells).encode("utf-8", "backslashreplace")


def _check(batch: Batch, *, progress: Progress) -> None:
    """Hold the contract against every row; one pass also makes the manifest the ledger keeps."""
    source = sources.find(batch.source)
    table = reading.read(files.path_of(batch.file), batch.filename)
    layout = checks.lay_out(source, table.header)
    if batch.state == "landed":
        Batch.objects.filter(pk=batch.pk, state="landed").update(
            state="checking", media=table.media, charset=table.charset, contract=source.version
        )
    checker = checks.Checker(source, layout, batch.known_on)

    def checked() -> Iterator[bytes]:
        for number, chunk in enumerate(_chunks(table)):
            if number >= batch.checked_chunks:
                _check_chunk(batch, source, checker, number, chunk)
            progress("校验", number * lake.CHUNK + len(chunk), 0)
            yield from map(row_bytes, chunk)

    manifest = rows.keep(checked())
    _finish_check(batch, source, manifest)


def _check_chunk(batch: Batch, source: Source, checker: checks.Checker, number: int, chunk: list[reading.Row]) -> None:
    done = checker.check(chunk)
    marks = marks_of(source, done.accepted, batch.delivery)
    said = from_accepted(
        done.accepted, source.said(), source.day, batch.known_on, identify=source.identify, marks=marks
    )
    lake.write_part(settings.HOME / "lake", batch.source, batch.pk, number, said)
    places = territories() if done.refused else Territories()
    with transaction.atomic():
        moved = Batch.objects.filter(pk=batch.pk, state="checking", checked_chunks=number).update(
            checked_chunks=number + 1,
            rows_in=F("rows_in") + len(chunk),
            accepted=F("accepted") + done.accepted.height,
            quarantined=F("quarantined") + len(done.refused),
        )
        if moved != 1:
            raise withdrawal.OvertakenError
        frames.insert(
            Quarantined,
            ("batch_id", "row", "raw", "reasons", "state", "scope"),
            (
                (
                    batch.pk,
                    r["row"],
                    r["raw"],
                    r["reasons"],
                    "open",
                    places.place(region=r["region"], address=r["address"], fallback=batch.scope),
                )
                for r in done.refused
            ),
        )


def _finish_check(batch: Batch, source: Source, manifest: rows.Rows) -> None:
    batch.refresh_from_db()
    if batch.state != "checking":
        raise withdrawal.OvertakenError
    if batch.rows_in != batch.accepted + batch.quarantined or batch.rows_in != manifest.count:
        raise RuntimeError(f"batch {batch.pk}: {batch.rows_in} in, {batch.accepted} + {batch.quarantined} out")
    share = batch.quarantined / batch.rows_in if batch.rows_in else 0.0
    if batch.rows_in == 0:
        raise Refused("file.empty", f"文件 {batch.filename} 只有表头，没有一行数据。")
    if share > source.max_quarantined_share:
        raise Refused(
            "file.share",
            f"{batch.rows_in} 行中有 {batch.quarantined} 行（{share:.1%}）不合契约，超过 "
            f"{source.max_quarantined_share:.0%}，整批拒收；请先核对导出的版式与编码。",
        )
    with transaction.atomic():
        moved = Batch.objects.filter(pk=batch.pk, state="checking").update(
            state="resolving", chunks=batch.checked_chunks
        )
        if moved != 1:
            raise withdrawal.OvertakenError
        ledger.record_rows(
            "batch.checked",
            subject=f"batch:{batch.pk}",
            who=SYSTEM,
            scope=batch.scope,
            rows=manifest,
            facts={"rows_in": batch.rows_in, "accepted": batch.accepted, "quarantined": batch.quarantined},
            key=f"batch:{batch.pk}:checked",
        )


def _each_chunk(
    batch: Batch,
    counter: str,
    step: Callable[[Batch, int], None],
    then: str,
    progress: Progress,
    should_stop: Callable[[], bool],
) -> None:
    """Run one step over the chunks that are left; ``step`` writes, this moves the counter, in one transaction."""
    title = {"resolved_chunks": "归户", "fused_chunks": "融合"}[counter]
    number = getattr(batch, counter)
    while number < batch.chunks:
        if should_stop():
            return
        _one_chunk(batch, counter, step, number)
        number += 1
        progress(title, min(number * lake.CHUNK, batch.rows_in), batch.rows_in)
    if then == "published":
        _publish(batch, batch.state, **{counter: batch.chunks})
    else:
        # From its own state only: a slower process must not take a batch back that another has already moved on.
        Batch.objects.filter(pk=batch.pk, state=batch.state, **{counter: batch.chunks}).update(state=then)


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
        if batch.replaces_id:
            withdrawal.begin(batch.replaces_id, who=SYSTEM, reason=f"由批次 {batch.pk} 更正")


def _one_chunk(batch: Batch, counter: str, step: Callable[[Batch, int], None], number: int) -> None:
    def work() -> None:
        # The claim comes first: who lost the race to this chunk does none of its work.
        held = Batch.objects.filter(pk=batch.pk, state=batch.state, **{counter: number})
        if held.update(**{counter: number + 1}) != 1:
            raise withdrawal.OvertakenError
        step(batch, number)

    publish.folded(work)


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
