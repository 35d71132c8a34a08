"""Writing the subject file: what fusion worked out becomes rows, names, premises and relations, whole or not at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import polars as pl
from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.actions import check_enterprises
from shiheng.accounts.deeds import once
from shiheng.accounts.models import Account
from shiheng.accounts.permissions import Who
from shiheng.accounts.territories import territories
from shiheng.columnar import frames
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Conflict, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.subjects import addresses, behaviour, changes, definition, marks, persons, search, stays
from shiheng.subjects.models import Name, PermitGap, Person, Premises, Record, Relation, Representation, Stay, Subject

AnyRow = TypeVar("AnyRow", bound=Model)
BASIS_LENGTH = 64

kinds.declare(subjects_represented="设立代表关系")

_WRITTEN = [
    "scope", "live", "name", "uscc", "kind", "status", "established", "ended_on", "capital_fen", "capital_currency",
    "representative", "address", "region", "industry", "fields", "updated_on",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Files:
    """Whole subject files to write: the rows, and what each held over time (frames of ``survivorship.spans``)."""

    subjects: list[Subject]
    names: pl.DataFrame
    domiciles: pl.DataFrame
    business_places: pl.DataFrame
    representatives: pl.DataFrame
    records: list[dict[str, Any]] = field(default_factory=list)


def from_fields(
    subject: int, fields: dict[str, dict[str, Any]], *, scope: str, updated_on: date, live: bool = True
) -> Subject:
    """A subject's row from its winning fields (each a dict with ``value``); promoted columns are read from there.

    ``live`` is false where every source has stopped speaking of it: its file keeps the last that was said.
    """

    def value(name: str) -> str:
        return fields[name]["value"] if name in fields else ""

    fen, _, currency = value("capital").partition(" ")
    established = value("established")
    return Subject(
        id=subject,
        scope=scope,
        live=live,
        name=value("name"),
        uscc=value("uscc"),
        kind=kind_of(value("uscc"), value("type"), value("name")),
        status=value("status") or "unknown",
        established=date.fromisoformat(established) if established else None,
        ended_on=_ended_on(fields),
        capital_fen=int(fen) if fen else None,
        capital_currency=currency,
        representative=value("representative"),
        address=value("address"),
        region=value("region") or value("uscc")[2:8],
        industry=value("industry")[:100],
        fields=fields,
        updated_on=updated_on,
    )


def _ended_on(fields: dict[str, dict[str, Any]]) -> date | None:
    """Since when a subject is no more: the day of the statement that says so."""
    said = fields.get("status", {})
    if said.get("value", "unknown") in {"", "unknown", *Subject.STANDING}:
        return None
    return _day(said.get("day"))


def _end_as_cancelled(files: Files) -> None:
    """Where a cancellation is told, its day is the end, not that of the delivery that repeats the state."""
    days = {
        line["subject"]: date.fromisoformat(line["day"])
        for line in files.records
        if line["kind"] == "cancellation"
        and line["day"]
        and not line.get("gone_on")
        and line["state"] != definition.DELETED_STATE
    }
    for subject in files.subjects:
        if subject.ended_on is not None:
            subject.ended_on = days.get(subject.pk, subject.ended_on)


def kind_of(uscc: str, type_: str, name: str) -> str:
    """企业、个体工商户、合作社或分支机构, by the code's first two places, else by the type's words."""
    if "分公司" in type_ or "分支机构" in type_ or name.endswith(("分公司", "分店", "分厂")):  # not shown: read
        return "branch"
    by_code = {"91": "enterprise", "92": "individual", "93": "cooperative"}.get(uscc[:2])
    if by_code:
        return by_code
    if "个体" in type_:  # not shown: read
        return "individual"
    if "合作社" in type_:  # not shown: read
        return "cooperative"
    return "enterprise" if "公司" in type_ or "企业" in type_ else "other"  # not shown: read


def write_files(files: Files) -> None:
    """Write subject files in the caller's transaction; what has not changed is not touched."""
    ids = [s.pk for s in files.subjects]
    _end_as_cancelled(files)
    asked = changes.watched()
    before = changes.identities(ids) if changes.IDENTITY in asked else {}
    changed = _write_subjects(files.subjects)
    named = _settle(Name.objects.filter(subject_id__in=ids), _names(files.names), ("subject_id", "text"))
    placed = Premises.objects.filter(subject_id__in=ids)
    _settle(placed, _premises(files), ("subject_id", "kind", "text"), ("key", "door", "unit"))
    _settle_persons(ids, persons.seats(files.representatives, files.records))
    recorded = _settle_records(files.subjects, files.records)
    _settle_stays(files)
    marks.move(changed, (row for pair in recorded for row in pair))
    _settle_permit_gaps(files.subjects)
    search.index(sorted(changed.union(row.subject_id for pair in named for row in pair if row)))
    if asked:
        told = changes.of_subjects(before, files.subjects) if changes.IDENTITY in asked else []
        changes.write(told + changes.of_records(recorded, asked))


