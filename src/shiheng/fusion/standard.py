"""The standard values of one column: of a whole chunk at once, or of one text with the reason it is refused. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

import polars as pl

from shiheng.fusion import clean
from shiheng.fusion.definition import Column, Source
from shiheng.fusion.standardise import BY_KIND, NO_END, no_end
from shiheng.fusion.statement import NONE, UNKNOWN
from shiheng.kernel import masking

# How many distinct texts of a column are remembered.
REMEMBERED = 100_000
# So few texts are standardised one by one without a further try; so many are worth being told apart first.
_FEW = 100
_MANY = 5_000
_BLANK = " \t\r\n\u3000"
PYTHON_BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace())
# A sum without a unit, written as nearly all are, and in any digits.
_BARE = "^[0-9][0-9,]*(?:[.][0-9]+)?$"
_BARE_ANY = re.compile(r"\d[\d,]*(\.\d+)?")


class Reason(TypedDict):
    """Why a row is refused: ``code`` for counting, ``column`` as the department calls it, ``message`` for people."""

    code: str
    column: str
    message: str


def storable(text: str) -> str:
    """NUL is the one character no database takes."""
    return text.replace("\x00", "\\x00")


@dataclass(frozen=True, slots=True)
class Judged:
    """A column after its standard: values (null where there is none), and where it is refused or required and empty."""

    values: pl.Series
    refused: pl.Series | None = None
    unfilled: pl.Series | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How the column at one place of a frame is looked at, in three steps after each other.

    They leave its value where it is sure, where it is ``unsure`` and, if any may be, where it is ``empty``, each with
    the number of the place behind it.
    """

    first: list[pl.Expr]
    then: list[pl.Expr]
    last: list[pl.Expr]


