"""Reading what lines declare of checklists and lists: texts of CSV and TOML into declarations. Pure."""

import csv
import tomllib
from collections.abc import Iterator
from datetime import date

from shiheng.catalogue.lists.definition import (
    Checklist,
    Duty,
    Leniency,
    NegativeItem,
    Point,
    ReviewItem,
    SpotCheck,
    WorkingRules,
)
from shiheng.catalogue.powers.definition import Basis
from shiheng.catalogue.powers.texts import basis


def checklists(text: str, line: str) -> Iterator[Checklist]:
    """Checklists whose points rest on the list's own instrument unless they name another one."""
    for held in tomllib.loads(text)["checklist"]:
        instrument = held["instrument"]
        points = tuple(
            Point(number, key == "key", what, guidance, Basis(named[0] if named else instrument, article, verified))
            for number, key, what, guidance, article, verified, *named in held["points"]
        )
        yield Checklist(
            code=held["code"],
            in_force_from=held["since"],
            until=held.get("until"),
            title=held["title"],
            subjects=held["subjects"],
            power=held["power"],
            field=held["field"],
            results=tuple(held["results"]),
            points=points,
            line=line,
        )


def spot_checks(text: str, line: str) -> Iterator[SpotCheck]:
    for row in csv.DictReader(text.splitlines()):
        yield SpotCheck(
            code=row["code"],
            in_force_from=date.fromisoformat(row["since"]),
            title=row["title"],
            key=row["key"] == "yes",
            subjects=row["subjects"],
            methods=tuple(row["methods"].split()),
            level=row["level"],
            frequency=row["frequency"],
            partners=row["partners"],
            power=row["power"],
            checklist=row["checklist"],
            basis=Basis(row["instrument"], row["article"], row["verified"] == "yes"),
            field=row["field"],
            line=line,
        )


def rules(text: str) -> Iterator[WorkingRules]:
    for held in tomllib.loads(text)["rules"]:
        articles = tuple(
            (number, said, basis(rests_on) if rests_on else None) for number, said, rests_on in held["articles"]
        )
        yield WorkingRules(held["code"], held["since"], held["title"], articles)


def education(text: str, line: str) -> Iterator[Duty]:
    for row in csv.DictReader(text.splitlines()):
        yield Duty(
            code=row["code"],
            in_force_from=date.fromisoformat(row["since"]),
            audience=row["audience"],
            instrument=row["instrument"],
            content=row["content"],
            way=row["way"],
            a_year=int(row["a_year"]),
            unit=row["unit"],
            line=line,
        )


def negative(text: str) -> Iterator[NegativeItem]:
    for row in csv.DictReader(text.splitlines()):
        yield NegativeItem(
            code=row["code"],
            in_force_from=date.fromisoformat(row["since"]),
            number=row["number"],
            title=row["title"],
            measure=row["measure"],
            words=tuple(row["words"].split()),
            unless=tuple(row["unless"].split()),
            permit=row["permit"],
            authority=row["authority"],
            basis=Basis(row["instrument"], row["article"], row["verified"] == "yes"),
        )


def leniency(text: str, line: str) -> Iterator[Leniency]:
    for row in csv.DictReader(text.splitlines()):
        yield Leniency(
            code=row["code"],
            in_force_from=date.fromisoformat(row["since"]),
            number=row["number"],
            part=row["part"],
            title=row["title"],
            violation=row["violation"],
            basis=Basis(row["instrument"], row["article"], row["verified"] == "yes"),
            circumstances=row["circumstances"],
            penal_basis=row["penal_basis"],
            band=row["band"],
            measures=row["measures"],
            note=row["note"],
            months=int(row["months"]) if row["months"] else None,
            line=line,
        )


def reviews(text: str) -> Iterator[ReviewItem]:
    for held in tomllib.loads(text)["review"]:
        yield ReviewItem(
            code=held["code"],
            in_force_from=held["since"],
            title=held["title"],
            decision=held["decision"],
            when=held["when"],
            materials=held["materials"],
            basis=basis(held["basis"]),
        )
