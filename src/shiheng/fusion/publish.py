"""Links, winners and spans written to the subject file: the two steps that change what officers see."""

import fcntl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

import polars as pl
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max

from shiheng.accounts.territories import Territories, territories
from shiheng.columnar import frames, lake
from shiheng.fusion import rulings, sources
from shiheng.fusion.definition import Source
from shiheng.fusion.models import Batch, Contest, Fold, Link, Mending, Nameless
from shiheng.fusion.resolve import KINDS, UNIFIED, Code, Resolved, Rulings, mint, resolve
from shiheng.fusion.statement import NONE
from shiheng.fusion.survivorship import UNRANKED, closed, closings, last_words, records, spans, winners
from shiheng.subjects import actions as subjects
from shiheng.subjects.models import Identifier, Subject

# Counts: changes of the subject file, and those among them that left what coded rows say as it was.
SUBJECTS, BARE = "subjects", "bare"
# Rows fused in one transaction: on SQLite nobody else writes while it writes.
SLICE = 1_000
T = TypeVar("T")
CONTESTED = ("batch_id", "row", "speaker_id", "holder_id", "kind", "value")
_MINTED = (
    "id", "mint_key", "scope", "live", "name", "uscc", "kind", "status", "capital_currency", "representative",
    "address", "region", "industry", "fields", "updated_on",
)  # fmt: skip


class StaleError(Exception):
    """The subject file was changed by another chunk since this one read it."""


def fold() -> int:
    """How often the subject file has been changed, read before a chunk is worked out."""
    row, _ = Fold.objects.get_or_create(name=SUBJECTS)
    return row.value


def unfold(seen: int) -> None:
    """Count this change, or give up if anybody else's came between."""
    if Fold.objects.filter(name=SUBJECTS, value=seen).update(value=seen + 1) != 1:
        raise StaleError


def counts() -> dict[str, int]:
    """Every count by its name, all of one moment."""
    return dict(Fold.objects.values_list("name", "value"))


def register_of(held: dict[str, int]) -> int:
    """How often what coded rows say has been changed: all changes but those that left it as it was."""
    return held.get(SUBJECTS, 0) - held.get(BARE, 0)


def note_bare() -> None:
    """Say, inside a change of the subject file, that no coded row and no code comes, goes or moves by it."""
    if not Fold.objects.filter(name=BARE).update(value=F("value") + 1):
        Fold.objects.create(name=BARE, value=1)


def folded(work: Callable[[], bool | None]) -> None:
    """Do ``work`` in one transaction that counts as one change of the subject file, unless it says it made none.

    Where another change came between, it is worked out anew; a fault nobody else caused is raised.
    """
    while not _changed(lambda: None, lambda _: work()):
        pass


def folded_after(read: Callable[[], T], write: Callable[[T], None]) -> None:
    """As ``folded``, with what takes long and only reads done before the transaction.

    On SQLite whoever signs in waits for the transaction alone. One at a time of a home goes about it, so that no
    reading is in vain; that is courtesy only: a change that came between is found by its count.
    """
    with _turn():
        while not _changed(read, write):
            pass


def _changed(read: Callable[[], T], write: Callable[[T], bool | None]) -> bool:
    """Whether the change was made, and not overtaken by another since the count was read."""
    seen = fold()
    try:
        found = read()
        with transaction.atomic():
            if write(found) is not False:
                unfold(seen)
    except (IntegrityError, StaleError):
        if fold() == seen:
            raise
        return False
    return True


@contextmanager
def _turn() -> Iterator[None]:
    """One process of this home at a time; in a transaction nobody is waited for, who might wait for its locks."""
    if connection.in_atomic_block:
        yield
        return
    with (settings.HOME / "fusing.lock").open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def known_codes(codes: set[Code]) -> dict[Code, int]:
    found: dict[Code, int] = {}
    for kind in {kind for kind, _ in codes}:
        for part in frames.slices(sorted(value for k, value in codes if k == kind)):
            rows = Identifier.objects.filter(kind=kind, value__in=part).values_list("value", "subject_id")
            found.update({(kind, value): subject for value, subject in rows})
    return found