def _write_subjects(rows: list[Subject]) -> set[int]:
    """The subjects' own rows; gives those in which more than the provenance of their values changed.

    Most files say something new of a subject's records and repeat the subject itself: then no index is touched.
    """
    *said, fields, day = _WRITTEN
    stood = {pk: values for pk, *values in Subject.objects.filter(pk__in=[r.pk for r in rows]).values_list("pk", *said)}
    changed, repeated = [], []
    for row in rows:
        fresh = [getattr(row, column) for column in said]
        if fresh != stood.get(row.pk):
            changed.append([row.pk, *fresh, row.fields, row.updated_on])
        else:
            repeated.append([row.pk, row.fields, row.updated_on])
    frames.update(Subject, _WRITTEN, changed)
    frames.update(Subject, [fields, day], repeated)
    return {pk for pk, *_ in changed}


def represent(
    who: Who,
    *,
    subject: int,
    account: int,
    basis: str,
    from_: date,
    to: date | None = None,
    key: UUID | None,
) -> Representation:
    """Bind a business to a login that may act for it: on what basis, from which day, and to which (not included)."""
    check_enterprises(who)
    basis = basis.strip()
    if not basis:
        raise Refused("representation.basis", "请写明代表的依据，例如：法定代表人。", field="basis")
    if len(basis) > BASIS_LENGTH:
        raise Refused("representation.basis", _("依据不能超过 %(most)s 个字。") % {"most": BASIS_LENGTH}, field="basis")
    if to is not None and to <= from_:
        raise Refused("representation.days", "终止日期须晚于起始日期。", field="to")
    login = Account.objects.filter(pk=account).first()
    if login is None:
        raise Missing("account.missing", "没有这个人员，或其不在您的辖区。")
    if login.kind != "enterprise" or not login.is_active:
        raise Refused("representation.account", "只有在用的经营主体用户可以代表经营主体。")
    row = Subject.objects.filter(pk=subject, live=True, redirect_to=None).first()
    if row is None:
        raise Missing("subject.missing", "没有找到这个主体。请核对代码，或返回首页按名称重新查询。")
    facts = {"account": login.username, "basis": basis, "from": from_.isoformat(), "to": to.isoformat() if to else ""}

    def do() -> dict[str, int]:
        # Half-open spans overlap when each begins before the other ends.
        held = Representation.objects.filter(Q(until=None) | Q(until__gt=from_), account=login, subject=row)
        if (held.filter(since__lt=to) if to else held).exists():
            raise Conflict("representation.held", _("%(name)s在这段时间已代表该主体。") % {"name": login.name})
        try:
            with transaction.atomic():
                made = Representation.objects.create(account=login, subject=row, basis=basis, since=from_, until=to)
        except IntegrityError:
            raise Conflict(
                "representation.held", _("%(name)s在这段时间已代表该主体。") % {"name": login.name}
            ) from None
        ledger.record("subjects.represented", subject=f"subject:{row.pk}", who=who, facts=facts, scope=row.scope)
        return {"representation": made.pk}

    payload = {"subject": subject, **facts}
    result, _fresh = once(who, key=key, action="subjects.represent", payload=payload, do=do)
    return Representation.objects.get(pk=result["representation"])


_HELD = ("first_day", "last_day", "current", "source")


def _names(frame: pl.DataFrame) -> list[Name]:
    return [
        Name(subject_id=s, text=text, first_day=first, last_day=last, current=current, source=source)
        for s, text, first, last, current, source in frame.iter_rows()
    ]


def _premises(files: Files) -> list[Premises]:
    rows = []
    for kind, frame in (("domicile", files.domiciles), ("business_place", files.business_places)):
        houses = addresses.houses(frame.to_series(1)) if frame.height else []
        for (s, text, first, last, current, source), (door, unit) in zip(frame.iter_rows(), houses, strict=True):
            held = dict(zip(_HELD, (first, last, current, source), strict=True))
            key = definition.address_key(text)
            rows.append(Premises(subject_id=s, kind=kind, text=text, key=key, door=door, unit=unit, **held))
    return rows


