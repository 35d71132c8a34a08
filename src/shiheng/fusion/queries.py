"""Batches, refused rows and the file as known on a day; whatever a person sees begins at ``visible_to``."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import polars as pl
from django.db.models import F, Func, Q, QuerySet
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import above, narrow, within
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import personal, publish, reading, sources
from shiheng.fusion.definition import FIELDS
from shiheng.fusion.models import Batch, Link, Quarantined
from shiheng.fusion.survivorship import closed, closings, spans
from shiheng.kernel.errors import Missing
from shiheng.ledger import files
from shiheng.subjects import layout
from shiheng.subjects.models import Identifier, Name, Premises, Record, Relation, Subject
from shiheng.subjects.queries import Known, PersonLine
from shiheng.ui.wording import say


def visible_to(who: Who) -> QuerySet[Batch]:
    """Batches of the offices over which ``who`` may read sources, and of the offices above them.

    A city's file serves its districts, so they may know of it and of its counts; which of its rows they may open is
    decided row by row, and the file itself stays with the office it was sent to (``own``).
    """
    paths = who.paths(May.READ_SOURCES)
    if "" in paths:  # everything; joined by "or" to anything else, the empty condition would vanish
        return Batch.objects.all()
    return Batch.objects.filter(within(paths) | Q(scope__in=above(paths)))


def own(who: Who, number: int) -> Batch:
    """A batch whose whole file ``who`` may open, or ``Missing``."""
    found = narrow(Batch.objects.filter(pk=number), who, May.READ_SOURCES).first()
    if found is None:
        told = _("没有编号为 %(number)s 的批次，或它的原件不在您的管辖范围内。") % {"number": number}
        raise Missing("batch.unknown", told)
    return found


def row_of(who: Who, number: int, row: int) -> dict[str, str]:
    """One row as received, for those whose territory the batch, or the subject the row speaks of, lies in; masked."""
    paths = who.paths(May.READ_SOURCES)
    found = batch(who, number)
    if not Batch.objects.filter(within(paths), pk=number).exists():
        linked = Link.objects.filter(batch_id=number, row=row)
        refused = Quarantined.objects.filter(batch_id=number, row=row)
        if not (linked.filter(within(paths, "subject__scope")).exists() or refused.filter(within(paths)).exists()):
            told = _("批次 %(number)s 没有第 %(row)s 行，或它不在您的管辖范围内。") % {"number": number, "row": row}
            raise Missing("row.unknown", told)
    return original_row(found, row)


def batch(who: Who, number: int) -> Batch:
    """One batch, or ``Missing``: another office's is not told apart from none."""
    found = visible_to(who).filter(pk=number).first()
    if found is None:
        told = _("没有编号为 %(number)s 的批次，或它不在您的管辖范围内。") % {"number": number}
        raise Missing("batch.unknown", told)
    return found


class _Bare(Func):
    """A column SQLite may not narrow by: it would gather a whole city's rows by it and sort them to show one page.

    So it reads the list's own order, whose index holds what is asked of each row. PostgreSQL counts for itself.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **options)


def quarantine(who: Who, power: May = May.READ_SOURCES) -> QuerySet[Quarantined]:
    """Refused rows that name a place of ``who``'s territory, and all of the files its offices sent themselves."""
    paths = who.paths(power)
    sent = Batch.objects.filter(within(paths)).values("pk")
    rows = Quarantined.objects.select_related("batch").alias(place=_Bare(F("scope")), sent_in=_Bare(F("batch_id")))
    return rows.filter(within(paths, "place") | Q(sent_in__in=sent))


def from_source(rows: QuerySet[Quarantined], code: str) -> QuerySet[Quarantined]:
    """Those of the rows that came in files of one source."""
    batches = Batch.objects.filter(source=code).values("pk")
    return rows.alias(came_in=_Bare(F("batch_id"))).filter(came_in__in=batches)


