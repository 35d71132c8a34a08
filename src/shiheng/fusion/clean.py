"""Which texts of a column are certainly standard, asked of the whole column at once. Pure.

A shortcut gives a column's standard values and where it is sure of them. It may be unsure of anything, but where it is
sure, ``standardise`` gives the same value: it is a way past it, never another opinion.
"""

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, reduce

import polars as pl

from shiheng.fusion.definition import Column
from shiheng.kernel import identifiers


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind is judged at once: where texts (none null) are sure, and the value of those that are.

    ``prepared`` is worked out first, for the whole series, and handed to ``sure`` beside the text. Without ``value`` it
    is the text itself.
    """

    sure: Callable[[pl.Expr, pl.Expr], pl.Expr]
    value: Callable[[pl.Expr], pl.Expr] | None = None
    prepared: Callable[[pl.Series], pl.Series] | None = None


# Characters by which ``standardise`` knows garbled text. Texts that hold one are left to it.
_SUSPICIOUS = frozenset(map(ord, "锟烫鐨鍏鏈闄娓銆锛"))
_IDEOGRAPHS = [code for code in range(0x4E00, 0x9FA6) if code not in _SUSPICIOUS]
_BRACKETS = frozenset(b"()")
_GRAPH = [code for code in range(0x21, 0x7F) if chr(code) != "\\"]
# Marks that stand in names and addresses and are the same in every width.
_MARKS = [0xB7, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x3001, 0x3002, *range(0x3007, 0x3012), 0x3014, 0x3015]


def _impossible(code: int) -> bool:
    """Whether text with this character, written in GB18030, can never be valid UTF-8.

    A byte from C0 on only begins a character there, and what follows it must lie between 80 and BF.
    """
    written = chr(code).encode("gb18030")
    return len(written) == 2 and written[0] >= 0xC0 and not 0x80 <= written[1] < 0xC0


def _everyday(code: int) -> bool:
    return bool(chr(code).encode("gb2312", "ignore"))


def _class(codes: Iterable[int]) -> str:
    """The characters as the inside of a regular expression's brackets, in as few letters as may be.

    Each thread reads an expression anew, and each query looks it up by all its letters.
    """
    spans: list[list[int]] = []
    for code in sorted(codes):
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    letters = ((_letter(a), _letter(b) if b > a else "", "-" if b > a + 1 else "") for a, b in spans)
    return "".join(first + to + last for first, last, to in letters)


def _letter(code: int) -> str:
    return chr(code) if code > 0x7F or chr(code).isalnum() else f"\\x{{{code:x}}}"


@cache
def _words(*, brackets: str, brief: bool = True) -> str:
    """Text no folding changes and that is surely not garbled: one impossible character is proof, so is plain ASCII.

    So are, as ``brief``, up to four everyday characters or up to two of any kind: too short to judge.
    """
    graph = [code for code in _GRAPH if brackets == "()" or code not in _BRACKETS]
    every = _class([*graph, *_MARKS, *(map(ord, brackets) if brackets != "()" else ()), *_IDEOGRAPHS])
    proof = _class(code for code in _IDEOGRAPHS if _impossible(code))
    short = _class(code for code in _IDEOGRAPHS if _everyday(code))
    word = r"[0-9A-Za-z]"
    plain = f"[{_class(graph)}]*{word}[{_class(graph)}]*"
    proven = f"[{every}]*[{proof}][{every}]*"
    few = f"|[{short}]{{1,4}}|[{_class(_IDEOGRAPHS)}]{{1,2}}" if brief else ""
    return f"^(?:{proven}|{plain}{few})$"


_PRINTED = _class(
    [
        *range(0x21, 0x7F),
        *range(0xA1, 0xAD),
        *range(0xAE, 0x180),
        *range(0x2010, 0x2028),
        *range(0x2030, 0x205F),
        *range(0x2100, 0x218C),
        *range(0x2190, 0x2400),
        *range(0x2460, 0x2800),
        *range(0x3001, 0x3040),
        *range(0x30A1, 0x3100),
        *range(0x4E00, 0x9FF0),
        *range(0xFF01, 0xFF5F),
    ]
)
_TEXT = f"^[{_PRINTED}](?:[{_PRINTED} ]*[{_PRINTED}])?$"
_REGION = f"^(?:{'|'.join(sorted(identifiers.PROVINCES))})[0-9]{{4}}(?:[0-9]{{3}}|[0-9]{{6}})?$"
_MOMENT = r"^(?:19|[2-8][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}$"
_NUMBER = r"^(?:0|-?[1-9][0-9]{0,8}|-?(?:0|[1-9][0-9]{0,8})\.[0-9]{0,7}[1-9])$"
_YUAN = r"^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{2})?$"


def _matching(pattern: str) -> Way:
    return Way(lambda raw, _: raw.str.contains(pattern))


def _words_with(brackets: str, *, brief: bool) -> Way:
    return Way(lambda raw, _: raw.str.contains(_words(brackets=brackets, brief=brief)))


def _already(_: pl.Expr, right: pl.Expr) -> pl.Expr:
    return right


def _spelt(raw: pl.Expr) -> pl.Expr:
    return raw.str.replace(" ", "T", literal=True)


def _moment(raw: pl.Expr, _: pl.Expr) -> pl.Expr:
    real = _spelt(raw).str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False).is_not_null()
    # Polars knows a leap second, which Python does not.
    return real & raw.str.contains(_MOMENT) & ~raw.str.ends_with("60")


def _fen(raw: pl.Expr) -> pl.Expr:
    fen = raw.str.replace(".", "", literal=True).cast(pl.Int64, strict=False)
    return pl.when(raw.str.contains(".", literal=True)).then(fen).otherwise(fen * 100).cast(pl.String)


# --- codes with a check character -------------------------------------------------------------------------------------
# Every two characters of a code are one number of sixteen bits, and a table tells their share of the weighted sum, or
# makes it too large where one of them may not stand there. A code is right when its shares add up.
_REFUSED = 3_000


def _pairs(shares: list[dict[str, int]]) -> list[pl.Series]:
    """A table for each pair of places, from what each character is worth at each place."""
    tables = []
    for first, second in zip(shares[::2], shares[1::2], strict=True):
        low, high = (
            pl.DataFrame({name: [place.get(chr(byte), _REFUSED) for byte in range(256)]}, schema={name: pl.UInt16})
            for name, place in (("low", first), ("high", second))
        )
        both = high.join(low, how="cross", maintain_order="left_right")
        tables.append(both["high"] + both["low"])
    return tables


def _judged(raw: pl.Series, tables: list[pl.Series], right: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """Where texts are of twice as many bytes as there are tables, and right by the sum of their shares.

    The sum is too large where a character is refused.
    """
    count = len(tables)
    fits = raw.str.len_bytes() == 2 * count
    held = raw if fits.all() else raw.filter(fits)
    pairs = pl.col("raw").cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt16, count), endianness="little")
    shares = (pl.lit(table).gather(pl.col("pairs").gather_every(count, at)) for at, table in enumerate(tables))
    cut = held.alias("raw").to_frame().lazy().select(pairs.explode().alias("pairs"))
    total = cut.select(reduce(operator.add, shares).alias("total"))
    judged = total.select(right(pl.col("total"))).collect().to_series()
    return judged if held is raw else fits.clone().scatter(fits.arg_true(), judged)


@cache
def _uscc_tables() -> list[pl.Series]:
    values = {character: value for value, character in enumerate(identifiers.USCC_ALPHABET)}
    digits = {character: value for character, value in values.items() if character.isdigit()}
    weights = [pow(3, place, 31) for place in range(17)] + [1]
    return _pairs(
        [{c: v * weights[place] % 31 for c, v in (digits if 2 <= place < 8 else values).items()} for place in range(18)]
    )


@cache
def _resident_tables() -> list[pl.Series]:
    weights = [pow(2, 17 - place, 11) for place in range(18)]
    digits = {str(value): value for value in range(10)}
    last = {**digits, "X": 10}
    return _pairs(
        [{c: v * weights[place] % 11 for c, v in (last if place == 17 else digits).items()} for place in range(18)]
    )


def _uscc(raw: pl.Series) -> pl.Series:
    return _judged(raw, _uscc_tables(), lambda total: (total < _REFUSED) & (total % 31 == 0))


def _resident(raw: pl.Series) -> pl.Series:
    return _judged(raw, _resident_tables(), lambda total: (total < _REFUSED) & (total % 11 == 1))


def _born(raw: pl.Expr, right: pl.Expr) -> pl.Expr:
    born = raw.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    return right & born.is_between(date(1800, 1, 1), date(9000, 1, 1)).fill_null(value=False)


# --- days -------------------------------------------------------------------------------------------------------------
# A day is one number, thirty-one days a month and twelve months a year; a table tells which of them there are.
_YEARS = range(1900, 2100)
_NO_DAY = len(_YEARS) * 16 * 32


@cache
def _day_tables() -> tuple[list[pl.Series], pl.Series]:
    def pairs(worth: Callable[[str, str], int | None]) -> pl.Series:
        ascii_ = [chr(byte) for byte in range(128)]
        held = {ord(a) + 256 * ord(b): worth(a, b) for a in ascii_ for b in ascii_}
        return pl.Series([_NO_DAY if (w := held.get(n)) is None else w for n in range(65536)], dtype=pl.UInt32)

    def digits(a: str, b: str, unit: int, less: int = 0) -> int | None:
        return (int(a + b) - less) * unit if a.isdigit() and b.isdigit() and int(a + b) >= less else None

    year = 16 * 32
    tables = [
        pairs(lambda a, b: digits(a, b, 100 * year, 19) if a + b in {"19", "20"} else None),
        pairs(lambda a, b: digits(a, b, year)),
        pairs(lambda a, b: int(b) * 10 * 32 if a == "-" and b in "01" else None),
        pairs(lambda a, b: int(a) * 32 if b == "-" and a.isdigit() else None),
        pairs(lambda a, b: digits(a, b, 1)),
    ]
    days = pl.date_range(date(_YEARS[0], 1, 1), date(_YEARS[-1], 12, 31), eager=True)
    numbers = (days.dt.year() - _YEARS[0]) * year + days.dt.month().cast(pl.Int32) * 32 + days.dt.day().cast(pl.Int32)
    there = pl.int_range(0, _NO_DAY + 1, eager=True, dtype=pl.Int32).is_in(numbers.implode())
    return tables, there


def _day(raw: pl.Series) -> pl.Series:
    tables, there = _day_tables()
    return _judged(raw, tables, lambda number: pl.lit(there).gather(number.clip(upper_bound=_NO_DAY)))


BY_KIND: dict[str, Way] = {
    "text": _matching(_TEXT),
    "code": _matching(_TEXT),
    "name": _words_with("（）", brief=False),
    "address": _words_with("（）", brief=False),
    "person": _words_with("()", brief=True),
    "uscc": Way(_already, prepared=_uscc),
    "id_number": Way(_born, prepared=_resident),
    "orgcode": _matching("^[0-9A-Z]+$"),
    "identifier": _matching("^[0-9A-Z]+$"),
    "region": _matching(_REGION),
    "day": Way(_already, prepared=_day),
    "moment": Way(_moment, value=_spelt),
    "number": _matching(_NUMBER),
    "money": Way(lambda raw, _: raw.str.contains(_YUAN), value=_fen),
    "phone": _matching("^1[3-9][0-9]{9}$"),
    "flag": Way(lambda raw, _: raw.is_in(["是", "否"])),
}

# Full width and half, for texts in which the whole of folding is this and blanks: the letters stay the same.
_NARROW = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_BRACKETED = {**_NARROW, "（": "（", "）": "）", "(": "（", ")": "）"}
FOLDS = {"name": _BRACKETED, "address": {**_BRACKETED, " ": "", "\u3000": ""}, "person": _NARROW}


def folding(column: Column) -> Way:
    """A second try at texts that need no more than letters of another width.

    Whether a text is garbled is judged before folding: only what is proved by characters that folding leaves may pass.
    """
    fold = FOLDS[column.kind]
    words = _words(brackets="()" if column.kind == "person" else "（）", brief=False)

    def value(raw: pl.Expr) -> pl.Expr:
        return raw.str.replace_many(list(fold), list(fold.values()))

    def sure(raw: pl.Expr, _: pl.Expr) -> pl.Expr:
        right = value(raw).str.contains(words)
        return right if (held := within(column, value(raw))) is None else right & held

    return Way(sure, value)


# So many tens of thousands of yuan, as nine registers of ten write them.
_SUM = r"^([0-9]{1,9})(?:\.([0-9]{1,6}))?[(（]?万(?:元人民币|人民币元|人民币|元)?[)）]?$"


def sums(raw: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Capital in its standard form: a hundred million fen and more are whole numbers, never floats."""
    parts = raw.str.extract_groups(_SUM).struct.unnest()
    whole, decimals = (parts.to_series(at) for at in (0, 1))
    fen = whole.cast(pl.Int64) * 1_000_000 + decimals.fill_null("").str.pad_end(6, "0").cast(pl.Int64)
    return fen.cast(pl.String).fill_null("") + " CNY", whole.is_not_null()


