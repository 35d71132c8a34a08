"""Rows whose subjects hang together by a code, given their subjects anew: all at once, whatever came first.

Done where several claim a code, where a batch is taken back that had joined rows, and where a person has spoken.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import Q, QuerySet

from shiheng.columnar import frames, lake
from shiheng.fusion import matching, publish, rulings, sources
from shiheng.fusion.models import Batch, Contest, Link
from shiheng.fusion.resolve import Code, regroup
from shiheng.kernel import clock
from shiheng.subjects.models import Identifier, Subject


def mend(ids: Collection[int]) -> set[int]:
    """Give the rows of these subjects, and of all joined to them by a code, their subjects anew; write the files.

    Gives all whose file was written. In the caller's change of the subject file.
    """
    today = clock.today()
    joined = _joined(set(ids))
    led = Subject.objects.filter(redirect_to__in=joined).values_list("pk", flat=True)
    affected = joined | set(led) | _rejoin(joined, today)
    matching.rewrite(affected, today)
    return affected


def settle(ids: Collection[int]) -> None:
    """Resolve anew, all together, those of some subjects who take part in a contest."""
    contested: set[int] = set()
    for part in frames.slices(sorted(ids)):
        for side in ("speaker_id", "holder_id"):
            contested.update(Contest.objects.filter(**{f"{side}__in": part}).values_list(side, flat=True))
    if contested:
        mend(contested)


def _in_force(ids: set[int]) -> QuerySet[Link]:
    return Link.objects.filter(subject_id__in=ids, until=None, batch__state__in=Batch.LIVE)


def _joined(ids: set[int]) -> set[int]:
    """These subjects and all whose rows name a code of theirs, or whose codes their rows name, to the last."""
    found, fresh = set(ids), set(ids)
    while fresh:
        about = Contest.objects.filter(Q(speaker_id__in=fresh) | Q(holder_id__in=fresh))
        fresh = {side for pair in about.values_list("speaker_id", "holder_id") for side in pair} - found
        found |= fresh
    return found


def _rejoin(ids: set[int], today: date) -> set[int]:
    """Resolve anew all rows of these subjects, who share no code with any other; gives the subjects they now have."""
    held = _in_force(ids).order_by("batch_id", "row")
    lines = list(held.values_list("batch_id", "batch__source", "batch__scope", "row", "subject_id", "pk"))
    codes = _codes(lines)
    Identifier.objects.filter(subject_id__in=ids).delete()
    rows = {at: codes[line[0], line[3]] for at, line in enumerate(lines) if (line[0], line[3]) in codes}
    ruled = rulings.standing()
    done = regroup(list(rows.items()), taken=publish.taken_ids(rows, {}, ruled), rulings=ruled)
    publish.store_minted(done, scope=lines[0][2] if lines else "", today=today)
    moved = [(at, subject, by) for at, subject, by in done.links if lines[at][4] != subject]
    Link.objects.filter(pk__in=[lines[at][5] for at, _, _ in moved]).update(until=today)
    frames.insert(
        Link,
        ("batch_id", "row", "subject_id", "by", "since"),
        ((lines[at][0], lines[at][3], subject, by, today) for at, subject, by in moved),
    )
    Contest.objects.filter(speaker_id__in=ids).delete()
    frames.insert(
        Contest,
        publish.CONTESTED,
        ((lines[at][0], lines[at][3], *rest) for at, *rest in done.contests),
    )
    return {subject for _, subject, _ in done.links}


def _codes(lines: list[tuple[Any, ...]]) -> dict[tuple[int, int], list[Code]]:
    """(batch, row) → the row's codes in its source's order of trust, read from the lake."""
    wanted = pl.DataFrame(
        [(subject, batch, source, row) for batch, source, _, row, subject, _ in lines],
        schema={"subject": pl.Int64, "batch": pl.Int64, "source": pl.String, "row": pl.Int64},
        orient="row",
    )
    said = lake.statements_of(settings.HOME / "lake", wanted)
    found: dict[tuple[int, int], list[Code]] = {}
    for (batch, source), part in said.group_by("batch", "source"):
        named = publish.codes_of_part(sources.find(str(source)), part)
        found.update({(int(batch), row): codes for row, codes in named.items()})
    return found
