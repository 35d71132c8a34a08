"""Writing the subject file: what fusion worked out becomes rows, names, premises and relations, whole or not at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import polars as pl
from django.db import connection
from django.db.models import Model, QuerySet

from shiheng.subjects import search
from shiheng.subjects.models import Name, Person, Premises, Relation, Subject

AnyRow = TypeVar("AnyRow", bound=Model)
BATCH = 2_000

_WRITTEN = [
    "scope", "live", "name", "uscc", "kind", "status", "established", "capital_fen", "capital_currency",
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


def from_fields(subject: int, fields: dict[str, dict[str, Any]], *, scope: str, updated_on: date) -> Subject:
    """A subject's row from its winning fields (each a dict with ``value``); promoted columns are read from there."""

    def value(name: str) -> str:
        return fields[name]["value"] if name in fields else ""

    fen, _, currency = value("capital").partition(" ")
    established = value("established")
    return Subject(
        id=subject,
        scope=scope,
        live=True,
        name=value("name"),
        uscc=value("uscc"),
        kind=kind_of(value("uscc"), value("type"), value("name")),
        status=value("status") or "unknown",
        established=date.fromisoformat(established) if established else None,
        capital_fen=int(fen) if fen else None,
        capital_currency=currency,
        representative=value("representative"),
        address=value("address"),
        region=value("region") or value("uscc")[2:8],
        industry=value("industry")[:100],
        fields=fields,
        updated_on=updated_on,
    )


def kind_of(uscc: str, type_: str, name: str) -> str:
    """企业、个体工商户、合作社或分支机构, by the code's first two places, else by the type's words."""
    if "分公司" in type_ or "分支机构" in type_ or name.endswith(("分公司", "分店", "分厂")):
        return "branch"
    by_code = {"91": "enterprise", "92": "individual", "93": "cooperative"}.get(uscc[:2])
    if by_code:
        return by_code
    if "个体" in type_:
        return "individual"
    if "合作社" in type_:
        return "cooperative"
    return "enterprise" if "公司" in type_ or "企业" in type_ else "other"


def write_files(files: Files) -> None:
    """Write subject files in the caller's transaction; what has not changed is not touched."""
    ids = [s.pk for s in files.subjects]
    _update(files.subjects, _WRITTEN)
    _settle(Name.objects.filter(subject_id__in=ids), _names(files.names), ("subject_id", "text"))
    _settle(Premises.objects.filter(subject_id__in=ids), _premises(files), ("subject_id", "kind", "text"))
    _settle_representatives(ids, files.representatives)
    search.index(ids)


def _update(rows: list[Any], columns: Sequence[str]) -> None:
    """Many rows, many columns, each by its key: ``bulk_update`` would write one long CASE a column."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [meta.get_field(name) for name in columns]
    quote = connection.ops.quote_name
    setting = ", ".join(f"{quote(f.column)} = %s" for f in fields)
    sql = f"UPDATE {quote(meta.db_table)} SET {setting} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
    values = ([*(f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields), row.pk] for row in rows)
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


_HELD = ("first_day", "last_day", "current", "source")


def _names(frame: pl.DataFrame) -> list[Name]:
    return [
        Name(subject_id=s, text=text, first_day=first, last_day=last, current=current, source=source)
        for s, text, first, last, current, source in frame.iter_rows()
    ]


def _premises(files: Files) -> list[Premises]:
    rows = []
    for kind, frame in (("domicile", files.domiciles), ("business_place", files.business_places)):
        for s, text, first, last, current, source in frame.iter_rows():
            held = dict(zip(_HELD, (first, last, current, source), strict=True))
            rows.append(Premises(subject_id=s, kind=kind, text=text, key=address_key(text), **held))
    return rows


def _settle(existing: "QuerySet[AnyRow]", desired: list[AnyRow], key: tuple[str, ...]) -> list[AnyRow]:
    """Make the stored rows equal the desired ones by key; gives the rows as stored, with their ids."""
    held = {tuple(getattr(row, k) for k in key): row for row in existing}
    fresh, changed, kept = [], [], []
    for row in desired:
        old = held.pop(tuple(getattr(row, k) for k in key), None)
        if old is None:
            fresh.append(row)
            continue
        if any(getattr(old, f) != getattr(row, f) for f in _HELD):
            for name in _HELD:
                setattr(old, name, getattr(row, name))
            changed.append(old)
        kept.append(old)
    if held:
        existing.model._default_manager.filter(pk__in=[row.pk for row in held.values()]).delete()
    _update(changed, _HELD)
    return kept + existing.model._default_manager.bulk_create(fresh, batch_size=BATCH)


def _settle_representatives(ids: list[int], frame: pl.DataFrame) -> None:
    """Representatives as persons known within one subject: a name alone never joins two subjects' persons."""
    wanted = {f"at:{s}:{name}": (s, name, held) for s, name, *held in frame.iter_rows()}
    persons = {p.key: p for p in Person.objects.filter(key__in=list(wanted))}
    fresh = [Person(key=key, name=name) for key, (_, name, _) in wanted.items() if key not in persons]
    persons.update({p.key: p for p in Person.objects.bulk_create(fresh, batch_size=BATCH)})
    relations = [
        Relation(subject_id=s, role="representative", person_id=persons[key].pk, **dict(zip(_HELD, held, strict=True)))
        for key, (s, _, held) in wanted.items()
    ]
    existing = Relation.objects.filter(subject_id__in=ids, role="representative")
    _settle(existing, relations, ("subject_id", "role", "person_id"))


def address_key(shown: str) -> str:
    """An address for comparing: bracketed remarks and separators gone, letters lower."""
    return re.sub(r"（[^）]*）|[\s,，.。、;；:：#\-—_]", "", shown).lower()
