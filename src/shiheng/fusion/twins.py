"""Values that come more than once in a file where none may. Pure.

A file is read once before it is checked, because the first of two twins is as doubtful as the second and would already
have been accepted. Eight bytes are kept a value (20 million rows: 160 MB and as much again to sort them); two different
values of equal hash, one chance in a hundred thousand in a file of that size, would both be set aside for a person.
"""

from collections.abc import Mapping

import polars as pl


class Twins:
    """Hashes of the values of each column, gathered chunk by chunk."""

    def __init__(self) -> None:
        self._held: dict[str, list[pl.Series]] = {}

    def add(self, keys: Mapping[str, pl.Series]) -> None:
        for name, hashes in keys.items():
            self._held.setdefault(name, []).append(hashes)

    def found(self) -> dict[str, pl.Series]:
        """The hashes that came more than once, by column."""
        return {name: repeated(held) for name, held in self._held.items()}


def repeated(held: list[pl.Series]) -> pl.Series:
    """The hashes that stand more than once in all of these."""
    if not held:
        return pl.Series([], dtype=pl.UInt64)
    everything = pl.concat(held).sort()
    return everything.filter((everything == everything.shift(1)).fill_null(value=False)).unique()


def repeats(held: list[pl.Series]) -> int:
    """How many of these hashes had come before."""
    if not held:
        return 0
    everything = pl.concat(held)
    return everything.len() - everything.n_unique()
