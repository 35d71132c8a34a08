"""Our contract check runs at one and a half times the speed of pandera on polars at least, and never loses the file.

The race: a made register, all texts different as in a real one, one row in a hundred faulty in a value, of every kind.
Every side holds the same table of checks against the same file and says which rows are at fault in which column; what
they say is compared row by row with the truth, so a side that checks less does not take part. Sides take turns, and the
best of each counts: whatever else the machine does only ever makes a turn slower. Ours reads any spelling, mends it,
and tells the reason in Chinese with a repair; the peers only say yes or no. That is what the claim is held against, and
a second one against pandera that also parts the rows and keeps the refused ones with their cells. A third holds all of
ours to six times what polars takes to read the file and do nothing with it.

The dirt: a file with errors of every kind down to lines that are no table any more, in UTF-8 and GB18030, told kind by
kind: how many were planted, how many caught, how many clean rows were flagged. The peers lose such a file whole.

Then the real register beside the project, and the whole pipeline (check, resolve, fuse, on SQLite) by phase.
"""

import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path

from benchmarks.claims import Claim
from benchmarks.ingest import made, sides

ROWS = int(os.environ.get("SHIHENG_BENCH_ROWS", "500000"))
PIPELINE_ROWS = ROWS // 10
TURNS = int(os.environ.get("SHIHENG_BENCH_TURNS", "5"))
REAL = Path(__file__).parents[3] / "shared" / "data" / "register_guangdong.csv.gz"
CAUGHT, FLAGGED = 0.99, 0.001


def run() -> list[Claim]:
    claims = []
    with tempfile.TemporaryDirectory(prefix="shiheng-bench-") as folder:
        for charset in ("utf-8", "gb18030"):
            claims += _race(Path(folder), charset)
        for charset in ("utf-8", "gb18030"):
            claims += _dirt(Path(folder), charset)
        if REAL.exists():
            claims += _real(Path(folder))
        else:
            print("  the real register is not beside the project: its line is left out")
        claims.append(_whole(Path(folder)))
    return claims


# --- the race ---------------------------------------------------------------------------------------------------------
def _race(folder: Path, charset: str) -> list[Claim]:
    file = made.race(folder / f"race-{charset}.csv", ROWS, charset)
    truth = {(row, column) for row, (_, column) in file.spoilt.items()}
    racing: dict[str, sides.Side] = {"polars, reading only": sides.read_only, "ours": sides.ours}
    for name, side, module in (
        ("pandera on polars", sides.pandera, "pandera"),
        ("pandera, rows kept", sides.pandera_kept, "pandera"),
        ("pandera with our pairs", sides.pandera_by_pairs, "pandera"),
        ("polars written by hand", sides.written_polars, "polars"),
        ("DuckDB and SQL", sides.duckdb, "duckdb"),
    ):
        if charset != "utf-8" and module == "duckdb":
            print("  DuckDB reads no GB18030 without an extension: it takes no part")
        elif _there(module):
            racing[name] = side
    rates = _rates(racing, file.path, charset, truth)
    print(f"  {ROWS:,} rows in {charset}, {len(truth):,} faults, all sides say the same of every row")
    for name, (wall, processor) in rates.items():
        print(f"    {name:24s} {wall / 1e6:5.2f} M rows/s   {processor / 1e6:5.2f} M rows/s of processor time")
    reading, ours = rates["polars, reading only"], rates["ours"]
    slower = [
        Claim(
            f"contract check in {charset} by {how} against reading only", 1 / o, 6 / r, "s a row", more_is_better=False
        )
        for how, o, r in (("the clock", ours[0], reading[0]), ("processor time", ours[1], reading[1]))
    ]
    return slower + [
        Claim(f"contract check in {charset} against {peer}", rates["ours"][0], rates[peer][0], "rows/s", at_least=bar)
        for peer, bar in (
            ("pandera on polars", 1.5),
            ("pandera, rows kept", 1.5),
            ("polars written by hand", 1.0),
            ("DuckDB and SQL", 1.5),
        )
        if peer in rates
    ]


def _there(module: str) -> bool:
    try:
        __import__(module)
    except ImportError:
        print(f"  {module} is not installed: its line is left out (make bench installs requirements/peers.txt)")
        return False
    return True


