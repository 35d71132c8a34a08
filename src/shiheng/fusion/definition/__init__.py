"""A data source as a department agreed to it: columns, checks, code lists and what each column says of a subject.

The file form is the Open Data Contract Standard (``contract.yaml``, v3) with a ``mapping.yaml`` beside it; see the ADR
on contracts. Parsing is pure: text in, a ``Source`` out, every fault of a declaration in Chinese with its place.
"""

from shiheng.fusion.definition.reading import parse_source
from shiheng.fusion.definition.source import (
    ASSERTIONS,
    CHANGES,
    DELIVERIES,
    FIELD_KINDS,
    FIELDS,
    IDENTIFYING,
    KINDS,
    LONGEST,
    SECOND_SIGNS,
    SENSITIVE,
    Absent,
    Assertion,
    ByName,
    Column,
    Deleted,
    RecordMapping,
    Source,
)

__all__ = [
    "ASSERTIONS",
    "CHANGES",
    "DELIVERIES",
    "FIELDS",
    "FIELD_KINDS",
    "IDENTIFYING",
    "KINDS",
    "LONGEST",
    "SECOND_SIGNS",
    "SENSITIVE",
    "Absent",
    "Assertion",
    "ByName",
    "Column",
    "Deleted",
    "RecordMapping",
    "Source",
    "parse_source",
]
