"""Making versions of data sets: a new one only where something changed, on record, the earlier files taken away."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from django.db import transaction

from shiheng.accounts.permissions import SYSTEM
from shiheng.kernel import clock
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.publication.opendata import datasets, queries, writing
from shiheng.publication.opendata.datasets import Dataset
from shiheng.publication.opendata.models import DataVersion

MAKE = "opendata.make"
MADE = "opendata.version"
kinds.declare(
    opendata_version="生成开放数据版本",
    watch_began="开始关注主体",
    watch_ended="取消关注主体",
)


def make(*, only: str = "") -> list[DataVersion]:
    """Write every set anew and keep as a version what differs from its last; safe to run twice."""
    chosen = [dataset for dataset in datasets.every() if not only or dataset.code == only]
    folder = queries.folder()
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".making-") as held:
        written = _write(chosen, Path(held))
        return [version for dataset in chosen if (version := _keep(dataset, written[dataset.code], Path(held)))]


def _write(chosen: list[Dataset], place: Path) -> dict[str, writing.Written]:
    at = clock.now().isoformat(timespec="seconds")
    open_files: dict[str, writing.Files] = {}
    for dataset in chosen:
        about = {"dataset": dataset.code, "title": dataset.title, "made_at": at, "licence": datasets.LICENCE}
        open_files[dataset.code] = writing.Files(place, dataset.code, dataset.columns, about)
    by_file = [dataset for dataset in chosen if dataset.of_file]
    for file in datasets.files() if by_file else ():
        for dataset in by_file:
            assert dataset.of_file is not None
            for row in dataset.of_file(file):
                open_files[dataset.code].add(row)
    for dataset in chosen:
        for row in dataset.rows() if dataset.rows else ():
            open_files[dataset.code].add(row)
    return {code: files.close() for code, files in open_files.items()}


def _keep(dataset: Dataset, written: writing.Written, place: Path) -> DataVersion | None:
    """The new version; nothing where no row and no column differs from the last, whose files are there."""
    last = queries.latest(dataset.code)
    before = queries.path_of(last, "rows") if last and queries.there(last) else None
    columns = [list(column) for column in dataset.columns]
    changed = writing.difference(before, place / f"{dataset.code}.rows")
    same = not (changed.added or changed.changed or changed.removed)
    if last and before and same and last.columns == columns:
        return None
    number = last.number + 1 if last else 1
    for form in (*writing.FORMS, "rows"):
        shutil.move(place / f"{dataset.code}.{form}", queries.path(dataset.code, number, form))
    files = {form: written.files[form] for form in writing.FORMS}
    with transaction.atomic():
        facts: dict[str, Any] = {
            "dataset": dataset.code, "number": number, "rows": written.rows,
            "files": {form: held["sha256"] for form, held in files.items()},
        }  # fmt: skip
        leaf = ledger.record(
            MADE, subject=f"opendata:{dataset.code}", who=SYSTEM, facts=facts, key=f"opendata:{uuid4()}"
        )
        version = DataVersion.objects.create(
            dataset=dataset.code, number=number, made_at=clock.now(), rows=written.rows, files=files,
            manifest=written.files["rows"]["sha256"], columns=columns, added=len(changed.added),
            changed=len(changed.changed), removed=len(changed.removed), leaf=leaf,
        )  # fmt: skip
    for earlier in DataVersion.objects.filter(dataset=dataset.code, number__lt=number):
        for form in writing.FORMS:
            queries.path_of(earlier, form).unlink(missing_ok=True)
    return version