def _rates(
    racing: dict[str, sides.Side], path: Path, charset: str, truth: sides.Found | None
) -> dict[str, tuple[float, float]]:
    """Rows a second by the clock and by the processors' time, the best of turns taken one after another."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in racing}
    for _ in range(TURNS):
        for name, side in racing.items():
            began, worked = time.perf_counter(), time.process_time()
            found = side(path, charset)
            taken[name].append((time.perf_counter() - began, time.process_time() - worked))
            if truth is not None and side is not sides.read_only:
                assert found == truth, (name, len(found), len(truth), sorted(found ^ truth)[:3])
    rows = ROWS if truth is not None else REAL_ROWS
    return {name: (rows / min(w for w, _ in t), rows / min(p for _, p in t)) for name, t in taken.items()}


# --- the dirt ---------------------------------------------------------------------------------------------------------
def _dirt(folder: Path, charset: str) -> list[Claim]:
    file = made.dirty(folder / f"dirty-{charset}.csv", ROWS // 5, charset)
    began = time.perf_counter()
    refused, rows, read_as = sides.refusals(file.path)
    took = time.perf_counter() - began
    assert (rows, read_as) == (file.rows, charset), (rows, file.rows, read_as)
    planted, caught = Counter(k for k, _ in file.spoilt.values()), Counter[str]()
    for row, (kind, column) in file.spoilt.items():
        columns = refused.get(row)
        caught[kind] += columns is not None and (not column or column in columns)
    flagged = set(refused) - set(file.spoilt)
    print(f"  {rows:,} dirty rows in {charset}, {rows / took:,.0f} rows/s; in = accepted + refused, row by row")
    for kind in planted:
        print(
            f"    {kind:28s} planted {planted[kind]:6,}  caught {caught[kind]:6,}  {caught[kind] / planted[kind]:.2%}"
        )
    odd = Counter(file.odd.values())
    for kind in odd:
        wrong = sum(file.odd.get(row) == kind for row in flagged)
        print(f"    {kind:28s} right   {odd[kind]:6,}  flagged {wrong:5,}")
    for name, side in (("pandera", sides.pandera), ("duckdb", sides.duckdb)):
        if _there(name):
            print(f"    {name} of the same file: {_lost(side, file.path, charset)}")
    worst = min(caught[kind] / planted[kind] for kind in planted)
    clean = rows - len(file.spoilt)
    return [
        Claim(f"the worst caught kind of error in {charset}", worst, CAUGHT, "of planted"),
        Claim(f"clean rows flagged in {charset}", len(flagged) / clean, FLAGGED, "of clean rows", more_is_better=False),
    ]


def _lost(side: sides.Side, path: Path, charset: str) -> str:
    try:
        return f"{len({row for row, _ in side(path, charset)}):,} rows at fault"
    except Exception as problem:  # noqa: BLE001 - whatever it raises, it has not read the file
        return f"nothing, it gives up ({type(problem).__name__})"


# --- the real register ------------------------------------------------------------------------------------------------
REAL_TIMES = 3
REAL_ROWS = 115_803 * REAL_TIMES


def _real(folder: Path) -> list[Claim]:
    """The real one, a few times over, unpacked. Its dirt is as found, so sides differ in what they call a fault."""
    path = folder / "real.csv"
    with gzip.open(REAL, "rb") as packed, path.open("wb") as plain:
        lines = list(packed)
        for turn in range(REAL_TIMES):
            plain.writelines(islice(lines, min(turn, 1), None))
    racing: dict[str, sides.Side] = {"polars, reading only": sides.read_only, "ours": sides.ours}
    if _there("pandera"):
        racing["pandera on polars"] = sides.pandera
    rates = _rates(racing, path, "utf-8", None)
    print(f"  the real register, {REAL_ROWS:,} rows of ten columns")
    for name, (wall, processor) in rates.items():
        print(f"    {name:24s} {wall / 1e6:5.2f} M rows/s   {processor / 1e6:5.2f} M rows/s of processor time")
    if "pandera on polars" not in rates:
        return []
    other = rates["pandera on polars"][0]
    return [Claim("contract check of the real register against pandera", rates["ours"][0], other, "rows/s")]


def _whole(folder: Path) -> Claim:
    """The whole way of a file, by phase, against the check alone."""
    path = folder / "shorter.csv"
    made.race(path, PIPELINE_ROWS)
    began = time.process_time()
    sides.ours(path, "utf-8")
    alone = PIPELINE_ROWS / (time.process_time() - began)
    pipeline = _pipeline(path, folder / "home")
    return Claim("file to subject file, all phases, against the check alone", pipeline, alone, "rows/s", at_least=0.001)


def _pipeline(path: Path, home: Path) -> float:
    """One file landed and taken to the end in a process and a database of its own; prints its phases."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHIHENG_")}
    env |= {"SHIHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "shiheng.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PIPELINE, str(path)], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    print("  " + done.stdout.strip().splitlines()[0])
    return PIPELINE_ROWS / float(done.stdout.strip().splitlines()[-1])


PIPELINE = """
import sys, time
from datetime import date
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import actions
from shiheng.kernel import clock
path, phases = Path(sys.argv[1]), {}
began, last = time.process_time(), time.perf_counter()
def progress(step, done, total):
    global last
    now = time.perf_counter()
    phases[step] = phases.get(step, 0.0) + now - last
    last = now
with clock.standing_at(date(2026, 11, 20)):
    batch = actions.land("register", path, filename=path.name, who=SYSTEM, scope="4499.")
    batch = actions.advance(batch.pk, progress=progress)
took = time.process_time() - began
assert batch.state == "published", batch.reason
told = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in phases.items())
print(f"phases: {told}; {took:.1f} s of processor time in all")
print(took)
"""
