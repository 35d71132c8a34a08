"""What a contract demands of a whole file, measured while its rows are checked, and the profile that is kept. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl

from shiheng.fusion.checks import Checked, Layout
from shiheng.fusion.definition import ASSERTIONS, Assertion, Source
from shiheng.fusion.statement import NONE, UNKNOWN
from shiheng.fusion.twins import repeats

# Distinct values are estimated from the smallest hashes: exact up to this many, within a few in a hundred beyond.
_SMALLEST = 1024
# So many unknown codes of a column are named in a profile.
_NAMED = 50
_HASHES = 2**64
_OF_KEYS = frozenset({"rowCount", "duplicateKey"})


class Tally:
    """Counts over all chunks of a file: a few kilobytes however long it is, but for keys that must not repeat."""

    def __init__(self, source: Source, layout: Layout) -> None:
        self.source = source
        # A list of what is taken back holds little but keys: only what can be asked of those is asked of it.
        self.demands = [a for a in source.assertions if not layout.all_deleted or a.kind in _OF_KEYS]
        self.rows = self.readable = self.accepted = 0
        self.reasons: Counter[str] = Counter()
        self.present = {c.name: at for at, c in enumerate(layout.columns) if c is not None}
        self._headers = {name: layout.header[at] or f"（第 {at + 1} 列）" for name, at in self.present.items()}
        self._missing: Counter[str] = Counter()
        self._unknown: dict[str, Counter[str]] = {}
        self._codes: dict[str, Counter[str]] = {}
        self._smallest: dict[str, pl.Series] = {}
        self._days: dict[str, tuple[str, str]] = {}
        keys = {a.columns for a in source.assertions if a.kind == "duplicateKey"}
        self._keys: dict[tuple[str, ...], list[pl.Series]] = {
            key: [] for key in keys if self.present.keys() >= set(key)
        }

    def add(self, checked: Checked) -> None:
        """Count one chunk."""
        accepted = checked.accepted
        self.rows += accepted.height + len(checked.refused)
        self.readable += checked.readable
        self.accepted += accepted.height
        self._missing.update(checked.missing)
        for refusal in checked.refused:
            for reason in refusal["reasons"]:
                self.reasons[reason["code"]] += 1
                name, _, fault = reason["code"].partition(".")
                if fault == "unlisted" and name in self.present:
                    said = refusal["raw"].get(self._headers[name], "").strip()
                    self._unknown.setdefault(name, Counter())[said] += 1
        for key, held in self._keys.items():
            held.append(accepted.select(key).drop_nulls().hash_rows())
        for name in self.present:
            values = accepted[name].drop_nulls()
            self._look_at(name, values.filter(~values.is_in([NONE, UNKNOWN])))

    def _look_at(self, name: str, values: pl.Series) -> None:
        column = self.source.column(name)
        if column.codes:
            counted = values.value_counts()
            self._codes.setdefault(name, Counter()).update(dict(counted.iter_rows()))
        elif column.kind in {"day", "moment"} and values.len():
            first, last = (str(day)[:10] for day in (values.min(), values.max()))
            known = self._days.get(name, (first, last))
            self._days[name] = (min(first, known[0]), max(last, known[1]))
        held = self._smallest.get(name)
        hashes = values.hash()
        if held is not None and held.len() == _SMALLEST:
            hashes = hashes.filter(hashes < held[-1])
        if hashes.len():
            every = hashes if held is None else pl.concat([held, hashes])
            self._smallest[name] = every.unique().sort().head(_SMALLEST)

    # --- what was measured --------------------------------------------------------------------------------------------
    def breaches(self, *, last: int | None = None) -> list[str]:
        """Which demands do not hold, each in a sentence; ``last`` is how many rows the delivery before had."""
        return [
            f"{self._about(a)}为 {_spelt(measured, share=a.share)}，应{a.bound()}。"
            for a in self.demands
            if not a.holds(measured := self._measured(a), last=last)
        ]

    def _measured(self, assertion: Assertion) -> float:
        count, of = self._count(assertion)
        if not assertion.share:
            return count
        return count / of if of else 0.0

    def _count(self, assertion: Assertion) -> tuple[int, int]:
        name = assertion.column
        if assertion.kind == "rowCount":
            return self.rows, self.rows
        if assertion.kind == "duplicateKey":
            held = self._keys.get(assertion.columns, [])
            return repeats(held), sum(hashes.len() for hashes in held)
        if assertion.kind == "nullShare":
            # A column that is not in the file is in none of its rows.
            return (self._missing[name] if name in self.present else self.readable), self.readable
        if assertion.kind == "unknownCodeShare":
            return self.reasons[f"{name}.unlisted"], self.readable - self._missing[name]
        codes = self._codes.get(name, Counter())
        return codes[assertion.value], codes.total()

    def _about(self, assertion: Assertion) -> str:
        names = assertion.columns or ((assertion.column,) if assertion.column else ())
        titles = "、".join(self.source.column(name).title for name in names)
        value = f"“{assertion.value}”" if assertion.value else ""
        return f"“{titles}”{value}{ASSERTIONS[assertion.kind]}" if titles else ASSERTIONS[assertion.kind]

    def profile(self) -> dict[str, Any]:
        """What the file was like, to be kept with its batch: plain values, no personal ones."""
        return {
            "rows": self.rows,
            "readable": self.readable,
            "accepted": self.accepted,
            "reasons": dict(self.reasons.most_common()),
            "columns": {name: self._profile_of(name) for name in self.present},
        }

    def _profile_of(self, name: str) -> dict[str, Any]:
        missing = self._missing[name]
        found: dict[str, Any] = {
            "missing": missing,
            "null_share": round(missing / self.readable, 6) if self.readable else 0.0,
            "distinct": self._distinct(name),
        }
        if name in self._days and not self.source.column(name).sensitive:
            found["first"], found["last"] = self._days[name]
        if name in self._codes:
            found["codes"] = dict(self._codes[name].most_common())
        if unknown := self._unknown.get(name):
            shown = not self.source.column(name).sensitive
            found["unknown_rows"] = unknown.total()
            found["unknown"] = dict(unknown.most_common(_NAMED)) if shown else {}
        return found

    def _distinct(self, name: str) -> int:
        held = self._smallest.get(name)
        if held is None:
            return 0
        if held.len() < _SMALLEST:
            return held.len()
        return round((_SMALLEST - 1) * _HASHES / int(held[-1]))


def _spelt(measured: float, *, share: bool) -> str:
    return f"{measured * 100:.4g}%" if share else f"{measured:g}"


def refusal_of(breaches: Sequence[str]) -> str:
    """Why the file is refused whole, for the department."""
    return f"整批拒收，文件不符合契约对整个文件的要求：{''.join(breaches)}请核对导出的范围与条件后重新报送。"
