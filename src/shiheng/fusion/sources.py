"""The declared sources in force: those of the lines, those a bureau keeps beside its data, those added by command.

A source is a folder with ``contract.yaml`` and ``mapping.yaml``; adding one touches no code. Folders are read again
when they change, so a running worker learns of a new source without a restart.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from shiheng.fusion.definition import Source, parse_source
from shiheng.kernel.errors import Conflict, Missing, Refused

_declared: list[Path] = []
_read: dict[Path, tuple[float, Source]] = {}


def declare(folders: Iterable[Path]) -> None:
    """Named by ``site`` at start: folders of sources the lines bring."""
    for folder in folders:
        if folder not in _declared:
            _declared.append(folder)


def read_folder(folder: Path) -> Source:
    """One declared source; a missing or faulty file is refused with its name and place."""
    texts = []
    for name in ("contract.yaml", "mapping.yaml"):
        path = folder / name
        if not path.is_file():
            raise Refused("source.folder", f"目录 {folder.name} 中没有 {name}。")
        try:
            texts.append(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            raise Refused("source.charset", f"{folder.name}/{name} 须存为 UTF-8。") from None
    return parse_source(*texts, where=f"{folder.name}/contract.yaml")


def _added() -> Path:
    return settings.HOME / "sources"


def folders() -> list[Path]:
    """Every folder that holds a source, the lines' own first."""
    found = list(_declared)
    for parent in (*settings.SOURCES_DIRS, _added()):
        if (parent / "contract.yaml").is_file():
            found.append(parent)
        elif parent.is_dir():
            found += sorted(p.parent for p in parent.glob("*/contract.yaml"))
    return found


def every() -> dict[str, Source]:
    """All sources by code. Two folders with one code are refused: nobody could tell which is in force."""
    found: dict[str, Source] = {}
    for folder in folders():
        stamp = max((folder / n).stat().st_mtime for n in ("contract.yaml", "mapping.yaml") if (folder / n).exists())
        held = _read.get(folder)
        if held is None or held[0] != stamp:
            held = _read[folder] = (stamp, read_folder(folder))
        source = held[1]
        if source.code in found:
            told = _("数据源 %(code)s 声明了两次，其中一处在目录 %(folder)s。")
            raise Conflict("source.twice", told % {"code": source.code, "folder": folder.name})
        found[source.code] = source
    return found


def find(code: str) -> Source:
    """The source in force under a code."""
    source = every().get(code)
    if source is None:
        known = _("、").join(sorted(every())) or _("无")
        told = _("没有编码为 %(code)s 的数据源；现有：%(known)s。") % {"code": code, "known": known}
        raise Missing("source.unknown", told)
    return source


def add(folder: Path) -> Source:
    """Take a bureau's own source into force: its folder is read, checked and copied beside the data."""
    source = read_folder(folder)
    if source.code in every():
        raise Conflict("source.twice", f"数据源 {source.code} 已经存在；修改契约请提升 version 并替换原目录。")
    goal = _added() / source.code
    fresh = goal.with_name(f".{source.code}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in ("contract.yaml", "mapping.yaml"):
        shutil.copyfile(folder / name, fresh / name)
    fresh.rename(goal)
    return source
