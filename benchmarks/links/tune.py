"""The threshold that gives each peer its best F1, on a set of another seed: ``python -m benchmarks.links.tune``."""

from benchmarks.links import FOLDER, files, score, sides

SUBJECTS, SEED = 100_000, 20261111
SCORED = {"rapidfuzz": sides.rapidfuzz_scored, "splink": sides.splink_scored}


def main() -> None:
    directory = files.ready(FOLDER, subjects=SUBJECTS, seed=SEED)
    truth = files.truth(directory)
    for name, side in SCORED.items():
        links = side(files.read(directory))
        found = {}
        for step in range(1, 20):
            least = step / 20
            found[least] = score.score(links.filter(links["score"] >= least).drop("score"), truth)
        for least, told in found.items():
            print(f"{name:10s} {least:.2f}  F1 {told.f1:.4f}  precision {told.precision:.4f}  recall {told.recall:.4f}")
        best = max(found, key=lambda least: found[least].f1)
        print(f"{name}: {best:.2f}")


if __name__ == "__main__":
    main()