class Standard:
    """One column of a source, made ready for one file."""

    def __init__(self, column: Column, source: Source, known_on: date) -> None:
        self.column = column
        self.nulls = frozenset(column.nulls)
        self.latest = known_on.isoformat() if column.not_after_delivery else ""
        self.words: dict[str, str | None] = {}
        if source.absent and not source.absent.column:
            told = column.name in source.telling()
            self.words.update(dict.fromkeys(source.absent.none, NONE if told else None))
            self.words.update(dict.fromkeys(source.absent.unknown, UNKNOWN if told else None))
        self.known: dict[str, tuple[str | None, Reason | None]] = {}
        # Where "no end" is told from "not filled in", words of the one are not among those of the other.
        self._empty = [*sorted(n for n in self.nulls if not (column.open_end and no_end(n))), ""]
        self._longest_empty = max(len(word.encode()) for word in self._empty)
        self._way = None if column.open_end else clean.way_of(column)
        # Codes that stand in the table as they are read: the others are found text by text.
        self._codes = {
            k: v
            for k, v in column.codes.items()
            if k not in self.nulls and BY_KIND[column.kind](k)[0] == k and self._bounded(v) == (v, None)
        }
        # Whether a value that is sure is the text itself.
        self._same = self._way is not None and self._way.value is None
        self._looks: dict[tuple[int, bool, bool, bool], Look] = {}
        self._remembered = pl.DataFrame(schema={"text": pl.String, "value": pl.String})
        self._folds = self._way is not None and column.kind in clean.FOLDS and not self.words

    # --- one text -----------------------------------------------------------------------------------------------------
    def __call__(self, raw: str) -> tuple[str | None, Reason | None]:
        if found := self.known.get(raw):
            return found
        if len(self.known) >= REMEMBERED:
            self.known.clear()  # a column of all different texts must not grow with the file
        found = self.known[raw] = self._work_out(raw)
        return found

    def _work_out(self, raw: str) -> tuple[str | None, Reason | None]:
        column = self.column
        stripped = raw.strip(_BLANK)
        if column.open_end and no_end(stripped):
            return NO_END, None
        if not stripped or stripped in self.nulls:
            return None, self.missing() if column.required else None
        if stripped in self.words:
            word = self.words[stripped]
            return (None, self.missing()) if column.required else (word, None)
        value, fault = BY_KIND[column.kind](stripped)
        if fault:
            return None, self._reason(column.kind, self._hidden(fault, stripped) + "。")
        if value is None:
            return None, None
        if column.codes and value not in column.codes:
            return None, self._reason("unlisted", f"“{self._shown(value)}”不在“{column.title}”的代码表中。")
        if column.codes:
            value = column.codes[value]
        return self._bounded(value)

    def _bounded(self, value: str) -> tuple[str | None, Reason | None]:
        column = self.column
        if column.max_length and len(value) > column.max_length:
            return None, self._reason("long", f"“{column.title}”长 {len(value)} 字，超过 {column.max_length} 字。")
        if self.latest and value[:10] > self.latest:
            return None, self._reason("future", f"“{column.title}”为 {value}，晚于报送日 {self.latest}。")
        if column.pattern and not re.fullmatch(column.pattern, value):
            said = f"“{column.title}”为“{self._shown(value)}”，应是{column.pattern_title}。"
            return None, self._reason("pattern", said)
        if fault := self._out_of_range(value):
            return None, self._reason("range", fault)
        return value, None

    def _out_of_range(self, value: str) -> str:
        column = self.column
        if column.minimum is None and column.maximum is None:
            return ""
        try:
            given = float(value) / (100 if column.kind == "money" else 1)
        except ValueError:
            return ""
        if column.minimum is not None and given < column.minimum:
            return f"“{column.title}”为 {self._shown(f'{given:g}')}，小于 {column.minimum:g}。"
        if column.maximum is not None and given > column.maximum:
            return f"“{column.title}”为 {self._shown(f'{given:g}')}，大于 {column.maximum:g}。"
        return ""

    def missing(self) -> Reason:
        return self._reason("missing", f"“{self.column.title}”是必需的，这一行没有填。")

    def duplicate(self, value: str | None) -> Reason:
        shown = f"“{self._shown(value)}”" if value else ""
        return self._reason("duplicate", f"“{self.column.title}”{shown}在这个文件里不止一行，无法判断以哪一行为准。")

    def _reason(self, code: str, message: str) -> Reason:
        return Reason(code=f"{self.column.name}.{code}", column=self.column.title, message=storable(message))

    def _shown(self, value: str) -> str:
        """A value as it may stand in a reason: what is personal stays masked there too."""
        return masking.mask(value, self.column.sensitive) if self.column.sensitive else value

    def _hidden(self, message: str, value: str) -> str:
        if not self.column.sensitive:
            return message
        for spelling in (value, unicodedata.normalize("NFKC", value)):
            message = message.replace(spelling, self._shown(spelling))
        return message

    # --- a whole column -----------------------------------------------------------------------------------------------
    def ready(self, raw: pl.Series) -> pl.Series | None:
        """What is worked out of the texts (none null) before they are judged."""
        return self._way.prepared(raw) if self._way and self._way.prepared else None

    def look(self, at: int, *, ready: bool, lengths: Sequence[int]) -> Look:
        """How texts (none null) are looked at: ``lengths`` are the bytes of the shortest and of the longest of them.

        ``ready`` says whether something was worked out of them before.
        """
        # A length is known without a look at the text, and hardly any is as short as what means nothing.
        maybe_empty = lengths[0] <= self._longest_empty
        maybe_long = not self._same or lengths[1] > (self.column.max_length or lengths[1])
        known = self._looks.get(asked := (at, ready, maybe_empty, maybe_long))
        if known is None:
            known = self._looks[asked] = self._look(*asked)
        return known

    def _look(self, at: int, ready: bool, maybe_empty: bool, maybe_long: bool) -> Look:
        raw, value, sure, empty = (pl.col(f"{what}{at}") for what in ("", "value", "sure", "empty"))
        if self.column.codes:
            standard = list(self._codes.values())
            found = raw.replace_strict(list(self._codes), standard, default=None, return_dtype=pl.String)
            right = value.is_not_null()
        elif self._way is None:
            found, right = raw, raw.is_null()
        else:
            found = self._way.value(raw) if self._way.value else raw
            right = self._way.sure(raw, pl.col(f"ready{at}") if ready else raw)
            if (held := clean.within(self.column, value, maybe_long=maybe_long)) is not None:
                right &= held
        first, then = [found.alias(f"value{at}")], [self._sure(raw, value, right).alias(f"sure{at}")]
        if not maybe_empty:
            return Look(first, then, [pl.when(sure).then(value), (~sure).alias(f"unsure{at}")])
        nothing = (raw.str.len_bytes() <= self._longest_empty) & raw.is_in(self._empty)
        last = [pl.when(sure & ~empty).then(value), (~(sure | empty)).alias(f"unsure{at}"), empty]
        return Look(first, [*then, nothing.alias(f"empty{at}")], last)

    def _sure(self, raw: pl.Expr, value: pl.Expr, sure: pl.Expr) -> pl.Expr:
        if self.words:
            sure &= ~raw.is_in(list(self.words))
        if self.latest:
            sure &= value < self.latest + "U"  # a moment of that day goes on with a T
        return sure

    def judged(self, values: pl.Series, unsure: tuple[pl.Series, pl.Series] | None, empty: pl.Series | None) -> Judged:
        """A column after its first look: ``unsure`` places and texts are worked out text by text, as all would be."""
        unfilled = empty if empty is not None and self.column.required and empty.any() else None
        if unsure is None:
            return Judged(values, None, unfilled)
        places, texts = unsure
        if (held := self._remembered).height:
            known = texts.alias("text").to_frame().join(held, on="text", how="left", maintain_order="left")
            values = _filled(values, places, known["value"])
            places, texts = places.filter(known["value"].is_null()), texts.filter(known["value"].is_null())
        if places.len() > _FEW and self._folds:
            folded, sure = clean.at_once(clean.folding(self.column), texts)
            sure &= ~texts.is_in(list(self.nulls))
            values = values.scatter(places.filter(sure), folded.filter(sure))
            places, texts = places.filter(~sure), texts.filter(~sure)
        work_out = self._one_by_one if places.len() <= _MANY else self._each_distinct
        values, faults = work_out(values, places, texts)
        code = f"{self.column.name}.missing"
        blank = [place for place, fault in faults if fault == code]
        refused = [place for place, fault in faults if fault != code]
        if blank:
            unfilled = _marked(blank, values.len()) if unfilled is None else unfilled.clone().scatter(blank, True)
        return Judged(values, _marked(refused, values.len()) if refused else None, unfilled)

    def _one_by_one(
        self, values: pl.Series, places: pl.Series, texts: pl.Series
    ) -> tuple[pl.Series, list[tuple[int, str]]]:
        """The values with those filled in that are worked out text by text; the places that are refused, by code."""
        worked_out = [self(text) for text in texts.to_list()]
        if any(value is not None for value, _ in worked_out):
            values = _filled(values, places, pl.Series([value for value, _ in worked_out], dtype=pl.String))
        pairs = zip(places.to_list(), worked_out, strict=True)
        return values, [(place, reason["code"]) for place, (_, reason) in pairs if reason]

    def _each_distinct(
        self, values: pl.Series, places: pl.Series, texts: pl.Series
    ) -> tuple[pl.Series, list[tuple[int, str]]]:
        """The same for many texts, where one may come again and again."""
        distinct = texts.unique()
        found, left = self._reckoned(distinct)
        worked_out = [self(text) for text in left.to_list()]
        if found.len() or any(value is not None for value, _ in worked_out):
            found = pl.concat([found, pl.Series([value for value, _ in worked_out], dtype=pl.String)])
            distinct = pl.concat([distinct.filter(~distinct.is_in(left.implode())), left]) if left.len() else distinct
            values = _filled(values, places, texts.replace_strict(distinct, found, return_dtype=pl.String))
            self._remember(distinct, found)
        fault_of = {text: reason["code"] for text, (_, reason) in zip(left, worked_out, strict=True) if reason}
        if not fault_of:
            return values, []
        wrong = texts.is_in(list(fault_of))
        pairs = zip(places.filter(wrong).to_list(), texts.filter(wrong).to_list(), strict=True)
        return values, [(place, fault_of[text]) for place, text in pairs]

    def _remember(self, texts: pl.Series, values: pl.Series) -> None:
        """Keep what was worked out of a column all of which must be."""
        held = self._remembered  # several chunks are checked at once: whoever comes last adds to what it saw
        if self._way or self.column.codes or held.height + texts.len() > REMEMBERED:
            return
        fresh = pl.DataFrame({"text": texts, "value": values}).drop_nulls()
        self._remembered = pl.concat([held, fresh.join(held, on="text", how="anti")], rechunk=True)

    def _reckoned(self, distinct: pl.Series) -> tuple[pl.Series, pl.Series]:
        """The values of distinct texts that need no more than arithmetic, and the texts that need more."""
        if self.column.kind != "capital" or self.words or self._way or distinct.len() < _FEW:
            return distinct.clear(), distinct
        values, sure = clean.sums(distinct)
        return values.filter(sure), distinct.filter(~sure)