# A pattern that means the same to both engines: plain characters, classes of them, repetition, choice.
_COMMON = re.compile(r"(?:[0-9A-Za-z_/ -]|\[[0-9A-Za-z-]+\]|\{\d{1,2}(?:,\d{0,2})?\}|[?+*|]|\(\?:|\(|\)|\\d)*")


def way_of(column: Column) -> Way | None:
    """How a column is judged at once, but for ``within``; None when there is no short way."""
    if column.codes or column.minimum is not None or column.maximum is not None or column.kind not in BY_KIND:
        return None
    if column.pattern and ("--" in column.pattern or not _COMMON.fullmatch(column.pattern)):
        return None
    return BY_KIND[column.kind]


def within(column: Column, value: pl.Expr, *, maybe_long: bool = True) -> pl.Expr | None:
    """Where values are not too long and of the column's pattern; None where that is sure of every one."""
    held = None
    if column.max_length and maybe_long:
        held = value.str.len_chars() <= column.max_length
    if column.pattern:
        pattern = column.pattern.replace(r"\d", "[0-9]")
        fits = value.str.contains(f"^(?:{pattern})$")
        held = fits if held is None else held & fits
    return held


def at_once(way: Way, raw: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Values and where they are sure, of one series."""
    ready = way.prepared(raw) if way.prepared else raw
    frame = pl.DataFrame({"raw": raw, "ready": ready}).lazy()
    value = way.value(pl.col("raw")) if way.value else pl.col("raw")
    done = frame.select(value=value, sure=way.sure(pl.col("raw"), pl.col("ready"))).collect()
    return done["value"], done["sure"]
