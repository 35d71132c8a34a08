"""One record against the whole register in 50 ms, and an increment of one in a hundred rows at a twentieth of a run.

The register is prepared and kept once; every other process maps what was kept. ``SHIHENG_BENCH_SUBJECTS`` (default
20,000; the claim is made for 1,000,000) and ``SHIHENG_BENCH_SEED`` choose the set. A record judged otherwise than the
same row among all others is a claim missed.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.claims import Claim
from benchmarks.links import FOLDER, SEED, files

SUBJECTS = int(os.environ.get("SHIHENG_BENCH_SUBJECTS", "20000"))
P95_MS = 50.0
SHARE = 0.05


def run() -> list[Claim]:
    directory = files.ready(FOLDER, subjects=SUBJECTS, seed=SEED)
    with tempfile.TemporaryDirectory(prefix="shiheng-bench-") as folder:
        whole, part, one = (_run(what, directory, Path(folder)) for what in ("full", "part", "one"))
        size = sum(path.stat().st_size for path in (Path(folder) / "kept").iterdir()) / 1e6
    seconds = whole["prepare"] + whole["keep"] + whole["judge"]
    print(
        f"  {SUBJECTS:,} subjects; full run of {whole['rows']:,.0f} rows {seconds:.1f} s (prepare "
        f"{whole['prepare']:.1f}, keep {whole['keep']:.1f}, judge {whole['judge']:.1f}), {whole['peak_mb']:.0f} MB; "
        f"kept {size:.0f} MB"
    )
    print(f"  increment of {part['rows']:,.0f} rows {part['seconds']:.2f} s, {part['peak_mb']:.0f} MB")
    print(
        f"  {one['asked']:.0f} records one by one: at best {one['least']:.1f} ms, p50 {one['p50']:.1f} ms, p95 "
        f"{one['p95']:.1f} ms, {one['peak_mb']:.0f} MB"
    )
    return [
        Claim("one record, p95", one["p95"], P95_MS, "ms", more_is_better=False),
        Claim("an increment of 1 %, of the full run", part["seconds"] / seconds, SHARE, "", more_is_better=False),
        Claim("records judged as among all others", one["asked"] - one["other"], one["asked"], ""),
    ]


def _run(what: str, directory: Path, home: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.links.alone", what, str(directory), str(home)]
    env = {**os.environ, "SHIHENG_HOME": str(home / "home"), "DJANGO_SETTINGS_MODULE": "shiheng.site.settings"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env)
    told: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return told
