"""Make the invented city: the files of register and permits over time, its offices and officers, and the truth.

``write`` is a pure function of (subjects, seed, until) to the bytes of a directory: the same three give the same digest
on every machine, and the first n subjects are the same however many are made.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from shiheng.city import definition as d
from shiheng.city import deliveries, offices, permit_files, permits, population
from shiheng.city.deliveries import DAYS, Delivery
from shiheng.city.draw import stream
from shiheng.city.model import Subject
from shiheng.city.truth import Book
from shiheng.city.writers import Writer, sha256, writer

MANIFEST = "manifest.json"
PARTS = ("accounts", permit_files.FOLDER, "register", "truth")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Landed:
    """One file of the manifest; ``path`` is relative to the directory, ``faulty`` rows must be set aside."""

    path: str
    source: str
    kind: str
    layout: str
    form: str
    charset: str
    as_of: date
    known_on: date
    sha256: str
    rows: int
    faulty: int
    untidy: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``write`` made. ``digest`` is one SHA-256 over the paths and digests of all files, truth included."""

    city: str
    subjects: int
    seed: int
    until: date
    files: tuple[Landed, ...]
    offices: str
    officers: str
    owner: dict[str, Any]
    digest: str

    def of(self, source: str) -> tuple[Landed, ...]:
        """The files of one source in the order they arrive."""
        return tuple(f for f in self.files if f.source == source)


def write(
    directory: Path, *, subjects: int = 20_000, seed: int = 20_261_121, until: date, progress: Progress | None = None
) -> Manifest:
    """Write ``register/``, ``permits/``, ``accounts/``, ``truth/`` and ``manifest.json`` below ``directory``."""
    plan = deliveries.schedule(until)
    inbox = directory / "register"
    inbox.mkdir(parents=True, exist_ok=True)
    files = [_open(inbox, item) for item in plan]
    permitted = _Permits(directory / permit_files.FOLDER, plan, seed=seed, until=until)
    faulty, untidy = [0] * len(plan), [0] * len(plan)
    book = Book(directory / "truth", until)
    owner: dict[str, Any] = {}
    done = 0
    for made, groups in population.blocks(subjects, seed=seed, until=until):
        rng = stream(seed, "rows", done // d.BLOCK)
        for subject in made:
            if subject.shown:
                owner = _owner(owner, subject, until)
            rows: list[tuple[str, int]] = []
            for number, item in deliveries.rows_of(subject, plan):
                row = deliveries.render(rng, subject, item)
                fault, untidiness = deliveries.spoilt(rng, row, subject, item)
                values = list(row.values())
                files[number].write(values[:-2] if fault == "row.columns" else values)
                rows.append((item.filename, files[number].rows))
                if fault or untidiness:
                    book.row(item.filename, files[number].rows, subject.k, fault, untidiness)
                    faulty[number] += bool(fault)
                    untidy[number] += bool(untidiness)
            book.subject(subject, rows, permitted.write(subject, book))
        for group in groups:
            book.group(group)
        done += len(made)
        if progress:
            progress(done, subjects)
    for file in files:
        file.close()
    book.close()
    offices.write(directory / "accounts", seed=seed)
    landed = [
        _landed(inbox, item, file.rows, faulty[i], untidy[i])
        for i, (item, file) in enumerate(zip(plan, files, strict=True))
    ]
    landed = sorted([*landed, *permitted.close()], key=lambda file: (file.known_on, file.path))
    return _manifest(directory, tuple(landed), subjects=subjects, seed=seed, until=until, owner=owner)


class _Permits:
    """The permit files being written beside the register's."""

    def __init__(self, folder: Path, register: tuple[Delivery, ...], *, seed: int, until: date) -> None:
        self.folder, self.seed, self.until = folder, seed, until
        self.plan = permit_files.schedule(register, until)
        self.files = permit_files.open_all(folder, self.plan)
        self.faulty = [0] * len(self.plan)

    def write(self, subject: Subject, book: Book) -> list[dict[str, Any]]:
        """The rows of one subject's permits; gives what is true of them."""
        told = []
        for serial, permit in enumerate(permits.of(subject, seed=self.seed, until=self.until)):
            rows = []
            rng = stream(self.seed, "permit rows", subject.k, serial)
            for number, row, fault in permit_files.rows_of(rng, subject, permit, self.plan):
                self.files[number].write(list(row.values()))
                rows.append((self.plan[number].filename, self.files[number].rows))
                if fault:
                    book.row(*rows[-1], subject.k, fault, "")
                    self.faulty[number] += 1
            told.append(permit_files.truth_of(permit, rows))
        return told

    def close(self) -> list[Landed]:
        """The finished files as the manifest lists them."""
        for file in self.files:
            file.close()
        return [
            Landed(
                path=f"{self.folder.name}/{item.filename}",
                source=item.source,
                kind=item.kind,
                layout=item.source,
                form=item.form,
                charset=item.charset,
                as_of=item.as_of,
                known_on=item.known_on,
                sha256=sha256(self.folder / item.filename),
                rows=file.rows,
                faulty=self.faulty[number],
                untidy=0,
            )
            for number, (item, file) in enumerate(zip(self.plan, self.files, strict=True))
        ]


def read(directory: Path) -> Manifest:
    """The manifest of a directory ``write`` made."""
    raw = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    files = tuple(_read_landed(f) for f in raw["files"])
    return Manifest(**{**raw, "until": date.fromisoformat(raw["until"]), "files": files})


def _read_landed(raw: dict[str, Any]) -> Landed:
    return Landed(**{**raw, **{day: date.fromisoformat(raw[day]) for day in ("as_of", "known_on")}})


def _open(inbox: Path, item: Delivery) -> Writer:
    days = [i for i, column in enumerate(item.columns) if column in DAYS]
    return writer(inbox / item.filename, item.form, item.charset, item.header, days)


def _landed(inbox: Path, item: Delivery, rows: int, faulty: int, untidy: int) -> Landed:
    return Landed(
        path=f"{inbox.name}/{item.filename}",
        source="register",
        kind=item.kind,
        layout=item.layout,
        form=item.form,
        charset=item.charset,
        as_of=item.as_of,
        known_on=item.known_on,
        sha256=sha256(inbox / item.filename),
        rows=rows,
        faulty=faulty,
        untidy=untidy,
    )


def _owner(owner: dict[str, Any], subject: Subject, until: date) -> dict[str, Any]:
    said = {"k": subject.k, "uscc": subject.uscc, "name": subject.on(until)["name"], "since": subject.established}
    return {**offices.OWNER, "businesses": [*owner.get("businesses", []), said]}


def _manifest(
    directory: Path, files: tuple[Landed, ...], *, subjects: int, seed: int, until: date, owner: dict[str, Any]
) -> Manifest:
    whole = hashlib.sha256()
    for path in sorted(p for part in PARTS for p in (directory / part).iterdir()):
        whole.update(f"{path.relative_to(directory).as_posix()} {sha256(path)}\n".encode())
    owner = json.loads(json.dumps(owner, default=date.isoformat))
    manifest = Manifest(
        city="云泽市",
        subjects=subjects,
        seed=seed,
        until=until,
        files=files,
        offices=f"accounts/{offices.OFFICES}",
        officers=f"accounts/{offices.OFFICERS}",
        owner=owner,
        digest=whole.hexdigest(),
    )
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, default=date.isoformat)
    (directory / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    return manifest
