"""The sides of the race, each from the same five tables to (source, row, subject): ours, and four peers' best.

A peer gets the settings its manual teaches for such data and every cleaning that is usual (width, brackets, blanks);
its threshold is the one that gave it the best F1 on a set of another seed (``benchmarks.links.tune``). A side
runs in a process of its own: its time is from the tables to the links, its memory the most that process ever held.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from benchmarks.links import files

if TYPE_CHECKING:
    from shiheng.fusion.match.judge import Register
    from shiheng.fusion.match.sides import Side

Tables = dict[str, pl.DataFrame]
Links = pl.DataFrame
SCHEMA = {"source": pl.String, "row": pl.Int64, "subject": pl.Int64}
# What each source calls the fields that can be compared.
FIELDS = {
    "register": {"code": "uscc", "regno": "regno", "name": "name", "rep": "rep", "address": "address", "phone": "phone",
                 "region": "region", "former": "former"},
    "tax": {"code": "no", "name": "name", "rep": "rep", "address": "address", "phone": "phone"},
    "social": {"code": "uscc", "orgcode": "orgcode", "name": "name", "rep": "rep", "address": "address"},
    "complaints": {"name": "name", "address": "address", "phone": "phone", "region": "region"},
    "permits": {"code": "uscc", "name": "name", "rep": "rep", "address": "address"},
}  # fmt: skip
COLUMNS = ("code", "orgcode", "regno", "name", "former", "rep", "address", "phone", "region")
CITY = "云泽市"
DISTRICTS = ("临江区", "望湖区", "青屏区", "石岚县")
_WIDE = {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)}


def said(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """What rows of a source say, as our matcher takes it."""
    names = {"rep": "person", "orgcode": "code", "regno": "code", "former": "name"}
    parts = []
    for field, column in FIELDS[source].items():
        value = pl.col(column).str.split("；") if field == "former" else pl.col(column)
        part = frame.select(id="row", field=pl.lit(names.get(field, field)), value=value)
        parts.append(part.explode("value") if field == "former" else part)
    # A register of the city names no district.
    return pl.concat(parts).filter((pl.col("field") != "region") | ~pl.col("value").str.ends_with("00"))


def register(table: pl.DataFrame) -> "Register":
    """Our register, prepared."""
    from shiheng.fusion.match import judge, sides
    from shiheng.subjects import addresses

    places = addresses.places(table["address"])
    return judge.register(sides.side(said(table, "register"), places), total=table.height, places=places)


def side(told: pl.DataFrame, known: "Register") -> "Side":
    from shiheng.fusion.match import sides

    return sides.side(told, known.places)


def ours(tables: Tables) -> Links:
    from shiheng.fusion.match import judge

    known = register(tables.pop("register"))
    codes = known.lines.codes.filter(pl.col("kind") == "uscc").select("code", subject="id")
    codes = codes.unique("code", keep="none")
    out = []
    for source in files.OTHERS:
        table, direct = tables.pop(source), pl.DataFrame(schema={"row": pl.Int64, "subject": pl.Int64})
        if column := FIELDS[source].get("code"):
            direct = table.select("row", code=column).join(codes, on="code").select("row", "subject")
        rest = table.join(direct, on="row", how="anti")
        judged = judge.judge(side(said(rest, source), known), rest["row"], known)
        found = judged.filter((pl.col("decision") == "auto") & (pl.col("rank") == 1)).select("row", "subject")
        out.append(pl.concat([direct, found]).select(pl.lit(source).alias("source"), "row", "subject"))
    return pl.concat(out)


# --- what the peers start from -------------------------------------------------------------------------------------


def cleaned(tables: Tables) -> dict[str, pl.DataFrame]:
    """The tables with one set of columns, in the usual cleaning: half width, upper case, no blanks and brackets."""
    out = {}
    for source, table in tables.items():
        held = FIELDS[source]
        frame = table.select("row", *(pl.col(held[c]).alias(c) if c in held else pl.lit("").alias(c) for c in COLUMNS))
        text = [
            pl.col(c).str.replace_many(_WIDE).str.to_uppercase().str.replace_all(r"[\s“”\"'《》]", "").alias(c)
            for c in COLUMNS
        ]
        frame = frame.with_columns(text)
        plain = pl.col("name").str.replace_all(r"[（(].*?[)）]", "")
        for place in (CITY, CITY[:-1], *DISTRICTS):
            plain = plain.str.replace(f"^{place}", "")
        core = plain.str.replace(r"(?:有限责任公司|股份有限公司|有限公司|专业合作社|分公司|商行|经营部|店|厂|部)$", "")
        road = pl.col("address").str.extract(r"(?:街道|镇|乡|区|县|^)([^区县镇乡街道]{2,6}(?:大道|路|街|巷|横街))", 1)
        number = pl.col("address").str.extract(r"(\d+)[号#]", 1)
        frame = frame.with_columns(
            plain=plain, core=core, road=road.fill_null(""), number=number.fill_null(""),
            org=pl.when(pl.col("orgcode") != "").then("orgcode").when(pl.col("code").str.len_chars() == 18)
            .then(pl.col("code").str.slice(8, 9)).otherwise(pl.lit("")),
        )  # fmt: skip
        out[source] = frame
    return out


# --- exact joins, one after the other --------------------------------------------------------------------------------


def cascade(tables: Tables) -> Links:
    """Code, old number, organisation code, then whole names with a second sign, then names that are one firm's."""
    held = cleaned(tables)
    register = held["register"]
    former = register.select("row", name=pl.col("former").str.split("；")).explode("name").filter(pl.col("name") != "")
    steps: list[tuple[list[str], pl.DataFrame]] = [
        (["code"], register), (["regno"], register), (["org"], register),
        (["name", "address"], register), (["name", "rep"], register), (["plain", "rep"], register),
        (["name", "phone"], register), (["name", "road", "number"], register), (["core", "road", "number"], register),
        (["core", "road"], register), (["core", "rep"], register), (["name"], register), (["name"], former),
        (["plain"], register), (["rep", "road", "number"], register), (["core"], register),
    ]  # fmt: skip
    out = []
    for source in files.OTHERS:
        left = held[source].with_columns(regno=pl.col("code"))
        for columns, among in steps:
            filled = [pl.col(column) != "" for column in columns]
            known = among.select(*columns, subject="row").filter(filled).unique(columns, keep="none")
            met = left.filter(filled).join(known, on=columns).select("row", "subject")
            out.append(met.select(pl.lit(source).alias("source"), "row", "subject"))
            left = left.join(met, on="row", how="anti")
    return pl.concat(out)


