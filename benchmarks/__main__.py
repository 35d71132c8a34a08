"""``make bench``: run every benchmark, or those whose names contain one of the words given.

A benchmark is a module here with a function ``run() -> list[Claim]``; it takes its own seed and says its own bar.
"""

import importlib
import pkgutil
import sys
import time

import benchmarks


def main(words: list[str]) -> int:
    names = sorted(
        found.name
        for found in pkgutil.iter_modules(benchmarks.__path__)
        if found.name != "claims" and not found.name.startswith("_")
    )
    chosen = [name for name in names if not words or any(word in name for word in words)]
    if not chosen:
        print("no benchmark" + (f" has a name with {' or '.join(words)}" if words else " yet"))
        return 1 if words else 0
    missed = 0
    for name in chosen:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{name}: {(module.__doc__ or '').strip().splitlines()[0]}", flush=True)
        began = time.monotonic()
        for claim in module.run():
            print(f"  {claim}", flush=True)
            missed += not claim.kept
        print(f"  ({time.monotonic() - began:.1f} s)", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
