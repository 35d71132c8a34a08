"""What registers keep sealed, sealed anew after the data key changed: versions, rows of imports, entries.

An entry is told from its versions, so those come first: whoever writes to it after they were sealed anew tells it anew.
Whoever writes claims the keys of what is written (``contents.claim_keys``), so none goes while it is on its way.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model

from shiheng.columnar import frames
from shiheng.kernel import registry
from shiheng.kernel.sealing import MARK
from shiheng.registers.definition import ENGINE
from shiheng.registers.models import Entry, Row, Version

SLICE = 1_000
Fresh = Callable[[Any, str], Any]
"""A value as it should be kept, given what is personal in it (nothing: only what is sealed is sealed anew)."""


def run(fresh: Fresh, *, going: Callable[[], None]) -> int:
    """Seal everything registers keep under the key in use; how many rows were written. Safe to run again.

    ``going`` is called before every slice and may raise to stop.
    """
    kinds = _Kinds()
    done = 0
    for rows in _slices(Version, going, "changes", "facts", "register"):
        after = [
            (pk, _fresh(changes, kinds.said(code), fresh), _fresh(facts, kinds.of(code), fresh))
            for pk, changes, facts, code in rows
        ]
        done += _write(Version, ("changes", "facts"), rows, after)
    for rows in _slices(Row, going, "cells", "plan", "act__register"):
        after = [
            (pk, _fresh(cells, kinds.titled(code), fresh), _fresh(plan, kinds.said(code), fresh))
            for pk, cells, plan, code in rows
        ]
        done += _write(Row, ("cells", "plan"), rows, after)
    for rows in _slices(Entry, going, "facts", "register", "turn"):
        with transaction.atomic():
            for pk, facts, code, turn in rows:
                anew = _fresh(facts, kinds.of(code), fresh)
                if anew != facts:  # somebody wrote to it meanwhile: it was told anew, and the next run looks again
                    done += Entry.objects.filter(pk=pk, turn=turn).update(facts=anew)
    return done


def holds(number: int) -> bool:
    """Whether registers keep anything sealed under a key."""
    mark = f"{MARK}{number}:"
    held = ((Version, "changes"), (Version, "facts"), (Row, "cells"), (Row, "plan"), (Entry, "facts"))
    return any(
        isinstance(value, str) and value.startswith(mark)
        for model, name in held
        for values in model._default_manager.values_list(name, flat=True).iterator(chunk_size=SLICE)
        for value in values.values()
    )


class _Kinds:
    """What is personal in a register's entries by any of its versions: one may have learnt it from another."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, str]] = {}
        self._titled: dict[str, dict[str, str]] = {}
        for register in registry.all_of(ENGINE):
            self._of.setdefault(register.code, {}).update(register.personal)
            titles = {register.titles[name]: kind for name, kind in register.personal.items()}
            self._titled.setdefault(register.code, {}).update(titles)

    def of(self, code: str) -> Mapping[str, str]:
        return self._of.get(code, {})

    def said(self, code: str) -> Mapping[str, str]:
        return {f"facts.{name}": kind for name, kind in self.of(code).items()}

    def titled(self, code: str) -> Mapping[str, str]:
        return self._titled.get(code, {})


def _fresh(values: Mapping[str, Any], kinds: Mapping[str, str], fresh: Fresh) -> dict[str, Any]:
    return {name: fresh(value, kinds.get(name, "")) for name, value in values.items()}


def _slices(model: type[Model], going: Callable[[], None], *columns: str) -> Iterator[list[tuple[Any, ...]]]:
    at = -1
    rows = model._default_manager.order_by("pk").values_list("pk", *columns)
    while held := list(rows.filter(pk__gt=at)[:SLICE]):
        going()
        yield held
        at = held[-1][0]


def _write(model: type[Model], names: tuple[str, str], before: list[tuple[Any, ...]], after: list[Any]) -> int:
    """Nobody else ever changes these columns of a row that is there."""
    changed = [line for line, held in zip(after, before, strict=True) if line != held[:3]]
    if changed:
        with transaction.atomic():
            frames.update(model, names, changed)
    return len(changed)
