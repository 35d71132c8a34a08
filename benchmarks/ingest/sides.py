"""The sides of the race: each reads a register and says, for every faulty row, in which columns it is at fault.

All hold the same table of checks, the peers' written as their manuals teach: a character is cut out of a column and
looked up, for each place of a code. Most only mark what is wrong, while ours leaves the accepted rows in their standard
form and each refused one with its cells, its reasons and where it is: one more of pandera leaves as much of that as it
can. What takes part besides, without a claim, is pandera with our own trick for the sum of a code, two characters a
look into a table. Of garbled text the peers are only asked for the two letters every
planted one begins with, and of a sum for its look, where ours reads what it is.
"""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.ingest.made import HEADER, KNOWN_ON, STATES
from shiheng.kernel.identifiers import USCC_ALPHABET

Found = set[tuple[int, str]]
Side = Callable[[Path, str], Found]
REFUSED = 3_000
_LETTER = "[0-9A-HJ-NPQRTUWXY]"


# --- ours -------------------------------------------------------------------------------------------------------------
def ours(path: Path, _charset: str) -> Found:
    return {(row, column) for row, columns in refusals(path)[0].items() for column in columns}


def refusals(path: Path) -> tuple[dict[int, set[str]], int, str]:
    """Row → the columns it is refused for (none when it could not be read); all rows; the charset that was found."""
    from shiheng.fusion import checks, reading
    from tests.fusion.sources import register

    source = register()
    table = reading.read(path, path.name)
    checker = checks.Checker(source, checks.lay_out(source, table.header), KNOWN_ON)
    found: dict[int, set[str]] = {}
    rows = 0
    for _, done in checker.each(table.blocks()):
        rows += done.accepted.height + len(done.refused)
        for refusal in done.refused:
            found[refusal["row"]] = {reason["column"] for reason in refusal["reasons"]} - {""}
    return found, rows, table.charset


# --- the same table of checks in expressions --------------------------------------------------------------------------
@cache
def _tables() -> list[pl.Series]:
    weights = [pow(3, place, 31) for place in range(17)] + [1]
    worth = [
        [
            USCC_ALPHABET.index(chr(b)) * weight % 31
            if chr(b) in (USCC_ALPHABET[:10] if 2 <= place < 8 else USCC_ALPHABET)
            else REFUSED
            for b in range(256)
        ]
        for place, weight in enumerate(weights)
    ]
    tables = []
    for low, high in zip(worth[::2], worth[1::2], strict=True):
        tables.append(pl.Series([one + other for other in high for one in low], dtype=pl.UInt16))
    return tables


def _wrong_code(code: pl.Expr) -> pl.Expr:
    """As the manual teaches it, by the quicker of the two ways it has: find, not replace."""
    weights = [pow(3, place, 31) for place in range(17)] + [1]
    characters = (code.str.slice(place, 1) for place in range(18))
    worth = [pl.lit(USCC_ALPHABET).str.find(character, literal=True).cast(pl.Int32) for character in characters]
    total = pl.sum_horizontal(value * weight for value, weight in zip(worth, weights, strict=True))
    return ~code.str.contains(f"^{_LETTER}{{2}}[0-9]{{6}}{_LETTER}{{10}}$") | (total % 31 != 0)


def _wrong_code_by_pairs(code: pl.Expr) -> pl.Expr:
    whole = pl.when(code.str.len_bytes() == 18).then(code).otherwise(pl.lit(" " * 18))
    pairs = whole.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt16, 9), endianness="little")
    total = pl.sum_horizontal(pl.lit(table).gather(pairs.arr.get(at)) for at, table in enumerate(_tables()))
    return (total >= REFUSED) | (total % 31 != 0)


def _wrong_day(day: pl.Expr) -> pl.Expr:
    read = day.str.to_date("%Y-%m-%d", strict=False)
    return read.is_null() | (read > KNOWN_ON) | (read < date(1900, 1, 1)) | ~day.str.contains(r"^\d{4}-\d\d-\d\d$")


def _garbled(text: pl.Expr) -> pl.Expr:
    return text.str.contains("浜戞|闄|锟斤拷|\ufffd")


WRONG: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "企业名称": lambda c: c.is_null() | (c.str.len_chars() > 200) | _garbled(c),
    "统一社会信用代码": lambda c: c.is_null() | _wrong_code(c),
    "注册日期": lambda c: c.is_not_null() & _wrong_day(c),
    "登记状态": lambda c: c.is_not_null() & ~c.is_in(list(STATES)),
    "法人代表": lambda c: c.is_not_null() & ((c.str.len_chars() > 100) | _garbled(c)),
    "注册资金": lambda c: c.is_not_null() & ~c.str.contains(r"^\d+(?:\.\d+)?\D*万\D*$|^N/A$"),
    "注册地址": lambda c: c.is_not_null() & ((c.str.len_chars() > 500) | _garbled(c)),
}


def _read(path: Path, charset: str) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False, encoding="utf8" if charset == "utf-8" else charset)