def codes_of_part(source: Source, part: pl.DataFrame) -> dict[int, list[Code]]:
    """Row → its codes as (kind, value), in the source's order of trust."""
    fields = {column: said for said, column in source.statements.items()}
    order = [(KINDS[source.column(c).kind], fields[c]) for c in source.identify]
    rank = {said: at for at, (_, said) in enumerate(order)}
    kind_of = {said: kind for kind, said in order}
    coded = part.filter(pl.col("field").is_in(list(rank))).with_columns(
        pl.col("field").replace_strict(rank, return_dtype=pl.Int64).alias("rank")
    )
    rows: dict[int, list[Code]] = {}
    for row, said, value in coded.sort("row", "rank", "value").select("row", "field", "value").iter_rows():
        rows.setdefault(row, []).append((kind_of[said], value))
    return rows


def resolve_chunk(number: int, batch: Batch) -> set[int]:
    """Give every accepted row of a chunk its subject, mint those nobody has named before; gives the subjects.

    A chunk without a single code changes nothing rows without one are judged against.
    """
    part = lake.read_part(settings.HOME / "lake", batch.source, batch.pk, number)
    rows = codes_of_part(sources.find(batch.source), part)
    ruled = rulings.standing()
    known = known_codes(ruled.alike(code for codes in rows.values() for code in codes))
    sure = _sure(rows, known, ruled)
    done = resolve(rows.items(), known, taken=taken_ids(rows, known, ruled), sure=sure, rulings=ruled)
    store_minted(done, scope=batch.scope, today=batch.known_on)
    frames.insert(Link, ("batch_id", "row", "subject_id", "by"), ((batch.pk, *link) for link in done.links))
    store_contests(batch.pk, done)
    note(batch, sources.find(batch.source), part, rows)
    if not rows:
        note_bare()
    return {subject for _, subject, _ in done.links}


def _sure(rows: dict[int, list[Code]], known: dict[Code, int], ruled: Rulings) -> set[int]:
    """The subjects known by the codes of a chunk that have a code of their own, told in it or not.

    Asked of all of them, not only of those a new code is told beside: within the chunk one code leads to another.
    """
    sure = {subject for code, subject in known.items() if ruled.own([code])}
    rest = set(known.values()) - sure
    new = any((own := ruled.own(codes)) is not None and own not in known for codes in rows.values())
    return sure | (bearers(rest, ruled) if rest and new else set())


def bearers(subjects: set[int], ruled: Rulings) -> set[int]:
    """Those of some subjects that bear a code of their own."""
    found: set[int] = set()
    for part in frames.slices(sorted(subjects)):
        held = Identifier.objects.filter(subject_id__in=part)
        found.update(held.filter(kind=UNIFIED).values_list("subject_id", flat=True))
        said = {*ruled.one, *ruled.apart}
        if said:
            ruling = held.filter(value__in=[value for _kind, value in said])
            found.update(pk for pk, *code in ruling.values_list("subject_id", "kind", "value") if tuple(code) in said)
    return found


def note(batch: Batch, source: Source, part: pl.DataFrame, coded: Iterable[int]) -> None:
    """Keep the rows of a chunk that bear a name and no code; whom they mean is judged when the register stands."""
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
        ("batch_id", "row", "name", "signs", "decision", "likely", "version", "candidates"),
        (
            (batch.pk, row, said["name"], {k: v for k, v in said.items() if k != "name"}, "", 0.0, "", [])
            for row, said in named.items()
        ),
    )


def store_minted(done: Resolved, *, scope: str, today: date) -> None:
    """The subjects newly minted, as empty files, and the codes newly learnt; an emptied one stands up again."""
    emptied = set(Subject.objects.filter(pk__in=list(done.minted)).values_list("pk", flat=True))
    frames.insert(
        Subject,
        _MINTED,
        (
            (i, key, scope, False, "", "", "other", "unknown", "", "", "", "", "", {}, today)
            for i, key in done.minted.items()
            if i not in emptied
        ),
    )
    frames.insert(Identifier, ("subject_id", "kind", "value"), ((s, *code) for code, s in done.learnt.items()))


