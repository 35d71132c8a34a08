"""Links between records at most half the best peer's error, at a fraction of the time, each tie left to a person.

One population, five departments, known truth (``shiheng.city.five``), a seed nobody tuned on. Every side starts from
the same parsed tables and runs alone in a process of its own. Pairwise F1 counts every row's link to the register; a
row left to a person counts as not found. The set must be hard: Splink may reach .95 on it, exact joins .925, no more.

``SHIHENG_BENCH_SUBJECTS`` (default 100,000; the claim is made for 1,000,000) and ``SHIHENG_BENCH_SEED`` choose the set.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.claims import Claim
from benchmarks.links import files, score

SUBJECTS = int(os.environ.get("SHIHENG_BENCH_SUBJECTS", "100000"))
SEED = int(os.environ.get("SHIHENG_BENCH_SEED", "20261122"))
FOLDER = Path(os.environ.get("SHIHENG_BENCH_FOLDER", "build/bench"))
PEERS = {"cascade": "polars", "rapidfuzz": "rapidfuzz", "splink": "splink"}
HARD = {"splink": 0.95, "cascade": 0.925}
F1, AUTOMATIC = 0.975, 0.995
BY_SOURCE = {"tax": 0.998, "social": 0.992, "complaints": 0.900, "permits": 0.996}
MEMORY_MB = 3_000


def run() -> list[Claim]:
    directory = files.ready(FOLDER, subjects=SUBJECTS, seed=SEED)
    truth = files.truth(directory)
    print(f"  {SUBJECTS:,} subjects, {truth.height:,} rows of four other departments, seed {SEED}")
    told: dict[str, dict[str, Any]] = {}
    for side in ("ours", *PEERS):
        if side in PEERS and not _there(PEERS[side]):
            print(f"    {side} is not installed: its line is left out (make bench installs requirements/peers.txt)")
            continue
        told[side] = _run(side, directory, truth)
        _print(side, told[side])
    return _claims(told)


def _there(module: str) -> bool:
    try:
        __import__(module)
    except ImportError:
        return False
    return True


def _run(side: str, directory: Path, truth: pl.DataFrame) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="shiheng-bench-") as folder:
        out = Path(folder) / "links.parquet"
        command = [sys.executable, "-m", "benchmarks.links.sides", side, str(directory), str(out)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        links = pl.read_parquet(out)
    return {
        **json.loads(done.stdout.strip().splitlines()[-1]),
        "score": score.score(links, truth),
        "sources": score.by_source(links, truth),
        "missed": score.missed(links, truth),
    }


def _print(side: str, told: dict[str, Any]) -> None:
    whole = told["score"]
    print(
        f"    {side:10s} F1 {whole.f1:.4f} (precision {whole.precision:.4f}, recall {whole.recall:.4f})"
        f"  {told['seconds']:6.1f} s  {told['peak_mb']:6.0f} MB"
    )
    print("      by source  " + "  ".join(f"{source} {part.f1:.4f}" for source, part in told["sources"].items()))
    print("      missed     " + "  ".join(f"{slip} {share:.3f}" for slip, share in told["missed"].items()))


def _claims(told: dict[str, dict[str, Any]]) -> list[Claim]:
    ours = told["ours"]
    claims = [
        Claim("F1 of all links", ours["score"].f1, F1, ""),
        Claim("precision of what is linked without a person", ours["score"].precision, AUTOMATIC, ""),
        Claim("peak memory", ours["peak_mb"], MEMORY_MB, "MB", more_is_better=False),
    ]
    claims += [Claim(f"F1 of {source}", ours["sources"][source].f1, bar, "") for source, bar in BY_SOURCE.items()]
    peers = {side: told[side] for side in PEERS if side in told}
    if not peers:
        return claims
    best = max(peers.values(), key=lambda peer: peer["score"].f1)
    error = Claim("error", 1 - ours["score"].f1, 1 - best["score"].f1, "", at_least=2.0, more_is_better=False)
    claims.append(error)
    for side, bar in (("splink", 4.0), ("rapidfuzz", 1.0)):
        if side in peers:
            title = f"time against {side}"
            claims.append(
                Claim(title, ours["seconds"], peers[side]["seconds"], "s", at_least=bar, more_is_better=False)
            )
    claims += [
        Claim(f"the set is hard for {side}", peers[side]["score"].f1, bar, "", more_is_better=False)
        for side, bar in HARD.items()
        if side in peers
    ]
    for slip in ours["missed"]:
        least = min(peer["missed"][slip] for peer in peers.values())
        claims.append(Claim(f"missed of {slip}", ours["missed"][slip], least, "", at_least=2.0, more_is_better=False))
    return claims
