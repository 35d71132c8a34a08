"""What an item says: the shared, unmasked or masked, never sensitive part of one fact as its file stands now."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shiheng.fusion import sources
from shiheng.publication.definition import IDENTITY, MASKS, Shared, SharingRule
from shiheng.subjects.definition import DELETED_STATE
from shiheng.subjects.models import Record, Subject

OWN = ("title", "day", "state", "until")


@dataclass(frozen=True, slots=True)
class Withheld:
    """What never goes out: subjects' fields and, by (source, kind), records' facts that come from sensitive columns."""

    fields: frozenset[tuple[str, str]]
    facts: frozenset[tuple[str, str]]

    def field(self, source: str, name: str) -> bool:
        return (source, name) in self.fields

    def fact(self, source: str, name: str) -> bool:
        return (source, name) in self.facts


def withheld() -> Withheld:
    """By the contracts in force: a column marked sensitive is sensitive wherever its value went."""
    fields, facts = set(), set()
    for code, source in sources.every().items():
        sensitive = source.sensitive()
        fields |= {(code, said) for said, column in source.statements.items() if column in sensitive}
        if source.record:
            facts |= {(code, name) for name, column in source.record.facts.items() if column in sensitive}
    return Withheld(frozenset(fields), frozenset(facts))


def subject_stands(row: Subject) -> bool:
    """Whether a source still stands behind a subject."""
    return row.live and row.redirect_to_id is None


def record_stands(row: Record) -> bool:
    """Whether a record holds: its source did not take it back, and no other reports it better."""
    return row.current and row.gone_on is None and row.state != DELETED_STATE


def of_subject(row: Subject, rule: SharingRule, kept_back: Withheld) -> dict[str, Any] | None:
    """The subject's own fields as they go out; nothing when no source stands behind the subject any more."""
    part = rule.of(IDENTITY)
    if part is None or not subject_stands(row):
        return None
    facts, origins = {}, {}
    for name in part.fields:
        said = row.fields.get(name)
        if said is None or kept_back.field(said["source"], name):
            continue
        facts[name] = _shown(part, name, said["value"])
        origins[name] = {"source": said["source"], "day": said["day"]}
    return {"uscc": row.uscc, "name": row.name, "facts": facts, "origins": origins}


def of_record(row: Record, subject: Subject, rule: SharingRule, kept_back: Withheld) -> dict[str, Any] | None:
    """A record as it goes out; nothing when its source took it back or another reports it better."""
    part = rule.of(row.kind)
    if part is None or not record_stands(row):
        return None
    own = {"title": row.title, "day": row.day and row.day.isoformat(), "state": row.state,
           "until": row.until and row.until.isoformat()}  # fmt: skip
    facts = {}
    for name in part.fields:
        if kept_back.fact(row.source, name):
            continue
        value = own.get(name) if name in OWN else row.facts.get(name)
        if value not in (None, ""):
            facts[name] = _shown(part, name, str(value))
    source = sources.every().get(row.source)
    origin = {"source": row.source, **({"thirdParty": True} if source and source.third_party else {})}
    shared = {name for name in part.fields if not kept_back.fact(row.source, name)}
    absent = {name: state for name, state in row.absent.items() if name in shared}
    told = {"absent": absent} if absent else {}
    return {"uscc": subject.uscc, "name": subject.name, "facts": facts, **told, "origin": origin}


def _shown(part: Shared, name: str, value: str) -> str:
    return MASKS[part.masked[name]](value) if name in part.masked and value else value


def written(subject: int, kind: str, key: str, said: Mapping[str, Any] | None) -> str:
    """The content in the one spelling that is hashed and sent."""
    content = {"kind": kind, "subject": subject, "key": key, "action": "set" if said is not None else "gone"}
    return json.dumps({**content, **(said or {})}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def line(code: str, number: int, body: str) -> bytes:
    """One item as it travels: its stable id before its content."""
    return f'{{"id":"{code}-{number}","number":{number},'.encode() + body[1:].encode()


def joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(one + b"\n" for one in lines)