def refused_row(who: Who, number: int, power: May = May.READ_SOURCES) -> Quarantined:
    """One refused row, or ``Missing``."""
    found = quarantine(who, power).filter(pk=number).first()
    if found is None:
        told = _("没有编号为 %(number)s 的隔离行，或它不在您的管辖范围内。") % {"number": number}
        raise Missing("quarantine.unknown", told)
    return found


def refused_at(who: Who, batch: int, row: int) -> Quarantined | None:
    """The row of a batch, if it was refused: it may stand mended."""
    return quarantine(who).filter(batch_id=batch, row=row).first()


def reasons_of(who: Who, found: Batch) -> list[tuple[str, str, int]]:
    """Why rows of a batch in my territory were refused: (code, an example, rows), most frequent first."""
    counted: dict[str, tuple[str, int]] = {}
    for reasons in quarantine(who).filter(batch=found).values_list("reasons", flat=True).iterator(chunk_size=5_000):
        for reason in reasons:
            example, count = counted.get(reason["code"], (reason["message"], 0))
            counted[reason["code"]] = (example, count + 1)
    return sorted(((code, example, n) for code, (example, n) in counted.items()), key=lambda line: -line[2])


def original_row(found: Batch, row: int, *, whole: bool = False) -> dict[str, str]:
    """One row of a landed file as received, under the file's own headers; masked unless it is wanted ``whole``."""
    table = reading.read(files.KeptFile(found.file), found.filename)
    read = next(islice(table.rows, row - 1, row), None)
    if read is None:
        told = _("批次 %(number)s 的文件中没有第 %(row)s 行。") % {"number": found.pk, "row": row}
        raise Missing("row.unknown", told)
    return personal.row_under_headers(sources.find(found.source), table.header, read, whole=whole)


def _known_by(day: date) -> Q:
    """Links that stood on ``day``, of batches whose rows were known then: landed by then, not yet withdrawn then."""
    known = Q(batch__known_on__lte=day) & (Q(batch__withdrawn_on=None) | Q(batch__withdrawn_on__gt=day))
    return known & (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gt=day))


def _stopped_by(day: date) -> dict[int, date]:
    """Batch → the day a full snapshot took its place, of those known on ``day``."""
    held = Batch.objects.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day), known_on__lte=day)
    held = held.exclude(state__in=["landed", "checking", "resolving", "refused"])
    return closings(list(held.values_list("pk", "source", "scope", "delivery", "known_on")))


def statements_on(subject: int, day: date | None = None) -> pl.DataFrame:
    """Every statement about a subject known on ``day`` (now, when no day is given), with rank, source and closing."""
    links = Link.objects.filter(subject_id=subject)
    links = links.filter(_known_by(day)) if day else links.filter(until=None, batch__state__in=Batch.LIVE)
    said = publish.statements_about(publish.links_frame(links.values_list(*publish.LINK_VALUES)))
    return closed(said, _stopped_by(day) if day else publish.stopped())


def as_of(subject: int, day: date) -> dict[str, dict[str, Any]]:
    """A subject's fields as known on ``day``, in the shape of ``Subject.fields``; empty when nothing was known yet."""
    return dict(known(subject, day).fields)


def known(subject: int, day: date) -> Known:
    """A subject as known at the end of ``day``: fields, names, premises and representatives, from statements alone."""
    said = statements_on(subject, day)
    if said.is_empty():
        return Known({})

    def held(field: str) -> list[tuple[str, dict[str, Any]]]:
        lines = spans(said, field).sort("current", "last_day", "first_day", descending=True).iter_rows(named=True)
        return [(line.pop("value"), {k: v for k, v in line.items() if k != "subject"}) for line in lines]

    return Known(
        publish.fields_of(publish.words(said)).get(subject, {}),
        [Name(subject_id=subject, text=text, **line) for text, line in held("name")],
        [
            Premises(subject_id=subject, kind=kind, text=text, **line)
            for kind, field in (("business_place", "business_address"), ("domicile", "address"))
            for text, line in held(field)
        ],
        [
            PersonLine(
                role=Relation.ROLES["representative"],
                name=name,
                other_id=None,
                since=line["first_day"],
                until=line["last_day"],
                current=line["current"],
                source=line["source"],
                verified=False,
                masked=False,
            )
            for name, line in held("representative")
        ],
    )


