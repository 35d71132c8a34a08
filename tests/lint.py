"""``make lint``: style, types, the floors of import, and a migration for every model."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PLACES = ["src", "tests", "benchmarks"]
STEPS: tuple[tuple[str, list[str]], ...] = (
    ("style", [str(BIN / "ruff"), "check", "--quiet", *PLACES]),
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", *PLACES]),
    ("floors", [str(BIN / "lint-imports")]),
    ("migrations", [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]),
    ("checks", [sys.executable, "-m", "django", "check", "--fail-level", "WARNING"]),
    ("types", [str(BIN / "mypy")]),
)


def lint() -> list[tuple[str, bool, float]]:
    """Run every step, also after one failed; what failed prints its whole output."""
    results = []
    with tempfile.TemporaryDirectory(prefix="shiheng-lint-") as home:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SHIHENG_")}
        env = {**kept, "SHIHENG_HOME": home, "DJANGO_SETTINGS_MODULE": "shiheng.site.settings"}
        for title, command in STEPS:
            began = time.monotonic()
            done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
            passed = done.returncode == 0
            results.append((title, passed, time.monotonic() - began))
            print(f"lint  {title:<11} {'ok' if passed else 'FAILED':<7} {results[-1][2]:5.1f} s", flush=True)
            if not passed:
                print(done.stdout + done.stderr, flush=True)
    return results


if __name__ == "__main__":
    sys.exit(0 if all(passed for _, passed, _ in lint()) else 1)