def store_contests(batch: int, done: Resolved) -> None:
    frames.insert(Contest, CONTESTED, ((batch, *line) for line in done.contests))


def taken_ids(rows: dict[int, list[Code]], known: dict[Code, int], ruled: Rulings) -> dict[int, str]:
    """Ids a new subject of these rows might collide with: minted ones whose key is another's."""
    fresh = {codes[0] for codes in rows.values()} | {ruled.own(codes) for codes in rows.values()}
    candidates = {mint(key) for code in fresh if code and code not in known for key in ruled.mint_keys(code)}
    taken: dict[int, str] = {}
    for part in frames.slices(sorted(candidates)):
        taken.update(Subject.objects.filter(id__in=part).values_list("id", "mint_key"))
    return taken


def statements_about(links: pl.DataFrame) -> pl.DataFrame:
    """Every statement behind the given links (``subject, batch, source, row, known_on``), with its source's rank."""
    said = lake.statements_of(settings.HOME / "lake", links.select("subject", "batch", "source", "row"))
    known = links.select("batch", "known_on").unique()
    mended = links.filter(pl.col("mends").is_not_null())
    ranks = pl.DataFrame(
        [(code, f, r) for code, source in sources.every().items() for f, r in source.authority.items()],
        schema={"source": pl.String, "field": pl.String, "rank": pl.Int64},
        orient="row",
    )
    return (
        _in_place(said.join(known, on="batch", how="left"), mended)
        .join(ranks, on=["source", "field"], how="left")
        .with_columns(pl.col("rank").fill_null(UNRANKED))
    )


def _in_place(said: pl.DataFrame, mended: pl.DataFrame) -> pl.DataFrame:
    """Statements of mended rows as if the rows had been right when they first came.

    They take the batch, the row and the day of the row they mend: what its source has said since, a full snapshot or a
    later row, counts against them as it would have then. When they came to be known is for their link to say.
    """
    if mended.is_empty():
        return said
    places: list[tuple[Any, ...]] = []
    for batch, rows in mended.group_by("batch"):
        for part in frames.slices(rows["row"].unique().sort().to_list()):
            found = Mending.objects.filter(batch_id=batch[0], row__in=part)
            places += found.values_list(
                "batch_id", "row", "quarantined__batch_id", "quarantined__row", "quarantined__batch__known_on"
            )
    schema = {"batch": pl.Int64, "row": pl.Int64, "_batch": pl.Int64, "_row": pl.Int64, "_known": pl.Date}
    held = said.join(pl.DataFrame(places, schema=schema, orient="row"), on=["batch", "row"], how="left")
    return held.with_columns(
        pl.coalesce("_batch", "batch").alias("batch"),
        pl.coalesce("_row", "row").alias("row"),
        pl.coalesce("_known", "known_on").alias("known_on"),
    ).drop("_batch", "_row", "_known")


LINK_SCHEMA = {
    "subject": pl.Int64, "batch": pl.Int64, "source": pl.String, "row": pl.Int64, "known_on": pl.Date,
    "mends": pl.Int64,
}  # fmt: skip
LINK_VALUES = ("subject_id", "batch_id", "batch__source", "row", "batch__known_on", "batch__mends_id")