# --- blocks and hand-made weights ------------------------------------------------------------------------------------
RAPID_LEAST, RAPID_CROWD = 0.15, 80


def rapidfuzz(tables: Tables) -> Links:
    """Blocks on codes, names, roads and persons; five similarities with weights by hand; the best above a threshold."""
    return rapidfuzz_scored(tables).filter(pl.col("score") >= RAPID_LEAST).drop("score")


def rapidfuzz_scored(tables: Tables) -> pl.DataFrame:
    """The best subject of every row with its score; a code found is sure."""
    import numpy as np
    from rapidfuzz import fuzz, process

    held = cleaned(tables)
    register = held["register"]
    blocks = (
        ["code"], ["org"], ["phone"], ["core"], ["rep", "road"], ["road", "number"], ["head", "road"], ["head", "rep"],
        ["head3"],
    )  # fmt: skip

    def headed(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(head=pl.col("core").str.slice(0, 2), head3=pl.col("core").str.slice(0, 3))

    register = headed(register)
    out = []
    for source in files.OTHERS:
        rows = headed(held[source])
        direct = rows.filter(pl.col("code") != "").join(
            register.select("code", subject="row").unique("code", keep="none"), on="code"
        ).select("row", "subject")  # fmt: skip
        out.append(direct.select(pl.lit(source).alias("source"), "row", "subject", score=pl.lit(9.0)))
        rows = rows.join(direct, on="row", how="anti")
        met = []
        for columns in blocks:
            filled = [pl.col(column) != "" for column in columns]
            known = register.filter(filled).select(*columns, subject="row")
            known = known.filter(pl.len().over(columns) <= RAPID_CROWD)
            met.append(rows.filter(filled).join(known, on=columns).select("row", "subject"))
        pairs = pl.concat(met).unique()
        for part in pairs.iter_slices(500_000):
            lines = part.join(rows, on="row").join(register, left_on="subject", right_on="row", suffix="_s")

            def alike(column: str, scorer: Callable[..., float], lines: pl.DataFrame = lines) -> "np.ndarray":
                one, other = lines[column].to_list(), lines[f"{column}_s"].to_list()
                return process.cpdist(one, other, scorer=scorer, workers=-1) / 100

            name = np.maximum(alike("plain", fuzz.ratio), 0.95 * alike("core", fuzz.partial_ratio))
            door, rep = alike("address", fuzz.token_ratio), alike("rep", fuzz.ratio)
            has = {
                c: ((lines[c] != "") & (lines[f"{c}_s"] != "")).to_numpy() for c in ("address", "rep", "phone", "org")
            }
            weights = 0.50 + 0.30 * has["address"] + 0.22 * has["rep"]
            score = (0.50 * name + 0.30 * door * has["address"] + 0.22 * rep * has["rep"]) / weights
            score += 0.15 * ((lines["phone"] == lines["phone_s"]).to_numpy() & has["phone"])
            score += 0.40 * ((lines["org"] == lines["org_s"]).to_numpy() & has["org"])
            # A join keeps no order: the score belongs to the lines it was made of.
            out.append(lines.select(pl.lit(source).alias("source"), "row", "subject", score=pl.Series(score)))
    best = pl.concat(out).sort("score", "subject", descending=[True, False])
    return best.unique(["source", "row"], keep="first", maintain_order=True)


# --- Splink ----------------------------------------------------------------------------------------------------------
SPLINK_LEAST = 0.5


def splink(tables: Tables) -> Links:
    """Fellegi-Sunter on DuckDB with term frequencies, trained on the set itself as the manual teaches."""
    return splink_scored(tables).filter(pl.col("score") >= SPLINK_LEAST).drop("score")


def splink_scored(tables: Tables) -> pl.DataFrame:
    """The likeliest subject of every row with its probability.

    The rules keep the pairs to what 24 GB hold: blocks on telephones, of which agents leave one at a thousand doors,
    and on a road with a part of the name made ten times as many for a thousandth more rows found.
    """
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    held = cleaned(tables)
    columns = ["code", "org", "plain", "core", "rep", "address", "road", "number", "phone", "region"]

    def table(frame: pl.DataFrame, source: str) -> pl.DataFrame:
        blank = [pl.when(pl.col(c) == "").then(None).otherwise(pl.col(c)).alias(c) for c in columns]
        return frame.select(
            pl.concat_str(pl.lit(source + ":"), pl.col("row").cast(pl.String)).alias("unique_id"), *blank
        )

    left = table(held["register"], "register")
    right = pl.concat([table(held[source], source) for source in files.OTHERS])
    rules = [
        block_on("code"), block_on("org"), block_on("core", "road"), block_on("core", "region"),
        block_on("plain"), block_on("rep", "road", "number"), block_on("road", "number", "substr(core, 1, 2)"),
        block_on("rep", "substr(core, 1, 2)"),
    ]  # fmt: skip
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=rules,
        comparisons=[
            cl.ExactMatch("org"),
            cl.JaroWinklerAtThresholds("plain", [0.95, 0.88, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("core", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("rep", [1]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address", [0.97, 0.9, 0.8]),
            cl.ExactMatch("road").configure(term_frequency_adjustments=True),
            cl.ExactMatch("number"),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
        ],
        retain_intermediate_calculation_columns=False,
    )
    api = DuckDBAPI()
    linker = Linker([api.register(left.to_arrow()), api.register(right.to_arrow())], settings)
    linker.training.estimate_probability_two_random_records_match([block_on("code")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("code"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("plain"))
    found = linker.inference.predict(threshold_match_probability=0.05)
    pairs = (
        pl.from_arrow(found.as_pyarrow_table())
        if hasattr(found, "as_pyarrow_table")
        else pl.from_pandas(found.as_pandas_dataframe())
    )
    pairs = pl.DataFrame(pairs).select("unique_id_l", "unique_id_r", "match_probability")
    swapped = pl.col("unique_id_l").str.starts_with("register:")
    pairs = pairs.select(
        one=pl.when(swapped).then("unique_id_l").otherwise("unique_id_r"),
        other=pl.when(swapped).then("unique_id_r").otherwise("unique_id_l"), p="match_probability",
    )  # fmt: skip
    best = pairs.sort("p", "one", descending=[True, False]).unique("other", keep="first", maintain_order=True)
    cut = pl.col("other").str.splitn(":", 2)
    return best.select(
        source=cut.struct.field("field_0"), row=cut.struct.field("field_1").cast(pl.Int64),
        subject=pl.col("one").str.slice(len("register:")).cast(pl.Int64), score="p",
    )  # fmt: skip


SIDES: dict[str, Callable[[Tables], Links]] = {
    "ours": ours, "cascade": cascade, "rapidfuzz": rapidfuzz, "splink": splink,
}  # fmt: skip


def main(name: str, directory: Path, out: Path) -> None:
    tables = files.read(directory)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    links = SIDES[name](tables)
    seconds = time.perf_counter() - began
    links.cast(SCHEMA).write_parquet(out)  # type: ignore[arg-type]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak_mb": peak / 1024, "tables_mb": before / 1024}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
