"""What taking a batch back would change, worked out beforehand: whole counts, and subjects page by page.

The counts are exact over all rows of the batch. What changes of a subject is what its statements say with the batch and
without it; rows that only this batch joined to a subject are given their subjects anew when it is taken back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from shiheng.columnar import lake
from shiheng.fusion import publish, sources, withdrawal
from shiheng.fusion.definition import FIELDS
from shiheng.fusion.models import Batch, Link
from shiheng.fusion.survivorship import closed, closings, records
from shiheng.subjects.models import Subject


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a withdrawal reaches: subjects whose file is worked out anew, those nobody else names, records."""

    touched: int
    only: int
    records: int


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a subject now and afterwards; an empty text means there is none."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes of one subject."""

    fields: tuple[Change, ...] = ()
    gone: tuple[str, ...] = ()  # records that go, by kind
    turned: int = 0  # records that stand differently
    back: int = 0  # records that come back into force
    emptied: bool = False  # nobody else speaks of it

    @property
    def any(self) -> bool:
        return bool(self.fields or self.gone or self.turned or self.back or self.emptied)


def subjects_of(batch: Batch) -> QuerySet[Subject]:
    """Every subject the batch says anything of, or which its full list has closed."""
    return Subject.objects.filter(pk__in=withdrawal.touched_by(batch).values("subject_id")).order_by("pk")


def counts(batch: Batch) -> Counts:
    """The exact counts, over every row of the batch."""
    gone = withdrawal.with_mended(batch)
    own = Link.objects.filter(batch__in=gone, until=None)
    others = Link.objects.filter(subject_id=OuterRef("subject_id"), until=None, batch__state__in=Batch.LIVE)
    alone = own.filter(~Exists(others.exclude(batch__in=gone)))
    return Counts(
        touched=withdrawal.touched_by(batch).values("subject_id").distinct().count(),
        only=alone.values("subject_id").distinct().count(),
        records=_records_gone(batch),
    )


def _records_gone(batch: Batch) -> int:
    """Records of whose key no other batch in force has spoken for the same subject."""
    mapping = sources.find(batch.source).record
    if mapping is None:
        return 0
    said = _keys(batch, f"{mapping.kind}.key")
    others = Batch.objects.filter(source=batch.source, state__in=Batch.LIVE)
    others = others.exclude(pk__in=withdrawal.with_mended(batch))
    for other in others.order_by("-pk"):
        if said.is_empty():
            return 0
        said = said.join(_keys(other, f"{mapping.kind}.key", among=said), on=["subject", "value"], how="anti")
    return said.height


def _keys(batch: Batch, field: str, among: pl.DataFrame | None = None) -> pl.DataFrame:
    """(subject, value) of every row of a batch that states ``field``, of values ``among`` others only."""
    root = settings.HOME / "lake"
    parts = []
    for number in range(batch.chunks):
        part = pl.scan_parquet(lake.part_path(root, batch.source, batch.pk, number)).select("row", "field", "value")
        found = part.filter(pl.col("field") == field).select("row", "value").collect()
        parts.append(found if among is None else found.join(among.select("value").unique(), on="value", how="semi"))
    stated = pl.concat(parts) if parts else pl.DataFrame(schema={"row": pl.Int64, "value": pl.String})
    if stated.is_empty():
        return pl.DataFrame(schema={"subject": pl.Int64, "value": pl.String})
    links = Link.objects.filter(batch=batch, until=None).values_list("row", "subject_id")
    held = pl.DataFrame(list(links), schema={"row": pl.Int64, "subject": pl.Int64}, orient="row")
    return stated.join(held, on="row").select("subject", "value").unique()


def changes(batch: Batch, ids: Sequence[int]) -> dict[int, Changes]:
    """What becomes of these subjects, from their statements with the batch and without it."""
    held = Link.objects.filter(subject_id__in=list(ids), until=None, batch__state__in=Batch.LIVE)
    links = publish.links_frame(held.values_list(*publish.LINK_VALUES))
    if links.is_empty():
        return {}
    now = _files(publish.statements_about(links), publish.stopped())
    left = links.filter(~pl.col("batch").is_in(withdrawal.with_mended(batch)))
    then = _files(publish.statements_about(left), _stopped_without(batch))
    spoken = set(left["subject"].to_list())
    return {subject: _compared(now, then, subject, emptied=subject not in spoken) for subject in ids}


def _stopped_without(batch: Batch) -> dict[int, date]:
    held = Batch.objects.filter(state__in=Batch.LINKED).exclude(pk=batch.pk)
    return closings(list(held.values_list("pk", "source", "scope", "delivery", "known_on")))


Files = tuple[dict[int, dict[str, Any]], dict[tuple[int, str, str, str], dict[str, Any]]]


def _files(said: pl.DataFrame, stopped: dict[int, date]) -> Files:
    """Fields by subject, and records by (subject, kind, source, key), as fusing these statements would write them."""
    if said.is_empty():
        return {}, {}
    said = closed(said, stopped)
    own = said.filter(~pl.col("field").str.contains(".", literal=True))
    fields = publish.fields_of(publish.words(own)) if not own.is_empty() else {}
    return fields, {(r["subject"], r["kind"], r["source"], r["key"]): r for r in records(said)}


def _compared(now: Files, then: Files, subject: int, *, emptied: bool) -> Changes:
    before, after = now[0].get(subject, {}), then[0].get(subject, {})
    fields = []
    for name in [n for n in FIELDS if n in before or n in after]:
        pair = [str(side.get(name, {}).get("value", "")) for side in (before, after)]
        if pair[0] != pair[1]:
            fields.append(Change(name, *pair))
    ours = {key: record for key, record in now[1].items() if key[0] == subject}
    left = {key: record for key, record in then[1].items() if key[0] == subject}
    both = [(record, left[key]) for key, record in ours.items() if key in left]
    back = sum(bool(a["gone_on"]) and not b["gone_on"] for a, b in both)
    turned = sum(_content(a) != _content(b) for a, b in both)
    return Changes(tuple(fields), tuple(key[1] for key in ours if key not in left), turned, back, emptied)


def _content(record: dict[str, Any]) -> tuple[Any, ...]:
    facts, absent = sorted(record["facts"].items()), sorted(record["absent"].items())
    return record["day"], record["state"], record["until"], facts, absent


def kinds_of(gone: Iterable[str]) -> dict[str, int]:
    """How many records of each kind."""
    counted: dict[str, int] = {}
    for kind in gone:
        counted[kind] = counted.get(kind, 0) + 1
    return counted