def _filled(values: pl.Series, places: pl.Series, found: pl.Series) -> pl.Series:
    return found if places.len() == values.len() else values.scatter(places, found)


def _marked(places: list[int], height: int) -> pl.Series:
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, height).scatter(places, True)


def bare_sums(sums: pl.Series, currencies: pl.Series, nulls: frozenset[str]) -> pl.Series:
    """Sums in ten thousands whose currency stands in a column of its own, spelt as one; the others as they are."""
    plain = sums.str.strip_chars(PYTHON_BLANKS)
    named = currencies.str.strip_chars(PYTHON_BLANKS)
    named = pl.select(pl.when(named.is_in([*sorted(nulls), ""])).then(pl.lit("人民币元")).otherwise(named)).to_series()
    bare = plain.str.contains(_BARE)
    spelt = pl.select(
        pl.when(bare).then(pl.concat_str([plain, pl.lit("万"), named])).otherwise(sums).alias("sum")
    ).to_series()
    odd = (~bare & plain.str.contains(r"^\d[\d,]*(?:\.\d+)?$")).arg_true()
    if odd.len():
        texts = [with_currency(sums[at], currencies[at], nulls) for at in odd]
        spelt = spelt.scatter(odd, pl.Series(texts, dtype=pl.String))
    return spelt


def with_currency(cell: str, currency: str, nulls: frozenset[str]) -> str:
    """The same for one row."""
    if not _BARE_ANY.fullmatch(cell.strip()):
        return cell
    named = currency.strip()
    return f"{cell.strip()}万{named if named and named not in nulls else '人民币元'}"