def said_of(subject: int) -> list[dict[str, Any]]:
    """All that was ever said of a subject and is still held, newest first: for its page's 来源 panel."""
    said = statements_on(subject).sort(["field", "day", "batch", "row"], descending=[False, True, True, True])
    return [
        {**line, "title": say(FIELDS.get(line["field"])) or layout.title_of_said(line["field"], say)}
        for line in said.iter_rows(named=True)
    ]


def batches_named(numbers: set[int]) -> dict[int, Batch]:
    """Batches by number, for naming where a value came from; shows file and day, opens nothing."""
    return Batch.objects.only("pk", "source", "filename", "known_on", "scope").in_bulk(numbers)


def dumped() -> Iterator[str]:
    """The whole subject file as JSON lines, batches by their numbers."""
    return _lines({})


def canonical() -> Iterator[str]:
    """The whole subject file as sorted JSON lines without serial keys or run times: equal files give equal bytes."""
    return _lines(dict(Batch.objects.values_list("pk", "file")))


# Where a line of a record holds its facts: what is personal in them leaves masked, also so that two data directories
# with keys of their own give equal bytes.
_FACTS = 5


def _lines(files_of: dict[int, str], *, slice_size: int = 2_000) -> Iterator[str]:
    """Batches are named by ``files_of`` where it knows them."""
    last = -1
    # An id once given stays taken; a file nobody speaks for is no part of what is known.
    spoken = Subject.objects.exclude(live=False, fields={})
    while rows := list(spoken.filter(pk__gt=last).order_by("pk")[:slice_size]):
        last = rows[-1].pk
        ids = [s.pk for s in rows]
        held = {
            "identifiers": _grouped(Identifier, ids, ("kind", "value")),
            "names": _grouped(Name, ids, ("text", "first_day", "last_day", "current", "source")),
            "premises": _grouped(Premises, ids, ("kind", "text", "key", "first_day", "last_day", "current", "source")),
            "relations": _grouped(
                Relation,
                ids,
                ("role", "named", "person__verified", "other_id", "first_day", "last_day", "current", "source"),
            ),
            "records": _grouped(
                Record,
                ids,
                ("kind", "source", "key", "day", "state", "facts", "absent", "gone_on", "until", "reference"),
            ),
        }
        for subject in rows:
            # When it ended is worked out from its fields and records, which stand here already.
            line = model_to_dict(subject, exclude=["ended_on"])
            line["fields"] = {
                name: {**said, "batch": files_of.get(said["batch"], said["batch"])}
                for name, said in subject.fields.items()
            }
            for record in held["records"].get(subject.pk, ()):
                until, gone = record.pop(-2), record[-2]
                record[_FACTS] = personal.shown(record[_FACTS])
                absent = record.pop(_FACTS + 1)
                if until and until.isoformat() != record[_FACTS].get("valid_until"):
                    record[_FACTS]["until"] = until
                if gone is None:
                    del record[-2]
                batch, _, row = record[-1].partition(":")
                record[-1] = f"{files_of.get(int(batch), batch)}:{row}" if batch.isdigit() else record[-1]
                if absent:
                    record.insert(_FACTS + 1, absent)
            line |= {title: lines.get(subject.pk, []) for title, lines in held.items()}
            yield json.dumps(line, ensure_ascii=False, sort_keys=True, default=str)


def _grouped(model: Any, ids: list[int], names: tuple[str, ...]) -> dict[int, list[list[Any]]]:
    out: dict[int, list[list[Any]]] = {}
    for subject, *line in model.objects.filter(subject_id__in=ids).values_list("subject_id", *names):
        out.setdefault(subject, []).append(line)
    for lines in out.values():
        lines.sort(key=lambda line: json.dumps(line, ensure_ascii=False, default=str))
    return out
