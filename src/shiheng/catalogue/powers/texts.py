"""Reading what lines declare of powers: texts of ``powers.csv`` and ``flows.toml`` into declarations. Pure."""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from shiheng.catalogue.powers.definition import LEVELS_READ, Basis, Flow, Power, Step


def powers(text: str, line: str) -> Iterator[Power]:
    """The powers of one line, one a row."""
    for row in csv.DictReader(text.splitlines()):
        yield Power(
            code=row["code"],
            in_force_from=date.fromisoformat(row["since"]),
            until=date.fromisoformat(row["until"]) if row["until"] else None,
            title=row["title"],
            kind=row["kind"],
            field=row["field"],
            unit=row["unit"],
            levels=tuple(LEVELS_READ[word] for word in row["levels"].split()),
            basis=Basis(row["instrument"], row["article"], row["verified"] == "yes"),
            statutory=row["statutory"],
            promised=row["promised"],
            line=line,
        )


def flows(text: str) -> Iterator[Flow]:
    """The courses one file declares."""
    for held in tomllib.loads(text)["flow"]:
        yield Flow(
            code=held["code"],
            in_force_from=held["since"],
            title=held["title"],
            kind=held["kind"],
            steps=tuple(_step(one) for one in held["steps"]),
            accountability=held["accountability"],
            accountability_basis=basis(held["accountability_basis"]),
            powers=tuple(held.get("powers", ())),
        )


def _step(held: Sequence[Any]) -> Step:
    code, title, duty, who, limit, rests_on, follows = held
    return Step(
        code, title, duty, who, limit, basis(rests_on) if rests_on[0] else None,
        tuple((goal, on) for goal, on in follows),
    )  # fmt: skip


def basis(held: Sequence[Any] | Mapping[str, Any]) -> Basis:
    """``[instrument, article, verified]``, or a table of the same."""
    if isinstance(held, Mapping):
        return Basis(held["instrument"], held["article"], held["verified"], held.get("note", ""))
    instrument, article, verified, *note = held
    return Basis(instrument, article, verified, note[0] if note else "")
