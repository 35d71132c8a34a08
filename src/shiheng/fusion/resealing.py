"""What is sealed under an earlier key sealed anew under the one in use, and the earlier key destroyed.

Everything that may hold a sealed value is gone through in this order: the lake (whole parts, in one move), records,
refused rows, registers, landed files (their own keys are wrapped anew). Whatever is found in the open though its source
calls it personal is sealed on the way: a contract may have learnt that a column is. A run that was cut off goes
through everything again and finds the part that is left to do.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Model

from shiheng.accounts.permissions import SYSTEM, Who
from shiheng.columnar import frames, lake
from shiheng.fusion import publish, sources
from shiheng.fusion.checks import personal_places
from shiheng.fusion.models import Batch, Mending, Quarantined
from shiheng.fusion.personal import ALIGNED, ROW
from shiheng.fusion.statement import NONE, UNKNOWN
from shiheng.jobs import queue
from shiheng.kernel import sealing
from shiheng.kernel.sealing import MARK, DataKey
from shiheng.ledger import files, keyring, rotation
from shiheng.registers import resealing as registers
from shiheng.subjects.models import Record

JOB = "fusion.reseal"
SLICE = 1_000
_NUMBERED = re.compile(r"（第 \d+ 列）$")  # not shown: names of columns without one
Progress = Callable[[str, int, int], None]


def _quiet(_step: str, _done: int, _total: int) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Done:
    """What one run did: things sealed anew, what could not be read, keys destroyed; whether it was stopped."""

    files: int = 0
    parts: int = 0
    records: int = 0
    refused_rows: int = 0
    entries: int = 0
    unreadable: int = 0
    destroyed: list[int] = field(default_factory=list)
    stopped: bool = False


class _StoppedError(Exception):
    """The worker is to end."""


def rotate(*, who: Who) -> DataKey:
    """Take a new key into use and have a worker seal everything anew."""
    with transaction.atomic():
        fresh = rotation.rotate(who=who)
        queue.enqueue(JOB, key=f"{JOB}:{fresh.number}")
    return fresh


def run(*, progress: Progress = _quiet, should_stop: Callable[[], bool] = lambda: False) -> Done:
    """Seal everything under the key in use; what is under none but that, lets the earlier ones go."""
    done = Done()
    keyring.erase_destroyed()
    if len(keyring.numbers()) < 2 and not open_files():
        return done
    walk = _Walk(keyring.current(), done, progress, should_stop)
    try:
        walk.lake()
        walk.records()
        walk.refused_rows()
        walk.mended_rows()
        walk.registers()
        walk.files()  # last: a landed file that lies in the open tells that there may be more to do
    except _StoppedError:
        done.stopped = True
        return done
    for number in keyring.numbers()[:-1]:
        if rotation.destroy(number, unless=lambda n=number: _is_in_use(n), who=SYSTEM):  # type: ignore[misc]
            done.destroyed.append(number)
    return done


def kinds_of_statements(source: str) -> dict[str, str]:
    """Field of a statement → what is personal in it, for one source."""
    declared = sources.every().get(source)
    if declared is None:
        return {}
    kinds = declared.sensitive()
    return {said: kinds[column] for said, column in declared.said().items() if column in kinds}


def open_files() -> list[str]:
    """Landed files of sources with personal columns that lie in the open: landed before the contract said so."""
    codes = [code for code, source in sources.every().items() if source.sensitive()]
    held = Batch.objects.filter(source__in=codes).values_list("file", flat=True).distinct()
    return [sha256 for sha256 in held if files.has(sha256) and not files.is_sealed(sha256)]


@dataclass(slots=True)
class _Walk:
    key: DataKey
    done: Done
    progress: Progress
    should_stop: Callable[[], bool]

    def _told(self, step: str, at: int, total: int = 0) -> None:
        self.progress(step, at, total)
        if self.should_stop():
            raise _StoppedError

    def fresh(self, text: Any, kind: str) -> Any:
        """A value as it should be kept."""
        if not isinstance(text, str) or text in {"", NONE, UNKNOWN}:
            return text
        sealed = sealing.parse(text)
        if sealed is None:
            return sealing.seal(text, self.key, kind) if kind else text
        if sealed.key == self.key.number:
            return text
        try:
            return sealing.seal(keyring.unsealed(text), self.key, sealed.kind)
        except keyring.UnreadableError:
            self.done.unreadable += 1
            return text

    def files(self) -> None:
        in_the_open = set(open_files())
        for at, sha256 in enumerate(files.every(), 1):
            self._told("文件", at)
            if sha256 not in in_the_open and files.key_of(sha256) in {0, self.key.number}:
                continue
            try:
                files.seal(sha256)
                self.done.files += 1
            except keyring.UnreadableError:
                self.done.unreadable += 1

    def lake(self) -> None:
        root = settings.HOME / "lake"
        parts = list(lake.parts(root))
        for at, (source, batch, number) in enumerate(parts, 1):
            self._told("陈述", at, len(parts))
            kinds = kinds_of_statements(source)
            held = lake.read_part(root, source, batch, number)
            doubtful = held.filter(_is_sealed() | pl.col("field").is_in(list(kinds))).select("field", "value").unique()
            words = [(f, v, self.fresh(v, kinds.get(f, ""))) for f, v in doubtful.iter_rows()]
            changed = [word for word in words if word[1] != word[2]]
            if changed:
                anew = pl.DataFrame(changed, schema=["field", "value", "anew"], orient="row")
                said = held.join(anew, on=["field", "value"], how="left", maintain_order="left")
                said = said.with_columns(pl.coalesce("anew", "value").alias("value")).select(held.columns)
                lake.write_part(root, source, batch, number, said)
                self.done.parts += 1

    def records(self) -> None:
        """Each slice is one change of the subject file: whoever worked from the lake as it was works anew."""
        at = -1
        while slice_ := _slice(Record, "facts", at):
            self._told("记录", at)
            if self._records_after(slice_):
                numbers = [pk for pk, *_ in slice_]

                def work(numbers: list[int] = numbers) -> None:
                    held = Record.objects.filter(pk__in=numbers).values_list("pk", "facts", "source")
                    frames.update(Record, ("facts",), self._records_after(list(held)))

                publish.folded(work)
                self.done.records += len(slice_)
            at = slice_[-1][0]

    def _records_after(self, rows: list[tuple[Any, ...]]) -> list[tuple[int, Any]]:
        changed = []
        for pk, facts, source in rows:
            kinds = {said.rpartition(".facts.")[2]: k for said, k in kinds_of_statements(source).items()}
            fresh = {name: self.fresh(value, kinds.get(name, "")) for name, value in facts.items()}
            if fresh != facts:
                changed.append((pk, fresh))
        return changed

    def refused_rows(self) -> None:
        at = -1
        while slice_ := _slice(Quarantined, "raw", at, "reasons", "batch__source"):
            self._told("隔离行", at)
            changed = []
            for pk, raw, reasons, source in slice_:
                kinds = _kinds_of_raw(source, raw, reasons)
                fresh = {t: self.fresh(value, kind) for (t, value), kind in zip(raw.items(), kinds, strict=True)}
                if fresh != raw:
                    changed.append((pk, fresh))
            if changed:
                with transaction.atomic():
                    frames.update(Quarantined, ("raw",), changed)
                self.done.refused_rows += len(changed)
            at = slice_[-1][0]

    def mended_rows(self) -> None:
        """What a person put into a refused row; in the open only where nothing was personal then."""
        at = -1
        while slice_ := _slice(Mending, "before", at, "after"):
            self._told("隔离行", at)
            fresh = [
                (pk, *({t: self.fresh(v, "") for t, v in cells.items()} for cells in both)) for pk, *both in slice_
            ]
            changed = [line for line, held in zip(fresh, slice_, strict=True) if line != held]
            if changed:
                with transaction.atomic():
                    frames.update(Mending, ("before", "after"), changed)
                self.done.refused_rows += len(changed)
            at = slice_[-1][0]

    def registers(self) -> None:
        """Entries, their versions and rows of imports: the room that keeps them knows which."""
        self.done.entries = registers.run(self.fresh, going=lambda: self._told("名录", self.done.entries))


def _slice(model: type[Model], name: str, after: int, *more: str) -> list[tuple[Any, ...]]:
    columns = more or ("source",)
    rows = model._default_manager.filter(pk__gt=after).order_by("pk").values_list("pk", name, *columns)
    return list(rows[:SLICE])


def _kinds_of_raw(source: str, raw: dict[str, Any], reasons: list[dict[str, str]]) -> list[str]:
    """What is personal in each cell of a refused row as it is kept."""
    declared = sources.every().get(source)
    if declared is None or not declared.sensitive():
        return [""] * len(raw)
    faults = {r["code"] for r in reasons if r["code"].startswith("row.")}
    if not faults <= ALIGNED:
        return [ROW] * len(raw)
    return personal_places(declared, [_NUMBERED.sub("", title) for title in raw])


def _mark(number: int | None) -> str:
    """What a value sealed under a key begins with, or under any."""
    return MARK if number is None else f"{MARK}{number}:"


def _is_sealed(number: int | None = None) -> pl.Expr:
    return pl.col("value").str.starts_with(_mark(number))


def _is_in_use(number: int) -> bool:
    """Whether anything at all is sealed under a key. The subject file must not move while its records are looked at."""
    root = settings.HOME / "lake"
    if Batch.objects.filter(state="checking").exists():
        return True  # a chunk may be on its way under any key; the next run sees where it went
    if any(files.key_of(sha256) == number for sha256 in files.every()):
        return True
    if any(lake.read_part(root, *part).select(_is_sealed(number).any()).item() for part in lake.parts(root)):
        return True
    if any(_holds(raw, number) for raw in _all(Quarantined, "raw")):
        return True
    if any(_holds(cells, number) for name in ("before", "after") for cells in _all(Mending, name)):
        return True
    if registers.holds(number):
        return True
    found: list[bool] = []
    publish.folded(lambda: found.append(any(_holds(facts, number) for facts in _all(Record, "facts"))))
    return found[-1]


def _all(model: type[Model], name: str) -> Iterator[dict[str, Any]]:
    return model._default_manager.values_list(name, flat=True).iterator(chunk_size=SLICE)


def _holds(values: dict[str, Any], number: int) -> bool:
    mark = _mark(number)
    return any(isinstance(value, str) and value.startswith(mark) for value in values.values())
