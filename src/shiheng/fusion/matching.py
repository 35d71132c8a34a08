"""Rows without a code, each given to the subject it means: all judged together, and anew whenever the register changes.

Whom a row means follows from what coded rows say, from what persons have judged, and from nothing else; how much a
sign weighs follows from the whole register. So the result is the same in whatever order files came and judgements were
made, and undoing one leaves what would stand without it. A row moves only when its own result has changed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import Q, QuerySet

from shiheng.columnar import frames, lake
from shiheng.fusion import prepared, publish
from shiheng.fusion.match import judge, sides, weigh
from shiheng.fusion.models import Batch, Fold, Link, Nameless, Verdict
from shiheng.fusion.resolve import code_of
from shiheng.jobs import queue
from shiheng.kernel import clock
from shiheng.subjects import actions as subjects
from shiheng.subjects import addresses
from shiheng.subjects.models import Identifier, Subject

JOB = "fusion.match"
BY, BY_PERSON = "name", "person"
# Changes of the subject file that rows without a code were judged after; what all of them were judged against.
MATCHED, AGAINST = "matched", "against"
# Statement → what it is to the matcher.
_SIGNS = {
    "name": "name", "representative": "person", "address": "address", "business_address": "address", "phone": "phone",
    "region": "region",
}  # fmt: skip
_WRITTEN = ["subject_id", "decision", "likely", "version", "candidates", "best_id"]
_SAID = {"id": pl.Int64, "field": pl.String, "value": pl.String}
Progress = Callable[[str, int, int], None]


def _quiet(_step: str, _done: int, _total: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a round did: rows judged, rows whose subject changed, and whether the register stood still meanwhile."""

    judged: int
    moved: int
    stands: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row without a code as it is kept."""

    pk: int
    batch: int
    row: int
    subject: int | None
    decision: str
    kept: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """How a row is judged now."""

    subject: int | None
    decision: str
    likely: float
    candidates: list[dict[str, Any]]

    def kept(self) -> tuple[Any, ...]:
        best = self.candidates[0]["subject"] if self.candidates else None
        return (self.subject, self.decision, self.likely, weigh.VERSION, self.candidates, best)


NOBODY = Found(None, "none", 0.0, [])


def enqueue() -> None:
    """Have the rows judged anew soon; asked for by whatever changed the register, once for all of it."""
    if Nameless.objects.exists():
        queue.enqueue(JOB, key=JOB)


def is_settled() -> bool:
    """Whether every row without a code was judged against the register as it stands."""
    return not Nameless.objects.exists() or _matched() == publish.fold()


def _matched() -> int:
    return Fold.objects.filter(name=MATCHED).values_list("value", flat=True).first() or 0


def settle(*, progress: Progress = _quiet, should_stop: Callable[[], bool] = lambda: False) -> Settled:
    """Judge every row without a code and move those whose result has changed; does nothing where nothing changed.

    While what coded rows say stands as it did, only rows that came since, or of which a person has spoken, are judged:
    every other would be judged as it was.
    """
    if is_settled():
        return Settled(0, 0, stands=True)
    seen, of, held = publish.fold(), *_to_judge()
    rows = {row.pk: row for row in _rows(held)}
    progress("比对", 0, len(rows))
    found = judged(rows) if rows else {}
    changed = [(row, found[row.pk]) for row in rows.values() if row.kept != found[row.pk].kept()]
    moved = 0
    for start in range(0, len(changed), publish.SLICE):
        if should_stop():
            return Settled(len(rows), moved, stands=False)
        part = changed[start : start + publish.SLICE]
        publish.folded(partial(_put_bare, part))
        moved += sum(row.subject != found.subject for row, found in part)
        seen += 1
        progress("比对", start + len(part), len(changed))
    counts = publish.counts()
    stands = counts[publish.SUBJECTS] == seen
    if publish.register_of(counts) == of:
        Fold.objects.update_or_create(name=AGAINST, defaults={"value": of})
    if stands:
        Fold.objects.update_or_create(name=MATCHED, defaults={"value": seen})
    return Settled(len(rows), moved, stands)


def _to_judge() -> tuple[int, QuerySet[Nameless]]:
    """The rows whose result may have changed, and how often what they are judged against had."""
    counts = publish.counts()
    of, held = publish.register_of(counts), Nameless.objects.filter(batch__state__in=Batch.LIVE)
    if counts.get(AGAINST) != of or held.exclude(version__in=["", weigh.VERSION]).exists():
        return of, held
    return of, held.filter(Q(version="") | Q(pk__in=Verdict.objects.values("row_id")))


def _rows(held: QuerySet[Nameless]) -> Iterator[Row]:
    for pk, batch, row, *rest in held.order_by("pk").values_list("pk", "batch_id", "row", *_WRITTEN):
        yield Row(pk, batch, row, rest[0], rest[1], tuple(rest))


def judged(rows: Iterable[int]) -> dict[int, Found]:
    """How each row is judged now, with what persons have said of it."""
    asked = sorted(rows)
    known = prepared.register(register).register
    same, barred = _verdicts()
    ranked = judge.judge(
        sides.side(_said_by(asked), known.places), pl.Series("row", asked, dtype=pl.Int64), known, barred=barred
    )
    found = dict.fromkeys(asked, NOBODY)
    for pk, lines in groupby(ranked.iter_rows(named=True), key=itemgetter("row")):
        found[pk] = _found(list(lines))
    for pk, subject in same.items():
        if pk in found:
            found[pk] = Found(subject, "judged", 1.0, found[pk].candidates)
    return found


def judged_alone(said: dict[str, str], known: judge.Register) -> Found:
    """How a row that says this, and of which nobody has spoken, is judged."""
    told = _clear(pl.DataFrame([(0, *line) for line in said.items()], schema=_SAID, orient="row"))
    ranked = judge.judge(sides.side(told, known.places), pl.Series("row", [0], dtype=pl.Int64), known)
    return _found(ranked.to_dicts()) if ranked.height else NOBODY


def _found(lines: list[dict[str, Any]]) -> Found:
    best = lines[0]
    candidates = [
        {
            "subject": line["subject"],
            "likely": round(line["likely"], 4),
            "signs": {
                sign: [line[sign], line[f"{sign}_shared"], round(line[f"{sign}_bits"], 2)]
                for sign in weigh.SIGNS
                if line[sign]
            },
        }
        for line in lines
    ]
    subject = best["subject"] if best["decision"] == "auto" else None
    return Found(subject, best["decision"], round(best["likely"], 4), candidates)


def register() -> judge.Register:
    """Every subject as its coded rows tell it, with every value they ever said, and the places its addresses name."""
    held = Link.objects.filter(until=None, batch__state__in=Batch.LIVE).exclude(by__in=[BY, BY_PERSON])
    lines = held.values_list("subject_id", "batch_id", "batch__source", "row")
    schema = {"subject": pl.Int64, "batch": pl.Int64, "source": pl.String, "row": pl.Int64}
    links = pl.DataFrame(list(lines), schema=schema, orient="row")
    told = lake.statements_of(settings.HOME / "lake", links, fields=list(_SIGNS)).select(
        id="subject", field=pl.col("field").replace_strict(_SIGNS, return_dtype=pl.String), value="value"
    )  # fmt: skip
    codes = Identifier.objects.filter(kind__in=["uscc", "regno", "orgcode"]).values_list("subject_id", "value")
    coded = pl.DataFrame(((pk, "code", value) for pk, value in codes), schema=_SAID, orient="row")
    said = pl.concat([_clear(told), coded]).unique()
    places = addresses.places(said.filter(pl.col("field") == "address")["value"])
    return judge.register(sides.side(said, places), total=links["subject"].n_unique(), places=places)


def _clear(said: pl.DataFrame) -> pl.DataFrame:
    """Without what tells no part of the city: a register kept by the city itself names no district."""
    return said.filter((pl.col("field") != "region") | ~pl.col("value").str.slice(0, 6).str.ends_with("00"))


def _said_by(asked: list[int]) -> pl.DataFrame:
    told = []
    for part in frames.slices(asked):
        for pk, name, signs in Nameless.objects.filter(pk__in=part).values_list("pk", "name", "signs"):
            told.append((pk, "name", name))
            told += [(pk, _SIGNS[sign], value) for sign, value in signs.items() if sign in _SIGNS]
    return _clear(pl.DataFrame(told, schema=_SAID, orient="row"))


def _verdicts() -> tuple[dict[int, int], pl.DataFrame]:
    """What persons have said and not undone: row → its subject, and the pairs that are not one."""
    same: dict[int, int] = {}
    barred: list[tuple[int, int]] = []
    for pk, subject, says in Verdict.objects.filter(undone_at=None).values_list("row_id", "subject_id", "says"):
        if says == "same":
            same[pk] = subject
        elif says == "different":
            barred.append((pk, subject))
    schema = {"row": pl.Int64, "subject": pl.Int64}
    return same, pl.DataFrame(barred, schema=schema, orient="row")


def put(changed: list[tuple[Row, Found]]) -> None:
    """What rows mean, their links and the files they touch, in the caller's change of the subject file."""
    frames.update(Nameless, _WRITTEN, ([row.pk, *found.kept()] for row, found in changed))
    moving = [(row, found) for row, found in changed if row.subject != found.subject]
    if moving:
        today = clock.today()
        _move(moving, today)
        touched = {found.subject for _, found in moving} | {row.subject for row, _ in moving}
        rewrite({pk for pk in touched if pk is not None}, today)


