"""The law library from the command line: loading the texts a bureau provides."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from shiheng.kernel.errors import Missing, Refused
from shiheng.site.cli import operator
from shiheng.site.cli.answers import OK, PARTIAL, REFUSED, Answer, Progress
from shiheng.site.cli.declared import Command, argument

if TYPE_CHECKING:
    from shiheng.catalogue.law.actions import Outcome


def load(options: argparse.Namespace, progress: Progress) -> Answer:
    from shiheng.catalogue.law import actions, reading

    folder: Path = options.folder
    if not folder.is_dir():
        raise Missing(
            "law.folder", f"没有目录 {folder}。请写放法规文本的目录，里面是“名称(公布日期).md”或 articles.jsonl。"
        )
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder))
    if not files:
        raise Refused("law.folder", f"目录 {folder} 里没有文件。请放入“名称(公布日期).md”或 articles.jsonl。")
    who, outcomes = operator.who(), []
    actions.install()
    with progress.bar("载入法规", total=len(files), unit="个文件") as bar:
        for path in files:
            name = path.relative_to(folder).as_posix()
            try:
                content = path.read_bytes()
            except OSError as fault:
                found: list[reading.Found] = [reading.Unread(name, "", f"读不了文件：{fault.strerror}。")]
            else:
                found = reading.read(name, content)
            outcomes += actions.load(found, who=who, replace=options.replace)
            bar.update()
    counted = {
        state: sum(one.state == state for one in outcomes)
        for state in (actions.LOADED, actions.UNCHANGED, actions.REFUSED)
    }
    facts = {
        "ok": not counted[actions.REFUSED],
        "files": len(files),
        "texts": len(outcomes),
        **counted,
        "results": [
            {
                "file": one.file,
                "title": one.title,
                "state": one.state,
                "why": one.why,
                "in_force_from": one.in_force_from.isoformat() if one.in_force_from else None,
                "verified": one.verified,
                "articles": one.articles,
                "remarks": list(one.remarks),
            }
            for one in outcomes
        ],
    }
    code = OK if not counted[actions.REFUSED] else PARTIAL if len(outcomes) > counted[actions.REFUSED] else REFUSED
    return Answer(facts, _lines(outcomes, counted, len(files)), code)


def _hidden(path: Path, folder: Path) -> bool:
    """What editors and file managers leave beside the files."""
    return any(part.startswith((".", "~$")) or part == "Thumbs.db" for part in path.relative_to(folder).parts)


def _lines(outcomes: list["Outcome"], counted: dict[str, int], files: int) -> list[str]:
    lines = []
    for one in outcomes:
        name = f"《{one.title}》" if one.title else ""
        if one.state == "refused":
            lines.append(f"未收：{one.file} {name}：{one.why}")
        else:
            done = "载入" if one.state == "loaded" else "没有变化"
            since = f"{one.in_force_from} 起施行" + ("" if one.verified else f"（施行日待核对：{one.why}）")
            remarks = f"；{'；'.join(one.remarks)}" if one.remarks else ""
            lines.append(f"{done}：{name}共 {one.articles} 条，{since}{remarks}")
    lines.append(
        f"{files} 个文件，{len(outcomes)} 件文本：载入 {counted['loaded']}，没有变化 {counted['unchanged']}，"
        f"未收 {counted['refused']}。"
    )
    return lines


COMMANDS = (
    Command(
        "law load",
        "把目录里的法规文本载入法规库；新版本与旧版本并存",
        load,
        (
            argument(
                "folder", type=Path, metavar="目录", title="放“名称(公布日期).md”和 articles.jsonl 的目录，含下级目录"
            ),
            argument("--replace", action="store_true", title="同一版本文字不同时，用这次的替换（更正错字）"),
        ),
        "每件文本或者整件载入，或者写明原因不收，一件不收不影响别的。施行日取自条文；条文没有写的标为待核对。"
        "同样的内容再载入不变。每件载入都记入存证。",
    ),
)
