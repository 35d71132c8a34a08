"""Reading the code tables that ship with the platform: a CSV file each, described together in ``tables.toml``."""

import csv
import hashlib
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from shiheng.catalogue.definition import BuiltinTable, Code


def builtin_tables() -> Iterator[tuple[BuiltinTable, str]]:
    """Every shipped table with the digest of its text and description."""
    folder = files("shiheng.catalogue") / "tables"
    described = tomllib.loads((folder / "tables.toml").read_text("utf-8"))
    for code, about in described.items():
        text = (folder / f"{code}.csv").read_text("utf-8")
        digest = hashlib.sha256(repr((sorted(about.items()), text)).encode()).hexdigest()
        yield _table(code, about, text), digest


def _table(code: str, about: dict[str, Any], text: str) -> BuiltinTable:
    since = about.get("in_force_from")
    entries = tuple(
        Code(
            code=row["code"],
            title=row["title"],
            parent=row["parent"],
            since=since,
            verified=row["verified"] == "yes",
            current=row["current"] != "no",
            note=row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    )
    return BuiltinTable(
        code=code,
        title=about["title"],
        edition=about["edition"],
        source=about["source"],
        licence=about["licence"],
        note=about["note"],
        in_force_from=since,
        entries=entries,
    )
