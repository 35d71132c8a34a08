"""``make test-slow``: the long bars, one a command, seeded, each leaving its figures in ``docs/quality/``.

A bar is a test marked ``slow``. It is run on its own; what already passed at this version of the source is not run
again, so an interrupted evening goes on where it stopped. ``--again`` runs all, words choose by part of the name.
"""

import argparse
import hashlib
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUALITY = ROOT / "docs" / "quality"
STATE = ROOT / "build" / "slow"


def bars() -> list[str]:
    """The node ids of all slow tests."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "slow"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [line.strip() for line in listed.splitlines() if "::" in line]


def version() -> str:
    """What the source is now: a bar passed at another version says nothing about this one."""
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("tests/**/*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of names; without any, every bar")
    parser.add_argument("--again", action="store_true", help="run bars that already passed at this version too")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    STATE.mkdir(parents=True, exist_ok=True)
    now, failed = version(), 0
    for bar in bars():
        if options.names and not any(name in bar for name in options.names):
            continue
        mark = STATE / f"{hashlib.sha256(f'{bar} {options.database}'.encode()).hexdigest()[:24]}.{now}"
        if mark.exists() and not options.again:
            print(f"kept   {bar}")
            continue
        began = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "-s", "-m", "slow", f"--database={options.database}", bar]
        passed = subprocess.run(command, cwd=ROOT, check=False).returncode == 0
        print(f"{'ok    ' if passed else 'FAILED'} {bar}  {time.monotonic() - began:.0f} s", flush=True)
        if passed:
            mark.touch()
        failed += not passed
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
