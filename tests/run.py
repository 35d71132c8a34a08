"""``make test``: lint, the whole suite on SQLite, what touches a database once more on PostgreSQL; one summary.

Words after ``python -m tests.run`` go to pytest, e.g. ``python -m tests.run tests/jobs``.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from tests import lint, postgres

ROOT = Path(__file__).resolve().parent.parent
NOTHING_COLLECTED = 5
# How a page looks does not depend on the database behind it; what people do in the browser is run on both.
LOOKS = ("--ignore=tests/e2e/test_every_page.py", "--ignore=tests/e2e/test_gallery.py")


def suite(title: str, *words: str) -> tuple[str, bool, float, str]:
    """One run of pytest; its output passes through, its last line is kept for the summary."""
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(min(2, os.cpu_count() or 1)), "--dist", "loadfile"]
    command += ["-m", "not slow", *words]
    last = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if re.search(r"\d+ (passed|failed|error|skipped|deselected)|no tests ran", line):
                last = line.strip(" =\n")
    passed = process.returncode in {0, NOTHING_COLLECTED}
    return title, passed, time.monotonic() - began, last


def main(words: list[str]) -> int:
    results = [(f"lint {title}", passed, seconds, "") for title, passed, seconds in lint.lint()]
    results.append(suite("suite on SQLite", *words))
    if postgres.binaries() or os.environ.get("SHIHENG_TEST_POSTGRES_URL"):
        results.append(
            suite(
                "database tests on PostgreSQL", "-m", "database and not slow", "--database=postgresql", *LOOKS, *words
            )
        )
    else:
        missing = "NOT RUN: no PostgreSQL server on this machine (Debian: apt-get install postgresql)"
        results.append(("database tests on PostgreSQL", False, 0.0, missing))
    print("\n---- summary " + "-" * 60)
    for title, passed, seconds, text in results:
        print(f"{'ok    ' if passed else 'FAILED'} {title:<30} {seconds:7.1f} s  {text}")
    failed = sum(not passed for _, passed, _, _ in results)
    print(f"{len(results) - failed} of {len(results)} passed, {sum(r[2] for r in results):.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
