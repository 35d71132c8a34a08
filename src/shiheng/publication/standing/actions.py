"""The working side of the portal that stands on its own: writing its store, and taking in what it counted."""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import F

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import SYSTEM
from shiheng.kernel import clock
from shiheng.ledger.queries import public_keys
from shiheng.publication import queries as counted
from shiheng.publication.models import QueryCount
from shiheng.publication.opendata import datasets, writing
from shiheng.publication.opendata import queries as opendata
from shiheng.publication.portal import projection
from shiheng.publication.standing import counting, store

EXPORT = "publication.export"
GROUPS = ("lists", "alerts", "counts")
OPEN = "open-data"


def export(folder: Path) -> int:
    """Write the store and the files of open data into ``folder``; gives how many businesses it holds."""
    _copy_open_data(folder / OPEN)
    files = (projection.plain(file) for file in projection.every())
    now = clock.now()
    meta = {
        "made_at": now.isoformat(timespec="seconds"),
        "keys": [key.fingerprint for key in public_keys()],
        "queries_a_year": counted.total(QueryCount.objects.filter(day__gte=date(now.year, 1, 1))),
    }
    return store.write(folder, files, _pages(), meta=meta)


def _pages() -> Iterator[tuple[str, Mapping[str, Any], Iterable[Any]]]:
    """Lists, alerts and counts as tables, and open data as a catalogue."""
    for dataset in datasets.every():
        if dataset.group in GROUPS and dataset.rows:
            about = {"title": dataset.title, "about": dataset.about, "columns": dataset.columns[1:],
                     "basis": dataset.basis}  # fmt: skip
            codes = [code for code, _title in dataset.columns[1:]]
            yield f"table-{dataset.code}", about, ([row.get(code, "") for code in codes] for row in dataset.rows())
    for held in opendata.offered():
        if held.version and opendata.there(held.version):
            version = held.version
            yield f"open-{held.dataset.code}", {
                "title": held.dataset.title, "about": held.dataset.about, "version": version.number,
                "rows": version.rows, "made_at": version.made_at.isoformat(timespec="seconds"),
                "files": [f"{held.dataset.code}-{version.number}.{form}" for form in writing.FORMS],
            }, ()  # fmt: skip


def _copy_open_data(folder: Path) -> None:
    """The newest files and no earlier one."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {}
    for held in opendata.offered():
        if held.version and opendata.there(held.version):
            for form in writing.FORMS:
                path = opendata.path_of(held.version, form)
                wanted[path.name] = path
    for name, path in wanted.items():
        if not (folder / name).exists():
            part = folder / f".{name}"
            shutil.copyfile(path, part)
            part.replace(folder / name)
    for old in folder.iterdir():
        if old.name not in wanted:
            old.unlink()


def collect(folder: Path) -> int:
    """Add what the portal counted to our own counts; each of its files once, however often this is run."""
    added = 0
    for path in sorted((folder / counting.FOLDER).glob("*.json")):
        lines = json.loads(path.read_text(encoding="utf-8"))
        _result, fresh = once(
            SYSTEM, key=UUID(path.stem), action="portal.counts", payload={"lines": lines}, do=partial(_add, lines)
        )
        path.unlink()
        added += sum(number for *_key, number in lines) if fresh else 0
    return added


def _add(lines: list[list[Any]]) -> dict[str, Any]:
    for day, channel, kind, number in lines:
        row, _new = QueryCount.objects.get_or_create(day=date.fromisoformat(day), channel=channel, kind=kind)
        QueryCount.objects.filter(pk=row.pk).update(count=F("count") + number)
    return {}