def links_frame(links: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
    """Rows of ``LINK_VALUES`` as a frame."""
    return pl.DataFrame(list(links), schema=LINK_SCHEMA, orient="row")


def stopped() -> dict[int, date]:
    """Batch → the day a later full snapshot of its source took its place, among the batches in force now."""
    held = Batch.objects.filter(state__in=Batch.LINKED)
    return closings(list(held.values_list("pk", "source", "scope", "delivery", "known_on")))


def work_out_rows(batch: Batch, *, first: int, last: int) -> subjects.Files | None:
    """The files of every subject the rows after ``first`` up to ``last`` speak of, worked out from all live batches."""
    about = Link.objects.filter(batch=batch, row__gt=first, row__lte=last, until=None)
    return work_out(about.values_list("subject_id", flat=True))


def refresh(ids: Iterable[int]) -> None:
    """Write the files of the given subjects anew."""
    write(work_out(ids))


def write(files: subjects.Files | None) -> None:
    if files:
        subjects.write_files(files)


def work_out(ids: Iterable[int]) -> subjects.Files | None:
    """The files of the given subjects from all live batches, not written yet; nothing where nobody speaks."""
    held = Link.objects.filter(subject_id__in=sorted(set(ids)), until=None, batch__state__in=Batch.LIVE)
    links = links_frame(held.values_list(*LINK_VALUES))
    if links.is_empty():
        return None
    said = closed(statements_about(links), stopped())
    own = said.filter(~pl.col("field").str.contains(".", literal=True))
    won = words(own)
    places = territories()
    scopes = dict(Batch.objects.values_list("pk", "scope"))
    live = set(own.filter(pl.col("closed_on").is_null())["subject"].to_list())
    return subjects.Files(
        subjects=_subject_rows(won, links, places, scopes, live),
        names=spans(own, "name"),
        domiciles=spans(own, "address"),
        business_places=spans(own, "business_address"),
        representatives=spans(own, "representative"),
        records=_with_always(records(said)),
    )


def words(own: pl.DataFrame) -> pl.DataFrame:
    """What wins each field now; where nobody speaks any more, what was said last."""
    heard = winners(own)
    return pl.concat([heard, last_words(own).select(heard.columns)])


def _with_always(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records with what their source says of every one of its rows."""
    always = {code: source.record.always for code, source in sources.every().items() if source.record}
    out = []
    for record in found:
        facts = {**always.get(record["source"], {}), **record["facts"]}
        absent = {name: state for name, state in record["absent"].items() if name not in facts}
        out.append({**record, "facts": facts, "absent": absent})
    return out


def fields_of(won: pl.DataFrame) -> dict[int, dict[str, dict[str, Any]]]:
    """Winning statements as the subject file keeps them: field → value with source, batch, row, day and why."""
    files: dict[int, dict[str, dict[str, Any]]] = {}
    columns = ["subject", "field", "value", "source", "batch", "row", "day", "why", "others"]
    rows = won.sort("subject", "field").select(columns).iter_rows()
    for subject, said, value, source, batch, row, day, why, others in rows:
        files.setdefault(subject, {})[said] = {
            "value": "" if value == NONE else value,
            **({"absent": "none"} if value == NONE else {}),
            "source": source,
            "batch": batch,
            "row": row,
            "day": day.isoformat(),
            "why": why,
            "others": others,
        }
    return files


def _subject_rows(
    won: pl.DataFrame, links: pl.DataFrame, places: Territories, scopes: dict[int, str], live: set[int]
) -> list[Subject]:
    newest = dict(links.group_by("subject").agg(pl.col("known_on").max()).iter_rows())
    # A subject nobody's territory covers stays with the office that sent its newest file.
    sender = dict(links.sort("known_on", "batch").group_by("subject").agg(pl.col("batch").last()).iter_rows())
    return [
        subjects.from_fields(
            subject,
            fields,
            scope=places.place(
                # An old number, too, begins with the division of the office that registered the business.
                region=_value(fields, "region") or _value(fields, "uscc")[2:8] or _value(fields, "regno")[:6],
                address=_value(fields, "address"),
                fallback=scopes.get(sender[subject], ""),
            ),
            updated_on=newest[subject],
            live=subject in live,
        )
        for subject, fields in fields_of(won).items()
    ]


def _value(fields: dict[str, dict[str, Any]], name: str) -> str:
    return fields[name]["value"] if name in fields else ""


def latest_known() -> date | None:
    """The day the newest live batch was known."""
    return Batch.objects.filter(state__in=Batch.LIVE).aggregate(day=Max("known_on"))["day"]
