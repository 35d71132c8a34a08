"""Write the departments' files of a city, and what is true of them. The same arguments give the same bytes.

Subjects are made again block by block (seconds for tens of thousands), so memory does not grow with the city.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from shiheng.city import definition as d
from shiheng.city import population
from shiheng.city.departments import faults, truth
from shiheng.city.departments.faults import Spoilt
from shiheng.city.departments.files import writer
from shiheng.city.departments.plan import Due, Sent, schedule
from shiheng.city.departments.sheet import Sheet, contract, header, render, roles
from shiheng.city.departments.sheets import SHEETS
from shiheng.city.dirt import Row
from shiheng.city.draw import stream
from shiheng.city.lives import matters
from shiheng.city.lives.model import Event, Life
from shiheng.city.model import Subject
from shiheng.city.writers import Writer, sha256

FOLDER, MANIFEST = "departments", "departments.json"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Landed:
    """One file; ``path`` is relative to the directory. ``faulty`` rows must be set aside, ``flaw`` is the whole file's.

    ``delivery`` says how it stands to what came before it, ``replaces`` the path of the file it corrects.
    """

    path: str
    source: str
    delivery: str
    form: str
    charset: str
    as_of: date
    due: date
    known_on: date
    sha256: str
    rows: int
    faulty: int
    untidy: int
    flaw: str = ""
    replaces: str = ""


def write(
    directory: Path,
    *,
    subjects: int = 20_000,
    seed: int = 20_261_121,
    until: date,
    progress: Progress | None = None,
    sources: Iterable[str] | None = None,
) -> tuple[Landed, ...]:
    """Write ``departments/``, ``lives/`` and ``departments.json`` for the named sources (all of them when not said)."""
    wanted = None if sources is None else set(sources)
    folder = directory / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (directory / truth.FOLDER).mkdir(parents=True, exist_ok=True)
    (directory / truth.FOLDER / "README.md").write_text(truth.readme(), encoding="utf-8", newline="\n")
    desks = [
        _Desk(folder, directory / truth.FOLDER, sheet, seed=seed, until=until)
        for sheet in SHEETS
        if wanted is None or sheet.source in wanted
    ]
    of_kind: dict[str, list[_Desk]] = {}
    for desk in desks:
        for kind in desk.sheet.kinds:
            of_kind.setdefault(kind, []).append(desk)
    done = 0
    for made, _groups in population.blocks(subjects, seed=seed, until=until):
        whole = {subject.k: subject for subject in made}
        for desk in desks:
            desk.begin(done // d.BLOCK)
        for life in matters.lives(made, seed=seed, until=until):
            for kind, events in life.events.items():
                for desk in of_kind.get(kind, ()):
                    desk.take(life, events, whole)
        done += len(made)
        if progress:
            progress(done, subjects)
    files = [file for desk in desks for file in desk.close()]
    made_now = {desk.sheet.source for desk in desks}
    kept = [file for file in read(directory) if file.source not in made_now]
    files = sorted([*kept, *files], key=lambda file: (file.known_on, file.path))
    manifest = {"sources": sorted({*told(directory), *made_now}), "files": [asdict(file) for file in files]}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, default=date.isoformat)
    (directory / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    return tuple(files)


def read(directory: Path) -> tuple[Landed, ...]:
    """The files ``write`` made, in the order they arrive; none where it never ran."""
    days = ("as_of", "due", "known_on")
    raw = _manifest(directory)["files"]
    return tuple(Landed(**{**one, **{day: date.fromisoformat(one[day]) for day in days}}) for one in raw)


def told(directory: Path) -> list[str]:
    """The sources that were written, with files or with nothing to tell."""
    return list(_manifest(directory)["sources"])


def missing(directory: Path) -> list[str]:
    """The sources this version writes and the directory was made without."""
    there = told(directory)
    return [sheet.source for sheet in SHEETS if sheet.source not in there]


def _manifest(directory: Path) -> dict[str, Any]:
    path = directory / MANIFEST
    if not path.exists():
        return {"sources": [], "files": []}
    return dict(json.loads(path.read_text(encoding="utf-8")))


def digest(directory: Path) -> str:
    """One SHA-256 over the paths and digests of all these files, truth included."""
    whole = hashlib.sha256()
    for path in sorted(p for part in (FOLDER, truth.FOLDER) for p in (directory / part).iterdir()):
        whole.update(f"{path.relative_to(directory).as_posix()} {sha256(path)}\n".encode())
    return whole.hexdigest()


class _Desk:
    """One department's desk for one source: its plan, its open files, its part of the truth."""

    def __init__(self, folder: Path, lives: Path, sheet: Sheet, *, seed: int, until: date) -> None:
        self.sheet, self.folder, self.seed = sheet, folder, seed
        self.sent, due = schedule(sheet, seed=seed, until=until)
        self.head = header(sheet)
        self.days = [place for place, name in enumerate(sheet.names) if name in roles(sheet).days]
        self.files = [self._open(item) for item in self.sent]
        self.faulty, self.untidy = [0] * len(self.sent), [0] * len(self.sent)
        # Periods in order; a corrected file shares its period with the wrong one.
        ends = sorted({item.as_of for item in self.sent if item.delivery != "deletions"})
        self.ends = ends
        kept = [(n, item) for n, item in enumerate(self.sent) if item.delivery != "deletions"]
        self.of_end = [[n for n, item in kept if item.as_of == end] for end in ends]
        begins = ends[min(sheet.drift[2], len(ends) - 1)] if sheet.drift and ends else date.max
        self.drifted = frozenset(n for n, item in kept if item.as_of >= begins)
        self.taken_back = [(n, item) for n, item in enumerate(self.sent) if item.delivery == "deletions"]
        self.since = {item.as_of: item.since for item in self.sent}
        self.book = truth.Book(lives, sheet.source)
        self.due = due
        self.rng = Random()  # noqa: S311 - replaced at every block
        self.last: dict[int, Row] = {}
        self.deleted = contract(sheet.source).deleted

    def _open(self, item: Sent) -> Writer:
        return writer(self.folder / item.filename, item.form, item.charset, self.head, self.days)

    def begin(self, block: int) -> None:
        """A stream for each block, so that a part of the city is written as it is in the whole."""
        self.rng = stream(self.seed, "department rows", self.sheet.source, block)
        self.last.clear()

    def take(self, life: Life, events: list[Event], block: dict[int, Subject]) -> None:
        """Everything this source holds of one business."""
        for event in events:
            if self.sheet.holds and not self.sheet.holds(event):
                continue
            rows: list[tuple[str, int]] = []
            for number in self._speaking(event):
                rows += self._write(number, life, event, block)
            self.book.event(life.subject.k, event, rows)

    def _speaking(self, event: Event) -> Iterator[int]:
        """The files that tell of an event: those of the periods it changed in, or all it stands in."""
        if self.sheet.delivery == "snapshot":
            for place, end in enumerate(self.ends):
                if event.steps[self.sheet.told][0] <= end and (event.gone is None or event.gone > end):
                    yield from self.of_end[place]
            return
        listed = event.undone if self.sheet.deletions else None
        if listed:
            yield from (n for n, item in self.taken_back if item.since < listed <= item.as_of)
        days = [day for day, _ in event.steps[self.sheet.told :] if day != listed]
        for place in sorted({bisect_left(self.ends, day) for day in days}):
            if place < len(self.ends):
                end = self.ends[place]
                if any(self.since[end] < day <= end for day in days):
                    yield from self.of_end[place]

    def _write(self, number: int, life: Life, event: Event, block: dict[int, Subject]) -> list[tuple[str, int]]:
        item, file, subject = self.sent[number], self.files[number], life.subject
        if item.flaw == "cut" and subject.k % 10:
            return []
        facts = event.on(item.as_of)
        row = render(self.sheet, self.sheet.fill(life, event, facts, item.as_of))
        # Of a natural person's row there is no code to spoil, nor a name of a business.
        spoilt = Spoilt((row,)) if "person" in facts else self._spoil(row, number, life, block)
        written = []
        for cells in spoilt.rows:
            file.write(self._cells(cells, spoilt, number, item))
            first = file.rows
            written.append((item.filename, first))
            file.rows += spoilt.lines - 1
        self._tell(item.filename, number, subject.k, spoilt, written)
        return written

    def _cells(self, row: Row, spoilt: Spoilt, number: int, item: Sent) -> list[str]:
        if item.flaw == "shifted":  # the names slipped a row down
            name = roles(self.sheet).name
            before, self.last[number] = self.last.get(number, row), row
            row = {**row, name: before[name]}
        cells = [*row.values(), *self.sheet.extra.values()]
        return cells[: -spoilt.drop] if spoilt.drop > 0 else cells + [" 补"] * -spoilt.drop

    def _spoil(self, row: Row, number: int, life: Life, block: dict[int, Subject]) -> Spoilt:
        rng, subject, item = self.rng, life.subject, self.sent[number]
        draw = rng.random()
        has = roles(self.sheet)
        taken_back = item.delivery == "deletions" or (
            self.deleted and row.get(self.deleted.column) in self.deleted.values
        )
        if subject.shown or taken_back:  # of a row that takes another back nothing but its key is asked
            return Spoilt((row,))
        if self.sheet.drift and number in self.drifted and draw > 1 - d.DRIFT:
            name, word, _ = self.sheet.drift
            row[name] = word
            return Spoilt((row,), "list.drift", f"{name}.unlisted")
        if draw < d.ROWS_FAULTY:
            # The one before it in its block: there, however many subjects were asked for.
            return faults.spoil(rng, row, self.sheet, item, block.get(subject.k - 1))
        if draw < d.ROWS_FAULTY + d.ROWS_UNTIDY:
            return faults.tidyable(rng, row, self.sheet, item, subject)
        if has.by_name and has.code and has.name and draw > 1 - d.ROWS_BY_NAME:
            row.update(dict.fromkeys(has.identifying, ""))
            spelt = faults.respell(rng, row[has.name]) if rng.random() < d.BY_NAME_SPELT else row[has.name]
            untidy = "code.none" if spelt == row[has.name] else "code.none+name.spelt"
            row[has.name] = spelt
            return Spoilt((row,), untidy=untidy)
        return Spoilt((row,))

    def _tell(self, name: str, number: int, k: int, spoilt: Spoilt, written: list[tuple[str, int]]) -> None:
        if spoilt.fault:
            for place, (_, row) in enumerate(written):
                said: dict[str, Any] = {"k": k, "fault": spoilt.fault, "reason": spoilt.reason}
                if spoilt.wrong is not None:
                    said |= {"twin": written[1 - place][1], "wrong": place == spoilt.wrong}
                for line in range(spoilt.lines):
                    self.book.row(file=name, row=row + line, **said)
                    self.faulty[number] += 1
        elif spoilt.untidy:
            for _, row in written:
                self.book.row(file=name, row=row, k=k, untidy=spoilt.untidy)
                self.untidy[number] += 1

    def close(self) -> Iterator[Landed]:
        """The finished files; a department with nothing to tell sends nothing."""
        told = {item.filename for item, file in zip(self.sent, self.files, strict=True) if file.rows}
        self.book.due([item if item.filename in told or not item.filename else item.nothing() for item in self.due])
        self.book.close()
        for number, (item, file) in enumerate(zip(self.sent, self.files, strict=True)):
            file.close()
            path = self.folder / item.filename
            if not file.rows:
                path.unlink()
                continue
            yield Landed(
                path=f"{FOLDER}/{item.filename}",
                source=item.source,
                delivery=item.delivery,
                form=item.form,
                charset=item.charset,
                as_of=item.as_of,
                due=item.due,
                known_on=item.known_on,
                sha256=sha256(path),
                rows=file.rows,
                faulty=self.faulty[number],
                untidy=self.untidy[number],
                flaw=item.flaw,
                replaces=f"{FOLDER}/{item.replaces}" if item.replaces else "",
            )


__all__ = ["FOLDER", "MANIFEST", "Due", "Landed", "digest", "missing", "read", "told", "write"]
