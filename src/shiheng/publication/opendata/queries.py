"""Reading open data: the newest version of each set, its files, and what changed since an earlier one."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from shiheng.kernel.errors import Missing
from shiheng.publication.opendata import datasets, writing
from shiheng.publication.opendata.datasets import Dataset
from shiheng.publication.opendata.models import DataVersion

VERSIONS_SHOWN = 60


def folder() -> Path:
    """Where the files of open data lie: everything in it may be read by anybody."""
    return Path(settings.HOME) / "opendata"


def path(code: str, number: int, form: str) -> Path:
    return folder() / f"{code}-{number}.{form}"


def path_of(version: DataVersion, form: str) -> Path:
    return path(version.dataset, version.number, form)


def there(version: DataVersion) -> bool:
    """Whether its files are on the disk: after a restore they are made anew."""
    return all(path_of(version, form).exists() for form in (*writing.FORMS, "rows"))


@dataclass(frozen=True, slots=True)
class Offered:
    """A set and its newest version, where there is one."""

    dataset: Dataset
    version: DataVersion | None


def offered() -> list[Offered]:
    """All sets with their newest versions; two queries."""
    newest = DataVersion.objects.values("dataset").annotate(number=Max("number")).order_by("dataset")
    numbers = {row["dataset"]: row["number"] for row in newest}
    held = {v.dataset: v for v in DataVersion.objects.all() if numbers.get(v.dataset) == v.number}
    return [Offered(dataset, held.get(dataset.code)) for dataset in datasets.every()]


def latest(code: str) -> DataVersion | None:
    return DataVersion.objects.filter(dataset=code).order_by("-number").first()


def one(code: str) -> Offered:
    """One set. Raises ``Missing``."""
    dataset = datasets.named_set(code)
    if dataset is None:
        raise Missing("opendata.unknown", _("没有这个数据集。请从开放数据目录中选择。"))
    return Offered(dataset, latest(code))


def versions(code: str) -> list[DataVersion]:
    return list(DataVersion.objects.filter(dataset=code).order_by("-number")[:VERSIONS_SHOWN])


def newest(code: str) -> DataVersion:
    """The version whose files may be read. Raises ``Missing`` before the first."""
    found = one(code).version
    if found is None or not there(found):
        raise Missing("opendata.none", _("这个数据集还没有生成。请稍后再来，数据每日生成。"))
    return found


def file_of(code: str, number: int, form: str) -> Path:
    """A file of the newest version. Raises ``Missing`` for an earlier one, with what to take instead."""
    version = newest(code)
    if number != version.number:
        told = _("这个版本的文件已由第 %(number)s 版取代：较早的文件可能含有已撤下的信息，不再提供。可取新版或增量。")
        raise Missing("opendata.past", told % {"number": version.number})
    if form not in writing.FORMS:
        raise Missing("opendata.form", _("没有这种格式。可取 csv、json、parquet。"))
    return path_of(version, form)


@dataclass(frozen=True, slots=True)
class Delta:
    """From an earlier version to the newest: whole rows of what came and changed, numbers of what went."""

    since: int
    version: DataVersion
    added: list[dict[str, str]]
    changed: list[dict[str, str]]
    removed: list[str]


def delta(code: str, since: int) -> Delta:
    """What changed since a version. Raises ``Missing`` for one there never was."""
    version = newest(code)
    if since == version.number:
        return Delta(since, version, [], [], [])
    before = path(code, since, "rows")
    if not DataVersion.objects.filter(dataset=code, number=since).exists() or not before.exists():
        raise Missing("opendata.since", _("没有这个版本，或它的行清单已不在。请取整份数据。"))
    found = writing.difference(before, path_of(version, "rows"))
    held = {row["id"]: row for row in writing.rows_at(path_of(version, "parquet"), ids=[*found.added, *found.changed])}
    return Delta(since, version, [held[i] for i in found.added], [held[i] for i in found.changed], found.removed)
