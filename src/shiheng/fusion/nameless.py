"""Rows without a code, given to the subject their name means, and given anew whenever a name or a sign changes.

Whom they mean is worked out from what coded rows say and from nothing else, so that the order in which files came does
not matter: each change of a subject's coded rows asks again for the rows that bear one of its names.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl
from django.conf import settings

from shiheng.columnar import frames, lake
from shiheng.fusion.definition import Source
from shiheng.fusion.match import Candidate, meant
from shiheng.fusion.models import Batch, Link, Nameless
from shiheng.kernel import clock
from shiheng.subjects.models import Name

BY = "name"
_SIGNS = ("representative", "address", "business_address", "region")


def note(batch: Batch, source: Source, part: pl.DataFrame, coded: Iterable[int]) -> None:
    """Keep the rows of a chunk that bear a name and no code; whom they mean is asked when the chunk is fused."""
    if source.by_name is None:
        return
    wanted = ["name", *source.by_name.second]
    bare = part.filter(pl.col("field").is_in(wanted) & ~pl.col("row").is_in(sorted(coded)))
    rows: dict[int, dict[str, str]] = {}
    for row, said, value in bare.sort("row", "field", "value").select("row", "field", "value").iter_rows():
        rows.setdefault(row, {}).setdefault(said, value)
    named = {row: said for row, said in rows.items() if "name" in said}
    frames.insert(
        Nameless,
        ("batch_id", "row", "name", "signs"),
        ((batch.pk, row, said["name"], {k: v for k, v in said.items() if k != "name"}) for row, said in named.items()),
    )


def names_in(batch: Batch, first: int, last: int) -> set[str]:
    """The names of a batch's rows without a code, of the rows after ``first`` up to ``last``."""
    held = Nameless.objects.filter(batch=batch, row__gt=first, row__lte=last)
    return set(held.values_list("name", flat=True))


def names_of(ids: Iterable[int]) -> set[str]:
    """Every name these subjects' files hold, as far as any row without a code waits for a name."""
    if not Nameless.objects.exists():
        return set()
    return {text for part in frames.slices(sorted(ids)) for text in _names(part)}


def _names(ids: Sequence[int]) -> Iterable[str]:
    return Name.objects.filter(subject_id__in=ids).values_list("text", flat=True)


def ask(names: set[str]) -> set[int]:
    """Ask again whom the rows of these names mean; gives the subjects that won or lost a row."""
    if not names:
        return set()
    rows = [
        row
        for part in frames.slices(sorted(names))
        for row in Nameless.objects.filter(name__in=part, batch__state__in=Batch.LIVE).order_by("batch_id", "row")
    ]
    if not rows:
        return set()
    candidates = _candidates({row.name for row in rows})
    touched: set[int] = set()
    changed: list[tuple[Nameless, int | None]] = []
    for row in rows:
        found = meant(row.signs, candidates.get(row.name, []))
        if found != row.subject_id:
            changed.append((row, found))
            touched |= {found, row.subject_id} - {None}  # type: ignore[arg-type]
    _move(changed, clock.today())
    return touched


def _move(changed: list[tuple[Nameless, int | None]], today: date) -> None:
    """New links begin today, but those of a batch still on its way: it has been known whom they mean since it came."""
    for row, _found in changed:
        if row.subject_id:
            Link.objects.filter(batch_id=row.batch_id, row=row.row, by=BY, until=None).update(until=today)
    named = {row.batch_id for row, _found in changed}
    coming = set(Batch.objects.filter(pk__in=named).exclude(state="published").values_list("pk", flat=True))
    frames.update(Nameless, ["subject_id"], ([row.pk, found] for row, found in changed))
    frames.insert(
        Link,
        ("batch_id", "row", "subject_id", "by", "since"),
        (
            (row.batch_id, row.row, found, BY, None if row.batch_id in coming and not row.subject_id else today)
            for row, found in changed
            if found
        ),
    )


def _candidates(names: set[str]) -> dict[str, list[Candidate]]:
    """Name → the subjects whose coded rows bear it, with what those rows say."""
    ids = {
        subject
        for part in frames.slices(sorted(names))
        for subject in Name.objects.filter(text__in=part).values_list("subject_id", flat=True)
    }
    held = Link.objects.filter(subject_id__in=ids, until=None, batch__state__in=Batch.LIVE).exclude(by=BY)
    lines = held.values_list("subject_id", "batch_id", "batch__source", "row")
    wanted = pl.DataFrame(
        list(lines),
        schema={"subject": pl.Int64, "batch": pl.Int64, "source": pl.String, "row": pl.Int64},
        orient="row",
    )
    said = lake.statements_of(settings.HOME / "lake", wanted).filter(pl.col("field").is_in(["name", *_SIGNS]))
    known: dict[int, Candidate] = {}
    for subject, field, value in said.select("subject", "field", "value").iter_rows():
        known.setdefault(subject, Candidate(subject)).said.setdefault(field, set()).add(value)
    found: dict[str, list[Candidate]] = {}
    for candidate in known.values():
        for name in candidate.said.get("name", ()):
            found.setdefault(name, []).append(candidate)
    return found