def _settle(
    existing: "QuerySet[AnyRow]",
    desired: list[AnyRow],
    key: tuple[str, ...],
    also: tuple[str, ...] = (),
    watched: tuple[str, ...] = _HELD,
) -> "list[tuple[AnyRow | None, AnyRow | None]]":
    """Make the stored rows equal the desired ones by key; what is equal already is not touched.

    Gives what was done: each row as it was (nothing if it is new) and as it is (nothing if it is gone).
    """
    model = existing.model
    held = {tuple(getattr(row, k) for k in key): row for row in existing}
    fresh, changed = [], []
    done: list[tuple[AnyRow | None, AnyRow | None]] = []
    for row in desired:
        old = held.pop(tuple(getattr(row, k) for k in key), None)
        if old is None:
            fresh.append(row)
            done.append((None, row))
        elif any(getattr(old, f) != getattr(row, f) for f in watched):
            changed.append([old.pk, *(getattr(row, f) for f in watched)])
            done.append((old, row))
    done += [(row, None) for row in held.values()]
    if held:
        model._default_manager.filter(pk__in=[row.pk for row in held.values()]).delete()
    frames.update(model, watched, changed)
    names = (*key, *also, *watched)
    frames.insert(model, names, ([getattr(row, n) for n in names] for row in fresh))
    return done


def _settle_persons(ids: list[int], held: list[persons.Seat]) -> None:
    """Whoever holds a position in these subjects; one person has one name, the one told first."""
    wanted = {seat.key: (seat.name, seat.verified) for seat in reversed(held)}
    known = dict(Person.objects.filter(key__in=list(wanted)).values_list("key", "id"))
    fresh = [(key, *said) for key, said in wanted.items() if key not in known]
    if frames.insert(Person, ("key", "name", "verified"), fresh):
        known.update(Person.objects.filter(key__in=[key for key, *_ in fresh]).values_list("key", "id"))
    watched = (*_HELD, "named", "contact")
    relations = [
        Relation(
            subject_id=seat.subject, role=seat.role, person_id=known[seat.key], named=seat.name, contact=seat.contact,
            **{name: getattr(seat, name) for name in _HELD},
        )
        for seat in held
    ]  # fmt: skip
    existing = Relation.objects.filter(subject_id__in=ids, person__isnull=False)
    done = _settle(existing, relations, ("subject_id", "role", "person_id"), watched=watched)
    _forget({was.person_id for was, now in done if was and now is None})


def _forget(numbers: Collection[int | None]) -> None:
    """Persons who stand nowhere any more are not kept; whoever was traced or judged stays with that on record."""
    held = {number for number in numbers if number is not None}
    if held:
        Person.objects.filter(pk__in=held, relations=None, traces=None, opinions=None, opinions_of=None).delete()


def empty_files(ids: list[int], *, today: date) -> None:
    """Empty the files of subjects no source in force speaks of: their ids stay taken, everything else is gone."""
    _tell_of_emptied(ids)
    marks.move_all(ids)
    frames.update(
        Subject,
        _WRITTEN,
        ([i, "", False, "", "", "other", "unknown", None, None, None, "", "", "", "", "", {}, today] for i in ids),
    )
    stood = set(Relation.objects.filter(subject_id__in=ids).values_list("person_id", flat=True))
    for model in (Name, Premises, Relation, PermitGap, Stay):
        model._default_manager.filter(subject_id__in=ids).delete()
    _forget(stood)
    Record.objects.filter(subject_id__in=ids).exclude(source="bureau").delete()
    search.index(ids)


def lead(where: Mapping[int, int | None]) -> None:
    """Where the files of subjects go on: with another, or (none) with themselves."""
    held = dict(Subject.objects.filter(pk__in=list(where)).values_list("pk", "redirect_to_id"))
    moved = [(pk, where[pk]) for pk, to in held.items() if to != where[pk] and pk != where[pk]]
    frames.update(Subject, ["redirect_to_id"], moved)
    search.index([pk for pk, _to in moved])


def _tell_of_emptied(ids: list[int]) -> None:
    """Before files are emptied: lines for all that goes with them."""
    asked = changes.watched()
    if not asked or not ids:
        return
    gone = Record.objects.filter(subject_id__in=ids, kind__in=asked).exclude(source="bureau")
    lines = changes.of_records([(row, None) for row in gone], asked)
    if changes.IDENTITY in asked:
        spoken = Subject.objects.filter(pk__in=ids, live=True).values_list("pk", "scope")
        lines += [(pk, changes.IDENTITY, "", scope, False) for pk, scope in spoken]
    changes.write(lines)


_RECORDED = ("day", "state", "facts", "absent", "reference", "title", "until", "scope", "current", "gone_on")