def _put_bare(changed: list[tuple[Row, Found]]) -> None:
    put(changed)
    publish.note_bare()


def kept(pk: int) -> Row:
    """A row without a code as it is kept."""
    return next(_rows(Nameless.objects.filter(pk=pk)))


def _move(moving: list[tuple[Row, Found]], today: date) -> None:
    """New links begin today, but a row's first: it has been known whom it means since it came."""
    for row, _found in moving:
        if row.subject:
            held = Link.objects.filter(batch_id=row.batch, row=row.row, by__in=[BY, BY_PERSON], until=None)
            held.update(until=today)
    frames.insert(
        Link,
        ("batch_id", "row", "subject_id", "by", "since"),
        (
            (row.batch, row.row, found.subject, BY_PERSON if found.decision == "judged" else BY,
             today if row.decision or row.subject else None)
            for row, found in moving
            if found.subject
        ),
    )  # fmt: skip


def rewrite(touched: set[int], today: date) -> None:
    """Write these subjects' files anew; one of whom nobody speaks any more is emptied."""
    publish.refresh(touched)
    held = Link.objects.filter(subject_id__in=touched, until=None, batch__state__in=Batch.LIVE)
    spoken = set(held.values_list("subject_id", flat=True))
    subjects.empty_files(sorted(touched - spoken), today=today)
    subjects.lead({**dict.fromkeys(spoken), **_gone_on_as(touched - spoken)})


def _gone_on_as(gone: set[int]) -> dict[int, int | None]:
    """Where the files of subjects nobody speaks of go on: with whoever bears the code that named them."""
    named = {pk: code_of(key) for pk, key in Subject.objects.filter(pk__in=gone).values_list("pk", "mint_key")}
    bearers = publish.known_codes(set(named.values()))
    return {pk: bearers.get(code) for pk, code in named.items()}
