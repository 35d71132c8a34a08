"""A landed file held against its contract: read in one pass, checked, and left in the lake and in quarantine by chunks.

Rows are checked as many at once as a block of the file holds, because columns are judged the faster the longer they
are; what is checked is then cut into chunks, each a transaction of its own. A run that takes up a batch in the middle
judges the rows that are already written once more, for the counts over the whole file, and writes nothing for them.
"""

from collections.abc import Callable, Iterator, Sequence

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import F

from shiheng.accounts.permissions import SYSTEM
from shiheng.accounts.territories import Territories, territories
from shiheng.columnar import frames, lake
from shiheng.fusion import assertions, checks, personal, reading, settling, sources
from shiheng.fusion.definition import Source
from shiheng.fusion.models import Batch, Quarantined
from shiheng.fusion.statement import from_accepted
from shiheng.fusion.twins import Twins
from shiheng.kernel.errors import Conflict, Refused
from shiheng.kernel.sealing import DataKey
from shiheng.ledger import actions as ledger
from shiheng.ledger import files, keyring, rows

Progress = Callable[[str, int, int], None]


class OvertakenError(Exception):
    """Another process moved this batch first; read it again and go on from there."""


def check(batch: Batch, *, progress: Progress) -> None:
    """Hold the contract against every row; one pass also makes the manifest the ledger keeps."""
    source = sources.find(batch.source)
    table = _read(batch)
    layout = checks.lay_out(source, table.header, all_deleted=batch.delivery == "deletions")
    if batch.state == "landed":
        Batch.objects.filter(pk=batch.pk, state="landed").update(
            state="checking", media=table.media, charset=table.charset, contract=source.version
        )
    checker = checks.Checker(source, layout, batch.said_on)
    if checker.unique:
        twins = _twins(batch, checker, progress)
        checker = checks.Checker(source, layout, batch.said_on, twins=twins)
    tally = assertions.Tally(source, layout)

    def checked() -> Iterator[bytes]:
        number, rest = 0, None
        for stretch, done in checker.each(table.blocks()):
            tally.add(done)
            rest = rest.followed_by(done) if rest else done
            while rest.height >= lake.CHUNK:
                rest = write(number, rest)
                number += 1
            yield from stretch.lines()
        if rest and rest.height:
            write(number, rest)

    def write(number: int, done: checks.Checked) -> checks.Checked:
        """Write the next chunk, if that is not done yet, and give what is left."""
        first, height = number * lake.CHUNK + 1, min(lake.CHUNK, done.height)
        if number >= batch.checked_chunks:
            _write(batch, source, number, done.between(first, height), height, table.header)
        progress("校验", first + height - 1, 0)
        return done.between(first + height, done.height - height)

    manifest = rows.keep(checked())
    _finish(batch, source, manifest, tally)


def _read(batch: Batch) -> reading.Table:
    return reading.read(files.KeptFile(batch.file), batch.filename)


def _twins(batch: Batch, checker: checks.Checker, progress: Progress) -> dict[str, pl.Series]:
    """What comes more than once where nothing may, found before any row is judged."""
    twins = Twins()
    for stretch in _read(batch).blocks():
        twins.add(checker.keys(stretch))
        progress("查重", stretch.first + stretch.height - 1, 0)
    return twins.found()


def _write(batch: Batch, source: Source, number: int, done: checks.Checked, height: int, header: Sequence[str]) -> None:
    key = keyring.current() if source.sensitive() else None
    accepted = personal.sealed_values(done.accepted, source, key) if key else done.accepted
    said = from_accepted(
        accepted,
        source.said(),
        source.day,
        batch.said_on,
        identify=source.identify,
        facts=source.telling_facts(),
        marks=done.marks,
    )
    lake.write_part(settings.HOME / "lake", batch.source, batch.pk, number, said)
    places = territories() if done.refused else Territories()
    with transaction.atomic():
        moved = Batch.objects.filter(pk=batch.pk, state="checking", checked_chunks=number).update(
            checked_chunks=number + 1,
            rows_in=F("rows_in") + height,
            accepted=F("accepted") + done.accepted.height,
            quarantined=F("quarantined") + len(done.refused),
        )
        if moved != 1:
            raise OvertakenError
        if key:
            _count_on(key)
        frames.insert(
            Quarantined,
            ("batch_id", "row", "raw", "reasons", "state", "scope"),
            (
                (
                    batch.pk,
                    r["row"],
                    personal.sealed_raw(source, header, r, key) if key else r["raw"],
                    r["reasons"],
                    "again" if batch.mends_id else "open",
                    places.place(region=r["region"], address=r["address"], fallback=batch.scope),
                )
                for r in done.refused
            ),
        )


def _count_on(key: DataKey) -> None:
    """What was just sealed is counted; under a key destroyed meanwhile it must not be left: the chunk is done anew."""
    try:
        keyring.claim(key.number)
    except Conflict:
        raise OvertakenError from None


def _last_rows(batch: Batch) -> int | None:
    """How many rows the delivery before this one had; a list of what is taken back is no measure, nor measured."""
    if batch.delivery == "deletions":
        return None
    before = Batch.objects.filter(source=batch.source, scope=batch.scope, state="published", mends=None)
    before = before.filter(pk__lt=batch.pk).exclude(delivery="deletions")
    return before.order_by("-pk").values_list("rows_in", flat=True).first()


def _finish(batch: Batch, source: Source, manifest: rows.Rows, tally: assertions.Tally) -> None:
    batch.refresh_from_db()
    if batch.state != "checking":
        raise OvertakenError
    counted = (tally.rows, tally.accepted)
    if batch.rows_in != batch.accepted + batch.quarantined or (batch.rows_in, batch.accepted) != counted:
        raise RuntimeError(f"batch {batch.pk}: {batch.rows_in} in, {batch.accepted} + {batch.quarantined} out")
    if batch.rows_in != manifest.count:
        raise RuntimeError(f"batch {batch.pk}: {batch.rows_in} rows in, {manifest.count} in the manifest")
    share = batch.quarantined / batch.rows_in if batch.rows_in else 0.0
    if batch.rows_in == 0:
        raise Refused("file.empty", f"文件 {batch.filename} 只有表头，没有一行数据。")
    # Mended rows are a part of a file that was held against these already.
    if share > source.max_quarantined_share and not batch.mends_id:
        raise Refused(
            "file.share",
            f"{batch.rows_in} 行中有 {batch.quarantined} 行（{share:.1%}）不合契约，超过 "
            f"{source.max_quarantined_share:.0%}，整批拒收；请先核对导出的版式与编码。",
        )
    if not batch.mends_id and (breaches := tally.breaches(last=_last_rows(batch))):
        raise Refused("file.assertions", assertions.refusal_of(breaches), breaches=breaches)
    with transaction.atomic():
        moved = Batch.objects.filter(pk=batch.pk, state="checking").update(
            state="resolving", chunks=batch.checked_chunks, profile=tally.profile()
        )
        if moved != 1:
            raise OvertakenError
        settling.checked(batch)
        ledger.record_rows(
            "batch.checked",
            subject=f"batch:{batch.pk}",
            who=SYSTEM,
            scope=batch.scope,
            rows=manifest,
            facts={"rows_in": batch.rows_in, "accepted": batch.accepted, "quarantined": batch.quarantined},
            key=f"batch:{batch.pk}:checked",
        )