def _settle_records(subjects: list[Subject], said: list[dict[str, Any]]) -> list[changes.Pair]:
    """Departments' records of these subjects as fusion worked them out; our own (source ``bureau``) are not touched."""
    scopes = {subject.pk: subject.scope for subject in subjects}
    desired = [
        Record(
            subject_id=line["subject"],
            kind=line["kind"],
            source=line["source"],
            key=line["key"],
            day=date.fromisoformat(line["day"]) if line["day"] else None,
            state=line["state"],
            facts=line["facts"],
            absent=line.get("absent", {}),
            reference=f"{line['batch']}:{line['row']}",
            title=line["facts"].get("title", "")[:200],
            until=_day(line.get("until") or line["facts"].get("valid_until")),
            gone_on=line.get("gone_on"),
            scope=scopes.get(line["subject"], ""),
        )
        for line in said
    ]
    _mark_the_best(desired)
    existing = Record.objects.filter(subject_id__in=list(scopes)).exclude(source="bureau")
    return _settle(existing, desired, ("subject_id", "kind", "source", "key"), watched=_RECORDED)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _mark_the_best(records: list[Record]) -> None:
    """Two sources that report one record of one subject under one key: the one with the later last day is counted.

    One that its department deleted is never preferred to one another still reports.
    """
    best: dict[tuple[int, str, str], Record] = {}
    for record in records:
        name = (record.subject_id, record.kind, record.key)
        held = best.setdefault(name, record)
        if held is not record:
            mine, theirs = _weight(record), _weight(held)
            better = mine > theirs or (mine == theirs and record.source < held.source)
            (held if better else record).current = False
            if better:
                best[name] = record


def _weight(record: Record) -> tuple[bool, date]:
    return record.gone_on is None and record.state != definition.DELETED_STATE, record.until or date.min


_STAYED = ("scope", "until", "began", "ended", "came_from", "left_to", "told", "kind", "division")


def _settle_stays(files: Files) -> None:
    """Where each subject was from when to when; of those nobody speaks of any more, nothing."""
    addresses_of: dict[int, list[stays.Domicile]] = {}
    for subject, text, first, last, current, _source in files.domiciles.iter_rows():
        addresses_of.setdefault(subject, []).append(stays.Domicile(text, first, last, current))
    moved: dict[int, list[tuple[date, str, str]]] = {}
    for line in files.records:
        if (told := _moved(line)) is not None:
            moved.setdefault(line["subject"], []).append(told)
    read = territories().read if moved or any(len(held) > 1 for held in addresses_of.values()) else str
    desired = [
        Stay(subject_id=subject.pk, kind=subject.kind, division=_division(subject),
             **{name: getattr(stay, name) for name in ("since", *_STAYED[:-2])})
        for subject in files.subjects
        if subject.live
        for stay in stays.of(
            subject.scope, established=subject.established, ended_on=subject.ended_on, status=subject.status,
            standing=subject.status in Subject.STANDING,
            told=stays.points(subject.scope, addresses_of.get(subject.pk, ()), moved.get(subject.pk, ()), read),
        )
    ]  # fmt: skip
    existing = Stay.objects.filter(subject_id__in=[subject.pk for subject in files.subjects])
    _settle(existing, desired, ("subject_id", "since"), watched=_STAYED)


def _moved(line: dict[str, Any]) -> tuple[date, str, str] | None:
    """The day and both addresses of a reported change of domicile; nothing of any other record."""
    if line["kind"] != "change" or not line["day"] or line.get("gone_on") or line["state"] == definition.DELETED_STATE:
        return None
    said = line["facts"]
    if behaviour.item_of(str(said.get("title", ""))) != "address":
        return None
    return date.fromisoformat(line["day"]), str(said.get("before", "")), str(said.get("after", ""))


def _division(subject: Subject) -> str:
    held = subject.fields.get("industry_code", {})
    return behaviour.same_class(str(held.get("value") or ""))


def _settle_permit_gaps(subjects: list[Subject]) -> None:
    """What the industries of these subjects need and nobody reported, by the rules in force today."""
    rules = registry.all_of(definition.ENGINE, on=clock.today())
    ids = [subject.pk for subject in subjects]
    held: dict[int, list[tuple[str, str]]] = {}
    permits = Record.objects.filter(subject_id__in=ids, kind=definition.KIND)
    for owner, title, state in permits.values_list("subject_id", "title", "state"):
        held.setdefault(owner, []).append((title, state))
    desired = []
    for subject in subjects:
        industry = subject.fields["industry_code"]["value"] if "industry_code" in subject.fields else ""
        found = definition.gaps(rules, industry=industry, status=subject.status, held=held.get(subject.pk, ()))
        desired += [
            PermitGap(subject_id=subject.pk, scope=subject.scope, rule=rule.code, title=rule.title, industry=industry)
            for rule in found
        ]
    existing = PermitGap.objects.filter(subject_id__in=ids)
    _settle(existing, desired, ("subject_id", "rule"), watched=("scope", "title", "industry"))
