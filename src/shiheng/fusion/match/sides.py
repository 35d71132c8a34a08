"""Both sides of a match in one shape: what is said of each, cut up, and the keys by which the two may meet. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import polars as pl

from shiheng.fusion.match import forms, mojibake
from shiheng.kernel.identifiers import meant_usccs, normalise, uscc_fault
from shiheng.subjects import addresses

FIELDS = ("name", "address", "person", "phone", "code", "region")
# What is cut up at once: its characters are held several times over while they are.
_PART = 200_000
_LENGTHS = {18: "uscc", 15: "regno", 13: "regno", 9: "orgcode"}


@dataclass(frozen=True, slots=True)
class Side:
    """Lines of ``id`` and one thing said of it; a subject or a row may have several of each, or none.

    names: full, base, trade, line, heard, trade_heard. doors: whole, road, number, unit. persons: person,
    person_heard. phones: phone. codes: code, kind, sure (false: what a wrong code may have meant). regions: region.
    """

    names: pl.DataFrame
    doors: pl.DataFrame
    persons: pl.DataFrame
    phones: pl.DataFrame
    codes: pl.DataFrame
    regions: pl.DataFrame

    def of(self, ids: pl.Series) -> "Side":
        """The lines of some ids."""
        wanted = pl.DataFrame({"id": ids.unique()})
        return Side(*(getattr(self, f.name).join(wanted, on="id", how="semi") for f in fields(self)))


def side(said: pl.DataFrame, places: Sequence[str] = ()) -> Side:
    """``said`` has ``id`` (Int64), ``field`` (of ``FIELDS``) and ``value``; what is empty is left out."""
    said = said.filter(pl.col("value").str.strip_chars() != "")
    held = said.partition_by("field", as_dict=True, include_key=False, maintain_order=True)
    nothing = said.select("id", "value").clear()

    def of(field: str) -> pl.DataFrame:
        return held.pop((field,), nothing).unique(maintain_order=True)

    def beside(told: pl.DataFrame, made: pl.DataFrame, column: str) -> pl.DataFrame:
        lines = told.select("id").hstack(made)
        plan = lines.lazy().filter(pl.col(column) != "").unique(maintain_order=True)
        return plan.collect(optimizations=pl.QueryOptFlags.none()) if lines.height else lines

    def cut(field: str, lines: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
        told = of(field)
        made = pl.concat([lines(told.slice(start, _PART)) for start in range(0, max(told.height, 1), _PART)])
        return made.unique(maintain_order=True) if told.height > _PART else made

    def named(told: pl.DataFrame) -> pl.DataFrame:
        return beside(told, forms.names(mojibake.mended(told["value"]), places), "full")

    def placed(told: pl.DataFrame) -> pl.DataFrame:
        return beside(told, addresses.doors(mojibake.mended(told["value"]), places).drop("district"), "whole")

    def persons(told: pl.DataFrame) -> pl.DataFrame:
        return beside(told, forms.persons(mojibake.mended(told["value"])), "person")

    return Side(
        names=cut("name", named),
        doors=cut("address", placed),
        persons=cut("person", persons),
        phones=of("phone").rename({"value": "phone"}),
        codes=cut("code", _codes),
        regions=of("region").select("id", region=pl.col("value").str.slice(0, 6)),
    )


def _codes(told: pl.DataFrame) -> pl.DataFrame:
    """Codes by kind; of a wrong unified code what it may have meant, and of a right one the organisation's own."""
    lines: list[tuple[int, str, str, bool]] = []
    for number, value in told.iter_rows():
        code = normalise(value)
        kind = _LENGTHS.get(len(code), "other")
        if kind == "uscc" and uscc_fault(code) is not None:
            lines += [(number, meant, kind, False) for meant in meant_usccs(code)]
        else:
            lines.append((number, code, kind, True))
            if kind == "uscc":
                lines.append((number, code[8:17], "orgcode", True))
    schema = {"id": pl.Int64, "code": pl.String, "kind": pl.String, "sure": pl.Boolean}
    return pl.DataFrame(lines, schema=schema, orient="row").unique(maintain_order=True)


def keys(of: Side) -> pl.DataFrame:
    """(``id``, ``key``): what two records of one business are likely to share, and few others do."""
    told = {f.name: getattr(of, f.name).lazy() for f in fields(of)}
    head, first = pl.col("heard").str.slice(0, 2), pl.col("heard").str.slice(0, 1)
    names = told["names"].select("id", "full", "base", "heard", "trade_heard", head=head, first=first)
    numbered, roomed = pl.col("number") != "", pl.col("unit") != ""
    doors = told["doors"].select("id", "road", "number", "unit").filter(pl.col("road") != "")
    at_door = names.select("id", "trade_heard", "head", "first").join(doors, on="id")
    in_region = names.select("id", "heard", "trade_heard", "head").join(told["regions"], on="id")
    under = names.select("id", "first").join(told["persons"], on="id")
    there = told["persons"].join(doors, on="id")
    made = [
        _key(names, "full"),
        _key(names, "base"),
        _key(names, "heard"),
        _key(names, "trade_heard"),
        _key(at_door, "trade_heard", "road"),
        _key(at_door, "head", "road"),
        _key(at_door.filter(numbered), "first", "road", "number"),
        _key(in_region, "heard", "region"),
        _key(in_region, "trade_heard", "region"),
        _key(in_region, "head", "region"),
        _key(doors.filter(numbered & roomed), "road", "number", "unit"),
        _key(there, "person_heard", "road"),
        _key(under, "person_heard", "first"),
        _key(told["phones"], "phone"),
        _key(told["codes"], "code"),
    ]
    return pl.concat(made).unique().collect(optimizations=pl.QueryOptFlags.none())


def _key(lines: pl.LazyFrame, *parts: str) -> pl.LazyFrame:
    whole = pl.concat_str([pl.lit("+".join(parts)), *parts], separator="\x1f")
    return lines.select("id", key=whole.hash(seed=0))
