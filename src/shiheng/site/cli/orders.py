"""Files of other platforms from the command line: a folder taken in unattended, and the day's differences."""

import argparse
from pathlib import Path
from typing import Any

from shiheng.site.cli import operator
from shiheng.site.cli.answers import MISSING, OK, PARTIAL, REFUSED, Answer, Progress, table
from shiheng.site.cli.declared import Command, argument

KINDS = ("orders", "roster")


def take(options: argparse.Namespace, progress: Progress) -> Answer:
    """Take in every table of a folder; a file that cannot be read is told, and the others go on."""
    from shiheng.kernel.errors import Problem
    from shiheng.procedures.exchange import taking
    from shiheng.ui.grids import TEXTS, WORKBOOKS

    if not options.folder.is_dir():
        return Answer({"ok": False, "folder": str(options.folder)}, [f"没有文件夹 {options.folder}。"], MISSING)
    found = sorted(path for path in options.folder.iterdir() if path.suffix.lower() in (*TEXTS, *WORKBOOKS))
    rows: list[dict[str, Any]] = []
    for path in found:
        try:
            made, fresh = taking.take(
                operator.who(), options.platform, path.read_bytes(), path.name, kind=options.kind, scope=options.scope
            )
            if fresh:
                taking.open_waiting(operator.who(), made)
        except Problem as problem:
            rows.append({"file": path.name, "refused": problem.message})
            continue
        rows.append({"file": path.name, "number": made.pk, "new": fresh, "rows": made.rows, **taking.counts(made)})
    refused = [row for row in rows if "refused" in row]
    waiting = sum(row.get("quarantined", 0) for row in rows)
    code = REFUSED if refused and len(refused) == len(rows) else PARTIAL if refused else OK
    if options.strict and waiting and code == OK:
        code = PARTIAL
    shown = (
        (r["file"], r.get("rows", "—"), r.get("opened", "—"), r.get("known", "—"), r.get("quarantined", "—"),
         r.get("refused", ""))
        for r in rows
    )  # fmt: skip
    lines = [*table(shown, ("文件", "行", "登记", "已收过", "待处理", "不能收的原因")), f"共 {len(rows)} 份文件。"]
    return Answer({"ok": code == OK, "files": rows, "quarantined": waiting}, lines, code)


def differences(options: argparse.Namespace, progress: Progress) -> Answer:
    """Make today's lists of differences; with ``--strict`` a difference is an exit code."""
    from shiheng.procedures.exchange import differing

    made = differing.make(operator.who(), scope=options.scope)
    rows = [
        {"platform": row.platform, "scope": row.scope, "day": row.day.isoformat(), "same": row.same,
         "differ": len(row.lines), "lines": row.lines}
        for row in made
    ]  # fmt: skip
    shown = ((r["platform"], r["scope"], r["day"], r["same"], r["differ"]) for r in rows)
    differ = any(row["differ"] for row in rows)
    lines = [*table(shown, ("平台", "单位", "日期", "一致", "差异"))]
    return Answer({"ok": True, "lists": rows}, lines, PARTIAL if options.strict and differ else OK)


COMMANDS = (
    Command(
        "orders take",
        "无人值守收下一个文件夹里的平台文件：每行登记成案卷，或者列为待处理；重复执行不会重复登记",
        take,
        (
            argument("folder", type=Path, metavar="文件夹", title="平台文件所在的文件夹（csv、xlsx）"),
            argument("--platform", required=True, metavar="平台", title="来自哪个平台，如 12345、12315"),
            argument("--scope", required=True, metavar="辖区路径", title="哪个接收机构的来件，如 4499.01."),
            argument("--kind", choices=KINDS, default="orders", title="orders 来件，roster 对账清单"),
            argument("--strict", action="store_true", title="有行待处理时，退出码为 5"),
        ),
    ),
    Command(
        "orders differences",
        "按各平台最近的文件生成今天的差异清单（平时由作业进程每日做）",
        differences,
        (
            argument("--scope", default="", metavar="辖区路径", title="只核对这个辖区的"),
            argument("--strict", action="store_true", title="有差异时，退出码为 5"),
        ),
    ),
)