def read_only(path: Path, charset: str) -> Found:
    assert _read(path, charset).height
    return set()


def pandera(path: Path, charset: str) -> Found:
    return _pandera(path, charset, WRONG)


def pandera_by_pairs(path: Path, charset: str) -> Found:
    return _pandera(path, charset, {**WRONG, "统一社会信用代码": lambda c: c.is_null() | _wrong_code_by_pairs(c)})


def _pandera(path: Path, charset: str, checks: dict[str, Callable[[pl.Expr], pl.Expr]]) -> Found:
    return _validated(_read(path, charset), checks)


def _validated(frame: pl.DataFrame, checks: dict[str, Callable[[pl.Expr], pl.Expr]]) -> Found:
    import pandera.polars as pa

    def held(wrong: Callable[[pl.Expr], pl.Expr]) -> Any:
        return pa.Check(lambda data: data.lazyframe.select(~wrong(pl.col(data.key))))

    columns = {t: pa.Column(str, held(wrong), nullable=True) for t, wrong in checks.items() if t in frame.columns}
    try:
        pa.DataFrameSchema(columns).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.select("index", "column")
        return {(row + 1, column) for row, column in cases.iter_rows()}
    return set()


def pandera_kept(path: Path, charset: str) -> Found:
    """The same, leaving what ours leaves: a frame of the accepted rows, and each refused one with cells and reasons."""
    frame = _read(path, charset)
    columns_of: dict[int, list[str]] = {}
    for row, column in _validated(frame, WRONG):
        columns_of.setdefault(row, []).append(column)
    refused = pl.Series(sorted(columns_of), dtype=pl.UInt32)
    rows = frame.with_row_index("row", 1)
    held = pl.col("row").is_in(refused.implode())
    accepted = rows.filter(~held)
    kept = [
        {"row": row["row"], "raw": row, "reasons": [f"{title}：{row[title]}" for title in columns_of[row["row"]]]}
        for row in rows.filter(held).iter_rows(named=True)
    ]
    assert accepted.height + len(kept) == frame.height
    return {(row["row"], title) for row in kept for title in columns_of[row["row"]]}


def written_polars(path: Path, charset: str) -> Found:
    frame = _read(path, charset).with_row_index("row", 1)
    wrong = frame.select("row", **{title: wrong(pl.col(title)).fill_null(True) for title, wrong in WRONG.items()})
    faulty = wrong.filter(pl.any_horizontal(HEADER))
    return {(row, t) for row, *cells in faulty.iter_rows() for t, bad in zip(HEADER, cells, strict=True) if bad}


def duckdb(path: Path, _charset: str) -> Found:
    import duckdb as engine

    code, weights = '"统一社会信用代码"', [pow(3, place, 31) for place in range(17)] + [1]
    total = " + ".join(
        f"(instr('{USCC_ALPHABET}', substr({code}, {at + 1}, 1)) - 1) * {weight}" for at, weight in enumerate(weights)
    )
    right = f"regexp_full_match({code}, '[0-9A-HJ-NPQRTUWXY]{{2}}[0-9]{{6}}[0-9A-HJ-NPQRTUWXY]{{10}}')"
    day = "try_strptime(\"注册日期\", '%Y-%m-%d')"
    garbled = "regexp_matches(\"{0}\", '浜戞|闄|锟斤拷|\ufffd')"
    states = ", ".join(f"'{state}'" for state in STATES)
    wrong = {
        "企业名称": f'"企业名称" IS NULL OR length("企业名称") > 200 OR {garbled.format("企业名称")}',
        "统一社会信用代码": f"{code} IS NULL OR NOT {right} OR ({total}) % 31 <> 0",
        "注册日期": f"\"注册日期\" IS NOT NULL AND ({day} IS NULL OR {day} > DATE '{KNOWN_ON}' "
        f"OR {day} < DATE '1900-01-01' OR NOT regexp_full_match(\"注册日期\", '\\d{{4}}-\\d\\d-\\d\\d'))",
        "登记状态": f'"登记状态" NOT IN ({states})',
        "法人代表": f'length("法人代表") > 100 OR {garbled.format("法人代表")}',
        "注册资金": "NOT regexp_full_match(\"注册资金\", '\\d+(\\.\\d+)?[^0-9]*万[^0-9]*|N/A')",
        "注册地址": f'length("注册地址") > 500 OR {garbled.format("注册地址")}',
    }
    marks = ", ".join(f'coalesce({test}, false) AS "{title}"' for title, test in wrong.items())
    anything = " OR ".join(f'"{title}"' for title in HEADER)
    rows = engine.sql(
        f"SELECT * FROM (SELECT row_number() OVER () AS row, {marks} FROM read_csv('{path}', header = true, "
        f"all_varchar = true, delim = ',', quote = '\"')) WHERE {anything}"
    ).fetchall()
    return {(row, title) for row, *cells in rows for title, bad in zip(HEADER, cells, strict=True) if bad}
